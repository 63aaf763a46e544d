//! Runs converter plugins.
//!
//! A plugin is a WebAssembly component built against the contract in `wit/`. It is code of strangers: nothing is granted to it, everything it uses is
//! counted, and every way in which it can end has a name.
//!
//! * [`Engine`] is wasmtime, locked down; it compiles strangers' components in a child ([`ChildProgram`]), which gives an [`Artefact`], and [`Cache`] keeps that.
//! * [`Plugin`] is a component that passed the checks and said what it is.
//! * [`Job`] is one conversion with its options and limits; [`Job::run`] runs one shard of it in a fresh instance, here or in a process of its own ([`Engine::isolated`]), and hands what
//!   the plugin writes to an [`Output`].
//!
//! This crate knows nothing of export options and buckets.

// Elsewhere nothing runs in processes of its own, and what is there for them has no use.
#![cfg_attr(not(target_os = "linux"), allow(dead_code))]

mod artefact;
mod bindings;
mod cache;
mod child;
mod compile;
mod engine;
mod error;
mod fit;
mod host;
mod instance;
#[cfg(target_os = "linux")]
mod isolate;
mod job;
mod limits;
mod losses;
mod names;
mod options;
mod path;
mod plugin;
mod project;
mod rounding;
mod scan;
mod shared;
mod stderr;
mod tables;
mod task;
mod wasi;

pub use artefact::Artefact;
pub use cache::Cache;
pub use child::{ChildProgram, serve};
pub use compile::CompileLimits;
pub use engine::Engine;
pub use error::{LoadError, RunError};
pub use host::assets::{AssetError, AssetFuture, Assets};
pub use host::feed::{Block, Feed, Records};
pub use host::output::{Output, OutputError, Target};
pub use job::{Job, ShardFailure, ShardResult};
pub use limits::{LimitExceeded, LimitName, Limits, parse_size};
pub use losses::{LogLine, Loss, Losses};
pub use names::{FileNames, NameCandidate};
pub use options::{OptionsError, check_options};
pub use path::{PathSet, check as check_path};
pub use plugin::{Grant, Info, Locked, Parallelism, Plugin};
pub use project::ProjectForPlugin;
pub use scan::scan;
pub use shared::Cancel;
pub use stderr::printable_line;
pub use task::{Frames, TaskPosition, Wanted};

pub(crate) use plugin::hex;
