//! A second S3, which shares nothing with the first: `moto`, installed by pip into the target folder. It does not look at signatures, and forgets everything when it ends.

use super::{BUCKET, Emulator, Process, Settings, free_port, wait_for};
use crate::cli::build_folder;
use crate::python::venv;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/requirements/moto.txt");
/// Ends with the test, when nobody holds the other end of its input any more.
const SCRIPT: &str = "import os, sys, threading\nfrom moto.server import main\nthreading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()\nmain(['-H', '127.0.0.1', '-p', sys.argv[1]])\n";
const KEY_ID: &str = "AKIAMOTOMOTOMOTOMOTO";
const SECRET: &str = "motoSECRETmotoSECRETmotoSECRETmotoSECRET";

/// A server of S3.
pub struct Moto {
    folder: TempDir,
    python: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Moto {
    /// Starts it, with a bucket.
    #[expect(clippy::new_without_default, reason = "it starts a server")]
    pub fn new() -> Self {
        static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
        let target = build_folder().parent().expect("it lies in the target folder").to_owned();
        let python = INSTALLED.get_or_init(|| venv(&target.join("moto"), REQUIREMENTS, "moto")).clone();
        let mut server = Self { folder: tempfile::tempdir().expect("a temporary folder can be made"), python, port: free_port(), process: None };
        server.start();
        server
    }
}

impl Emulator for Moto {
    fn scheme(&self) -> &'static str {
        "s3"
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
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
        Vec::new()
    }

    fn secrets(&self) -> Vec<String> {
        vec![KEY_ID.into(), SECRET.into()]
    }

    fn kill(&mut self) {
        self.process = None;
    }

    fn start(&mut self) {
        let log = self.folder.path().join("log");
        let out = std::fs::File::create(&log).expect("a log can be written");
        let mut command = Command::new(&self.python);
        command
            .args(["-c", SCRIPT])
            .arg(self.port.to_string())
            .stdin(Stdio::piped())
            .stdout(out.try_clone().expect("a file can be shared"))
            .stderr(out);
        let mut process = Process(command.spawn().expect("the interpreter runs"));
        wait_for(self.address(), &mut process, &log);
        self.process = Some(process);
        let mut stream = TcpStream::connect(self.address()).expect("moto listens");
        let request = format!("PUT /{BUCKET} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", self.address());
        stream.write_all(request.as_bytes()).expect("moto takes the request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("moto answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}
