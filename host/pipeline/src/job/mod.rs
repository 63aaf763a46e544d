//! The job: one pass over a source, and every archive comes out of it.
//!
//! A chunk of records is the unit of everything: one worker parses it, writes its canonical form, compresses that, and lets each plugin convert it in
//! a fresh instance, all on one thread and out of one cache. What chunks have to know of each other (how many tasks came before, which file names are
//! taken) passes through the [`turnstile`]; their results leave in order through the [`pump`]. A chunk is cut by the text alone, so the output's bytes do
//! not depend on the number of workers.

mod collect;
mod convert;
mod filters;
mod issues;
mod original;
mod portion;
pub mod progress;
mod pump;
mod scan;
mod sequential;
mod shards;
mod text;
mod turnstile;
mod worker;

use crate::bucket::{AssetStorages, Bucket, Upload};
use crate::error::{ConfigError, JobError, StorageError};
use crate::report::{InputReport, JobReport, LeftOutCode, REPORT_VERSION, SavedObject, Timings, seconds};
use crate::source::Source;
use ango_model::canonical::Format;
use ango_model::ontology::Project;
use ango_model::options::ExportOptions;
use ango_model::options::query::ExportKind;
use ango_model::time::{Timestamp, format_iso};
use ango_runtime::{Cancel, Job, Limits, Plugin, ProjectForPlugin};
use collect::PluginCollector;
use original::OriginalWriter;
use progress::{Phase, Progress};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::Handle;

/// A plugin to convert with.
#[derive(Debug, Clone)]
pub struct PluginSpec {
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Its options, checked against its schema.
    pub options: serde_json::Value,
    /// What it may use.
    pub limits: Limits,
}

/// The original export, when the job is to save it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Format of the payload.
    pub format: Format,
    /// Name of the payload's entry in the zip, without its extension.
    pub name: String,
    /// How the payload is split into parts.
    pub split: Option<Split>,
}

/// Where a split payload is cut. A record is never cut, and each part is a whole payload by itself. Where a cut falls depends on the records alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Parts of so many tasks or issues; the last one holds the rest.
    Tasks(u64),
    /// Parts of at most so many bytes of text, as far as whole chunks of some 2 MiB allow.
    Bytes(u64),
}

impl Original {
    /// Name of the entry of a part, counted from 1.
    fn entry(&self, part: u64) -> String {
        let (name, extension) = (&self.name, self.format.extension());
        if self.split.is_some() { format!("{name}-part-{part:04}.{extension}") } else { format!("{name}.{extension}") }
    }
}

/// Everything a job needs to know.
#[derive(Debug)]
pub struct JobSpec {
    /// Where tasks come from, or issues. Issues are filtered and saved as the original export; there is nothing to convert.
    pub source: Source,
    /// The project, when the source does not say what it is.
    pub project: Option<Project>,
    /// Filters and toggles.
    pub options: ExportOptions,
    /// Signs links to assets and masks.
    pub links: Option<Arc<AssetStorages>>,
    /// The original export; `None` when somebody brought it.
    pub original: Option<Original>,
    /// The conversions.
    pub plugins: Vec<PluginSpec>,
    /// Where archives go.
    pub bucket: Bucket,
    /// Name of the objects in the bucket, without extensions. Must be unique.
    pub name: String,
    /// Id of the export.
    pub export_id: String,
    /// When the export is taken.
    pub exported_at: Option<Timestamp>,
    /// Threads that convert.
    pub workers: usize,
    /// Longest record accepted, in bytes.
    pub max_record: usize,
    /// Bytes of a chunk, which is a shard; `None` for what is fastest. With 1, each task is a shard: for tests of plugins.
    pub chunk_bytes: Option<usize>,
    /// Stops the job.
    pub cancel: Cancel,
    /// Tells how far the job is.
    pub progress: Arc<Progress>,
    /// Runs what waits: the network, timers.
    pub runtime: Handle,
}

/// Runs a job to its end. Must not be called on a thread of the runtime.
///
/// A plugin that fails is part of the report; the original and the other conversions are saved all the same.
///
/// # Errors
/// When the source cannot be read, the job is asked for wrongly, the bucket fails, or somebody cancels. Nothing of the job is visible then.
pub fn run(spec: &JobSpec) -> Result<JobReport, JobError> {
    let mut given_up = false;
    let done = run_to_end(spec, &mut given_up);
    // What fails after somebody cancelled fails because of it; but a job that gives up cancels what is left of itself, and that is no reason.
    if done.is_err() && spec.cancel.is_cancelled() && !given_up { Err(JobError::Cancelled) } else { done }
}

