//! Azure: Azurite, Microsoft's own emulator, installed by npm into the target folder.

use super::{BUCKET, Emulator, Process, Settings, free_port, wait_for};
use crate::cli::build_folder;
use crate::javascript::npm_install;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The newest that runs on Node 20.
const MANIFEST: &str = r#"{"name":"emulators","private":true,"dependencies":{"azurite":"3.35.0"}}"#;
/// Ends with the test, when nobody holds the other end of its input any more.
const SCRIPT: &str = "process.stdin.on('end', () => process.exit()).resume(); require('azurite/dist/src/blob/main.js')";

/// The account and the key that every Azurite has; they are in its documentation.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const WRONG: &str = "d3JvbmdTRUNSRVR3cm9uZ1NFQ1JFVHdyb25nU0VDUkVUd3JvbmdTRUNSRVR3cm9uZ1NFQ1JFVHdyb25nU0VDUkVUMDA=";

/// A server of Azure's.
pub struct Azurite {
    folder: TempDir,
    modules: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Azurite {
    /// Starts it, with a container.
    #[expect(clippy::new_without_default, reason = "it starts a server")]
    pub fn new() -> Self {
        static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
        let target = build_folder().parent().expect("it lies in the target folder").to_owned();
        let modules = INSTALLED.get_or_init(|| npm_install(&target.join("azurite"), MANIFEST, "azurite")).clone();
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut server = Self { folder, modules, port: free_port(), process: None };
        server.start();
        server.make_container(BUCKET);
        server
    }

    /// A token that somebody gets who is not given the key: for everything that an export does.
    pub fn token(&self) -> String {
        let text = format!("{ACCOUNT}\nrwdlc\nb\nco\n\n2100-01-01T00:00:00Z\n\n\n2021-12-02\n\n");
        let signature: String = sign(&text)
            .bytes()
            .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        format!("sv=2021-12-02&ss=b&srt=co&sp=rwdlc&se=2100-01-01T00:00:00Z&sig={signature}")
    }

    /// Makes a container, with a request signed here.
    fn make_container(&self, name: &str) {
        let date = http_date();
        let headers = format!("x-ms-date:{date}\nx-ms-version:2021-12-02\n");
        // The account stands in the address, and once more in what is signed.
        let text = format!("PUT\n\n\n\n\n\n\n\n\n\n\n\n{headers}/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container");
        let signature = sign(&text);
        let mut stream = TcpStream::connect(self.address()).expect("the emulator listens");
        let request = format!(
            "PUT /{ACCOUNT}/{name}?restype=container HTTP/1.1\r\nHost: {}\r\nx-ms-date: {date}\r\nx-ms-version: 2021-12-02\r\nContent-Length: 0\r\nAuthorization: SharedKey {ACCOUNT}:{signature}\r\nConnection: close\r\n\r\n",
            self.address()
        );
        stream.write_all(request.as_bytes()).expect("the emulator takes the request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the emulator answers");
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
}

/// Signs with the account's key.
fn sign(text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(KEY).expect("the key is base64"));
    STANDARD.encode(hmac::sign(&key, text.as_bytes()).as_ref())
}

/// Now, as headers have it.
fn http_date() -> String {
    let output = Command::new("node").args(["-p", "new Date().toUTCString()"]).output().expect("node runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Emulator for Azurite {
    fn scheme(&self) -> &'static str {
        "az"
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    fn settings(&self, endpoint: &str) -> Settings {
        vec![
            ("AZURE_STORAGE_ENDPOINT", format!("{endpoint}/{ACCOUNT}")),
            ("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT.into()),
            ("AZURE_STORAGE_ACCOUNT_KEY", KEY.into()),
        ]
    }

    fn wrong(&self) -> Settings {
        vec![("AZURE_STORAGE_ACCOUNT_KEY", WRONG.into())]
    }

    fn token(&self) -> Option<String> {
        Some(Self::token(self))
    }

    fn secrets(&self) -> Vec<String> {
        vec![KEY.into(), WRONG.into(), "SharedKey d".into(), "Server used following string to sign".into()]
    }

    /// Azurite writes down every five seconds what it has.
    fn settle(&self, name: &str) {
        let database = self.folder.path().join("data/__azurite_db_blob__.json");
        let started = Instant::now();
        while !std::fs::read_to_string(&database).is_ok_and(|text| text.contains(name)) {
            assert!(started.elapsed() < Duration::from_secs(60), "Azurite does not write down {name}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn kill(&mut self) {
        self.process = None;
    }

    fn start(&mut self) {
        let log = self.folder.path().join("log");
        let out = std::fs::File::create(&log).expect("a log can be written");
        let mut command = Command::new("node");
        // A file: Azurite looks for the script that was started.
        let script = self.folder.path().join("azurite.js");
        std::fs::write(&script, SCRIPT).expect("a script can be written");
        command.arg(script).args(["--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort"]).arg(self.port.to_string());
        command.arg("--location").arg(self.folder.path().join("data")).env("NODE_PATH", &self.modules);
        command.stdin(Stdio::piped()).stdout(out.try_clone().expect("a file can be shared")).stderr(out);
        let child = command.spawn().unwrap_or_else(|error| panic!("node (20.11 or newer) is needed for this test: {error}"));
        let mut process = Process(child);
        wait_for(self.address(), &mut process, &log);
        self.process = Some(process);
    }
}
