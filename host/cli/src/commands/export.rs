//! `export`: a project becomes an original export and its conversions, or an export of its issues.

use super::{cancel_on_interrupt, execute, file_name, given_time, new_id, now, runtime, workers};
use crate::args::{self, Export, Format, Type};
use crate::exit::{Exit, Failure};
use crate::plugins::{Loader, specs};
use crate::ui::Ui;
use ango_model::canonical;
use ango_model::options::{ExportOptions, StageFilter, TaskType, TimeRange};
use ango_model::time::format_file_stamp;
use ango_pipeline::{AssetStorages, Bucket, ConfigError, JobSpec, Original, Progress, Source, Split};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Carries it out.
pub fn run(args: &Export, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let options = options(args);
    let mut source = match args.kind {
        Type::Task => Source::open(&args.project)?,
        Type::Issue => {
            check_about_issues(args)?;
            Source::open_issues(&args.project)?
        }
    };
    source.select(&options)?;
    if args.split_tasks.is_some() && args.format != Format::Split {
        return Err(ConfigError("--split-tasks goes with --format split".into()).into());
    }
    let (storage, path) = storage(args, &source)?;
    let bucket = Bucket::open(&storage, &path, runtime.handle().clone())?;
    let (loader, warning) = Loader::new(args.common.cache.as_deref(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let plugins = specs(&loader, &args.common.plugins, &args.common.options, &args.common.limits)?;

    let exported_at = given_time(&args.common)?.unwrap_or_else(now);
    let export_id = new_id()?;
    let project = source.project().map_or_else(|| source.stem(), |project| project.name.clone());
    let kind = match args.kind {
        Type::Task => "task",
        Type::Issue => "issue",
    };
    let base = format!("{}-{kind}-export-{}_GMT", file_name(&project), format_file_stamp(exported_at));
    let spec = JobSpec {
        project: None,
        links: links(args, &source, runtime.handle())?,
        source,
        options,
        original: Some(original(args, base.clone())),
        plugins,
        bucket,
        // The id makes the name unique: two exports of one project in one second do not meet.
        name: format!("{base}-{export_id}"),
        export_id,
        exported_at: Some(exported_at),
        workers: workers(&args.common),
        max_record: (args.common.max_record_mib as usize) << 20,
        cancel: cancel_on_interrupt(&runtime),
        progress: Arc::new(Progress::default()),
        runtime: runtime.handle().clone(),
    };
    execute(&spec, ui)
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

/// The original export in the format that was asked for.
fn original(args: &Export, name: String) -> Original {
    match args.format {
        Format::Json => Original { format: canonical::Format::Json, name, split: None },
        Format::Ndjson => Original { format: canonical::Format::Ndjson, name, split: None },
        Format::Legacy => Original { format: canonical::Format::Legacy, name, split: None },
        Format::Split => {
            let split = args.split_tasks.map_or(Split::Bytes(args.split_mib << 20), Split::Tasks);
            Original { format: canonical::Format::Ndjson, name, split: Some(split) }
        }
    }
}

/// The storages whose links are signed: those of the command line, or else those of the project.
fn links(args: &Export, source: &Source, runtime: &Handle) -> Result<Option<Arc<AssetStorages>>, Failure> {
    let own = source.folder().map_or(&[][..], |folder| &folder.asset_storages);
    let urls = if args.sign_assets.is_empty() { own } else { &args.sign_assets };
    if urls.is_empty() {
        return Ok(None);
    }
    Ok(Some(Arc::new(AssetStorages::open(urls, runtime.clone())?)))
}

/// Storage and path of the command line, or else those of the project.
fn storage(args: &Export, source: &Source) -> Result<(String, String), Failure> {
    let own = source.folder().and_then(|folder| folder.export_storage.as_ref());
    let storage = match (&args.storage, own) {
        (Some(storage), _) => storage.clone(),
        (None, Some(own)) => own.storage.clone(),
        (None, None) => return Err(ConfigError("where to? give --storage, or set exportStorage in project.json".into()).into()),
    };
    let path = match (&args.path, &args.storage, own) {
        (Some(path), _, _) => path.clone(),
        (None, None, Some(own)) => own.path.clone(),
        _ => String::new(),
    };
    Ok((storage, path))
}
