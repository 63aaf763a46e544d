//! `plugin new`: from nothing to a converter that runs.

use ango_tests::archive::{entries, list, only};
use ango_tests::cli::{Cli, tools};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Runs cargo in the project as its author would, and not as this test was started.
fn cargo(project: &Path, args: &[&str]) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project).args(args);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let of_a_build = (text.starts_with("CARGO_")
            && !["CARGO_HOME", "CARGO_HTTP", "CARGO_NET", "CARGO_REGISTR", "CARGO_SOURCE"].iter().any(|kept| text.starts_with(kept)))
            || text.starts_with("RUSTFLAGS")
            || text == "RUSTC_WRAPPER";
        if of_a_build {
            command.env_remove(&name);
        }
    }
    let output = command.output().expect("cargo can be started");
    assert!(output.status.success(), "cargo {args:?}\n{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_project_that_cannot_be_built_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let run = Cli::new(["plugin", "build"]).arg(folder.path()).expect(2);
    assert!(run.stderr.contains("there is none of Cargo.toml, "), "{run}");
    std::fs::write(
        folder.path().join("Cargo.toml"),
        "[package]\nname = \"x\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[lib]\npath = \"lib.rs\"\n",
    )
    .unwrap();
    let run = Cli::new(["plugin", "build"]).arg(folder.path()).env("PATH", "").expect(2);
    assert!(run.stderr.contains("Rust is not installed: https://rustup.rs"), "{run}");
    std::fs::write(folder.path().join("lib.rs"), "pub fn broken( {").unwrap();
    let run = tools(Cli::new(["plugin", "build"])).arg(folder.path()).expect(4);
    assert!(run.stderr.contains("the project does not compile; the reason is above"), "{run}");
    std::fs::write(folder.path().join("lib.rs"), "").unwrap();
    let run = tools(Cli::new(["plugin", "build"])).arg(folder.path()).expect(2);
    assert!(run.stderr.contains("there is no .wasm file in"), "{run}");
}

#[test]
fn a_new_rust_project_passes_its_tests_builds_and_converts() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("my-format");
    let run = Cli::new(["plugin", "new", "my-format", "--lang", "rust", "--into"]).arg(&project).expect(0);
    assert!(run.stdout.contains("a converter in rust that works"), "{run}");
    cargo(&project, &["test", "--quiet"]);
    let plugin = project.join("target/wasm32-wasip2/release/my_format.wasm");
    let run = tools(Cli::new(["plugin", "build"])).arg(&project).expect(0);
    assert!(run.stdout.starts_with(&plugin.display().to_string()) && run.stdout.contains("): my-format 0.1.0, sha256:"), "{run}");

    let input = project.join("tests/simple/input.ndjson");
    let report = Cli::convert(&input, folder.path().join("out")).arg("--plugin").arg(&plugin).report(3);
    let converted = &report["plugins"][0];
    assert_eq!((&converted["plugin"]["name"], &converted["losses"]["codes"][0]["code"]), (&"my-format".into(), &"geometry-unsupported".into()));
    let files = entries(&only(&folder.path().join("out"), ".my-format.zip"));
    assert_eq!(files.len(), 1);
    // In the sandbox comes out what came out in the test.
    assert_eq!(String::from_utf8_lossy(&files[0].1), std::fs::read_to_string(project.join("tests/simple/expected/boxes.csv")).unwrap());
    let run = Cli::new(["plugin", "test"]).arg(&project).expect(0);
    assert_eq!(run.stdout, "ok   simple\n");
    let expected = project.join("tests/simple/expected/boxes.csv");
    let good = std::fs::read_to_string(&expected).unwrap();
    std::fs::write(&expected, good.replace("13.75", "13.76")).unwrap();
    let run = Cli::new(["plugin", "test"]).arg(&project).expect(4);
    let difference = "FAIL simple: boxes.csv: line 3: expected 't1,a.jpg,o2,Car,5,13.76,5,6.25,Complete', found 't1,a.jpg,o2,Car,5,13.75,5,6.25,Complete' (--bless";
    assert!(run.stdout.starts_with(difference), "{run}");
    Cli::new(["plugin", "test", "--bless"]).arg(&project).expect(0);
    assert_eq!(std::fs::read_to_string(&expected).unwrap(), good);

    let run = Cli::convert(&input, folder.path().join("no")).arg("--plugin").arg(&plugin).args("-o delimiter=|").expect(2);
    assert!(run.stderr.contains("delimiter"), "{run}");
}

#[test]
fn a_project_is_not_written_over_another_one_nor_under_a_name_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["My_Format", "a/b", "..", ""] {
        let run = Cli::new(["plugin", "new", name, "--lang", "rust", "--into"]).arg(folder.path().join("x")).expect(2);
        assert!(run.stderr.contains("is no name for a plugin"), "{run}");
    }
    std::fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let run = Cli::new(["plugin", "new", "a", "--lang", "rust", "--into"]).arg(folder.path()).expect(2);
    assert!(run.stderr.contains("is not an empty folder"), "{run}");
    assert_eq!(list(folder.path()), ["thesis.txt"]);
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let run = Cli::new(["plugin", "new", "a", "--lang", "rust", "--json", "--into"]).arg(&empty).expect(0);
    let event: Value = serde_json::from_str(run.stdout.trim()).unwrap();
    assert_eq!((&event["event"], &event["language"]), (&"created".into(), &"rust".into()));
    assert!(list(&empty).len() > 20);
}

/// Checks a project that was just made and built: its golden test and the kit pass, and it converts to what the same converter in Rust makes, which is returned.
pub(crate) fn converts_as_in_rust(folder: &Path, project: &Path) -> String {
    let plugin = project.join("dist/my-format.wasm");
    assert_eq!(Cli::new(["plugin", "test"]).arg(project).expect(0).stdout, "ok   simple\n");
    let run = Cli::new(["plugin", "check"]).arg(&plugin).expect(0);
    assert!(run.stdout.lines().all(|line| line.starts_with("ok   ")), "{run}");
    let report = Cli::convert(project.join("tests/simple/input.ndjson"), folder.join("out")).arg("--plugin").arg(&plugin).report(3);
    let converted = &report["plugins"][0];
    assert_eq!((&converted["plugin"]["name"], &converted["losses"]["codes"][0]["code"]), (&"my-format".into(), &"geometry-unsupported".into()));
    let files = entries(&only(&folder.join("out"), ".my-format.zip"));
    // Its project has the same test.
    let rust = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/templates/rust/tests/simple/expected/boxes.csv")).unwrap();
    assert_eq!(String::from_utf8_lossy(&files[0].1), rust);
    rust
}
