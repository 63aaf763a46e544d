//! `plugin keygen` and `plugin sign`: what authors do so that admins know whose component it is.

use crate::args::{PluginKeygen, PluginSign};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::Loader;
use ango_launch::now;
use ango_model::time::format_iso;
use ango_trust::{Digest, SigningKey, Statement};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

fn failed(path: &Path, problem: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Config, format!("{}: {problem}", path.display()))
}

/// The path with something after it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes a key.
pub(super) fn keygen(args: &PluginKeygen, ui: &Ui) -> Result<Exit, Failure> {
    let key = SigningKey::generate().map_err(|problem| Failure::new(Exit::Internal, problem))?;
    let pem = key.to_pem().map_err(|problem| Failure::new(Exit::Internal, problem))?;
    write_private(&args.file, pem.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => failed(&args.file, "exists already, and a key is never written over another one"),
        _ => failed(&args.file, error),
    })?;
    let (public, file) = (key.public(), beside(&args.file, ".pub"));
    std::fs::write(&file, format!("{public}\n")).map_err(|error| failed(&file, error))?;
    if ui.is_json() {
        print(&json!({ "event": "key", "file": args.file.display().to_string(), "public": public, "id": public.id() }).to_string());
    } else {
        print(&public.to_string());
        ui.note(&format!("the private key is in {}: keep it to yourself; the public one above is for those who trust you", args.file.display()));
    }
    Ok(Exit::Ok)
}

/// A new file that nobody else can read.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

/// Signs a component, which has to be a plugin: the signature says its name and version.
pub(super) fn sign(args: &PluginSign, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let pem = std::fs::read_to_string(&args.key).map_err(|error| failed(&args.key, error))?;
    let key = SigningKey::from_pem(&pem).map_err(|problem| failed(&args.key, problem))?;
    let (loader, _) = Loader::new(config, None, crate::user::user(), runtime.handle().clone())?;
    let shown = args.component.display().to_string();
    let wasm = std::fs::read(&args.component).map_err(|error| failed(&args.component, error))?;
    let plugin = loader.load_bytes(&shown, &wasm)?;
    let info = plugin.info();
    let statement = Statement { digest: Digest::of(&wasm), name: info.name.clone(), version: info.version.clone(), signed_at: format_iso(now()) };
    let file = beside(&args.component, ".sig");
    let append =
        || OpenOptions::new().create(true).append(true).open(&file)?.write_all(format!("{}\n", ango_trust::sign(&statement, &key)).as_bytes());
    append().map_err(|error| failed(&file, error))?;
    if ui.is_json() {
        print(&json!({ "event": "signed", "file": file.display().to_string(), "statement": statement, "key": key.public().id() }).to_string());
    } else {
        print(&format!("{}: {} {} ({}), signed with the key {}", file.display(), info.name, info.version, statement.digest, key.public().id()));
    }
    Ok(Exit::Ok)
}
