//! Projects in Rust: cargo, for the target of plugins.

use super::{Made, call};
use crate::commands::plugin::test::find_component;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use std::path::Path;
use std::process::Command;

/// What Rust compiles components for.
const TARGET: &str = "wasm32-wasip2";

/// Compiles the project.
pub(super) fn build(project: &Path, ui: &Ui) -> Result<Made, Failure> {
    check(project)?;
    ui.note(&format!("cargo build --release --target {TARGET}"));
    let mut cargo = Command::new("cargo");
    cargo.current_dir(project).args(["build", "--release", "--target", TARGET]).args(if ui.is_json() { &["--quiet"][..] } else { &[] });
    call(&mut cargo, "cargo", "the project does not compile")?;
    find_component(project).map(Made::Component)
}

/// Says what is missing, and the command that installs it.
fn check(project: &Path) -> Result<(), Failure> {
    let missing = |problem: &str| Failure::new(Exit::Config, problem);
    let rustc = Command::new("rustc").current_dir(project).args(["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(rustc) = rustc else { return Err(missing("Rust is not installed: https://rustup.rs says how")) };
    let folder = String::from_utf8_lossy(&rustc.stdout).trim().to_owned();
    if !rustc.status.success() || !Path::new(&folder).is_dir() {
        return Err(missing("the Rust target of plugins is not installed: rustup target add wasm32-wasip2"));
    }
    Ok(())
}
