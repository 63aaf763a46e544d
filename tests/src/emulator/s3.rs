//! S3: `s3s` in the test's own process. It checks signatures.

use super::files::Files;
use super::{BUCKET, Emulator, Settings};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// The key id that the server knows.
const KEY_ID: &str = "AKIATESTTESTTESTTEST";
/// Its secret.
const SECRET: &str = "wJalrXUtnFEMIbPxRfiCYtestSECRETtestKEY00";

/// A server in this process that can be ended, its connections with it, and started again where it was.
pub(super) struct InProcess {
    pub(super) folder: TempDir,
    pub(super) address: SocketAddr,
    runtime: Option<Runtime>,
}

/// What a server does with a connection.
pub(super) type Serve = Arc<dyn Fn(TcpStream) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl InProcess {
    pub(super) fn new(serve: impl FnOnce(&Path) -> Serve) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket can be made");
        let serve = serve(folder.path());
        let mut server = Self { folder, address: SocketAddr::from(([127, 0, 0, 1], 0)), runtime: None };
        server.start(serve);
        server
    }

    pub(super) fn start(&mut self, serve: Serve) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started");
        let started = Instant::now();
        let listener = loop {
            match runtime.block_on(TcpListener::bind(self.address)) {
                Ok(listener) => break listener,
                Err(error) => assert!(started.elapsed() < Duration::from_secs(10), "the port is not free again: {error}"),
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        self.address = listener.local_addr().expect("the listener has an address");
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
        self.runtime = Some(runtime);
    }

    pub(super) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(10));
        }
    }
}

/// A server of S3.
pub struct S3(InProcess);

impl S3 {
    /// Starts it.
    #[expect(clippy::new_without_default, reason = "it starts a server")]
    pub fn new() -> Self {
        Self(InProcess::new(serve))
    }
}

/// Answers requests with what lies in a folder.
fn serve(folder: &Path) -> Serve {
    let mut builder = S3ServiceBuilder::new(Files::new(folder));
    builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
    let service = builder.build();
    Arc::new(move |stream| Box::pin(connection(stream, service.clone())))
}

async fn connection(stream: TcpStream, service: S3Service) {
    let answer = |request: Request<Incoming>| {
        let service = service.clone();
        async move { service.call(request.map(s3s::Body::from)).await.map_err(|error| format!("{error:?}")) }
    };
    // How a connection ends is the client's business.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

impl Emulator for S3 {
    fn scheme(&self) -> &'static str {
        "s3"
    }

    fn address(&self) -> SocketAddr {
        self.0.address
    }

    fn settings(&self, endpoint: &str) -> Settings {
        vec![
            ("AWS_ENDPOINT_URL", endpoint.to_owned()),
            ("AWS_REGION", "us-east-1".into()),
            ("AWS_ACCESS_KEY_ID", KEY_ID.into()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.into()),
        ]
    }

    fn wrong(&self) -> Settings {
        vec![("AWS_SECRET_ACCESS_KEY", "wrongSECRETwrongSECRETwrongSECRETwrong00".into())]
    }

    fn secrets(&self) -> Vec<String> {
        vec![KEY_ID.into(), SECRET.into(), "wrongSECRET".into(), "AWS4-HMAC".into()]
    }

    fn kill(&mut self) {
        self.0.kill();
    }

    fn start(&mut self) {
        let serve = serve(self.0.folder.path());
        self.0.start(serve);
    }
}
