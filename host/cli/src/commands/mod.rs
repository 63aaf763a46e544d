//! One room for each command.

mod config;
mod connect;
mod convert;
mod demo;
mod export;
mod key;
mod plugin;
mod project;
mod request;
mod serve;
mod validate;

use crate::args::{self, Args, Command, Common};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use crate::user::user;
use ango_config::{Config, Isolate};
use ango_launch::Loader;
use ango_model::stream::MAX_RECORD_BYTES;
use ango_model::time::{Timestamp, parse_iso};
use ango_pipeline::{JobSpec, run as run_job};
use ango_runtime::Cancel;
use std::path::Path;
use tokio::runtime::Runtime;

/// Carries out a command.
pub fn run(args: &Args, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    match &args.command {
        Command::Export(args) => export::run(args, config, ui),
        Command::Convert(args) => convert::run(args, config, ui),
        Command::Plugin(args) => plugin::run(args, config, ui),
        Command::Project(args) => project::run(args, ui),
        Command::Config(args::Config::Check { cache }) => config::check(config, cache.as_deref(), ui),
        Command::Serve(serve) => {
            let origin = serve::Origin { config: args.config.clone(), plugin_store: args.plugin_store.clone() };
            serve::run(serve, config, origin, ui)
        }
        Command::Connect(args) => connect::run(args, config, ui),
        Command::Key(command) => key::run(command, config, ui),
        Command::Validate(args) => validate::run(args, ui),
        Command::Schema(args) => Ok(validate::schema(args)),
        Command::Demo(args) => demo::run(args, config, ui),
    }
}

/// The runtime for what waits; work has threads of its own.
fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("no threads: {error}")))
}

/// Lets Ctrl-C stop a job: uploads are aborted then, and nothing half-written stays behind.
fn cancel_on_interrupt(runtime: &Runtime) -> Cancel {
    let cancel = Cancel::default();
    let stop = cancel.clone();
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    cancel
}

/// Runs a job, watched, and says how it went.
fn execute(spec: &JobSpec, ui: &Ui) -> Result<Exit, Failure> {
    let watch = ui.watch(spec.progress.clone());
    let result = run_job(spec);
    drop(watch);
    Ok(ui.report(&result?))
}

/// The time given on the command line or in `SOURCE_DATE_EPOCH`.
fn given_time(common: &Common) -> Result<Option<Timestamp>, Failure> {
    let wrong = |text: &str, expected: &str| Failure::new(Exit::Config, format!("'{text}' is not {expected}"));
    if let Some(text) = &common.exported_at {
        return parse_iso(text).map(Some).ok_or_else(|| wrong(text, "a time like 2024-05-01T00:00:00Z"));
    }
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .parse::<i64>()
            .ok()
            .and_then(|seconds| seconds.checked_mul(1000))
            .map(Some)
            .ok_or_else(|| wrong(&text, "a number of seconds (SOURCE_DATE_EPOCH)")),
        Err(_) => Ok(None),
    }
}

/// The number of threads that convert.
fn workers(common: &Common, config: &Config) -> usize {
    let given = common.workers.or_else(|| config.workers.map(|(workers, _)| workers as usize));
    given.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).clamp(1, 256)
}

/// The longest record that is accepted, in bytes.
fn max_record(common: &Common, config: &Config) -> usize {
    let mib = common.max_record_mib.or_else(|| config.max_record_mib.map(|(mib, _)| mib.into()));
    mib.map_or(MAX_RECORD_BYTES, |mib| (mib as usize) << 20)
}

/// The folder for compiled plugins, when somebody says which.
fn cache<'c>(common: &'c Common, config: &'c Config) -> Option<&'c Path> {
    common.cache.as_deref().or_else(|| config.cache.as_ref().map(|(folder, _)| folder.as_path()))
}

/// The loader of a run's plugins, which run where somebody said.
fn loader(common: &Common, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Loader, Failure> {
    let (loader, warning) = Loader::new(config, cache(common, config), user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    match common.isolate.or_else(|| config.isolate.map(|(isolate, _)| isolate)).unwrap_or_default() {
        Isolate::None => Ok(loader),
        Isolate::Process => Ok(loader.isolated()?),
    }
}
