//! Components that would keep a compiler busy for minutes: most are refused by their sizes, and what gets past that is stopped by the limits of the process that compiles.

use ango_runtime::{ChildProgram, CompileLimits, Engine, LoadError, Plugin};
use ango_tests::archive::{list, original};
use ango_tests::bombs;
use ango_tests::cli::{Cli, program};
use ango_tests::project::harbour;
use ango_tests::text::stable;
use std::time::Duration;

#[test]
fn bombs_are_refused_by_their_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 2);
    let bombs = [
        ("locals", bombs::locals(49_000)),
        ("blocks", bombs::blocks(1, 400_000)),
        ("nested", bombs::nested(400_000)),
        ("functions", bombs::functions(900_000)),
        ("targets", bombs::targets(2_000, 65_535)),
        ("instances", bombs::instances(10_000)),
        ("components", bombs::components(100)),
    ];
    let mut said = String::new();
    for (name, bytes) in bombs {
        let file = folder.path().join(format!("{name}.wasm"));
        std::fs::write(&file, bytes).unwrap();
        let storage = folder.path().join("out");
        let run = Cli::export(&project, &storage).arg("--plugin").arg(&file).expect(2);
        said.push_str(&stable(&run.text(), folder.path()));
        assert_eq!(list(&storage), Vec::<String>::new());
    }
    insta::assert_snapshot!(said);
    // And the next run is as if nothing had been.
    let storage = folder.path().join("next");
    Cli::export(&project, &storage).args("--plugin coco").run();
    assert!(original(&storage).is_file());
}

/// What an engine with these limits says of a component.
fn refused(limits: CompileLimits, wasm: &[u8]) -> LoadError {
    let engine = Engine::new().unwrap().with_compiler(ChildProgram::at(program()), limits);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(Plugin::load(&engine, None, "bomb", wasm)).unwrap_err()
}

#[test]
fn what_passes_for_its_sizes_is_stopped_by_the_limits_of_its_process() {
    // Each function is as large as is allowed. All together they would take minutes.
    let bomb = bombs::blocks(40, 70_000);
    let limits = CompileLimits::default();
    let mut said = String::new();
    for limits in [
        CompileLimits { cpu: Duration::from_secs(2), ..limits.clone() },
        CompileLimits { wall_time: Duration::from_millis(1500), ..limits.clone() },
        CompileLimits { memory: 96 << 20, ..limits.clone() },
        CompileLimits { code: 1 << 10, ..limits.clone() },
    ] {
        let wasm = if limits.code < 1 << 20 { bombs::functions(1_000) } else { bomb.clone() };
        let error = refused(limits, &wasm);
        assert!(matches!(error, LoadError::Limit { .. }), "{error}");
        said.push_str(&format!("{error}\n"));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_compiler_that_does_not_start_or_answers_nonsense_is_an_error() {
    let wasm = bombs::functions(1);
    let mut said = String::new();
    for program in ["/nowhere/ango-export", "/bin/true", "/bin/false", "/bin/echo"] {
        let engine = Engine::new().unwrap().with_compiler(ChildProgram::at(program), CompileLimits::default());
        let error = Plugin::compile(&engine, "p", &wasm).unwrap_err();
        said.push_str(&format!("{error}\n"));
    }
    insta::assert_snapshot!(said);
}
