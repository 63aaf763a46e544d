//! A real PostgreSQL (Debian's package `postgresql`): a cluster in a folder and on a port of its own.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The user of its address, who may do everything.
pub const USER: &str = "ango";
/// The user's password.
pub const PASSWORD: &str = "hush-hush";
/// How long it may take to start and to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server. Ends when dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    /// The process of the server; `None` while it is stopped.
    process: Option<Child>,
    databases: AtomicU64,
}

impl Postgres {
    /// Starts a server; `None`, with a word about it, where the programs are not installed, unless `ANGO_REQUIRE_POSTGRES=1` says that they must be.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            let required = std::env::var_os("ANGO_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
            assert!(!required, "PostgreSQL is not installed, and ANGO_REQUIRE_POSTGRES says that it must be there");
            println!("left out: PostgreSQL is not installed; on Debian: apt-get install postgresql");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        // The server does not run as root, and its user must get at the folder.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).expect("the folder is ours");
        let password = folder.path().join("password");
        std::fs::write(&password, PASSWORD).expect("the file can be written");
        let mut init = as_other_user(&programs.join("initdb"));
        init.arg("--pgdata").arg(folder.path().join("data")).args(["--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8"]);
        init.args(["--locale", "C.UTF-8", "--no-sync", "--pwfile"]).arg(&password);
        let made = output(init);
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut this = Self { folder, programs, port: 0, process: None, databases: AtomicU64::new(0) };
        // Between finding a free port and taking it, somebody else may have taken it.
        for _ in 0..5 {
            this.port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("there is a free port").port();
            if this.run() {
                return Some(this);
            }
        }
        panic!("PostgreSQL does not start: {}", this.said())
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("tests{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let mut create = Command::new(self.programs.join("createdb"));
        create.env("PGPASSWORD", PASSWORD).args(["--host", "127.0.0.1", "--port", &self.port.to_string(), "--username", USER, &name]);
        let made = output(create);
        assert!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{name}", self.port)
    }

    /// Ends the server as a power cut does: nobody is told, and what is under way breaks off.
    pub fn kill(&mut self) {
        self.stop("immediate");
    }

    /// Starts it again, on the same port and with the same databases.
    pub fn restart(&mut self) {
        assert!(self.process.is_none(), "it runs");
        assert!(self.run(), "PostgreSQL does not start again: {}", self.said());
    }

    /// Starts the server, and says whether it answers.
    fn run(&mut self) -> bool {
        let log = std::fs::File::create(self.folder.path().join("log")).expect("the file can be made");
        let mut command = as_other_user(&self.programs.join("postgres"));
        command.arg("-D").arg(self.folder.path().join("data")).arg("-k").arg(self.folder.path());
        for setting in ["listen_addresses=127.0.0.1", "fsync=off", "max_connections=100", "shared_buffers=32MB"] {
            command.args(["-c", setting]);
        }
        command.args(["-p", &self.port.to_string()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut process = command.spawn().expect("PostgreSQL can be started");
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if process.try_wait().expect("it is our process").is_some() {
                return false;
            }
            let mut ready = Command::new(self.programs.join("pg_isready"));
            ready.args(["--quiet", "--host", "127.0.0.1", "--port", &self.port.to_string()]);
            if output(ready).status.success() {
                self.process = Some(process);
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = process.kill();
        let _ = process.wait();
        false
    }

    fn stop(&mut self, mode: &str) {
        let Some(mut process) = self.process.take() else { return };
        let mut control = as_other_user(&self.programs.join("pg_ctl"));
        control.args(["stop", "--silent", "--mode", mode, "--timeout", &PATIENCE.as_secs().to_string(), "--pgdata"]);
        control.arg(self.folder.path().join("data"));
        if !output(control).status.success() {
            let _ = process.kill();
        }
        let _ = process.wait();
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop("immediate");
        // What belongs to the other user is removed by it, where we may not.
        let mut remove = as_other_user(Path::new("/bin/rm"));
        remove.args(["-rf", "--"]).arg(self.folder.path().join("data"));
        let _ = remove.output();
    }
}

/// The folder with the programs of the newest version that is installed.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let version = |folder: &PathBuf| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.map(|entry| entry.path()).filter(|folder| folder.join("bin/initdb").exists()).max_by_key(version)?;
    Some(newest.join("bin"))
}

/// A command as whoever we are, or as the user that the package made when we are root: the server refuses to run as root.
fn as_other_user(program: &Path) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // Wherever the tests run, the other user may not be allowed to be.
    command.current_dir("/");
    command
}

fn output(mut command: Command) -> Output {
    match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => panic!("{:?} is not installed", command.get_program()),
        Err(error) => panic!("{command:?}: {error}"),
    }
}
