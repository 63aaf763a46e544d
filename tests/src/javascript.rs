//! Node.js for tests: the one of this machine, and componentize-js in the target folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Where the tool is kept, from one run to the next.
const FOLDER: &str = "componentize-js";

/// What the template of JavaScript projects asks for.
const MANIFEST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/templates/javascript/package.json.template"));

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs Node in a folder; it must succeed. What it said.
pub fn node(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("node").current_dir(folder).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("node (20 or newer) is needed for this test: {error}"));
    assert!(output.status.success(), "node {args:?}\n{}", said(&output));
    said(&output)
}

/// Gives a project the packages that it asks for. Installed by npm when they are not there: once, into the target folder.
pub fn install(project: &Path, target: &Path) {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let modules = INSTALLED.get_or_init(|| {
        let folder = target.join(FOLDER);
        // Written when all of it is there: npm takes away packages that it needs when it is run again on what it made.
        let whole = folder.join("installed.json");
        if std::fs::read_to_string(&whole).is_ok_and(|manifest| manifest == MANIFEST) {
            return folder.join("node_modules");
        }
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        std::fs::write(folder.join("package.json"), MANIFEST.replace("{{name}}", "tools")).expect("the manifest can be written");
        let installed = Command::new("npm").current_dir(&folder).args(["install", "--no-audit", "--no-fund", "--prefer-offline"]).output();
        let problem = match installed {
            Ok(output) if output.status.success() => {
                std::fs::write(whole, MANIFEST).expect("the mark can be written");
                return folder.join("node_modules");
            }
            Ok(output) => said(&output),
            Err(error) => error.to_string(),
        };
        panic!(
            "componentize-js cannot be installed into {} (node and npm, version 20 or newer, and a package registry are needed): {problem}",
            folder.display()
        );
    });
    std::os::unix::fs::symlink(modules, project.join("node_modules")).expect("a link can be made");
}
