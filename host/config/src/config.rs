//! The configuration, as it is read and asked.

use crate::assets;
use crate::connect::Connect;
use crate::file::{File, Isolate, Places, Settings, Storage, setting};
use crate::service::Service;
use crate::storages;
use ango_pipeline::{AssetRules, ConfigError};
use ango_runtime::Limits;
use ango_trust::{Installed, PluginStore, Policy};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that is looked for in the current folder.
const NAME: &str = "ango-export.toml";

/// What the file says, with the line of each value; lines are counted from 1.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Where it is; `None` when there is none.
    pub path: Option<PathBuf>,
    /// Storages by name.
    pub storages: BTreeMap<String, (Storage, usize)>,
    /// Limits of every plugin, as `NAME=VALUE`.
    pub limits: Vec<(String, usize)>,
    /// Limits of single plugins.
    pub plugins: BTreeMap<String, Vec<(String, usize)>>,
    /// Threads that convert.
    pub workers: Option<(u32, usize)>,
    /// Longest record accepted, in MiB.
    pub max_record_mib: Option<(u32, usize)>,
    /// Folder for compiled plugins.
    pub cache: Option<(PathBuf, usize)>,
    /// Folder of installed plugins.
    pub plugin_store: Option<(PathBuf, usize)>,
    /// The same from the command line or the environment, which counts more.
    pub given_plugin_store: Option<PathBuf>,
    /// What is demanded of plugins.
    pub policy: Policy,
    /// Lines of the policy's values, by name.
    pub policy_lines: BTreeMap<String, usize>,
    /// What plugins that were granted assets may have.
    pub assets: AssetRules,
    /// Lines of these values, by name.
    pub asset_lines: BTreeMap<&'static str, usize>,
    /// Where plugins run.
    pub isolate: Option<(Isolate, usize)>,
    /// How the service is run.
    pub service: Option<(Service, usize)>,
    /// How Hub is joined.
    pub connect: Option<(Connect, usize)>,
}

impl Config {
    /// Reads the file that is named, or else the one in the current folder, if there is one. `plugin_store` is the folder that the command line or the environment names.
    ///
    /// # Errors
    /// When the file cannot be read, or something in it is wrong: what, and in which line.
    pub fn load(given: Option<&Path>, plugin_store: Option<&Path>) -> Result<Self, ConfigError> {
        let config = Self::read(given)?;
        Ok(Self { given_plugin_store: plugin_store.map(Path::to_owned), ..config })
    }

