//! Addresses of objects: in a bucket, and of a bucket on the web.

use super::prefix;
use super::s3::{S3, endpoint};
use crate::error::JobError;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use url::Url;

/// A bucket that assets lie in, or a folder of it.
#[derive(Debug)]
pub(crate) struct Storage {
    s3: S3,
    folder: Path,
    endpoint: Option<Url>,
}

impl Storage {
    /// Opens `s3://bucket`, or `s3://bucket/folder` for a folder alone. Settings come from the environment.
    ///
    /// # Errors
    /// When the URL is not one of an S3 storage.
    pub(crate) fn open(url: &str) -> Result<Self, JobError> {
        let s3 = S3::open(url)?;
        Ok(Self { folder: prefix(&s3.folder)?, endpoint: Url::parse(&endpoint()).ok(), s3 })
    }

    /// The bucket, for people.
    pub(crate) fn name(&self) -> String {
        format!("s3://{}", self.s3.bucket)
    }

    /// The bucket.
    pub(crate) fn store(&self) -> &AmazonS3 {
        &self.s3.store
    }

    /// The key of the object that `url` is the address of; `None` when it is not in this storage.
    pub(crate) fn key(&self, url: &str) -> Option<Path> {
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
