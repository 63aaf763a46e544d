//! `plugin verify` and `plugin lock`: what is installed, and whether it is as it was left.

use crate::args::{PluginLock, PluginVerify};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::Loader;
use ango_trust::Actor;
use serde_json::json;

/// Looks at everything.
pub(super) fn verify(args: &PluginVerify, config: &Config, actor: Actor<'_>, ui: &Ui) -> Result<Exit, Failure> {
    let store = config.store()?;
    let name = args.plugin.as_deref();
    if args.accept_record {
        let lock = store.accept_record()?;
        ui.note(&format!("the lock file follows from the record of approvals again: {} plugins", lock.plugins.len()));
    }
    if args.recompile {
        let runtime = crate::commands::runtime()?;
        let (loader, _) = Loader::new(config, None, crate::user::user(), runtime.handle().clone())?;
        let count = store.recompile(name, loader.engine(), actor)?;
        ui.note(&format!("compiled {count} plugins anew"));
    }
    let mut good = true;
    for finding in store.verify(name, &config.policy, actor.now)? {
        good &= finding.problems.is_empty();
        if ui.is_json() {
            print(&json!({ "event": "verified", "plugin": finding.plugin, "problems": finding.problems }).to_string());
        } else {
            print(&format!("{:4} {}", if finding.problems.is_empty() { "ok" } else { "FAIL" }, finding.plugin));
            finding.problems.iter().for_each(|problem| print(&format!("     {problem}")));
        }
    }
    Ok(if good { Exit::Ok } else { Exit::Plugin })
}

/// Prints the lock file.
pub(super) fn lock(args: &PluginLock, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let store = config.store()?;
    let lock = store.read()?;
    let record = store.record()?;
    if ui.is_json() {
        print(&json!({ "event": "lock", "folder": store.folder().display().to_string(), "lock": lock, "record": args.record.then_some(&record.entries) }).to_string());
        return Ok(Exit::Ok);
    }
    print(lock.to_text().map_err(|problem| Failure::new(Exit::Internal, problem))?.trim_end());
    if args.record {
        print("");
        for entry in &record.entries {
            print(&format!("{:>4} {} {} {}", entry.entry, entry.at, entry.by, serde_json::to_string(&entry.event).unwrap_or_default()));
        }
    }
    Ok(Exit::Ok)
}
