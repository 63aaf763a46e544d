//! A component that passed the checks and said what it is.

use crate::artefact::{self, Artefact, check_digest};
use crate::bindings::ConverterPre;
use crate::bindings::ango::converter::description as wit;
use crate::cache::Cache;
#[cfg(target_os = "linux")]
use crate::child::ChildProgram;
use crate::compile::CompileError;
use crate::engine::Engine;
use crate::error::{LoadError, RunError};
use crate::fit;
use crate::host::{self, State};
use crate::instance;
#[cfg(target_os = "linux")]
use crate::isolate::{NotDescribed, Workers};
use crate::options::check_schema;
use crate::scan::scan;
use crate::stderr::printable_line;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a file that say what it is.
const HEAD: u64 = 8;
/// Longest explanation that quotes a component, in bytes.
const MAX_PROBLEM: usize = 2000;

/// A right that an admin gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// To ask for sizes and bytes of assets.
    Assets,
}

impl Grant {
    /// The grant's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assets => "assets",
        }
    }
}

/// How runs may be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parallelism {
    /// One instance sees all tasks in order.
    Sequential,
    /// Many instances, each on a shard.
    IndependentTasks,
}

impl Parallelism {
    /// What it means for a run, for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sequential => "one instance sees all tasks in order",
            Self::IndependentTasks => "tasks are independent: many instances in parallel",
        }
    }
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Name on the command line and in object keys.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// One line for people.
    pub title: String,
    /// Target format, for people.
    pub format: String,
    /// JSON Schema of the options.
    pub options_schema: serde_json::Value,
    /// Wanted rights.
    pub grants: Vec<Grant>,
    /// How runs may be split.
    pub parallelism: Parallelism,
    /// Wants stage history.
    pub history: bool,
}

impl Info {
    /// Wants the issues of the project, which the schema of its options says: `"x-issues": true`.
    pub fn wants_issues(&self) -> bool {
        self.options_schema.get("x-issues").is_some_and(|wants| *wants == serde_json::Value::Bool(true))
    }
}

/// A loaded plugin. Cheap to share; every run gets a fresh instance.
pub struct Plugin {
    info: Info,
    digest: String,
    imports: Vec<String>,
    pub(crate) runner: Runner,
}

/// Where a plugin runs.
pub(crate) enum Runner {
    /// In this process.
    Here(Engine, ConverterPre<State>),
    /// In children. Those that described it are for its first conversion.
    #[cfg(target_os = "linux")]
    Apart(Workers, Mutex<Option<Workers>>),
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("name", &self.info.name).field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// A component and its compiled code, with the digests that they must have, in hexadecimal. These come from a place that only the user can write.
#[derive(Debug, Clone, Copy)]
pub struct Locked<'a> {
    /// File of the component.
    pub wasm: &'a Path,
    /// Its SHA-256.
    pub wasm_sha256: &'a str,
    /// File of what [`Artefact::write_to`] wrote. It was compiled from this component, by an engine with this [`Engine::compatibility`].
    pub artefact: &'a Path,
    /// [`Artefact::sha256`].
    pub artefact_sha256: &'a str,
}

impl Plugin {
    /// Loads a component: checks it, compiles it or takes it from the cache, and asks it what it is. `name` is what errors call it.
    ///
    /// # Errors
    /// When it is not a component, takes too much to compile, does not fit the contract, or does not describe itself.
    pub async fn load(engine: &Engine, cache: Option<&Cache>, name: &str, wasm: &[u8]) -> Result<Self, LoadError> {
        fit::check_format(name, wasm, wasm.len() as u64)?;
        let digest = hex(&Sha256::digest(wasm));
        if let Some(plugin) = Self::kept(engine, cache, name, &digest).await {
            return plugin;
        }
        let artefact = Self::compile(engine, name, wasm)?;
        if let Some(cache) = cache {
            // A cache that cannot be written costs time, not the run.
            let _ = cache.put(&digest, engine.compatibility(), &artefact);
        }
        let stale = |problem: String| LoadError::Compile { plugin: name.into(), problem };
        Self::prepare(engine, name, &digest, artefact).await.map_err(|error| error.named(name, stale))
    }

