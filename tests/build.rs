//! Compiles the hostile plugin for the sandbox, as `plugins/bundle` does with the good ones.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

const TARGET: &str = "wasm32-wasip2";

/// What says where things come from may reach the inner build; what the outer one says about itself (flags, a profile, a wrapper) may not.
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
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let root = here.parent().ok_or("tests is not inside the workspace")?;
    let out = PathBuf::from(variable("OUT_DIR")?).join("hostile");
    for path in ["Cargo.toml", "Cargo.lock", "wit", "tests/build.rs", "tests/hostile/Cargo.toml", "tests/hostile/src"] {
        println!("cargo::rerun-if-changed={}", root.join(path).display());
    }
    let mut cargo = Command::new(variable("CARGO")?);
    cargo.current_dir(root).args(["build", "--profile", "plugin", "--target", TARGET, "--package", "ango-tests-hostile", "--target-dir"]).arg(&out);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let of_a_build = text.starts_with("CARGO") || text.starts_with("RUST") || text == "OUT_DIR" || text == "TARGET" || text == "HOST";
        if of_a_build && !KEPT.iter().any(|kept| text.starts_with(kept)) {
            cargo.env_remove(&name);
        }
    }
    cargo.env("RUSTC", variable("RUSTC")?);
    let status = cargo.status().map_err(|error| format!("cannot start cargo to compile the hostile plugin: {error}"))?;
    if !status.success() {
        return Err(format!("compiling the hostile plugin failed ({status}); is the target installed? `rustup target add {TARGET}`"));
    }
    let file = out.join(TARGET).join("plugin").join("ango_tests_hostile.wasm");
    if !file.is_file() {
        return Err(format!("{} was not made", file.display()));
    }
    println!("cargo::rustc-env=ANGO_HOSTILE={}", file.display());
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("environment variable {name}: {error}"))
}
