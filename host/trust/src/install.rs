//! Taking in a component that a stranger made.
//!
//! In the order of what each step could cost if the component is hostile: its digest and signatures, a look at its shape, compiling it in a child process with limits, asking it what it is,
//! and at last the conformance kit, in the sandbox. What it is found out goes into a report. Nothing runs for anybody before an admin has approved.

use crate::approvals::Event;
use crate::changes::Changes;
use crate::claims::Claims;
use crate::decide::{Actor, Approval};
use crate::digest::Digest;
use crate::error::TrustError;
use crate::load::engine_id;
use crate::lock::{Installed, Standing};
use crate::policy::{Policy, Unattended};
use crate::report::{CompileCost, Report};
use crate::staged;
use crate::store::PluginStore;
use ango_conformance::{Check, Once, check, measure_kit};
use ango_runtime::{Artefact, Cancel, Engine, Limits, Plugin};
use serde_json::json;
use std::io;
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::Handle;

/// A component as it was fetched.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The component.
    pub wasm: Vec<u8>,
    /// Signatures that lay beside it, believed by nobody yet.
    pub signatures: Vec<Vec<u8>>,
    /// Where it came from, without credentials.
    pub origin: String,
    /// Digest of the manifest that a registry gave for it.
    pub manifest: Option<String>,
}

/// Who installs, and by which rules.
pub struct Installer<'a> {
    /// Where to.
    pub store: &'a PluginStore,
    /// Compiles and runs; untrusted components in child processes.
    pub engine: &'a Engine,
    /// What is demanded.
    pub policy: &'a Policy,
    /// Names that are taken by plugins of the program's own.
    pub reserved: &'a [&'a str],
    /// Who does it, and when.
    pub actor: Actor<'a>,
    /// Runs what waits. The installer must not be called on one of its threads.
    pub runtime: &'a Handle,
    /// Stops it.
    pub cancel: Cancel,
}

/// What came of an installation.
#[derive(Debug)]
pub struct Outcome {
    /// The component in the store.
    pub installed: Installed,
    /// What was found out.
    pub report: Report,
    /// What is different from the one that its name stands for, if that is another.
    pub changes: Option<Changes>,
}

