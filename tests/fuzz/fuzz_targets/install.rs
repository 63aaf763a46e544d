//! Random components and modules, and a plugin changed a little, on their way into the store: each is refused or, should it be a plugin, taken in; the store stays as it was or holds it,
//! and finds nothing wrong with itself.

#![no_main]

mod mutant;

use ango_runtime::{Cancel, Engine};
use ango_trust::{Actor, Arrival, Installer, PluginStore, Policy};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use tokio::runtime::Runtime;

struct Host {
    engine: Engine,
    runtime: Runtime,
    folder: tempfile::TempDir,
}

static HOST: LazyLock<Host> = LazyLock::new(|| Host {
    engine: Engine::new().expect("there is an engine for this machine"),
    runtime: tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("there are threads"),
    folder: tempfile::tempdir().expect("there is a temporary folder"),
});

/// What arrives.
#[derive(Debug, arbitrary::Arbitrary)]
enum Wasm {
    Flipped(Vec<(u32, u8)>),
    Spliced { at: u32, left_out: u8, put_in: Vec<u8> },
    Mutated(Vec<u64>),
    Component(wasm_smith::Component),
    Module(wasm_smith::Module),
    Bytes(Vec<u8>),
    Section { name: String, content: Vec<u8> },
}

impl Wasm {
    fn bytes(self) -> Option<Vec<u8>> {
        Some(match self {
            Self::Flipped(flips) => mutant::flipped(&flips),
            Self::Spliced { at, left_out, put_in } => mutant::spliced(at, left_out, &put_in),
            Self::Mutated(seeds) => mutant::mutated(&seeds)?,
            Self::Component(component) => component.to_bytes(),
            Self::Module(module) => module.to_bytes(),
            Self::Bytes(bytes) => [b"\0asm\x0d\0\x01\0", &bytes[..]].concat(),
            // Nothing but a section that tools write.
            Self::Section { name, content } => {
                let mut custom = Vec::new();
                mutant::leb(&mut custom, name.len());
                custom.extend(name.as_bytes());
                custom.extend(content);
                let mut wasm = b"\0asm\x0d\0\x01\0".to_vec();
                mutant::section(&mut wasm, 0, &custom);
                wasm
            }
        })
    }
}

fuzz_target!(|wasm: Wasm| {
    let Some(wasm) = wasm.bytes() else { return };
    let store = PluginStore::new(HOST.folder.path().join("plugins"));
    let policy = Policy::default();
    let actor = Actor { by: "fuzz", now: 0 };
    let installer = Installer {
        store: &store,
        engine: &HOST.engine,
        policy: &policy,
        reserved: &[],
        actor,
        runtime: HOST.runtime.handle(),
        cancel: Cancel::default(),
    };
    let before = store.read().expect("the store is whole");
    let arrival = Arrival { wasm, origin: "fuzz".to_owned(), ..Arrival::default() };
    match installer.install(&arrival, |_| {}) {
        Ok(outcome) => {
            let lock = store.read().expect("the store is whole");
            assert!(lock.find(&outcome.installed.digest).is_some());
            let findings = store.verify(None, &policy, actor.now).expect("the store is whole");
            assert!(findings.iter().all(|finding| finding.problems.is_empty()), "{findings:?}");
            // Each one found makes the next look slower.
            if lock.plugins.len() > 20 {
                std::fs::remove_dir_all(store.folder()).expect("the folder is ours");
            }
        }
        Err(error) => {
            assert_eq!(store.read().expect("the store is whole"), before);
            let message = error.to_string();
            assert!(
                !message.is_empty() && message.len() < 100_000 && message.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()),
                "{message:?}"
            );
        }
    }
});
