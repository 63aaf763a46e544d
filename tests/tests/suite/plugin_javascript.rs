//! Plugins in JavaScript: from nothing to a converter that runs, and what its author sees when it goes wrong.

use crate::plugin_new::converts_as_in_rust;
use ango_tests::archive::{entries, only};
use ango_tests::cli::{Cli, build_folder, tools};
use ango_tests::javascript::{install, node, node_with, tsc};
use ango_tests::project::records;
use std::collections::BTreeMap;
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
    converts_as_in_rust(folder.path(), &project);
}

/// The SDK, as it lies in this project.
const SDK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/javascript");

#[test]
fn the_sdk_passes_its_own_tests() {
    // Among them: every helper against what the Rust SDK computes.
    let said = node(Path::new(SDK), &["--test"]);
    assert!(said.contains("# fail 0") && !said.contains("# pass 0"), "{said}");
}

/// The declarations beside the sources of the SDK.
fn declarations(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(declarations(&path).into_iter().map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else if name.ends_with(".d.ts") {
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn the_types_of_the_sdk_are_current_and_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(&folder, "typed");
    // Made again from the sources.
    let sdk = project.join("sdk/javascript");
    fs::copy(Path::new(SDK).join("tsconfig.json"), sdk.join("tsconfig.json")).unwrap();
    let current = declarations(&sdk.join("src"));
    assert!(current.len() > 30 && current.contains_key("testkit/index.d.ts"), "{:?}", current.keys());
    for name in current.keys().filter(|name| *name != "contract.d.ts") {
        fs::remove_file(sdk.join("src").join(name)).unwrap();
    }
    let (passed, said) = tsc(&sdk, &["-p", "."], &target());
    assert!(passed, "{said}");
    assert_eq!(declarations(&sdk.join("src")), current, "`tsc -p .` in plugin-sdk/javascript writes them");

    // A converter in TypeScript, and the template's, which asks for a check.
    let strict = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--allowJs",
        "--maxNodeModuleJsDepth",
        "0",
        "--types",
    ];
    let check = |file: &str, text: &str| {
        fs::write(project.join("src").join(file), text).unwrap();
        tsc(&project, &[&strict[..], &["node", &format!("src/{file}")]].concat(), &target())
    };
    let converter = include_str!("javascript/points.ts");
    let (passed, said) = check("points.ts", converter);
    assert!(passed, "{said}");
    let (passed, said) = check("wrong.ts", &converter.replace("geometry.y", "geometry.path"));
    assert!(!passed && said.contains("Property 'path' does not exist on type"), "{said}");
    let template = fs::read_to_string(project.join("src/index.js")).unwrap();
    let (passed, said) = check("again.js", &template);
    assert!(passed, "{said}");
}

/// A plugin that writes down what it reads, beside its tests.
#[test]
fn what_a_converter_reads_in_the_sandbox_is_what_it_reads_in_its_tests() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(&folder, "dump");
    install(&project, &target());
    fs::write(project.join("src/index.js"), include_str!("javascript/dump.js")).unwrap();
    fs::remove_dir_all(project.join("tests/simple")).unwrap();
    for (name, file) in [("fields", "every-field.ndjson"), ("samples", "v3-samples.json")] {
        for (form, options) in [("drawn", "{}"), ("rounded", r#"{"decimals":1}"#)] {
            let test = project.join("tests").join(format!("{name}-{form}"));
            fs::create_dir(&test).unwrap();
            fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file), test.join("input.ndjson")).unwrap();
            fs::write(test.join("options.json"), options).unwrap();
        }
    }
    node_with(&project, &["--test"], &[("BLESS", "1")]);
    tools(Cli::new(["plugin", "build"])).arg(&project).expect(0);
    let run = Cli::new(["plugin", "test"]).arg(&project).expect(0);
    assert_eq!(run.stdout, "ok   fields-drawn\nok   fields-rounded\nok   samples-drawn\nok   samples-rounded\n");
    let tasks = fs::read_to_string(project.join("tests/fields-drawn/expected/tasks.txt")).unwrap();
    for part in [
        "rotated-bounding-box",
        "\"holes\":[",
        "\"pageNumber\":",
        "\"kind\":\"pair\"",
        "\"answer\":[\"a\",\"b\"]",
        "\"updatedBy\":\"b@x.test\"",
        "\"history\":[{",
    ] {
        assert!(tasks.contains(part), "{part} is missing in {tasks}");
    }
    assert_ne!(tasks, fs::read_to_string(project.join("tests/fields-rounded/expected/tasks.txt")).unwrap());
}

#[test]
fn the_same_converter_in_rust_and_in_javascript_makes_the_same_files_and_losses() {
    let folder = tempfile::tempdir().unwrap();
    let project = new_project(&folder, "boxes-csv");
    install(&project, &target());
    tools(Cli::new(["plugin", "build"])).arg(&project).expect(0);
    let exports = [
        ("harbour.ndjson", records(700)),
        ("fields.ndjson", include_str!("../../data/every-field.ndjson").to_owned()),
        ("samples.json", include_str!("../../data/v3-samples.json").to_owned()),
    ];
    let rust = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/contracts/0.1/boxes-csv.wasm");
    for (name, export) in exports {
        let input = folder.path().join(name);
        fs::write(&input, export).unwrap();
        for delimiter in [",", ";"] {
            let made = |plugin: &Path, to: &str| {
                let to = folder.path().join(format!("{name}-{to}-{}", u32::from(delimiter == ",")));
                let run = Cli::convert(&input, &to).arg("--plugin").arg(plugin).arg("-o").arg(format!("delimiter={delimiter}"));
                let report = run.report(3);
                (entries(&only(&to, ".boxes-csv.zip")), report["plugins"][0]["losses"].clone())
            };
            assert_eq!(made(&project.join("dist/boxes-csv.wasm"), "javascript"), made(&rust, "rust"), "{name}");
        }
    }
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
