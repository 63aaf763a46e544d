//! A mail server that takes what it is given and shows it (`tests/mail`, with aiosmtpd).

use crate::python::service_tools;
use crate::tls::Issued;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/mail/server.py");

/// The server. Ends when dropped.
#[derive(Debug)]
pub struct Mailbox {
    child: Child,
    _stdin: ChildStdin,
    _folder: TempDir,
    /// Where it listens, on this machine.
    pub port: u16,
    said: Arc<Mutex<Vec<Value>>>,
}

/// How connections to it are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all.
    None,
    /// From a point on, without which it takes nothing.
    StartTls,
    /// From the first byte.
    Tls,
}

impl Security {
    /// The same in one word, as the configuration and the server have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }
}

/// What a mail server is to do.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// How connections are encrypted.
    pub security: Security,
    /// As which `localhost`, where they are.
    pub certificate: Option<&'a Issued>,
    /// User and password of whoever may hand mail in.
    pub login: Option<(&'a str, &'a str)>,
    /// What the first mails are answered with.
    pub refuse: &'a [&'a str],
    /// Where it listens; 0 for whichever port is free.
    pub port: u16,
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Self { security: Security::None, certificate: None, login: None, refuse: &[], port: 0 }
    }
}

impl Mailbox {
    /// Starts one.
    pub fn start(settings: Settings<'_>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut told = json!({ "tls": settings.security.name(), "refuse": settings.refuse, "port": settings.port });
        if let Some(issued) = settings.certificate {
            let chain = folder.path().join("chain.pem");
            std::fs::write(&chain, format!("{}{}", issued.certificate, issued.key)).expect("a file can be written");
            told["chain"] = json!(chain);
        }
        if let Some((user, password)) = settings.login {
            told["user"] = json!(user);
            told["password"] = json!(password);
        }
        let mut command = Command::new(service_tools());
        // It warns of what is meant: logins in the open.
        command.arg("-W").arg("ignore").arg(Path::new(SCRIPT)).arg(told.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Python starts");
        let stdin = child.stdin.take().expect("the stream is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("the stream is piped")).lines();
        let port = lines.next().and_then(Result::ok).and_then(|line| line.parse().ok()).expect("the mail server says where it listens");
        let said: Arc<Mutex<Vec<Value>>> = Arc::default();
        let log = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"));
                log.lock().expect("no test panics here").push(value);
            }
        });
        Self { child, _stdin: stdin, _folder: folder, port, said }
    }

    /// Everything that it said: mails, refusals, wrong logins.
    pub fn said(&self) -> Vec<Value> {
        self.said.lock().expect("no test panics here").clone()
    }

    /// Mails that it took: `from`, `to`, `headers`, `text`, `encrypted`, `user`.
    pub fn mails(&self) -> Vec<Value> {
        self.said().into_iter().filter(|said| said.get("to").is_some()).collect()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
