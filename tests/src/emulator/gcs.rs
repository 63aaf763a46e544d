//! Google Cloud Storage: its XML API, made of `s3s` and a front that lets in as Google does, by tokens that a service account signed or by links.

use super::files::Files;
use super::s3::{InProcess, Serve};
use super::service_account::ServiceAccount;
use super::{Emulator, Settings};
use hyper::body::{Body as _, Incoming};
use hyper::header::{AUTHORIZATION, HeaderValue, IF_NONE_MATCH};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use tokio::net::TcpStream;

/// The account that the server knows.
static OURS: LazyLock<ServiceAccount> = LazyLock::new(|| ServiceAccount::new("exporter"));
/// One that it does not know, of the same name.
static OTHER: LazyLock<ServiceAccount> = LazyLock::new(|| ServiceAccount::new("exporter"));

/// A server of Google's.
pub struct Gcs(InProcess);

impl Gcs {
    /// Starts it.
    #[expect(clippy::new_without_default, reason = "it starts a server")]
    pub fn new() -> Self {
        Self(InProcess::new(serve))
    }
}

fn serve(folder: &Path) -> Serve {
    let service = S3ServiceBuilder::new(Files::new(folder)).build();
    Arc::new(move |stream| Box::pin(connection(stream, service.clone())))
}

async fn connection(stream: TcpStream, service: S3Service) {
    let answer = |request: Request<Incoming>| {
        let service = service.clone();
        async move {
            match let_in(request) {
                Ok(request) => service.call(request.map(s3s::Body::from)).await.map_err(|error| format!("{error:?}")),
                Err((code, mut body)) => {
                    // An answer before the end of the question would reach the client as a broken connection.
                    while let Some(Ok(_)) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {}
                    let status = if code == "AuthenticationRequired" { 401 } else { 403 };
                    let body = format!("<?xml version='1.0'?><Error><Code>{code}</Code><Message>nobody is let in like this</Message></Error>");
                    Response::builder().status(status).body(s3s::Body::from(body)).map_err(|error| error.to_string())
                }
            }
        }
    };
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

/// The same request as S3 has it, when whoever asks may; otherwise why not.
fn let_in(mut request: Request<Incoming>) -> Result<Request<Incoming>, (&'static str, Incoming)> {
    let uri = request.uri().clone();
    let query: Vec<(String, String)> = pairs(uri.query().unwrap_or_default());
    let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ").map(str::to_owned));
    let may = match token {
        Some(token) if OURS.has_token(&token) => Ok(()),
        Some(_) => Err("AuthenticationRequired"),
        None => OURS.has_link(request.method().as_str(), uri.path(), &query),
    };
    if let Err(code) = may {
        return Err((code, request.into_body()));
    }
    request.headers_mut().remove(AUTHORIZATION);
    // Generation 0 is that of an object that does not exist.
    if request.headers_mut().remove("x-goog-if-generation-match").is_some_and(|generation| generation == "0") {
        request.headers_mut().insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
    }
    let kept: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("X-Goog-")).collect();
    let target = if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) };
    *request.uri_mut() = target.parse().expect("it was an address before");
    Ok(request)
}

/// Parameters of a query, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                    bytes.push(std::str::from_utf8(&digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(b'?'));
                }
                _ => bytes.push(byte),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

impl Emulator for Gcs {
    fn scheme(&self) -> &'static str {
        "gs"
    }

    fn address(&self) -> SocketAddr {
        self.0.address
    }

    fn settings(&self, endpoint: &str) -> Settings {
        vec![("GOOGLE_BASE_URL", endpoint.to_owned()), ("GOOGLE_SERVICE_ACCOUNT_KEY", OURS.json.clone())]
    }

    fn wrong(&self) -> Settings {
        vec![("GOOGLE_SERVICE_ACCOUNT_KEY", OTHER.json.clone())]
    }

    fn secrets(&self) -> Vec<String> {
        vec!["PRIVATE KEY".into(), "exporter-key".into(), "Bearer ey".into(), "eyJ".into()]
    }

    fn kill(&mut self) {
        self.0.kill();
    }

    fn start(&mut self) {
        let serve = serve(self.0.folder.path());
        self.0.start(serve);
    }
}
