//! Running `ango-export` as people do: a process with arguments, an exit code, and two streams of text.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The time that tests give to exports that must be reproducible.
pub const EXPORTED_AT: &str = "2024-05-01T00:00:00Z";

/// After this a program counts as hung. No test waits for it unless the program is broken.
const HUNG: Duration = Duration::from_secs(300);

/// Environment variables that a program needs to start at all; no other one reaches the program, so that a test sees the same everywhere.
const INHERITED: [&str; 4] = ["PATH", "SystemRoot", "TMPDIR", "TEMP"];

/// A command line being put together.
#[derive(Debug)]
pub struct Cli {
    command: Command,
    /// After this it counts as hung.
    patience: Duration,
}

/// A program that ended.
#[derive(Debug)]
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The most memory that the program itself had resident, in bytes, as far as a look every few milliseconds shows. Nothing where the system does not say.
    pub peak_memory: Option<u64>,
}

/// Lets the program find an author's tools, and what they need.
pub fn tools(cli: Cli) -> Cli {
    let wanted = |name: &str| {
        ["HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CARGO_HOME"].contains(&name)
            || ["CARGO_HTTP", "CARGO_NET", "CARGO_REGISTR", "CARGO_SOURCE"].iter().any(|kept| name.starts_with(kept))
    };
    std::env::vars().filter(|(name, _)| wanted(name)).fold(cli, |cli, (name, value)| cli.env(&name, value))
}

/// The folder that holds the program under test.
pub fn build_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows where it is");
    let folder = program.parent().expect("a program lies in a folder");
    // Tests lie in target/release/deps, the bench beside the program.
    if folder.ends_with("deps") { folder.parent().expect("a test lies in target/release/deps").to_owned() } else { folder.to_owned() }
}

/// The program under test.
pub fn program() -> PathBuf {
    let program = build_folder().join(format!("ango-export{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} does not exist: build it with `cargo build --release -p ango-export` and test with `--release`, or let `cargo xtask test` do both",
        program.display()
    );
    program
}

impl Cli {
    /// The program with these arguments. Compiled plugins are shared among tests, in a folder beside the program.
    pub fn new<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let mut command = Command::new(program());
        command.args(args).env_clear().env("ANGO_EXPORT_CACHE", build_folder().join("ango-tests-cache"));
        for name in INHERITED {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self { command, patience: HUNG }
    }

    /// `export --project PROJECT --storage STORAGE`, at [`EXPORTED_AT`].
    pub fn export(project: &Path, storage: impl AsRef<OsStr>) -> Self {
        Self::new(["export", "--exported-at", EXPORTED_AT, "--project"]).arg(project).arg("--storage").arg(storage)
    }

    /// `convert EXPORT --to FOLDER`.
    pub fn convert(export: impl AsRef<OsStr>, to: impl AsRef<OsStr>) -> Self {
        Self::new(["convert"]).arg(export).arg("--to").arg(to)
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments, written with spaces between them.
    pub fn args(mut self, args: &str) -> Self {
        self.command.args(args.split_whitespace());
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Waits longer, for a program that calls slow tools: several of them may run at once.
    pub fn patiently(mut self) -> Self {
        self.patience = 4 * HUNG;
        self
    }

    /// Starts the program, for a test that wants to kill it. What it says is lost.
    pub fn spawn(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    /// Starts the program, for a test that reads what it says while it runs.
    pub fn spawn_piped(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    /// Runs the program to its end, which must not be a panic.
    pub fn run(mut self) -> Run {
        let mut child = self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let stdout = read(child.stdout.take());
        let stderr = read(child.stderr.take());
        let started = Instant::now();
        let mut peak_memory = None;
        let status = loop {
            peak_memory = resident_peak(child.id()).max(peak_memory);
            if let Some(status) = child.try_wait().expect("the program can be waited for") {
                break status;
            }
            if started.elapsed() > self.patience {
                child.kill().expect("the program can be killed");
                panic!("the program hangs: {:?}", self.command);
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let text = |thread: std::thread::JoinHandle<String>| thread.join().expect("output can be read");
        let run = Run { code: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr), peak_memory };
        assert!(!run.stderr.contains("panicked"), "the program panicked: {run}");
        assert!(run.code >= 0, "the program died of a signal: {run}");
        run
    }

    /// Runs the program, which must end with this code.
    pub fn expect(self, code: i32) -> Run {
        let line = format!("{:?}", self.command);
        let run = self.run();
        assert_eq!(run.code, code, "{line}\n{run}");
        run
    }

    /// Runs the program with `--json`; it must end with this code. Returns the report.
    pub fn report(self, code: i32) -> Value {
        self.arg("--json").expect(code).report()
    }
}

/// The most memory that a process had resident until now.
fn resident_peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    Some(kibibytes.trim().parse::<u64>().ok()? << 10)
}

fn read(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    let mut stream = stream.expect("the stream is piped");
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the stream can be read");
        String::from_utf8(bytes).expect("the program writes UTF-8")
    })
}

impl Run {
    /// Everything the program said.
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// The events of a run with `--json`: every line of its output is one.
    pub fn events(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        self.stdout.lines().map(line).collect()
    }

    /// The report in the last event of a run with `--json`.
    pub fn report(&self) -> Value {
        let last = self.events().pop().unwrap_or_else(|| panic!("there are no events: {self}"));
        assert_eq!(last["event"], "report", "{self}");
        assert_eq!(last["code"], self.code, "{self}");
        last["report"].clone()
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}
