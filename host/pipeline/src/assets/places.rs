//! Getting bytes out of places.

use super::allow::{Allowed, Found, is_below};
use super::rules::AssetRules;
use crate::bucket::Storage;
use ango_runtime::AssetError;
use ango_web::{Answer, Cap, Part, Reach, Request, Web, WebError, named};
use bytes::Bytes;
use futures::StreamExt;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStoreExt};
use reqwest::StatusCode;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// Time until a web server takes a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A piece of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it begins. A server that gives no pieces sends everything before it as well.
    pub(super) start: u64,
    pub(super) bytes: Vec<u8>,
    /// How long the whole is, where that is known.
    pub(super) total: Option<u64>,
}

/// Why there are no bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What the plugin is told: nothing of names, addresses and errors of the host's network.
    pub(super) error: AssetError,
    /// What happened, for whoever runs the job.
    pub(super) detail: String,
}

impl Fault {
    pub(super) fn new(error: AssetError, detail: impl Into<String>) -> Self {
        Self { error, detail: detail.into() }
    }

    /// A failure that the plugin is told as `told`.
    pub(super) fn failed(told: &str, detail: impl Into<String>) -> Self {
        Self::new(AssetError::Failed(told.to_owned()), detail)
    }
}

/// The places that may be asked.
#[derive(Debug)]
pub(super) struct Places {
    allowed: Vec<Allowed>,
    web: Web,
    max_bytes: u64,
}

impl Places {
    pub(super) fn new(rules: &AssetRules) -> Result<Self, crate::JobError> {
        let reach = if rules.allow_private { Reach::Any } else { Reach::Public };
        let allowed = rules.allow.iter().map(|place| Allowed::parse(place, rules.allow_private)).collect::<Result<_, _>>()?;
        let web = Web::new(CONNECT_TIMEOUT, reach).map_err(|error| crate::ConfigError(format!("assets: {error}")))?;
        Ok(Self { allowed, web, max_bytes: rules.max_bytes })
    }

    /// Where a link leads, if it may be asked.
    pub(super) fn find(&self, link: &str) -> Option<Found<'_>> {
        self.allowed.iter().find_map(|place| place.find(link))
    }

    /// All bytes of an asset.
    pub(super) async fn whole(&self, found: &Found<'_>) -> Result<Bytes, Fault> {
        match found {
            Found::Web(url) => self.ask(url, None).await.map(|answer| answer.body.into()),
            Found::File(path, folder) => {
                let (path, folder, max) = (path.clone(), folder.to_path_buf(), self.max_bytes);
                blocking(move || file(&path, &folder, None, max)).await.map(|piece| piece.bytes.into())
            }
            Found::Object(storage, key) => object(storage, key, None, self.max_bytes).await.map(|piece| piece.bytes.into()),
        }
    }

    /// A piece of an asset, or the bytes up to its end.
    pub(super) async fn piece(&self, found: &Found<'_>, part: Part) -> Result<Piece, Fault> {
        match found {
            Found::Web(url) => self.ask(url, Some(part)).await.map(|answer| Piece { start: answer.start, total: answer.total, bytes: answer.body }),
            Found::File(path, folder) => {
                let (path, folder, max) = (path.clone(), folder.to_path_buf(), self.max_bytes);
                blocking(move || file(&path, &folder, Some(part), max)).await
            }
            Found::Object(storage, key) => object(storage, key, Some(part), self.max_bytes).await,
        }
    }

    async fn ask(&self, url: &Url, part: Option<Part>) -> Result<Answer, Fault> {
        // A redirect is another link, by the same rules.
        let may = |to: &Url| self.allowed.iter().any(|place| matches!(place, Allowed::Web(place) if is_below(place, to)));
        let cap = Cap { limit: "max-bytes", max: self.max_bytes };
        let answer = self.web.get(&Request { url, accept: None, authorization: None, cap, part, may: &may }).await.map_err(of_web)?;
        match answer.status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(answer),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(Fault::new(AssetError::NotFound, "the server has no such file")),
            StatusCode::RANGE_NOT_SATISFIABLE => Err(too_short()),
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                let detail = format!(
                    "the server answers {}: has the link expired? assets in a private bucket are fetched when its s3://, gs:// or az:// URL is allowed",
                    named(status)
                );
                Err(Fault::failed(&format!("the server answers {}", named(status)), detail))
            }
            status => Err(Fault::failed(&format!("the server answers {}", named(status)), format!("the server answers {}", named(status)))),
        }
    }
}

