//! From an export in the database to a job, and to what is kept of its report. Runs on a thread of its own.

use super::lease::End;
use crate::api::view::ResultView;
use crate::app::App;
use crate::error::ApiError;
use crate::order::Order;
use crate::storage::Place;
use crate::{projects, storage};
use ango_jobs::{Export, NewLog, Problem};
use ango_launch::{Wanted, now, wanted_specs};
use ango_model::options::query::ExportKind;
use ango_model::stream::MAX_RECORD_BYTES;
use ango_pipeline::report::JobReport;
use ango_pipeline::{AssetStorages, JobError, JobSpec, Progress, Source};
use ango_runtime::Cancel;
use std::sync::Arc;

/// The most lines of a plugin's log that are kept with the export; its report has them all.
const MAX_LINES: usize = 1000;

/// What a run needs.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) app: App,
    pub(super) export: Export,
    pub(super) attempt: u32,
    /// Exports that run beside this one.
    pub(super) jobs: usize,
    pub(super) cancel: Cancel,
    pub(super) progress: Arc<Progress>,
}

/// Runs it.
pub(super) fn run(prepared: Prepared) -> End {
    let attempted = attempt(&prepared);
    match attempted {
        Ok((report, place)) => {
            let view = ResultView::of(&report, &prepared.export.name, place);
            End::Done(Box::new(view), log(&report))
        }
        Err(Failure::Job(JobError::Cancelled)) => End::Stopped,
        Err(failure) => End::Failed(failure.problem()),
    }
}

enum Failure {
    Job(JobError),
    Asked(ApiError),
}

impl Failure {
    fn problem(self) -> Problem {
        let (class, message) = match self {
            Self::Job(JobError::Input(error)) => ("input", error.to_string()),
            Self::Job(JobError::Config(error)) => ("request", error.to_string()),
            Self::Job(JobError::Storage(error)) => ("storage", error.to_string()),
            Self::Job(JobError::Cancelled) => ("cancelled", JobError::Cancelled.to_string()),
            Self::Asked(error) if error.code == "internal" => ("internal", error.message),
            Self::Asked(error) if error.code == "storage" => ("storage", error.message),
            Self::Asked(error) => ("request", error.message),
        };
        Problem { class: class.to_owned(), message }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Asked(error)
    }
}

fn attempt(prepared: &Prepared) -> Result<(JobReport, Place), Failure> {
    let Prepared { app, export, attempt, jobs, cancel, progress } = prepared;
    let live = app.live();
    let order: Order = serde_json::from_value(export.request.clone())
        .map_err(|error| ApiError::bad_request(format!("the request cannot be read by this version: {error}")))?;
    let options = order.options().map_err(ApiError::bad_request)?;
    let found = projects::find(live.organisation(&export.organisation)?, &export.project)?;
    let kind = order.export_kind();
    let mut source = match kind {
        ExportKind::Task => Source::open(&found.path)?,
        ExportKind::Issue => Source::open_issues(&found.path)?,
    };
    source.select(&options)?;
    let place = app.runtime.block_on(storage::place(app, &export.organisation, &export.project))?;
    let bucket = storage::open(&live, &place, &app.runtime)?;
    if *attempt > 1 {
        // What an earlier attempt left: it is done again from the start, and must not meet itself.
        super::cleaner::count(app, &bucket.remove_leftovers(&export.name, cancel)?);
    }
    let wanted: Vec<Wanted<'_>> = order.plugins.iter().map(|plugin| Wanted { name: &plugin.name, options: &plugin.options, limits: &[] }).collect();
    let plugins = wanted_specs(&live.loader, &wanted).map_err(ApiError::from)?;
    let signed = live.config.signed();
    let links =
        if kind == ExportKind::Task && !signed.is_empty() { Some(Arc::new(AssetStorages::open(&signed, app.runtime.clone())?)) } else { None };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = live.config.workers.map_or(cores / jobs.max(&1), |(workers, _)| workers as usize).clamp(1, 256);
    let base = export.name.strip_suffix(&format!("-{}", export.id)).unwrap_or(&export.name);
    let spec = JobSpec {
        source,
        project: None,
        options,
        links,
        original: Some(order.original(base.to_owned())),
        plugins,
        bucket,
        name: export.name.clone(),
        export_id: export.id.clone(),
        exported_at: Some(export.exported_at),
        workers,
        max_record: live.config.max_record_mib.map_or(MAX_RECORD_BYTES, |(mib, _)| (mib as usize) << 20),
        chunk_bytes: None,
        cancel: cancel.clone(),
        progress: Arc::clone(progress),
        runtime: app.runtime.clone(),
    };
    Ok((ango_pipeline::run(&spec)?, place))
}

/// What plugins said, with the run's own warnings.
fn log(report: &JobReport) -> Vec<NewLog> {
    let time = now();
    let warnings = report.warnings.iter().map(|warning| NewLog { time, level: "warning".into(), plugin: None, message: warning.clone() });
    let said = report.plugins.iter().flat_map(|plugin| {
        let name = plugin.plugin.name.clone();
        let lines = plugin.log.iter().take(MAX_LINES).map(|line| (line.level.to_owned(), line.message.clone()));
        let failure = plugin.error.iter().map(|error| ("error".to_owned(), error.message.clone()));
        lines.chain(failure).map(move |(level, message)| NewLog { time, level, plugin: Some(name.clone()), message }).collect::<Vec<_>>()
    });
    warnings.chain(said).collect()
}
