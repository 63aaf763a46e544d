//! The configuration file as it is written.
//!
//! What is not known is refused: a limit with a typing error would be no limit. Secrets have no place in it; they come from the environment.

use crate::args::Isolate;
use ango_trust::Policy;
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
    /// `[policy]`.
    pub(super) policy: Option<Spanned<Policy>>,
}

/// The same file, read for the places of the policy's values.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Places {
    pub(super) policy: PolicyPlaces,
}

/// Values of `[policy]` with their places.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PolicyPlaces {
    pub(super) files: Option<Spanned<Value>>,
    pub(super) unattended: Option<Spanned<Value>>,
    pub(super) signatures: BTreeMap<String, Spanned<Value>>,
    pub(super) keys: BTreeMap<String, Spanned<Value>>,
}

impl PolicyPlaces {
    /// Each value's name and where it begins.
    pub(super) fn all(self) -> impl Iterator<Item = (String, usize)> {
        let place = |name: String, value: &Spanned<Value>| (name, value.span().start);
        let single = [("files", self.files), ("unattended", self.unattended)];
        let single = single.into_iter().filter_map(move |(name, value)| value.map(|value| place(name.to_owned(), &value)));
        let signatures = self.signatures.into_iter().map(move |(name, value)| place(format!("signatures.{name}"), &value));
        let keys = self.keys.into_iter().map(move |(name, value)| place(format!("keys.{name}"), &value));
        single.chain(signatures).chain(keys)
    }
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
    /// Folder of installed plugins.
    pub(super) plugins: Option<Spanned<String>>,
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
