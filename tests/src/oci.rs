//! A real OCI registry: the program `docker-registry` (Debian's package of that name) in a folder and on a port of its own.

use crate::tls::TokenSigner;
use crate::web::{Act, Request, Server};
use base64::Engine;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// A user that a registry with passwords lets in.
pub const USER: &str = "ango";
/// The user's password.
pub const PASSWORD: &str = "hush-hush";
/// Both as `htpasswd -nbB` writes them.
const HTPASSWD: &str = "ango:$2y$05$MtSoTm.P1l7v8BC0tzVRg.ga5RuOIjWaXT6PeiodmTdRHeVc5/YUi\n";

/// Whom a registry lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody.
    Open,
    /// [`USER`] with [`PASSWORD`].
    Password,
    /// Whoever has a token; a token server gives [`USER`] tokens for everything, and everybody else tokens for pulling.
    Token,
}

/// The registry. Ends when dropped.
#[derive(Debug)]
pub struct Registry {
    folder: TempDir,
    port: u16,
    process: Arc<Mutex<Child>>,
}

impl Registry {
    /// Starts a registry; `None`, with a word about it, where the program is not installed, unless `ANGO_REQUIRE_REGISTRY=1` says that it must be.
    pub fn start(door: Door) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let auth = match door {
            Door::Open => json!(null),
            Door::Password => {
                let file = folder.path().join("htpasswd");
                std::fs::write(&file, HTPASSWD).expect("the file can be written");
                json!({ "htpasswd": { "realm": "tests", "path": file } })
            }
            Door::Token => {
                let signer = TokenSigner::new();
                let file = folder.path().join("root.pem");
                std::fs::write(&file, &signer.pem).expect("the file can be written");
                let server = Server::start(move |request| give_token(&signer, request));
                json!({ "token": { "realm": server.url("/token"), "service": "tests", "issuer": "tests", "rootcertbundle": file } })
            }
        };
        let mut config = json!({
            "version": "0.1",
            "log": { "level": "info", "formatter": "json" },
            "storage": { "filesystem": { "rootdirectory": folder.path().join("data") } },
            "http": { "addr": "127.0.0.1:0" },
        });
        if !auth.is_null() {
            config["auth"] = auth;
        }
        // JSON is YAML.
        let file = folder.path().join("config.yml");
        std::fs::write(&file, config.to_string()).expect("the file can be written");
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = match command.spawn() {
            Ok(process) => process,
            Err(error) if std::env::var_os("ANGO_REQUIRE_REGISTRY").is_some_and(|value| value == "1") => {
                panic!("docker-registry cannot be started ({error}), and ANGO_REQUIRE_REGISTRY says that it must be there")
            }
            Err(error) => {
                println!("left out: docker-registry cannot be started ({error}); on Debian: apt-get install docker-registry");
                return None;
            }
        };
        let mut lines = BufReader::new(process.stderr.take().expect("the stream is piped")).lines();
        let mut said = String::new();
        let port = loop {
            let line = lines.next().unwrap_or_else(|| panic!("docker-registry ended: {said}")).expect("it can be read");
            if let Some((_, rest)) = line.split_once("listening on 127.0.0.1:") {
                break rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("it is a port");
            }
            said.push_str(&line);
            said.push('\n');
        };
        // Somebody has to read what it says, or it stops.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { folder, port, process: Arc::new(Mutex::new(process)) })
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The file in which the registry keeps a blob; `digest` with `sha256:`.
    pub fn blob(&self, digest: &str) -> PathBuf {
        let hex = digest.strip_prefix("sha256:").expect("it is a digest");
        self.folder.path().join("data/docker/registry/v2/blobs/sha256").join(&hex[..2]).join(hex).join("data")
    }

    /// Another address of the registry, which kills it when `bytes` bytes have gone through, to it and back.
    pub fn killed_after(&self, bytes: u64) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let address = listener.local_addr().expect("the listener has an address").to_string();
        let (port, process, count) = (self.port, Arc::clone(&self.process), Arc::new(AtomicU64::new(0)));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().expect("a stream can be cloned"), to.try_clone().expect("a stream can be cloned"));
                    let (process, count) = (Arc::clone(&process), Arc::clone(&count));
                    std::thread::spawn(move || carry(from, to, &process, &count, bytes));
                }
            }
        });
        address
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        kill(&self.process);
    }
}

fn kill(process: &Mutex<Child>) {
    let mut process = process.lock().expect("no test panics here");
    let _ = process.kill();
    let _ = process.wait();
}

fn carry(mut from: TcpStream, mut to: TcpStream, process: &Mutex<Child>, count: &AtomicU64, limit: u64) {
    let mut piece = [0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        if count.fetch_add(length as u64, Ordering::SeqCst) + length as u64 > limit {
            kill(process);
            break;
        }
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// What a token server answers.
fn give_token(signer: &TokenSigner, request: &Request) -> Act {
    let is_user = match request.header("authorization") {
        None => false,
        Some(header) if header == format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"))) => true,
        Some(_) => return Act::status(401),
    };
    let scope = request.target.split(['?', '&']).find_map(|pair| pair.strip_prefix("scope=")).unwrap_or_default();
    let scope = scope.replace("%3A", ":").replace("%2F", "/").replace("%2C", ",");
    let [kind, name, actions] = scope.split(':').collect::<Vec<_>>()[..] else { return Act::status(400) };
    let actions: Vec<&str> = actions.split(',').filter(|action| is_user || *action == "pull").collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
    let claims = json!({
        "iss": "tests", "sub": if is_user { USER } else { "" }, "aud": "tests", "iat": now, "nbf": now - 60, "exp": now + 300, "jti": now.to_string(),
        "access": [{ "type": kind, "name": name, "actions": actions }],
    });
    Act::Answer(200, vec![("content-type", "application/json".into())], json!({ "token": signer.token(&claims) }).to_string().into_bytes())
}
