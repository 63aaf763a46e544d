//! Handing runs over to programs, and ending those of which nothing is heard.

use super::end::end;
use super::order::{SessionOrder, payload};
use super::rest;
use crate::app::App;
use ango_config::ConnectedPlugin;
use ango_jobs::{DatabaseError, Grant, KeyKind, Role, Session, SessionState};
use ango_launch::now;
use std::time::Duration;
use tokio::time::Instant;

/// How often the database is looked into: for runs that were asked for on other nodes, and for deadlines.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is looked for programs that left while they had runs.
const GONE_LOOK: Duration = Duration::from_secs(10);
/// How long nothing may be heard of a program that has runs, in milliseconds. One that lost its connection comes back at once, or never.
const GONE: i64 = 130_000;
/// How much longer than its run a key counts, in milliseconds.
const KEY_MARGIN: i64 = 60_000;
/// Runs that are looked at together.
const AT_ONCE: u32 = 100;

/// Does that until the service is to end.
pub(crate) async fn dispatch(app: App) {
    let mut looked = Instant::now();
    loop {
        tokio::select! {
            () = app.programs.wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = app.stopped() => return,
        }
        if let Err(error) = look(&app).await {
            tracing::debug!(%error, "runs of plugins cannot be looked at");
        }
        if looked.elapsed() >= GONE_LOOK {
            looked = Instant::now();
            if let Err(error) = doubt_the_gone(&app).await {
                tracing::debug!(%error, "plugins cannot be looked for");
            }
        }
    }
}

async fn look(app: &App) -> Result<(), DatabaseError> {
    let live = app.live();
    for session in app.database.queued_sessions(AT_ONCE).await? {
        let Some(plugin) = live.service.plugins.get(&session.plugin).filter(|plugin| plugin.organisation == session.organisation) else {
            end(app, &session, SessionState::Failed, None, Some("the plugin is not in the configuration any more".into())).await?;
            continue;
        };
        hand_over(app, session, plugin).await?;
    }
    for session in app.database.overdue_sessions(now(), AT_ONCE).await? {
        let (state, problem) = match session.doubt.clone() {
            Some(doubt) => (SessionState::Failed, doubt),
            None => {
                let seconds = (now() - session.started_at.unwrap_or(session.created_at)) / 1000;
                (
                    SessionState::Lost,
                    format!("the plugin gave no answer in {seconds} s; time-limit in its section of the configuration says how long it has"),
                )
            }
        };
        end(app, &session, state, None, Some(problem)).await?;
    }
    Ok(())
}

/// Hands a run to its program, when that can be reached from this node.
async fn hand_over(app: &App, session: Session, plugin: &ConnectedPlugin) -> Result<(), DatabaseError> {
    let socket = if plugin.url.is_some() { None } else { app.programs.newest(&session.plugin) };
    if plugin.url.is_none() && socket.is_none() {
        return Ok(());
    }
    let Ok(order) = serde_json::from_value::<SessionOrder>(session.request.clone()) else {
        end(app, &session, SessionState::Failed, None, Some("the request cannot be read by this version".into())).await?;
        return Ok(());
    };
    let time = i64::from(plugin.time_limit) * 1000;
    let grants = [Grant { project: session.project.clone(), role: Role::Manager }];
    let name = format!("{} for {}", plugin.name, session.run_by);
    let (key, shown) = app.database.create_key(&session.organisation, &name, &grants, Some(now() + time + KEY_MARGIN), KeyKind::Run, now()).await?;
    if !app.database.start_session(&session.id, &key.id, now() + time, now()).await? {
        // Another node was quicker, or somebody cancelled it.
        app.database.revoke_key(&session.organisation, &key.id, now()).await?;
        return Ok(());
    }
    tracing::info!(session = session.id, plugin = session.plugin, "a run is handed to its plugin");
    app.changed(&session.id);
    let payload = payload(&session, &order, &plugin.default_config, &shown);
    match socket {
        Some(socket) => {
            if socket.emit("plugin", &payload).is_err() {
                end(app, &session, SessionState::Failed, None, Some("the plugin left at this very moment: run it again".into())).await?;
            }
        }
        None => {
            let (app, plugin) = (app.clone(), plugin.clone());
            tokio::spawn(async move { rest::run(&app, &session, &plugin, &payload).await });
        }
    }
    Ok(())
}

/// Ends the runs of programs that are gone.
async fn doubt_the_gone(app: &App) -> Result<(), DatabaseError> {
    let running = app.database.running_sessions().await?;
    if running.is_empty() {
        return Ok(());
    }
    let presence = app.database.presence().await?;
    for session in running {
        let seen = presence.get(&session.plugin).map(|known| known.seen_at.max(known.until.min(now())));
        if seen.is_none_or(|seen| seen < now() - GONE) {
            let problem = "the plugin left, and did not come back".to_owned();
            end(app, &session, SessionState::Lost, None, Some(problem)).await?;
        }
    }
    Ok(())
}
