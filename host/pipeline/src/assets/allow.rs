//! Which place a link is in.

use crate::bucket::{Settings, Storage, is_remote, local_path, without_credentials};
use crate::error::{ConfigError, JobError};
use ango_web::is_loopback;
use object_store::path::Path as Key;
use std::path::{Path, PathBuf};
use url::Url;

/// A place with everything below it.
#[derive(Debug)]
pub(super) enum Allowed {
    /// A folder of a web server; its path ends with a slash.
    Web(Url),
    /// A folder of this machine.
    Folder(PathBuf),
    /// A folder of a bucket.
    Bucket(Box<Storage>),
}

/// Where a link leads.
#[derive(Debug)]
pub(super) enum Found<'a> {
    /// To a web server.
    Web(Url),
    /// To a file; not yet looked at, and the folder that it must not leave.
    File(PathBuf, &'a Path),
    /// To an object of a bucket.
    Object(&'a Storage, Key),
}

impl Allowed {
    /// Reads a place of the configuration.
    pub(super) fn parse(text: &str, allow_private: bool) -> Result<Self, JobError> {
        let shown = without_credentials(text);
        // A signature may be in the query.
        let shown = shown.split(['?', '#']).next().unwrap_or_default();
        let wrong = |problem: &str| JobError::from(ConfigError(format!("assets: '{shown}': {problem}")));
        match text.split_once("://").map(|(scheme, _)| scheme) {
            Some("https" | "http") => {}
            Some("file") => return Ok(Self::Folder(local_path(text)?)),
            Some(_) if is_remote(text) => return Ok(Self::Bucket(Box::new(Storage::open(text, Settings::environment())?))),
            _ => {
                return Err(wrong(
                    "there are https://host/folder/, s3://bucket/folder, gs://bucket/folder, az://container/folder and file:///folder",
                ));
            }
        }
        let mut url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("credentials do not belong into the configuration: assets are asked for without"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("a place has no query: everything below a path is allowed, whatever its query"));
        }
        if url.scheme() == "http" && !(allow_private && is_loopback(&url)) {
            return Err(wrong(
                "over plain http anybody on the way can change an asset: use https (http is for this machine, with allow-private = true)",
            ));
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self::Web(url))
    }

    /// Where in this place a link leads; `None` when it leads elsewhere.
    pub(super) fn find<'a>(&'a self, link: &str) -> Option<Found<'a>> {
        match self {
            Self::Web(place) => {
                let mut url = Url::parse(link).ok()?;
                url.set_fragment(None);
                is_below(place, &url).then_some(Found::Web(url))
            }
            Self::Folder(folder) => {
                let path = Url::parse(link).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()?;
                path.starts_with(folder).then_some(Found::File(path, folder))
            }
            Self::Bucket(storage) => storage.key(link).map(|key| Found::Object(storage, key)),
        }
    }
}

/// Whether a URL is one below a place of a web server.
pub(super) fn is_below(place: &Url, url: &Url) -> bool {
    url.origin() == place.origin()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path().starts_with(place.path())
        && is_straight(url.path())
}

/// Whether a path goes down only, also for a server that takes escapes apart, perhaps several times.
fn is_straight(path: &str) -> bool {
    let mut text = path.as_bytes().to_vec();
    loop {
        if text.split(|byte| matches!(byte, b'/' | b'\\')).any(|name| name == b"..") {
            return false;
        }
        let decoded = decoded(&text);
        if decoded == text {
            return true;
        }
        text = decoded;
    }
}

