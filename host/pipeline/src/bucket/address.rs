//! Addresses of objects: in a bucket, and of a bucket on the web.

use super::failure::{shown, unsigned};
use super::provider::{Kind, Provider};
use super::settings::Settings;
use super::{Target, prefix};
use crate::error::{ConfigError, JobError, StorageError};
use object_store::ObjectStore;
use object_store::path::Path;
use std::time::Duration;
use url::Url;

/// Parameters of Azure's signatures.
const SAS: [&str; 20] =
    ["sv", "ss", "srt", "sr", "sp", "st", "se", "sip", "spr", "sig", "si", "skoid", "sktid", "skt", "ske", "sks", "skv", "sdd", "scid", "ses"];

/// A bucket that assets lie in, or a folder of it.
#[derive(Debug)]
pub(crate) struct Storage {
    provider: Provider,
    settings: Settings,
    folder: Path,
}

impl Storage {
    /// Opens `s3://bucket`, or `s3://bucket/folder` for a folder alone; the same with `gs://` and `az://`.
    ///
    /// # Errors
    /// When the URL is not one of a bucket.
    pub(crate) fn open(url: &str, settings: Settings) -> Result<Self, JobError> {
        match Target::of(url, &settings)? {
            Target::Folder(_) => Err(ConfigError(format!("'{url}' is not a bucket")).into()),
            Target::Provider(provider) => Ok(Self { folder: prefix(&provider.folder)?, provider: *provider, settings }),
        }
    }

    /// The bucket, for people.
    pub(crate) fn name(&self) -> String {
        self.provider.name()
    }

    /// The bucket.
    pub(crate) fn store(&self) -> &dyn ObjectStore {
        self.provider.store.as_ref()
    }

    /// The variables that its credentials come from.
    pub(crate) fn credentials(&self) -> &'static str {
        self.provider.kind.credentials()
    }

    /// What the storage said, as it may be told.
    pub(crate) fn shown(&self, text: &str) -> String {
        shown(&self.settings, text)
    }

    /// A link that opens an object for anybody, for some time.
    pub(super) async fn signed(&self, key: &Path, time: Duration) -> Result<String, StorageError> {
        let signed = self.provider.signed(key, time).await;
        signed.map(String::from).map_err(|error| unsigned(&self.name(), self.provider.kind, &self.settings, key.as_ref(), &error))
    }

    /// The key of the object that `url` is the address of; `None` when it is not in this storage.
    pub(crate) fn key(&self, url: &str) -> Option<Path> {
        let bucket = self.provider.bucket.as_str();
        let (scheme, rest) = url.split_once("://")?;
        let key = if super::provider::kind(scheme) == Some(self.provider.kind) {
            Path::parse(rest.strip_prefix(bucket)?.strip_prefix('/')?).ok()?
        } else {
            Path::from_url_path(self.web_key(url, bucket)?).ok()?
        };
        (key.prefix_matches(&self.folder) && !key.as_ref().is_empty()).then_some(key)
    }

    /// The key, percent-encoded, when `url` is an address of the bucket on the web: `https://bucket.s3.region.amazonaws.com/key`, `https://s3.region.amazonaws.com/bucket/key`,
    /// `https://storage.googleapis.com/bucket/key`, `https://bucket.storage.googleapis.com/key`, `https://account.blob.core.windows.net/container/key`, or `endpoint/bucket/key`. An old signature
    /// does not matter; any other query says that something else is meant.
    fn web_key(&self, url: &str, bucket: &str) -> Option<String> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
        if url.query_pairs().any(|(name, _)| !is_of_signature(self.provider.kind, &name)) {
            return None;
        }
        let host = url.host_str()?;
        let path = url.path().strip_prefix('/')?;
        let in_bucket = |path: &str| Some(path.strip_prefix(bucket)?.strip_prefix('/')?.to_owned());
        if host.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('.')).is_some_and(|host| is_own(self.provider.kind, host)) {
            return Some(path.to_owned());
        }
        if is_own(self.provider.kind, host) {
            return in_bucket(path);
        }
        let endpoint = self.provider.endpoint.as_ref().filter(|endpoint| endpoint.origin() == url.origin())?;
        // An emulator's address has the account in its path.
        in_bucket(url.path().strip_prefix(endpoint.path().trim_end_matches('/'))?.strip_prefix('/')?)
    }
}

/// Whether a host is a provider's own, where buckets are folders.
fn is_own(kind: Kind, host: &str) -> bool {
    match kind {
        Kind::S3 => host.strip_suffix(".amazonaws.com").is_some_and(|name| name == "s3" || name.starts_with("s3.") || name.starts_with("s3-")),
        Kind::Gcs => matches!(host, "storage.googleapis.com" | "storage.cloud.google.com"),
        // Each account has a host of its own, which is its endpoint.
        Kind::Local | Kind::Azure => false,
    }
}

/// Whether a parameter of a query belongs to a signature.
fn is_of_signature(kind: Kind, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    match kind {
        Kind::Local => false,
        Kind::S3 => name.starts_with("x-amz-"),
        Kind::Gcs => name.starts_with("x-goog-") || matches!(name.as_str(), "googleaccessid" | "expires" | "signature"),
        Kind::Azure => SAS.contains(&name.as_str()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn storage(url: &str, lines: &str) -> Storage {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), lines).unwrap();
        Storage::open(url, Settings::file(file.path()).unwrap()).unwrap()
    }

    #[test]
    fn addresses_of_a_bucket_on_the_web() {
        let google = storage("gs://bucket/folder", "GOOGLE_BEARER_TOKEN=x");
        let azure = storage("az://bucket/folder", "AZURE_STORAGE_ACCOUNT_NAME=acme\nAZURE_STORAGE_ACCOUNT_KEY=aHVzaA==");
        let emulator = "AZURE_STORAGE_ACCOUNT_NAME=acme\nAZURE_STORAGE_ACCOUNT_KEY=aHVzaA==\nAZURE_STORAGE_ENDPOINT=http://127.0.0.1:1/acme";
        let emulator = storage("az://bucket/folder", emulator);
        for (storage, inside, outside) in [
            (
                &google,
                &[
                    "gs://bucket/folder/a b.png",
                    "https://storage.googleapis.com/bucket/folder/a%20b.png?X-Goog-Signature=x",
                    "https://bucket.storage.googleapis.com/folder/a%20b.png",
                    "https://storage.cloud.google.com/bucket/folder/a%20b.png",
                ][..],
                &[
                    "gs://bucket/a b.png",
                    "gs://bucket2/folder/a b.png",
                    "s3://bucket/folder/a b.png",
                    "https://storage.googleapis.com/bucket/folder/a%20b.png?generation=1",
                    "https://storage.googleapis.com.evil/bucket/folder/a%20b.png",
                ][..],
            ),
            (
                &azure,
                &["az://bucket/folder/a b.png", "https://acme.blob.core.windows.net/bucket/folder/a%20b.png?sv=2024&sig=x"][..],
                &[
                    "https://other.blob.core.windows.net/bucket/folder/a%20b.png",
                    "https://acme.blob.core.windows.net/bucket/folder/a%20b.png?snapshot=1",
                ][..],
            ),
            (&emulator, &["http://127.0.0.1:1/acme/bucket/folder/a%20b.png"][..], &["http://127.0.0.1:1/bucket/folder/a%20b.png"][..]),
        ] {
            for url in inside {
                assert_eq!(storage.key(url), Some(Path::from("folder/a b.png")), "{url}");
            }
            for url in outside {
                assert_eq!(storage.key(url), None, "{url}");
            }
        }
    }
}
