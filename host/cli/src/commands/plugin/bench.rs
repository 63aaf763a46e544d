//! `plugin bench`: what a plugin costs, beside one that is known to be quick.

use super::once::Once;
use crate::args::PluginBench;
use crate::commands::cancel_on_interrupt;
use crate::exit::{Exit, Failure};
use crate::plugins::{Loader, values};
use crate::ui::{Ui, print};
use ango_pipeline::report::PluginReport;
use ango_runtime::{Plugin, check_options};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// The plugin that others are measured against.
const YARDSTICK: &str = "coco";

/// What a plugin needed for the whole input.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// Seconds in the sandbox, of the quickest round.
    seconds: f64,
    tasks: u64,
    bytes: u64,
    fuel: u64,
    memory: u64,
}

impl Cost {
    fn of(report: &PluginReport) -> Self {
        Self {
            seconds: report.timings.convert.max(1e-9),
            tasks: report.tasks,
            bytes: report.input.bytes,
            fuel: report.used.fuel,
            memory: report.used.peak_memory,
        }
    }

    fn megabytes_per_second(self) -> f64 {
        self.bytes as f64 / 1e6 / self.seconds
    }
}

/// Carries it out.
pub(super) fn run(args: &PluginBench, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let (loader, warning) = Loader::new(args.cache.as_deref(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let options = values(&args.options)?;
    if !ui.is_json() {
        print(&format!("{:20} {:>9} {:>10} {:>10} {:>11} {:>10}", "", "seconds", "tasks/s", "MB/s", "fuel/byte", "memory MB"));
    }
    let own = measure(&loader, &args.plugin, &options, args, runtime, ui)?;
    let yardstick = measure(&loader, YARDSTICK, &json!({}), args, runtime, ui)?;
    let ratio = own.seconds / yardstick.seconds;
    if ui.is_json() {
        print(&json!({ "event": "bench-ratio", "plugin": args.plugin, "against": YARDSTICK, "seconds": ratio }).to_string());
    } else {
        print(&format!("{} / {YARDSTICK}: {ratio:.2} of the time in the sandbox", args.plugin));
    }
    Ok(Exit::Ok)
}

fn measure(loader: &Loader, name: &str, options: &Value, args: &PluginBench, runtime: &Runtime, ui: &Ui) -> Result<Cost, Failure> {
    let plugin: Arc<Plugin> = Arc::new(loader.load(name)?);
    let shown = plugin.info().name.clone();
    check_options(&shown, &plugin.info().options_schema, options)?;
    let mut best: Option<Cost> = None;
    for _ in 0..args.rounds {
        let once = Once { plugin: &plugin, options, chunk_bytes: None, cancel: cancel_on_interrupt(runtime), progress: Arc::default(), runtime };
        let (report, _folder) = once.convert(Path::new(&args.export))?;
        let Some(converted) = report.plugins.first() else { continue };
        if let Some(error) = &converted.error {
            return Err(Failure::new(Exit::Plugin, format!("plugin {shown}: {}", error.message)));
        }
        let cost = Cost::of(converted);
        if best.is_none_or(|best| cost.seconds < best.seconds) {
            best = Some(cost);
        }
    }
    let cost = best.ok_or_else(|| Failure::new(Exit::Config, "no rounds"))?;
    let per_byte = cost.fuel as f64 / (cost.bytes as f64).max(1.0);
    let (speed, memory) = (cost.megabytes_per_second(), cost.memory as f64 / 1e6);
    let tasks = cost.tasks as f64 / cost.seconds;
    if ui.is_json() {
        let event = json!({
            "event": "bench", "plugin": shown, "seconds": cost.seconds, "tasks": cost.tasks, "bytes": cost.bytes, "tasksPerSecond": tasks,
            "megabytesPerSecond": speed, "fuel": cost.fuel, "fuelPerByte": per_byte, "peakMemory": cost.memory,
        });
        print(&event.to_string());
    } else {
        print(&format!("{shown:20} {:>9.3} {tasks:>10.0} {speed:>10.1} {per_byte:>11.1} {memory:>10.1}", cost.seconds));
    }
    Ok(cost)
}
