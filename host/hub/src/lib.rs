//! Joins a Hub as its export plugins.
//!
//! Today every export plugin of a Hub is a Python program of its own, written with Hub's SDK. [`join()`] stands in for any number of them: Hub sees the same plugins, with the same ids and
//! secrets, over the same two connectors; behind them are converters in a sandbox.
//!
//! * `packet` and `socket`: Socket.IO as a client of one namespace needs it; `rest`: the connector in which Hub calls us.
//! * `payload`: what Hub says of a run; `runner`: from there to the answer; `convert`: the part of it that works; `api`: Hub's HTTP API; `voice` and `outbox`: how Hub is told.
//!
//! Whatever goes wrong with a run, it ends with an answer. This crate knows nothing of the command line.

mod api;
mod backoff;
mod convert;
mod error;
mod event;
mod outbox;
mod packet;
mod payload;
mod project;
mod rest;
mod runner;
mod secret;
mod sessions;
mod settings;
mod socket;
mod voice;

pub use error::{HubError, RunError};
pub use event::{Event, Observer, RunState};
pub use secret::Secret;
pub use settings::{Served, Settings};

use crate::api::Api;
use crate::outbox::Outbox;
use crate::rest::Rest;
use crate::runner::{Runner, Stop};
use crate::socket::Socket;
use ango_config::Connector;
use ango_launch::Loader;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long runs that were told to end may take for it.
const ENDING: Duration = Duration::from_secs(10);
/// How long what is left to be said may take.
const LEAVING: Duration = Duration::from_secs(10);

/// Joins a Hub, and serves its runs until `stop` is ready. Then runs that wait are answered at once, those that have begun get their time to end, and the others are stopped and answered.
///
/// # Errors
/// When a setting is wrong, or nobody can listen where it is asked for. A Hub that is not there is none: it is tried again and again.
pub async fn join(settings: Settings, loader: Loader, observer: Observer, stop: impl Future<Output = ()>) -> Result<(), HubError> {
    check(&settings)?;
    // Both libraries that use TLS here take what the process has; the second time it is there already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let loader = Arc::new(loader);
    check_converters(&settings, &loader).await?;
    let api = Api::new(&settings.hub).map_err(|error| HubError::Client(error.without_url().to_string()))?;
    let (stopping, stopped) = watch::channel(Stop::Running);
    let (leaving, leave) = watch::channel(false);
    let runner = Runner::new(settings.clone(), api.clone(), loader, observer.clone(), stopped, Handle::current());
    let plugins: Vec<Arc<Served>> = settings.plugins.iter().cloned().map(Arc::new).collect();
    let mut connections = JoinSet::new();
    if matches!(settings.connector, Connector::Rest | Connector::Both) {
        let address = settings.listen;
        let listener = TcpListener::bind(address).await.map_err(|error| HubError::Listen { address, error })?;
        let address = listener.local_addr().map_err(|error| HubError::Listen { address, error })?;
        observer.tell(&Event::Listening { address });
        let rest = Rest { plugins: plugins.clone(), runner: runner.clone(), api };
        let leave = leave.clone();
        connections.spawn(async move {
            // Accepting is tried again by the server itself; there is nothing left that could fail.
            let _ = rest.serve(listener, leave).await;
        });
    }
    if matches!(settings.connector, Connector::Ws | Connector::Both) {
        for plugin in plugins {
            let (hub, runner, observer, leave) = (settings.hub.clone(), runner.clone(), observer.clone(), leave.clone());
            connections.spawn(Socket { hub, plugin, outbox: Arc::new(Outbox::default()), runner, observer, leave }.keep());
        }
    }
    stop.await;
    let mut open = runner.open();
    observer.tell(&Event::Stopping { runs: *open.borrow() });
    stopping.send_replace(Stop::Draining);
    if tokio::time::timeout(settings.shutdown, open.wait_for(|open| *open == 0)).await.is_err() {
        stopping.send_replace(Stop::Now);
        let _ = tokio::time::timeout(ENDING, open.wait_for(|open| *open == 0)).await;
    }
    leaving.send_replace(true);
    let _ = tokio::time::timeout(LEAVING, async { while connections.join_next().await.is_some() {} }).await;
    Ok(())
}

fn check(settings: &Settings) -> Result<(), HubError> {
    let wrong = |problem: String| Err(HubError::Config(problem));
    if settings.plugins.is_empty() {
        return wrong("connect as which plugin? give --plugin-id, or [connect.plugins.ID] in the configuration file".into());
    }
    if !matches!(settings.hub.scheme(), "http" | "https") || settings.hub.host_str().is_none() {
        return wrong("--hub: expected https://...".into());
    }
    for (index, plugin) in settings.plugins.iter().enumerate() {
        let before = settings.plugins.get(..index).unwrap_or_default();
        if before.iter().any(|other| other.id == plugin.id) {
            return wrong(format!("plugin {}: is there twice", plugin.id));
        }
        if settings.connector != Connector::Ws && before.iter().any(|other| other.secret == plugin.secret) {
            return wrong(format!(
                "plugin {}: has the secret of another one: with the REST connector the secret tells which plugin is meant",
                plugin.id
            ));
        }
    }
    Ok(())
}

/// Loads every converter once: what is wrong with one is better known now than at its first run.
async fn check_converters(settings: &Settings, loader: &Arc<Loader>) -> Result<(), HubError> {
    let (loader, plugins) = (Arc::clone(loader), settings.plugins.clone());
    let checked = tokio::task::spawn_blocking(move || {
        for plugin in &plugins {
            let nothing = serde_json::Map::new();
            convert::converter(&loader, plugin, &nothing).map_err(|error| HubError::Converter { id: plugin.id.clone(), error })?;
        }
        Ok(())
    });
    checked.await.unwrap_or_else(|_| Err(HubError::Config("an error in the program: the converters cannot be loaded".into())))
}
