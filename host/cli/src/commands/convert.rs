//! `convert`: plugins on an export that somebody downloaded.

use super::{cancel_on_interrupt, execute, given_time, loader, max_record, runtime, workers};
use crate::args::Convert;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use ango_config::Config;
use ango_launch::{Asked, file_name, new_id, specs};
use ango_model::ontology::Project;
use ango_model::options::{ExportOptions, StageFilter};
use ango_pipeline::source::ProjectFolder;
use ango_pipeline::{Bucket, JobSpec, PluginSpec, Progress, Source};
use ango_runtime::Cancel;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Carries it out.
pub fn run(args: &Convert, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    if args.common.plugins.is_empty() {
        return Err(Failure::new(Exit::Config, "convert to what? give --plugin (see `ango-export plugin list`)"));
    }
    let loader = loader(&args.common, config, &runtime, ui)?;
    let plugins = specs(&loader, Asked::from(&args.common), config)?;
    let project = args.project.as_deref().map(read_project).transpose()?;
    let stages = if args.stages.is_empty() { StageFilter::All } else { StageFilter::Only(args.stages.clone()) };
    let options = ExportOptions { stages, only_key_frames: !args.interpolate, ..ExportOptions::everything() };
    let cancel = cancel_on_interrupt(&runtime);
    let mut source = open(&args.export, runtime.handle(), &cancel)?;
    source.select(&options)?;
    let to = config.storage(&args.to, None, None)?;
    let bucket = Bucket::open_with(&to.url, &to.path, to.settings, runtime.handle().clone())?;
    let export_id = new_id()?;
    let name = free_name(&bucket, &file_name(&source.stem()), &plugins, &export_id, &cancel)?;
    let spec = JobSpec {
        exported_at: given_time(&args.common)?.or_else(|| source.exported_at()),
        source,
        project,
        options,
        links: None,
        original: None,
        plugins,
        bucket,
        name,
        export_id,
        workers: workers(&args.common, config),
        max_record: max_record(&args.common, config),
        chunk_bytes: None,
        cancel,
        progress: Arc::new(Progress::default()),
        runtime: runtime.handle().clone(),
    };
    execute(&spec, ui)
}

/// Opens the export: a path, or a URL of a folder or a bucket.
pub(super) fn open(export: &str, runtime: &Handle, cancel: &Cancel) -> Result<Source, Failure> {
    if export.starts_with("file://") {
        return Ok(Source::open(&ango_pipeline::bucket::local_path(export)?)?);
    }
    if ango_pipeline::bucket::is_remote(export) {
        let (folder, name) = export.rsplit_once('/').unwrap_or((export, ""));
        let bucket = Bucket::open(folder, "", runtime.clone())?;
        return Ok(Source::downloaded(bucket.download(name, cancel)?, export)?);
    }
    Ok(Source::open(Path::new(export))?)
}

/// The project that an export is of, from its folder or its description alone.
fn read_project(path: &Path) -> Result<Project, Failure> {
    let file = if path.is_dir() { path.join("project.json") } else { path.to_owned() };
    Ok(ProjectFolder::read(&file)?.project)
}

/// The export's own name where it is free; nothing is ever overwritten.
fn free_name(bucket: &Bucket, stem: &str, plugins: &[PluginSpec], id: &str, cancel: &Cancel) -> Result<String, Failure> {
    for plugin in plugins {
        let name = &plugin.plugin.info().name;
        if bucket.exists(&format!("{stem}.{name}.zip"), cancel)? || bucket.exists(&format!("{stem}.{name}.report.json"), cancel)? {
            return Ok(format!("{stem}-{id}"));
        }
    }
    Ok(stem.to_owned())
}
