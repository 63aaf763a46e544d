//! What happens, for whoever runs the program.

use serde::Serialize;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

/// Something that happened. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Event {
    /// Hub can call us.
    Listening {
        /// Where.
        address: SocketAddr,
    },
    /// A plugin has joined Hub.
    Connected {
        /// Its id.
        plugin: String,
    },
    /// A plugin has lost Hub, or could not join it, and tries again.
    Disconnected {
        /// Its id.
        plugin: String,
        /// Why.
        problem: String,
        /// When it tries again, in seconds from now.
        retry_seconds: f64,
    },
    /// A run waits, begins or ends.
    Run {
        /// The plugin's id.
        plugin: String,
        /// The run's id.
        session: String,
        /// How it stands.
        state: RunState,
        /// Of one that ended, how long it took, in seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        seconds: Option<f64>,
        /// Of one that failed, the class of its failure.
        #[serde(skip_serializing_if = "Option::is_none")]
        class: Option<&'static str>,
        /// Of one that failed, why.
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
    /// A line of a run's log, as Hub gets it.
    Log {
        /// The plugin's id.
        plugin: String,
        /// The run's id.
        session: String,
        /// `INFO`, `WARNING` or `ERROR`.
        level: &'static str,
        /// The message.
        message: String,
    },
    /// Something that Hub did is odd, or it does not take what it is told.
    Warning {
        /// The plugin's id.
        plugin: String,
        /// What it is.
        message: String,
    },
    /// The program is being stopped.
    Stopping {
        /// Runs that have not ended.
        runs: usize,
    },
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// Others are before it.
    Queued,
    /// It has begun.
    Running,
    /// It has a result.
    Succeeded,
    /// It has none.
    Failed,
}

/// Who is told.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(&Event) + Send + Sync>);

impl Observer {
    /// Tells it to this function, which must be quick.
    pub fn new(tell: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn tell(&self, event: &Event) {
        (self.0)(event);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
