//! `config check`: every value that runs use, and where it came from.

use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::{Config, Isolate};
use ango_pipeline::{AssetRules, Bucket};
use ango_trust::{Policy, Requirement};
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// A value and its origin.
struct Row {
    name: String,
    value: String,
    origin: String,
}

/// Carries it out.
pub fn check(config: &Config, cache: Option<&Path>, ui: &Ui) -> Result<Exit, Failure> {
    let shown = config.path.as_ref().map_or_else(String::new, |path| path.display().to_string());
    let at = |line: usize| format!("{shown}:{line}");
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String, origin: String| rows.push(Row { name: name.to_owned(), value, origin });

    for (name, (storage, line)) in &config.storages {
        // Settings that do not open a storage are better found here than after an export.
        let bucket = storage.buckets.first().map(String::as_str);
        let opened = config.storage(name, bucket, None)?;
        Bucket::check(&opened.url, &opened.path, &opened.settings)?;
        row(&format!("storages.{name}.url"), storage.url.clone(), at(*line));
        row(&format!("storages.{name}.path"), storage.path.clone(), at(*line));
        row(&format!("storages.{name}.sign-links"), storage.sign_links.to_string(), at(*line));
        if let Some(secrets) = &storage.secrets {
            row(&format!("storages.{name}.secrets"), secrets.display().to_string(), at(*line));
        }
        if !storage.buckets.is_empty() {
            row(&format!("storages.{name}.buckets"), storage.buckets.join(", "), at(*line));
        }
    }
    let defaults = serde_json::to_value(config.limits("", &[])?).unwrap_or_default();
    for (name, value) in defaults.as_object().into_iter().flatten() {
        let name = kebab(name);
        let setting = name.strip_suffix("-base").filter(|short| *short == "output-bytes").unwrap_or(&name).to_owned();
        let origin = config.limits.iter().find(|(limit, _)| limit.split('=').next() == Some(setting.as_str()));
        row(&format!("limits.{setting}"), value.to_string(), origin.map_or_else(|| "default".to_owned(), |(_, line)| at(*line)));
    }
    for (plugin, limits) in &config.plugins {
        for (limit, line) in limits {
            let (name, value) = limit.split_once('=').unwrap_or((limit, ""));
            row(&format!("plugins.{plugin}.limits.{name}"), value.to_owned(), at(*line));
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let or_default = |value: Option<(u32, usize)>, otherwise: usize| match value {
        Some((value, line)) => (value.to_string(), at(line)),
        None => (otherwise.to_string(), "default".to_owned()),
    };
    let (workers, origin) = or_default(config.workers, cores);
    row("run.workers", workers, origin);
    let (record, origin) = or_default(config.max_record_mib, 64);
    row("run.max-record-mib", record, origin);
    let (folder, origin) = match (cache, &config.cache) {
        (Some(folder), _) => (folder.display().to_string(), "ANGO_EXPORT_CACHE".to_owned()),
        (None, Some((folder, line))) => (folder.display().to_string(), at(*line)),
        (None, None) => ("ango-export in the user's cache folder".to_owned(), "default".to_owned()),
    };
    row("run.cache", folder, origin);
    let (folder, origin) = match (&config.given_plugin_store, &config.plugin_store) {
        (Some(folder), _) => (folder.display().to_string(), "ANGO_EXPORT_PLUGINS".to_owned()),
        (None, Some((folder, line))) => (folder.display().to_string(), at(*line)),
        (None, None) => ("ango-export/plugins in the user's data folder".to_owned(), "default".to_owned()),
    };
    row("run.plugins", folder, origin);
    for (name, value) in policy_values(&config.policy) {
        let origin = config.policy_lines.get(&name).map_or_else(|| "default".to_owned(), |line| at(*line));
        row(&format!("policy.{name}"), value, origin);
    }
    for (name, value) in asset_values(&config.assets) {
        let origin = config.asset_lines.get(name).map_or_else(|| "default".to_owned(), |line| at(*line));
        row(&format!("assets.{name}"), value, origin);
    }
    let (isolate, origin) = config.isolate.map_or_else(|| (Isolate::default(), "default".to_owned()), |(isolate, line)| (isolate, at(line)));
    row("run.isolate", isolate.name().to_owned(), origin);
    let service = config.service.as_ref().map(|(service, line)| ("service", section_values(service), *line));
    let connect = config.connect.as_ref().map(|(connect, line)| ("connect", section_values(connect), *line));
    for (section, values, line) in service.into_iter().chain(connect) {
        for (name, value, is_set) in values {
            row(&format!("{section}.{name}"), value, if is_set { at(line) } else { "default".to_owned() });
        }
    }

    if ui.is_json() {
        for Row { name, value, origin } in &rows {
            print(&json!({ "event": "setting", "name": name, "value": value, "origin": origin }).to_string());
        }
    } else {
        print(&if shown.is_empty() { "no configuration file: every value is the default".to_owned() } else { format!("{shown}: good") });
        for Row { name, value, origin } in &rows {
            print(&format!("{name:36} {value:28} {origin}"));
        }
    }
    Ok(Exit::Ok)
}

/// The settings of a section by name, and whether they differ from the usual ones.
fn section_values<T: Serialize + Default>(section: &T) -> Vec<(String, String, bool)> {
    let fields = |section: &T| serde_json::to_value(section).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
    let usual = fields(&T::default());
    let word = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fields(section).iter().map(|(name, value)| (name.clone(), word(value), usual.get(name) != Some(value))).collect()
}

/// What plugins that were granted assets may have, by name, in words.
fn asset_values(rules: &AssetRules) -> [(&'static str, String); 5] {
    let allow = if rules.allow.is_empty() { "nothing".to_owned() } else { rules.allow.join(", ") };
    [
        ("allow", allow),
        ("max-bytes", rules.max_bytes.to_string()),
        ("max-total-bytes", rules.max_total_bytes.to_string()),
        ("timeout", rules.timeout.as_secs_f64().to_string()),
        ("allow-private", rules.allow_private.to_string()),
    ]
}

/// The policy's values by name, in words.
fn policy_values(policy: &Policy) -> Vec<(String, String)> {
    let names = |requirements: &[Requirement]| requirements.iter().map(|Requirement::Key(name)| name.as_str()).collect::<Vec<_>>().join(", ");
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let nobody = |names: String| if names.is_empty() { "nobody has to sign".to_owned() } else { names };
    let any_of = policy.signatures.any_of.as_ref().map_or_else(String::new, |any_of| format!("{} of {}", any_of.minimum, names(&any_of.of)));
    let mut values = vec![
        ("files".to_owned(), word(json!(policy.files))),
        ("unattended".to_owned(), word(json!(policy.unattended))),
        ("signatures.all-of".to_owned(), nobody(names(&policy.signatures.all_of))),
        ("signatures.any-of".to_owned(), nobody(any_of)),
    ];
    for (name, key) in &policy.keys {
        let until = key.expires.map_or_else(String::new, |moment| format!(" until {}", String::from(moment)));
        let scope = if key.plugins.is_empty() { String::new() } else { format!(" for {}", key.plugins.join(", ")) };
        values.push((format!("keys.{name}"), format!("{} ({}){until}{scope}", key.public, key.public.id())));
    }
    values
}

/// `wallTime` as `wall-time`.
fn kebab(name: &str) -> String {
    name.chars().flat_map(|c| if c.is_ascii_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] }).collect()
}
