//! From names on the command line to loaded plugins with checked options.

use crate::args::Common;
use crate::clock::now;
use crate::exit::{Exit, Failure};
use ango_config::Config;
use ango_pipeline::{AssetFetcher, PluginSpec};
use ango_runtime::{Cache, ChildProgram, CompileLimits, Engine, Grant, Limits, Plugin, check_options, printable_line};
use ango_trust::{Actor, Files, Installed, Lock, TrustError};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Loads plugins.
#[derive(Debug)]
pub struct Loader<'c> {
    engine: Engine,
    cache: Option<Cache>,
    runtime: Handle,
    config: &'c Config,
}

/// A plugin that was loaded.
#[derive(Debug)]
pub struct Loaded {
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Its place in the lock file, of an installed one.
    pub installed: Option<Installed>,
}

impl<'c> Loader<'c> {
    /// A loader that keeps compiled code in `cache`, or in the user's cache folder. The second value is a warning: without a cache everything works, slower.
    pub fn new(config: &'c Config, cache: Option<&Path>, runtime: Handle) -> Result<(Self, Option<String>), Failure> {
        let engine = engine()?;
        let folder = cache.map(Path::to_owned).or_else(default_cache);
        let (cache, warning) = match folder.as_deref().map(|folder| (folder, Cache::open(folder))) {
            Some((_, Ok(cache))) => (Some(cache), None),
            Some((folder, Err(error))) => (None, Some(format!("compiled plugins are not kept: {}: {error}", folder.display()))),
            None => (None, None),
        };
        Ok((Self { engine, cache, runtime, config }, warning))
    }

    /// The same, of plugins that run in processes of their own.
    pub fn isolated(self) -> Result<Self, Failure> {
        let engine = self.engine.isolated(this_program()?).map_err(|error| Failure::new(Exit::Config, format!("--isolate=process: {error}")))?;
        Ok(Self { engine, ..self })
    }

    /// What compiles and runs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Loads a bundled or an installed plugin by its name, or a component by its path.
    pub fn load(&self, name: &str) -> Result<Loaded, Failure> {
        if let Some(bundled) = ango_plugin_bundle::find(name) {
            return Ok(Loaded { plugin: self.load_bytes(name, bundled.wasm)?, installed: None });
        }
        if is_path(name) {
            let loading = Plugin::load_file(&self.engine, self.cache.as_ref(), name, Path::new(name));
            return Ok(Loaded { plugin: Arc::new(self.runtime.block_on(loading)?), installed: None });
        }
        // Where there is no folder for installed plugins, none is installed.
        let Ok(store) = self.config.store() else { return Err(unknown(name, &Lock::default())) };
        let by = user();
        let actor = Actor { by: &by, now: now() };
        match store.load_approved(name, &self.engine, &self.config.policy, actor, &self.runtime) {
            Ok(approved) => Ok(Loaded { plugin: Arc::new(approved.plugin), installed: Some(approved.installed) }),
            Err(TrustError::NotInstalled { .. }) if !name.contains('@') => Err(unknown(name, &store.read()?)),
            Err(error) => Err(error.into()),
        }
    }

    /// The same for a run: only what the policy lets run.
    pub fn load_for_run(&self, name: &str) -> Result<Loaded, Failure> {
        if self.config.policy.files == Files::Refuse && is_path(name) {
            let problem = format!("plugin {name}: the policy lets no component run by its path (policy.files = \"refuse\"): install and approve it");
            return Err(Failure::new(Exit::Config, problem));
        }
        self.load(name)
    }

    /// Loads a component; `name` is what errors call it.
    pub fn load_bytes(&self, name: &str, wasm: &[u8]) -> Result<Arc<Plugin>, Failure> {
        Ok(Arc::new(self.runtime.block_on(Plugin::load(&self.engine, self.cache.as_ref(), name, wasm))?))
    }
}

pub fn is_path(name: &str) -> bool {
    name.ends_with(".wasm") || name.contains(['/', '\\'])
}

