//! Signing links to assets that lie in a private storage.
//!
//! A record names such an asset by its address in the bucket. Whoever gets the export has no credentials, so the export has a link that carries a signature and that can
//! be used for some time. An address in any other place is given out as it is.

use super::Storage;
use super::redact;
use crate::error::{ConfigError, JobError, StorageError};
use ango_model::links::{LINK_SECONDS, Links};
use object_store::path::Path;
use object_store::signer::{Method, Signer};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// The storages that assets lie in.
#[derive(Debug)]
pub struct AssetStorages {
    storages: Vec<Storage>,
    runtime: Handle,
    /// The first link that could not be signed, and why.
    failure: Mutex<Option<StorageError>>,
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
            Storage::open(url)
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
        let signed = self.runtime.block_on(storage.store().signed_url(Method::GET, key, Duration::from_secs(LINK_SECONDS)));
        signed.map(String::from).map_err(|error| StorageError {
            storage: storage.name(),
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
