//! The configuration file as it is written.
//!
//! What is not known is refused: a limit with a typing error would be no limit. Secrets have no place in it; they come from the environment.

use crate::args::Isolate;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, Value};

/// `ango-export.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    /// `[storages.NAME]`.
    pub(super) storages: BTreeMap<String, Spanned<Storage>>,
    /// `[limits]`, of every plugin.
    pub(super) limits: Settings,
    /// `[plugins.NAME]`.
    pub(super) plugins: BTreeMap<String, Plugin>,
    /// `[run]`.
    pub(super) run: Run,
}

/// A storage that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Storage {
    /// Where it is, as for `--storage`.
    pub(crate) url: String,
    /// Folder in it.
    #[serde(default)]
    pub(crate) path: String,
    /// Links to assets in it are signed.
    #[serde(default)]
    pub(crate) sign_links: bool,
}

/// What is set for one plugin.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Plugin {
    /// `[plugins.NAME.limits]`.
    pub(super) limits: Settings,
}

/// Limits by name.
pub(super) type Settings = BTreeMap<String, Spanned<Value>>;

/// How runs are done.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Run {
    /// Threads that convert.
    pub(super) workers: Option<Spanned<u32>>,
    /// Longest record accepted, in MiB.
    pub(super) max_record_mib: Option<Spanned<u32>>,
    /// Folder for compiled plugins.
    pub(super) cache: Option<Spanned<String>>,
    /// Where plugins run.
    pub(super) isolate: Option<Spanned<Isolate>>,
}

/// A limit's value as `--limit` has it.
pub(super) fn setting(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}
