//! How loading and running a plugin can fail.

use crate::limits::LimitExceeded;
use crate::options::name_of;
use std::fmt;

/// Why a plugin cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not a WebAssembly component at all.
    #[error("plugin {plugin}: {problem}")]
    NotAComponent {
        /// The plugin, as the user named it.
        plugin: String,
        /// What it is instead, and what to do.
        problem: String,
    },
    /// The component does not fit the contract.
    #[error("plugin {plugin} does not fit the contract: {problem}")]
    Contract {
        /// The plugin.
        plugin: String,
        /// What is missing or asked for.
        problem: String,
    },
    /// The component is not valid, or the compiler failed.
    #[error("plugin {plugin} cannot be compiled: {problem}")]
    Compile {
        /// The plugin.
        plugin: String,
        /// What the compiler says, or how its process ended.
        problem: String,
    },
    /// Compiling takes more than is allowed.
    #[error("plugin {plugin} cannot be compiled: {limit}")]
    Limit {
        /// The plugin.
        plugin: String,
        /// What was asked and what is allowed.
        limit: LimitExceeded,
    },
    /// A file of the plugin is not what it was.
    #[error("plugin {plugin}: {problem}")]
    Changed {
        /// The plugin.
        plugin: String,
        /// Which file, and what it is now.
        problem: String,
    },
    /// A file of the plugin cannot be read.
    #[error("plugin {plugin}: {source}")]
    Read {
        /// The plugin.
        plugin: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// `describe` failed.
    #[error("plugin {plugin} cannot say what it is: {source}")]
    Describe {
        /// The plugin.
        plugin: String,
        /// How it ended.
        source: Box<RunError>,
    },
    /// What `describe` answered breaks a rule.
    #[error("plugin {plugin} describes itself wrongly: {problem}")]
    Description {
        /// The plugin.
        plugin: String,
        /// Which rule.
        problem: String,
    },
}

/// How a run that did not succeed ended. Nothing of its output is published.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A limit was reached.
    #[error("{limit}{context}")]
    Limit {
        /// Which, how much was asked and how much is allowed.
        limit: LimitExceeded,
        /// Where in the guest.
        context: Context,
    },
    /// The guest crashed.
    #[error("the plugin crashed: {reason}{context}")]
    Trap {
        /// The trap, in words.
        reason: String,
        /// Where in the guest, and the last of its stderr.
        context: Context,
    },
    /// The guest broke a rule of the contract.
    #[error("the plugin broke the contract: {problem}{context}")]
    Contract {
        /// Which.
        problem: String,
        /// Where in the guest.
        context: Context,
    },
    /// The plugin refused its options.
    #[error("{}: {reason}", if pointer.is_empty() { "options".to_owned() } else { format!("option {}", name_of(pointer)) })]
    Options {
        /// JSON pointer into the options.
        pointer: String,
        /// What is wrong there.
        reason: String,
    },
    /// The plugin says that the export cannot be converted.
    #[error("the plugin cannot convert this export: {0}")]
    Input(String),
    /// The plugin says that it failed.
    #[error("the plugin failed: {message}{context}")]
    Failed {
        /// Its words.
        message: String,
        /// The last of its stderr.
        context: Context,
    },
    /// Somebody stopped the run.
    #[error("the run was cancelled")]
    Cancelled,
    /// The host failed while it worked for the plugin (a full disk, a lost bucket).
    #[error("the host failed while it wrote the plugin's output: {0}")]
    Host(String),
    /// The process in which the plugin ran failed, or did what no honest one does.
    #[error("the process in which the plugin ran {0}")]
    Isolation(String),
}

/// Where a guest was when it ended, and what it said last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Guest frames, innermost first.
    pub backtrace: Vec<String>,
    /// The last of stderr.
    pub stderr: String,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.stderr.is_empty() {
            write!(f, "\n  stderr of the plugin:")?;
            for line in self.stderr.lines() {
                write!(f, "\n    {line}")?;
            }
        }
        if !self.backtrace.is_empty() {
            write!(f, "\n  in the plugin:")?;
            for frame in &self.backtrace {
                write!(f, "\n    {frame}")?;
            }
        }
        Ok(())
    }
}

impl RunError {
    /// A short, stable name of the kind of end, for reports.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Limit { limit, .. } => limit.name.as_str(),
            Self::Trap { .. } => "trap",
            Self::Contract { .. } => "contract",
            Self::Options { .. } => "options",
            Self::Input(_) => "input",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
            Self::Host(_) => "host",
            Self::Isolation(_) => "isolation",
        }
    }
}
