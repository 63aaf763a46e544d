//! A running service: `ango-export serve` with a configuration, projects and a key of its own.

use crate::cli::{Cli, program};
use crate::description::{Description, Exchange};
use crate::tls::Authority;
use reqwest::{Method, Response};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// After this something that should have happened counts as hung.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Where the service describes itself.
pub const DESCRIPTION: &str = "/v1/openapi.json";

/// The runtime of all clients.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started"))
}

/// Where a service lives: its configuration, its projects, its data. The service itself can be started in it again and again.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    env: Vec<(String, String)>,
    /// Who asks over HTTPS, when the service speaks it.
    secure: Option<reqwest::Client>,
}

/// A service that runs. Killed when dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
    scheme: &'static str,
    client: reqwest::Client,
    log: PathBuf,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; `null` when it is no JSON.
    pub json: Value,
    /// The body as text.
    pub text: String,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// An organisation `acme` without projects, whose exports go into `exports`.
    pub fn new() -> Self {
        let this = Self { folder: tempfile::tempdir().expect("a temporary folder can be made"), env: Vec::new(), secure: None };
        std::fs::create_dir(this.projects()).expect("a folder can be made");
        this.configure("");
        this
    }

    /// Where everything is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of projects of `acme`.
    pub fn projects(&self) -> PathBuf {
        self.path().join("projects")
    }

    /// The folder that exports of all projects go to.
    pub fn exports(&self) -> PathBuf {
        self.path().join("exports")
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.path().join("ango-export.toml")
    }

    /// Writes the configuration. `more` begins inside of `[service]`, and can hold further sections; it may say `storage` itself.
    pub fn configure(&self, more: &str) {
        let shown = |path: PathBuf| path.display().to_string();
        // Tests look often.
        let rate = if more.contains("requests-per-second") { "" } else { "requests-per-second = 10000\n" };
        let storage = if more.contains("\nstorage =") || more.starts_with("storage =") { "" } else { "storage = \"main\"\n" };
        let text = format!(
            "[storages.main]\nurl = {:?}\n[service.organisations.acme]\nprojects = {:?}\n[run]\nplugins = {:?}\n[service]\nlisten = \"127.0.0.1:0\"\ndata = {:?}\n{rate}{storage}{more}",
            shown(self.exports()),
            shown(self.projects()),
            shown(self.path().join("plugins")),
            shown(self.path().join("data")),
        );
        std::fs::write(self.config(), text).expect("the configuration can be written");
    }

    /// Sets an environment variable of the service and of commands.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets clients speak HTTPS, and trust this authority alone. The configuration has to name a certificate.
    #[must_use]
    pub fn secure(mut self, authority: &Authority) -> Self {
        self.secure = Some(authority.client().build().expect("a client can be made"));
        self
    }

    /// A command with the configuration of the service.
    pub fn cli(&self, args: &str) -> Cli {
        let cli = Cli::new(args.split_whitespace()).arg("--config").arg(self.config());
        self.env.iter().fold(cli, |cli, (name, value)| cli.env(name, value))
    }

    /// A key of `acme` with a role everywhere, made on the command line.
    pub fn key(&self, role: &str) -> String {
        self.key_for(&format!("--role {role}"))
    }

    /// A key of `acme`; `args` say what it may.
    pub fn key_for(&self, args: &str) -> String {
        let run = self.cli(&format!("key create --organisation acme --name tester {args}")).expect(0);
        run.stdout.trim().to_owned()
    }

    /// Starts the service, and waits until it listens.
    pub fn start(&self) -> Service {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let log = self.path().join(format!("service-{}.log", COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)));
        let mut command = Command::new(program());
        command.args(["serve", "--json", "--config"]).arg(self.config()).env_clear();
        command.env("ANGO_EXPORT_CACHE", crate::cli::build_folder().join("ango-tests-cache"));
        for name in ["PATH", "SystemRoot", "TMPDIR", "TEMP"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        let errors = std::fs::File::create(&log).expect("the log can be written");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn().expect("the program starts");
        let output = child.stdout.take().expect("the stream is piped");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(output));
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        let first = lines.next().unwrap_or_else(|| panic!("the service did not start: {}", said())).expect("its output can be read");
        let event: Value = serde_json::from_str(&first).unwrap_or_else(|error| panic!("{error} in {first}"));
        let address = event["address"].as_str().unwrap_or_else(|| panic!("the service did not start: {first} {}", said())).to_owned();
        // Somebody has to read what it says, or it stops.
        std::thread::spawn(move || lines.for_each(drop));
        let scheme = if self.secure.is_some() { "https" } else { "http" };
        Service { child, address, scheme, client: self.secure.as_ref().unwrap_or_else(|| client()).clone(), log }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let log = self.log();
        assert!(std::thread::panicking() || !log.contains("panicked"), "the service panicked: {log}");
    }
}

