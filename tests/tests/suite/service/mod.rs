//! `ango-export serve`: exports as a service.

mod access;
mod crash;
mod description;
mod exports;
mod hub_api;
mod mail;
mod nodes;
mod notify;
mod operation;
mod session_edges;
mod sessions;
#[cfg(unix)]
mod tls;
