//! The whole program, tested from outside: what people type, and what lies in the storage afterwards.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod archives;
mod asset_links;
mod assets;
mod bad_config;
mod bad_input;
mod bad_plugins;
mod buckets;
mod cache;
#[cfg(unix)]
mod cancel;
mod compatibility;
mod compile_bombs;
mod config;
#[cfg(unix)]
mod connect;
#[cfg(unix)]
mod connect_edges;
#[cfg(unix)]
mod connect_life;
mod contract;
mod convert;
mod demo;
mod determinism;
mod fidelity;
mod filters;
mod formats;
mod guides;
mod hostile;
mod hostile_list;
mod isolate;
mod issues;
mod kill;
mod legacy;
mod locked;
mod names;
mod page;
mod plugin_install;
mod plugin_javascript;
mod plugin_new;
mod plugin_python;
mod plugin_run;
mod plugin_sign;
mod plugin_test;
mod project_check;
mod proposals;
mod round_trip;
mod s3;
mod s3_failures;
mod samples;
mod service;
mod store;
mod toggles;
mod validate;
mod video;
