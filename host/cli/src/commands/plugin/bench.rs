//! `plugin bench`: what a plugin costs, beside one that is known to be quick.

use crate::args::PluginBench;
use crate::commands::cancel_on_interrupt;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_conformance::{Cost, Once, measure};
use ango_launch::{Loader, values};
use ango_runtime::{Limits, check_options};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// The plugin that others are measured against.
const YARDSTICK: &str = "coco";

/// Carries it out.
pub(super) fn run(args: &PluginBench, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let options = values(&args.options)?;
    if !ui.is_json() {
        print(&format!("{:20} {:>9} {:>10} {:>10} {:>11} {:>10}", "", "seconds", "tasks/s", "MB/s", "fuel/byte", "memory MB"));
    }
    let own = cost(&loader, &args.plugin, &options, args, runtime, ui)?;
    let yardstick = cost(&loader, YARDSTICK, &json!({}), args, runtime, ui)?;
    let ratio = own.seconds / yardstick.seconds;
    if ui.is_json() {
        print(&json!({ "event": "bench-ratio", "plugin": args.plugin, "against": YARDSTICK, "seconds": ratio }).to_string());
    } else {
        print(&format!("{} / {YARDSTICK}: {ratio:.2} of the time in the sandbox", args.plugin));
    }
    Ok(Exit::Ok)
}

fn cost(loader: &Loader, name: &str, options: &Value, args: &PluginBench, runtime: &Runtime, ui: &Ui) -> Result<Cost, Failure> {
    let plugin = loader.load(name)?.plugin;
    let shown = plugin.info().name.clone();
    check_options(&shown, &plugin.info().options_schema, options)?;
    let once = Once {
        plugin: &plugin,
        options,
        limits: Limits::default(),
        chunk_bytes: None,
        cancel: cancel_on_interrupt(runtime),
        progress: Arc::default(),
        runtime: runtime.handle(),
    };
    let cost =
        measure(&once, Path::new(&args.export), args.rounds)?.map_err(|problem| Failure::new(Exit::Plugin, format!("plugin {shown}: {problem}")))?;
    let (tasks, speed, per_byte) = (cost.tasks_per_second(), cost.megabytes_per_second(), cost.fuel_per_byte());
    if ui.is_json() {
        let event = json!({
            "event": "bench", "plugin": shown, "seconds": cost.seconds, "tasks": cost.tasks, "bytes": cost.bytes, "tasksPerSecond": tasks,
            "megabytesPerSecond": speed, "fuel": cost.fuel, "fuelPerByte": per_byte, "peakMemory": cost.memory,
        });
        print(&event.to_string());
    } else {
        print(&format!("{shown:20} {:>9.3} {tasks:>10.0} {speed:>10.1} {per_byte:>11.1} {:>10.1}", cost.seconds, cost.memory as f64 / 1e6));
    }
    Ok(cost)
}
