//! From an installed plugin to one that runs: what was approved, and nothing else.

use crate::approvals::Event;
use crate::decide::Actor;
use crate::digest::Digest;
use crate::error::TrustError;
use crate::lock::{Compiled, Installed};
use crate::policy::Policy;
use crate::staged;
use crate::store::PluginStore;
use ango_runtime::{Artefact, Engine, Locked, Plugin};
use std::io;
use std::path::PathBuf;
use tokio::runtime::Handle;

/// What engines that can load each other's code have in common, as text.
pub(crate) fn engine_id(engine: &Engine) -> String {
    format!("{:016x}", engine.compatibility())
}

/// A plugin that may run, with what it was given.
#[derive(Debug)]
pub struct Approved {
    /// The plugin, loaded.
    pub plugin: Plugin,
    /// Its place in the lock file.
    pub installed: Installed,
}

impl PluginStore {
    /// Loads an installed plugin: `NAME`, which stands for the component that was approved last, or `NAME@DIGEST`.
    ///
    /// # Errors
    /// When it is not installed or approved, or anything of it is not as it was when it was.
    pub fn load_approved(&self, wanted: &str, engine: &Engine, policy: &Policy, actor: Actor<'_>, runtime: &Handle) -> Result<Approved, TrustError> {
        let installed = self.find(&self.read()?, wanted)?;
        self.may_run(&installed, policy, actor.now)?;
        let shown = installed.shown();
        let plugin = match self.code(&installed, engine) {
            Some((path, compiled)) => {
                let component = self.component(&installed.digest);
                let locked =
                    Locked { wasm: &component, wasm_sha256: installed.digest.hex(), artefact: &path, artefact_sha256: compiled.digest.hex() };
                // Whatever fails, a file that is not what it was is the reason, and is named.
                runtime.block_on(Plugin::load_locked(engine, &shown, locked)).map_err(|error| self.changed(&installed).unwrap_or(error.into()))?
            }
            None => {
                let wasm = self.wasm(&installed)?;
                let artefact = self.compile(&installed, &wasm, engine, actor)?;
                staged::load(engine, &shown, &wasm, &artefact, runtime)?
            }
        };
        Ok(Approved { plugin, installed })
    }

    /// The code for this engine. Code that is gone loses time and nothing else.
    fn code<'p>(&self, plugin: &'p Installed, engine: &Engine) -> Option<(PathBuf, &'p Compiled)> {
        let compiled = plugin.artefact.as_ref().filter(|compiled| compiled.engine == engine_id(engine))?;
        let path = self.artefact(&plugin.digest, &compiled.engine);
        path.exists().then_some((path, compiled))
    }

    /// Compiles a component for this engine, and keeps the code. Somebody who may not write there gets it all the same.
    pub(crate) fn compile(&self, plugin: &Installed, wasm: &[u8], engine: &Engine, actor: Actor<'_>) -> Result<Artefact, TrustError> {
        let artefact = Plugin::compile(engine, &plugin.shown(), wasm)?;
        let id = engine_id(engine);
        let keep = || {
            self.keep_artefact(&plugin.digest, &id, &artefact)?;
            let event = Event::Compile { digest: plugin.digest.clone(), engine: id.clone(), artefact: Digest::from_sha256(&artefact.sha256())? };
            self.change(actor.by, actor.now, |lock| Ok(if lock.find(&plugin.digest).is_some() { vec![event] } else { Vec::new() }))
        };
        match keep() {
            Err(TrustError::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => Ok(artefact),
            kept => kept.map(|_| artefact),
        }
    }
}
