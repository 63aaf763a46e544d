//! A web server that does what a test tells it, also what no server should do.

use crate::tls::Authority;
use rustls::{ServerConnection, StreamOwned};
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `PUT`, ...
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What was sent with it.
    pub body: Vec<u8>,
    /// Which request for its target this is, from 0.
    pub count: usize,
}

impl Request {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub enum Act {
    /// A whole answer: status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes, as they are, and the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, and then 64 KiB again and again (chunked when `true`) until the client goes.
    Endless(Vec<u8>, bool),
    /// These bytes, and then one byte a second.
    Drip(Vec<u8>),
    /// These bytes, and then the connection is reset.
    Reset(Vec<u8>),
    /// Nothing, for ever.
    Hang,
}

impl Act {
    /// A file.
    pub fn file(body: impl Into<Vec<u8>>) -> Self {
        Self::Answer(200, Vec::new(), body.into())
    }

    /// A status without a body.
    pub fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), Vec::new())
    }

    /// A redirect.
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::Answer(302, vec![("location", to.into())], b"<html>over there</html>".to_vec())
    }
}

type Plan = dyn Fn(&Request) -> Act + Send + Sync;

/// The server. Its threads end with the process, its port closes when it is dropped.
pub struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
    scheme: &'static str,
}

impl Server {
    /// A server without TLS.
    pub fn start(plan: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        Self::run(None, Arc::new(plan))
    }

    /// A server with TLS, as `localhost`.
    pub fn tls(authority: &Authority, plan: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        Self::run(Some(authority.config()), Arc::new(plan))
    }

    fn run(tls: Option<Arc<rustls::ServerConfig>>, plan: Arc<Plan>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let port = listener.local_addr().expect("the listener has an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let scheme = if tls.is_some() { "https" } else { "http" };
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (plan, log, tls) = (Arc::clone(&plan), Arc::clone(&log), tls.clone());
                std::thread::spawn(move || {
                    // How a connection ends is the client's business.
                    let _ = match tls {
                        None => {
                            let raw = stream.try_clone().expect("a stream can be cloned");
                            connection(stream, &raw, plan.as_ref(), &log)
                        }
                        Some(config) => {
                            let raw = stream.try_clone().expect("a stream can be cloned");
                            let session = ServerConnection::new(config).expect("TLS can start");
                            connection(StreamOwned::new(session, stream), &raw, plan.as_ref(), &log)
                        }
                    };
                });
            }
        });
        Self { port, seen, scheme }
    }

    /// `127.0.0.1:PORT`, or `localhost:PORT` with TLS.
    pub fn address(&self) -> String {
        let host = if self.scheme == "https" { "localhost" } else { "127.0.0.1" };
        format!("{host}:{}", self.port)
    }

    /// The address of a file; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address())
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().expect("no test panics here").clone()
    }

    /// Paths and queries of the requests so far.
    pub fn targets(&self) -> Vec<String> {
        self.seen().into_iter().map(|request| request.target).collect()
    }
}

fn connection(mut stream: impl Read + Write, raw: &TcpStream, plan: &Plan, log: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut left = Vec::new();
    while let Some(mut request) = read(&mut stream, &mut left)? {
        let act = {
            let mut log = log.lock().expect("no test panics here");
            request.count = log.iter().filter(|other| other.target == request.target && other.method == request.method).count();
            log.push(request.clone());
            plan(&request)
        };
        match act {
            Act::Answer(status, headers, body) => {
                let mut head = format!("HTTP/1.1 {status} Told\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                stream.write_all(format!("{head}\r\n").as_bytes())?;
                if request.method != "HEAD" {
                    stream.write_all(&body)?;
                }
                stream.flush()?;
            }
            Act::Raw(bytes) => {
                stream.write_all(&bytes)?;
                stream.flush()?;
                return raw.shutdown(std::net::Shutdown::Both);
            }
            Act::Endless(head, is_chunked) => {
                stream.write_all(&head)?;
                let piece = vec![b'x'; 64 << 10];
                loop {
                    if is_chunked {
                        stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
                    }
                    stream.write_all(&piece)?;
                    if is_chunked {
                        stream.write_all(b"\r\n")?;
                    }
                }
            }
            Act::Drip(head) => {
                stream.write_all(&head)?;
                loop {
                    stream.write_all(b"x")?;
                    stream.flush()?;
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
            Act::Reset(bytes) => {
                stream.write_all(&bytes)?;
                stream.flush()?;
                // Closing at once, without a farewell, is a reset.
                return SockRef::from(raw).set_linger(Some(Duration::ZERO));
            }
            Act::Hang => loop {
                std::thread::park();
            },
        }
    }
    Ok(())
}

/// Reads a request; `None` at the end of the connection. `left` is what was read beyond it.
fn read(stream: &mut impl Read, left: &mut Vec<u8>) -> std::io::Result<Option<Request>> {
    let mut piece = [0; 16 << 10];
    let mut fill = |left: &mut Vec<u8>| -> std::io::Result<bool> {
        let length = stream.read(&mut piece)?;
        left.extend_from_slice(&piece[..length]);
        Ok(length > 0)
    };
    let end = loop {
        match left.windows(4).position(|four| four == b"\r\n\r\n") {
            Some(end) => break end,
            None if fill(left)? => {}
            None => return Ok(None),
        }
    };
    let head = String::from_utf8_lossy(&left[..end]).into_owned();
    left.drain(..end + 4);
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap_or_default().to_owned(), first.next().unwrap_or_default().to_owned());
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    while left.len() < length && fill(left)? {}
    let body = left.drain(..length.min(left.len())).collect();
    Ok(Some(Request { method, target, headers, body, count: 0 }))
}
