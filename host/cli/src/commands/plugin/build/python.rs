//! Projects in Python: componentize-py, which puts an interpreter and the project's imported modules into one component.

use super::{Made, call};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The author's module, which makes a folder a project.
pub(super) const MODULE: &str = "plugin.py";

/// Where a project says which version of the tool it wants.
const REQUIREMENTS: &str = "requirements.txt";

/// The tool. It has no version that stands still for long, and what it makes differs from version to version.
const TOOL: &str = "componentize-py";

/// The version that this program is tested with, for a project that does not say.
const VERSION: &str = "0.25.1";

/// The folder of the project's own Python packages.
const ENVIRONMENT: &str = ".venv";

/// The SDK's module with the exports of the component, and the contract beside it.
const COMPONENT: &str = "ango_plugin.component";
const CONTRACT: &str = "ango_plugin/wit/0.1";

/// Makes the component.
pub(super) fn build(project: &Path, ui: &Ui) -> Result<Made, Failure> {
    if !project.join(CONTRACT).is_dir() {
        let problem = format!("{}: the SDK is missing: there is no {CONTRACT} (a new project of `ango-export plugin new` has it)", project.display());
        return Err(Failure::new(Exit::Config, problem));
    }
    let tool = find(project)?;
    let folder = project.join("dist");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", folder.display())))?;
    // The tool runs in the project's folder.
    const OUTPUT: &str = "dist/plugin.wasm.new";
    let args = ["-d", CONTRACT, "-w", "converter", "componentize", COMPONENT, "-p", ".", "-o", OUTPUT];
    ui.note(&format!("{TOOL} {}", args.join(" ")));
    let mut command = Command::new(&tool);
    command.current_dir(project).args(args);
    let environment = project.join(ENVIRONMENT);
    if environment.is_dir() {
        // Pure Python packages that are installed there become part of the plugin.
        command.env("VIRTUAL_ENV", absolute(&environment));
    }
    call(&mut command, TOOL, "the project cannot be made into a component")?;
    Ok(Made::Unnamed(project.join(OUTPUT)))
}

/// The tool of the version that the project wants: the project's own, or the one on the path.
fn find(project: &Path) -> Result<PathBuf, Failure> {
    let wanted = wanted_version(project);
    let (python, scripts) = if cfg!(windows) { ("python", "Scripts") } else { ("python3", "bin") };
    let scripts = Path::new(ENVIRONMENT).join(scripts);
    let own = project.join(&scripts).join(format!("{TOOL}{}", std::env::consts::EXE_SUFFIX));
    let tool = if own.is_file() { absolute(&own) } else { PathBuf::from(TOOL) };
    let install = format!("{python} -m venv {ENVIRONMENT} && {} install {TOOL}=={wanted}", scripts.join("pip").display());
    let answer = Command::new(&tool).current_dir(project).arg("--version").output();
    let Ok(answer) = answer else {
        return Err(Failure::new(
            Exit::Config,
            format!("{TOOL} {wanted} is not installed, neither in {} nor on the path; in the project's folder: {install}", scripts.display()),
        ));
    };
    let text = String::from_utf8_lossy(&answer.stdout);
    let found = text.trim().rsplit(' ').next().unwrap_or_default();
    if !answer.status.success() || found != wanted {
        let found = if found.is_empty() { "has no version" } else { found };
        return Err(Failure::new(
            Exit::Config,
            format!("{TOOL} {wanted} is wanted ({REQUIREMENTS}), and {} is {found}; in the project's folder: {install}", tool.display()),
        ));
    }
    Ok(tool)
}

/// `componentize-py==0.25.1` in the requirements.
fn wanted_version(project: &Path) -> String {
    let requirements = std::fs::read_to_string(project.join(REQUIREMENTS)).unwrap_or_default();
    let version = requirements.lines().find_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        let version = line.trim().strip_prefix(TOOL)?.trim_start().strip_prefix("==")?.trim();
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        is_version.then(|| version.to_owned())
    });
    version.unwrap_or_else(|| VERSION.to_owned())
}

/// The tool runs in another folder than this program.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
