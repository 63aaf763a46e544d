//! From what somebody calls a storage to where it is and how it is opened.

use crate::config::Config;
use crate::file::Storage;
use ango_pipeline::ConfigError;
use ango_pipeline::bucket::{Place, Settings};

/// A storage, as it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its URL or folder.
    pub url: String,
    /// The folder in it.
    pub path: String,
    /// Its credentials.
    pub settings: Settings,
}

impl Config {
    /// Where `given` is, a storage of the file, a URL or a path; `bucket` chooses one where the storage does not say which, and `path` is a folder below its own.
    ///
    /// # Errors
    /// When the file with its credentials cannot be used, or the bucket is not one that can be chosen.
    pub fn storage(&self, given: &str, bucket: Option<&str>, path: Option<&str>) -> Result<Opened, ConfigError> {
        let Some((storage, _)) = self.storages.get(given) else {
            return match bucket {
                Some(_) => Err(ConfigError(format!("storage '{given}': a bucket can be chosen in a storage of the configuration file alone"))),
                None => Ok(Opened { url: given.to_owned(), path: path.unwrap_or_default().to_owned(), settings: Settings::environment() }),
            };
        };
        let url = match (storage.url.ends_with("://"), bucket.filter(|bucket| !bucket.is_empty())) {
            (true, Some(bucket)) if storage.buckets.iter().any(|known| known == bucket) => format!("{}{bucket}", storage.url),
            (true, chosen) => {
                let chosen = chosen.map_or_else(|| "says no bucket".to_owned(), |bucket| format!("bucket '{bucket}' is not one of it"));
                return Err(ConfigError(format!("storage '{given}': {chosen}: there are {}", storage.buckets.join(", "))));
            }
            (false, Some(bucket)) if !is_bucket(&storage.url, bucket) => {
                return Err(ConfigError(format!("storage '{given}': bucket '{bucket}' is not that of the storage, {}", storage.url)));
            }
            (false, _) => storage.url.clone(),
        };
        let folders = [storage.path.as_str(), path.unwrap_or_default()];
        let folder: Vec<&str> = folders.into_iter().filter(|folder| !folder.is_empty()).collect();
        let settings = match &storage.secrets {
            Some(file) => Settings::file(file)?,
            None => Settings::environment(),
        };
        Ok(Opened { url, path: folder.join("/"), settings })
    }

    /// The storages whose links are signed.
    pub fn signed(&self) -> Vec<Place> {
        self.storages.values().filter(|(storage, _)| storage.sign_links).flat_map(|(storage, _)| places(storage, &storage.path)).collect()
    }

    /// The places that assets lie in that somebody names: those of a storage of the file, or a URL.
    pub fn assets_in(&self, given: &str) -> Vec<Place> {
        self.storages.get(given).map_or_else(|| vec![Place::from(given.to_owned())], |(storage, _)| places(storage, ""))
    }
}

/// A storage's buckets, each with a folder in it.
fn places(storage: &Storage, path: &str) -> Vec<Place> {
    let urls = match storage.buckets.as_slice() {
        [] => vec![storage.url.clone()],
        buckets => buckets.iter().map(|bucket| format!("{}{bucket}", storage.url)).collect(),
    };
    let below = |url: String| if path.is_empty() { url } else { format!("{}/{path}", url.trim_end_matches('/')) };
    urls.into_iter().map(|url| Place { url: below(url), secrets: storage.secrets.clone() }).collect()
}

/// Whether a bucket can be called so, at any provider: anything else could lead elsewhere.
pub(crate) fn is_bucket_name(name: &str) -> bool {
    name.len() <= 222
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '$')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte))
}

/// Whether a URL is of that bucket.
fn is_bucket(url: &str, bucket: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| rest.split('/').next() == Some(bucket))
}
