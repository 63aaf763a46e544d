//! `plugin approve`, `revoke` and `remove`: an admin decides.

use super::report;
use crate::args::{GrantName, PluginApprove, PluginRemove, PluginRevoke};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_runtime::Grant;
use ango_trust::{Actor, Approval, Installed, Moment};
use serde_json::json;

/// Lets a component run.
pub(super) fn approve(args: &PluginApprove, config: &Config, actor: Actor<'_>, ui: &Ui) -> Result<Exit, Failure> {
    let mut grants: Vec<Grant> = Vec::new();
    for GrantName::Assets in &args.grants {
        if !grants.contains(&Grant::Assets) {
            grants.push(Grant::Assets);
        }
    }
    let memory = args.memory.iter().map(|size| format!("memory={size}"));
    let approval =
        Approval { grants, limits: memory.chain(args.limits.iter().cloned()).collect(), until: args.until.map(Moment), note: args.note.clone() };
    let installed = config.store()?.approve(&args.plugin, &approval, &config.policy, actor)?;
    tell("approved", &installed, ui, || report::standing(&installed));
    Ok(Exit::Ok)
}

/// Keeps a component from running.
pub(super) fn revoke(args: &PluginRevoke, config: &Config, actor: Actor<'_>, ui: &Ui) -> Result<Exit, Failure> {
    let store = config.store()?;
    let revoked = store.revoke(&args.plugin, args.note.clone(), actor)?;
    let others: Vec<String> =
        store.read()?.plugins.iter().filter(|other| other.name == revoked.name && other.digest != revoked.digest).map(Installed::shown).collect();
    tell("revoked", &revoked, ui, || {
        let mut lines = vec![format!("{} runs no more", revoked.shown())];
        if !others.is_empty() {
            lines.push(format!("to go back to another one, approve it: {}", others.join(", ")));
        }
        lines
    });
    Ok(Exit::Ok)
}

/// Deletes a component.
pub(super) fn remove(args: &PluginRemove, config: &Config, actor: Actor<'_>, ui: &Ui) -> Result<Exit, Failure> {
    let removed = config.store()?.remove(&args.plugin, actor)?;
    tell("removed", &removed, ui, || vec![format!("{} is deleted", removed.shown())]);
    Ok(Exit::Ok)
}

fn tell(event: &str, plugin: &Installed, ui: &Ui, lines: impl FnOnce() -> Vec<String>) {
    if ui.is_json() {
        print(&json!({ "event": event, "plugin": plugin }).to_string());
    } else {
        if event == "approved" {
            print(&plugin.shown());
        }
        lines().iter().for_each(|line| print(line));
    }
}
