//! Fetching for plugins: each link once, within limits.

use super::allow::Found;
use super::notes::AssetsReport;
use super::places::{Fault, Places};
use super::rules::AssetRules;
use super::size::{self, Answer};
use crate::error::JobError;
use ango_runtime::{AssetError, AssetFuture, Assets};
use ango_web::Part;
use bytes::Bytes;
use quick_cache::sync::{Cache, DefaultLifecycle, PlaceholderGuard};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Bytes of files that are kept.
const KEPT_FILES: u64 = 256 << 20;
/// Bytes of sizes that are kept, with their links: some hundred thousand.
const KEPT_SIZES: u64 = 32 << 20;
/// What an entry takes besides its text and bytes.
const ENTRY: u64 = 128;

/// Fetches assets by an admin's rules. One serves all plugins of a job: what one of them asked for is there for the others.
pub struct AssetFetcher {
    rules: AssetRules,
    places: Places,
    sizes: Kept<(u32, u32)>,
    files: Kept<Bytes>,
    bytes: AtomicU64,
    report: Mutex<AssetsReport>,
}

impl std::fmt::Debug for AssetFetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssetFetcher").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// What was found out once. Whoever asks while it is being found out waits for it.
type Kept<T> = Cache<String, Result<T, AssetError>, Weigh, DefaultHashBuilder, DefaultLifecycle<String, Result<T, AssetError>>>;

/// The place of an answer that nobody knows yet.
type Place<'a, T> = PlaceholderGuard<'a, String, Result<T, AssetError>, Weigh, DefaultHashBuilder, DefaultLifecycle<String, Result<T, AssetError>>>;

/// A question that may be asked.
enum Asked<'a, T> {
    /// It was asked before.
    Known(T),
    /// It was not; where its answer goes, and where the link leads.
    New(Place<'a, T>, Found<'a>),
}

#[derive(Debug, Clone)]
struct Weigh;

impl Weighter<String, Result<(u32, u32), AssetError>> for Weigh {
    fn weight(&self, link: &String, _: &Result<(u32, u32), AssetError>) -> u64 {
        link.len() as u64 + ENTRY
    }
}

impl Weighter<String, Result<Bytes, AssetError>> for Weigh {
    fn weight(&self, link: &String, file: &Result<Bytes, AssetError>) -> u64 {
        (link.len() + file.as_ref().map_or(0, Bytes::len)) as u64 + ENTRY
    }
}

fn kept<T: Clone>(bytes: u64, items: usize) -> Result<Kept<T>, JobError>
where
    Weigh: Weighter<String, Result<T, AssetError>>,
{
    // In several parts none would have room for a large file.
    let options = OptionsBuilder::new().shards(1).weight_capacity(bytes).estimated_items_capacity(items).build();
    let options = options.map_err(|error| crate::ConfigError(format!("assets: {error}")))?;
    Ok(Cache::with_options(options, Weigh, DefaultHashBuilder::default(), DefaultLifecycle::default()))
}

impl AssetFetcher {
    /// A fetcher by these rules. Credentials and endpoint of buckets come from the environment, as those of [`Bucket::open`](crate::Bucket::open) do.
    ///
    /// # Errors
    /// When a place is none.
    pub fn open(rules: AssetRules) -> Result<Self, JobError> {
        Ok(Self {
            places: Places::new(&rules)?,
            sizes: kept(KEPT_SIZES, 100_000)?,
            files: kept(KEPT_FILES, 10_000)?,
            bytes: AtomicU64::new(0),
            report: Mutex::default(),
            rules,
        })
    }