    /// Loads a component from a file. When it is in the cache, the file is digested as it is read, and is never in memory as a whole.
    ///
    /// # Errors
    /// As [`load`](Self::load), and when the file cannot be read.
    pub async fn load_file(engine: &Engine, cache: Option<&Cache>, name: &str, file: &Path) -> Result<Self, LoadError> {
        let failed = |source| LoadError::Read { plugin: name.to_owned(), source };
        let opened = File::open(file).map_err(failed)?;
        // What is no file can be read once.
        if cache.is_some() && opened.metadata().is_ok_and(|metadata| metadata.is_file()) {
            let digest = digest(name, opened)?;
            if let Some(plugin) = Self::kept(engine, cache, name, &digest).await {
                return plugin;
            }
        }
        let wasm = std::fs::read(file).map_err(failed)?;
        Self::load(engine, cache, name, &wasm).await
    }

    /// Loads a component whose compiled code is at hand; nothing is compiled.
    ///
    /// # Errors
    /// When a file is not what it was, the code is of another engine, or the component does not fit the contract or does not describe itself.
    pub async fn load_locked(engine: &Engine, name: &str, locked: Locked<'_>) -> Result<Self, LoadError> {
        // Two large files, and two cores in every machine.
        let (digest, artefact) = std::thread::scope(|scope| {
            let artefact = scope.spawn(|| Artefact::read(name, locked.artefact, locked.artefact_sha256));
            let failed = |source| LoadError::Read { plugin: name.to_owned(), source };
            let digest = File::open(locked.wasm).map_err(failed).and_then(|file| digest(name, file));
            (digest, artefact.join().unwrap_or_else(|_| Err(failed(std::io::Error::other("the thread that reads the compiled code panicked")))))
        });
        let (digest, artefact) = (digest?, artefact?);
        check_digest(name, locked.wasm, &digest, locked.wasm_sha256)?;
        let stale = |problem: String| LoadError::Changed {
            plugin: name.into(),
            problem: format!("{} is not of this version of the program: {problem}", locked.artefact.display()),
        };
        Self::prepare(engine, name, &digest, artefact).await.map_err(|error| error.named(name, stale))
    }

    /// Checks a component and compiles it, and runs nothing of it.
    ///
    /// # Errors
    /// When it is not a component, or takes too much to compile.
    pub fn compile(engine: &Engine, name: &str, wasm: &[u8]) -> Result<Artefact, LoadError> {
        fit::check_format(name, wasm, wasm.len() as u64)?;
        // Both quote the component.
        scan(wasm).map_err(|problem| LoadError::NotAComponent { plugin: name.into(), problem: printable_line(&problem, MAX_PROBLEM) })?;
        let code = engine.compiler().compile(wasm).map_err(|error| match error {
            CompileError::Limit(limit) => LoadError::Limit { plugin: name.into(), limit },
            CompileError::Failed(error) => LoadError::Compile { plugin: name.into(), problem: printable_line(&format!("{error:#}"), MAX_PROBLEM) },
        })?;
        Artefact::new(&code).map_err(|error| LoadError::Compile { plugin: name.into(), problem: error.to_string() })
    }

    /// The plugin with this digest from the cache. Before it was compiled, it was scanned. Code that does not load (of a build that calls itself the same) is made anew.
    async fn kept(engine: &Engine, cache: Option<&Cache>, name: &str, digest: &str) -> Option<Result<Self, LoadError>> {
        let artefact = cache?.get(digest, engine.compatibility())?;
        match Self::prepare(engine, name, digest, artefact).await {
            Err(Unprepared::Stale(_)) => None,
            prepared => Some(prepared.map_err(|error| error.named(name, |problem| LoadError::Changed { plugin: name.into(), problem }))),
        }
    }

    async fn prepare(engine: &Engine, name: &str, digest: &str, artefact: Artefact) -> Result<Self, Unprepared> {
        let (described, imports, runner) = match engine.isolation() {
            #[cfg(target_os = "linux")]
            Some(program) => describe_apart(program, artefact)?,
            _ => describe_here(engine, &artefact).await?,
        };
        let wrong = |problem| Unprepared::Load(LoadError::Description { plugin: name.into(), problem });
        Ok(Self { info: check_info(described).map_err(wrong)?, digest: digest.to_owned(), imports, runner })
    }

    /// Children for a conversion; `None` when the plugin runs in this process.
    #[cfg(target_os = "linux")]
    pub(crate) fn workers(&self) -> Option<std::io::Result<Workers>> {
        let Runner::Apart(workers, first) = &self.runner else { return None };
        let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        Some(first.map_or_else(|| workers.again(), Ok))
    }

