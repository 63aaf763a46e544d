//! `plugin install` and `plugin upgrade`: a stranger's component comes in, and waits.

use super::report;
use crate::args::{PluginInstall, PluginUpgrade};
use crate::commands::cancel_on_interrupt;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::Loader;
use ango_registry::{Origin, fetch};
use ango_runtime::printable_line;
use ango_trust::{Actor, Arrival, Digest, Installer, Outcome};
use serde_json::json;
use std::path::Path;
use tokio::runtime::Runtime;

/// Bytes that are kept of where a component came from.
const MAX_ORIGIN: usize = 4096;

/// Carries out `install`.
pub(super) fn install(args: &PluginInstall, config: &Config, actor: Actor<'_>, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let expected =
        args.digest.as_deref().map(|digest| digest.parse::<Digest>().map_err(|problem| asked(format!("--digest {problem}")))).transpose()?;
    let arrival = arrive(&args.from, args.from_dir.as_deref(), runtime)?;
    let found = Digest::of(&arrival.wasm);
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        return Err(asked(format!("{}: has the digest {found}, wanted is {expected}: nothing was installed", arrival.origin)));
    }
    take_in(&arrival, args.yes, config, actor, runtime, ui)
}

/// Carries out `upgrade`.
pub(super) fn upgrade(args: &PluginUpgrade, config: &Config, actor: Actor<'_>, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let store = config.store()?;
    let installed = store.find(&store.read()?, &args.plugin)?;
    let from = args.from.as_deref().unwrap_or(&installed.origin);
    let arrival = arrive(from, args.from_dir.as_deref(), runtime)?;
    if Digest::of(&arrival.wasm) == installed.digest {
        if ui.is_json() {
            print(&json!({ "event": "unchanged", "plugin": installed }).to_string());
        } else {
            print(&format!("{}: {from} holds the same component, nothing changes", installed.shown()));
        }
        return Ok(Exit::Ok);
    }
    take_in(&arrival, args.yes, config, actor, runtime, ui)
}

fn asked(problem: String) -> Failure {
    Failure::new(Exit::Config, problem)
}

/// Fetches a component and the signatures beside it.
fn arrive(from: &str, mirror: Option<&Path>, runtime: &Runtime) -> Result<Arrival, Failure> {
    let origin = match from.parse()? {
        // An upgrade may be asked for from another folder.
        Origin::File(path) => Origin::File(std::path::absolute(&path).unwrap_or(path)),
        origin => origin,
    };
    let fetched = runtime.block_on(fetch(&origin, mirror, &ango_registry::Limits::default()))?;
    let shown = printable_line(&fetched.origin, MAX_ORIGIN);
    Ok(Arrival { wasm: fetched.wasm, signatures: fetched.signatures, origin: shown, manifest: fetched.manifest_digest })
}

fn take_in(arrival: &Arrival, yes: bool, config: &Config, actor: Actor<'_>, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let store = config.store()?;
    // What is installed keeps its own code; the cache is for what is named by its path.
    let (loader, _) = Loader::new(config, None, crate::user::user(), runtime.handle().clone())?;
    let reserved: Vec<&str> = ango_plugin_bundle::all().iter().map(|bundled| bundled.name).collect();
    let installer = Installer {
        store: &store,
        engine: loader.engine(),
        policy: &config.policy,
        reserved: &reserved,
        actor,
        runtime: runtime.handle(),
        cancel: cancel_on_interrupt(runtime),
    };
    ui.note(&format!("{}: {}", arrival.origin, Digest::of(&arrival.wasm)));
    let mut outcome = installer.install(arrival, |check| {
        ui.note(&format!("  {} {}", if check.problem.is_none() { "ok  " } else { "FAIL" }, check.name));
    })?;
    let asks_for_more = outcome.changes.as_ref().is_some_and(|changes| changes.asks_for_more);
    if yes && asks_for_more {
        show(&outcome, ui);
        return Err(asked(format!("{}: --yes does not approve what asks for more than the one that runs now", outcome.installed.shown())));
    }
    let approved = yes.then(|| installer.approve_unattended(&outcome));
    if let Some(Ok(installed)) = &approved {
        outcome.installed = installed.clone();
    }
    show(&outcome, ui);
    approved.transpose()?;
    Ok(Exit::Ok)
}

fn show(outcome: &Outcome, ui: &Ui) {
    let Outcome { installed, report: found, changes } = outcome;
    if ui.is_json() {
        print(&json!({ "event": "installed", "plugin": installed, "report": found, "changes": changes }).to_string());
        return;
    }
    let lines =
        report::description(&found.info, installed.digest.hex()).into_iter().chain(report::findings(found)).chain(report::standing(installed));
    lines.chain(changes.iter().flat_map(report::changes)).for_each(|line| print(&line));
}
