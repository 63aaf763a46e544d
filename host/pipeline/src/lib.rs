//! From a project to archives in a bucket.
//!
//! [`Source`] opens a project folder or an export; [`Bucket`] is where archives go; [`run`] joins them: it reads the source once, writes the original
//! export, lets plugins convert the same tasks, and saves each result as a zip with a report beside it.
//!
//! This crate knows nothing of serving HTTP and of the command line.

pub mod assets;
pub mod bucket;
pub mod job;
pub mod report;
pub mod source;
pub mod zip;

mod error;
mod output;

pub use assets::{AssetFetcher, AssetRules};
pub use bucket::{AssetStorages, Bucket};
pub use error::{ConfigError, JobError, StorageError};
pub use job::progress::Progress;
pub use job::{JobSpec, Original, PluginSpec, Split, run};
pub use source::Source;