    /// What it says of itself.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// SHA-256 of the component, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The interfaces it imports.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a plugin is not ready.
enum Unprepared {
    /// Its code does not load.
    Stale(String),
    /// It does not fit the contract.
    Contract(String),
    /// It did not say what it is.
    Describe(RunError),
    /// Anything else.
    Load(LoadError),
}

impl Unprepared {
    fn named(self, name: &str, stale: impl FnOnce(String) -> LoadError) -> LoadError {
        match self {
            Self::Stale(problem) => stale(problem),
            Self::Contract(problem) => LoadError::Contract { plugin: name.into(), problem: printable_line(&fit::explain(&problem), MAX_PROBLEM) },
            Self::Describe(source) => LoadError::Describe { plugin: name.into(), source: Box::new(source) },
            Self::Load(error) => error,
        }
    }
}

type Described = (wit::Info, Vec<String>, Runner);

async fn describe_here(engine: &Engine, artefact: &Artefact) -> Result<Described, Unprepared> {
    let component = artefact.component(engine).map_err(|error| Unprepared::Stale(format!("{error:#}")))?;
    let imports = fit::check_imports(engine, &component).map_err(Unprepared::Contract)?;
    let component = host::prepare(engine, &component).map_err(|error| Unprepared::Contract(format!("{error:#}")))?;
    let described = instance::describe(engine, &component).await.map_err(Unprepared::Describe)?;
    Ok((described, imports, Runner::Here(engine.clone(), component)))
}

#[cfg(target_os = "linux")]
fn describe_apart(program: &ChildProgram, artefact: Artefact) -> Result<Described, Unprepared> {
    let not_started = |error: std::io::Error| Unprepared::Describe(RunError::Isolation(format!("does not start: {error}")));
    let workers = Workers::new(program.clone(), Arc::new(artefact)).map_err(not_started)?;
    let (described, imports) = workers.describe().map_err(|error| match error {
        NotDescribed::Stale(problem) => Unprepared::Stale(problem),
        NotDescribed::Contract(problem) => Unprepared::Contract(problem),
        NotDescribed::Run(error) => Unprepared::Describe(error),
    })?;
    let again = workers.again().map_err(not_started)?;
    Ok((described, imports, Runner::Apart(again, Mutex::new(Some(workers)))))
}

/// The digest of a file that looks like a component.
fn digest(name: &str, mut file: File) -> Result<String, LoadError> {
    let failed = |source| LoadError::Read { plugin: name.to_owned(), source };
    let length = file.metadata().map_err(failed)?.len();
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(failed)?;
    fit::check_format(name, &head, length)?;
    let (_, digest) = artefact::copy(&mut head.chain(file), Some(length), std::io::sink()).map_err(failed)?;
    Ok(hex(&digest))
}

fn check_info(info: wit::Info) -> Result<Info, String> {
    let kebab = |text: &str| {
        text.len() <= 64
            && text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
    };
    if !kebab(&info.name) {
        return Err(format!("the name '{}' is not kebab-case of at most 64 letters", printable_line(&info.name, 80)));
    }
    for (field, text, longest) in [
        ("version", &info.version, 64),
        ("title", &info.title, 200),
        ("format", &info.format, 100),
        ("options schema", &info.options_schema, 256 << 10),
    ] {
        if text.len() > longest {
            return Err(format!("the {field} is longer than {longest} bytes"));
        }
    }
    for (field, text) in [("title", &info.title), ("format", &info.format)] {
        if *text != printable_line(text, text.len()) {
            return Err(format!("the {field} holds a line break or a control character"));
        }
    }
    let in_version = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
    if info.version.is_empty() || !info.version.bytes().all(in_version) {
        return Err("the version is not a semantic version like 1.2.0".into());
    }
    let options_schema: serde_json::Value =
        serde_json::from_str(&info.options_schema).map_err(|error| format!("the options schema is not JSON: {error}"))?;
    check_schema(&options_schema).map_err(|problem| format!("the options schema cannot be used: {problem}"))?;
    Ok(Info {
        name: info.name,
        version: info.version,
        title: info.title,
        format: info.format,
        options_schema,
        // There is one kind of grant, however often it is asked for.
        grants: info
            .grants
            .first()
            .map(|grant| match grant {
                wit::Grant::Assets => Grant::Assets,
            })
            .into_iter()
            .collect(),
        parallelism: match info.parallelism {
            wit::Parallelism::Sequential => Parallelism::Sequential,
            wit::Parallelism::IndependentTasks => Parallelism::IndependentTasks,
        },
        history: info.history,
    })
}
