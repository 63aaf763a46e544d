//! How trusting a plugin can fail.

use ango_conformance::ConformanceError;
use ango_runtime::LoadError;
use std::io;
use std::path::Path;

/// Why a plugin is not installed, not approved, or may not run.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// No installed plugin is called so.
    #[error("plugin '{name}' is not installed{hint}")]
    NotInstalled {
        /// What was asked for.
        name: String,
        /// What there is instead.
        hint: String,
    },
    /// The plugin may not run.
    #[error("plugin {plugin} may not run: {problem}")]
    Refused {
        /// Name and the beginning of the digest.
        plugin: String,
        /// Why, and what to do.
        problem: String,
    },
    /// The plugin may not be installed.
    #[error("{plugin} cannot be installed: {problem}")]
    Rejected {
        /// Where it came from, or its name.
        plugin: String,
        /// Why.
        problem: String,
    },
    /// What was asked for cannot be done.
    #[error("{0}")]
    Asked(String),
    /// Something in the folder is not as it was left.
    #[error("{what} was changed: {problem}")]
    Changed {
        /// The file, or what it is about.
        what: String,
        /// What does not fit, and what to do.
        problem: String,
    },
    /// The component cannot be used.
    #[error(transparent)]
    Load(#[from] Box<LoadError>),
    /// The conformance kit could not be run.
    #[error(transparent)]
    Conformance(#[from] ConformanceError),
    /// The disk failed.
    #[error("{what}: {source}")]
    Io {
        /// The file.
        what: String,
        /// What the system says.
        source: io::Error,
    },
}

impl TrustError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = path.display().to_string();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn changed(what: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Changed { what: what.into(), problem: problem.into() }
    }
}

impl From<LoadError> for TrustError {
    fn from(error: LoadError) -> Self {
        Self::Load(Box::new(error))
    }
}
