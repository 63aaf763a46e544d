//! `plugin list`, `plugin inspect` and `plugin new`.

use super::runtime;
use crate::args::{self, Plugin, PluginNew};
use crate::exit::{Exit, Failure};
use crate::plugins::Loader;
use crate::ui::{Ui, print};
use ango_plugin_templates::{Language, check_name};
use ango_runtime::{Limits, Parallelism};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Carries it out.
pub fn run(args: &Plugin, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    match args {
        Plugin::List(args) => {
            let (loader, _) = Loader::new(args.cache.as_deref(), runtime.handle().clone())?;
            for bundled in ango_plugin_bundle::all() {
                let plugin = loader.load(bundled.name)?;
                let info = plugin.info();
                if ui.is_json() {
                    print(
                        &json!({ "name": info.name, "version": info.version, "format": info.format, "title": info.title, "digest": plugin.digest() })
                            .to_string(),
                    );
                } else {
                    print(&format!("{:12} {:8} {:18} {}", info.name, info.version, info.format, info.title));
                }
            }
        }
        Plugin::Inspect(args) => {
            let (loader, _) = Loader::new(args.cache.as_deref(), runtime.handle().clone())?;
            let plugin = loader.load(&args.plugin)?;
            if ui.is_json() {
                print(
                    &json!({ "info": plugin.info(), "digest": plugin.digest(), "imports": plugin.imports(), "limits": Limits::default() })
                        .to_string(),
                );
            } else {
                inspect(&plugin);
            }
        }
        Plugin::New(args) => start(args, ui)?,
    }
    Ok(Exit::Ok)
}

/// Writes a new project, whole or not at all.
fn start(args: &PluginNew, ui: &Ui) -> Result<(), Failure> {
    let config = |problem: String| Failure::new(Exit::Config, problem);
    if let Some(problem) = check_name(&args.name) {
        return Err(config(format!("'{}' {problem}", args.name)));
    }
    let language = match args.lang {
        args::Language::Rust => Language::Rust,
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
    Ok(())
}

fn inspect(plugin: &ango_runtime::Plugin) {
    let info = plugin.info();
    print(&format!("{} {}: {}", info.name, info.version, info.title));
    print(&format!("  format       {}", info.format));
    print(&format!("  digest       sha256:{}", plugin.digest()));
    let parallelism = match info.parallelism {
        Parallelism::Sequential => "one instance sees all tasks in order",
        Parallelism::IndependentTasks => "tasks are independent: many instances in parallel",
    };
    print(&format!("  parallelism  {parallelism}"));
    print(&format!("  history      {}", if info.history { "wants stage history" } else { "does not want stage history" }));
    print(&format!(
        "  grants       {}",
        if info.grants.is_empty() { "asks for none" } else { "asks for assets (sizes and bytes of assets, fetched by the host)" }
    ));
    let limits = Limits::default();
    print(&format!(
        "  limits       memory {} MiB, fuel {} + {} per byte of input, wall time {} s",
        limits.memory >> 20,
        limits.fuel_base,
        limits.fuel_per_byte,
        limits.wall_time.as_secs()
    ));
    print("  imports");
    plugin.imports().iter().for_each(|import| print(&format!("    {import}")));
    print("  options");
    let Some(options) = info.options_schema.get("properties").and_then(Value::as_object) else {
        print("    none");
        return;
    };
    for (name, schema) in options {
        print(&format!("    {name}: {}", describe_option(schema)));
    }
}

/// An option in one line: what it takes, its default, what it does.
fn describe_option(schema: &Value) -> String {
    let mut words = Vec::new();
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        words.push(choices.iter().map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned)).collect::<Vec<_>>().join("|"));
    } else if let Some(kind) = schema.get("type") {
        words.push(kind.as_str().map_or_else(|| kind.to_string(), str::to_owned));
    }
    if let Some(default) = schema.get("default") {
        words.push(format!("(default {default})"));
    }
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        words.push(text.to_owned());
    }
    words.join(" ")
}
