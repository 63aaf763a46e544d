//! Signing links to assets that lie in a private storage.
//!
//! A record names such an asset by its address in the bucket. Whoever gets the export has no credentials, so the export has a link that carries a signature and that can
//! be used for some time. An address in any other place is given out as it is.

use super::{Settings, Storage, is_remote, without_credentials};
use crate::error::{ConfigError, JobError, StorageError};
use ango_model::links::{LINK_SECONDS, Links};
use object_store::path::Path;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// Where assets lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `s3://bucket`, or `s3://bucket/folder` for the assets in a folder alone; the same with `gs://` and `az://`.
    pub url: String,
    /// A file with credentials, as [`Settings::file`] reads it; without it they come from the environment.
    pub secrets: Option<PathBuf>,
}

/// A place whose credentials come from the environment.
impl From<String> for Place {
    fn from(url: String) -> Self {
        Self { url, secrets: None }
    }
}

/// The storages that assets lie in.
#[derive(Debug)]
pub struct AssetStorages {
    storages: Vec<Storage>,
    runtime: Handle,
    /// The first link that could not be signed, and why.
    failure: Mutex<Option<StorageError>>,
}

impl AssetStorages {
    /// Opens the storages at `places`.
    ///
    /// # Errors
    /// When a URL is not one of a bucket, a file with credentials cannot be used, or there are no credentials to sign with.
    pub fn open(places: &[Place], runtime: Handle) -> Result<Self, JobError> {
        let storages = places.iter().map(|place| {
            if !is_remote(&place.url) {
                let shown = without_credentials(&place.url);
                return Err(ConfigError(format!("asset storage '{shown}': links are signed for s3://bucket, gs://bucket and az://container")).into());
            }
            let settings = place.secrets.as_deref().map_or_else(|| Ok(Settings::environment()), Settings::file)?;
            Storage::open(&place.url, settings)
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
        self.runtime.block_on(storage.signed(key, Duration::from_secs(LINK_SECONDS)))
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
