//! Projects in JavaScript: componentize-js, which puts an engine and the project's modules into one component, called by the build script of the SDK.

use super::{Made, call};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The description that makes a folder a project.
pub(super) const MANIFEST: &str = "package.json";

/// The SDK's build script.
const SCRIPT: &str = "sdk/javascript/build.mjs";

/// The tool. It has no version that stands still for long, and what it makes differs from version to version, so a project says which one it wants.
const TOOL: &str = "@bytecodealliance/componentize-js";

/// The oldest Node.js that the SDK runs on.
const NODE: (u32, u32) = (20, 11);

/// Makes the component.
pub(super) fn build(project: &Path, ui: &Ui) -> Result<Made, Failure> {
    check(project)?;
    ui.note(&format!("node {SCRIPT}"));
    let mut node = Command::new("node");
    node.current_dir(project).arg(SCRIPT);
    call(&mut node, "node", "the project cannot be made into a component")?;
    let name = read(&project.join(MANIFEST))?["name"].as_str().unwrap_or_default().to_owned();
    Ok(Made::Component(project.join("dist").join(format!("{name}.wasm"))))
}

/// Says what is missing, and the command that installs it.
fn check(project: &Path) -> Result<(), Failure> {
    let missing = |problem: String| Err(Failure::new(Exit::Config, problem));
    if !project.join(SCRIPT).is_file() {
        return missing(format!(
            "{}: the SDK is missing: there is no {SCRIPT} (a new project of `ango-export plugin new` has it)",
            project.display()
        ));
    }
    let Ok(node) = Command::new("node").arg("--version").output() else {
        return missing(format!("Node.js {}.{} or newer is not installed: https://nodejs.org says how", NODE.0, NODE.1));
    };
    let found = String::from_utf8_lossy(&node.stdout).trim().to_owned();
    if node_version(&found).is_none_or(|version| version < NODE) {
        return missing(format!("Node.js {}.{} or newer is needed, and the one on the path is {found}", NODE.0, NODE.1));
    }
    let manifest = read(&project.join(MANIFEST))?;
    let wanted = ["devDependencies", "dependencies"].iter().find_map(|kind| manifest[kind][TOOL].as_str());
    let Some(wanted) = wanted else {
        return missing(format!("{MANIFEST} does not ask for {TOOL}: in the project's folder: npm install --save-dev --save-exact {TOOL}"));
    };
    let installed = project.join("node_modules").join(TOOL).join(MANIFEST);
    if !installed.is_file() {
        return missing(format!("{TOOL} {wanted} is not installed; in the project's folder: npm install"));
    }
    let installed = read(&installed)?;
    let installed = installed["version"].as_str().unwrap_or("none");
    if installed != wanted {
        return missing(format!("{TOOL} {wanted} is wanted ({MANIFEST}), and {installed} is installed; in the project's folder: npm install"));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Value, Failure> {
    let problem = |error: &dyn std::fmt::Display| Failure::new(Exit::Config, format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| problem(&error))?;
    serde_json::from_str(&text).map_err(|error| problem(&error))
}

/// `v20.11.1` as its first two numbers.
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
