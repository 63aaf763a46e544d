//! A reader's shell: blocks of commands, one after the other, in one folder.
//!
//! Two comments mean something to it, and the same to a reader. A command that ends with `# exits with N: why` must end with that code, where others must end with 0; one that ends with
//! `# Ctrl-C ends it` goes on while the blocks after it are looked at, until the next command.

use super::page::{Block, Kind, blocks, changed, missing};
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// After this a command counts as hung.
const HUNG: Duration = Duration::from_secs(1200);

/// The shell.
pub struct Session {
    /// Where the guide begins.
    folder: PathBuf,
    /// What the shell remembers from one block to the next, outside of what a reader sees.
    state: PathBuf,
    /// Values that a guide leaves to its reader: `export NAME=...` sets these.
    own: Vec<(String, String)>,
    environment: Vec<(String, String)>,
    /// Process groups of the blocks, in which something may still run.
    groups: Vec<u32>,
    /// The command that waits for Ctrl-C.
    waiting: Option<Child>,
    /// What the last commands printed.
    printed: PathBuf,
}

impl Session {
    /// A shell in a new folder of this name, in which the program under test is the first `ango-export`.
    pub fn new(name: &str) -> Self {
        let build = ango_tests::cli::build_folder();
        let place = build.parent().expect("the build is in the target folder").join("guides");
        let (folder, state) = (place.join(name), place.join(format!("{name}.state")));
        for folder in [&folder, &state] {
            if folder.exists() {
                fs::remove_dir_all(folder).unwrap();
            }
            fs::create_dir_all(folder).unwrap();
        }
        let path = std::env::join_paths([build.clone()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap()))).unwrap();
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let environment = vec![
            ("PATH".to_owned(), path.into_string().unwrap()),
            ("ANGO_EXPORT_CACHE".to_owned(), text(&build.join("ango-tests-cache"))),
            // What a guide installs where the user's things are must not go to this user's.
            ("XDG_DATA_HOME".to_owned(), text(&state.join("data"))),
            // What cargo builds on the way; what it builds in the end lies where a reader finds it.
            ("CARGO_BUILD_BUILD_DIR".to_owned(), text(&place.join("cargo"))),
            ("USER".to_owned(), "ada".to_owned()),
        ];
        Self { printed: state.join("printed"), folder, state, own: Vec::new(), environment, groups: Vec::new(), waiting: None }
    }

    /// Sets what the guide leaves to its reader: the line `export NAME=...` in it gets this value.
    pub fn own(mut self, name: &str, value: impl Into<String>) -> Self {
        self.own.push((name.to_owned(), value.into()));
        self
    }

    /// Sets an environment variable that the guide does not speak of.
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().to_str().unwrap().to_owned()));
        self
    }

    /// Goes through a guide. Gives the lines of blocks that were left out because a program is not there.
    pub fn read(mut self, guide: &str, page: &str) -> Vec<String> {
        let blocks = blocks(page).unwrap_or_else(|problem| panic!("{guide}: {problem}"));
        assert!(blocks.iter().any(|block| matches!(block.kind, Kind::Shell { .. })), "{guide}: there are no commands");
        let mut left_out = Vec::new();
        let mut skipping = false;
        for block in &blocks {
            let at = format!("{guide}: line {}", block.line);
            if let Kind::Shell { needs } = &block.kind {
                skipping = needs.as_ref().is_some_and(|program| !self.has(program));
                if let (true, Some(program)) = (skipping, needs) {
                    left_out.push(format!("{at}: {program} is not installed"));
                }
            }
            if skipping {
                continue;
            }
            match &block.kind {
                Kind::Shell { .. } => self.run(block, &at),
                Kind::Output => self.expect(block, &at),
                Kind::File(path) => {
                    let file = self.current().join(path);
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(&file, &block.content).unwrap_or_else(|error| panic!("{at}: {}: {error}", file.display()));
                }
                Kind::Change(path) => {
                    let file = self.current().join(path);
                    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{at}: {}: {error}", file.display()));
                    let text = changed(&text, &block.content).unwrap_or_else(|problem| panic!("{at}: {path}: {problem}"));
                    fs::write(&file, text).unwrap();
                }
            }
        }
        self.interrupt(guide);
        left_out
    }

    fn has(&self, program: &str) -> bool {
        let path = &self.environment[0].1;
        std::env::split_paths(path).any(|folder| folder.join(program).is_file())
    }

    /// Where the reader is.
    fn current(&self) -> PathBuf {
        fs::read_to_string(self.state.join("cwd")).map_or_else(|_| self.folder.clone(), |text| PathBuf::from(text.trim_end()))
    }

    /// A shell in its own process group, which goes on where the last one ended.
    fn shell(&mut self, script: &str) -> Child {
        let file = self.state.join("block.sh");
        fs::write(&file, script).unwrap();
        let output = File::create(&self.printed).unwrap();
        let mut command = Command::new("sh");
        command.arg(&file).current_dir(self.current()).process_group(0);
        command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        // A reader's shell knows nothing of the build that runs this test.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            let of_cargo = name.starts_with("CARGO_")
                && !["CARGO_HOME", "CARGO_HTTP", "CARGO_NET", "CARGO_REGISTR", "CARGO_SOURCE"].iter().any(|kept| name.starts_with(kept));
            let of_build = of_cargo || name.starts_with("RUSTFLAGS") || ["RUSTC_WRAPPER", "LD_LIBRARY_PATH"].contains(&&*name);
            if of_build || ["ANGO_", "AWS_"].iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(&*name);
            }
        }
        command.envs(self.environment.iter().cloned());
        let child = command.spawn().expect("there is a shell");
        self.groups.push(child.id());
        child
    }

    fn run(&mut self, block: &Block, at: &str) {
        self.interrupt(at);
        let state = self.state.display();
        let remember = format!("trap 'code=$?; export -p > \"{state}/environment\"; pwd > \"{state}/cwd\"; exit $code' EXIT");
        let recall = format!("if [ -f \"{state}/environment\" ]; then . \"{state}/environment\"; fi");
        if let Some(command) = block.content.trim_end().strip_suffix("# Ctrl-C ends it") {
            let script = format!("{recall}\nexec {}\n", command.trim());
            self.waiting = Some(self.shell(&script));
            return;
        }
        let script = format!("set -eu\n{recall}\n{remember}\n{}", self.script(&block.content));
        let mut child = self.shell(&script);
        let code = wait(&mut child, HUNG).unwrap_or_else(|| panic!("{at}: the commands hang\n{}\n{}", block.content, self.printed()));
        self.forget_ended();
        assert_eq!(code, Some(0), "{at}: the commands do not end as the guide says\n{}\n--- printed\n{}", block.content, self.printed());
    }

    /// The number of a group in which nothing runs any more may soon be that of somebody else's.
    fn forget_ended(&mut self) {
        self.groups.retain(|group| signal(*group, "0"));
    }

    /// The commands as they are run.
    fn script(&self, content: &str) -> String {
        let mut script = String::new();
        for line in content.lines() {
            let own = self.own.iter().find(|(name, _)| line.starts_with(&format!("export {name}=")));
            script += &match (own, line.split_once("# exits with ")) {
                (Some((name, value)), _) => format!("export {name}='{value}'"),
                (None, Some((command, code))) => {
                    let code: u8 = code.split(':').next().unwrap().trim().parse().expect("an exit code");
                    let command = command.trim();
                    let said = command.replace('\'', " ");
                    format!("code=0\n{command} || code=$?\n[ $code = {code} ] || {{ echo '{said}: ended with code' $code; exit 1; }}")
                }
                (None, None) => line.to_owned(),
            };
            script.push('\n');
        }
        script
    }

    fn printed(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.printed).unwrap()).into_owned()
    }

    /// Looks for what is shown. What a command prints that still runs is waited for.
    fn expect(&mut self, block: &Block, at: &str) {
        let since = Instant::now();
        loop {
            let printed = self.printed();
            let Some(line) = missing(&block.content, &printed) else { return };
            let runs = self.waiting.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none());
            assert!(runs && since.elapsed() < HUNG, "{at}: '{line}' is not printed\n--- printed\n{printed}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ctrl-C.
    fn interrupt(&mut self, at: &str) {
        let Some(mut child) = self.waiting.take() else { return };
        signal(child.id(), "INT");
        let code = wait(&mut child, HUNG).unwrap_or_else(|| panic!("{at}: Ctrl-C does not end the command before\n{}", self.printed()));
        self.forget_ended();
        // What is there to be ended so has done its work then: that is no failure.
        assert!(matches!(code, Some(0 | 130)), "{at}: the command that Ctrl-C ends\n{}", self.printed());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for group in &self.groups {
            signal(*group, "TERM");
        }
    }
}

/// Sends a signal to a process group. Whether there is one.
fn signal(group: u32, name: &str) -> bool {
    let kill = Command::new("sh").arg("-c").arg(format!("kill -{name} -{group}")).stderr(Stdio::null()).status();
    kill.expect("there is a shell").success()
}

/// The exit code; `None` when the time is over.
fn wait(child: &mut Child, time: Duration) -> Option<Option<i32>> {
    let since = Instant::now();
    while since.elapsed() < time {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    signal(child.id(), "KILL");
    None
}
