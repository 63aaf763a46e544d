//! Python for tests: the interpreter of this machine, and componentize-py in the target folder.

use crate::cli::build_folder;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Where the tool is kept, from one run to the next.
const FOLDER: &str = "componentize-py";

/// What the template of Python projects asks for.
const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin-sdk/templates/python/requirements.txt");

/// What tests of the service ask for.
const SERVICE_REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/requirements/service.txt");

const SCRIPTS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// The interpreter.
fn python() -> Command {
    Command::new(if cfg!(windows) { "python" } else { "python3" })
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs Python in a folder; it must succeed. What it said.
pub fn run(folder: &Path, args: &[&str]) -> String {
    let output = python().current_dir(folder).args(args).env("PYTHONDONTWRITEBYTECODE", "1").output();
    let output = output.unwrap_or_else(|error| panic!("python3 (3.11 or newer) is needed for this test: {error}"));
    assert!(output.status.success(), "python3 {args:?}\n{}", said(&output));
    said(&output)
}

/// The interpreter of an environment in `folder` with what `requirements` asks for. Installed by pip when it is not there.
pub(crate) fn venv(folder: &Path, requirements: &str, what: &str) -> PathBuf {
    let own = folder.join(SCRIPTS).join("python");
    // Quick when it is there already, and finds out when another version is asked for.
    let install = || Command::new(&own).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]).output();
    let made = if own.is_file() { Ok(None) } else { python().args(["-m", "venv"]).arg(folder).output().map(Some) };
    let problem = match made.and_then(|made| Ok((made, install()?))) {
        Ok((_, installed)) if installed.status.success() => return own,
        Ok((made, installed)) => format!("{}{}", made.as_ref().map(said).unwrap_or_default(), said(&installed)),
        Err(error) => error.to_string(),
    };
    panic!("{what} cannot be installed into {} (python3 3.11 or newer with venv and a package index are needed): {problem}", folder.display());
}

/// Python with what tests of the service use: schemathesis, which makes requests up, and aiosmtpd, which takes mail. Installed when it is not there, once, into the target folder.
pub fn service_tools() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let target = build_folder().parent().expect("the build lies in the target folder").to_owned();
        venv(&target.join("service-tools"), SERVICE_REQUIREMENTS, "schemathesis and aiosmtpd")
    })
}

/// A `PATH` on which componentize-py comes first. Installed by pip when it is not there: once, into the target folder.
pub fn path_with_componentize_py(target: &Path) -> std::ffi::OsString {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let scripts = INSTALLED.get_or_init(|| {
        venv(&target.join(FOLDER), REQUIREMENTS, "componentize-py");
        target.join(FOLDER).join(SCRIPTS)
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(scripts.clone()).chain(std::env::split_paths(&path))).expect("the folder has no separator in its name")
}

/// A folder with the tool as `pip install --no-index --find-links` takes it: fetched when it is not there, once, into the target folder.
pub fn wheels(target: &Path) -> PathBuf {
    let folder = target.join(FOLDER).join("wheels");
    let wanted = std::fs::read_to_string(REQUIREMENTS).expect("the template has requirements");
    // Says what was fetched, so that another version is fetched when the template asks for one.
    let done = folder.join("requirements.txt");
    if std::fs::read_to_string(&done).is_ok_and(|fetched| fetched == wanted) {
        return folder;
    }
    let path = path_with_componentize_py(target);
    let pip = std::env::split_paths(&path).next().expect("the path begins with the tool").join("python");
    let output =
        Command::new(pip).args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS, "-d"]).arg(&folder).output();
    let output = output.expect("the tool's Python can be started");
    assert!(output.status.success(), "componentize-py cannot be fetched (a package index is needed): {}", said(&output));
    std::fs::write(done, wanted).expect("the folder can be written");
    folder
}