    /// What plugins had so far.
    pub fn report(&self) -> AssetsReport {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks for an answer among those that are known, or for the place where it goes when it is found out.
    async fn known<'a, T: Clone>(&'a self, kept: &'a Kept<T>, link: &str) -> Result<Asked<'a, T>, AssetError>
    where
        Weigh: Weighter<String, Result<T, AssetError>>,
    {
        let Some(found) = self.places.find(link) else {
            self.missed(link, &Fault::new(AssetError::Denied, "no place of [assets] allow holds it"));
            return Err(AssetError::Denied);
        };
        let name = match &found {
            Found::Web(url) => url.to_string(),
            Found::File(path, _) => path.display().to_string(),
            // The same object has many links, each with a signature of its own.
            Found::Object(storage, key) => format!("{}/{key}", storage.name()),
        };
        match kept.get_value_or_guard_async(name.as_str()).await {
            Ok(answer) => answer.map(Asked::Known),
            Err(place) => Ok(Asked::New(place, found)),
        }
    }

    /// Finds something out within the limits of one asset and of the run.
    async fn within<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let (total, timeout) = (self.rules.max_total_bytes, self.rules.timeout);
        if self.bytes.load(Ordering::Relaxed) >= total {
            let detail = format!("all {} that a run may fetch are fetched (max-total-bytes)", ango_web::bytes(total));
            return Err(Fault::failed("this run may fetch no more assets", detail));
        }
        tokio::time::timeout(timeout, work).await.unwrap_or_else(|_| {
            let detail = format!("it takes more than the {} that are allowed (timeout)", ango_web::seconds(timeout));
            Err(Fault::failed("it takes too long", detail))
        })
    }

    /// Remembers what was found out, and how many bytes that took.
    fn settle<T: Clone>(&self, place: Place<'_, T>, link: &str, outcome: Result<(T, u64), Fault>) -> Result<T, AssetError>
    where
        Weigh: Weighter<String, Result<T, AssetError>>,
    {
        let answer = match outcome {
            Ok((answer, bytes)) => {
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                self.report.lock().unwrap_or_else(PoisonError::into_inner).add_fetched(bytes);
                Ok(answer)
            }
            Err(fault) => {
                if fault.error == AssetError::TooLarge {
                    // As much of it may have come: otherwise links to large files cost the host more than a run may fetch.
                    self.bytes.fetch_add(self.rules.max_bytes, Ordering::Relaxed);
                }
                self.missed(link, &fault);
                Err(fault.error)
            }
        };
        // What is too large to be kept is still given to those who wait.
        let _ = place.insert(answer.clone());
        answer
    }

    fn missed(&self, link: &str, fault: &Fault) {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).add_missed(link, &fault.error, &fault.detail);
    }

    /// Fetches piece after piece, until the size is known.
    async fn measure(&self, found: &Found<'_>) -> Result<((u32, u32), u64), Fault> {
        let unsupported = || Fault::new(AssetError::Unsupported, "it is no image whose size can be read");
        let mut pieces = Vec::new();
        let mut part = Part { start: 0, length: size::FIRST.min(self.rules.max_bytes).max(1) };
        let mut bytes = 0;
        for _ in 0..size::MAX_PIECES {
            let piece = self.places.piece(found, part).await?;
            bytes += piece.bytes.len() as u64;
            let total = piece.total;
            pieces.push(piece);
            match size::measure(&pieces, total) {
                Answer::Size(width, height) => return Ok(((width, height), bytes)),
                Answer::Unsupported => return Err(unsupported()),
                Answer::Missing(start) => part = Part { start, length: part.length * 2 },
            }
            if bytes.saturating_add(part.length) > self.rules.max_bytes {
                break;
            }
        }
        Err(Fault::new(AssetError::TooLarge, format!("its size is not in the first {} that were read of it", ango_web::bytes(bytes))))
    }
}

impl Assets for AssetFetcher {
    fn size<'a>(&'a self, url: &'a str) -> AssetFuture<'a, (u32, u32)> {
        Box::pin(async move {
            match self.known(&self.sizes, url).await? {
                Asked::Known(size) => Ok(size),
                Asked::New(place, found) => {
                    let outcome = self.within(self.measure(&found)).await;
                    self.settle(place, url, outcome)
                }
            }
        })
    }

    fn read<'a>(&'a self, url: &'a str) -> AssetFuture<'a, Vec<u8>> {
        Box::pin(async move {
            match self.known(&self.files, url).await? {
                Asked::Known(file) => Ok(file.into()),
                Asked::New(place, found) => {
                    let outcome = self.within(self.places.whole(&found)).await;
                    let outcome = outcome.map(|file| (file.clone(), file.len() as u64));
                    self.settle(place, url, outcome).map(Vec::from)
                }
            }
        })
    }
}
