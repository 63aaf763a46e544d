//! One plugin's side of a job: its shards' results, put together in order, and its archive.

use super::sequential::Ran;
use super::{JobSpec, PluginSpec};
use crate::bucket::Upload;
use crate::output::{MergeError, Merger};
use crate::report::{
    Failure, InputReport, LossReport, Outcome, PluginIdentity, PluginReport, PluginTimings, REPORT_VERSION, SavedObject, Used, seconds,
};
use crate::zip::ZipWriter;
use ango_runtime::{Block, Job, Limits, LogLine, Losses};
use std::sync::Arc;
use std::time::Duration;

/// Log lines kept in a report. The log is limited in bytes already.
const LOG_LINES: usize = 10_000;

/// What came of a shard.
#[derive(Debug)]
pub(super) enum ShardDone {
    /// There was nothing to do.
    Nothing,
    /// Tasks for an instance that takes them all.
    Block(Arc<Block>),
    /// An instance ran; preparing its tasks took so long.
    Ran(Box<Ran>, Duration),
    /// There is more than a plugin can be given; in words.
    TooLong(String),
}

/// Collects one plugin's results.
#[derive(Debug)]
pub(super) struct PluginCollector {
    name: String,
    identity: PluginIdentity,
    limits: Limits,
    merger: Option<Merger<Upload>>,
    failure: Option<Failure>,
    losses: Losses,
    log: Vec<LogLine>,
    used: Used,
    tasks: u64,
    prepare: Duration,
    convert: Duration,
    deflate: Duration,
}

impl PluginCollector {
    pub(super) fn new(spec: &JobSpec, job: &Job, plugin: &PluginSpec) -> Self {
        let info = job.plugin().info();
        let name = format!("{}.{}", spec.name, info.name);
        let upload = spec.bucket.upload(&format!("{name}.zip"), &spec.cancel);
        Self {
            name,
            identity: PluginIdentity::new(info, job.plugin().digest(), plugin.options.clone()),
            limits: job.limits().clone(),
            merger: Some(Merger::new(ZipWriter::new(upload, spec.exported_at))),
            failure: None,
            losses: Losses::default(),
            log: Vec::new(),
            used: Used::default(),
            tasks: 0,
            prepare: Duration::ZERO,
            convert: Duration::ZERO,
            deflate: Duration::ZERO,
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Takes the next shard's result.
    pub(super) fn add(&mut self, done: ShardDone) {
        let (ran, prepared) = match done {
            ShardDone::Ran(ran, prepared) if !self.has_failed() => (ran, prepared),
            ShardDone::TooLong(problem) => return self.give_up("input", problem),
            _ => return,
        };
        self.prepare += prepared;
        self.convert += ran.convert;
        match ran.result {
            Err(failure) => {
                self.used.fuel += failure.fuel;
                self.used.peak_memory = self.used.peak_memory.max(failure.peak_memory);
                self.give_up(failure.error.class(), failure.error.to_string());
            }
            Ok((output, result)) => {
                self.deflate += output.deflating;
                self.used.shards += 1;
                self.used.fuel += result.fuel;
                self.used.peak_memory = self.used.peak_memory.max(result.peak_memory);
                self.tasks += result.tasks;
                self.losses.append(result.losses);
                let room = LOG_LINES.saturating_sub(self.log.len());
                self.log.extend(result.log.into_iter().take(room));
                if let Some(Err(error)) = self.merger.as_mut().map(|merger| merger.add(output)) {
                    self.fail_merge(error);
                }
            }
        }
    }

    pub(super) fn fail_host(&mut self, problem: &str) {
        self.give_up("host", problem.to_owned());
    }

    fn fail_merge(&mut self, error: MergeError) {
        match error {
            MergeError::Conflict(problem) => self.give_up("path", format!("limit 'path' reached: {problem}")),
            MergeError::Io(error) => {
                let storage = self.merger.as_mut().and_then(|merger| merger.archive_mut().sink_mut().take_failure());
                self.give_up("storage", storage.map_or_else(|| error.to_string(), |storage| storage.to_string()));
            }
        }
    }

    /// Remembers the first failure. Dropping the archive aborts its upload.
    fn give_up(&mut self, class: &str, message: String) {
        self.failure.get_or_insert(Failure { class: class.to_owned(), message });
        self.merger = None;
    }

    /// Completes the archive, unless the plugin failed.
    pub(super) fn finish(mut self, spec: &JobSpec, input: &InputReport) -> PluginReport {
        let output = match self.merger.take().map(Merger::finish) {
            None => None,
            Some(Err(error)) => {
                self.fail_merge(error);
                None
            }
            Some(Ok((upload, entries))) => match upload.complete() {
                Ok(saved) => {
                    let name = format!("{}.zip", self.name);
                    Some(SavedObject { url: spec.bucket.url(&name), name, bytes: saved.bytes, sha256: saved.sha256, entries })
                }
                Err(error) => {
                    self.give_up("storage", error.to_string());
                    None
                }
            },
        };
        let result = match (&output, self.losses.total()) {
            (None, _) => Outcome::Failed,
            (Some(_), 0) => Outcome::Ok,
            (Some(_), _) => Outcome::OkWithLosses,
        };
        PluginReport {
            report_version: REPORT_VERSION,
            export_id: spec.export_id.clone(),
            result,
            plugin: self.identity,
            tasks: self.tasks,
            objects: input.objects,
            error: self.failure,
            output,
            report: Some(format!("{}.report.json", self.name)),
            losses: LossReport::from(&self.losses),
            log: self.log,
            limits: self.limits,
            used: self.used,
            timings: PluginTimings { prepare: seconds(self.prepare), convert: seconds(self.convert), deflate: seconds(self.deflate) },
            input: input.clone(),
        }
    }
}
