//! The database of the service: exports and who works on them, keys, settings, what was done, and what is to be told.
//!
//! [`Database`] is a file of SQLite for one node, or a server of PostgreSQL that several nodes share; every statement is the same for both. There is no queue but a table with leases: see
//! [`Database::claim`].
//!
//! This crate knows nothing of HTTP, buckets and plugins; what an export is asked for with, and what came of it, is JSON to it.

mod audit;
mod db;
mod error;
mod exports;
mod forgetting;
mod keys;
mod logs;
mod notifications;
mod outbox;
mod presence;
mod queue;
mod schema;
mod sessions;
mod settings;
mod turns;
mod uploads;

pub use audit::AuditEntry;
pub use db::{Address, Database};
pub use error::DatabaseError;
pub use exports::{Created, Export, Filter, Idempotency, NewExport, Problem, Progress, State};
pub use keys::{Grant, Key, KeyKind, Role};
pub use logs::{LogLine, NewLog};
pub use notifications::{NewNotification, Notification};
pub use outbox::{Delivery, NewDelivery};
pub use presence::Presence;
pub use queue::{Claim, Ending, Renewal, RunningLimits};
pub use sessions::{NewSession, Session, SessionEnding, SessionFilter, SessionState};
pub use settings::{ExportStorage, ProjectSettings};
pub use uploads::Upload;
