//! Random components and modules on their way into the store: each is refused or, should it be a plugin, taken in; the store stays as it was or holds it.

#![no_main]

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
    Component(wasm_smith::Component),
    Module(wasm_smith::Module),
    Bytes(Vec<u8>),
    Section { name: String, content: Vec<u8> },
}

fuzz_target!(|wasm: Wasm| {
    let wasm = match wasm {
        Wasm::Component(component) => component.to_bytes(),
        Wasm::Module(module) => module.to_bytes(),
        Wasm::Bytes(bytes) => [b"\0asm\x0d\0\x01\0", &bytes[..]].concat(),
        // Nothing but a section that tools write.
        Wasm::Section { name, content } => {
            let mut section = Vec::new();
            leb(&mut section, name.len());
            section.extend(name.as_bytes());
            section.extend(content);
            let mut wasm = b"\0asm\x0d\0\x01\0\0".to_vec();
            leb(&mut wasm, section.len());
            [wasm, section].concat()
        }
    };
    let store = PluginStore::new(HOST.folder.path().join("plugins"));
    let policy = Policy::default();
    let installer = Installer {
        store: &store,
        engine: &HOST.engine,
        policy: &policy,
        reserved: &[],
        actor: Actor { by: "fuzz", now: 0 },
        runtime: HOST.runtime.handle(),
        cancel: Cancel::default(),
    };
    let before = store.read().expect("the store is whole");
    let arrival = Arrival { wasm, origin: "fuzz".to_owned(), ..Arrival::default() };
    match installer.install(&arrival, |_| {}) {
        Ok(outcome) => assert!(store.read().expect("the store is whole").find(&outcome.installed.digest).is_some()),
        Err(_) => assert_eq!(store.read().expect("the store is whole"), before),
    }
});

fn leb(out: &mut Vec<u8>, mut number: usize) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}
