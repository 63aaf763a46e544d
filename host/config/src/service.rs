//! `[service]`: how `ango-export serve` listens, whose projects it serves, and whom it tells.
//!
//! Secrets have no place here. Each is an environment variable or a file that this section names: see [`secret`].

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The settings of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// Address and port to listen on.
    pub listen: String,
    /// How others reach the service: links begin with it. Without it they begin with the address that it listens on.
    pub public_url: Option<String>,
    /// Folder of the database, and of the key that links are signed with.
    pub data: PathBuf,
    /// Where jobs are kept.
    pub database: DatabaseKind,
    /// Where exports go whose project says nothing else: a storage of this file, a URL or a folder.
    pub storage: Option<String>,
    /// Folder in it.
    pub path: String,
    /// Exports that run at a time on this node; 0 stands for as many as there are cores.
    pub jobs: u32,
    /// How long a link can be used, in hours.
    pub link_hours: u32,
    /// How long a node that says nothing keeps its exports, in seconds. After that another node takes them over.
    pub lease_seconds: u32,
    /// How often an export is begun, when nodes die under it, before it counts as failed.
    pub attempts: u32,
    /// How old an upload that was neither finished nor aborted is when it is cleaned up, in seconds.
    pub clean_up_seconds: u32,
    /// How long finished exports, their logs and what was done are remembered, in days. Archives in buckets are never deleted.
    pub keep_days: u32,
    /// Requests of one key in a second, on average.
    pub requests_per_second: u32,
    /// How long running exports may take to end when the service is stopped, in seconds; then they are handed back.
    pub shutdown_seconds: u32,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// A certificate, for HTTPS without a reverse proxy.
    pub tls: Option<Tls>,
    /// Whose projects are served, by the name of an organisation.
    pub organisations: BTreeMap<String, Organisation>,
    /// Where e-mail is handed in.
    pub smtp: Option<Smtp>,
    /// Who else is told of exports.
    pub webhooks: BTreeMap<String, Webhook>,
    /// Plugins that are programs of their own, written with Hub's SDK, by their id.
    pub plugins: BTreeMap<String, ConnectedPlugin>,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            public_url: None,
            data: "ango-export-data".into(),
            database: DatabaseKind::Sqlite,
            storage: None,
            path: String::new(),
            jobs: 0,
            link_hours: 24,
            lease_seconds: 30,
            attempts: 5,
            clean_up_seconds: 86_400,
            keep_days: 90,
            requests_per_second: 50,
            shutdown_seconds: 60,
            trusted_proxies: Vec::new(),
            tls: None,
            organisations: BTreeMap::new(),
            smtp: None,
            webhooks: BTreeMap::new(),
            plugins: BTreeMap::new(),
        }
    }
}

/// Which database holds the jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatabaseKind {
    /// A file in the data folder, of one node.
    #[default]
    Sqlite,
    /// A server that several nodes share. Its address, which holds a password, is in `ANGO_EXPORT_DATABASE_URL`.
    Postgres,
}

/// A certificate and its key, in PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate, followed by those that it depends on.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// An organisation: its projects, and how much it may ask for at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Organisation {
    /// Folder that holds a folder or a store (`ID.db`) for each project. Its name is the project's id.
    pub projects: PathBuf,
    /// Exports that run at a time, on all nodes together.
    #[serde(default = "max_running")]
    pub max_running: u32,
    /// Exports that wait at a time; more are refused.
    #[serde(default = "max_queued")]
    pub max_queued: u32,
}

const fn max_running() -> u32 {
    16
}

const fn max_queued() -> u32 {
    10_000
}

/// A mail server. The password of `user` is in `ANGO_EXPORT_SMTP_PASSWORD`, or in `password-file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port; the usual one of `security` when it is left out.
    pub port: Option<u16>,
    /// Whether and how the connection is encrypted.
    #[serde(default)]
    pub security: SmtpSecurity,
    /// The sender.
    pub from: String,
    /// Who logs in.
    pub user: Option<String>,
    /// Where the password is.
    pub password_file: Option<PathBuf>,
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmtpSecurity {
    /// It begins in the open and turns to TLS, or ends.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a server on this machine.
    None,
}

/// Somebody else's server that is told of exports. What is sent is signed with the secret in `secret-file`, or in `ANGO_EXPORT_WEBHOOK_SECRET_NAME` with the webhook's name in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Webhook {
    /// Where to.
    pub url: String,
    /// Of which organisation's exports.
    pub organisation: String,
    /// Of which projects' exports; of all when it is empty.
    #[serde(default)]
    pub projects: Vec<String>,
    /// Where the secret is.
    pub secret_file: Option<PathBuf>,
}

