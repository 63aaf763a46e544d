//! Where archives go: a local folder, or a bucket of an S3-compatible store.

mod links;
mod s3;
mod upload;

pub use links::AssetStorages;
pub use upload::{Saved, Upload};

use crate::error::{ConfigError, JobError, StorageError};
use ango_runtime::Cancel;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use s3::S3;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Handle;
use url::Url;

/// Environment variables whose values must never be shown.
const SECRETS: [&str; 4] = ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_SSE_CUSTOMER_KEY_BASE64"];

/// A storage and the folder in it where objects go.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// The storage's URL without credentials.
    name: String,
    /// The folder of a local storage.
    folder: Option<PathBuf>,
    prefix: Path,
    runtime: Handle,
}

impl Bucket {
    /// Opens the storage at `url`: a local path, `file:///folder` or `s3://bucket/folder`. `path` is a folder in it, as on the Export Storage form
    /// (`exports/2023`); folders need not exist.
    ///
    /// S3 settings come from the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, and for other stores than Amazon's
    /// `AWS_ENDPOINT_URL`.
    ///
    /// # Errors
    /// When the URL is not one of a storage, or holds credentials; when a local folder cannot be made.
    pub fn open(url: &str, path: &str, runtime: Handle) -> Result<Self, JobError> {
        match split_scheme(url) {
            Some(("file", _)) => {
                let folder = local_path(url)?;
                Self::folder(&folder, path, runtime)
            }
            Some(("s3" | "s3a", _)) => Self::s3(url, path, runtime),
            Some((scheme, _)) => Err(ConfigError(format!("storage scheme '{scheme}': there are file:// and s3://")).into()),
            None => Self::folder(std::path::Path::new(url), path, runtime),
        }
    }

    /// Whether [`open`](Self::open) would take this, without making folders or asking the network.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn check(url: &str, path: &str) -> Result<(), JobError> {
        let inner = match split_scheme(url) {
            Some(("file", _)) => local_path(url).map(|_| String::new())?,
            Some(("s3" | "s3a", _)) => S3::open(url)?.folder,
            Some((scheme, _)) => return Err(ConfigError(format!("storage scheme '{scheme}': there are file:// and s3://")).into()),
            None => String::new(),
        };
        prefix(&format!("{inner}/{path}"))?;
        Ok(())
    }

    fn folder(folder: &std::path::Path, path: &str, runtime: Handle) -> Result<Self, JobError> {
        let fail = |error: &dyn std::fmt::Display| StorageError {
            storage: folder.display().to_string(),
            problem: format!("the folder cannot be used: {error}"),
        };
        std::fs::create_dir_all(folder).map_err(|error| fail(&error))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| fail(&error))?;
        let absolute = std::path::absolute(folder).map_err(|error| fail(&error))?;
        let name = Url::from_file_path(&absolute).map_or_else(|()| absolute.display().to_string(), |url| url.to_string());
        Ok(Self { store: Arc::new(store), name, folder: Some(absolute), prefix: prefix(path)?, runtime })
    }

    fn s3(url: &str, path: &str, runtime: Handle) -> Result<Self, JobError> {
        let S3 { store, bucket, folder } = S3::open(url)?;
        let prefix = prefix(&format!("{folder}/{path}"))?;
        Ok(Self { store: Arc::new(store), name: format!("s3://{bucket}"), folder: None, prefix, runtime })
    }

    /// The storage, for people; without credentials.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL of an object in the bucket's folder.
    pub fn url(&self, name: &str) -> String {
        let key = self.key(name);
        let local = self.folder.as_ref().and_then(|folder| Url::from_file_path(folder.join(key.as_ref())).ok());
        local.map_or_else(|| format!("{}/{key}", self.name.trim_end_matches('/')), String::from)
    }

    /// The name as it is where it can be; what a store cannot have in a name is percent-encoded.
    fn key(&self, name: &str) -> Path {
        Path::parse(format!("{}/{name}", self.prefix)).unwrap_or_else(|_| self.prefix.clone().join(name))
    }

    /// Whether there is an object of that name.
    ///
    /// # Errors
    /// When the storage does not answer, or somebody cancels.
    pub fn exists(&self, name: &str, cancel: &Cancel) -> Result<bool, JobError> {
        let key = self.key(name);
        self.wait(cancel, async {
            match self.store.head(&key).await {
                Ok(_) => Ok(true),
                Err(object_store::Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(self.error(&key, error)),
            }
        })
    }

    /// Waits for a storage, which may never answer.
    fn wait<T>(&self, cancel: &Cancel, answer: impl Future<Output = Result<T, StorageError>>) -> Result<T, JobError> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(JobError::Cancelled),
                answer = answer => Ok(answer?),
            }
        })
    }

    /// Starts an object. It becomes visible when the upload is completed, whole, or never; when somebody cancels, it fails.
    pub fn upload(&self, name: &str, cancel: &Cancel) -> Upload {
        Upload::new(self.clone(), self.key(name), cancel.clone())
    }

    /// Copies an object into a temporary file.
    ///
    /// # Errors
    /// When there is no such object, it cannot be read, or somebody cancels; nothing of the copy is left then.
    pub fn download(&self, name: &str, cancel: &Cancel) -> Result<tempfile::NamedTempFile, JobError> {
        use futures::StreamExt;
        use std::io::Write;
        let key = self.key(name);
        let local = |error: std::io::Error| StorageError {
            storage: self.name.clone(),
            problem: format!("a temporary copy of {key} cannot be written: {error}"),
        };
        let mut file = tempfile::NamedTempFile::new().map_err(local)?;
        self.wait(cancel, async {
            let mut stream = self.store.get(&key).await.map_err(|error| self.error(&key, error))?.into_stream();
            while let Some(bytes) = stream.next().await {
                file.write_all(&bytes.map_err(|error| self.error(&key, error))?).map_err(local)?;
            }
            file.flush().map_err(local)
        })?;
        Ok(file)
    }

    /// What a failure means, in words that hold no secret: answers of S3 quote keys and signatures.
    fn error(&self, key: &Path, error: object_store::Error) -> StorageError {
        use object_store::Error;
        let problem = match error {
            Error::NotFound { .. } => format!("{key} does not exist, or the bucket does not"),
            Error::AlreadyExists { .. } => format!("{key} exists already, and nothing is ever overwritten"),
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                format!("access to {key} is denied: check the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) and that they may write there")
            }
            other => {
                let mut text = other.to_string();
                let mut cause = std::error::Error::source(&other);
                while let Some(inner) = cause {
                    let inner_text = inner.to_string();
                    if !text.contains(&inner_text) {
                        text = format!("{text}: {inner_text}");
                    }
                    cause = inner.source();
                }
                match ["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied", "ExpiredToken"].iter().find(|code| text.contains(**code)) {
                    Some(code) => format!("access to {key} is denied ({code}): check the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"),
                    None => format!("{key}: {}", redact(&text)),
                }
            }
        };
        StorageError { storage: self.name.clone(), problem }
    }
}

fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    (scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some((scheme, rest))
}

/// The path that a `file://` URL means.
///
/// # Errors
/// When it means none on this machine.
pub fn local_path(url: &str) -> Result<PathBuf, ConfigError> {
    let parsed = Url::parse(url).map_err(|error| ConfigError(format!("'{url}': {error}")))?;
    parsed.to_file_path().map_err(|()| ConfigError(format!("'{url}': a file URL is file:///folder, with three slashes")))
}

fn without_credentials(url: &str) -> String {
    match (url.split_once("://"), url.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}://...{}", &url[at..]),
        _ => url.to_owned(),
    }
}

/// A folder as people write it: slashes at either end do not count.
fn prefix(path: &str) -> Result<Path, ConfigError> {
    let trimmed = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    Path::parse(&trimmed).map_err(|error| ConfigError(format!("path '{path}': {error}")))
}

/// Takes the values of secret variables out of a text.
fn redact(text: &str) -> String {
    let mut text = text.to_owned();
    for value in SECRETS.iter().filter_map(|name| std::env::var(name).ok()).filter(|value| value.len() > 3) {
        text = text.replace(&value, "***");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_url_are_refused_and_not_repeated() -> std::io::Result<()> {
        let runtime = tokio::runtime::Runtime::new()?;
        for url in ["s3://AKIAKEY:hush@bucket/x", "s3://AKIAKEY:hush@/"] {
            let error = Bucket::open(url, "", runtime.handle().clone()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(!error.is_empty() && !error.contains("hush"), "{error}");
        }
        assert!(
            Bucket::open("gopher://x", "", runtime.handle().clone()).is_err_and(|error| error.to_string().contains("there are file:// and s3://"))
        );
        assert!(Bucket::open("file://x/y", "", runtime.handle().clone()).is_err());
        assert!(prefix("a/../b").is_err());
        assert_eq!(prefix("/exports/2023/").ok(), Some(Path::from("exports/2023")));
        Ok(())
    }
}
