//! `plugin run`: build, convert, show what comes out; with `--watch` again after every change, and what is different then.

use super::build::build;
use crate::args::PluginRun;
use crate::commands::cancel_on_interrupt;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, bytes, print};
use ango_config::Config;
use ango_conformance::{Files, Once};
use ango_launch::{Loader, values};
use ango_runtime::{Cancel, check_options};
use serde_json::{Value, json};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::runtime::Runtime;

/// How often files are looked at. Looking, rather than being told by the system, works on network folders and in containers, and a plugin's project is a few dozen files.
const LOOK: Duration = Duration::from_millis(250);
/// Folders that builds and tools write into.
const SKIPPED: [&str; 7] = ["target", "dist", "node_modules", "__pycache__", ".venv", ".git", "sdk"];
/// Lines of a difference that are shown.
const LINES: usize = 200;

/// Carries it out.
pub(super) fn run(args: &PluginRun, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let options = values(&args.options)?;
    let cancel = cancel_on_interrupt(runtime);
    let mut before: Option<Files> = None;
    loop {
        let seen = look(args);
        let result = convert(args, &loader, &options, &cancel, config, runtime, ui);
        if cancel.is_cancelled() {
            return Ok(Exit::Cancelled);
        }
        match result {
            Ok(files) => {
                if let Some(to) = &args.to {
                    write(to, before.as_ref(), &files).map_err(|error| Failure::new(Exit::Storage, format!("{}: {error}", to.display())))?;
                }
                show(before.as_ref(), &files, ui);
                before = Some(files);
            }
            // Whoever is watched makes mistakes, and mends them.
            Err(failure) if args.watch => ui.failure(&failure),
            Err(failure) => return Err(failure),
        }
        if !args.watch {
            return Ok(Exit::Ok);
        }
        ui.note("waiting for a change (Ctrl-C ends it)");
        while look(args) == seen {
            std::thread::sleep(LOOK);
            if cancel.is_cancelled() {
                return Ok(Exit::Cancelled);
            }
        }
    }
}

fn convert(
    args: &PluginRun,
    loader: &Loader,
    options: &Value,
    cancel: &Cancel,
    config: &Config,
    runtime: &Runtime,
    ui: &Ui,
) -> Result<Files, Failure> {
    let (_, plugin) = build(&args.project, loader, ui)?;
    let info = plugin.info();
    check_options(&info.name, &info.options_schema, options)?;
    let limits = config.limits(&info.name, &[])?;
    let once =
        Once { plugin: &plugin, options, limits, chunk_bytes: None, cancel: cancel.clone(), progress: Default::default(), runtime: runtime.handle() };
    match once.files(&args.export)? {
        Ok((files, _)) => Ok(files),
        Err(problem) => Err(Failure::new(Exit::Plugin, format!("plugin {}: {problem}", info.name))),
    }
}

/// The files that a run depends on, with what changes when they do.
fn look(args: &PluginRun) -> BTreeMap<PathBuf, (Option<SystemTime>, u64)> {
    let mut seen = BTreeMap::new();
    let mut folders = vec![args.project.clone()];
    let mut note = |path: PathBuf, metadata: std::fs::Metadata| seen.insert(path, (metadata.modified().ok(), metadata.len()));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if !metadata.is_dir() {
                note(entry.path(), metadata);
            } else if !SKIPPED.contains(&entry.file_name().to_string_lossy().as_ref()) {
                folders.push(entry.path());
            }
        }
    }
    if let Ok(metadata) = std::fs::metadata(&args.export) {
        note(args.export.clone(), metadata);
    }
    // Where the result goes may lie in the project.
    if let Some(to) = &args.to {
        seen.retain(|path, _| !path.starts_with(to));
    }
    seen
}

/// Writes what came out, and deletes what came out before and no longer does.
fn write(to: &Path, before: Option<&Files>, files: &Files) -> std::io::Result<()> {
    for path in before.into_iter().flat_map(Files::keys).filter(|path| !files.contains_key(*path)) {
        std::fs::remove_file(to.join(path))?;
    }
    for (path, bytes) in files {
        // The host has checked that the path stays inside.
        let file = to.join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(to))?;
        std::fs::write(file, bytes)?;
    }
    Ok(())
}

fn show(before: Option<&Files>, files: &Files, ui: &Ui) {
    let difference = before.map(|before| unified(before, files));
    if ui.is_json() {
        let sizes: BTreeMap<&String, usize> = files.iter().map(|(path, bytes)| (path, bytes.len())).collect();
        print(&json!({ "event": "ran", "files": sizes, "difference": difference }).to_string());
        return;
    }
    match difference {
        None => files.iter().for_each(|(path, content)| print(&format!("{path} ({})", bytes(content.len() as u64)))),
        Some(difference) if difference.is_empty() => print("the same comes out"),
        Some(difference) => {
            difference.lines().take(LINES).for_each(print);
            let more = difference.lines().count().saturating_sub(LINES);
            if more > 0 {
                print(&format!("... {more} more lines of differences"));
            }
        }
    }
}

/// What is different, as `diff -u` shows it.
fn unified(before: &Files, after: &Files) -> String {
    let nothing = Vec::new();
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    let mut text = String::new();
    for path in paths {
        let (old, new) = (before.get(path).unwrap_or(&nothing), after.get(path).unwrap_or(&nothing));
        if old == new {
            continue;
        }
        match (std::str::from_utf8(old), std::str::from_utf8(new)) {
            (Ok(old), Ok(new)) => text.push_str(&TextDiff::from_lines(old, new).unified_diff().context_radius(2).header(path, path).to_string()),
            _ => text.push_str(&format!("{path}: {} before, {} now\n", bytes(old.len() as u64), bytes(new.len() as u64))),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_shown_file_by_file() {
        let files = |files: &[(&str, &[u8])]| -> Files { files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect() };
        let before = files(&[("a.csv", b"x\n1\n2\n"), ("b.bin", b"\xff\xfe"), ("c", b"same")]);
        let after = files(&[("a.csv", b"x\n1\n3\n"), ("b.bin", b"\xff"), ("c", b"same"), ("d", b"new\n")]);
        assert_eq!(unified(&before, &before), "");
        let shown = unified(&before, &after);
        for part in ["--- a.csv\n+++ a.csv\n", "-2\n+3\n", "b.bin: 2 B before, 1 B now\n", "+++ d\n", "+new\n"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }
}
