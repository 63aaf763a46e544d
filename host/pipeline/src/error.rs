//! How a job can fail as a whole. A plugin's failure is not one of these: it is part of the report.

use ango_model::InputError;

/// What is wrong with the job as it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// What a bucket refused or failed at. Never holds a credential.
#[derive(Debug, thiserror::Error)]
#[error("{storage}: {problem}")]
pub struct StorageError {
    /// The storage, without credentials.
    pub storage: String,
    /// What went wrong, and the remedy where there is one.
    pub problem: String,
}

/// Why a job saved nothing.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The input cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The job is asked for wrongly.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The bucket failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Somebody stopped the job.
    #[error("the job was cancelled: nothing was saved")]
    Cancelled,
}
