//! Plugins in Python: from nothing to a converter that runs, what it reads in the sandbox, and what its author sees when it goes wrong.

use crate::plugin_new::converts_as_in_rust;
use ango_tests::archive::{entries, only};
use ango_tests::cli::{Cli, build_folder};
use ango_tests::project::records;
use ango_tests::python;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The program with the tool that makes components of Python.
fn with_tool(cli: Cli) -> Cli {
    cli.patiently().env("PATH", python::path_with_componentize_py(build_folder().parent().unwrap()))
}

/// A new project; its folder.
fn new_project(folder: &Path, name: &str) -> PathBuf {
    let project = folder.join(name);
    let run = Cli::new(["plugin", "new", name, "--lang", "python", "--into"]).arg(&project).expect(0);
    assert!(run.stdout.contains("a converter in python that works"), "{run}");
    project
}

#[test]
fn the_sdk_passes_its_own_tests() {
    // Among them: every helper against what the Rust SDK computes.
    let said = python::run(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/python")),
        &["-m", "unittest", "discover", "-s", "tests", "-t", "."],
    );
    assert!(said.trim_end().ends_with("OK"), "{said}");
}

#[test]
fn a_new_python_project_passes_its_tests_builds_and_converts() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(folder.path(), "my-format");
    python::run(&project, &["-m", "unittest"]);
    assert!(python::run(&project, &["-m", "ango_plugin", "test"]).contains("ok   simple"));
    let plugin = project.join("dist/my-format.wasm");
    let run = with_tool(Cli::new(["plugin", "build"])).arg(&project).expect(0);
    assert!(run.stdout.starts_with(&plugin.display().to_string()) && run.stdout.contains("): my-format 0.1.0, sha256:"), "{run}");
    let rust = converts_as_in_rust(folder.path(), &project);

    // A native test says what is wrong as well, and takes over what is meant.
    let expected = project.join("tests/simple/expected/boxes.csv");
    fs::write(&expected, rust.replace("13.75", "13.76")).unwrap();
    assert_eq!(Cli::new(["plugin", "test"]).arg(&project).expect(4).stdout.lines().count(), 1);
    python::run(&project, &["-m", "ango_plugin", "test", "--bless"]);
    assert_eq!(fs::read_to_string(&expected).unwrap(), rust);

    // Losses that are counted instead of told are all there: each record has two objects that are no boxes.
    let export = folder.path().join("harbour.ndjson");
    fs::write(&export, records(700)).unwrap();
    let report = Cli::convert(&export, folder.path().join("many")).arg("--plugin").arg(&plugin).report(3);
    let lost = &report["plugins"][0]["losses"]["codes"][0];
    assert_eq!((&lost["code"], &lost["count"]), (&"geometry-unsupported".into(), &1200.into()));
    let rows = String::from_utf8(entries(&only(&folder.path().join("many"), ".my-format.zip")).remove(0).1).unwrap();
    assert_eq!(rows.lines().count(), 601);
}

/// A plugin that writes down what it reads, or goes wrong as it is told; built once.
fn dump() -> &'static Path {
    static PROJECT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, project) = PROJECT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let project = new_project(folder.path(), "dump");
        fs::write(project.join("plugin.py"), include_str!("python/plugin.py")).unwrap();
        fs::remove_dir_all(project.join("tests/simple")).unwrap();
        for (name, file) in [("fields", "every-field.ndjson"), ("samples", "v3-samples.json")] {
            for (form, options) in [("drawn", "{}"), ("rounded", r#"{"decimals":1}"#)] {
                let test = project.join("tests").join(format!("{name}-{form}"));
                fs::create_dir(&test).unwrap();
                fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file), test.join("input.ndjson")).unwrap();
                fs::write(test.join("options.json"), options).unwrap();
            }
        }
        with_tool(Cli::new(["plugin", "build"])).arg(&project).expect(0);
        (folder, project)
    });
    project
}

