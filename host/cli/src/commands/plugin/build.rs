//! `plugin build`: a project's component, by the tools of its language, and a first look at what was made.

use super::test::find_component;
use crate::args::PluginBuild;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::plugins::Loader;
use crate::ui::{Ui, bytes, print};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tokio::runtime::Runtime;

/// What Rust compiles components for.
const TARGET: &str = "wasm32-wasip2";

/// Carries it out.
pub(super) fn run(args: &PluginBuild, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let component = build(&args.project, ui)?;
    let shown = component.display().to_string();
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let plugin = loader.load(&shown)?.plugin;
    let info = plugin.info();
    let size = std::fs::metadata(&component).map_or(0, |metadata| metadata.len());
    if ui.is_json() {
        print(
            &json!({ "event": "built", "file": shown, "bytes": size, "name": info.name, "version": info.version, "digest": plugin.digest() })
                .to_string(),
        );
    } else {
        print(&format!("{shown} ({}): {} {}, sha256:{}", bytes(size), info.name, info.version, plugin.digest()));
    }
    Ok(Exit::Ok)
}

/// Builds the project's component, and says where it is.
pub(super) fn build(project: &Path, ui: &Ui) -> Result<PathBuf, Failure> {
    if !project.join("Cargo.toml").is_file() {
        return Err(Failure::new(
            Exit::Config,
            format!("{}: is no project that this can build: there is no Cargo.toml (`ango-export plugin new` makes one)", project.display()),
        ));
    }
    check_rust(project)?;
    ui.note(&format!("cargo build --release --target {TARGET}"));
    let status = Command::new("cargo")
        .current_dir(project)
        .args(["build", "--release", "--target", TARGET])
        .args(if ui.is_json() { &["--quiet"][..] } else { &[] })
        .stdout(Stdio::null())
        .status()
        .map_err(|error| Failure::new(Exit::Config, format!("cargo cannot be started: {error}")))?;
    if !status.success() {
        return Err(Failure::new(Exit::Plugin, "the project does not compile; the reason is above"));
    }
    find_component(project)
}

/// Says what is missing, and the command that installs it.
fn check_rust(project: &Path) -> Result<(), Failure> {
    let missing = |problem: &str| Failure::new(Exit::Config, problem);
    let rustc = Command::new("rustc").current_dir(project).args(["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(rustc) = rustc else { return Err(missing("Rust is not installed: https://rustup.rs says how")) };
    let folder = String::from_utf8_lossy(&rustc.stdout).trim().to_owned();
    if !rustc.status.success() || !Path::new(&folder).is_dir() {
        return Err(missing("the Rust target of plugins is not installed: rustup target add wasm32-wasip2"));
    }
    Ok(())
}
