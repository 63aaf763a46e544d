//! `plugin list`: what can be named in `--plugin`, and what waits to be approved.

use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::{BundledPlugin, bundled_plugins};
use serde_json::json;

/// Carries it out.
pub(super) fn run(config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    for BundledPlugin { info, digest } in bundled_plugins()? {
        if ui.is_json() {
            let row = json!({
                "name": info.name, "version": info.version, "format": info.format, "title": info.title, "digest": digest, "state": "bundled",
            });
            print(&row.to_string());
        } else {
            print(&format!("{:12} {:8} {:18} {}", info.name, info.version, info.format, info.title));
        }
    }
    // Where there is no folder for installed plugins, none is installed.
    let Ok(store) = config.store() else { return Ok(Exit::Ok) };
    for installed in store.read()?.plugins {
        let info = store.report(&installed)?.info;
        let state = if installed.active { "active" } else { installed.state.as_str() };
        if ui.is_json() {
            let row = json!({
                "name": info.name, "version": info.version, "format": info.format, "title": info.title, "digest": installed.digest.hex(), "state": state,
            });
            print(&row.to_string());
        } else {
            print(&format!("{:12} {:8} {:18} {} ({state}, {})", info.name, info.version, info.format, info.title, installed.shown()));
        }
    }
    Ok(Exit::Ok)
}
