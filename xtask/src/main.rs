//! The project's own commands.
//!
//! `cargo xtask demo` and `cargo xtask test` do everything that a fresh clone needs, from the Rust target of the plugins to the run itself. All of them build with
//! the release profile, so that one build serves the demo, the tests and the benches.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask demo [DIR]      set up, build, run the main job on a demo project, and say where to look
cargo xtask test [ARGS]     set up, build, and pass all tests; ARGS go to `cargo test`
cargo xtask lint            check formatting and lints
cargo xtask docs            write the reference of the contract, docs/contract.md, from the WIT file
cargo xtask bench [ARGS]    measure speed, memory and the price of the sandbox; --help lists what can be chosen
cargo xtask judges [ARGS]   let independent readers of every format judge what the converters write; --all for the heavy ones too, --help lists the rest
cargo xtask peers           put the same project through other converters, and write what each of them keeps into docs/peers.md";

/// The target that plugins are built for.
const TARGET: &str = "wasm32-wasip2";

type Result<T = ()> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let done = match command.as_str() {
        "demo" => demo(&rest),
        "test" => test(&rest),
        "lint" => lint(),
        "docs" => docs(),
        "bench" => bench(&rest),
        "judges" => judges(&rest),
        "peers" => peers(),
        _ => {
            println!("{HELP}");
            return if matches!(command.as_str(), "help" | "--help" | "-h") { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn run(command: &mut Command) -> Result {
    let shown = format!("{command:?}").replace('"', "");
    let status = command.status().map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} ended with {status}")) }
}

/// Makes sure that plugins can be compiled.
fn set_up() -> Result {
    let libraries = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let is_there = libraries.is_ok_and(|answer| answer.status.success() && Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir());
    if is_there {
        return Ok(());
    }
    println!("installing the Rust target {TARGET}");
    run(Command::new("rustup").args(["target", "add", TARGET]))
        .map_err(|error| format!("{error}: without rustup, install the standard library for {TARGET} the way Rust was installed"))
}

/// Always the whole workspace: for a part of it Cargo would choose other features of shared dependencies, and compile a WebAssembly engine twice.
fn build() -> Result {
    run(cargo().args(["build", "--release", "--workspace"]))
}

fn demo(args: &[String]) -> Result {
    set_up()?;
    println!("building (the first build compiles a WebAssembly engine and takes some minutes)");
    build()?;
    let folder = args.first().map_or_else(|| target_folder().join("demo"), PathBuf::from);
    // Only the default folder is ours to replace.
    if args.is_empty() && folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    run(Command::new(target_folder().join("release/ango-export")).arg("demo").arg(&folder))
}

fn test(args: &[String]) -> Result {
    set_up()?;
    build()?;
    run(cargo().args(["test", "--release", "--workspace"]).args(args))
}

fn lint() -> Result {
    set_up()?;
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// The one command that does not build the whole workspace: its crate shares nothing with the engine, and a change of the contract changes nearly everything else.
fn docs() -> Result {
    let manifest = root().join("wit/reference/Cargo.toml");
    let paths = ["wit/0.1/converter.wit", "docs/contract.md"];
    run(cargo().args(["run", "--quiet", "--release", "--manifest-path"]).arg(manifest).arg("--").args(paths))
}

fn bench(args: &[String]) -> Result {
    set_up()?;
    build()?;
    let release = target_folder().join("release");
    run(Command::new(release.join("ango-bench"))
        .current_dir(root())
        .arg("--program")
        .arg(release.join("ango-export"))
        .arg("--folder")
        .arg(target_folder().join("bench"))
        .args(args))
}

fn judges(args: &[String]) -> Result {
    set_up()?;
    build()?;
    let all = args.iter().any(|arg| arg == "--all");
    let folder = judges_folder(all);
    run(Command::new(with_judges(&folder, all)?).current_dir(root()).arg("tests/judges/run.py").args(program()).args(args))
}

fn peers() -> Result {
    set_up()?;
    build()?;
    let folder = judges_folder(true);
    run(Command::new(with_judges(&folder, true)?).current_dir(root()).arg("tests/judges/peers.py").args(program()))
}

fn program() -> [PathBuf; 2] {
    ["--binary".into(), target_folder().join("release/ango-export")]
}

fn judges_folder(all: bool) -> PathBuf {
    target_folder().join(if all { "judges-all" } else { "judges" })
}

/// Installs the judges once, into a folder of their own, and gives their Python.
fn with_judges(folder: &Path, all: bool) -> Result<PathBuf> {
    let python = folder.join("bin/python");
    if !python.exists() {
        println!("installing the Python judges into {}", folder.display());
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    }
    let requirements = root().join("tests/judges").join(if all { "requirements-all.txt" } else { "requirements.txt" });
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(requirements))?;
    Ok(python)
}
