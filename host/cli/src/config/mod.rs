//! The configuration file: storages by name, limits, and how runs are done.
//!
//! A value on the command line counts more than one in the file, and one for a plugin more than one for all.

mod file;

pub(crate) use file::Storage;

use crate::args::Isolate;
use crate::exit::{Exit, Failure};
use ango_runtime::Limits;
use ango_trust::{Installed, PluginStore, Policy};
use file::{File, Places, Settings, setting};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that is looked for in the current folder.
const NAME: &str = "ango-export.toml";

/// What the file says, with the line of each value.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Where it is; `None` when there is none.
    pub(crate) path: Option<PathBuf>,
    /// Storages by name.
    pub(crate) storages: BTreeMap<String, (Storage, usize)>,
    /// Limits of every plugin, as `NAME=VALUE`.
    pub(crate) limits: Vec<(String, usize)>,
    /// Limits of single plugins.
    pub(crate) plugins: BTreeMap<String, Vec<(String, usize)>>,
    /// Threads that convert.
    pub(crate) workers: Option<(u32, usize)>,
    /// Longest record accepted, in MiB.
    pub(crate) max_record_mib: Option<(u32, usize)>,
    /// Folder for compiled plugins.
    pub(crate) cache: Option<(PathBuf, usize)>,
    /// Folder of installed plugins.
    pub(crate) plugin_store: Option<(PathBuf, usize)>,
    /// The same from the command line or the environment, which counts more.
    pub(crate) given_plugin_store: Option<PathBuf>,
    /// What is demanded of plugins.
    pub(crate) policy: Policy,
    /// Lines of the policy's values, by name.
    pub(crate) policy_lines: BTreeMap<String, usize>,
    /// Where plugins run.
    pub(crate) isolate: Option<(Isolate, usize)>,
}

impl Config {
    /// Reads the file that is named, or else the one in the current folder, if there is one. `plugin_store` is the folder that the command line or the environment names.
    pub(crate) fn load(given: Option<&Path>, plugin_store: Option<&Path>) -> Result<Self, Failure> {
        let config = Self::read(given)?;
        Ok(Self { given_plugin_store: plugin_store.map(Path::to_owned), ..config })
    }

