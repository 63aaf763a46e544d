//! Files of web servers in a mirror.

use super::{Confined, cannot, host_name};
use crate::error::FetchError;
use crate::fetch::Fetched;
use crate::limits::Limits;
use crate::signatures;
use ango_web::shown;
use std::path::PathBuf;
use url::Url;

/// Where a file of a web server lies. The query is no part of it: a signature in one would be told to everybody who lists the folder.
///
/// # Errors
/// When its host or a name of the path is none that a folder can have.
pub(super) fn path(url: &Url) -> Result<PathBuf, FetchError> {
    let host = host_name(
        &url.port().map_or_else(|| url.host_str().unwrap_or_default().to_owned(), |port| format!("{}:{port}", url.host_str().unwrap_or_default())),
    );
    let mut path = PathBuf::from(url.scheme());
    for name in std::iter::once(host.as_str()).chain(url.path_segments().into_iter().flatten()) {
        // The URL's parser takes dots out of paths, and percent signs keep slashes from being slashes; a host of dots alone it leaves as it is.
        if name.is_empty() || name.contains(['/', '\\']) || name == "." || name == ".." {
            return Err(cannot(&shown(url), "its path has an empty name"));
        }
        path.push(name);
    }
    Ok(path)
}

/// The path with `.sig` added.
fn beside(path: &std::path::Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

pub(super) fn read(mirror: &Confined, url: &Url, limits: &Limits) -> Result<(Vec<u8>, Vec<Vec<u8>>), FetchError> {
    let origin = shown(url);
    if url.query().is_some() {
        return Err(cannot(&origin, "a mirror holds files by host and path: give the URL without what follows '?'"));
    }
    let path = path(url)?;
    let Some(wasm) = mirror.read(&path, "max-bytes", limits.max_bytes)? else {
        return Err(FetchError::NotInMirror { origin, file: mirror.path(&path)?, problem: "does not exist".into() });
    };
    let signatures = match mirror.read(&beside(&path), "signatures-bytes", signatures::MAX_TEXT)? {
        Some(text) => signatures::split(&format!("{origin}.sig"), &text)?,
        None => Vec::new(),
    };
    Ok((wasm, signatures))
}

pub(super) fn write(mirror: &Confined, url: &Url, fetched: &Fetched) -> Result<(), FetchError> {
    let path = path(url)?;
    // Signatures of another version beside the plugin would look like a forgery, so they go first.
    mirror.remove(&beside(&path))?;
    mirror.write(&path, &fetched.wasm)?;
    if !fetched.signatures.is_empty() {
        mirror.write(&beside(&path), &signatures::join(&fetched.signatures))?;
    }
    Ok(())
}
