//! Listening: connections, with or without TLS, until the service is to end.

use crate::app::App;
use crate::auth::From as CameFrom;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long a client may take to say what it wants, and to agree on how to encrypt it.
const PATIENCE: Duration = Duration::from_secs(15);
/// Connections at a time; further ones wait to be accepted.
const CONNECTIONS: usize = 4096;
/// How long requests may take to end when the service ends. Those that wait for an export are answered at once.
const GRACE: Duration = Duration::from_secs(10);

/// TLS that can be replaced while the service runs.
pub type SharedTls = Arc<RwLock<Option<TlsAcceptor>>>;

/// Answers requests until the service is to end, and then those that are under way.
pub async fn listen(app: App, listener: TcpListener, router: Router, tls: SharedTls) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = app.stopped() => break,
        };
        let Some((stream, address, slot)) = accepted else { continue };
        let acceptor = tls.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let (app, router, watcher) = (app.clone(), router.clone(), graceful.watcher());
        tokio::spawn(async move {
            // Small answers must not wait for more.
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => serve(app, stream, address, router, watcher).await,
                Some(acceptor) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                        serve(app, stream, address, router, watcher).await;
                    }
                }
            }
            drop(slot);
        });
    }
    drop(listener);
    // Whoever does not end in time is cut off.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, address)) => Some((stream, address, slot)),
        Err(error) => {
            // No file descriptors are left, or the client is gone: neither gets better by hurrying.
            tracing::warn!(%error, "a connection cannot be accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn serve(
    app: App,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = router.map_request(move |mut request: Request<Incoming>| {
        let from = came_from(&app, &request, address.ip());
        request.extensions_mut().insert(CameFrom(from));
        request.map(Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 << 10);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
    // How a connection ends is the client's business.
    let _ = watcher.watch(connection.into_owned()).await;
}

/// The address of the client: of the connection, or what a trusted proxy says it is. The last address that is not itself such a proxy counts, since what stands before it could be anybody's
/// invention.
fn came_from<B>(app: &App, request: &Request<B>, peer: IpAddr) -> IpAddr {
    let live = app.live();
    let trusted = &live.service.trusted_proxies;
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> = forwarded.flat_map(|text| text.split(',')).filter_map(|text| text.trim().parse().ok()).collect();
    addresses.into_iter().rev().find(|address| !trusted.contains(address)).unwrap_or(peer)
}