impl Installer<'_> {
    /// Finds out about a component and takes it into the store, where it waits for an approval. One that is there already stays as it is.
    ///
    /// # Errors
    /// When it is no plugin, is not signed as the policy demands, or takes more than it may. A plugin that fails the conformance kit is no error, but part of the report.
    pub fn install(&self, arrival: &Arrival, tell: impl FnMut(&Check)) -> Result<Outcome, TrustError> {
        let digest = Digest::of(&arrival.wasm);
        let before = self.store.read()?;
        if let Some(installed) = before.find(&digest) {
            let report = self.store.report(installed)?;
            return self.outcome(installed.clone(), report);
        }
        let (report, artefact) = self.examine(arrival, &digest, tell)?;
        let text = serde_json::to_vec_pretty(&report).unwrap_or_default();
        self.store.keep(&digest, &arrival.wasm, &arrival.signatures, &text)?;
        let engine = engine_id(self.engine);
        self.store.keep_artefact(&digest, &engine, &artefact)?;
        let code = Digest::from_sha256(&artefact.sha256())?;
        let lock = self.store.change(self.actor.by, self.actor.now, |lock| {
            if lock.find(&digest).is_some() {
                return Ok(Vec::new());
            }
            let install = Event::Install {
                plugin: report.info.name.clone(),
                version: report.info.version.clone(),
                digest: digest.clone(),
                size: report.size,
                origin: arrival.origin.clone(),
                manifest: arrival.manifest.clone(),
                report: Digest::of(&text),
            };
            Ok(vec![install, Event::Compile { digest: digest.clone(), engine, artefact: code }])
        })?;
        let installed =
            lock.find(&digest).cloned().ok_or_else(|| TrustError::NotInstalled { name: report.info.name.clone(), hint: String::new() })?;
        self.outcome(installed, report)
    }

    fn outcome(&self, installed: Installed, report: Report) -> Result<Outcome, TrustError> {
        let lock = self.store.read()?;
        let active = lock.plugins.iter().find(|plugin| plugin.name == installed.name && plugin.active && plugin.digest != installed.digest);
        let changes = match active {
            Some(active) => Some(Changes::between(&self.store.report(active)?, &report)),
            None => None,
        };
        Ok(Outcome { installed, report, changes })
    }

    /// Finds out about a component, and keeps nothing.
    fn examine(&self, arrival: &Arrival, digest: &Digest, tell: impl FnMut(&Check)) -> Result<(Report, Artefact), TrustError> {
        let rejected = |problem: String| TrustError::Rejected { plugin: arrival.origin.clone(), problem };
        let signers = |name: Option<&str>| self.policy.signers(name, digest, &arrival.signatures, self.actor.now);
        // What nobody signed that has to is not worth the compiler's time.
        self.policy.accept(&signers(None)).map_err(rejected)?;
        let shown = arrival.origin.as_str();
        let started = Instant::now();
        let artefact = Plugin::compile(self.engine, shown, &arrival.wasm)?;
        let compiled = CompileCost { seconds: started.elapsed().as_secs_f64(), bytes: size(&artefact) };
        let plugin = Arc::new(staged::load(self.engine, shown, &arrival.wasm, &artefact, self.runtime)?);
        let info = plugin.info();
        if self.reserved.contains(&info.name.as_str()) {
            return Err(rejected(format!("it calls itself {}, which is the name of a plugin that comes with the program", info.name)));
        }
        let signers = signers(Some(&info.name));
        self.policy.accept(&signers).map_err(rejected)?;
        let verdict = check(&plugin, &json!({}), &Limits::default(), &self.cancel, self.runtime, tell)?;
        let once = Once {
            plugin: &plugin,
            options: &json!({}),
            limits: Limits::default(),
            chunk_bytes: None,
            cancel: self.cancel.clone(),
            progress: Arc::default(),
            runtime: self.runtime,
        };
        let report = Report {
            digest: digest.clone(),
            size: arrival.wasm.len() as u64,
            origin: arrival.origin.clone(),
            manifest: arrival.manifest.clone(),
            info: info.clone(),
            imports: plugin.imports().to_vec(),
            claims: Claims::of(&arrival.wasm),
            signers,
            compiled,
            verdict,
            // A plugin that fails here has failed the kit as well.
            cost: measure_kit(&once)?.ok(),
        };
        Ok((report, artefact))
    }

    /// Approves what was just installed, without a person: what `--yes` does.
    ///
    /// # Errors
    /// When the policy leaves it to a person, or this component is one for a person to look at.
    pub fn approve_unattended(&self, outcome: &Outcome) -> Result<Installed, TrustError> {
        let refused = |problem: &str| Err(TrustError::Refused { plugin: outcome.installed.shown(), problem: problem.to_owned() });
        if self.policy.unattended != Unattended::Signed {
            return refused("--yes approves by policy only: set policy.unattended = \"signed\" and who has to sign, or approve it by hand");
        }
        if outcome.installed.state == Standing::Revoked {
            return refused("somebody revoked it: only a person approves it again");
        }
        if !outcome.report.verdict.failed.is_empty() {
            return refused("it failed the conformance kit: only a person approves it");
        }
        if !outcome.report.info.grants.is_empty() {
            return refused("it asks for a grant: only a person gives one (`ango-export plugin approve`)");
        }
        if outcome.installed.state == Standing::Approved && outcome.installed.active {
            return Ok(outcome.installed.clone());
        }
        let wanted = format!("{}@{}", outcome.installed.name, outcome.installed.digest.hex());
        let approval = Approval { note: Some("installed with --yes".to_owned()), ..Approval::default() };
        self.store.approve(&wanted, &approval, self.policy, self.actor)
    }
}

/// Bytes of machine code.
fn size(artefact: &Artefact) -> u64 {
    struct Counter(u64);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // Counting cannot fail.
    let _ = artefact.write_to(&mut counter);
    counter.0
}
