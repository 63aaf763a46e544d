//! The configuration file as it is written.
//!
//! What is not known is refused: a limit with a typing error would be no limit. Secrets have no place in it; they come from the environment.

use crate::connect::Connect;
use crate::service::Service;
use ango_trust::Policy;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, Value};

/// `ango-export.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct File {
    /// `[storages.NAME]`.
    pub(crate) storages: BTreeMap<String, Spanned<Storage>>,
    /// `[limits]`, of every plugin.
    pub(crate) limits: Settings,
    /// `[plugins.NAME]`.
    pub(crate) plugins: BTreeMap<String, Plugin>,
    /// `[run]`.
    pub(crate) run: Run,
    /// `[policy]`.
    pub(crate) policy: Option<Spanned<Policy>>,
    /// `[assets]`.
    pub(crate) assets: Assets,
    /// `[service]`.
    pub(crate) service: Option<Spanned<Service>>,
    /// `[connect]`.
    pub(crate) connect: Option<Spanned<Connect>>,
}

/// What plugins that were granted assets may have.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Assets {
    /// Places.
    pub(crate) allow: Option<Spanned<Vec<Spanned<String>>>>,
    /// Bytes of one.
    pub(crate) max_bytes: Option<Spanned<Value>>,
    /// Bytes of all in a run.
    pub(crate) max_total_bytes: Option<Spanned<Value>>,
    /// Seconds for one.
    pub(crate) timeout: Option<Spanned<Value>>,
    /// Addresses of private networks as well.
    pub(crate) allow_private: Option<Spanned<bool>>,
}

/// The same file, read for the places of the policy's values.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Places {
    pub(crate) policy: PolicyPlaces,
}

/// Values of `[policy]` with their places.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PolicyPlaces {
    pub(crate) files: Option<Spanned<Value>>,
    pub(crate) unattended: Option<Spanned<Value>>,
    pub(crate) signatures: BTreeMap<String, Spanned<Value>>,
    pub(crate) keys: BTreeMap<String, Spanned<Value>>,
}

impl PolicyPlaces {
    /// Each value's name and where it begins.
    pub(crate) fn all(self) -> impl Iterator<Item = (String, usize)> {
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
pub struct Storage {
    /// Where it is, as for `--storage`.
    pub url: String,
    /// Folder in it.
    #[serde(default)]
    pub path: String,
    /// Links to assets in it are signed.
    #[serde(default)]
    pub sign_links: bool,
    /// A file with its credentials, as `NAME=VALUE` lines with the names of the environment; without it they come from there.
    #[serde(default)]
    pub secrets: Option<std::path::PathBuf>,
    /// Buckets that can be chosen, where `url` does not say which (`s3://`).
    #[serde(default)]
    pub buckets: Vec<String>,
}

/// Where plugins run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolate {
    /// In the sandbox, in the process of the job.
    #[default]
    None,
    /// In the sandbox, in processes of their own that have nothing but pipes.
    Process,
}

impl Isolate {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Process => "process",
        }
    }
}

/// What is set for one plugin.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Plugin {
    /// `[plugins.NAME.limits]`.
    pub(crate) limits: Settings,
}

/// Limits by name.
pub(crate) type Settings = BTreeMap<String, Spanned<Value>>;

/// How runs are done.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Run {
    /// Threads that convert.
    pub(crate) workers: Option<Spanned<u32>>,
    /// Longest record accepted, in MiB.
    pub(crate) max_record_mib: Option<Spanned<u32>>,
    /// Folder for compiled plugins.
    pub(crate) cache: Option<Spanned<String>>,
    /// Folder of installed plugins.
    pub(crate) plugins: Option<Spanned<String>>,
    /// Where plugins run.
    pub(crate) isolate: Option<Spanned<Isolate>>,
}

/// A limit's value as `--limit` has it.
pub(crate) fn setting(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}
