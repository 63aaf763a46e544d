//! Node.js for tests: the one of this machine, and componentize-js and the TypeScript compiler in the target folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Where the tool is kept, from one run to the next.
const FOLDER: &str = "componentize-js";

/// What the template of JavaScript projects asks for.
const MANIFEST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/templates/javascript/package.json.template"));

/// What declarations are made and checked with: they differ from version to version.
const TYPESCRIPT: &str = r#"{"name":"types","private":true,"devDependencies":{"typescript":"5.9.3","@types/node":"20.19.43"}}"#;

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs Node in a folder; it must succeed. What it said.
pub fn node(folder: &Path, args: &[&str]) -> String {
    node_with(folder, args, &[])
}

/// The same with variables of the environment.
pub fn node_with(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> String {
    let output = Command::new("node").current_dir(folder).args(args).envs(variables.iter().copied()).output();
    let output = output.unwrap_or_else(|error| panic!("node (20.11 or newer) is needed for this test: {error}"));
    assert!(output.status.success(), "node {args:?}\n{}", said(&output));
    said(&output)
}

/// Runs the TypeScript compiler in a folder: whether it found nothing wrong, and what it said. Installed by npm when it is not there: once, into the target folder.
pub fn tsc(folder: &Path, args: &[&str], target: &Path) -> (bool, String) {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let modules = INSTALLED.get_or_init(|| npm_install(&target.join("typescript"), TYPESCRIPT, "typescript"));
    let types = modules.join("@types");
    let types = types.to_str().expect("the target folder is UTF-8");
    let output = Command::new("node").current_dir(folder).arg(modules.join("typescript/bin/tsc")).args(["--typeRoots", types]).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("node (20.11 or newer) is needed for this test: {error}"));
    (output.status.success(), said(&output))
}

/// Installs what a manifest asks for, unless it is there already; gives the folder of packages.
pub(crate) fn npm_install(folder: &Path, manifest: &str, what: &str) -> PathBuf {
    // Written when all of it is there: npm takes away packages that it needs when it is run again on what it made.
    let whole = folder.join("installed.json");
    if std::fs::read_to_string(&whole).is_ok_and(|installed| installed == manifest) {
        return folder.join("node_modules");
    }
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    std::fs::write(folder.join("package.json"), manifest).expect("the manifest can be written");
    let installed = Command::new("npm").current_dir(folder).args(["install", "--no-audit", "--no-fund", "--prefer-offline"]).output();
    let problem = match installed {
        Ok(output) if output.status.success() => {
            std::fs::write(whole, manifest).expect("the mark can be written");
            return folder.join("node_modules");
        }
        Ok(output) => said(&output),
        Err(error) => error.to_string(),
    };
    panic!(
        "{what} cannot be installed into {} (node and npm, version 20.11 or newer, and a package registry are needed): {problem}",
        folder.display()
    );
}

/// Gives a project the packages that it asks for. Installed by npm when they are not there: once, into the target folder.
pub fn install(project: &Path, target: &Path) {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let modules = INSTALLED.get_or_init(|| npm_install(&target.join(FOLDER), &MANIFEST.replace("{{name}}", "tools"), "componentize-js"));
    std::os::unix::fs::symlink(modules, project.join("node_modules")).expect("a link can be made");
}
