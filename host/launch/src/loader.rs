//! Plugins by name: bundled ones, installed ones that were approved, and components by their path.

use crate::error::LaunchError;
use crate::time::now;
use ango_config::Config;
use ango_runtime::{Cache, ChildProgram, CompileLimits, Engine, Plugin};
use ango_trust::{Actor, Files, Installed, Lock, TrustError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Loads plugins. Must not be used on a thread of the runtime.
#[derive(Debug)]
pub struct Loader {
    engine: Engine,
    cache: Option<Cache>,
    runtime: Handle,
    config: Arc<Config>,
    by: String,
}

/// A plugin that was loaded.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Its place in the lock file, of an installed one.
    pub installed: Option<Installed>,
}

impl Loader {
    /// A loader that keeps compiled code in `cache`, or in the user's cache folder. `by` is who is named in the record of approvals when code of an installed plugin has to be made anew. The
    /// second value is a warning: without a cache everything works, slower.
    ///
    /// # Errors
    /// When the engine does not start.
    pub fn new(config: &Config, cache: Option<&Path>, by: String, runtime: Handle) -> Result<(Self, Option<String>), LaunchError> {
        let engine = engine()?;
        let folder = cache.map(Path::to_owned).or_else(default_cache);
        let (cache, warning) = match folder.as_deref().map(|folder| (folder, Cache::open(folder))) {
            Some((_, Ok(cache))) => (Some(cache), None),
            Some((folder, Err(error))) => (None, Some(format!("compiled plugins are not kept: {}: {error}", folder.display()))),
            None => (None, None),
        };
        Ok((Self { engine, cache, runtime, config: Arc::new(config.clone()), by }, warning))
    }

    /// The same, of plugins that run in processes of their own.
    ///
    /// # Errors
    /// Where there is no such thing.
    pub fn isolated(self) -> Result<Self, LaunchError> {
        let engine = self.engine.isolated(this_program()?).map_err(|error| LaunchError::asked(format!("--isolate=process: {error}")))?;
        Ok(Self { engine, ..self })
    }

    /// The same with another configuration, which holds for plugins that are loaded from then on. Engine and cache stay.
    #[must_use]
    pub fn with_config(&self, config: &Config) -> Self {
        let (engine, cache, runtime, by) = (self.engine.clone(), self.cache.clone(), self.runtime.clone(), self.by.clone());
        Self { engine, cache, runtime, config: Arc::new(config.clone()), by }
    }

    /// What compiles and runs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The configuration that holds.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Loads a bundled or an installed plugin by its name, or a component by its path.
    ///
    /// # Errors
    /// When there is no such plugin, it may not run, or it does not load.
    pub fn load(&self, name: &str) -> Result<Loaded, LaunchError> {
        if let Some(bundled) = ango_plugin_bundle::find(name) {
            return Ok(Loaded { plugin: self.load_bytes(name, bundled.wasm)?, installed: None });
        }
        if is_path(name) {
            let loading = Plugin::load_file(&self.engine, self.cache.as_ref(), name, Path::new(name));
            return Ok(Loaded { plugin: Arc::new(self.runtime.block_on(loading)?), installed: None });
        }
        // Where there is no folder for installed plugins, none is installed.
        let Ok(store) = self.config.store() else { return Err(unknown(name, &Lock::default())) };
        let actor = Actor { by: &self.by, now: now() };
        match store.load_approved(name, &self.engine, &self.config.policy, actor, &self.runtime) {
            Ok(approved) => Ok(Loaded { plugin: Arc::new(approved.plugin), installed: Some(approved.installed) }),
            Err(TrustError::NotInstalled { .. }) if !name.contains('@') => Err(unknown(name, &store.read()?)),
            Err(error) => Err(error.into()),
        }
    }

    /// The same for a run: only what the policy lets run.
    ///
    /// # Errors
    /// As [`load`](Self::load), and when the policy says no.
    pub fn load_for_run(&self, name: &str) -> Result<Loaded, LaunchError> {
        if self.config.policy.files == Files::Refuse && is_path(name) {
            let problem = format!("plugin {name}: the policy lets no component run by its path (policy.files = \"refuse\"): install and approve it");
            return Err(LaunchError::asked(problem));
        }
        self.load(name)
    }

    /// Loads a component; `name` is what errors call it.
    ///
    /// # Errors
    /// When it does not load.
    pub fn load_bytes(&self, name: &str, wasm: &[u8]) -> Result<Arc<Plugin>, LaunchError> {
        Ok(Arc::new(self.runtime.block_on(Plugin::load(&self.engine, self.cache.as_ref(), name, wasm))?))
    }
}

/// Whether what somebody calls a plugin is the path of a component.
pub fn is_path(name: &str) -> bool {
    name.ends_with(".wasm") || name.contains(['/', '\\'])
}

fn unknown(name: &str, lock: &Lock) -> LaunchError {
    let bundled = ango_plugin_bundle::all().iter().map(|bundled| bundled.name);
    let installed = lock.plugins.iter().filter(|plugin| plugin.active).map(|plugin| plugin.name.as_str());
    let known: Vec<&str> = bundled.chain(installed).collect();
    LaunchError::asked(format!("plugin '{name}' does not exist: there are {}, and paths of .wasm files", known.join(", ")))
}

/// The engine. It compiles in children, bundled plugins as well: there is one way, which every test goes, and no compiler in the process that holds credentials.
fn engine() -> Result<Engine, LaunchError> {
    let engine = Engine::new().map_err(|error| LaunchError::Internal(format!("the WebAssembly engine does not start: {error:#}")))?;
    Ok(engine.with_compiler(this_program()?, CompileLimits::default()))
}

fn this_program() -> Result<ChildProgram, LaunchError> {
    ChildProgram::this().map_err(|error| LaunchError::Internal(format!("this program does not find itself: {error}")))
}

fn default_cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(|| set("HOME").map(|home| home.join(".cache")))?;
    Some(folder.join("ango-export"))
}
