//! What is joined, and as what.

use crate::secret::Secret;
use ango_config::Connector;
use serde_json::{Map, Value};
use std::net::SocketAddr;
use std::time::Duration;
use url::Url;

/// How a Hub is joined.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Hub's API.
    pub hub: Url,
    /// Who calls whom.
    pub connector: Connector,
    /// Where Hub calls us.
    pub listen: SocketAddr,
    /// Runs at a time.
    pub runs: usize,
    /// Runs that may wait.
    pub max_queued: usize,
    /// Bytes of the largest export.
    pub max_export_bytes: u64,
    /// How long runs may take to end when the program is stopped.
    pub shutdown: Duration,
    /// Threads that convert, of one run.
    pub workers: usize,
    /// Longest record accepted, in bytes.
    pub max_record: usize,
    /// The plugins.
    pub plugins: Vec<Served>,
}

/// One of Hub's plugins.
#[derive(Debug, Clone)]
pub struct Served {
    /// The id that Hub gave it.
    pub id: String,
    /// Its secret.
    pub secret: Secret,
    /// What it converts with, by name or path.
    pub converter: String,
    /// Options of the converter; those of a run count more.
    pub options: Map<String, Value>,
    /// Limits as `NAME=VALUE`.
    pub limits: Vec<String>,
    /// How long a run may take.
    pub time_limit: Duration,
}
