//! What is asked for: the type, the format, the filters and the toggles, from options of the command line or from the query of a request.

use crate::args::{self, Export, Format, Type};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use ango_model::options::query::{ExportKind, ExportQuery, QueryFormat};
use ango_model::options::{ExportOptions, StageFilter, TaskType, TimeRange};
use ango_pipeline::ConfigError;

/// A request for an export.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) kind: ExportKind,
    pub(super) options: ExportOptions,
    pub(super) format: Format,
}

impl Request {
    pub(super) fn new(args: &Export, ui: &Ui) -> Result<Self, Failure> {
        if let Some(query) = &args.query {
            return Self::of_query(query.trim_start_matches('?'), ui);
        }
        let kind = match args.kind {
            Type::Task => ExportKind::Task,
            Type::Issue => {
                check_about_issues(args)?;
                ExportKind::Issue
            }
        };
        Ok(Self { kind, options: options(args), format: args.format })
    }

    /// As a client asks Hub. What is about delivery, and which project, is for a server to decide.
    fn of_query(query: &str, ui: &Ui) -> Result<Self, Failure> {
        let query = ExportQuery::parse(query).map_err(|error| Failure::new(Exit::Config, format!("--query: {error}")))?;
        for ignored in &query.ignored {
            ui.warn(&format!("--query: the parameter '{ignored}' of older clients has no effect"));
        }
        let options = match query.kind {
            ExportKind::Task => query.options,
            // Clients send what is about tasks with a request for issues as well.
            ExportKind::Issue => ExportOptions { stages: StageFilter::All, task_types: None, ..query.options },
        };
        let format = match query.format {
            QueryFormat::Json => Format::Json,
            QueryFormat::Ndjson => Format::Ndjson,
            QueryFormat::Split => Format::Split,
        };
        Ok(Self { kind: query.kind, options, format })
    }
}

/// Refuses what says something about tasks alone: whoever gives it expects it to do something.
fn check_about_issues(args: &Export) -> Result<(), ConfigError> {
    let about_tasks = [
        ("--stage", !args.stages.is_empty()),
        ("--all-stages", args.all_stages),
        ("--task-type", !args.filters.task_types.is_empty()),
        ("--metadata", args.metadata),
        ("--history", args.history),
        ("--idle", args.idle),
        ("--only-key-frames", args.only_key_frames),
        ("--sign-assets", !args.sign_assets.is_empty()),
        ("--format legacy", args.format == Format::Legacy),
        ("--plugin", !args.common.plugins.is_empty()),
        ("--option", !args.common.options.is_empty()),
        ("--limit", !args.common.limits.is_empty()),
    ];
    let given: Vec<&str> = about_tasks.into_iter().filter_map(|(name, is_given)| is_given.then_some(name)).collect();
    match given.as_slice() {
        [] => Ok(()),
        [one] => Err(ConfigError(format!("{one} has no meaning for issues: leave it out, or export tasks (--type task)"))),
        more => Err(ConfigError(format!("{} have no meaning for issues: leave them out, or export tasks (--type task)", more.join(", ")))),
    }
}

/// The filters and toggles that were asked for.
fn options(args: &Export) -> ExportOptions {
    let filters = &args.filters;
    let some = |given: &[String]| (!given.is_empty()).then(|| given.to_vec());
    let kind = |kind: &args::TaskType| match kind {
        args::TaskType::Default => TaskType::Default,
        args::TaskType::Consensus => TaskType::Consensus,
        args::TaskType::Benchmark => TaskType::Benchmark,
    };
    ExportOptions {
        stages: match args.stages.as_slice() {
            // Hub sends no stage with a request for issues.
            _ if args.all_stages || args.kind == Type::Issue => StageFilter::All,
            [] => StageFilter::default(),
            stages => StageFilter::Only(stages.to_vec()),
        },
        batches: some(&filters.batches),
        task_types: (!filters.task_types.is_empty()).then(|| filters.task_types.iter().map(kind).collect()),
        updated: TimeRange { after: filters.updated_after, before: filters.updated_before },
        created: TimeRange { after: filters.created_after, before: filters.created_before },
        tasks: some(&filters.tasks).map(|tasks| tasks.into_iter().collect()),
        annotation_metadata: args.metadata,
        stage_history: args.history,
        idle_blur_durations: args.idle,
        only_key_frames: args.only_key_frames,
        store_keys: false,
    }
}