    fn read(given: Option<&Path>) -> Result<Self, Failure> {
        let path = match given {
            Some(path) => path.to_owned(),
            None if Path::new(NAME).is_file() => PathBuf::from(NAME),
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", path.display())))?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: PathBuf) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let line = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
        let wrong = |offset: usize, problem: String| Failure::new(Exit::Config, format!("{shown}: line {}: {problem}", line(offset)));
        let file: File = toml::from_str(text).map_err(|error| {
            // The message alone: a picture of the line may hold what somebody took for the place of a secret.
            wrong(error.span().map_or(0, |span| span.start), error.message().replace('\n', ", "))
        })?;
        let limits = |settings: &Settings| -> Result<Vec<(String, usize)>, Failure> {
            let read = |(name, value): (&String, &toml::Spanned<toml::Value>)| {
                let offset = value.span().start;
                let Some(value) = setting(value.get_ref()) else { return Err(wrong(offset, format!("limit {name}: expected a number or a text"))) };
                let setting = format!("{name}={value}");
                Limits::default().set(&setting).map_err(|problem| wrong(offset, problem))?;
                Ok((setting, line(offset)))
            };
            settings.iter().map(read).collect()
        };
        let mut plugins = BTreeMap::new();
        for (name, plugin) in &file.plugins {
            plugins.insert(name.clone(), limits(&plugin.limits)?);
        }
        for (name, storage) in &file.storages {
            if name.contains(['/', ':', '\\', '.']) || name.is_empty() {
                return Err(wrong(storage.span().start, format!("storage '{name}': a name that could be a path or a URL would hide one")));
            }
        }
        let at = |offset: usize| line(offset);
        let policy = match file.policy {
            Some(policy) => {
                let offset = policy.span().start;
                let policy = policy.into_inner();
                policy.check().map_err(|problem| wrong(offset, problem))?;
                policy
            }
            None => Policy::default(),
        };
        // The same text was read a moment ago.
        let places: Places = toml::from_str(text).unwrap_or_default();
        Ok(Self {
            policy,
            policy_lines: places.policy.all().map(|(name, offset)| (name, at(offset))).collect(),
            plugin_store: file.run.plugins.map(|value| (PathBuf::from(value.get_ref()), at(value.span().start))),
            given_plugin_store: None,
            limits: limits(&file.limits)?,
            plugins,
            storages: file.storages.into_iter().map(|(name, storage)| (name, (storage.get_ref().clone(), at(storage.span().start)))).collect(),
            workers: file.run.workers.map(|value| (*value.get_ref(), at(value.span().start))),
            max_record_mib: file.run.max_record_mib.map(|value| (*value.get_ref(), at(value.span().start))),
            cache: file.run.cache.map(|value| (PathBuf::from(value.get_ref()), at(value.span().start))),
            isolate: file.run.isolate.map(|value| (*value.get_ref(), at(value.span().start))),
            path: Some(path),
        })
    }

    /// The limits of a plugin: those of the program, of the file, and then those of the command line.
    pub(crate) fn limits(&self, plugin: &str, given: &[String]) -> Result<Limits, Failure> {
        let mut limits = Limits::default();
        let of_plugin = self.plugins.get(plugin).into_iter().flatten();
        let settings = self.limits.iter().chain(of_plugin).map(|(setting, _)| setting).chain(given);
        for setting in settings {
            limits.set(setting).map_err(|problem| Failure::new(Exit::Config, problem))?;
        }
        Ok(limits)
    }

    /// What an installed plugin was given: the limits of the program and of the file, and then those of its approval.
    pub(crate) fn granted(&self, plugin: &Installed) -> Result<Limits, Failure> {
        let mut limits = self.limits(&plugin.name, &[])?;
        for (name, value) in &plugin.limits {
            limits.set(&format!("{name}={value}")).map_err(|problem| Failure::new(Exit::Config, problem))?;
        }
        Ok(limits)
    }

    /// The installed plugins.
    pub(crate) fn store(&self) -> Result<PluginStore, Failure> {
        let folder = self.given_plugin_store.clone().or_else(|| self.plugin_store.as_ref().map(|(folder, _)| folder.clone())).or_else(default_store);
        folder
            .map(PluginStore::new)
            .ok_or_else(|| Failure::new(Exit::Config, "there is no folder for installed plugins: give --plugin-store, or set ANGO_EXPORT_PLUGINS"))
    }

    /// URL and folder of what `--storage` or the project names: a storage of the file, or a URL or path.
    pub(crate) fn storage(&self, given: &str, path: Option<&str>) -> (String, String) {
        match self.storages.get(given) {
            Some((storage, _)) => {
                let folders = [storage.path.as_str(), path.unwrap_or_default()];
                let folder: Vec<&str> = folders.into_iter().filter(|folder| !folder.is_empty()).collect();
                (storage.url.clone(), folder.join("/"))
            }
            None => (given.to_owned(), path.unwrap_or_default().to_owned()),
        }
    }

    /// The storages whose links are signed.
    pub(crate) fn signed(&self) -> Vec<String> {
        let signed = self.storages.values().map(|(storage, _)| storage).filter(|storage| storage.sign_links);
        signed
            .map(
                |storage| {
                    if storage.path.is_empty() { storage.url.clone() } else { format!("{}/{}", storage.url.trim_end_matches('/'), storage.path) }
                },
            )
            .collect()
    }
}

/// The user's folder of installed plugins.
fn default_store() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_DATA_HOME").or_else(|| set("LOCALAPPDATA")).or_else(|| set("HOME").map(|home| home.join(".local/share")))?;
    Some(folder.join("ango-export/plugins"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[storages.exports]\nurl = \"s3://b\"\npath = \"x/y\"\nsign-links = true\n\n[limits]\nmemory = \"1GiB\"\nwall-time = 60\n\n[plugins.yolo.limits]\nmemory = \"2GiB\"\n\n[run]\nworkers = 3\n";

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, PathBuf::from("c.toml")).map_err(|failure| failure.message)
    }

    #[test]
    fn what_is_nearer_counts_more() {
        let config = parse(FILE).unwrap_or_default();
        let memory = |plugin, given: &[String]| config.limits(plugin, given).map(|limits| limits.memory >> 30).map_err(|failure| failure.message);
        assert_eq!(memory("coco", &[]), Ok(1));
        assert_eq!(memory("yolo", &[]), Ok(2));
        assert_eq!(memory("yolo", &["memory=3GiB".into()]), Ok(3));
        assert_eq!(config.limits, [("memory=1GiB".to_owned(), 7), ("wall-time=60".to_owned(), 8)]);
        assert_eq!(config.storage("exports", Some("2024")), ("s3://b".into(), "x/y/2024".into()));
        assert_eq!(config.storage("/srv/exports", None), ("/srv/exports".into(), String::new()));
        assert_eq!((config.signed(), config.workers), (vec!["s3://b/x/y".to_owned()], Some((3, 14))));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, problem) in [
            ("[limits]\n\nmemory = \"much\"\n", "c.toml: line 3: limit memory: '"),
            ("[limits]\nspeed = 1\n", "c.toml: line 2: limit 'speed' does not exist"),
            ("[limits]\nmemory = [1]\n", "c.toml: line 2: limit memory: expected a number or a text"),
            ("[storages.a]\nurl = \"s3://b\"\nsecret-key = \"hush\"\n", "c.toml: line 3: unknown field `secret-key`"),
            ("[storages.\"s3://x\"]\nurl = \"s3://b\"\n", "c.toml: line 1: storage 's3://x': a name that could be"),
            ("[run]\nworkers = -1\n", "c.toml: line 2: invalid value"),
            ("[run]\nisolate = \"yes\"\n", "c.toml: line 2: unknown variant `yes`, expected `none` or `process`"),
            ("a b\n", "c.toml: line 1: "),
        ] {
            let message = parse(text).err().unwrap_or_default();
            assert!(message.starts_with(problem) && !message.contains("hush"), "{message}");
        }
    }
}
