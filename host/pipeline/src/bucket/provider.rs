//! What the providers have in common: a store, and what it can do besides.

use super::patience::PatientConnector;
use super::sas::Sas;
use super::settings::Settings;
use super::{azure, gcs, s3, without_credentials};
use crate::error::{ConfigError, JobError};
use object_store::client::{HttpClient, HttpConnector};
use object_store::gcp::GcpCredentialProvider;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::signer::{Method, Signer};
use object_store::{ClientConfigKey, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How long a request may take. A part of an upload is 8 MiB.
const REQUEST: Duration = Duration::from_secs(120);
/// How long one request is tried again, when the storage is busy or broken.
const RETRY: Duration = Duration::from_secs(120);

/// Whose a storage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder of this machine.
    Local,
    /// Amazon's, or another that speaks S3.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure,
}

impl Kind {
    /// The variables that credentials come from.
    pub(super) const fn credentials(self) -> &'static str {
        match self {
            Self::Local => "",
            Self::S3 => "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
            Self::Gcs => "GOOGLE_SERVICE_ACCOUNT, the path of a service account's key, or GOOGLE_SERVICE_ACCOUNT_KEY",
            Self::Azure => "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY",
        }
    }

    /// The longest time that a provider signs a link for.
    pub(super) const fn longest_link(self) -> Option<Duration> {
        match self {
            Self::S3 | Self::Gcs => Some(Duration::from_secs(7 * 86_400)),
            Self::Local | Self::Azure => None,
        }
    }

    /// Whether a list of names is in order, so that a part of it can be asked for.
    pub(super) const fn lists_in_order(self) -> bool {
        matches!(self, Self::S3 | Self::Gcs)
    }
}

/// What a path of an address cannot have as it is; first that which escapes begin with.
const ESCAPES: [(char, &str); 4] = [('%', "%25"), ('?', "%3F"), ('#', "%23"), ('\\', "%5C")];

/// A bucket of some provider.
#[derive(Debug, Clone)]
pub(super) struct Provider {
    pub(super) kind: Kind,
    pub(super) store: Arc<dyn ObjectStore>,
    /// Signs links.
    pub(super) signer: Arc<dyn Signer>,
    /// Lists and aborts what was never finished; where there is none, that vanishes by itself.
    pub(super) uploads: Option<Uploads>,
    /// What Azure is asked without the library.
    pub(super) azure: Option<Arc<Sas>>,
    /// Asks what the store itself has no words for.
    pub(super) http: HttpClient,
    /// The bucket.
    pub(super) bucket: String,
    /// The folder as it stands in the URL, slashes at its ends included. Nothing in it is an escape: keys hold any character.
    pub(super) folder: String,
    /// The address of a server that is not the provider's own.
    pub(super) endpoint: Option<Url>,
}

/// Uploads that were begun.
#[derive(Clone)]
pub(super) struct Uploads {
    /// Aborts one.
    pub(super) store: Arc<dyn MultipartStore>,
    pub(super) list: List,
}

/// How a list of uploads is asked for: the store itself cannot.
#[derive(Debug, Clone)]
pub(super) enum List {
    /// By a signed link, which any credentials of S3 can make.
    Signed,
    /// By the bucket's address and a token: not every credential of Google's can sign.
    Token(String, GcpCredentialProvider),
}

impl std::fmt::Debug for Uploads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Uploads").field("list", &self.list).finish_non_exhaustive()
    }
}

impl Provider {
    /// Opens `scheme://bucket/folder`. `None` for a scheme that is no provider's.
    pub(super) fn open(scheme: &str, url: &str, settings: &Settings) -> Option<Result<Self, JobError>> {
        let open = match kind(scheme)? {
            Kind::Local => return None,
            Kind::S3 => s3::provider,
            Kind::Gcs => gcs::provider,
            Kind::Azure => azure::provider,
        };
        Some(Location::read(scheme, url).and_then(|location| open(location, settings)))
    }

    /// Deletes an object.
    pub(super) async fn delete(&self, key: &Path) -> object_store::Result<()> {
        match &self.azure {
            Some(azure) => azure.delete(&self.http, key).await,
            None => self.store.delete(key).await,
        }
    }

    /// A link that opens an object for anybody, for some time.
    pub(super) async fn signed(&self, key: &Path, time: Duration) -> object_store::Result<Url> {
        let key = match self.kind {
            // The library writes Google's names into the address as they are, and what is no part of a path there would end it, or be taken for an escape.
            Kind::Gcs => {
                let escaped = ESCAPES.iter().fold(key.as_ref().to_owned(), |text, (sign, escape)| text.replace(*sign, escape));
                Path::parse(escaped)?
            }
            Kind::Local | Kind::S3 | Kind::Azure => key.clone(),
        };
        self.signer.signed_url(Method::GET, &key, time).await
    }

