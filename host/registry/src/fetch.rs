//! Bringing a plugin from where it is.

use crate::error::FetchError;
use crate::file;
use crate::limits::{Limits, seconds};
use crate::mirror;
use crate::oci::pull;
use crate::origin::{Origin, shown};
use crate::signatures;
use crate::web::{Answer, Cap, Request, Web, named};
use reqwest::StatusCode;
use std::path::{Path, PathBuf};
use tokio::runtime::Handle;
use url::Url;

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The bytes; whether they are a plugin is for others to say.
    pub wasm: Vec<u8>,
    /// The signatures beside it: JSON objects, as they were found. Nobody has checked them.
    pub signatures: Vec<Vec<u8>>,
    /// Where it came from, without secrets; reads as an [`Origin`] again.
    pub origin: String,
    /// Of a registry, the digest of the manifest: another one under the same tag means that the tag was moved.
    pub manifest_digest: Option<String>,
}

/// Fetches a plugin and the signatures beside it. With a mirror nothing is asked of the network: what is not in it is an error. A file is read from where it is in either case.
///
/// # Errors
/// When it cannot be had, when it takes more than `limits`, and when it is not what its digest says.
pub async fn fetch(origin: &Origin, mirror: Option<&Path>, limits: &Limits) -> Result<Fetched, FetchError> {
    within(origin, limits, async {
        match (origin, mirror) {
            (Origin::File(path), _) => {
                let (path, limits) = (path.clone(), limits.clone());
                blocking(origin, move || of_file(&path, &limits)).await
            }
            (Origin::Url(url), None) => of_url(url, limits).await,
            (Origin::Url(url), Some(mirror)) => {
                let (url, mirror, limits) = (url.clone(), mirror.to_owned(), limits.clone());
                let (wasm, signatures) = blocking(origin, move || mirror::read_url(&mirror, &url, &limits)).await?;
                Ok(Fetched { wasm, signatures, origin: origin.to_string(), manifest_digest: None })
            }
            (Origin::Oci(reference), None) => of_pulled(origin, pull::pull(reference, limits).await?),
            (Origin::Oci(reference), Some(mirror)) => {
                let (reference, mirror, limits) = (reference.clone(), mirror.to_owned(), limits.clone());
                let here = Handle::current();
                let pulled = blocking(origin, move || here.block_on(mirror::read_oci(&mirror, &reference, &limits))).await?;
                of_pulled(origin, pulled)
            }
        }
    })
    .await
}

/// Fetches a plugin and the signatures beside it from the network, and writes them into a mirror, which is made if it is not there. What was written before stays as it
/// is until the new is whole; doing it again is safe.
///
/// # Errors
/// As [`fetch`], and when the mirror cannot be written. A file needs no mirror.
pub async fn copy_to_mirror(origin: &Origin, mirror: &Path, limits: &Limits) -> Result<Fetched, FetchError> {
    within(origin, limits, async {
        let mirror = mirror.to_owned();
        match origin {
            Origin::File(path) => Err(FetchError::File { path: path.clone(), problem: "is on this machine: a mirror is of what is not".into() }),
            Origin::Url(url) => {
                let fetched = of_url(url, limits).await?;
                let url = url.clone();
                blocking(origin, move || mirror::write_url(&mirror, &url, &fetched).map(|()| fetched)).await
            }
            Origin::Oci(reference) => {
                let pulled = pull::pull(reference, limits).await?;
                let reference = reference.clone();
                let pulled = blocking(origin, move || mirror::write_oci(&mirror, &reference, &pulled).map(|()| pulled)).await?;
                of_pulled(origin, pulled)
            }
        }
    })
    .await
}

/// Ends what takes too long.
async fn within<T>(origin: &Origin, limits: &Limits, work: impl Future<Output = Result<T, FetchError>>) -> Result<T, FetchError> {
    tokio::time::timeout(limits.timeout, work).await.unwrap_or_else(|_| {
        let allowed = seconds(limits.timeout);
        Err(FetchError::Limit { origin: origin.to_string(), limit: "timeout", asked: format!("it takes more than {allowed}"), allowed })
    })
}

/// Does what waits for a disk, which may be far away.
async fn blocking<T: Send + 'static>(origin: &Origin, work: impl FnOnce() -> Result<T, FetchError> + Send + 'static) -> Result<T, FetchError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(FetchError::Network { origin: origin.to_string(), problem: "the work broke off".into() }))
}

fn of_pulled(origin: &Origin, pulled: pull::Pulled) -> Result<Fetched, FetchError> {
    let origin = origin.to_string();
    let manifest_digest = Some(pulled.digest.to_string());
    let (wasm, signatures) = pulled.into_parts(&origin)?;
    Ok(Fetched { wasm, signatures, origin, manifest_digest })
}

fn of_file(path: &Path, limits: &Limits) -> Result<Fetched, FetchError> {
    let Some(wasm) = file::read(path, "max-bytes", limits.max_bytes)? else {
        return Err(FetchError::File { path: path.to_owned(), problem: "does not exist".into() });
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".sig");
    let beside = PathBuf::from(beside);
    let signatures = match file::read(&beside, "signatures-bytes", signatures::MAX_TEXT)? {
        Some(text) => signatures::split(&beside.display().to_string(), &text)?,
        None => Vec::new(),
    };
    Ok(Fetched { wasm, signatures, origin: path.display().to_string(), manifest_digest: None })
}

async fn of_url(url: &Url, limits: &Limits) -> Result<Fetched, FetchError> {
    let web = Web::new(limits)?;
    let origin = shown(url);
    let answer = get(&web, &origin, url, Cap { limit: "max-bytes", max: limits.max_bytes }).await?;
    let wasm =
        answered(&origin, answer)?.ok_or_else(|| FetchError::NotFound { origin: origin.clone(), problem: "the server has no such file".into() })?;
    let mut beside = url.clone();
    beside.set_path(&format!("{}.sig", url.path()));
    let sig_origin = shown(&beside);
    let answer = get(&web, &sig_origin, &beside, Cap { limit: "signatures-bytes", max: signatures::MAX_TEXT }).await?;
    // Stores of objects answer "forbidden" for what is not there when the asker may not list, and a signed link opens the plugin alone.
    let signatures = match answer.status {
        StatusCode::FORBIDDEN => Vec::new(),
        _ => answered(&sig_origin, answer)?.map_or(Ok(Vec::new()), |text| signatures::split(&sig_origin, &text))?,
    };
    Ok(Fetched { wasm, signatures, origin, manifest_digest: None })
}

async fn get(web: &Web, origin: &str, url: &Url, cap: Cap) -> Result<Answer, FetchError> {
    web.get(&Request { origin, url: url.clone(), accept: None, authorization: None, cap }).await
}

/// The body; `None` when there is nothing.
fn answered(origin: &str, answer: Answer) -> Result<Option<Vec<u8>>, FetchError> {
    let origin = origin.to_owned();
    match answer.status {
        StatusCode::OK => Ok(Some(answer.body)),
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Err(FetchError::Denied {
            origin,
            problem: format!("the server answers {}: use a signed link, download it yourself, or put it into a registry", named(status)),
        }),
        status => Err(FetchError::Answer { origin, problem: format!("the server answers {}", named(status)) }),
    }
}
