//! `plugin new`: a project to begin with.

use crate::args::{self, PluginNew};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_plugin_templates::{Language, check_name};
use serde_json::json;
use std::path::PathBuf;

/// Writes a new project, whole or not at all.
pub(super) fn start(args: &PluginNew, ui: &Ui) -> Result<Exit, Failure> {
    let config = |problem: String| Failure::new(Exit::Config, problem);
    if let Some(problem) = check_name(&args.name) {
        return Err(config(format!("'{}' {problem}", args.name)));
    }
    let language = match args.lang {
        args::Language::Rust => Language::Rust,
        args::Language::Python => Language::Python,
        args::Language::Javascript => Language::Javascript,
    };
    let folder = args.into.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    let shown = folder.display().to_string();
    if folder.exists() && !std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()) {
        return Err(config(format!("{shown} exists already and is not an empty folder: a new project wants one of its own (--into)")));
    }
    let written = ango_plugin_templates::project(language, &args.name).into_iter().try_for_each(|(path, bytes)| {
        let file = folder.join(&path);
        std::fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        std::fs::write(file, bytes)
    });
    if let Err(error) = written {
        // What was there before was nothing.
        let _ = std::fs::remove_dir_all(&folder);
        return Err(config(format!("{shown}: the project cannot be written: {error}")));
    }
    if ui.is_json() {
        print(&json!({ "event": "created", "name": args.name, "language": language.name(), "folder": shown }).to_string());
    } else {
        print(&format!("{shown}: a converter in {} that works; README.md says how to build, test and run it", language.name()));
    }
    Ok(Exit::Ok)
}
