//! Plugins in JavaScript: from nothing to a converter that runs, and what its author sees when it goes wrong.

use ango_tests::archive::{entries, only};
use ango_tests::cli::{Cli, build_folder, tools};
use ango_tests::javascript::{install, node};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A new project with its packages.
fn new_project(folder: &TempDir, name: &str) -> PathBuf {
    let project = folder.path().join(name);
    let run = Cli::new(["plugin", "new", name, "--lang", "javascript", "--into"]).arg(&project).expect(0);
    assert!(run.stdout.contains("a converter in javascript that works"), "{run}");
    project
}

fn target() -> PathBuf {
    build_folder().parent().unwrap().to_owned()
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_new_javascript_project_passes_its_tests_builds_and_converts() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(&folder, "my-format");
    let run = tools(Cli::new(["plugin", "build"])).arg(&project).expect(2);
    assert!(run.stderr.contains("componentize-js 0.23.0 is not installed") && run.stderr.contains("npm install"), "{run}");
    install(&project, &target());
    node(&project, &["--test"]);
    let plugin = project.join("dist/my-format.wasm");
    let run = tools(Cli::new(["plugin", "build"])).arg(&project).expect(0);
    assert!(run.stdout.starts_with(&plugin.display().to_string()) && run.stdout.contains("): my-format 0.1.0, sha256:"), "{run}");
    assert_eq!(Cli::new(["plugin", "test"]).arg(&project).expect(0).stdout, "ok   simple\n");
    let run = Cli::new(["plugin", "check"]).arg(&plugin).expect(0);
    assert!(run.stdout.lines().all(|line| line.starts_with("ok   ")), "{run}");

    let input = project.join("tests/simple/input.ndjson");
    let report = Cli::convert(&input, folder.path().join("out")).arg("--plugin").arg(&plugin).report(3);
    let converted = &report["plugins"][0];
    assert_eq!((&converted["plugin"]["name"], &converted["losses"]["codes"][0]["code"]), (&"my-format".into(), &"geometry-unsupported".into()));
    let files = entries(&only(&folder.path().join("out"), ".my-format.zip"));
    // What comes out is what comes out of the same converter in Rust, whose project has the same test.
    let rust = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/templates/rust/tests/simple/expected/boxes.csv")).unwrap();
    assert_eq!(String::from_utf8_lossy(&files[0].1), rust);
}

#[test]
fn an_exception_shows_the_line_of_the_author() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(&folder, "breaks");
    install(&project, &target());
    let source = project.join("src/index.js");
    edit(&source, "const { objects } = task.annotations;", "const { objects } = task.annotations;\n      undefined_function(objects);");
    let text = fs::read_to_string(&source).unwrap();
    let line = text.lines().position(|line| line.contains("undefined_function")).unwrap() + 1;
    tools(Cli::new(["plugin", "build"])).arg(&project).expect(0);
    let report = Cli::convert(project.join("tests/simple/input.ndjson"), folder.path().join("out"))
        .arg("--plugin")
        .arg(project.join("dist/breaks.wasm"))
        .report(4);
    let error = &report["plugins"][0]["error"];
    assert_eq!(error["class"], "failed");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("undefined_function is not defined") && message.contains(&format!("index.js:{line}")), "{message}");
}