    /// The bucket, for people.
    pub(super) fn name(&self) -> String {
        let scheme = match self.kind {
            Kind::Local => "file",
            Kind::S3 => "s3",
            Kind::Gcs => "gs",
            Kind::Azure => "az",
        };
        format!("{scheme}://{}", self.bucket)
    }
}

/// Whose a scheme is.
pub(super) fn kind(scheme: &str) -> Option<Kind> {
    match scheme {
        "file" => Some(Kind::Local),
        "s3" | "s3a" => Some(Kind::S3),
        "gs" => Some(Kind::Gcs),
        "az" | "azure" => Some(Kind::Azure),
        _ => None,
    }
}

/// Where a URL points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) bucket: String,
    pub(super) folder: String,
}

impl Location {
    fn read(scheme: &str, url: &str) -> Result<Self, JobError> {
        let parsed = Url::parse(url).map_err(|error| ConfigError(format!("storage '{}': {error}", without_credentials(url))))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            let names = kind(scheme).map_or("", Kind::credentials);
            let problem = format!("storage: credentials do not belong into the URL, where logs and process lists show them: set {names}");
            return Err(ConfigError(problem).into());
        }
        let Some(bucket) = parsed.host_str().filter(|host| !host.is_empty()) else {
            return Err(ConfigError(format!("storage '{url}': expected {scheme}://bucket/folder")).into());
        };
        if parsed.port().is_some() || parsed.query().is_some() {
            // A SAS token is such a query.
            let shown = url.split('?').next().unwrap_or_default();
            return Err(ConfigError(format!("storage '{shown}': expected {scheme}://bucket/folder, and neither a port nor a query")).into());
        }
        let folder = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, folder)| folder);
        Ok(Self { bucket: bucket.to_owned(), folder: folder.to_owned() })
    }

    /// An error of opening it.
    pub(super) fn wrong(&self, kind: Kind, settings: &Settings, problem: &str) -> ConfigError {
        let origin = settings.origin().map_or_else(String::new, |file| format!(" (settings are those of {})", file.display()));
        let scheme = match kind {
            Kind::Local => "file",
            Kind::S3 => "s3",
            Kind::Gcs => "gs",
            Kind::Azure => "az",
        };
        ConfigError(format!("storage {scheme}://{}: {}{origin}", self.bucket, settings.redact(problem)))
    }
}

/// A storage with settings of its own is opened with credentials of its own, and never with those that the machine happens to have.
pub(super) fn own_credentials(location: &Location, kind: Kind, settings: &Settings, has_some: bool) -> Result<(), ConfigError> {
    if settings.origin().is_none() || has_some {
        return Ok(());
    }
    Err(location.wrong(kind, settings, &format!("there are no credentials: set {}", kind.credentials())))
}

/// A storage that is busy says so, and is asked again: with growing pauses, and not for ever.
pub(super) fn retries() -> RetryConfig {
    RetryConfig { max_retries: 6, retry_timeout: RETRY, ..RetryConfig::default() }
}

/// How a provider is spoken to, with what the settings say about it. Plain HTTP would show every signature to the network: it is for this machine, and for who asks for it (`..._ALLOW_HTTP`).
pub(super) fn options<'a>(endpoint: Option<&Url>, settings: impl Iterator<Item = (ClientConfigKey, &'a str)>) -> ClientOptions {
    let usual = ClientOptions::new().with_timeout(REQUEST).with_allow_http(endpoint.is_some_and(is_loopback));
    settings.fold(usual, |options, (key, value)| options.with_config(key, value))
}

/// A client for what the store itself has no words for.
pub(super) fn http(options: &ClientOptions) -> Result<HttpClient, object_store::Error> {
    PatientConnector.connect(options)
}

/// An endpoint that settings name.
pub(super) fn endpoint(location: &Location, kind: Kind, settings: &Settings, names: &[&str]) -> Result<Option<Url>, ConfigError> {
    let Some((name, text)) = names.iter().find_map(|name| Some((name, settings.get(name)?))) else { return Ok(None) };
    let wrong = |problem: &str| location.wrong(kind, settings, &format!("{name}: {problem}"));
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
        return Err(wrong("expected https://host"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err(wrong("credentials do not belong into a URL"));
    }
    Ok(Some(url))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