/// `given_up` is set when the job itself cancels its instances, because of the error that it ends with.
fn run_to_end(spec: &JobSpec, given_up: &mut bool) -> Result<JobReport, JobError> {
    if spec.source.kind() == ExportKind::Issue {
        return issues::run(spec);
    }
    let started = Instant::now();
    check_names(&spec.plugins)?;
    check_free(spec)?;
    spec.progress.start(spec.source.stored_bytes());
    let mut warnings = Vec::new();
    let project = find_project(spec, &mut warnings)?;
    let options = filters::resolve(&spec.options, &project)?;

    let jobs: Vec<Job> = spec.plugins.iter().map(|plugin| job(plugin, &project, spec)).collect();
    let mut original = spec
        .original
        .as_ref()
        .map(|original| OriginalWriter::new(spec.bucket.upload(&format!("{}.zip", spec.name), &spec.cancel), original, spec.exported_at));
    let mut plugins: Vec<PluginCollector> = jobs.iter().zip(&spec.plugins).map(|(job, plugin)| PluginCollector::new(spec, job, plugin)).collect();

    spec.progress.enter(Phase::Convert);
    let totals = convert::convert_all(spec, &options, &jobs, &mut original, &mut plugins, given_up)?;
    filters::check_tasks(&options, &totals.wanted)?;
    // A link that nobody can open is a loss that nobody would notice.
    if let Some(failure) = spec.links.as_ref().and_then(|links| links.take_failure()) {
        return Err(failure.into());
    }

    spec.progress.enter(Phase::Save);
    let input = InputReport { name: spec.source.name().to_owned(), ..totals.input };
    if input.tasks == 0 {
        warnings.push(filters::empty_warning(&options, &input, spec.source.is_store()));
    }
    let saved = original.map(|writer| save_original(writer, spec)).transpose()?;
    let plugins = plugins.into_iter().map(|plugin| plugin.finish(spec, &input)).collect::<Vec<_>>();
    let report = JobReport {
        report_version: REPORT_VERSION,
        export_id: spec.export_id.clone(),
        exported_at: spec.exported_at.map(format_iso),
        input,
        original: saved,
        left_out: LeftOutCode::all(&totals.left_out),
        plugins,
        warnings,
        timings: Timings { wall: seconds(started.elapsed()), read: seconds(totals.read), original: seconds(totals.original) },
    };
    save_reports(spec, &report)?;
    Ok(report)
}

fn check_names(plugins: &[PluginSpec]) -> Result<(), ConfigError> {
    let mut names = HashSet::new();
    for spec in plugins {
        let name = &spec.plugin.info().name;
        if !names.insert(name) {
            return Err(ConfigError(format!("plugin {name} is asked for twice: its two archives would have one name")));
        }
    }
    Ok(())
}

/// Makes sure that nothing is overwritten, and that the storage answers: better now than after an hour's work.
fn check_free(spec: &JobSpec) -> Result<(), JobError> {
    let original = spec.original.as_ref().map(|_| format!("{}.zip", spec.name));
    let converted = spec.plugins.iter().map(|plugin| format!("{}.{}.zip", spec.name, plugin.plugin.info().name));
    for name in original.into_iter().chain(converted) {
        if spec.bucket.exists(&name, &spec.cancel)? {
            let problem = format!("{name} exists already, and nothing is ever overwritten");
            return Err(StorageError { storage: spec.bucket.name().to_owned(), problem }.into());
        }
    }
    Ok(())
}

/// The project as far as it is known; derived in a first pass where plugins need it and nobody says what it is.
fn find_project(spec: &JobSpec, warnings: &mut Vec<String>) -> Result<Project, JobError> {
    if let Some(project) = spec.project.as_ref().or_else(|| spec.source.project()) {
        return Ok(project.clone());
    }
    if spec.plugins.is_empty() {
        return Ok(Project { name: spec.source.stem(), ..Project::default() });
    }
    spec.progress.enter(Phase::Scan);
    let mut project = scan::derive_project(spec)?;
    // The count is of all tasks, and a filter may leave some out.
    if !spec.options.selects_all() {
        project.task_count = None;
    }
    if !project.ontology.tools.is_empty() {
        warnings.push("the export does not say what its ontology is, so classes are those that occur, ordered by schema id: give --project for the project's own order".into());
    }
    Ok(project)
}

fn job(plugin: &PluginSpec, project: &Project, spec: &JobSpec) -> Job {
    let project = ProjectForPlugin::new(project, spec.exported_at);
    Job::new(Arc::clone(&plugin.plugin), project, plugin.options.to_string(), plugin.limits.clone(), spec.cancel.clone())
}

fn save_original(writer: OriginalWriter, spec: &JobSpec) -> Result<SavedObject, JobError> {
    let name = format!("{}.zip", spec.name);
    let (upload, entries) = writer.finish()?;
    let saved = upload.complete()?;
    Ok(SavedObject { url: spec.bucket.url(&name), name, bytes: saved.bytes, sha256: saved.sha256, entries })
}

/// Reports come last: what they tell of is there.
fn save_reports(spec: &JobSpec, report: &JobReport) -> Result<(), JobError> {
    for plugin in &report.plugins {
        if let Some(name) = &plugin.report {
            save_json(spec, name, plugin)?;
        }
    }
    if spec.original.is_some() {
        save_json(spec, &format!("{}.report.json", spec.name), report)?;
    }
    Ok(())
}

fn save_json(spec: &JobSpec, name: &str, report: &impl serde::Serialize) -> Result<(), StorageError> {
    use std::io::Write;
    let mut upload: Upload = spec.bucket.upload(name, &spec.cancel);
    let failed =
        |problem: String| StorageError { storage: spec.bucket.name().to_owned(), problem: format!("the report {name} cannot be written: {problem}") };
    let text = serde_json::to_vec_pretty(report).map_err(|error| failed(error.to_string()))?;
    upload.write_all(&text).map_err(|error| failed(error.to_string()))?;
    upload.complete()?;
    Ok(())
}
