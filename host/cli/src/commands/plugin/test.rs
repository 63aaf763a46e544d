//! `plugin test`: golden folders through the sandbox.
//!
//! A test is a folder with tasks, options and the files that must come out. Each is converted twice, once in one shard and once with a shard for each task: a converter whose output
//! depends on where an export is cut is wrong, and its author has no other way of seeing it.

use crate::args::PluginTest;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_conformance::{Files, Once, difference};
use ango_launch::Loader;
use ango_runtime::{Cancel, Limits, Plugin, check_options};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Where the build of a project leaves its component.
const BUILT: [&str; 3] = ["target/wasm32-wasip2/release", "dist", "."];

/// Carries it out.
pub(super) fn run(args: &PluginTest, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let name = match &args.plugin {
        Some(name) => name.clone(),
        None => find_component(&args.project)?.display().to_string(),
    };
    let plugin = loader.load(&name)?.plugin;
    let tests = find_tests(&args.project.join("tests"))?;
    let mut failed = 0;
    for folder in &tests {
        let shown = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let problem = test(folder, &plugin, args.bless, runtime)?;
        if ui.is_json() {
            print(&json!({ "event": "test", "name": shown, "passed": problem.is_none(), "problem": problem }).to_string());
        } else {
            print(&format!(
                "{:4} {shown}{}",
                if problem.is_some() { "FAIL" } else { "ok" },
                problem.as_ref().map_or_else(String::new, |text| format!(": {text}"))
            ));
        }
        failed += usize::from(problem.is_some());
    }
    ui.note(&format!("{} of {} tests passed", tests.len() - failed, tests.len()));
    Ok(if failed == 0 { Exit::Ok } else { Exit::Plugin })
}

/// The component that the project's build has made, when it is clear which.
pub(super) fn find_component(project: &Path) -> Result<PathBuf, Failure> {
    for folder in BUILT {
        let entries = std::fs::read_dir(project.join(folder)).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "wasm")).collect();
        found.sort();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one.clone()),
            several => {
                let names: Vec<String> = several.iter().map(|path| path.display().to_string()).collect();
                return Err(Failure::new(Exit::Config, format!("which plugin? say --plugin FILE: there are {}", names.join(", "))));
            }
        }
    }
    let looked: Vec<String> = BUILT.iter().map(|folder| project.join(folder).display().to_string()).collect();
    Err(Failure::new(
        Exit::Config,
        format!("there is no .wasm file in {}: build the plugin first (its README.md says how), or say --plugin FILE", looked.join(", ")),
    ))
}

fn find_tests(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", folder.display())))?;
    let mut tests: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.join("input.ndjson").is_file()).collect();
    tests.sort();
    if tests.is_empty() {
        return Err(Failure::new(
            Exit::Config,
            format!("{}: there is no test: a folder with input.ndjson, options.json and expected", folder.display()),
        ));
    }
    Ok(tests)
}

/// What is wrong, if anything.
fn test(folder: &Path, plugin: &Arc<Plugin>, bless: bool, runtime: &Runtime) -> Result<Option<String>, Failure> {
    let options = folder.join("options.json");
    let options: Value = match std::fs::read_to_string(&options) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", options.display())))?,
        Err(_) => json!({}),
    };
    check_options(&plugin.info().name, &plugin.info().options_schema, &options)?;
    let convert = |chunk_bytes| {
        let once = Once {
            plugin,
            options: &options,
            limits: Limits::default(),
            chunk_bytes,
            cancel: Cancel::default(),
            progress: Arc::default(),
            runtime: runtime.handle(),
        };
        once.files(&folder.join("input.ndjson")).map(|converted| converted.map(|(files, _)| files))
    };
    let (whole, cut) = match (convert(None)?, convert(Some(1))?) {
        (Ok(whole), Ok(cut)) => (whole, cut),
        (Err(problem), _) | (_, Err(problem)) => return Ok(Some(problem)),
    };
    if let Some(difference) = difference(&whole, &cut) {
        return Ok(Some(format!("the output depends on how tasks are cut into shards: {difference}")));
    }
    let expected = folder.join("expected");
    if bless {
        write(&expected, &whole).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", expected.display())))?;
    }
    let mut files = Files::new();
    read(&expected, "", &mut files).map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", expected.display())))?;
    Ok(difference(&files, &whole).map(|difference| format!("{difference} (--bless takes over what came out)")))
}

fn write(folder: &Path, files: &Files) -> std::io::Result<()> {
    if folder.is_dir() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    for (path, bytes) in files {
        // The host has checked that the path stays inside.
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(folder))?;
        std::fs::write(file, bytes)?;
    }
    Ok(())
}

fn read(folder: &Path, inside: &str, files: &mut Files) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}