impl Service {
    /// An address at the service.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Id of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it had resident until now, in bytes, where the system says it.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
        Some(kibibytes.trim().parse::<u64>().ok()? << 10)
    }

    /// Kills it, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("the service can be killed");
        self.child.wait().expect("the service can be waited for");
    }

    /// Sends it a signal: `TERM`, `HUP`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().expect("kill can be started");
        assert!(sent.success());
    }

    /// Waits until it has ended by itself, and says with which code.
    pub fn wait(mut self) -> i32 {
        let until = Instant::now() + 2 * PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("the service can be waited for") {
                return status.code().unwrap_or(-1);
            }
            assert!(Instant::now() < until, "the service does not end: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Asks with a key.
    pub fn ask(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.ask_with(&[("authorization", &format!("Bearer {key}"))], method, path, body)
    }

    /// Asks with these headers. What is asked of `/v1` must be answered as it is described.
    pub fn ask_with(&self, headers: &[(&str, &str)], method: &str, path: &str, body: Option<&Value>) -> Answer {
        let (answer, kind) = self.exchange(headers, method, path, body);
        if path.starts_with("/v1/") && path != DESCRIPTION {
            let exchange = Exchange { method, target: path, sent: body, status: answer.status, kind: &kind, text: &answer.text };
            self.description().check(&exchange).unwrap_or_else(|problem| panic!("{method} {path}: {} {}: {problem}", answer.status, answer.text));
        }
        answer
    }

    /// What the service says of itself. Every service of a test run is the same program.
    pub fn description(&self) -> &'static Description {
        static READ: OnceLock<Description> = OnceLock::new();
        READ.get_or_init(|| Description::new(self.exchange(&[], "GET", DESCRIPTION, None).0.json))
    }

    /// Asks; the answer, and what kind of body it has.
    fn exchange(&self, headers: &[(&str, &str)], method: &str, path: &str, body: Option<&Value>) -> (Answer, String) {
        let method: Method = method.parse().expect("it is a method");
        runtime().block_on(async {
            let mut request = self.client.request(method, self.url(path));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(body) = body {
                request = request.header("content-type", "application/json").body(body.to_string());
            }
            let response = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}: {}", self.log()));
            let status = response.status().as_u16();
            let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
            // A picture is no text; what it is of is not looked at here.
            let text = String::from_utf8_lossy(&response.bytes().await.expect("the answer can be read")).into_owned();
            (Answer { status, json: serde_json::from_str(&text).unwrap_or_default(), text }, kind)
        })
    }

    /// `GET`, which must work.
    pub fn get(&self, key: &str, path: &str) -> Value {
        let answer = self.ask(key, "GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json
    }

    /// Starts an export, which must be accepted. Its id.
    pub fn start_export(&self, key: &str, order: &Value) -> String {
        let answer = self.ask(key, "POST", "/v1/exports", Some(order));
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json["id"].as_str().expect("it has an id").to_owned()
    }

    /// Waits until an export has ended.
    pub fn wait_for(&self, key: &str, id: &str) -> Value {
        wait_for(|| {
            let export = self.get(key, &format!("/v1/exports/{id}"));
            ["succeeded", "failed", "cancelled"].contains(&export["state"].as_str().unwrap_or_default()).then_some(export)
        })
    }

    /// Starts an export and waits until it has ended.
    pub fn export(&self, key: &str, order: &Value) -> Value {
        let id = self.start_export(key, order);
        self.wait_for(key, &id)
    }

    /// Links of an export, by what they are of.
    pub fn links(&self, key: &str, id: &str) -> std::collections::BTreeMap<String, String> {
        let links = self.get(key, &format!("/v1/exports/{id}/links"));
        let links = links["links"].as_array().expect("there are links");
        links.iter().map(|link| (link["of"].as_str().expect("of").to_owned(), link["url"].as_str().expect("url").to_owned())).collect()
    }
}

fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| reqwest::Client::builder().no_proxy().timeout(2 * PATIENCE).build().expect("a client can be made"))
}

/// Fetches an address as a browser does: without a key.
pub fn fetch(url: &str, headers: &[(&str, &str)]) -> (u16, Vec<u8>) {
    runtime().block_on(async {
        let response = raw(url, headers).await;
        (response.status().as_u16(), response.bytes().await.expect("the answer can be read").to_vec())
    })
}

/// The same, with the headers of the answer.
pub fn fetch_headers(url: &str, headers: &[(&str, &str)]) -> (u16, reqwest::header::HeaderMap) {
    runtime().block_on(async {
        let response = raw(url, headers).await;
        (response.status().as_u16(), response.headers().clone())
    })
}

async fn raw(url: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = client().get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Waits until something is there.
pub fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "it does not happen");
        std::thread::sleep(Duration::from_millis(10));
    }
}
