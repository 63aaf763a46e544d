//! Judges a plugin by what it makes of exports.
//!
//! [`Once`] converts one export into a folder that goes away and gives the files; [`check`] does so with a kit of difficult exports, which every converter must bear; [`measure`]
//! says what a plugin costs. Authors meet these in `plugin test`, `check` and `bench`, and admins in the report of an installation.

mod check;
mod difference;
mod kit;
mod measure;
mod once;

pub use check::{Check, Verdict, check};
pub use difference::difference;
pub use measure::{Cost, measure, measure_kit};
pub use once::{Files, Once};

use ango_pipeline::JobError;

/// Why a plugin could not be judged. What the plugin itself does wrong is not one of these.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    /// The conversion as a whole failed.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The machine failed: no temporary folder, an archive that cannot be read again.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
}

impl ConformanceError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
