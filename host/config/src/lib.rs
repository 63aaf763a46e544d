//! The configuration file, `ango-export.toml`: storages by name, limits, what is demanded of plugins, what assets they may have, and how runs are done.
//!
//! A value on the command line counts more than one in the file, and one for a plugin more than one for all. Every value knows the line that it came from. What is not known is refused, and
//! secrets have no place in the file: they come from the environment.

mod assets;
mod config;
mod connect;
mod file;
mod service;
mod storages;

pub use config::Config;
pub use connect::{Connect, Connector, HubPlugin};
pub use file::{Isolate, Storage};
pub use service::{ConnectedPlugin, DatabaseKind, Organisation, Service, Smtp, SmtpSecurity, Tls, Webhook, secret};
pub use storages::Opened;
