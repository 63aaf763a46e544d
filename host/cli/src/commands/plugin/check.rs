//! `plugin check`: what a converter must bear, whatever it converts to.
//!
//! Each export of the kit must be converted, with or without losses: a converter that fails on one ends an export of a hundred thousand tasks because of one of them. It must make the same
//! files, with the same fuel, when it is run again, and the same files when tasks are cut into shards.

use super::kit::{Case, cases};
use super::once::{Files, Once, difference};
use crate::args::PluginCheck;
use crate::commands::cancel_on_interrupt;
use crate::exit::{Exit, Failure};
use crate::plugins::{Loader, values};
use crate::ui::{Ui, print};
use ango_runtime::{Parallelism, check_options};
use serde_json::json;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Carries it out.
pub(super) fn run(args: &PluginCheck, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(args.cache.as_deref(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let plugin = Arc::new(loader.load(&args.plugin)?);
    let info = plugin.info();
    let options = values(&args.options)?;
    check_options(&info.name, &info.options_schema, &options)?;
    let cancel = cancel_on_interrupt(runtime);
    let convert = |case: &Case, chunk_bytes| {
        let once = Once { plugin: &plugin, options: &options, chunk_bytes, cancel: cancel.clone(), progress: Arc::default(), runtime };
        once.convert_text(&case.text)
    };
    let (mut passed, mut failed) = (0, 0);
    let mut tell = |name: &str, problem: Option<String>| {
        if ui.is_json() {
            print(&json!({ "event": "check", "name": name, "passed": problem.is_none(), "problem": problem }).to_string());
        } else {
            let why = problem.as_ref().map_or_else(String::new, |problem| format!(": {problem}"));
            print(&format!("{:4} {name}{why}", if problem.is_some() { "FAIL" } else { "ok" }));
        }
        if problem.is_some() { failed += 1 } else { passed += 1 }
    };
    for case in cases() {
        let problem = match convert(&case, None)? {
            Err(problem) => Some(problem),
            Ok(first) => compare(&first, &convert(&case, None)?, true).map(|difference| format!("a second run differs: {difference}")),
        };
        tell(case.name, problem);
        if info.parallelism == Parallelism::IndependentTasks
            && let Ok(whole) = convert(&case, None)?
            && let Some(difference) = compare(&whole, &convert(&case, Some(1))?, false)
        {
            tell(&format!("{}, cut into shards", case.name), Some(difference));
        }
    }
    ui.note(&format!("{passed} of {} checks passed", passed + failed));
    Ok(if failed == 0 { Exit::Ok } else { Exit::Plugin })
}

/// How another run differs: in its files, and in its fuel where that has to be the same.
fn compare(first: &(Files, u64), other: &Result<(Files, u64), String>, same_fuel: bool) -> Option<String> {
    match other {
        Err(problem) => Some(problem.clone()),
        Ok((files, fuel)) => difference(&first.0, files)
            .or_else(|| (same_fuel && *fuel != first.1).then(|| format!("{} and {fuel} fuel: does it depend on something but its input?", first.1))),
    }
}
