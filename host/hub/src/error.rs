//! Why the program cannot join, and why a run fails.

use ango_launch::LaunchError;
use std::net::SocketAddr;

/// What keeps the program from joining a Hub at all.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// A setting is wrong.
    #[error("{0}")]
    Config(String),
    /// A converter cannot be loaded, or its options do not fit it.
    #[error("plugin {id}: {error}")]
    Converter {
        /// Hub's id of the plugin.
        id: String,
        /// What is wrong.
        error: LaunchError,
    },
    /// Nobody can listen there.
    #[error("{address}: {error}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// There is no HTTP client: nobody's fault who asked.
    #[error("no HTTP client: {0}")]
    Client(String),
}

/// What ends a run without a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// What Hub says of the run is wrong, or does not fit the converter.
    #[error("{0}")]
    Asked(String),
    /// Hub did not do its part.
    #[error("{step}: {problem}")]
    Hub {
        /// What was asked of it.
        step: &'static str,
        /// How that ended.
        problem: String,
    },
    /// The export cannot be read.
    #[error("the export cannot be read: {0}")]
    Input(String),
    /// The converter failed.
    #[error("converter {converter} failed ({class}): {problem}")]
    Converter {
        /// Which one.
        converter: String,
        /// The class of the failure, as in reports.
        class: String,
        /// What happened.
        problem: String,
    },
    /// It took too long.
    #[error("the run was stopped: it took longer than {0} s")]
    TimeLimit(u64),
    /// The program is being stopped.
    #[error("the run was stopped: the converter's program is being shut down; run it again")]
    Shutdown,
    /// More runs wait than there may.
    #[error("the run was refused: {0} runs wait already; run it later")]
    Full(usize),
    /// Something that is nobody's fault who asked.
    #[error("{0}")]
    Internal(String),
}

impl RunError {
    /// A stable name of its class.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Asked(_) => "asked",
            Self::Hub { .. } => "hub",
            Self::Input(_) => "input",
            Self::Converter { .. } => "converter",
            Self::TimeLimit(_) => "time-limit",
            Self::Shutdown => "shutdown",
            Self::Full(_) => "full",
            Self::Internal(_) => "internal",
        }
    }
}
