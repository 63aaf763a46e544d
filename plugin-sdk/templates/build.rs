//! Lists the files of the templates, so that the program carries them.
//!
//! A new project holds the SDK it was made with, as source: nothing has to be published or downloaded for it, and the SDK always is that of the host.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What a working folder holds besides sources.
const SKIPPED: [&str; 5] = ["target", "node_modules", "__pycache__", "dist", ".venv"];

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let (sdk, wit) = (here.join(".."), here.join("../../wit"));
    // For each language: folders and files, and where they lie in a project.
    let rust = [
        (here.join("rust"), ""),
        (sdk.join("src"), "sdk/plugin-sdk/src"),
        (sdk.join("Cargo.toml"), "sdk/plugin-sdk/Cargo.toml"),
        (wit.join("0.1"), "sdk/wit/0.1"),
        (wit.join("packed/src"), "sdk/wit/packed/src"),
        (wit.join("packed/Cargo.toml"), "sdk/wit/packed/Cargo.toml"),
    ];
    let python = [(here.join("python"), ""), (sdk.join("python/ango_plugin"), "ango_plugin"), (wit.join("0.1"), "ango_plugin/wit/0.1")];
    let script = sdk.join("javascript");
    let javascript = [
        (here.join("javascript"), ""),
        (script.join("src"), "sdk/javascript/src"),
        (script.join("build.mjs"), "sdk/javascript/build.mjs"),
        (script.join("package.json"), "sdk/javascript/package.json"),
        (wit.join("0.1"), "sdk/wit/0.1"),
    ];
    let mut code = String::new();
    list(&mut code, "RUST", &rust)?;
    list(&mut code, "PYTHON", &python)?;
    list(&mut code, "JAVASCRIPT", &javascript)?;
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("files.rs"), code)
}

fn list(code: &mut String, name: &str, parts: &[(PathBuf, &str)]) -> io::Result<()> {
    let mut files = Vec::new();
    for (path, place) in parts {
        println!("cargo::rerun-if-changed={}", path.display());
        walk(&path.canonicalize()?, Path::new(place), &mut files)?;
    }
    files.sort();
    let _ = writeln!(code, "const {name}: &[(&str, &[u8])] = &[");
    for (place, path) in files {
        let _ = writeln!(code, "    ({:?}, include_bytes!({:?})),", place.replace('\\', "/"), path.display());
    }
    code.push_str("];\n");
    Ok(())
}

fn walk(path: &Path, place: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if !path.is_dir() {
        files.push((place.display().to_string(), path.to_owned()));
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if !SKIPPED.iter().any(|skipped| name.to_string_lossy() == *skipped) {
            walk(&entry.path(), &place.join(&name), files)?;
        }
    }
    Ok(())
}