/// A program written with Hub's SDK that converts exports. Its secret is in `secret-file`, or in `ANGO_EXPORT_PLUGIN_SECRET_ID` with the plugin's id in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConnectedPlugin {
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub organisation: String,
    /// Where it listens, when it does (`CONNECTOR=REST`); others connect to the service.
    pub url: Option<String>,
    /// What it is configured with when nobody says anything else: JSON.
    #[serde(default = "empty_object")]
    pub default_config: String,
    /// How long a run may take, in seconds.
    #[serde(default = "time_limit")]
    pub time_limit: u32,
    /// How large a file of a run may be, in MiB.
    #[serde(default = "max_upload_mib")]
    pub max_upload_mib: u32,
    /// Where the secret is.
    pub secret_file: Option<PathBuf>,
}

fn empty_object() -> String {
    "{}".to_owned()
}

const fn time_limit() -> u32 {
    3600
}

const fn max_upload_mib() -> u32 {
    10_240
}

impl ConnectedPlugin {
    fn check(&self) -> Result<(), String> {
        if let Some(url) = &self.url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            return Err("url: expected http://...".to_owned());
        }
        match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&self.default_config) {
            Ok(_) => {}
            Err(error) => return Err(format!("default-config: expected an object in JSON: {error}")),
        }
        if self.time_limit == 0 || self.max_upload_mib == 0 {
            return Err("time-limit and max-upload-mib: expected more than 0".to_owned());
        }
        Ok(())
    }
}

impl Service {
    /// Whether the values can be used.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.listen.parse::<std::net::SocketAddr>().map_err(|_| format!("service: listen '{}': expected ADDRESS:PORT", self.listen))?;
        if let Some(url) = &self.public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            return Err(format!("service: public-url '{url}': expected https://..."));
        }
        for (name, value) in [
            ("link-hours", self.link_hours),
            ("lease-seconds", self.lease_seconds),
            ("attempts", self.attempts),
            ("clean-up-seconds", self.clean_up_seconds),
            ("keep-days", self.keep_days),
            ("requests-per-second", self.requests_per_second),
        ] {
            if value == 0 {
                return Err(format!("service: {name}: expected more than 0"));
            }
        }
        for (name, organisation) in &self.organisations {
            is_name(name).map_err(|problem| format!("service: organisation '{name}': {problem}"))?;
            if organisation.max_running == 0 {
                return Err(format!("service: organisation '{name}': max-running: expected more than 0"));
            }
        }
        for (name, webhook) in &self.webhooks {
            is_name(name).map_err(|problem| format!("service: webhook '{name}': {problem}"))?;
            if !(webhook.url.starts_with("https://") || webhook.url.starts_with("http://")) {
                return Err(format!("service: webhook '{name}': url: expected https://..."));
            }
            self.known(&webhook.organisation).map_err(|problem| format!("service: webhook '{name}': {problem}"))?;
        }
        for (id, plugin) in &self.plugins {
            is_name(id).map_err(|problem| format!("service: plugin '{id}': {problem}"))?;
            let in_plugin = |problem: String| format!("service: plugin '{id}': {problem}");
            self.known(&plugin.organisation).map_err(in_plugin)?;
            plugin.check().map_err(in_plugin)?;
        }
        Ok(())
    }

    fn known(&self, organisation: &str) -> Result<(), String> {
        if self.organisations.contains_key(organisation) {
            Ok(())
        } else {
            Err(format!("organisation '{organisation}' does not exist: add [service.organisations.{organisation}]"))
        }
    }
}

/// Names end in file names, addresses and environment variables.
fn is_name(name: &str) -> Result<(), &'static str> {
    let good = !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if good { Ok(()) } else { Err("a name is letters, digits, - and _, at most 64") }
}

/// Reads a secret: from `file` when it is named, else from the environment variable `PREFIX_NAME`, the name in capitals. White space at the end does not count. `None` when there is neither.
///
/// # Errors
/// When the file cannot be read, or others can read it.
pub fn secret(file: Option<&Path>, prefix: &str, name: &str) -> Result<Option<String>, String> {
    if let Some(file) = file {
        let shown = file.display();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(file).map_err(|error| format!("{shown}: {error}"))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(format!("{shown}: others can read this secret: chmod 600 it"));
            }
        }
        let text = std::fs::read_to_string(file).map_err(|error| format!("{shown}: {error}"))?;
        return Ok(Some(text.trim_end().to_owned()).filter(|text| !text.is_empty()));
    }
    let variable = if name.is_empty() { prefix.to_owned() } else { format!("{prefix}_{}", name.to_ascii_uppercase().replace('-', "_")) };
    Ok(std::env::var(variable).ok().map(|text| text.trim_end().to_owned()).filter(|text| !text.is_empty()))
}
