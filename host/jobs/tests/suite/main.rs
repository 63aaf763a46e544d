//! The database, on SQLite and on a real PostgreSQL.

// A helper that cannot do its work ends the test that asked for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exports;
mod fairness;
mod faults;
mod keys;
mod opening;
mod outbox;
mod queue;
mod races;
mod records;
mod sessions;
mod support;
