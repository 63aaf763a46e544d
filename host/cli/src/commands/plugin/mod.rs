//! What there is to do with plugins: `list` and `inspect` here, the others in rooms of their own.

mod bench;
mod build;
mod check;
mod kit;
mod new;
mod once;
mod test;

use super::runtime;
use crate::args::Plugin;
use crate::exit::{Exit, Failure};
use crate::plugins::Loader;
use crate::ui::{Ui, print};
use ango_runtime::{Limits, Parallelism};
use serde_json::{Value, json};

/// Carries it out.
pub fn run(args: &Plugin, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    match args {
        Plugin::List(args) => {
            let (loader, _) = Loader::new(args.cache.as_deref(), runtime.handle().clone())?;
            for bundled in ango_plugin_bundle::all() {
                let plugin = loader.load(bundled.name)?;
                let info = plugin.info();
                if ui.is_json() {
                    print(
                        &json!({ "name": info.name, "version": info.version, "format": info.format, "title": info.title, "digest": plugin.digest() })
                            .to_string(),
                    );
                } else {
                    print(&format!("{:12} {:8} {:18} {}", info.name, info.version, info.format, info.title));
                }
            }
        }
        Plugin::Inspect(args) => {
            let (loader, _) = Loader::new(args.cache.as_deref(), runtime.handle().clone())?;
            let plugin = loader.load(&args.plugin)?;
            if ui.is_json() {
                print(
                    &json!({ "info": plugin.info(), "digest": plugin.digest(), "imports": plugin.imports(), "limits": Limits::default() })
                        .to_string(),
                );
            } else {
                inspect(&plugin);
            }
        }
        Plugin::New(args) => new::start(args, ui)?,
        Plugin::Bench(args) => return bench::run(args, &runtime, ui),
        Plugin::Check(args) => return check::run(args, &runtime, ui),
        Plugin::Build(args) => return build::run(args, &runtime, ui),
        Plugin::Test(args) => return test::run(args, &runtime, ui),
    }
    Ok(Exit::Ok)
}

fn inspect(plugin: &ango_runtime::Plugin) {
    let info = plugin.info();
    print(&format!("{} {}: {}", info.name, info.version, info.title));
    print(&format!("  format       {}", info.format));
    print(&format!("  digest       sha256:{}", plugin.digest()));
    let parallelism = match info.parallelism {
        Parallelism::Sequential => "one instance sees all tasks in order",
        Parallelism::IndependentTasks => "tasks are independent: many instances in parallel",
    };
    print(&format!("  parallelism  {parallelism}"));
    print(&format!("  history      {}", if info.history { "wants stage history" } else { "does not want stage history" }));
    print(&format!(
        "  grants       {}",
        if info.grants.is_empty() { "asks for none" } else { "asks for assets (sizes and bytes of assets, fetched by the host)" }
    ));
    let limits = Limits::default();
    print(&format!(
        "  limits       memory {} MiB, fuel {} + {} per byte of input, wall time {} s",
        limits.memory >> 20,
        limits.fuel_base,
        limits.fuel_per_byte,
        limits.wall_time.as_secs()
    ));
    print("  imports");
    plugin.imports().iter().for_each(|import| print(&format!("    {import}")));
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
