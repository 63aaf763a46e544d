//! Loading a component that has no place of its own yet.

use crate::digest::Digest;
use crate::error::TrustError;
use ango_runtime::{Artefact, Engine, Locked, Plugin};
use std::fs::File;
use std::io;
use tokio::runtime::Handle;

/// Loads a component with code that was compiled a moment ago, by way of a folder that goes away.
pub(crate) fn load(engine: &Engine, shown: &str, wasm: &[u8], artefact: &Artefact, runtime: &Handle) -> Result<Plugin, TrustError> {
    let failed = |source: io::Error| TrustError::Io { what: "a temporary folder".to_owned(), source };
    let folder = tempfile::tempdir().map_err(failed)?;
    let (component, code) = (folder.path().join("component.wasm"), folder.path().join("code"));
    std::fs::write(&component, wasm).map_err(failed)?;
    File::create(&code).and_then(|mut file| artefact.write_to(&mut file)).map_err(failed)?;
    let digest = Digest::of(wasm);
    let locked = Locked { wasm: &component, wasm_sha256: digest.hex(), artefact: &code, artefact_sha256: &artefact.sha256() };
    Ok(runtime.block_on(Plugin::load_locked(engine, shown, locked))?)
}
