//! Places that a plugin is installed from.

use crate::error::OriginError;
use crate::oci::reference::OciReference;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use url::{Host, Url};

/// Longest text of an origin, in bytes. Signed links are about 1500.
const MAX_TEXT: usize = 4096;

/// A place that a plugin is installed from, read from text as people write it:
///
/// * a path, or `file:///path`;
/// * `https://host/plugin.wasm`; `http://` only on this machine (`localhost`, `127.0.0.1`, `[::1]`), because anybody on the way could change what comes;
/// * `oci://REGISTRY/REPOSITORY[:TAG][@sha256:DIGEST]`.
///
/// It is shown without the query of a URL, which may hold a signature that opens it.
#[derive(Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file on this machine.
    File(PathBuf),
    /// A file on a web server. Never holds credentials; the query may be a secret.
    Url(Url),
    /// An artifact in an OCI registry.
    Oci(OciReference),
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        if text.is_empty() {
            return Err(OriginError("a plugin's origin is empty: expected a path, https://... or oci://REGISTRY/REPOSITORY:TAG".into()));
        }
        if text.len() > MAX_TEXT {
            return Err(OriginError(format!("a plugin's origin is longer than {MAX_TEXT} bytes")));
        }
        if text.chars().any(char::is_control) {
            return Err(OriginError(format!("'{}': a plugin's origin holds no control characters", without_secrets(text).escape_debug())));
        }
        let Some((scheme, rest)) = scheme(text) else { return Ok(Self::File(text.into())) };
        match scheme.to_ascii_lowercase().as_str() {
            "file" => file(text),
            "https" | "http" => web(text).map(Self::Url),
            "oci" => rest.parse().map(Self::Oci),
            other => Err(OriginError(format!("'{}': there are paths, https:// and oci://, not {other}://", without_secrets(text)))),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(url) => f.write_str(&shown(url)),
            Self::Oci(reference) => write!(f, "oci://{reference}"),
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

/// A URL without what could be a secret: credentials, query, fragment.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // A URL that cannot have them has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// Whether a URL means this machine. A name other than `localhost` does not, whatever it resolves to: the answer of a name server is no promise.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The scheme of a URL and what follows `://`. One letter is a drive.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some((scheme, rest))
}

fn file(text: &str) -> Result<Origin, OriginError> {
    let path = Url::parse(text).ok().and_then(|url| url.to_file_path().ok());
    path.map(Origin::File).ok_or_else(|| OriginError(format!("'{text}': a file URL is file:///path, with three slashes")))
}

fn web(text: &str) -> Result<Url, OriginError> {
    let shown = without_secrets(text);
    let mut url = Url::parse(text).map_err(|error| OriginError(format!("'{shown}': {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OriginError(format!(
            "'{shown}': credentials do not belong into a URL, where logs and process lists show them: use a signed link"
        )));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(OriginError(format!("'{shown}': over plain http anybody on the way can change the plugin: use https")));
    }
    if url.path_segments().and_then(|mut names| names.next_back()).is_none_or(str::is_empty) {
        return Err(OriginError(format!("'{shown}': the URL names no file")));
    }
    url.set_fragment(None);
    Ok(url)
}

/// A text that could not be read as a URL, without what could be a secret in it.
fn without_secrets(text: &str) -> String {
    let before = text.split(['?', '#']).next().unwrap_or_default();
    // A slash in a password ends the host for a parser, not for somebody who typed it: everything before the last @ goes.
    match (before.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, after))) => format!("{scheme}://...@{}", after.split(['?', '#']).next().unwrap_or_default()),
        _ => before.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, String> {
        text.parse::<Origin>().map(|origin| format!("{origin:?}")).map_err(|error| error.to_string())
    }

    #[test]
    fn what_people_write() {
        for (text, expected) in [
            ("plugin.wasm", "plugin.wasm"),
            ("./a b/plugin.wasm", "./a b/plugin.wasm"),
            ("C:\\plugins\\p.wasm", "C:\\plugins\\p.wasm"),
            ("file:///srv/a%20b.wasm", "/srv/a b.wasm"),
            ("https://example.com/p.wasm", "https://example.com/p.wasm"),
            ("HTTPS://EXAMPLE.com:443/a/../p.wasm#x", "https://example.com/p.wasm"),
            ("https://example.com/p.wasm?X-Amz-Signature=hush", "https://example.com/p.wasm"),
            ("http://localhost:8080/p.wasm", "http://localhost:8080/p.wasm"),
            ("http://127.0.0.1/p.wasm", "http://127.0.0.1/p.wasm"),
            ("http://[::1]:1/p.wasm", "http://[::1]:1/p.wasm"),
            ("oci://ghcr.io/team/coco", "oci://ghcr.io/team/coco:latest"),
            ("oci://localhost:5000/team/coco:1.2", "oci://localhost:5000/team/coco:1.2"),
        ] {
            assert_eq!(parse(text), Ok(format!("Origin({expected})")), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        let mut all = String::new();
        for text in [
            "",
            "a\nb.wasm",
            "file://host/p.wasm",
            "ftp://example.com/p.wasm",
            "https://",
            "https://user:hush@example.com/p.wasm",
            "https://user:hu/sh@example.com/p.wasm",
            "https://hush@example.com/p.wasm?sig=hush",
            "https://user:hush@[bad/p.wasm?sig=hush@x",
            "ftp://user:hush@example.com/p.wasm?sig=hush",
            "https://example.com/",
            "https://example.com/folder/?sig=hush",
            "http://example.com/p.wasm?sig=hush",
            "http://127.0.0.1.example.com/p.wasm",
            "http://localhost.example.com/p.wasm",
            "http://10.0.0.1/p.wasm",
        ] {
            let error = parse(text).expect_err(text);
            assert!(!error.contains("hush"), "{error}");
            all.push_str(&format!("{text:?}\n    {error}\n"));
        }
        assert!(parse(&"a".repeat(MAX_TEXT + 1)).is_err_and(|error| error.len() < 100));
        insta::assert_snapshot!(all);
    }
}
