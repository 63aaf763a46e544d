//! Names of artifacts in registries.

use crate::digest::Digest;
use crate::error::OriginError;
use crate::origin::is_loopback;
use oci_client::Reference;
use std::fmt;
use std::str::FromStr;
use url::Url;

/// An artifact in a registry: `REGISTRY/REPOSITORY[:TAG][@sha256:DIGEST]`. Without a tag and a digest the tag is `latest`; with both the digest counts.
///
/// The registry is always named: there is none that is meant when it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OciReference {
    inner: Reference,
    digest: Option<Digest>,
}

impl OciReference {
    /// The registry, with its port: `localhost:5000`.
    pub fn registry(&self) -> &str {
        self.inner.registry()
    }

    /// The repository: `team/plugin`.
    pub fn repository(&self) -> &str {
        self.inner.repository()
    }

    /// The tag; `None` when a digest alone is given.
    pub fn tag(&self) -> Option<&str> {
        self.inner.tag()
    }

    /// The digest of the manifest, which says exactly which bytes are meant.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The same artifact, as nobody can change it any more.
    #[must_use]
    pub fn pinned(&self, digest: &Digest) -> Self {
        Self { inner: self.inner.clone_with_digest(digest.as_str().to_owned()), digest: Some(digest.clone()) }
    }

    /// What names the manifest in a registry's URL: the digest, or else the tag.
    pub(crate) fn version(&self) -> &str {
        self.digest.as_ref().map(Digest::as_str).or_else(|| self.inner.tag()).unwrap_or("latest")
    }

    /// The registry's address. Plain http is for this machine alone.
    pub(crate) fn base(&self) -> Result<Url, OriginError> {
        let registry = self.inner.resolve_registry();
        let wrong = |error: url::ParseError| OriginError(format!("registry '{registry}': {error}"));
        let plain = Url::parse(&format!("http://{registry}/v2/")).map_err(wrong)?;
        if is_loopback(&plain) { Ok(plain) } else { Url::parse(&format!("https://{registry}/v2/")).map_err(wrong) }
    }

    /// As the registry client names it.
    pub(crate) fn inner(&self) -> &Reference {
        &self.inner
    }
}

impl FromStr for OciReference {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let text = text.strip_prefix("oci://").unwrap_or(text);
        // An @ that does not begin a digest ends credentials, whatever characters they hold.
        if let Some((_, after)) = text.rsplit_once('@').filter(|(before, after)| !before.contains('/') || !after.starts_with("sha")) {
            return Err(OriginError(format!(
                "'oci://...@{after}': credentials do not belong into a reference, where logs and process lists show them: set ANGO_REGISTRY_USER and ANGO_REGISTRY_PASSWORD"
            )));
        }
        let wrong = |problem: &str| OriginError(format!("'oci://{text}': {problem}"));
        let (registry, path) = text.split_once('/').unwrap_or((text, ""));
        if path.is_empty() || !(registry.contains(['.', ':']) || registry.eq_ignore_ascii_case("localhost")) {
            return Err(wrong("expected oci://REGISTRY/REPOSITORY:TAG, with a registry such as ghcr.io or localhost:5000"));
        }
        let inner: Reference = format!("{}/{path}", registry.to_ascii_lowercase()).parse().map_err(|error| match error {
            oci_client::ParseError::ReferenceInvalidFormat => {
                wrong("not a reference: repositories are lower-case names with slashes, a tag follows ':' and a digest '@sha256:'")
            }
            other => wrong(&other.to_string()),
        })?;
        let digest = match inner.digest() {
            Some(text) => Some(Digest::parse(text).ok_or_else(|| wrong("a digest is sha256: and 64 lower-case hexadecimal digits"))?),
            None => None,
        };
        let this = Self { inner, digest };
        this.base()?;
        Ok(this)
    }
}

impl fmt::Display for OciReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_parts_of_a_reference() {
        let of = |text: &str| {
            let it: OciReference = text.parse().expect(text);
            let base = it.base().map(String::from).unwrap_or_default();
            format!("{} {} {:?} {} {base}", it.registry(), it.repository(), it.tag(), it.version())
        };
        assert_eq!(of("oci://GHCR.io/team/coco"), r#"ghcr.io team/coco Some("latest") latest https://ghcr.io/v2/"#);
        assert_eq!(of("localhost:5000/a/b/c:1.0_x"), r#"localhost:5000 a/b/c Some("1.0_x") 1.0_x http://localhost:5000/v2/"#);
        assert_eq!(of("127.0.0.1:5000/a"), r#"127.0.0.1:5000 a Some("latest") latest http://127.0.0.1:5000/v2/"#);
        assert_eq!(of("docker.io/library/a"), r#"docker.io library/a Some("latest") latest https://index.docker.io/v2/"#);
        assert_eq!(of(&format!("r.example/a@sha256:{HEX}")), format!("r.example a None sha256:{HEX} https://r.example/v2/"));
        assert_eq!(of(&format!("r.example/a:1@sha256:{HEX}")), format!(r#"r.example a Some("1") sha256:{HEX} https://r.example/v2/"#));
    }

    #[test]
    fn what_is_refused() {
        let mut all = String::new();
        let upper = format!("r.example/a@sha256:{}", HEX.to_uppercase());
        let long = format!("r.example/a@sha512:{HEX}{HEX}");
        for text in [
            "",
            "coco",
            "team/coco",
            "r.example",
            "r.example/",
            "r.example/../../etc/passwd",
            "r.example/a/../b",
            "r.example/A",
            "r.example/a b",
            "r.example/a:..",
            "r.example/a:b/c",
            "r.example/a?x=y",
            "r.example:99999/a",
            "user:hush@r.example/a",
            "hush@r.example/a",
            "user:hu/sh@r.example/a",
            "r.example/a@sha256:abc",
            &upper,
            &long,
        ] {
            let error = text.parse::<OciReference>().expect_err(text).to_string();
            assert!(!error.contains("hush"), "{error}");
            all.push_str(&format!("{text}\n    {error}\n"));
        }
        insta::assert_snapshot!(all);
    }
}
