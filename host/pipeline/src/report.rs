//! What a job did: one report beside each archive, and one for who started it.

use ango_model::legacy::LeftOut;
use ango_runtime::{Info, Limits, LogLine, Loss, Losses};
use serde::Serialize;
use std::time::Duration;

/// Version of the report's format.
pub const REPORT_VERSION: u32 = 1;

/// How a plugin's conversion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was converted.
    Ok,
    /// Saved, but the target format does not hold everything.
    OkWithLosses,
    /// Nothing was saved.
    Failed,
}

/// An object that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedObject {
    /// Name in the bucket's folder.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// Entries of the archive.
    pub entries: u64,
}

/// What the job read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputReport {
    /// Name of the source, as the user gave it.
    pub name: String,
    /// Tasks read; of an export of issues, issues.
    pub read: u64,
    /// Tasks exported.
    pub tasks: u64,
    /// Drawn objects of the exported tasks.
    pub objects: u64,
    /// Issues exported, of an export of issues, which has neither tasks nor objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issues: Option<u64>,
    /// Bytes of text read.
    pub bytes: u64,
}

/// Time by step, summed over all threads, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// The whole job, on the clock.
    pub wall: f64,
    /// Parsing and checking records.
    pub read: f64,
    /// Writing canonical records and compressing them.
    pub original: f64,
}

/// Time of one plugin, summed over all instances, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginTimings {
    /// Preparing tasks for it.
    pub prepare: f64,
    /// In the sandbox.
    pub convert: f64,
    /// Compressing its files.
    pub deflate: f64,
}

/// What a plugin used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Used {
    /// Fuel of all instances. The same in every run on the same input.
    pub fuel: u64,
    /// Memory of the largest instance, in bytes.
    pub peak_memory: u64,
    /// Instances.
    pub shards: u64,
}

/// How a plugin failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// A stable name: the limit that was reached, `trap`, `contract`, `options`, `input`, `failed`, `host`, `isolation`, `storage`.
    pub class: String,
    /// For people.
    pub message: String,
}

/// One code of losses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LossCode {
    /// The code.
    pub code: String,
    /// How often.
    pub count: u64,
    /// The first ones.
    pub examples: Vec<Loss>,
}

/// Something that the original export does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOutCode {
    /// A stable name.
    pub code: &'static str,
    /// How often.
    pub count: u64,
    /// What is missing, in words.
    pub meaning: &'static str,
}

impl LeftOutCode {
    pub(crate) fn all(left_out: &LeftOut) -> Vec<Self> {
        left_out.iter().map(|(code, count)| Self { code: code.name(), count, meaning: code.meaning() }).collect()
    }
}

/// What the converted export does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LossReport {
    /// How many in all.
    pub total: u64,
    /// By code, in alphabetical order.
    pub codes: Vec<LossCode>,
}

impl From<&Losses> for LossReport {
    fn from(losses: &Losses) -> Self {
        let codes = losses.iter().map(|(code, count, examples)| LossCode { code: code.to_owned(), count, examples: examples.to_vec() });
        Self { total: losses.total(), codes: codes.collect() }
    }
}

/// The plugin that ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginIdentity {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// Target format.
    pub format: String,
    /// The options of the run.
    pub options: serde_json::Value,
}

impl PluginIdentity {
    pub(crate) fn new(info: &Info, digest: &str, options: serde_json::Value) -> Self {
        Self { name: info.name.clone(), version: info.version.clone(), digest: digest.to_owned(), format: info.format.clone(), options }
    }
}

/// What a plugin's conversion did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginReport {
    /// [`REPORT_VERSION`].
    pub report_version: u32,
    /// Id of the export.
    pub export_id: String,
    /// How it ended.
    pub result: Outcome,
    /// The plugin.
    pub plugin: PluginIdentity,
    /// Tasks given to it.
    pub tasks: u64,
    /// Objects of these tasks.
    pub objects: u64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// The converted export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<SavedObject>,
    /// Name of this report's own object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// What the converted export does not hold.
    pub losses: LossReport,
    /// What the plugin logged.
    pub log: Vec<LogLine>,
    /// What it might use.
    pub limits: Limits,
    /// What it used.
    pub used: Used,
    /// Where the time went.
    pub timings: PluginTimings,
    /// What was read.
    pub input: InputReport,
}

/// What a job did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobReport {
    /// [`REPORT_VERSION`].
    pub report_version: u32,
    /// Id of the export.
    pub export_id: String,
    /// When the export was taken, ISO-8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<String>,
    /// What was read.
    pub input: InputReport,
    /// The original export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<SavedObject>,
    /// What the format of the original export has no place for, and what it would have that records do not hold: of legacy exports only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutCode>,
    /// The conversions.
    pub plugins: Vec<PluginReport>,
    /// What somebody should know.
    pub warnings: Vec<String>,
    /// Where the time went.
    pub timings: Timings,
}

impl JobReport {
    /// How the job ended, as a whole.
    pub fn outcome(&self) -> Outcome {
        let results = || self.plugins.iter().map(|plugin| plugin.result);
        if results().any(|result| result == Outcome::Failed) {
            Outcome::Failed
        } else if results().any(|result| result == Outcome::OkWithLosses) {
            Outcome::OkWithLosses
        } else {
            Outcome::Ok
        }
    }
}

pub(crate) fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e6
}
