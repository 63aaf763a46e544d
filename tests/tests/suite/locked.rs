//! A plugin of which it is known what its files must be.

use ango_runtime::{ChildProgram, CompileLimits, Engine, LoadError, Locked, Plugin};
use ango_tests::cli::{Cli, program};
use std::path::{Path, PathBuf};

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// A component and what it was compiled to, as files, with their digests.
#[derive(Clone)]
struct Files {
    wasm: PathBuf,
    wasm_sha256: String,
    artefact: PathBuf,
    artefact_sha256: String,
}

impl Files {
    fn load(&self, engine: &Engine) -> Result<Plugin, LoadError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let Self { wasm, wasm_sha256, artefact, artefact_sha256 } = self;
        runtime.block_on(Plugin::load_locked(engine, "hostile", Locked { wasm, wasm_sha256, artefact, artefact_sha256 }))
    }
}

fn flip(file: &Path, position: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[position] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn one_changed_bit_of_the_component_or_its_code_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::new().unwrap().with_compiler(ChildProgram::at(program()), CompileLimits::default());
    let wasm = std::fs::read(HOSTILE).unwrap();
    let artefact = Plugin::compile(&engine, "hostile", &wasm).unwrap();
    let files = Files {
        wasm: folder.path().join("hostile.wasm"),
        wasm_sha256: Cli::new(["plugin", "inspect", HOSTILE, "--json"]).expect(0).events()[0]["digest"].as_str().unwrap().to_owned(),
        artefact: folder.path().join("hostile.cwasm"),
        artefact_sha256: artefact.sha256(),
    };
    std::fs::write(&files.wasm, &wasm).unwrap();
    artefact.write_to(&mut std::fs::File::create(&files.artefact).unwrap()).unwrap();
    assert_eq!(files.load(&engine).unwrap().info().name, "hostile");

    for (file, length) in [(&files.wasm, wasm.len()), (&files.artefact, std::fs::metadata(&files.artefact).unwrap().len() as usize)] {
        for position in [8, length / 2, length - 1] {
            flip(file, position);
            let error = files.load(&engine).unwrap_err();
            assert!(matches!(error, LoadError::Changed { .. }), "{error}");
            assert!(error.to_string().contains("was changed: its digest is sha256:"), "{error}");
            flip(file, position);
        }
        std::fs::write(file.with_extension("short"), &std::fs::read(file).unwrap()[..length - 1]).unwrap();
    }
    let short = |path: &Path| path.with_extension("short");
    let cut = Files { artefact: short(&files.artefact), ..files.clone() };
    assert!(matches!(cut.load(&engine), Err(LoadError::Changed { .. })));
    let gone = Files { artefact: folder.path().join("nowhere"), ..files.clone() };
    assert!(matches!(gone.load(&engine), Err(LoadError::Read { .. })));
    assert_eq!(files.load(&engine).unwrap().info().name, "hostile");
}
