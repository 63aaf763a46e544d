//! Fetching and pushing, tested from outside: real files, web servers that do what they must not, a real registry, and other tools of its kind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod hostile_registry;
mod mirrors;
mod registry;
mod tls;
mod tools;
mod urls;
mod worker;
