//! Compiles the sibling plugins for the sandbox, with a `cargo build` of its own: the outer build is for the host's target and profile, and
//! Cargo cannot yet depend on an artifact of another target.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const TARGET: &str = "wasm32-wasip2";

/// What the outer build says about itself must not reach the inner one: flags for another target, a profile, the wrapper that makes
/// `cargo clippy` check instead of compile. What says where things come from may.
const KEPT: [&str; 11] = [
    "CARGO_HOME",
    "CARGO_HTTP_",
    "CARGO_MAKEFLAGS",
    "CARGO_NET_",
    "CARGO_REGISTRIES_",
    "CARGO_REGISTRY_",
    "CARGO_SOURCE_",
    "CARGO_TERM_",
    "RUSTC_BOOTSTRAP",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Cargo shows an error of a build script as the last thing on screen.
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let root = here.ancestors().nth(2).ok_or("plugins/bundle is not inside the workspace")?;
    let out = PathBuf::from(variable("OUT_DIR")?).join("plugins");
    for path in ["Cargo.toml", "Cargo.lock", "wit", "plugin-sdk/src", "plugin-sdk/Cargo.toml"] {
        println!("cargo::rerun-if-changed={}", root.join(path).display());
    }
    let names = plugins(&root.join("plugins"))?;
    let rustc = variable("RUSTC")?;
    check_target(&rustc)?;

    let mut cargo = Command::new(variable("CARGO")?);
    cargo.current_dir(root).args(["build", "--profile", "plugin", "--target", TARGET, "--target-dir"]).arg(&out);
    for name in &names {
        cargo.args(["--package", &format!("ango-plugin-{name}")]);
    }
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let of_a_build = text.starts_with("CARGO") || text.starts_with("RUST") || text == "OUT_DIR" || text == "TARGET" || text == "HOST";
        if of_a_build && !KEPT.iter().any(|kept| text.starts_with(kept)) {
            cargo.env_remove(&name);
        }
    }
    cargo.env("RUSTC", &rustc);
    // Vectors of 128 bits are in every engine, and the same everywhere; loops over coordinates and texts gain from them.
    // What is inlined only because it is called from few places makes components a tenth larger and, as measured, none faster.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+simd128\x1f-Cllvm-args=-inline-threshold=75");
    let status = cargo.status().map_err(|error| format!("cannot start cargo to compile the plugins: {error}"))?;
    if !status.success() {
        return Err(format!("compiling the plugins for {TARGET} failed ({status}); the reason is above"));
    }
    for name in &names {
        let file = out.join(TARGET).join("plugin").join(format!("ango_plugin_{name}.wasm"));
        check_component(&file)?;
        println!("cargo::rustc-env=ANGO_PLUGIN_{}={}", name.to_uppercase(), file.display());
    }
    println!("cargo::rustc-env=ANGO_PLUGINS={}", names.join(" "));
    Ok(())
}

/// The names of the plugins: every folder beside this one that holds a package.
fn plugins(folder: &Path) -> Result<Vec<String>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name != "bundle" && path.join("Cargo.toml").is_file() {
            println!("cargo::rerun-if-changed={}", path.join("src").display());
            println!("cargo::rerun-if-changed={}", path.join("Cargo.toml").display());
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("environment variable {name}: {error}"))
}

/// Says what to do when the standard library of the target is not installed, instead of `can't find crate for std`.
fn check_target(rustc: &str) -> Result<(), String> {
    let answer = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|error| format!("cannot start {rustc}: {error}"))?;
    let folder = String::from_utf8_lossy(&answer.stdout);
    if answer.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    Err(format!("the plugins need the Rust target {TARGET}, which is not installed: run `rustup target add {TARGET}`"))
}

/// A component begins with this, a core module with version 1 in layer 0: then the toolchain did not link a component.
fn check_component(file: &Path) -> Result<(), String> {
    let wasm = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    if wasm.starts_with(b"\0asm\x0d\0\x01\0") { Ok(()) } else { Err(format!("{} is not a component", file.display())) }
}
