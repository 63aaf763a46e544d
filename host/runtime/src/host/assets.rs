//! `assets`: facts and bytes of assets.
//!
//! A plugin opens no connection. It asks, and whoever runs the job fetches for it, by rules of their own: through an [`Assets`]. A job without one denies every call, as the contract says of a
//! plugin without the grant: a plugin takes sizes from the export then, and reports what it cannot convert without more.

use super::State;
use crate::bindings::ango::converter::assets::{FetchError, Host};
use crate::stderr::printable_line;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Bytes kept of what is said about a fetch that failed.
pub(crate) const MAX_REASON: usize = 1 << 10;

/// Bytes of a link. What is longer opens nothing.
pub(crate) const MAX_URL: usize = 64 << 10;

/// What comes when it comes.
pub type AssetFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, AssetError>> + Send + 'a>>;

/// Why nothing came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// The link is not one that this plugin may ask for.
    #[error("denied")]
    Denied,
    /// There is nothing at the link.
    #[error("not found")]
    NotFound,
    /// It is larger than a plugin is given.
    #[error("too large")]
    TooLarge,
    /// Not a kind of file whose size is known to be read.
    #[error("unsupported")]
    Unsupported,
    /// It did not work; in words, which a plugin sees.
    #[error("{0}")]
    Failed(String),
}

/// Fetches for a plugin. Every instance of a conversion asks the same one, from several threads.
///
/// The links come from the plugin: they may be anything, also something that no asset of the export has.
pub trait Assets: Send + Sync {
    /// Width and height in pixels of an image asset or page.
    fn size<'a>(&'a self, url: &'a str) -> AssetFuture<'a, (u32, u32)>;

    /// The bytes of a brush mask or another small file.
    fn read<'a>(&'a self, url: &'a str) -> AssetFuture<'a, Vec<u8>>;
}

impl From<AssetError> for FetchError {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::Denied => Self::Denied,
            AssetError::NotFound => Self::NotFound,
            AssetError::TooLarge => Self::TooLarge,
            AssetError::Unsupported => Self::Unsupported,
            AssetError::Failed(reason) => Self::Failed(printable_line(&reason, MAX_REASON)),
        }
    }
}

impl State {
    /// Whom to ask for this link.
    fn assets(&self, url: &str) -> Result<Arc<dyn Assets>, FetchError> {
        self.shared.assets.as_ref().filter(|_| url.len() <= MAX_URL).map(Arc::clone).ok_or(FetchError::Denied)
    }
}

impl Host for State {
    async fn size(&mut self, url: String) -> wasmtime::Result<Result<(u32, u32), FetchError>> {
        Ok(match self.assets(&url) {
            Ok(assets) => assets.size(&url).await.map_err(FetchError::from),
            Err(denied) => Err(denied),
        })
    }

    async fn read(&mut self, url: String) -> wasmtime::Result<Result<Vec<u8>, FetchError>> {
        Ok(match self.assets(&url) {
            Ok(assets) => assets.read(&url).await.map_err(FetchError::from),
            Err(denied) => Err(denied),
        })
    }
}
