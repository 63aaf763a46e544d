//! Work in a process of its own, with an environment of its own: credentials are found there, and a process can say how much memory it took.

use ango_registry::{Fetched, Limits, OciReference, Origin, copy_to_mirror, fetch, push};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The variable that tells the test binary that it is the process.
const WORK: &str = "ANGO_REGISTRY_TEST_WORK";

/// Something to do.
pub struct Work {
    work: Value,
    env: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// The error's text and all that can be printed of it.
    pub error: Option<String>,
    /// What was fetched.
    pub fetched: Option<Fetched>,
    /// The digest of what was pushed.
    pub digest: Option<String>,
    /// The most memory that the process had, in bytes; 0 where that is not known.
    pub peak: u64,
    /// What it said on its streams.
    pub said: String,
}

impl Work {
    fn new(work: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { work, env: Vec::new(), folder }
    }

    /// Fetch this.
    pub fn fetch(origin: impl Into<String>) -> Self {
        Self::new(json!({ "do": "fetch", "origin": origin.into() }))
    }

    /// Fetch this into a mirror.
    pub fn copy(origin: impl Into<String>, mirror: &Path) -> Self {
        Self::new(json!({ "do": "copy", "origin": origin.into(), "mirror": mirror }))
    }

    /// Push these bytes.
    pub fn push(reference: impl Into<String>, wasm: &[u8], signatures: &[&str]) -> Self {
        let this = Self::new(json!({ "do": "push", "origin": reference.into(), "signatures": signatures, "annotations": {} }));
        std::fs::write(this.folder.path().join("in"), wasm).unwrap();
        this
    }

    /// Out of this mirror.
    pub fn from(self, mirror: &Path) -> Self {
        self.set("mirror", json!(mirror))
    }

    /// With annotations.
    pub fn annotations(self, annotations: Value) -> Self {
        self.set("annotations", annotations)
    }

    /// With a limit: `max-bytes`, or `timeout` and `connect-timeout` in milliseconds.
    pub fn limit(self, name: &str, value: u64) -> Self {
        self.set(name, json!(value))
    }

    /// With a variable in the environment.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        self.work[name] = value;
        self
    }

    /// Does it.
    pub fn run(self) -> Outcome {
        let folder = self.folder.path();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["worker::the_process", "--exact", "--nocapture"]).current_dir(folder).env_clear();
        for name in ["PATH", "TMPDIR", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        std::fs::write(folder.join("work"), self.work.to_string()).unwrap();
        command.env("HOME", folder).env(WORK, "work").envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = command.output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}");
        let outcome: Value = serde_json::from_slice(&std::fs::read(folder.join("outcome")).unwrap()).unwrap();
        let text = |name: &str| outcome[name].as_str().map(str::to_owned);
        let fetched = outcome["fetched"].is_object().then(|| Fetched {
            wasm: std::fs::read(folder.join("out")).unwrap(),
            signatures: outcome["fetched"]["signatures"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().as_bytes().to_vec()).collect(),
            origin: outcome["fetched"]["origin"].as_str().unwrap().to_owned(),
            manifest_digest: outcome["fetched"]["digest"].as_str().map(str::to_owned),
        });
        Outcome { error: text("error"), fetched, digest: text("digest"), peak: outcome["peak"].as_u64().unwrap(), said }
    }

    /// Does it, which must work.
    pub fn fetched(self) -> Fetched {
        let outcome = self.run();
        assert!(!outcome.said.contains("panicked"), "{outcome:?}");
        outcome.fetched.unwrap_or_else(|| panic!("{:?}", outcome.error))
    }

    /// Does it, which must fail, and gives the error.
    pub fn error(self) -> String {
        let outcome = self.run();
        assert!(!outcome.said.contains("panicked"), "{outcome:?}");
        outcome.error.clone().unwrap_or_else(|| panic!("it worked: {:?}", outcome.fetched.map(|fetched| fetched.wasm.len())))
    }

    /// Pushes, which must work, and gives the digest.
    pub fn digest(self) -> String {
        let outcome = self.run();
        assert!(!outcome.said.contains("panicked"), "{outcome:?}");
        outcome.digest.clone().unwrap_or_else(|| panic!("{:?}", outcome.error))
    }
}

/// The process that does the work, when it is told to; otherwise a test that has nothing to do.
#[test]
fn the_process() {
    let Some(work) = std::env::var_os(WORK) else { return };
    let work: Value = serde_json::from_slice(&std::fs::read(work).unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut outcome = match runtime.block_on(act(&work)) {
        Ok(outcome) => outcome,
        Err(error) => json!({ "error": error }),
    };
    outcome["peak"] = json!(peak());
    std::fs::write("outcome", outcome.to_string()).unwrap();
    // A server that hangs would keep a connection's task alive.
    runtime.shutdown_background();
}

async fn act(work: &Value) -> Result<Value, String> {
    let default = Limits::default();
    let time = |name: &str, default| work[name].as_u64().map_or(default, Duration::from_millis);
    let limits = Limits {
        max_bytes: work["max-bytes"].as_u64().unwrap_or(default.max_bytes),
        timeout: time("timeout", default.timeout),
        connect_timeout: time("connect-timeout", default.connect_timeout),
    };
    let origin = work["origin"].as_str().unwrap();
    let mirror = work["mirror"].as_str().map(PathBuf::from);
    if work["do"] == "push" {
        let reference: OciReference = origin.parse().map_err(|error| said(&error))?;
        let signatures: Vec<Vec<u8>> = work["signatures"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().as_bytes().to_vec()).collect();
        let annotations: BTreeMap<String, String> = serde_json::from_value(work["annotations"].clone()).unwrap();
        let wasm = std::fs::read("in").unwrap();
        let digest = push(&reference, &wasm, &signatures, &annotations).await.map_err(|error| said(&error))?;
        return Ok(json!({ "digest": digest }));
    }
    let origin: Origin = origin.parse().map_err(|error| said(&error))?;
    let fetched = match work["do"].as_str() {
        Some("copy") => copy_to_mirror(&origin, mirror.as_deref().unwrap(), &limits).await,
        _ => fetch(&origin, mirror.as_deref(), &limits).await,
    };
    let fetched = fetched.map_err(|error| said(&error))?;
    std::fs::write("out", &fetched.wasm).unwrap();
    let signatures: Vec<&str> = fetched.signatures.iter().map(|text| std::str::from_utf8(text).unwrap()).collect();
    Ok(json!({ "fetched": { "signatures": signatures, "origin": fetched.origin, "digest": fetched.manifest_digest } }))
}

/// An error as people see it; what only programmers see must not tell more.
fn said(error: &impl std::error::Error) -> String {
    let debug = format!("{error:?}");
    for secret in ["hush", "aHVzaC1odXNo", "YW5nbzpodXNoLWh1c2g="] {
        assert!(!debug.contains(secret), "{secret} is told: {debug}");
    }
    error.to_string()
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()).map_or(0, |kib| kib << 10)
}

/// An error without what differs from run to run.
pub fn stable(error: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().fold(error.to_owned(), |text, (from, to)| text.replace(from, to))
}
