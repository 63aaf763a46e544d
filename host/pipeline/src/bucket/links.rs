//! Signing links to assets that lie in a private storage.
//!
//! A record names such an asset by its address in the bucket. Whoever gets the export has no credentials, so the export has a link that carries a signature and that can
//! be used for some time. An address in any other place is given out as it is.

use super::s3::{S3, endpoint};
use super::{prefix, redact};
use crate::error::{ConfigError, JobError, StorageError};
use ango_model::links::{LINK_SECONDS, Links};
use object_store::path::Path;
use object_store::signer::{Method, Signer};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use url::Url;

/// The storages that assets lie in.
#[derive(Debug)]
pub struct AssetStorages {
    storages: Vec<Storage>,
    runtime: Handle,
    /// The first link that could not be signed, and why.
    failure: Mutex<Option<StorageError>>,
}

#[derive(Debug)]
struct Storage {
    s3: S3,
    folder: Path,
    endpoint: Option<Url>,
}

impl AssetStorages {
    /// Opens the storages at `urls`: `s3://bucket`, or `s3://bucket/folder` for the assets in a folder alone. Settings come from the environment, as those of
    /// [`Bucket::open`](super::Bucket::open) do.
    ///
    /// # Errors
    /// When a URL is not one of an S3 storage, or there are no credentials to sign with.
    pub fn open(urls: &[String], runtime: Handle) -> Result<Self, JobError> {
        let storages = urls.iter().map(|url| {
            if !(url.starts_with("s3://") || url.starts_with("s3a://")) {
                return Err(ConfigError(format!("asset storage '{}': links are signed for s3://bucket", super::without_credentials(url))).into());
            }
            let s3 = S3::open(url)?;
            Ok(Storage { folder: prefix(&s3.folder)?, endpoint: Url::parse(&endpoint()).ok(), s3 })
        });
        let this = Self { storages: storages.collect::<Result<_, JobError>>()?, runtime, failure: Mutex::default() };
        for storage in &this.storages {
            // Without credentials every link would fail; better now.
            this.sign(storage, &Path::from("probe"))?;
        }
        Ok(this)
    }

    /// Takes the error of a link that could not be signed.
    pub(crate) fn take_failure(&self) -> Option<StorageError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn sign(&self, storage: &Storage, key: &Path) -> Result<String, StorageError> {
        let signed = self.runtime.block_on(storage.s3.store.signed_url(Method::GET, key, Duration::from_secs(LINK_SECONDS)));
        signed.map(String::from).map_err(|error| StorageError {
            storage: format!("s3://{}", storage.s3.bucket),
            problem: format!(
                "the link to {key} cannot be signed: {} (are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set?)",
                redact(&error.to_string())
            ),
        })
    }
}

impl Links for AssetStorages {
    fn signed(&self, url: &str) -> Option<String> {
        let (storage, key) = self.storages.iter().find_map(|storage| Some((storage, storage.key(url)?)))?;
        match self.sign(storage, &key) {
            Ok(signed) => Some(signed),
            Err(error) => {
                self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                None
            }
        }
    }
}

impl Storage {
    /// The key of the object that `url` is the address of; `None` when it is not in this storage.
    fn key(&self, url: &str) -> Option<Path> {
        let bucket = self.s3.bucket.as_str();
        let key = match url.strip_prefix("s3://").or_else(|| url.strip_prefix("s3a://")) {
            Some(rest) => Path::parse(rest.strip_prefix(bucket)?.strip_prefix('/')?).ok()?,
            None => Path::from_url_path(self.web_key(url, bucket)?).ok()?,
        };
        (key.prefix_matches(&self.folder) && !key.as_ref().is_empty()).then_some(key)
    }

    /// The key, percent-encoded, when `url` is an address of the bucket on the web: `https://bucket.s3.region.amazonaws.com/key`, `https://s3.region.amazonaws.com/bucket/key`, or
    /// `endpoint/bucket/key`. An old signature does not matter; any other query says that something else is meant.
    fn web_key(&self, url: &str, bucket: &str) -> Option<String> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
        if url.query_pairs().any(|(name, _)| !name.to_ascii_lowercase().starts_with("x-amz-")) {
            return None;
        }
        let host = url.host_str()?;
        let is_amazon =
            |host: &str| host.strip_suffix(".amazonaws.com").is_some_and(|name| name == "s3" || name.starts_with("s3.") || name.starts_with("s3-"));
        let path = url.path().strip_prefix('/')?;
        if host.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('.')).is_some_and(is_amazon) {
            return Some(path.to_owned());
        }
        let is_endpoint = self.endpoint.as_ref().is_some_and(|endpoint| endpoint.origin() == url.origin());
        if is_endpoint || is_amazon(host) { Some(path.strip_prefix(bucket)?.strip_prefix('/')?.to_owned()) } else { None }
    }
}
