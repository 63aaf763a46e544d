//! Programs that listen themselves (`CONNECTOR=REST`): asked now and then whether they are there, and told of a run by a request that lasts as long as the run.

use super::end::end;
use super::{saw, secret_of};
use crate::app::App;
use crate::client::client;
use ango_config::ConnectedPlugin;
use ango_jobs::{Session, SessionState};
use ango_launch::now;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// How often a program that is there is asked, and one that is not.
const OFTEN: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_secs(5);
/// How long it may take to answer that.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it counts as there after it was, in milliseconds.
const ALIVE: i64 = 90_000;
/// How much longer than the run may take its request may: the run's deadline comes first.
const MARGIN: Duration = Duration::from_secs(60);
/// How long the answer of a run may come after its request ended, in milliseconds: it comes by a request of its own.
const ANSWER: i64 = 3_000;
/// The same when the connection broke: the program may go on, and not know.
const BROKEN: i64 = 120_000;

/// Asks all of them, until the service is to end.
pub(crate) async fn watch(app: App) {
    let mut due: HashMap<String, Instant> = HashMap::new();
    loop {
        let live = app.live();
        due.retain(|id, _| live.service.plugins.contains_key(id));
        let is_due = |id: &String| due.get(id).is_none_or(|at| *at <= Instant::now());
        let asked: Vec<_> = live.service.plugins.iter().filter(|(id, plugin)| plugin.url.is_some() && is_due(id)).collect();
        let answers = join_all(asked.iter().map(|(id, plugin)| is_there(id, plugin))).await;
        for ((id, _), is_there) in asked.into_iter().zip(answers) {
            due.insert(id.clone(), Instant::now() + if is_there { OFTEN } else { SOON });
            if is_there {
                saw(&app, id, ALIVE).await;
                app.programs.wake.notify_one();
            }
        }
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(SOON) => {}
        }
    }
}

async fn is_there(id: &str, plugin: &ConnectedPlugin) -> bool {
    let (Some(url), Some(secret), Some(client)) = (&plugin.url, secret_of(id, plugin), client()) else { return false };
    let request = client.get(format!("{}/heartbeat", url.trim_end_matches('/'))).header("secret", secret).timeout(PATIENCE);
    match request.send().await {
        Ok(answer) if answer.status().is_success() => true,
        Ok(answer) => {
            tracing::warn!(plugin = id, status = answer.status().as_u16(), "a plugin does not take its secret, or is none");
            false
        }
        Err(_) => false,
    }
}

/// Tells a program of a run, and waits for the end of the request. The answer comes by another one.
pub(crate) async fn run(app: &App, session: &Session, plugin: &ConnectedPlugin, payload: &Value) {
    let (Some(url), Some(secret), Some(client)) = (&plugin.url, secret_of(&session.plugin, plugin), client()) else {
        return failed(app, session, "the plugin has no secret any more").await;
    };
    let time = Duration::from_secs(plugin.time_limit.into()) + MARGIN;
    let request = client.post(format!("{}/plugin", url.trim_end_matches('/'))).header("secret", secret).header("content-type", "application/json");
    match request.timeout(time).body(payload.to_string()).send().await {
        Ok(answer) if answer.status().is_success() => {
            doubt(app, session, ANSWER, "the plugin ended its run without an answer: does its callback return an ExportResponse?").await;
        }
        Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED => failed(app, session, "the plugin does not take its secret").await,
        Ok(answer) => {
            doubt(app, session, ANSWER, &format!("the plugin failed with HTTP {}: its own log says why", answer.status().as_u16())).await;
        }
        Err(error) if error.is_connect() => failed(app, session, "the plugin cannot be reached").await,
        Err(_) => doubt(app, session, BROKEN, "the connection to the plugin broke, and nothing was heard of the run after that").await,
    }
}

async fn failed(app: &App, session: &Session, problem: &str) {
    if let Err(error) = end(app, session, SessionState::Failed, None, Some(problem.to_owned())).await {
        tracing::warn!(session = session.id, %error, "the end of a run cannot be written down; its deadline ends it");
    }
}

async fn doubt(app: &App, session: &Session, milliseconds: i64, problem: &str) {
    if let Err(error) = app.database.doubt_session(&session.id, now() + milliseconds, problem).await {
        tracing::warn!(session = session.id, %error, "what became of a run cannot be written down; its deadline ends it");
    }
}
