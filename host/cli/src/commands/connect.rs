//! `connect`: joins a Hub as its export plugins.

use super::runtime;
use crate::args::Connect as Args;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::{Config, Connect, HubPlugin, Isolate, secret};
use ango_hub::{Event, HubError, Observer, RunState, Secret, Served, Settings, join};
use ango_launch::Loader;
use ango_model::stream::MAX_RECORD_BYTES;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Where secrets are.
const SECRET: &str = "ANGO_EXPORT_PLUGIN_SECRET";

/// How long what is left on other threads may take when everything has been answered.
const REST: Duration = Duration::from_secs(2);

/// Carries it out.
pub fn run(args: &Args, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let settings = settings(args, config)?;
    let runtime = runtime()?;
    let cache = args.cache.as_deref().or_else(|| config.cache.as_ref().map(|(folder, _)| folder.as_path()));
    let (loader, warning) = Loader::new(config, cache, "the connector to Hub".to_owned(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let loader = match args.isolate.or_else(|| config.isolate.map(|(isolate, _)| isolate)).unwrap_or_default() {
        Isolate::None => loader,
        Isolate::Process => loader.isolated()?,
    };
    let shown = *ui;
    let joined = runtime.block_on(join(settings, loader, Observer::new(move |event| show(event, &shown)), stopped()));
    // A conversion that was stopped may need a moment to see it, and nobody waits for it.
    runtime.shutdown_timeout(REST);
    joined?;
    Ok(Exit::Ok)
}

/// What the file and the command line say together.
fn settings(args: &Args, config: &Config) -> Result<Settings, Failure> {
    let wrong = |problem: String| Failure::new(Exit::Config, problem);
    let file = config.connect.as_ref().map(|(connect, _)| connect.clone()).unwrap_or_default();
    let hub =
        args.hub.as_ref().or(file.hub.as_ref()).ok_or_else(|| wrong("which Hub? give --hub URL, or connect.hub in the configuration file".into()))?;
    let hub = hub.parse().map_err(|_| wrong(format!("--hub {hub}: expected https://...")))?;
    let any = |port| SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    let listen = args.listen.or_else(|| args.port.map(any)).or_else(|| file.listen.parse().ok()).unwrap_or_else(|| any(8080));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = args.workers.or_else(|| config.workers.map(|(workers, _)| workers as usize)).unwrap_or(cores).clamp(1, 256);
    let plugins = wanted(args, &file)?;
    let plugins = plugins.iter().map(|(id, plugin)| served(id, plugin, &file, config)).collect::<Result<Vec<_>, _>>()?;
    Ok(Settings {
        hub,
        connector: args.connector.unwrap_or(file.connector),
        listen,
        runs: args.runs.unwrap_or(file.runs) as usize,
        max_queued: file.max_queued as usize,
        max_export_bytes: file.max_export_bytes,
        shutdown: Duration::from_secs(file.shutdown_seconds.into()),
        workers,
        max_record: config.max_record_mib.map_or(MAX_RECORD_BYTES, |(mib, _)| (mib as usize) << 20),
        plugins,
    })
}

/// The plugins that are asked for: those of the command line, each with what the file says of it, or else those of the file.
fn wanted(args: &Args, file: &Connect) -> Result<BTreeMap<String, HubPlugin>, Failure> {
    if args.plugins.is_empty() {
        return Ok(file.plugins.clone());
    }
    let mut wanted = BTreeMap::new();
    for given in &args.plugins {
        let (id, converter) = given.split_once('=').map_or((given.as_str(), None), |(id, converter)| (id, Some(converter)));
        let mut plugin = file.plugins.get(id).cloned().unwrap_or_default();
        if let Some(converter) = converter {
            converter.clone_into(&mut plugin.converter);
        }
        if plugin.converter.is_empty() {
            let problem = format!("--plugin-id {given}: converts with what? give --plugin-id {id}=CONVERTER (see `ango-export plugin list`)");
            return Err(Failure::new(Exit::Config, problem));
        }
        if id.is_empty() || wanted.insert(id.to_owned(), plugin).is_some() {
            return Err(Failure::new(Exit::Config, format!("--plugin-id {given}: the id is empty, or given twice")));
        }
    }
    Ok(wanted)
}

fn served(id: &str, plugin: &HubPlugin, file: &Connect, config: &Config) -> Result<Served, Failure> {
    let wrong = |problem: String| Failure::new(Exit::Config, format!("plugin {id}: {problem}"));
    // The file's paths are those of the file, wherever the program was started.
    let beside =
        |path: &std::path::PathBuf| config.path.as_ref().and_then(|file| file.parent()).map_or_else(|| path.clone(), |folder| folder.join(path));
    let file_of_secret = plugin.secret_file.as_ref().map(beside);
    let found = match &file_of_secret {
        Some(path) => secret(Some(path), "", "").map_err(wrong)?,
        None => secret(None, SECRET, id).map_err(wrong)?.map_or_else(|| secret(None, SECRET, ""), |found| Ok(Some(found))).map_err(wrong)?,
    };
    let variable = id.to_ascii_uppercase().replace('-', "_");
    let found = found
        .ok_or_else(|| wrong(format!("there is no secret: set {SECRET}_{variable} or {SECRET}, or name a secret-file in the configuration file")))?;
    if !found.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err(wrong("the secret cannot be one: it holds what is no printable letter of ASCII".into()));
    }
    let options = serde_json::to_value(&plugin.options).map_err(|error| wrong(format!("options: {error}")))?;
    let options: Map<String, Value> = options.as_object().cloned().unwrap_or_default();
    Ok(Served {
        id: id.to_owned(),
        secret: Secret::new(found),
        converter: plugin.converter.clone(),
        options,
        limits: plugin.limits(),
        time_limit: Duration::from_secs(plugin.time_limit.unwrap_or(file.time_limit).into()),
    })
}

/// Shows what happens.
fn show(event: &Event, ui: &Ui) {
    if ui.is_json() {
        print(&serde_json::to_string(event).unwrap_or_default());
        return;
    }
    match event {
        Event::Listening { address } => ui.note(&format!("listening on {address}")),
        Event::Connected { plugin } => ui.note(&format!("{plugin}: connected")),
        Event::Disconnected { plugin, problem, retry_seconds } => ui.warn(&format!("{plugin}: {problem}; trying again in {retry_seconds:.1} s")),
        Event::Run { plugin, session, state, seconds, .. } => {
            let state = match state {
                RunState::Queued => "waits",
                RunState::Running => "runs",
                RunState::Succeeded => "done",
                RunState::Failed => "failed",
            };
            let seconds = seconds.map_or_else(String::new, |seconds| format!(" after {seconds:.1} s"));
            ui.note(&format!("{plugin}: run {session}: {state}{seconds}"));
        }
        Event::Log { plugin, session, level, message } if *level == "INFO" => ui.note(&format!("{plugin}: run {session}: {message}")),
        Event::Log { plugin, session, message, .. } => ui.warn(&format!("{plugin}: run {session}: {message}")),
        Event::Warning { plugin, message } => ui.warn(&format!("{plugin}: {message}")),
        Event::Stopping { runs: 0 } => ui.note("stopping"),
        Event::Stopping { runs } => ui.note(&format!("stopping: {runs} runs have not ended; once more to end at once")),
    }
}

/// Ready when somebody stops the program. Who does it twice does not want to wait.
async fn stopped() {
    signal().await;
    tokio::spawn(async {
        signal().await;
        std::process::exit(Exit::Cancelled as i32);
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return interrupt().await };
    tokio::select! {
        () = interrupt() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    interrupt().await;
}

/// Ready at Ctrl-C; where there is no such thing, never.
async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        let exit = match &error {
            HubError::Client(_) => Exit::Internal,
            HubError::Config(_) | HubError::Converter { .. } | HubError::Listen { .. } => Exit::Config,
        };
        Self::new(exit, error.to_string())
    }
}
