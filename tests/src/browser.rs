//! A browser for tests: Chromium of this machine, driven by Playwright, which npm installs into the target folder.
//!
//! The checks are scripts in `tests/page`. Where there is no browser or no Node.js they cannot be done; `ANGO_REQUIRE_BROWSER=1` says that they must be.

use crate::javascript::npm_install;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Packages of the checks.
const MANIFEST: &str = include_str!("../page/package.json");
/// Where they are kept, from one run to the next.
const FOLDER: &str = "page-tests";
/// What the browser is called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The browser, from `ANGO_CHROMIUM` or the `PATH`.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ANGO_CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file())
}

/// Whether Node.js is there.
fn has_node() -> bool {
    Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Runs a check of `tests/page`, which must succeed: `variables` say where the service is. `false` when there is nothing to run it with.
pub fn check(name: &str, variables: &[(&str, &str)], target: &Path) -> bool {
    // A browser takes both cores of a small machine: one at a time.
    static ONE: Mutex<()> = Mutex::new(());
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let (Some(browser), true) = (chromium(), has_node()) else {
        let problem = "no browser: install chromium and node (20.11 or newer), or name the browser in ANGO_CHROMIUM";
        assert!(std::env::var_os("ANGO_REQUIRE_BROWSER").is_none(), "{problem}");
        eprintln!("page check '{name}' is skipped: {problem}");
        return false;
    };
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let modules = INSTALLED.get_or_init(|| npm_install(&target.join(FOLDER), MANIFEST, "playwright-core and axe-core"));
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let mut command = Command::new("node");
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("page")).args(["run.mjs", name]);
    command.env("ANGO_PAGE_TOOLS", modules.parent().expect("packages are in a folder")).env("ANGO_PAGE_CHROMIUM", browser);
    // What a browser keeps in its user's folder ends with the test.
    command.env("HOME", home.path()).env("XDG_CONFIG_HOME", home.path()).env("XDG_CACHE_HOME", home.path());
    let output = command.envs(variables.iter().copied()).output().expect("node starts");
    assert!(
        output.status.success(),
        "page check '{name}' failed\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    true
}
