//! `[connect]`: the Hub that `ango-export connect` joins, as which of its plugins, and what each of them converts with.
//!
//! Secrets have no place here. Each is an environment variable, or a file that this section names.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How Hub is joined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Connect {
    /// Hub's API: `https://imeritapi.ango.ai`.
    pub hub: Option<String>,
    /// Who calls whom.
    pub connector: Connector,
    /// Address and port that Hub calls, with the REST connector.
    pub listen: String,
    /// Runs at a time, of all plugins together.
    pub runs: u32,
    /// Runs that wait at a time; more are refused.
    pub max_queued: u32,
    /// How long a run may take, in seconds.
    pub time_limit: u32,
    /// The largest export that is fetched from Hub, in bytes: a zip, which lies in a temporary file meanwhile.
    pub max_export_bytes: u64,
    /// How long runs may take to end when the program is stopped, in seconds.
    pub shutdown_seconds: u32,
    /// The plugins, by the id that Hub gave them.
    pub plugins: BTreeMap<String, HubPlugin>,
}

impl Default for Connect {
    fn default() -> Self {
        Self {
            hub: None,
            connector: Connector::Ws,
            listen: "0.0.0.0:8080".into(),
            runs: 2,
            max_queued: 1000,
            time_limit: 3600,
            max_export_bytes: 10 << 30,
            shutdown_seconds: 30,
            plugins: BTreeMap::new(),
        }
    }
}

/// Who calls whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connector {
    /// We call Hub, over WebSockets.
    #[default]
    Ws,
    /// Hub calls us, over HTTP.
    Rest,
    /// Both, at the same time.
    Both,
}

impl Connector {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ws => "ws",
            Self::Rest => "rest",
            Self::Both => "both",
        }
    }
}

/// One of Hub's plugins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HubPlugin {
    /// What it converts with: a bundled or an installed plugin, or the path of a component.
    pub converter: String,
    /// Options of the converter; those of a run count more.
    pub options: toml::Table,
    /// Limits of the converter, below those that it has already.
    pub limits: BTreeMap<String, toml::Value>,
    /// Where its secret is; otherwise it is in `ANGO_EXPORT_PLUGIN_SECRET_ID`, or `ANGO_EXPORT_PLUGIN_SECRET`.
    pub secret_file: Option<PathBuf>,
    /// How long a run of it may take, in seconds.
    pub time_limit: Option<u32>,
}

impl HubPlugin {
    /// The limits as `NAME=VALUE`.
    pub fn limits(&self) -> Vec<String> {
        self.limits.iter().filter_map(|(name, value)| crate::file::setting(value).map(|value| format!("{name}={value}"))).collect()
    }
}

impl Connect {
    /// Says what is wrong, if something is.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(hub) = &self.hub
            && !(hub.starts_with("https://") || hub.starts_with("http://"))
        {
            return Err("connect: hub: expected https://...".to_owned());
        }
        self.listen.parse::<std::net::SocketAddr>().map_err(|_| format!("connect: listen '{}': expected ADDRESS:PORT", self.listen))?;
        for (name, is_zero) in [("runs", self.runs == 0), ("time-limit", self.time_limit == 0), ("max-export-bytes", self.max_export_bytes == 0)] {
            if is_zero {
                return Err(format!("connect: {name}: expected more than 0"));
            }
        }
        for (id, plugin) in &self.plugins {
            plugin.check().map_err(|problem| format!("connect: plugin '{id}': {problem}"))?;
            if id.is_empty() || id.len() > 100 || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(format!("connect: plugin '{id}': is not the id of a plugin"));
            }
        }
        Ok(())
    }
}

impl HubPlugin {
    fn check(&self) -> Result<(), String> {
        if self.converter.is_empty() {
            return Err("converter: is missing: the name of a bundled or an installed plugin".into());
        }
        if self.time_limit == Some(0) {
            return Err("time-limit: expected more than 0".into());
        }
        for (name, value) in &self.limits {
            let value = crate::file::setting(value).ok_or_else(|| format!("limit {name}: expected a number or a text"))?;
            ango_runtime::Limits::default().set(&format!("{name}={value}"))?;
        }
        Ok(())
    }
}
