//! `ango-export serve`: exports as a service.
//!
//! An export that somebody asks for is an entry of a database ([`ango_jobs`]). The workers of every node take entries from there and run them as the command line would; who asked follows the entry,
//! and gets links to what lies in the bucket. So a node can die at any moment: another one, or the same one after a restart, does its exports again from the start.
//!
//! * [`serve`] is the whole service.
//! * `api` is our own API and `hub` that of Hub's clients; `page` is for people.
//! * `programs` are export plugins that run elsewhere: who is connected, and their runs.
//! * `work` runs exports and cleans up, `notify` tells of their end.

pub mod order;

mod api;
mod app;
mod asked;
mod auth;
mod busy;
mod client;
mod error;
mod files;
mod health;
mod hub;
mod links;
mod logs;
mod metrics;
mod notify;
mod page;
mod programs;
mod projects;
mod rates;
mod serve;
mod server;
mod storage;
mod tls;
mod work;

pub use serve::{ServeError, address, serve};