fn unknown(name: &str, lock: &Lock) -> Failure {
    let bundled = ango_plugin_bundle::all().iter().map(|bundled| bundled.name);
    let installed = lock.plugins.iter().filter(|plugin| plugin.active).map(|plugin| plugin.name.as_str());
    let known: Vec<&str> = bundled.chain(installed).collect();
    Failure::new(Exit::Config, format!("plugin '{name}' does not exist: there are {}, and paths of .wasm files", known.join(", ")))
}

/// Who is at the keyboard, for the record: the one who became root, if there is one.
pub fn user() -> String {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let name = set("SUDO_USER").or_else(|| set("USER")).or_else(|| set("LOGNAME")).or_else(|| set("USERNAME"));
    name.map_or_else(user_number, |name| printable_line(&name, 100))
}

/// A user without a name, as services have it.
#[cfg(unix)]
fn user_number() -> String {
    format!("uid {}", rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn user_number() -> String {
    "unknown".to_owned()
}

/// The engine. It compiles in children, bundled plugins as well: there is one way, which every test goes, and no compiler in the process that holds credentials.
fn engine() -> Result<Engine, Failure> {
    let engine = Engine::new().map_err(|error| Failure::new(Exit::Internal, format!("the WebAssembly engine does not start: {error:#}")))?;
    Ok(engine.with_compiler(this_program()?, CompileLimits::default()))
}

fn this_program() -> Result<ChildProgram, Failure> {
    ChildProgram::this().map_err(|error| Failure::new(Exit::Internal, format!("this program does not find itself: {error}")))
}

fn default_cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(|| set("HOME").map(|home| home.join(".cache")))?;
    Some(folder.join("ango-export"))
}

/// What the command line says of plugins.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Names and paths.
    pub plugins: &'a [String],
    /// `[PLUGIN.]KEY=VALUE`.
    pub options: &'a [String],
    /// `NAME=VALUE`.
    pub limits: &'a [String],
    /// `PLUGIN=GRANT`.
    pub grants: &'a [String],
}

impl<'a> From<&'a Common> for Asked<'a> {
    fn from(common: &'a Common) -> Self {
        Self { plugins: &common.plugins, options: &common.options, limits: &common.limits, grants: &common.grants }
    }
}

/// Puts plugins, options, limits and grants together as the command line says.
pub fn specs(loader: &Loader, asked: Asked<'_>, config: &Config) -> Result<Vec<PluginSpec>, Failure> {
    let Asked { plugins: names, options, limits, grants } = asked;
    config.limits("", limits)?;
    let plugins = names.iter().map(|name| loader.load_for_run(name)).collect::<Result<Vec<_>, _>>()?;
    let known: Vec<&str> = plugins.iter().map(|loaded| loaded.plugin.info().name.as_str()).collect();
    let mut values: Vec<Map<String, Value>> = vec![Map::new(); plugins.len()];
    for option in options {
        let (index, key, value) = parse_option(option, &known)?;
        if values[index].insert(key.to_owned(), value).is_some() {
            return Err(Failure::new(Exit::Config, format!("option {option}: the option is given twice")));
        }
    }
    let granted = granted(grants, &plugins)?;
    let assets = granted.contains(&true).then(|| AssetFetcher::open(config.assets.clone())).transpose()?.map(Arc::new);
    let mut specs = Vec::new();
    for ((Loaded { plugin, installed }, values), granted) in plugins.into_iter().zip(values).zip(granted) {
        let options = Value::Object(values);
        check_options(&plugin.info().name, &plugin.info().options_schema, &options)?;
        let limits = match &installed {
            None => config.limits(&plugin.info().name, limits)?,
            Some(installed) => below(&config.granted(installed)?, limits, installed)?,
        };
        specs.push(PluginSpec { plugin, options, limits, assets: assets.clone().filter(|_| granted) });
    }
    Ok(specs)
}

