//! A real S3 server in the test's own process: it checks signatures, keeps objects in a folder, and fails when a test tells it to.

use crate::emulator::files::Files;
use hyper::Request;
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// The key id that the server knows.
pub const KEY_ID: &str = "AKIATESTTESTTESTTEST";
/// Its secret.
pub const SECRET: &str = "wJalrXUtnFEMIbPxRfiCYtestSECRETtestKEY00";
/// A bucket that exists.
pub const BUCKET: &str = "exports";

/// What the server does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// What is asked.
    Serve,
    /// The same, a little later.
    Late(Duration),
    /// It answers with this status and this code of S3.
    Answer(u16, &'static str),
    /// It closes the connection.
    Drop,
    /// It never answers.
    Hang,
}

/// The usual failure of a server.
pub const FAIL: Act = Act::Answer(500, "InternalError");

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `PUT`, `POST`, `GET`, `HEAD`, `DELETE`.
    pub method: String,
    /// The key with its bucket, and what is asked of it: `/exports/a.zip?uploads`.
    pub target: String,
    /// Which request of its kind this is, from 0, counted before anything fails.
    pub count: usize,
}

impl Seen {
    /// Whether this is a part of a multipart upload.
    pub fn is_part(&self) -> bool {
        self.method == "PUT" && self.target.contains("partNumber=")
    }

    /// Whether this completes a multipart upload.
    pub fn is_completion(&self) -> bool {
        self.method == "POST" && self.target.contains("uploadId=")
    }

    /// Whether this aborts a multipart upload.
    pub fn is_abort(&self) -> bool {
        self.method == "DELETE" && self.target.contains("uploadId=")
    }

    /// Whether this is an object in one request.
    pub fn is_put(&self) -> bool {
        self.method == "PUT" && !self.is_part()
    }

    fn kind(&self) -> (bool, bool, bool, bool, &str) {
        (self.is_part(), self.is_completion(), self.is_abort(), self.is_put(), &self.method)
    }
}

type Plan = dyn Fn(&Seen) -> Act + Send + Sync;

/// The server. Ends when dropped.
pub struct Server {
    folder: TempDir,
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    _runtime: Runtime,
}

impl Server {
    /// A server that does what it is asked.
    pub fn start() -> Self {
        Self::with_plan(|_| Act::Serve)
    }

    /// A server that does with each request what `plan` says.
    pub fn with_plan(plan: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket can be made");
        let mut builder = S3ServiceBuilder::new(Files::new(folder.path()));
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = builder.build();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started");
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("there is a free port");
        let port = listener.local_addr().expect("the listener has an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let plan: Arc<Plan> = Arc::new(plan);
        let log = Arc::clone(&seen);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, service.clone(), Arc::clone(&plan), Arc::clone(&log)));
            }
        });
        Self { folder, port, seen, _runtime: runtime }
    }

    /// Environment variables with which a program finds the server and is let in.
    pub fn env(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_REGION", "us-east-1".into()),
            ("AWS_ACCESS_KEY_ID", KEY_ID.into()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.into()),
        ]
    }

    /// The folder in which the server keeps the bucket's objects, each under its key.
    pub fn bucket(&self) -> std::path::PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// Parts and uploads that were neither completed nor aborted.
    pub fn leftovers(&self) -> Vec<String> {
        crate::archive::list(self.folder.path()).into_iter().filter(|name| name.starts_with(".upload")).collect()
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics here").clone()
    }
}

/// The files of a folder and what they hold, by name, for comparing a bucket with a folder. Names lose what differs from export to export.
pub fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| (crate::text::stable(&name, folder), std::fs::read(folder.join(&name)).expect("the file can be read"));
    crate::archive::list(folder).into_iter().filter(|name| !name.contains(".upload")).map(read).collect()
}

async fn connection(stream: TcpStream, service: S3Service, plan: Arc<Plan>, log: Arc<Mutex<Vec<Seen>>>) {
    let serve = |request: Request<Incoming>| {
        let act = {
            let mut log = log.lock().expect("no test panics here");
            let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
            let mut seen = Seen { method: request.method().to_string(), target, count: 0 };
            seen.count = log.iter().filter(|other| other.kind() == seen.kind()).count();
            log.push(seen.clone());
            plan(&seen)
        };
        let service = service.clone();
        async move {
            match act {
                Act::Serve | Act::Late(_) => {
                    let served = async move {
                        if let Act::Late(time) = act {
                            tokio::time::sleep(time).await;
                        }
                        service.call(request.map(s3s::Body::from)).await.map_err(|error| format!("{error:?}"))
                    };
                    // What has arrived is carried out, whatever becomes of who asked.
                    tokio::spawn(served).await.map_err(|error| error.to_string())?
                }
                Act::Answer(status, code) => {
                    // An answer before the end of the question would reach the client as a broken connection.
                    let mut body = request.into_body();
                    while let Some(Ok(_)) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {}
                    let body = format!("<Error><Code>{code}</Code><Message>told to say so</Message></Error>");
                    let response = Response::builder().status(status).header("content-type", "application/xml").body(s3s::Body::from(body));
                    response.map_err(|error| error.to_string())
                }
                Act::Drop => Err("told to close the connection".to_owned()),
                Act::Hang => std::future::pending().await,
            }
        }
    };
    // How a connection ends is the client's business.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(serve)).await;
}
