//! A proxy between a client and a server that lets requests through, or does to them what networks and busy servers do.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It arrives after this time.
    Late(Duration),
    /// After so many bytes of its body the connection is reset.
    Cut(u64),
    /// It arrives and is carried out, and its answer is lost.
    AnswerLost,
    /// It does not arrive, and this is the answer: a status, and seconds for `Retry-After`.
    Busy(u16, Option<u64>),
}

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `PUT`, `POST`, `GET`, `HEAD`, `DELETE`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Which request of its kind this is, from 0.
    pub count: usize,
    /// When it came.
    pub at: Instant,
}

/// What a request is for, at any provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It begins an upload in parts.
    Begin,
    /// A part.
    Part,
    /// It completes an upload.
    Completion,
    /// It aborts an upload.
    Abort,
    /// A whole object.
    Put,
    /// Something else.
    Other,
}

impl Seen {
    /// What it is for.
    pub fn kind(&self) -> Kind {
        let has = |text: &str| self.target.contains(text);
        match self.method.as_str() {
            "PUT" if has("comp=blocklist") => Kind::Completion,
            "PUT" if has("partNumber=") || has("comp=block&") => Kind::Part,
            "PUT" => Kind::Put,
            "POST" if has("uploadId=") => Kind::Completion,
            "POST" if has("?uploads") => Kind::Begin,
            "DELETE" if has("uploadId=") => Kind::Abort,
            _ => Kind::Other,
        }
    }
}

type Plan = dyn Fn(&Seen) -> Fault + Send + Sync;

struct Shared {
    upstream: SocketAddr,
    plan: Mutex<Arc<Plan>>,
    seen: Mutex<Vec<Seen>>,
    is_over: AtomicBool,
}

/// The proxy. Ends when dropped.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    /// A proxy for a server, which need not listen yet. It lets everything through until [`plan`](Self::plan) says otherwise.
    pub fn new(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let address = listener.local_addr().expect("the listener has an address");
        let plan: Arc<Plan> = Arc::new(|_| Fault::None);
        let shared = Arc::new(Shared { upstream, plan: Mutex::new(plan), seen: Mutex::default(), is_over: AtomicBool::new(false) });
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if own.is_over.load(Ordering::SeqCst) {
                    break;
                }
                let own = Arc::clone(&own);
                std::thread::spawn(move || connection(stream, &own));
            }
        });
        Self { address, shared }
    }

    /// The address that clients are told.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Does from now on with each request what `plan` says.
    pub fn plan(&self, plan: impl Fn(&Seen) -> Fault + Send + Sync + 'static) {
        *self.shared.plan.lock().expect("no test panics here") = Arc::new(plan);
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().expect("no test panics here").clone()
    }

    /// How many requests of a kind came so far.
    pub fn count(&self, kind: Kind) -> usize {
        self.seen().iter().filter(|seen| seen.kind() == kind).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// One request: a connection is closed after it, so that each is counted and none waits for another.
fn connection(mut client: TcpStream, shared: &Shared) {
    let Some((head, body)) = head(&mut client) else { return };
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut words = text.split(' ');
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let length: u64 = header(&text, "content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    let fault = {
        let mut all = shared.seen.lock().expect("no test panics here");
        let mut seen = Seen { method, target, count: 0, at: Instant::now() };
        seen.count = all.iter().filter(|other| other.kind() == seen.kind()).count();
        all.push(seen.clone());
        let plan = Arc::clone(&shared.plan.lock().expect("no test panics here"));
        plan(&seen)
    };
    let rest = length.saturating_sub(body.len() as u64);
    match fault {
        Fault::Busy(status, after) => {
            // An answer before the end of the question would reach the client as a broken connection.
            let _ = std::io::copy(&mut (&client).take(rest), &mut std::io::sink());
            let after = after.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"));
            let told = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>told to say so</Message></Error>";
            let answer = format!(
                "HTTP/1.1 {status} Busy\r\n{after}Content-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{told}",
                told.len()
            );
            let _ = client.write_all(answer.as_bytes());
        }
        Fault::Cut(bytes) => {
            if let Ok(mut server) = TcpStream::connect(shared.upstream) {
                let _ = server.write_all(&head).and_then(|()| server.write_all(body.get(..bytes as usize).unwrap_or(&body)));
                let _ = std::io::copy(&mut (&client).take(rest.min(bytes.saturating_sub(body.len() as u64))), &mut server);
            }
            // Both ends are reset when they are dropped.
            let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
        }
        Fault::None | Fault::Late(_) | Fault::AnswerLost => {
            if let Fault::Late(time) = fault {
                std::thread::sleep(time);
            }
            let Ok(mut server) = TcpStream::connect(shared.upstream) else { return };
            let sent = server.write_all(closing(&text).as_bytes()).and_then(|()| server.write_all(&body));
            let _ = sent.and_then(|()| std::io::copy(&mut (&client).take(rest), &mut server));
            let mut sink = std::io::sink();
            let answer: &mut dyn Write = if fault == Fault::AnswerLost { &mut sink } else { &mut client };
            let _ = copy(&mut server, answer);
            let _ = client.shutdown(Shutdown::Both);
        }
    }
}

fn copy(from: &mut impl Read, to: &mut dyn Write) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            read => to.write_all(&buffer[..read])?,
        }
    }
}

/// The head of a request, and what came with it of the body.
fn head(stream: &mut TcpStream) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8 << 10];
    loop {
        let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Some((bytes, body));
        }
        if bytes.len() > 256 << 10 {
            return None;
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| line.split_once(':').filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
}

/// A head that asks for the connection to be closed after the answer.
fn closing(head: &str) -> String {
    let lines = head.trim_end().split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    lines.chain(["Connection: close", "", ""]).collect::<Vec<_>>().join("\r\n")
}
