//! Starting and ending the service.

use crate::app::{App, Live};
use crate::error::ApiError;
use crate::links::Signer;
use crate::server::{SharedTls, listen};
use crate::{api, files, health, hub, logs, notify, page, programs, tls, work};
use ango_config::{Config, DatabaseKind, Service};
use ango_jobs::{Address, Database, DatabaseError};
use ango_launch::{LaunchError, Loader, new_id};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// The largest body of a request. Nothing that is asked for is near it.
const MAX_BODY: usize = 1 << 20;

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A setting is wrong.
    #[error("{0}")]
    Config(String),
    /// The database does not open.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Plugins cannot be loaded.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// The address cannot be listened on.
    #[error("listen on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Where the database is, as the configuration says it.
///
/// # Errors
/// When the address of a server is missing, or the folder of a file cannot be made.
pub fn address(service: &Service) -> Result<Address, ServeError> {
    match service.database {
        DatabaseKind::Sqlite => {
            let cannot = |error: std::io::Error| ServeError::Config(format!("service: data: {}: {error}", service.data.display()));
            private_folder(&service.data).map_err(cannot)?;
            Ok(Address::Sqlite(service.data.join("jobs.db")))
        }
        DatabaseKind::Postgres => match std::env::var("ANGO_EXPORT_DATABASE_URL") {
            Ok(url) if !url.is_empty() => Ok(Address::Postgres(url)),
            _ => Err(ServeError::Config("service: database: set ANGO_EXPORT_DATABASE_URL to postgres://USER:PASSWORD@HOST/DATABASE".into())),
        },
    }
}

/// Makes a folder that is its user's alone: it holds hashes of keys and what was done.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Puts the changing part together.
fn live(config: &Config, loader: Loader) -> Result<Live, ServeError> {
    let service = config.service.as_ref().map(|(service, _)| service.clone()).unwrap_or_default();
    notify::check(&service).map_err(ServeError::Config)?;
    let scheme = if service.tls.is_some() { "https" } else { "http" };
    let public_url = service.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", service.listen));
    Ok(Live { config: config.clone(), service, loader, public_url: public_url.trim_end_matches('/').to_owned() })
}

/// Runs the service until SIGTERM or Ctrl-C. `reload` reads the configuration again, on SIGHUP. `ready` is called with the address that is listened on.
///
/// # Errors
/// When it does not start: with an address in use, a database that does not open, wrong settings.
pub async fn serve(
    config: &Config,
    loader: Loader,
    json: bool,
    reload: impl Fn() -> Result<Config, String> + Send + 'static,
    ready: impl FnOnce(std::net::SocketAddr),
) -> Result<(), ServeError> {
    logs::begin(json);
    let mut live = live(config, loader)?;
    if live.service.organisations.is_empty() {
        return Err(ServeError::Config("service: whose projects? add [service.organisations.NAME] with projects = \"FOLDER\"".into()));
    }
    let address = address(&live.service)?;
    let database = Database::open(&address).await?;
    let signer = Signer::new(&database.shared_secret("links").await?);
    let refused =
        |source| ServeError::Listen { address: config.service.as_ref().map_or_else(String::new, |(service, _)| service.listen.clone()), source };
    let listener = TcpListener::bind(&live.service.listen).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    if live.service.public_url.is_none() {
        // Port 0 is whichever is free.
        live.public_url = live.public_url.replace(&live.service.listen, &bound.to_string());
    }
    let acceptor =
        live.service.tls.as_ref().map(tls::acceptor).transpose().map_err(|problem| ServeError::Config(format!("service: tls: {problem}")))?;
    let tls: SharedTls = Arc::new(RwLock::new(acceptor));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if live.service.jobs == 0 { cores } else { live.service.jobs as usize };
    let app = App::new(live, database, new_id()?, Handle::current(), signer);
    tokio::spawn(signals(app.clone(), Arc::clone(&tls), bound, reload));
    let workers = tokio::spawn(work::work(app.clone(), jobs));
    let outbox = tokio::spawn(notify::send(app.clone()));
    tokio::spawn(programs::dispatch::dispatch(app.clone()));
    tokio::spawn(programs::rest::watch(app.clone()));
    tracing::info!(address = %bound, node = app.node, jobs, "serves");
    ready(bound);
    listen(app.clone(), listener, router(&app), tls).await;
    // Workers end by themselves: what runs ends, or is handed back.
    let _ = workers.await;
    let _ = outbox.await;
    tracing::info!("ended");
    Ok(())
}

/// Everything that can be asked.
fn router(app: &App) -> Router {
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(api::routes())
        .merge(hub::routes())
        .merge(files::routes())
        .merge(health::routes())
        .merge(page::routes())
        .fallback(async |uri: Uri| refused(&uri, ApiError::not_found("there is nothing at this path")))
        .method_not_allowed_fallback(async |uri: Uri| refused(&uri, ApiError::method_not_allowed()))
        .layer(programs::socket::layer(app))
        .layer(from_fn_with_state(app.clone(), count))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(CatchPanicLayer::custom(|_| ApiError::internal(&"it broke off").into_response()))
        .with_state(app.clone())
}

/// A refusal in the words of the API that the path is of.
fn refused(uri: &Uri, error: ApiError) -> Response {
    if uri.path().starts_with("/v2/") { hub::refused(error) } else { error.into_response() }
}

/// Counts requests by route, so that no id and no key comes into a metric.
async fn count(State(app): State<App>, route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let response = next.run(request).await;
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    app.metrics.requests.get_or_create(&crate::metrics::Answered { method, route, status: response.status().as_u16() }).inc();
    response
}

/// Ends the service on SIGTERM and Ctrl-C, and reads the configuration again on SIGHUP.
async fn signals(app: App, tls: SharedTls, bound: std::net::SocketAddr, reload: impl Fn() -> Result<Config, String>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
            tracing::error!("signals cannot be waited for");
            return;
        };
        loop {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => break,
                _ = terminate.recv() => break,
                _ = hang_up.recv() => replace(&app, &tls, bound, &reload),
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (&tls, bound, &reload);
        let _ = tokio::signal::ctrl_c().await;
    }
    tracing::info!("is to end");
    let _ = app.stop.send(true);
}

/// Lets another configuration hold. One that is wrong changes nothing.
#[cfg(unix)]
fn replace(app: &App, tls: &SharedTls, bound: std::net::SocketAddr, reload: &impl Fn() -> Result<Config, String>) {
    let before = app.live();
    let new = reload().and_then(|config| {
        let mut live = live(&config, before.loader.with_config(&config)).map_err(|error| error.to_string())?;
        let acceptor = live.service.tls.as_ref().map(tls::acceptor).transpose()?;
        if live.service.public_url.is_none() {
            live.public_url = live.public_url.replace(&live.service.listen, &bound.to_string());
        }
        Ok((live, acceptor))
    });
    match new {
        Ok((live, acceptor)) => {
            let fixed =
                |service: &Service| (service.listen.clone(), service.data.clone(), service.database, service.jobs, service.requests_per_second);
            if fixed(&live.service) != fixed(&before.service) {
                tracing::warn!("listen, data, database, jobs and requests-per-second change with the next start");
            }
            *tls.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
            app.replace(live);
            tracing::info!("the configuration was read again");
        }
        Err(problem) => tracing::error!(problem, "the configuration is wrong; the one before still holds"),
    }
}
