//! How the program ends.

use ango_conformance::ConformanceError;
use ango_launch::LaunchError;
use ango_pipeline::{ConfigError, JobError, StorageError};
use ango_registry::{FetchError, OriginError, PushError};
use ango_runtime::{LoadError, OptionsError};
use ango_trust::TrustError;
use std::process::ExitCode;

/// Exit codes, as documented in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Ok = 0,
    /// Something that is no fault of anybody's input: a bug, a full disk.
    Internal = 1,
    /// The command line, a plugin or a setting is wrong. clap uses the same code.
    Config = 2,
    /// Done, but a converted export does not hold everything.
    Losses = 3,
    /// A plugin failed; the original export and the other conversions are saved.
    Plugin = 4,
    /// The input cannot be read; nothing is saved.
    Input = 5,
    /// The storage failed; nothing is saved.
    Storage = 6,
    /// Somebody stopped it; nothing is saved.
    Cancelled = 130,
}

impl Exit {
    /// The code's name in JSON events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Internal => "internal",
            Self::Config => "bad-configuration",
            Self::Losses => "ok-with-losses",
            Self::Plugin => "plugin-failed",
            Self::Input => "bad-input",
            Self::Storage => "storage-failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with the exit code it leads to.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// For people.
    pub message: String,
}

impl Failure {
    /// A failure.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        let exit = match &error {
            JobError::Input(_) => Exit::Input,
            JobError::Config(_) => Exit::Config,
            JobError::Storage(_) => Exit::Storage,
            JobError::Cancelled => Exit::Cancelled,
        };
        Self::new(exit, error.to_string())
    }
}

impl From<ConformanceError> for Failure {
    fn from(error: ConformanceError) -> Self {
        match error {
            ConformanceError::Job(error) => error.into(),
            ConformanceError::Io { .. } => Self::new(Exit::Internal, error.to_string()),
        }
    }
}

impl From<TrustError> for Failure {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Conformance(error) => error.into(),
            error => Self::new(Exit::Config, error.to_string()),
        }
    }
}

impl From<OriginError> for Failure {
    fn from(error: OriginError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<PushError> for Failure {
    fn from(error: PushError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::new(Exit::Storage, error.to_string())
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<OptionsError> for Failure {
    fn from(error: OptionsError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<LaunchError> for Failure {
    fn from(error: LaunchError) -> Self {
        match error {
            LaunchError::Config(error) => error.into(),
            LaunchError::Load(error) => error.into(),
            LaunchError::Options(error) => error.into(),
            LaunchError::Trust(error) => error.into(),
            LaunchError::Job(error) => error.into(),
            LaunchError::Asked(problem) => Self::new(Exit::Config, problem),
            LaunchError::Internal(problem) => Self::new(Exit::Internal, problem),
        }
    }
}