#[test]
fn what_a_converter_reads_in_the_sandbox_is_what_it_reads_in_its_tests() {
    let project = dump();
    let said = python::run(project, &["-m", "ango_plugin", "test", "--bless"]);
    assert!(said.contains("4 of 4 tests passed"), "{said}");
    let run = Cli::new(["plugin", "test"]).arg(project).expect(0);
    assert_eq!(run.stdout, "ok   fields-drawn\nok   fields-rounded\nok   samples-drawn\nok   samples-rounded\n");
    let tasks = fs::read_to_string(project.join("tests/fields-drawn/expected/tasks.txt")).unwrap();
    for part in ["rotated-bounding-box(", "other({", "pdf(", "<Direction.BIDIRECTIONAL: 'bidirectional'>", "['a', 'b']", "'b@x.test'", "29.97"] {
        assert!(tasks.contains(part), "{part} is missing in {tasks}");
    }
    assert_ne!(tasks, fs::read_to_string(project.join("tests/fields-rounded/expected/tasks.txt")).unwrap());
}

/// What the program says when the plugin goes wrong in this way.
fn gone_wrong(fault: &str) -> String {
    let project = dump();
    let folder = tempfile::tempdir().unwrap();
    let run = Cli::convert(project.join("tests/fields-drawn/input.ndjson"), folder.path().join("out"))
        .arg("--plugin")
        .arg(project.join("dist/dump.wasm"))
        .arg("-o")
        .arg(format!("fault={fault}"))
        .expect(4);
    let error = run.stderr.find("error: ").unwrap_or_else(|| panic!("{run}"));
    run.stderr[error..].to_owned()
}

#[test]
fn an_exception_shows_the_line_of_the_author() {
    insta::assert_snapshot!(gone_wrong("exception"));
    // Of a fault in a library or in the SDK, the line that called it.
    insta::assert_snapshot!(gone_wrong("files"));
    insta::assert_snapshot!(gone_wrong("asset"));
}

#[test]
fn whatever_else_a_converter_does_has_a_name() {
    insta::assert_snapshot!(gone_wrong("option"));
    insta::assert_snapshot!(gone_wrong("input"));
    insta::assert_snapshot!(gone_wrong("exit"));
    insta::assert_snapshot!(gone_wrong("open"));
    for (fault, said) in [
        ("recursion", "RecursionError: maximum recursion depth exceeded"),
        ("memory", "MemoryError"),
        ("path", "limit 'path' reached: '../a' holds '..'"),
        ("project", "tools=[Class(index=0, schema_id="),
    ] {
        let error = gone_wrong(fault);
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn what_is_missing_is_said_with_the_command_that_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(folder.path(), "x");
    let run = Cli::new(["plugin", "build"]).arg(&project).env("PATH", "").expect(2);
    let install = "in the project's folder: python3 -m venv .venv && .venv/bin/pip install componentize-py==0.25.1";
    if cfg!(unix) {
        assert!(run.stderr.contains(&format!("componentize-py 0.25.1 is not installed, neither in .venv/bin nor on the path; {install}")), "{run}");
    }
    // The project says which version it wants.
    fs::write(project.join("requirements.txt"), "componentize-py == 0.1.0  # old\n").unwrap();
    let run = with_tool(Cli::new(["plugin", "build"])).arg(&project).expect(2);
    assert!(run.stderr.contains("componentize-py 0.1.0 is wanted (requirements.txt), and componentize-py is 0.25.1"), "{run}");
    fs::remove_file(project.join("requirements.txt")).unwrap();
    fs::write(project.join("plugin.py"), "import no_such_package\n").unwrap();
    let run = with_tool(Cli::new(["plugin", "build"])).arg(&project).expect(4);
    assert!(run.stderr.contains("No module named 'no_such_package'") && run.stderr.contains("the reason is above"), "{run}");
    fs::write(project.join("plugin.py"), "import ango_plugin\n").unwrap();
    let run = with_tool(Cli::new(["plugin", "build"])).arg(&project).expect(4);
    assert!(run.stderr.contains("0 converters are there: exactly one function or class wants @converter(Info(...)) above it"), "{run}");
    assert!(!project.join("dist/plugin.wasm.new").exists());
    fs::remove_dir_all(project.join("ango_plugin")).unwrap();
    let run = with_tool(Cli::new(["plugin", "build"])).arg(&project).expect(2);
    assert!(run.stderr.contains("the SDK is missing: there is no ango_plugin/wit/0.1"), "{run}");
}
