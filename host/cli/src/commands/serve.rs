//! `serve`: exports as a service.

use crate::args::Serve;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::{Config, Isolate};
use ango_launch::Loader;
use ango_service::{ServeError, serve};
use serde_json::json;
use std::path::PathBuf;

/// Where the configuration came from, to read it again.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The file.
    pub config: Option<PathBuf>,
    /// The folder of installed plugins.
    pub plugin_store: Option<PathBuf>,
}

/// Carries it out.
pub fn run(args: &Serve, config: &Config, origin: Origin, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("no threads: {error}")))?;
    let config = listening(config.clone(), args);
    let cache = args.cache.as_deref().or_else(|| config.cache.as_ref().map(|(folder, _)| folder.as_path()));
    let (loader, warning) = Loader::new(&config, cache, "the service".to_owned(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let loader = match config.isolate.map(|(isolate, _)| isolate).unwrap_or_default() {
        Isolate::None => loader,
        Isolate::Process => loader.isolated()?,
    };
    let again = {
        let listen = Serve { listen: args.listen.clone(), cache: None };
        move || {
            Config::load(origin.config.as_deref(), origin.plugin_store.as_deref())
                .map(|config| listening(config, &listen))
                .map_err(|error| error.to_string())
        }
    };
    let (json, quiet) = (ui.is_json(), *ui);
    let ready = move |address: std::net::SocketAddr| {
        if json {
            print(&json!({ "event": "serving", "address": address.to_string() }).to_string());
        } else {
            quiet.note(&format!("serving on {address}; Ctrl-C ends it"));
        }
    };
    runtime.block_on(serve(&config, loader, json, again, ready))?;
    Ok(Exit::Ok)
}

/// The configuration with what the command line says about listening.
fn listening(mut config: Config, args: &Serve) -> Config {
    if let Some(listen) = &args.listen {
        let (service, _) = config.service.get_or_insert_with(|| (ango_config::Service::default(), 0));
        service.listen.clone_from(listen);
    }
    config
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Launch(error) => error.into(),
            ServeError::Config(problem) => Self::new(Exit::Config, problem),
            error @ (ServeError::Database(_) | ServeError::Listen { .. }) => Self::new(Exit::Config, error.to_string()),
        }
    }
}
