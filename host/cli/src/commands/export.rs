//! `export`: a project becomes an original export and its conversions, or an export of its issues.

use super::request::Request;
use super::{cancel_on_interrupt, execute, given_time, loader, max_record, runtime, workers};
use crate::args::{Export, Format};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use ango_config::{Config, Opened};
use ango_launch::{Asked, export_name, new_id, now, specs};
use ango_model::canonical;
use ango_model::options::query::ExportKind;
use ango_pipeline::{AssetStorages, Bucket, ConfigError, JobSpec, Original, Progress, Source, Split};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Carries it out.
pub fn run(args: &Export, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let Request { kind, options, format } = Request::new(args, ui)?;
    let mut source = match kind {
        ExportKind::Task => Source::open(&args.project)?,
        ExportKind::Issue => Source::open_issues(&args.project)?,
    };
    source.select(&options)?;
    if args.split_tasks.is_some() && format != Format::Split {
        return Err(ConfigError("--split-tasks goes with --format split".into()).into());
    }
    let storage = storage(args, &source, config)?;
    let bucket = Bucket::open_with(&storage.url, &storage.path, storage.settings, runtime.handle().clone())?;
    let loader = loader(&args.common, config, &runtime, ui)?;
    let plugins = specs(&loader, Asked::from(&args.common), config)?;

    let exported_at = given_time(&args.common)?.unwrap_or_else(now);
    let export_id = new_id()?;
    let project = source.project().map_or_else(|| source.stem(), |project| project.name.clone());
    let base = export_name(&project, kind, exported_at);
    let spec = JobSpec {
        project: None,
        links: if kind == ExportKind::Task { links(args, config, runtime.handle())? } else { None },
        source,
        options,
        original: Some(original(args, format, base.clone())),
        plugins,
        bucket,
        // The id makes the name unique: two exports of one project in one second do not meet.
        name: format!("{base}-{export_id}"),
        export_id,
        exported_at: Some(exported_at),
        workers: workers(&args.common, config),
        max_record: max_record(&args.common, config),
        chunk_bytes: None,
        cancel: cancel_on_interrupt(&runtime),
        progress: Arc::new(Progress::default()),
        runtime: runtime.handle().clone(),
    };
    execute(&spec, ui)
}

/// The original export in the format that was asked for.
fn original(args: &Export, format: Format, name: String) -> Original {
    match format {
        Format::Json => Original { format: canonical::Format::Json, name, split: None },
        Format::Ndjson => Original { format: canonical::Format::Ndjson, name, split: None },
        Format::Legacy => Original { format: canonical::Format::Legacy, name, split: None },
        Format::Split => {
            let split = args.split_tasks.map_or(Split::Bytes(args.split_mib << 20), Split::Tasks);
            Original { format: canonical::Format::Ndjson, name, split: Some(split) }
        }
    }
}

/// The storages whose links are signed: those of the command line, and those that the configuration says it of. A project does not say it: whoever wrote it could ask for links into every
/// bucket that the credentials open.
fn links(args: &Export, config: &Config, runtime: &Handle) -> Result<Option<Arc<AssetStorages>>, Failure> {
    let mut places: Vec<_> = args.sign_assets.iter().flat_map(|name| config.assets_in(name)).collect();
    places.extend(config.signed());
    if places.is_empty() {
        return Ok(None);
    }
    Ok(Some(Arc::new(AssetStorages::open(&places, runtime.clone())?)))
}

/// Storage and path of the command line, or else those of the project.
fn storage(args: &Export, source: &Source, config: &Config) -> Result<Opened, Failure> {
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
    Ok(config.storage(&storage, None, Some(&path))?)
}
