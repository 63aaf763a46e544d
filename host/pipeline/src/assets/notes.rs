//! What became of the questions for assets, for whoever runs the job.

use ango_runtime::AssetError;
use ango_web::{plain, shown};
use serde::Serialize;
use std::collections::BTreeMap;
use url::Url;

/// What plugins had of assets in a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetsReport {
    /// Assets that were fetched, each once.
    pub fetched: u64,
    /// Bytes that came.
    pub bytes: u64,
    /// What did not come, by the name that the contract has for it: `denied`, `not-found`, `too-large`, `unsupported`, `failed`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub missed: BTreeMap<&'static str, Missed>,
}

/// Links that led to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// How many; of those that are denied, how often.
    pub count: u64,
    /// The first one, without its query, and why.
    pub first: String,
}

impl AssetsReport {
    pub(super) fn add_fetched(&mut self, bytes: u64) {
        self.fetched += 1;
        self.bytes += bytes;
    }

    pub(super) fn add_missed(&mut self, link: &str, error: &AssetError, detail: &str) {
        let class = match error {
            AssetError::Denied => "denied",
            AssetError::NotFound => "not-found",
            AssetError::TooLarge => "too-large",
            AssetError::Unsupported => "unsupported",
            AssetError::Failed(_) => "failed",
        };
        let missed = self.missed.entry(class).or_insert_with(|| Missed { count: 0, first: format!("{}: {detail}", readable(link)) });
        missed.count += 1;
    }

    /// A sentence for each kind of what did not come.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        self.missed.iter().map(|(class, Missed { count, first })| {
            let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            format!("assets: {class} {times}, the first is {first}")
        })
    }
}

/// A link that a plugin gave, for people.
fn readable(link: &str) -> String {
    let start: String = link.chars().take(4096).collect();
    match Url::parse(&start) {
        Ok(url) if !url.cannot_be_a_base() => plain(&shown(&url)),
        _ => plain(start.split(['?', '#']).next().unwrap_or_default()),
    }
}
