//! Where archives go: a local folder, or a bucket of S3, Google or Azure.

mod address;
mod azure;
mod failure;
mod gcs;
mod leftovers;
mod links;
mod patience;
mod probe;
mod provider;
mod redact;
mod s3;
mod sas;
mod settings;
mod sweep;
mod upload;

pub(crate) use address::Storage;
pub use links::{AssetStorages, Place};
pub use probe::Step;
pub use provider::Kind;
pub use settings::Settings;
pub use sweep::Swept;
pub use upload::{Saved, Upload};

use crate::error::{ConfigError, JobError, StorageError};
use ango_runtime::Cancel;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use provider::Provider;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use url::Url;

/// How long signing a link may take, where the provider has to be asked.
const SIGNING: Duration = Duration::from_secs(30);

/// A storage and the folder in it where objects go.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// The storage's URL without credentials.
    name: String,
    /// The folder of a local storage.
    folder: Option<PathBuf>,
    /// What a provider can do besides.
    provider: Option<Provider>,
    settings: Settings,
    prefix: Path,
    runtime: Handle,
}

impl Bucket {
    /// Opens the storage at `url`: a local path, `file:///folder`, `s3://bucket/folder`, `gs://bucket/folder` or `az://container/folder`. `path` is a folder in it, as on the Export Storage
    /// form (`exports/2023`); folders need not exist.
    ///
    /// Credentials come from the environment: of S3 from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, and for other stores than Amazon's `AWS_ENDPOINT_URL`; of Google from
    /// `GOOGLE_SERVICE_ACCOUNT` or `GOOGLE_SERVICE_ACCOUNT_KEY`; of Azure from `AZURE_STORAGE_ACCOUNT_NAME` and `AZURE_STORAGE_ACCOUNT_KEY`.
    ///
    /// # Errors
    /// When the URL is not one of a storage, or holds credentials; when a local folder cannot be made.
    pub fn open(url: &str, path: &str, runtime: Handle) -> Result<Self, JobError> {
        Self::open_with(url, path, Settings::environment(), runtime)
    }

    /// The same with credentials of its own.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(url: &str, path: &str, settings: Settings, runtime: Handle) -> Result<Self, JobError> {
        match Target::of(url, &settings)? {
            Target::Folder(folder) => Self::folder(&folder, path, settings, runtime),
            Target::Provider(provider) => {
                let prefix = prefix(&format!("{}/{path}", provider.folder))?;
                let (store, name) = (Arc::clone(&provider.store), provider.name());
                Ok(Self { store, name, folder: None, provider: Some(*provider), settings, prefix, runtime })
            }
        }
    }

    /// Whether [`open_with`](Self::open_with) would take this, without making folders or asking the network.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn check(url: &str, path: &str, settings: &Settings) -> Result<(), JobError> {
        let inner = match Target::of(url, settings)? {
            Target::Folder(_) => String::new(),
            Target::Provider(provider) => provider.folder,
        };
        prefix(&format!("{inner}/{path}"))?;
        Ok(())
    }

    fn folder(folder: &std::path::Path, path: &str, settings: Settings, runtime: Handle) -> Result<Self, JobError> {
        let fail = |error: &dyn std::fmt::Display| StorageError {
            storage: folder.display().to_string(),
            problem: format!("the folder cannot be used: {error}"),
        };
        std::fs::create_dir_all(folder).map_err(|error| fail(&error))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| fail(&error))?;
        let absolute = std::path::absolute(folder).map_err(|error| fail(&error))?;
        let name = Url::from_file_path(&absolute).map_or_else(|()| absolute.display().to_string(), |url| url.to_string());
        Ok(Self { store: Arc::new(store), name, folder: Some(absolute), provider: None, settings, prefix: prefix(path)?, runtime })
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

    /// Whose storage it is.
    pub fn kind(&self) -> Kind {
        self.provider.as_ref().map_or(Kind::Local, |provider| provider.kind)
    }

    /// A link that opens an object for anybody, for some time, signed by the provider; `None` for a local folder. Whether there is such an object is not asked. Must not be called on a thread of
    /// the runtime.
    ///
    /// # Errors
    /// When there are no credentials to sign with, the provider does not answer (some keys never leave it), or the time is longer than it signs for: seven days with S3 and Google.
    pub fn signed_url(&self, name: &str, time: Duration) -> Result<Option<String>, StorageError> {
        let Some(provider) = &self.provider else { return Ok(None) };
        let key = self.key(name);
        let fail = |problem: String| StorageError { storage: self.name.clone(), problem };
        if let Some(longest) = provider.kind.longest_link()
            && time > longest
        {
            return Err(fail(format!("the link to {key} cannot be signed: the provider signs for {} hours at most", longest.as_secs() / 3600)));
        }
        let signed = self.runtime.block_on(async { tokio::time::timeout(SIGNING, provider.signed(&key, time)).await });
        match signed {
            Ok(Ok(url)) => Ok(Some(url.into())),
            Ok(Err(error)) => Err(failure::unsigned(&self.name, provider.kind, &self.settings, key.as_ref(), &error)),
            Err(_) => Err(fail(format!("the link to {key} cannot be signed: the provider does not answer"))),
        }
    }

    /// The file that an object of a local folder is.
    pub fn local_file(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(self.key(name).as_ref()))
    }

    /// Reads a part of an object; up to its end, when `range` goes beyond it. Must not be called on a thread of the runtime.
    ///
    /// # Errors
    /// When there is no such object, or it cannot be read.
    pub fn read_range(&self, name: &str, range: std::ops::Range<u64>) -> Result<Vec<u8>, StorageError> {
        let key = self.key(name);
        let read = self.runtime.block_on(self.store.get_range(&key, range));
        read.map(Vec::from).map_err(|error| self.error(&key, error))
    }

    /// What a failure means, in words that hold no secret: answers of providers quote keys and signatures.
    fn error(&self, key: &Path, error: object_store::Error) -> StorageError {
        failure::of(&self.name, self.provider.as_ref(), &self.settings, key, &error)
    }
}

/// What a URL means.
enum Target {
    Folder(PathBuf),
    Provider(Box<Provider>),
}

impl Target {
    fn of(url: &str, settings: &Settings) -> Result<Self, JobError> {
        match split_scheme(url) {
            Some(("file", _)) => Ok(Self::Folder(local_path(url)?)),
            Some((scheme, _)) => match Provider::open(scheme, url, settings) {
                Some(provider) => provider.map(|provider| Self::Provider(Box::new(provider))),
                None => Err(ConfigError(format!("storage scheme '{scheme}': there are file://, s3://, gs:// and az://")).into()),
            },
            None => Ok(Self::Folder(PathBuf::from(url))),
        }
    }
}

/// Whether a URL is of a bucket: of S3, Google or Azure.
pub fn is_remote(url: &str) -> bool {
    split_scheme(url).and_then(|(scheme, _)| provider::kind(scheme)).is_some_and(|kind| kind != Kind::Local)
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

pub(crate) fn without_credentials(url: &str) -> String {
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
            Bucket::open("gopher://x", "", runtime.handle().clone())
                .is_err_and(|error| error.to_string().contains("there are file://, s3://, gs:// and az://"))
        );
        assert!(Bucket::open("file://x/y", "", runtime.handle().clone()).is_err());
        assert!(prefix("a/../b").is_err());
        assert_eq!(prefix("/exports/2023/").ok(), Some(Path::from("exports/2023")));
        Ok(())
    }
}
