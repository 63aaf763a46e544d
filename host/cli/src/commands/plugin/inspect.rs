//! `plugin inspect`: what a plugin is, and, of an installed one, why it may run.

use super::report;
use crate::args::PluginInspect;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::{Loader, is_path};
use ango_runtime::{Info, Limits};
use ango_trust::{Installed, Report, TrustError};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Carries it out. What is installed is shown from its report: nothing of it runs for that.
pub(super) fn run(args: &PluginInspect, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let is_bundled = ango_plugin_bundle::find(&args.plugin).is_some();
    if !is_bundled
        && !is_path(&args.plugin)
        && let Ok(store) = config.store()
    {
        match store.find(&store.read()?, &args.plugin) {
            Ok(installed) => return show_installed(&installed, &store.report(&installed)?, config, ui),
            // The loader says what there is instead.
            Err(TrustError::NotInstalled { .. }) if !args.plugin.contains('@') => {}
            Err(error) => return Err(error.into()),
        }
    }
    let (loader, _) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    let plugin = loader.load(&args.plugin)?.plugin;
    let limits = config.limits(&plugin.info().name, &[])?;
    if ui.is_json() {
        print(&json!({ "info": plugin.info(), "digest": plugin.digest(), "imports": plugin.imports(), "limits": limits }).to_string());
    } else {
        show(plugin.info(), plugin.digest(), &limits, plugin.imports());
        options(plugin.info());
    }
    Ok(Exit::Ok)
}

fn show_installed(installed: &Installed, found: &Report, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let limits = config.granted(installed)?;
    if ui.is_json() {
        print(&json!({ "info": found.info, "digest": installed.digest.hex(), "imports": found.imports, "limits": limits, "installed": installed, "report": found }).to_string());
        return Ok(Exit::Ok);
    }
    show(&found.info, installed.digest.hex(), &limits, &found.imports);
    report::findings(found).iter().for_each(|line| print(line));
    report::standing(installed).iter().for_each(|line| print(line));
    options(&found.info);
    Ok(Exit::Ok)
}

fn show(info: &Info, digest: &str, limits: &Limits, imports: &[String]) {
    report::description(info, digest).iter().for_each(|line| print(line));
    print(&format!(
        "  limits       memory {} MiB, fuel {} + {} per byte of input, wall time {} s",
        limits.memory >> 20,
        limits.fuel_base,
        limits.fuel_per_byte,
        limits.wall_time.as_secs()
    ));
    print("  imports");
    imports.iter().for_each(|import| print(&format!("    {import}")));
}

fn options(info: &Info) {
    print("  options");
    let Some(options) = info.options_schema.get("properties").and_then(Value::as_object) else {
        print("    none");
        return;
    };
    for (name, schema) in options {
        print(&format!("    {name}: {}", describe_option(schema)));
    }
}

/// An option in one line: what it takes, its default, what it does.
fn describe_option(schema: &Value) -> String {
    let mut words = Vec::new();
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        words.push(choices.iter().map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned)).collect::<Vec<_>>().join("|"));
    } else if let Some(kind) = schema.get("type") {
        words.push(kind.as_str().map_or_else(|| kind.to_string(), str::to_owned));
    }
    if let Some(default) = schema.get("default") {
        words.push(format!("(default {default})"));
    }
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        words.push(text.to_owned());
    }
    words.join(" ")
}