/// Takes escapes apart once. What comes is shorter, or the same.
fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| (*byte as char).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(place: &str, link: &str) -> bool {
        Allowed::parse(place, true).map_err(|error| error.to_string()).expect(place).find(link).is_some()
    }

    #[test]
    fn what_is_below_a_place() {
        for (place, link) in [
            ("https://a.example/", "https://a.example/x.png"),
            ("https://a.example", "https://a.example/x.png?X-Amz-Signature=y#z"),
            ("https://a.example/f", "https://a.example/f/x.png"),
            ("https://a.example/f/", "https://A.example:443/f/./g/../x.png"),
            ("https://a.example:8443/f", "https://a.example:8443/f/x.png"),
            ("https://a.example/v0/b/", "https://a.example/v0/b/folder%2Fx.png?alt=media"),
            ("https://a.example/a b/", "https://a.example/a%20b/x.png"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1/x.png"),
            ("file:///srv/assets", "file:///srv/assets/a%20b.png"),
            ("s3://bucket", "s3://bucket/x.png"),
            ("s3://bucket/folder", "s3://bucket/folder/x.png"),
            ("s3://bucket/folder", "https://bucket.s3.eu-west-1.amazonaws.com/folder/x.png?X-Amz-Signature=y"),
        ] {
            assert!(finds(place, link), "{place} {link}");
        }
    }

    #[test]
    fn what_is_elsewhere() {
        for (place, link) in [
            ("https://a.example/f", "https://a.example/fx/x.png"),
            ("https://a.example/f", "https://a.example/f"),
            ("https://a.example/f", "https://a.example/F/x.png"),
            ("https://a.example/f", "https://a.example/f/../x.png"),
            ("https://a.example/f", "https://a.example/f/%2e%2e/x.png"),
            ("https://a.example/f", "https://a.example/f/..%2fx.png"),
            ("https://a.example/f", "https://a.example/f/g%2f..%2f..%2fx.png"),
            ("https://a.example/f", "https://a.example/f/..%255cx.png"),
            ("https://a.example/f", "https://a.example/f/%25252e%25252e%25252fx.png"),
            ("https://a.example/f", "https://a.example/f/..\\x.png"),
            ("https://a.example/f", "http://a.example/f/x.png"),
            ("https://a.example/f", "https://a.example:444/f/x.png"),
            ("https://a.example/f", "https://a.example.evil/f/x.png"),
            ("https://a.example/f", "https://evil/a.example/f/x.png"),
            ("https://a.example/f", "https://a.example@evil/f/x.png"),
            ("https://a.example/f", "https://me:hush@a.example/f/x.png"),
            ("https://a.example/f", "https://a.example\\@evil/f/x.png"),
            ("https://a.example/f", "//a.example/f/x.png"),
            ("https://a.example/f", "x.png"),
            ("https://a.example/f", ""),
            ("file:///srv/assets", "file:///srv/assets2/x.png"),
            ("file:///srv/assets", "file:///srv/x.png"),
            ("file:///srv/assets", "file:///srv/assets/../x.png"),
            ("file:///srv/assets", "file://host/srv/assets/x.png"),
            ("file:///srv/assets", "/srv/assets/x.png"),
            ("s3://bucket/folder", "s3://bucket/folder2/x.png"),
            ("s3://bucket/folder", "s3://bucket2/folder/x.png"),
            ("s3://bucket/folder", "s3://bucket/folder/../x.png"),
            ("s3://bucket/folder", "https://a.example/bucket/folder/x.png"),
        ] {
            assert!(!finds(place, link), "{place} {link}");
        }
    }

    #[test]
    fn places_that_are_none() {
        let mut all = String::new();
        for (place, allow_private) in [
            ("", false),
            ("/srv/assets", false),
            ("ftp://a.example/", false),
            ("https://", false),
            ("https://me:hush@a.example/", false),
            ("https://a.example/?sig=hush", false),
            ("http://a.example/", true),
            ("http://127.0.0.1/", false),
            ("file://host/x", false),
            ("s3://me:hush@bucket/x", false),
            ("s3://", false),
        ] {
            let error = Allowed::parse(place, allow_private).expect_err(place).to_string();
            assert!(!error.contains("hush"), "{error}");
            all.push_str(&format!("{place}\n    {error}\n"));
        }
        insta::assert_snapshot!(all);
    }

    proptest! {
        #[test]
        fn no_escape_goes_up(parts in proptest::collection::vec(prop_oneof![
            Just("..".to_owned()), Just("/".to_owned()), Just("%2e".to_owned()), Just("%252e".to_owned()), Just("%2f".to_owned()), Just("%5c".to_owned()), Just("%25".to_owned()),
            Just("\\".to_owned()), Just("2e".to_owned()), "[a-z.%]{0,3}",
        ], 0..12)) {
            let place = Url::parse("https://a.example/f/").expect("it is a URL");
            if let Ok(url) = Url::parse(&format!("https://a.example/f/{}", parts.concat())) && is_below(&place, &url) {
                let mut text = url.path().as_bytes().to_vec();
                for _ in 0..5 {
                    let mut depth = 0_i32;
                    for name in text.split(|byte| matches!(byte, b'/' | b'\\')) {
                        match name {
                            b"" | b"." => {}
                            b".." => depth -= 1,
                            _ => depth += 1,
                        }
                        prop_assert!(depth >= 0);
                    }
                    prop_assert!(!text.split(|byte| matches!(byte, b'/' | b'\\')).any(|name| name == b".."));
                    text = decoded(&text);
                }
            }
        }
    }
}
