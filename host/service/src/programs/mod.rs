//! Programs that convert and are not run by us: export plugins written with Hub's SDK, which connect to the service over a WebSocket, or listen for it.
//!
//! A run of one is a *session*. It is an entry of the database, like an export: [`dispatch`] hands it to the program on whichever node the program is connected to, and watches its deadline. The program
//! fetches the export, logs, uploads its file and answers through Hub's API with a key of its own ([`crate::hub`]), or over its WebSocket ([`socket`]); what it says is understood in [`said`].

pub(crate) mod dispatch;
pub(crate) mod end;
pub(crate) mod order;
pub(crate) mod rest;
pub(crate) mod said;
pub(crate) mod socket;
pub(crate) mod upload;

use crate::app::App;
use ango_config::{ConnectedPlugin, secret};
use ango_jobs::{DatabaseError, Presence};
use ango_launch::now;
use socketioxide::extract::SocketRef;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// What the environment variable with a program's secret begins with.
const SECRET: &str = "ANGO_EXPORT_PLUGIN_SECRET";

/// The programs that are connected to this node.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    /// Connections that showed the secret of a program, by its id; the newest last.
    sockets: Mutex<HashMap<String, Vec<SocketRef>>>,
    /// Wakes whoever hands runs over.
    pub(crate) wake: Notify,
}

impl Programs {
    /// A connection showed the secret of a program.
    fn join(&self, id: &str, socket: SocketRef) {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        let of_program = sockets.entry(id.to_owned()).or_default();
        if !of_program.contains(&socket) {
            of_program.push(socket);
        }
        self.wake.notify_one();
    }

    /// A connection ended. Whether it was the program's last one.
    fn leave(&self, id: &str, socket: &SocketRef) -> bool {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of_program) = sockets.get_mut(id) else { return true };
        of_program.retain(|one| one != socket);
        let is_last = of_program.is_empty();
        if is_last {
            sockets.remove(id);
        }
        is_last
    }

    /// The newest connection of a program: one before it may be half-open, and nobody has noticed yet.
    fn newest(&self, id: &str) -> Option<SocketRef> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).get(id)?.last().cloned()
    }
}

/// A program, and whether it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connected {
    /// Its id.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) name: String,
    /// Whether it said lately that it is alive, to any node.
    pub(crate) online: bool,
    /// When something was heard of it, in milliseconds since 1970.
    pub(crate) seen_at: Option<i64>,
    /// What it is configured with when nobody says anything else: JSON.
    pub(crate) default_config: String,
}

/// The programs of an organisation.
pub(crate) async fn connected(app: &App, organisation: &str) -> Result<Vec<Connected>, DatabaseError> {
    let live = app.live();
    let presence = app.database.presence().await?;
    let mine = live.service.plugins.iter().filter(|(_, plugin)| plugin.organisation == organisation);
    let connected = mine.map(|(id, plugin)| Connected {
        id: id.clone(),
        name: plugin.name.clone(),
        online: presence.get(id).is_some_and(|known| known.until > now()),
        seen_at: presence.get(id).map(|known| known.seen_at),
        default_config: plugin.default_config.clone(),
    });
    Ok(connected.collect())
}

/// Writes down that a program was heard of, and that it counts as there for so long.
async fn saw(app: &App, id: &str, milliseconds: i64) {
    let presence = Presence { seen_at: now(), until: now() + milliseconds };
    if let Err(error) = app.database.saw_plugin(id, &app.node, presence).await {
        tracing::warn!(plugin = id, %error, "that a plugin is there cannot be written down");
    }
}

/// The secret of a program; `None` when there is none that can be read, which is in the log then.
fn secret_of(id: &str, plugin: &ConnectedPlugin) -> Option<String> {
    match secret(plugin.secret_file.as_deref(), SECRET, id) {
        Ok(Some(secret)) => Some(secret),
        Ok(None) => {
            let variable = format!("{SECRET}_{}", id.to_ascii_uppercase().replace('-', "_"));
            tracing::warn!(plugin = id, "the plugin has no secret, so it cannot connect: set {variable}, or secret-file in its section");
            None
        }
        Err(problem) => {
            tracing::warn!(plugin = id, problem, "the secret of the plugin cannot be read");
            None
        }
    }
}