/// Which plugins may ask for assets: installed ones that were approved with it, and others that the command line says it of. Who types it is the admin.
fn granted(grants: &[String], plugins: &[Loaded]) -> Result<Vec<bool>, Failure> {
    let approved = |loaded: &Loaded| loaded.installed.as_ref().is_some_and(|installed| installed.grants.contains(&Grant::Assets));
    let mut granted: Vec<bool> = plugins.iter().map(approved).collect();
    for grant in grants {
        let fail = |problem: String| Failure::new(Exit::Config, format!("grant {grant}: {problem}"));
        let Some((name, right)) = grant.split_once('=') else { return Err(fail("expected PLUGIN=assets".into())) };
        if right != Grant::Assets.as_str() {
            return Err(fail(format!("'{right}' is no right that a plugin can be given: there is {}", Grant::Assets.as_str())));
        }
        let Some(index) = plugins.iter().position(|loaded| loaded.plugin.info().name == name) else {
            let known: Vec<&str> = plugins.iter().map(|loaded| loaded.plugin.info().name.as_str()).collect();
            return Err(fail(format!(
                "plugin '{name}' is not one of this run: {}",
                if known.is_empty() { "there are none".into() } else { known.join(", ") }
            )));
        };
        if plugins[index].installed.is_some() {
            return Err(fail(format!(
                "an installed plugin has what it was approved with: `ango-export plugin approve {name}@DIGEST --grant assets`"
            )));
        }
        if !plugins[index].plugin.info().grants.contains(&Grant::Assets) {
            return Err(fail("the plugin does not ask for assets, so it is not given them".into()));
        }
        granted[index] = true;
    }
    Ok(granted)
}

/// The limits of a run of an installed plugin: those that it was given, or lower ones.
fn below(granted: &Limits, given: &[String], plugin: &Installed) -> Result<Limits, Failure> {
    let mut limits = granted.clone();
    for setting in given {
        limits.set(setting).map_err(|problem| Failure::new(Exit::Config, problem))?;
    }
    match limits.exceeds(granted) {
        None => Ok(limits),
        Some(name) => {
            let problem = format!("limit {name}: is more than was approved for {0}: approve it again with --limit {name}=VALUE", plugin.shown());
            Err(Failure::new(Exit::Config, problem))
        }
    }
}

/// The options of a single plugin, each as `KEY=VALUE`.
pub fn values(options: &[String]) -> Result<Value, Failure> {
    let mut values = Map::new();
    for option in options {
        let Some((key, value)) = option.split_once('=') else {
            return Err(Failure::new(Exit::Config, format!("option {option}: expected KEY=VALUE")));
        };
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        if values.insert(key.to_owned(), value).is_some() {
            return Err(Failure::new(Exit::Config, format!("option {option}: the option is given twice")));
        }
    }
    Ok(Value::Object(values))
}

/// `[PLUGIN.]KEY=VALUE`; keys hold no dots, so what stands before one is a plugin.
fn parse_option<'a>(option: &'a str, plugins: &[&str]) -> Result<(usize, &'a str, Value), Failure> {
    let fail = |problem: String| Err(Failure::new(Exit::Config, format!("option {option}: {problem}")));
    let Some((name, value)) = option.split_once('=') else { return fail("expected [PLUGIN.]KEY=VALUE".into()) };
    let (index, key) = match name.split_once('.') {
        Some((plugin, key)) => match plugins.iter().position(|known| *known == plugin) {
            Some(index) => (index, key),
            None => return fail(format!("plugin '{plugin}' is not one of this run: {}", plugins.join(", "))),
        },
        None if plugins.len() == 1 => (0, name),
        None => {
            return fail(format!(
                "say for which plugin, as PLUGIN.{name}: there are {}",
                if plugins.is_empty() { "none".into() } else { plugins.join(", ") }
            ));
        }
    };
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((index, key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_belong_to_a_plugin() {
        let read = |option: &'static str, plugins: &[&str]| parse_option(option, plugins).map_err(|failure| failure.message);
        assert_eq!(read("task=segment", &["yolo"]), Ok((0, "task", Value::from("segment"))));
        assert_eq!(read("yolo.val_ratio=0.2", &["coco", "yolo"]), Ok((1, "val_ratio", Value::from(0.2))));
        assert_eq!(read("x=a=b", &["yolo"]), Ok((0, "x", Value::from("a=b"))));
        assert!(read("task=segment", &["coco", "yolo"]).is_err_and(|problem| problem.contains("PLUGIN.task")));
        assert!(read("voc.x=1", &["coco"]).is_err_and(|problem| problem.contains("'voc' is not one")));
        assert!(read("task", &["yolo"]).is_err());
    }
}
