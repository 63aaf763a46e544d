//! Why a job cannot start.

use ango_pipeline::{ConfigError, JobError};
use ango_runtime::{LoadError, OptionsError};
use ango_trust::TrustError;

/// What keeps a job from starting. Nothing was read or saved.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// A plugin, option, limit or grant is asked for wrongly.
    #[error("{0}")]
    Asked(String),
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A component is no plugin that can run here.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Options do not fit a plugin's schema.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// An installed plugin may not run.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A source or a storage cannot be opened.
    #[error(transparent)]
    Job(#[from] JobError),
    /// Something that is nobody's fault who asked: no threads, no random numbers.
    #[error("{0}")]
    Internal(String),
}

impl LaunchError {
    pub(crate) fn asked(problem: impl Into<String>) -> Self {
        Self::Asked(problem.into())
    }
}