    fn read(given: Option<&Path>) -> Result<Self, ConfigError> {
        let path = match given {
            Some(path) => path.to_owned(),
            None if Path::new(NAME).is_file() => PathBuf::from(NAME),
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| ConfigError(format!("{}: {error}", path.display())))?;
        Self::parse(&text, path)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When something in it is wrong: what, and in which line.
    pub fn parse(text: &str, path: PathBuf) -> Result<Self, ConfigError> {
        let shown = path.display().to_string();
        let line = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
        let wrong = |offset: usize, problem: String| ConfigError(format!("{shown}: line {}: {problem}", line(offset)));
        let file: File = toml::from_str(text).map_err(|error| {
            // The message alone: a picture of the line may hold what somebody took for the place of a secret.
            wrong(error.span().map_or(0, |span| span.start), error.message().replace('\n', ", "))
        })?;
        let limits = |settings: &Settings| -> Result<Vec<(String, usize)>, ConfigError> {
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
            let (open, offset) = (storage.get_ref().url.ends_with("://"), storage.span().start);
            if open == storage.get_ref().buckets.is_empty() {
                let problem = if open {
                    "url: says no bucket: list those that can be chosen in buckets"
                } else {
                    "buckets: url says which bucket it is: leave it out there, as in s3://"
                };
                return Err(wrong(offset, format!("storage '{name}': {problem}")));
            }
            if let Some(bucket) = storage.get_ref().buckets.iter().find(|bucket| !storages::is_bucket_name(bucket)) {
                return Err(wrong(offset, format!("storage '{name}': buckets: '{bucket}' is no name of a bucket")));
            }
        }
        let at = |offset: usize| line(offset);
        let assets = assets::read(file.assets).map_err(|(offset, problem)| wrong(offset, problem))?;
        let policy = match file.policy {
            Some(policy) => {
                let offset = policy.span().start;
                let policy = policy.into_inner();
                policy.check().map_err(|problem| wrong(offset, problem))?;
                policy
            }
            None => Policy::default(),
        };
        let connect = file.connect.map(|connect| (connect.span().start, connect.into_inner()));
        if let Some((offset, connect)) = &connect {
            connect.check().map_err(|problem| wrong(*offset, problem))?;
        }
        let service = file.service.map(|service| (service.span().start, service.into_inner()));
        if let Some((offset, service)) = &service {
            service.check().map_err(|problem| wrong(*offset, problem))?;
        }
        // The same text was read a moment ago.
        let places: Places = toml::from_str(text).unwrap_or_default();
        Ok(Self {
            service: service.map(|(offset, service)| (service, at(offset))),
            connect: connect.map(|(offset, connect)| (connect, at(offset))),
            asset_lines: assets.places.into_iter().map(|(name, offset)| (name, at(offset))).collect(),
            assets: assets.rules,
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
    ///
    /// # Errors
    /// When a limit does not exist, or its value is none.
    pub fn limits(&self, plugin: &str, given: &[String]) -> Result<Limits, ConfigError> {
        let mut limits = Limits::default();
        let of_plugin = self.plugins.get(plugin).into_iter().flatten();
        let settings = self.limits.iter().chain(of_plugin).map(|(setting, _)| setting).chain(given);
        for setting in settings {
            limits.set(setting).map_err(ConfigError)?;
        }
        Ok(limits)
    }

    /// What an installed plugin was given: the limits of the program and of the file, and then those of its approval.
    ///
    /// # Errors
    /// When a limit does not exist, or its value is none.
    pub fn granted(&self, plugin: &Installed) -> Result<Limits, ConfigError> {
        let mut limits = self.limits(&plugin.name, &[])?;
        for (name, value) in &plugin.limits {
            limits.set(&format!("{name}={value}")).map_err(ConfigError)?;
        }
        Ok(limits)
    }

    /// The installed plugins: in the folder that was given, that the file names, or in the user's folder for data.
    ///
    /// # Errors
    /// When there is no such folder to be found.
    pub fn store(&self) -> Result<PluginStore, ConfigError> {
        let folder = self.given_plugin_store.clone().or_else(|| self.plugin_store.as_ref().map(|(folder, _)| folder.clone())).or_else(default_store);
        folder
            .map(PluginStore::new)
            .ok_or_else(|| ConfigError("there is no folder for installed plugins: give --plugin-store, or set ANGO_EXPORT_PLUGINS".into()))
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
    use ango_pipeline::bucket::Place;

    const FILE: &str = "[storages.exports]\nurl = \"s3://b\"\npath = \"x/y\"\nsign-links = true\n\n[limits]\nmemory = \"1GiB\"\nwall-time = 60\n\n[plugins.yolo.limits]\nmemory = \"2GiB\"\n\n[run]\nworkers = 3\n";

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, PathBuf::from("c.toml")).map_err(|error| error.0)
    }

    #[test]
    fn what_is_nearer_counts_more() {
        let config = parse(FILE).unwrap_or_default();
        let memory = |plugin, given: &[String]| config.limits(plugin, given).map(|limits| limits.memory >> 30).map_err(|error| error.0);
        assert_eq!(memory("coco", &[]), Ok(1));
        assert_eq!(memory("yolo", &[]), Ok(2));
        assert_eq!(memory("yolo", &["memory=3GiB".into()]), Ok(3));
        assert_eq!(config.limits, [("memory=1GiB".to_owned(), 7), ("wall-time=60".to_owned(), 8)]);
        let storage = |name, bucket, path| config.storage(name, bucket, path).map(|opened| (opened.url, opened.path)).map_err(|error| error.0);
        assert_eq!(storage("exports", None, Some("2024")), Ok(("s3://b".into(), "x/y/2024".into())));
        assert_eq!(storage("exports", Some("b"), None), Ok(("s3://b".into(), "x/y".into())));
        assert!(storage("exports", Some("c"), None).is_err_and(|problem| problem.contains("bucket 'c' is not that of")));
        assert_eq!(storage("/srv/exports", None, None), Ok(("/srv/exports".into(), String::new())));
        assert_eq!((config.signed(), config.workers), (vec![Place::from("s3://b/x/y".to_owned())], Some((3, 14))));
    }

    #[test]
    fn a_bucket_is_chosen_among_those_of_the_storage() {
        let text = "[storages.acme]\nurl = \"gs://\"\npath = \"p\"\nbuckets = [\"one\", \"two\"]\nsign-links = true\nsecrets = \"/nowhere\"\n[storages.open]\nurl = \"az://\"\nbuckets = [\"c\"]\n";
        let config = parse(text).unwrap_or_default();
        let storage = |name, bucket, path| config.storage(name, bucket, path).map(|opened| (opened.url, opened.path)).map_err(|error| error.0);
        assert_eq!(storage("open", Some("c"), Some("/x/")), Ok(("az://c".into(), "/x/".into())));
        for bucket in [None, Some(""), Some("d"), Some("c/../d"), Some("C")] {
            let problem = storage("open", bucket, None).err().unwrap_or_default();
            assert!(problem.starts_with("storage 'open': ") && problem.ends_with(": there are c"), "{problem}");
        }
        assert!(storage("acme", Some("one"), None).is_err_and(|problem| problem.starts_with("/nowhere: ")));
        let secrets = Some(PathBuf::from("/nowhere"));
        assert_eq!(config.signed(), ["gs://one/p", "gs://two/p"].map(|url| Place { url: url.into(), secrets: secrets.clone() }));
        assert!(
            storage("s3://b", Some("b"), None)
                .is_err_and(|problem| problem.contains("a bucket can be chosen in a storage of the configuration file alone"))
        );
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
            ("[storages.a]\nurl = \"s3://\"\n", "c.toml: line 1: storage 'a': url: says no bucket"),
            ("[storages.a]\nurl = \"s3://b\"\nbuckets = [\"c\"]\n", "c.toml: line 1: storage 'a': buckets: url says"),
            ("[storages.a]\nurl = \"s3://\"\nbuckets = [\"me:x@b\"]\n", "c.toml: line 1: storage 'a': buckets: 'me:x@b' is no name"),
            ("[connect]\nhub = \"ftp://x\"\n", "c.toml: line 1: connect: hub: expected https://"),
            ("[connect]\n[connect.plugins.a]\noptions = {}\n", "c.toml: line 1: connect: plugin 'a': converter: is missing"),
            ("[connect.plugins.a]\nconverter = \"coco\"\nsecret = \"hush\"\n", "c.toml: line 3: unknown field `secret`"),
            ("[connect.plugins.a]\nconverter = \"coco\"\nlimits.speed = 1\n", "c.toml: line 1: connect: plugin 'a': limit 'speed' does not exist"),
            ("[service]\nlisten = \"here\"\n", "c.toml: line 1: service: listen 'here': expected ADDRESS:PORT"),
            ("[service.organisations.a]\nprojects = \"p\"\nmax-running = 0\n", "c.toml: line 1: service: organisation 'a': max-running"),
            ("a b\n", "c.toml: line 1: "),
        ] {
            let message = parse(text).err().unwrap_or_default();
            assert!(message.starts_with(problem) && !message.contains("hush"), "{message}");
        }
    }
}
