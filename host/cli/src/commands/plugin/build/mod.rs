//! `plugin build`: a project's component, by the tools of its language, and a first look at what was made.

mod javascript;
mod python;
mod rust;

use crate::args::PluginBuild;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, bytes, print};
use ango_config::Config;
use ango_launch::Loader;
use ango_runtime::Plugin;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// What the tools of a language have made.
enum Made {
    /// A component that lies where it belongs.
    Component(PathBuf),
    /// A component that will lie in the same folder, under the name that it gives itself.
    Unnamed(PathBuf),
}

/// The file that makes a folder a project, for each language, and what builds it.
const LANGUAGES: [(&str, Build); 3] = [("Cargo.toml", rust::build), (python::MODULE, python::build), (javascript::MANIFEST, javascript::build)];

type Build = fn(&Path, &Ui) -> Result<Made, Failure>;

/// Carries it out.
pub(super) fn run(args: &PluginBuild, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let (component, plugin) = build(&args.project, &loader, ui)?;
    let info = plugin.info();
    let shown = component.display().to_string();
    let size = std::fs::metadata(&component).map_or(0, |metadata| metadata.len());
    if ui.is_json() {
        print(
            &json!({ "event": "built", "file": shown, "bytes": size, "name": info.name, "version": info.version, "digest": plugin.digest() })
                .to_string(),
        );
    } else {
        print(&format!("{shown} ({}): {} {}, sha256:{}", bytes(size), info.name, info.version, plugin.digest()));
    }
    Ok(Exit::Ok)
}

/// Builds a project and loads what was made; says where it is.
pub(super) fn build(project: &Path, loader: &Loader, ui: &Ui) -> Result<(PathBuf, Arc<Plugin>), Failure> {
    let Some((_, build)) = LANGUAGES.iter().find(|(file, _)| project.join(file).is_file()) else {
        let files: Vec<&str> = LANGUAGES.iter().map(|(file, _)| *file).collect();
        let problem = format!(
            "{}: is no project that this can build: there is none of {} (`ango-export plugin new` makes one)",
            project.display(),
            files.join(", ")
        );
        return Err(Failure::new(Exit::Config, problem));
    };
    let made = build(project, ui)?;
    let (Made::Component(file) | Made::Unnamed(file)) = &made;
    let loaded = loader.load(&file.display().to_string());
    let component = match (&made, &loaded) {
        (Made::Unnamed(file), Ok(loaded)) => rename(file, &loaded.plugin.info().name)?,
        (Made::Unnamed(file), Err(_)) => {
            // Nobody is to run it.
            let _ = std::fs::remove_file(file);
            file.clone()
        }
        (Made::Component(file), _) => file.clone(),
    };
    Ok((component, loaded?.plugin))
}

/// Gives a component the name of its plugin, in place of an earlier one.
fn rename(file: &Path, name: &str) -> Result<PathBuf, Failure> {
    let named = file.with_file_name(format!("{name}.wasm"));
    std::fs::rename(file, &named).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", named.display())))?;
    Ok(named)
}

/// Runs a tool in the project; what it says against the project is shown as it says it.
fn call(command: &mut Command, name: &str, problem: &str) -> Result<(), Failure> {
    let status = command.stdout(Stdio::null()).status().map_err(|error| Failure::new(Exit::Config, format!("{name} cannot be started: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(Exit::Plugin, format!("{problem}; the reason is above"))) }
}
