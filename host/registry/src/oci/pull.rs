//! Pulling a plugin out of a registry.

use super::artifact::{Blob, MAX_MANIFEST, Manifest, Part};
use super::auth::{self, Access, Want};
use super::reference::OciReference;
use crate::digest::Digest;
use crate::error::FetchError;
use crate::limits::Limits;
use crate::signatures;
use crate::web::{Answer, Cap, Request, Web, named};
use reqwest::StatusCode;
use url::Url;

/// Indexes are asked for as well: a registry would say that there is nothing, and so we can say what there is.
const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// A plugin's artifact as it lies in a registry. Every part has the digest that the manifest gives it, and the manifest that of its name.
#[derive(Debug)]
pub(crate) struct Pulled {
    pub(crate) manifest: Vec<u8>,
    pub(crate) digest: Digest,
    /// Configuration, component, signatures.
    pub(crate) blobs: Vec<(Blob, Vec<u8>)>,
    annotated: Vec<Vec<u8>>,
}

impl Pulled {
    /// The component, and the signatures that lie beside it or in the manifest.
    ///
    /// # Errors
    /// When signatures are no JSON objects, or too many.
    pub(crate) fn into_parts(self, origin: &str) -> Result<(Vec<u8>, Vec<Vec<u8>>), FetchError> {
        let mut documents = self.annotated;
        let mut wasm = Vec::new();
        for (blob, content) in self.blobs {
            match blob.part {
                Part::Wasm => wasm = content,
                Part::Signature => documents.extend(signatures::split(origin, &content)?),
                Part::Config => {}
            }
        }
        signatures::check(origin, &documents)?;
        Ok((wasm, documents))
    }
}

/// Somewhere that manifests and blobs lie.
pub(crate) trait Blobs {
    /// The bytes of a blob; at most as many as it should have.
    async fn blob(&self, blob: &Blob) -> Result<Vec<u8>, FetchError>;
}

/// Puts an artifact together from its manifest and from where its blobs lie, and checks every digest.
///
/// # Errors
/// When a part is missing, is another one, or is too large.
pub(crate) async fn assemble(
    origin: &str,
    expected: Option<&Digest>,
    manifest: Vec<u8>,
    blobs: &impl Blobs,
    limits: &Limits,
) -> Result<Pulled, FetchError> {
    let digest = Digest::of(&manifest);
    if let Some(expected) = expected.filter(|expected| **expected != digest) {
        return Err(FetchError::Digest { origin: origin.to_owned(), what: "manifest", expected: expected.clone(), actual: digest });
    }
    let parsed = Manifest::parse(origin, &manifest, limits.max_bytes)?;
    let mut parts = Vec::new();
    for blob in parsed.blobs() {
        let content = blobs.blob(blob).await?;
        let actual = Digest::of(&content);
        if actual != blob.digest {
            return Err(FetchError::Digest { origin: origin.to_owned(), what: blob.part.name(), expected: blob.digest.clone(), actual });
        }
        if content.len() as u64 != blob.size {
            let problem = format!("the manifest says that the {} has {} bytes, and it has {}", blob.part.name(), blob.size, content.len());
            return Err(FetchError::Artifact { origin: origin.to_owned(), problem });
        }
        parts.push((blob.clone(), content));
    }
    Ok(Pulled { manifest, digest, blobs: parts, annotated: parsed.annotated })
}

/// Pulls the artifact that `reference` names.
///
/// # Errors
/// When the registry has none, does not let us in, or sends something else.
pub(crate) async fn pull(reference: &OciReference, limits: &Limits) -> Result<Pulled, FetchError> {
    let web = Web::new(limits)?;
    let origin = format!("oci://{reference}");
    let access = auth::authorize(&web, reference, Want::Pull).await?;
    let repository = Repository { web, reference, origin: &origin, access };
    let what = match (reference.digest(), reference.tag()) {
        (Some(digest), _) => format!("the manifest {digest}"),
        (None, tag) => format!("the tag '{}'", tag.unwrap_or("latest")),
    };
    let cap = Cap { limit: "manifest-bytes", max: MAX_MANIFEST };
    let manifest = repository.get(&format!("manifests/{}", reference.version()), Some(ACCEPT), cap, &what).await?.body;
    assemble(&origin, reference.digest(), manifest, &repository, limits).await
}

struct Repository<'a> {
    web: Web,
    reference: &'a OciReference,
    origin: &'a str,
    access: Access,
}

impl Repository<'_> {
    async fn get(&self, path: &str, accept: Option<&'static str>, cap: Cap, what: &str) -> Result<Answer, FetchError> {
        let origin = self.origin.to_owned();
        let base: Url = self.reference.base()?;
        let url = base
            .join(&format!("{}/{path}", self.reference.repository()))
            .map_err(|error| FetchError::Answer { origin: origin.clone(), problem: error.to_string() })?;
        let answer = self.web.get(&Request { origin: self.origin, url, accept, authorization: self.access.header(), cap }).await?;
        match answer.status {
            StatusCode::OK => Ok(answer),
            StatusCode::NOT_FOUND => Err(FetchError::NotFound { origin, problem: format!("the registry does not have {what}") }),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(FetchError::Denied { origin, problem: self.access.refused("pull") }),
            status => Err(FetchError::Answer { origin, problem: format!("the registry answers {} when it is asked for {what}", named(status)) }),
        }
    }
}

impl Blobs for Repository<'_> {
    async fn blob(&self, blob: &Blob) -> Result<Vec<u8>, FetchError> {
        let answer = self.get(&format!("blobs/{}", blob.digest), None, blob.cap(), &format!("the {} {}", blob.part.name(), blob.digest)).await;
        answer.map(|answer| answer.body).map_err(|error| blob.explained(self.origin, error))
    }
}
