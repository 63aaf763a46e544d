//! A bucket for a test: the server, the proxy before it, and what opens it.

use ango_pipeline::bucket::{Saved, Settings, Swept};
use ango_pipeline::{Bucket, JobError, StorageError};
use ango_runtime::Cancel;
use ango_tests::emulator::{Azurite, BUCKET, Emulator, Gcs, Moto, S3};
use ango_tests::proxy::Proxy;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tempfile::TempDir;
use tokio::runtime::Runtime;

type Shared = Arc<Mutex<Box<dyn Emulator>>>;

/// A place for objects. Each has a folder of its own in the bucket.
pub struct Place {
    far: Option<(Shared, Proxy)>,
    folder: TempDir,
    path: String,
    pub runtime: Runtime,
}

impl Place {
    pub fn local() -> Self {
        Self::new(None)
    }

    pub fn s3() -> Self {
        Self::new(Some(own(S3::new())))
    }

    pub fn google() -> Self {
        Self::new(Some(own(Gcs::new())))
    }

    /// One Azurite for all tests: it takes seconds to start.
    pub fn azure() -> Self {
        static AZURITE: OnceLock<Shared> = OnceLock::new();
        Self::new(Some(AZURITE.get_or_init(|| own(Azurite::new())).clone()))
    }

    /// One that a test may kill.
    pub fn azure_alone() -> Self {
        Self::new(Some(own(Azurite::new())))
    }

    /// A second S3; one for all tests.
    pub fn moto() -> Self {
        static MOTO: OnceLock<Shared> = OnceLock::new();
        Self::new(Some(MOTO.get_or_init(|| own(Moto::new())).clone()))
    }

    fn new(server: Option<Shared>) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let far = server.map(|server| {
            let proxy = Proxy::new(locked(&server).address());
            (server, proxy)
        });
        let path = format!("a folder/{}", COUNT.fetch_add(1, Ordering::SeqCst));
        Self { far, folder: tempfile::tempdir().unwrap(), path, runtime }
    }

    pub fn is_local(&self) -> bool {
        self.far.is_none()
    }

    /// `s3`, `gs`, `az` or `file`.
    pub fn scheme(&self) -> &'static str {
        self.far.as_ref().map_or("file", |(server, _)| locked(server).scheme())
    }

    pub fn server(&self) -> MutexGuard<'_, Box<dyn Emulator>> {
        locked(&self.far.as_ref().unwrap().0)
    }

    pub fn proxy(&self) -> &Proxy {
        &self.far.as_ref().unwrap().1
    }

    /// A folder of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder in the bucket.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The bucket's address.
    pub fn url(&self) -> String {
        match &self.far {
            Some((server, _)) => format!("{}://{BUCKET}", locked(server).scheme()),
            None => self.folder().join("bucket").display().to_string(),
        }
    }

    /// What opens it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.far.as_ref().map_or_else(Vec::new, |(server, proxy)| locked(server).settings(&proxy.endpoint()))
    }

    pub fn bucket(&self) -> Bucket {
        self.with(&self.url(), &self.settings())
    }

    /// The bucket with other credentials.
    pub fn with_wrong_credentials(&self) -> Bucket {
        let mut settings = self.settings();
        for (name, value) in self.server().wrong() {
            settings.iter_mut().filter(|(known, _)| *known == name).for_each(|setting| setting.1.clone_from(&value));
        }
        self.with(&self.url(), &settings)
    }

    pub fn with(&self, url: &str, settings: &[(&'static str, String)]) -> Bucket {
        let settings = if settings.is_empty() { Settings::environment() } else { Settings::file(&secrets(self.folder(), settings)).unwrap() };
        Bucket::open_with(url, &self.path, settings, self.runtime.handle().clone()).unwrap()
    }

    /// Nothing that lets somebody in is in this text.
    pub fn tells_no_secret(&self, text: &str) {
        for secret in self.far.iter().flat_map(|(server, _)| locked(server).secrets()) {
            assert!(!text.contains(&secret), "{secret} is told: {text}");
        }
        for word in ["ignature=", "sig=", "Bearer e", "PRIVATE"] {
            assert!(!text.replace(&format!("{word}***"), "").contains(word), "{word} is told: {text}");
        }
    }
}

fn own(server: impl Emulator + 'static) -> Shared {
    Arc::new(Mutex::new(Box::new(server)))
}

fn locked(server: &Shared) -> MutexGuard<'_, Box<dyn Emulator>> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file of secrets.
pub fn secrets(folder: &Path, settings: &[(&'static str, String)]) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let file = folder.join(format!("{}.env", COUNT.fetch_add(1, Ordering::SeqCst)));
    let text: String = settings.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    std::fs::write(&file, text).unwrap();
    only_mine(&file);
    file
}

/// Takes a file's permissions away from everybody else.
pub fn only_mine(file: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let _ = file;
}

/// Bytes that do not repeat.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Saves an object, as an export does.
pub fn save(bucket: &Bucket, name: &str, bytes: &[u8]) -> Result<Saved, StorageError> {
    let mut upload = bucket.upload(name, &Cancel::default());
    for chunk in bytes.chunks(1 << 20) {
        if upload.write_all(chunk).is_err() {
            return Err(upload.take_failure().unwrap());
        }
    }
    upload.complete()
}

/// What an object holds.
pub fn content(bucket: &Bucket, name: &str) -> Vec<u8> {
    let file = bucket.download(name, &Cancel::default()).unwrap_or_else(|error| panic!("{error}"));
    std::fs::read(file.path()).unwrap()
}

pub fn exists(bucket: &Bucket, name: &str) -> bool {
    bucket.exists(name, &Cancel::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// How much was cleaned up, of which nothing could not be.
pub fn swept(swept: Result<Swept, JobError>) -> u64 {
    let swept = swept.unwrap();
    assert!(swept.failed == 0 && swept.failure.is_none(), "{swept:?}");
    swept.removed
}
