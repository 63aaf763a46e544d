//! `plugin check`: the conformance kit on a plugin of one's own.

use crate::args::PluginCheck;
use crate::commands::cancel_on_interrupt;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::{Loader, values};
use ango_runtime::{Limits, check_options};
use serde_json::json;
use tokio::runtime::Runtime;

/// Carries it out.
pub(super) fn run(args: &PluginCheck, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let plugin = loader.load(&args.plugin)?.plugin;
    let info = plugin.info();
    let options = values(&args.options)?;
    check_options(&info.name, &info.options_schema, &options)?;
    let cancel = cancel_on_interrupt(runtime);
    let verdict = ango_conformance::check(&plugin, &options, &Limits::default(), &cancel, runtime.handle(), |check| {
        if ui.is_json() {
            print(&json!({ "event": "check", "name": check.name, "passed": check.problem.is_none(), "problem": check.problem }).to_string());
        } else {
            let why = check.problem.as_ref().map_or_else(String::new, |problem| format!(": {problem}"));
            print(&format!("{:4} {}{why}", if check.problem.is_some() { "FAIL" } else { "ok" }, check.name));
        }
    })?;
    ui.note(&format!("{} of {} checks passed", verdict.passed, verdict.passed + verdict.failed.len() as u32));
    Ok(if verdict.failed.is_empty() { Exit::Ok } else { Exit::Plugin })
}
