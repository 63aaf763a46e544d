//! A Hub made from its published contract (`tests/hub`, in Python), the real client that judges it, and the program joined to it.

use crate::cli::{Cli, build_folder};
use crate::python::venv;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Where the scripts are.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/hub");

/// After this something that should have happened counts as never happening.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The project that tests export.
pub const PROJECT: &str = "P1";

/// The key of runs. It must stand nowhere but in requests to Hub.
pub const KEY: &str = "KEY";

/// Python with what the Hub and the client need: installed when it is not there, once, into the target folder.
pub fn python() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let folder = build_folder().parent().expect("the build lies in the target folder").join("hub-python");
        venv(&folder, concat!(env!("CARGO_MANIFEST_DIR"), "/hub/requirements.txt"), "the Hub and its client")
    })
}

/// A script in Python, with its arguments.
pub fn script(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(python());
    command.arg(Path::new(SCRIPTS).join(name)).args(args).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A Hub. Ends when dropped.
#[derive(Debug)]
pub struct Hub {
    child: Child,
    _stdin: Option<ChildStdin>,
    port: u16,
    folder: tempfile::TempDir,
}

impl Hub {
    /// Starts one that knows the project, with these records, and the plugins `one` and `two` with the secrets `secret-of-one` and `secret-of-two`.
    pub fn start(records: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (child, stdin, port) = serve(folder.path(), 0);
        let hub = Self { child, _stdin: Some(stdin), port, folder };
        hub.teach(records);
        hub
    }

    /// Tells it what it knows.
    pub fn teach(&self, records: &str) {
        let mut project: Value = serde_json::from_str(crate::project::PROJECT).expect("the project is JSON");
        let assets: Vec<Value> = records
            .lines()
            .map(|line| {
                let mut asset: Value = serde_json::from_str(line).expect("records are JSON");
                let number = if asset["batches"][0] == "north" { 1 } else { 2 };
                asset["batchIds"] = json!([format!("dddddddddddddddddddddd0{number}")]);
                asset
            })
            .collect();
        let ontology = project["ontology"].take();
        self.control(
            "project",
            &json!({ "id": PROJECT, "name": "Harbour", "assets": assets, "issues": [{ "_id": "i1" }], "categorySchema": ontology,
            "stages": project["stages"], "batches": [{ "_id": "dddddddddddddddddddddd01", "name": "north" }] }),
        );
        for id in ["one", "two"] {
            self.control("plugin", &json!({ "id": id, "secret": format!("secret-of-{id}") }));
        }
    }

    /// Kills it, and starts it again at the same address. It has forgotten everything.
    pub fn restart(&mut self) {
        self.stop();
        (self.child, self._stdin, self.port) = {
            let (child, stdin, port) = serve(self.folder.path(), self.port);
            (child, Some(stdin), port)
        };
    }

    /// Kills it.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where results and exports are stored.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Tells it something that only a test does.
    pub fn control(&self, what: &str, body: &Value) -> Value {
        self.request("POST", &format!("/control/{what}"), Some(body))
    }

    /// Breaks something.
    pub fn fault(&self, name: &str, fault: Value) {
        self.control("fault", &json!({ "name": name, "fault": fault }));
    }

    /// What it saw of one kind.
    pub fn seen(&self, kind: &str) -> Vec<Value> {
        self.request("GET", &format!("/control/seen?kind={kind}"), None)["seen"].as_array().cloned().expect("a list")
    }

    /// Waits until a plugin is online.
    pub fn wait_online(&self, plugin: &str) {
        until("the plugin is online", || {
            self.request("GET", "/control/seen?kind=none", None)["online"].as_array().is_some_and(|online| online.contains(&json!(plugin)))
        });
    }

    /// Starts a run of a plugin: its session. `how` says more: see `control_run`.
    pub fn run(&self, plugin: &str, mut how: Value) -> String {
        how["plugin"] = plugin.into();
        let started = self.control("run", &how);
        started["session"].as_str().unwrap_or_else(|| panic!("{started}")).to_owned()
    }

    /// A session as it stands.
    pub fn session(&self, session: &str) -> Value {
        self.request("GET", &format!("/control/session/{session}"), None)
    }

    /// Waits until a session has been answered.
    pub fn ended(&self, session: &str) -> Value {
        let mut found = Value::Null;
        until(&format!("session {session} is answered"), || {
            found = self.request("GET", &format!("/control/session/{session}?wait=5"), None);
            !found["response"].is_null()
        });
        found
    }

    /// Runs a plugin to its end.
    pub fn run_to_end(&self, plugin: &str, how: Value) -> Value {
        self.ended(&self.run(plugin, how))
    }

    /// The file behind the link of a session's response.
    pub fn result(&self, ended: &Value) -> PathBuf {
        let link = ended["response"]["response"].as_str().unwrap_or_else(|| panic!("there is no result: {ended:#}"));
        let name = link.split('?').next().and_then(|link| link.rsplit('/').next()).expect("a link has a name");
        self.folder().join(name)
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let answer = http(
            self.port,
            &format!(
                "{method} {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        );
        let (_, text) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method} {path}: {answer}"));
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{method} {path}: {error}: {answer}"))
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(folder: &Path, port: u16) -> (Child, ChildStdin, u16) {
    let mut command = script("hub.py", &[&folder.display().to_string()]);
    command.env("PORT", port.to_string()).env("PING", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("Python starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it says its port");
    let port = line.trim().parse().unwrap_or_else(|_| panic!("the Hub does not start: {line}"));
    let stdin = child.stdin.take().expect("it is piped");
    (child, stdin, port)
}

/// Sends a request to a port of this machine, and reads the answer to its end.
pub fn http(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time can be set");
    stream.write_all(request.as_bytes()).expect("it takes a request");
    let mut answer = Vec::new();
    // A server that closes while there is more to read resets the connection; what it said is there.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A port that nobody listens on, for a program that cannot be asked which one it took. It is none of those that systems give to whoever asks for any: somebody else could be given it before the
/// program listens.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run at the same time begin at different ones.
    let begin = u16::try_from(std::process::id() % 100).expect("it is below 100") * 100;
    let port = || 20_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
    std::iter::repeat_with(port).take(1_000).find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("there is a free port")
}

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "not in {} s: {what}", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A program that stands for a plugin, which is killed when dropped.
#[derive(Debug)]
pub struct Joined {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Joined {
    /// A plugin written with the SDK, of the Hub at `url`.
    pub fn sdk(url: &str, id: &str, connector: &str, port: u16) -> Self {
        let mut command = script("plugin.py", &[url, id, &format!("secret-of-{id}")]);
        command.env("CONNECTOR", connector).env("PORT", port.to_string());
        Self::of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("Python starts"))
    }

    /// Our program, with `connect --json` and what is left of it.
    pub fn ours(hub: &Hub, args: &str) -> Self {
        Self::of(connect(hub).args(args).spawn_piped())
    }

    /// Any program.
    pub fn of(mut child: Child) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let streams: [Option<Box<dyn Read + Send>>; 2] =
            [child.stdout.take().map(|out| Box::new(out) as _), child.stderr.take().map(|err| Box::new(err) as _)];
        for stream in streams.into_iter().flatten() {
            let lines = Arc::clone(&lines);
            std::thread::spawn(move || {
                BufReader::new(stream).lines().map_while(Result::ok).for_each(|line| lines.lock().expect("nobody panics with it").push(line))
            });
        }
        Self { child, lines }
    }

    /// Everything it said.
    pub fn said(&self) -> String {
        self.lines.lock().expect("nobody panics with it").join("\n")
    }

    /// Waits for an event, and returns it.
    pub fn wait(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut found = None;
        let started = Instant::now();
        while found.is_none() {
            assert!(started.elapsed() < PATIENCE, "not in {} s: {what}: {}", PATIENCE.as_secs(), self.said());
            let events = self.said();
            found = events.lines().filter_map(|line| serde_json::from_str(line).ok()).find(|event| is_it(event));
            std::thread::sleep(Duration::from_millis(10));
        }
        found.expect("it was waited for")
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        let event = self.wait("it listens", |event| event["event"] == "listening");
        event["address"].as_str().and_then(|address| address.rsplit(':').next()).and_then(|port| port.parse().ok()).expect("an address has a port")
    }

    /// The most memory that it had resident, in bytes, where the system says.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB").map(str::to_owned))?;
        Some(line.trim().parse::<u64>().ok()? << 10)
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        let sent = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().expect("there is kill");
        assert!(sent.success());
    }

    /// Waits until it has ended: its exit code, and everything it said.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut code = None;
        until("the program ends", || {
            code = self.child.try_wait().expect("it can be waited for");
            code.is_some()
        });
        (code.and_then(|code| code.code()), self.said())
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `connect --json` to a Hub, as one who knows the secrets of both plugins.
pub fn connect(hub: &Hub) -> Cli {
    connect_to(&hub.url())
}

/// The same, to a Hub at an address.
pub fn connect_to(url: &str) -> Cli {
    Cli::new(["connect", "--json", "--hub", url])
        .env("ANGO_EXPORT_PLUGIN_SECRET_ONE", "secret-of-one")
        .env("ANGO_EXPORT_PLUGIN_SECRET_TWO", "secret-of-two")
}