/// What an error of the web is for a plugin, and for whoever runs the job.
fn of_web(error: WebError) -> Fault {
    let detail = error.to_string();
    match error {
        WebError::Limit { limit: "max-bytes", .. } => Fault::new(AssetError::TooLarge, detail),
        WebError::Limit { .. } => Fault::failed("the server does not answer in time", detail),
        WebError::Network(_) => Fault::failed("the server cannot be reached, or goes away", detail),
        WebError::Answer(_) => Fault::failed("the server does not answer as it should", detail),
        WebError::Refused(_) => Fault::new(AssetError::Denied, format!("{detail} (see [assets] in the configuration)")),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Fault::failed("it cannot be read", "the work broke off")))
}

fn too_short() -> Fault {
    Fault::new(AssetError::Unsupported, "it has fewer bytes than an image of its kind")
}

fn too_large(max: u64) -> Fault {
    Fault::new(AssetError::TooLarge, format!("it has more than the {} that are allowed (max-bytes)", ango_web::bytes(max)))
}

/// Reads a file that lies in a folder, whatever links say.
fn file(path: &Path, folder: &Path, part: Option<Part>, max: u64) -> Result<Piece, Fault> {
    let fail = |error: io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Fault::new(AssetError::NotFound, "there is no such file"),
        _ => Fault::failed("it cannot be read", format!("cannot be read: {error}")),
    };
    let folder: PathBuf = folder.canonicalize().map_err(|error| Fault::failed("it cannot be read", format!("{}: {error}", folder.display())))?;
    let real = path.canonicalize().map_err(fail)?;
    if !real.starts_with(&folder) {
        return Err(Fault::new(AssetError::Denied, format!("it is a link that leads out of {}", folder.display())));
    }
    let metadata = real.metadata().map_err(fail)?;
    if !metadata.is_file() {
        // A pipe would be waited for, a device read for ever.
        return Err(Fault::new(AssetError::Unsupported, "it is not a file"));
    }
    let mut file = std::fs::File::open(&real).map_err(fail)?;
    let (start, length) = part.map_or((0, max.saturating_add(1)), |part| (part.start, part.length));
    file.seek(SeekFrom::Start(start)).map_err(fail)?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > max {
        return Err(too_large(max));
    }
    Ok(Piece { start, bytes, total: Some(metadata.len()) })
}

/// Reads an object.
async fn object(storage: &Storage, key: &Key, part: Option<Part>, max: u64) -> Result<Piece, Fault> {
    let fail = |error: object_store::Error| match error {
        object_store::Error::NotFound { .. } => Fault::new(AssetError::NotFound, format!("{} has no such object", storage.name())),
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            let detail = format!("{} does not give it out: check the credentials ({})", storage.name(), storage.credentials());
            Fault::failed("the storage does not give it out", detail)
        }
        other => {
            let text = storage.shown(&other.to_string());
            let line: String = text.chars().take(300).collect();
            Fault::failed("the storage does not answer as it should", format!("{}: {}", storage.name(), ango_web::plain(&line)))
        }
    };
    let range = part.map(|part| GetRange::Bounded(part.start..part.start.saturating_add(part.length)));
    let got = match (storage.store().get_opts(key, GetOptions { range, ..GetOptions::default() }).await, part) {
        (Ok(got), _) => got,
        // A part that begins behind the end is an error like any other in this interface; what the object has says more.
        (Err(error @ object_store::Error::Generic { .. }), Some(part)) => match storage.store().head(key).await {
            Ok(meta) if meta.size <= part.start => return Err(too_short()),
            _ => return Err(fail(error)),
        },
        (Err(error), _) => return Err(fail(error)),
    };
    let total = got.meta.size;
    if part.is_none() && total > max {
        return Err(too_large(max));
    }
    let start = got.range.start;
    let mut stream = got.into_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(fail)?);
        if bytes.len() as u64 > max {
            return Err(too_large(max));
        }
    }
    Ok(Piece { start, bytes, total: Some(total) })
}
