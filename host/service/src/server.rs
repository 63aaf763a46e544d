//! Listening: connections, with or without TLS, until the service is to end.

use crate::app::App;
use crate::auth::From as CameFrom;
use crate::busy::Busy;
use crate::tls;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long a client may take to say what it wants, and to agree on how to encrypt it.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a connection is kept on which nothing is asked.
const IDLE: Duration = Duration::from_secs(60);
/// How often a client of HTTP/2 is asked whether it is still there, and how long it may take to say so.
const ALIVE: Duration = Duration::from_secs(20);
/// Connections at a time; further ones wait to be accepted.
const CONNECTIONS: usize = 4096;
/// Requests at a time on a connection of HTTP/2.
const STREAMS: u32 = 128;
/// The longest headers of a request.
const HEADERS: u32 = 64 << 10;
/// How long requests may take to end when the service ends. Those that wait for an export are answered at once.
const GRACE: Duration = Duration::from_secs(10);

/// TLS that can be replaced while the service runs.
pub type SharedTls = Arc<RwLock<Option<TlsAcceptor>>>;

/// The room that a connection takes. A WebSocket keeps it: it lives on when the connection that it began as is done.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "it is held, and never looked at")]
struct Slot(Arc<OwnedSemaphorePermit>);

/// Answers requests until the service is to end, and then those that are under way.
pub async fn listen(app: App, listener: TcpListener, router: Router, tls: SharedTls) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = Busy::default();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = app.stopped() => break,
        };
        let Some((stream, address, slot)) = accepted else { continue };
        let acceptor = tls.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let (app, router, under_way) = (app.clone(), router.clone(), connections.begin());
        tokio::spawn(async move {
            // Small answers must not wait for more.
            let _ = stream.set_nodelay(true);
            let slot = Slot(Arc::new(slot));
            match acceptor {
                None => serve(app, stream, false, (address, slot), router).await,
                Some(acceptor) => {
                    let agreed = tokio::select! {
                        agreed = tokio::time::timeout(PATIENCE, tls::accept(&acceptor, stream)) => agreed.ok().flatten(),
                        () = app.stopped() => None,
                    };
                    if let Some(stream) = agreed {
                        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(tls::HTTP2);
                        serve(app, stream, is_http2, (address, slot), router).await;
                    }
                }
            }
            drop(under_way);
        });
    }
    drop(listener);
    // Whoever does not end in time is cut off.
    let _ = tokio::time::timeout(GRACE, connections.idle(Duration::ZERO)).await;
}

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
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

/// Answers the requests of a connection, until the client ends it, nothing is asked for a while, or the service is to end. HTTP/2 is spoken when it was agreed on with TLS.
async fn serve(
    app: App,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    is_http2: bool,
    (address, slot): (SocketAddr, Slot),
    router: Router,
) {
    let busy = Busy::default();
    let service = {
        let (app, busy) = (app.clone(), busy.clone());
        tower::service_fn(move |mut request: Request<Incoming>| {
            let from = came_from(&app, &request, address.ip());
            request.extensions_mut().insert(CameFrom(from));
            request.extensions_mut().insert(slot.clone());
            let under_way = busy.begin();
            let answer = router.clone().oneshot(request.map(Body::new));
            async move { answer.await.map(|answer| answer.map(|body| under_way.until_sent(body))) }
        })
    };
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(HEADERS as usize);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(ALIVE).keep_alive_timeout(ALIVE);
    builder.http2().max_concurrent_streams(STREAMS).max_header_list_size(HEADERS);
    // Which of the two it is is known here. To find it out from what comes first would be to wait for it, with no end.
    let builder = if is_http2 { builder.http2_only() } else { builder.http1_only() };
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service)));
    tokio::select! {
        // How a connection ends is the client's business.
        _ = connection.as_mut() => return,
        () = app.stopped() => {}
        () = busy.idle(IDLE) => {}
    }
    // What was asked before the client learns of the end is answered still.
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = connection.as_mut() => {}
        () = busy.idle(PATIENCE) => {}
    }
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
