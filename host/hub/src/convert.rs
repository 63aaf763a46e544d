//! From an export in a temporary file to a converted one. Everything here blocks: it runs on a thread of its own.

use crate::error::RunError;
use crate::settings::{Served, Settings};
use ango_launch::{Asked, LaunchError, Loader, file_name, new_id, specs};
use ango_model::ontology::Project;
use ango_model::options::{ExportOptions, StageFilter};
use ango_pipeline::report::{Outcome, PluginReport};
use ango_pipeline::{Bucket, JobError, JobSpec, PluginSpec, Progress, Source};
use ango_runtime::Cancel;
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::{NamedTempFile, TempDir};
use tokio::runtime::Handle;

/// What a run's configuration may hold that is not for the converter.
const OF_HUB: [&str; 6] = ["include_key_frames_only", "storageId", "storage_id", "bucket", "verbose", "verbose_frequency"];

/// A converter with the options of a run.
#[derive(Debug)]
pub struct Converter {
    spec: PluginSpec,
    /// Keys of the configuration that nobody knows.
    pub unknown: Vec<String>,
}

/// A converted export, in a folder that is deleted with it.
#[derive(Debug)]
pub struct Converted {
    /// What it is called: unlike any other, and safe in URLs.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// How it went.
    pub report: PluginReport,
    /// What else is to be said.
    pub warnings: Vec<String>,
    _folder: TempDir,
}

/// Loads the converter of a plugin, with the options of a run's configuration over the plugin's own.
///
/// # Errors
/// When it may not run, or the options do not fit it.
pub fn converter(loader: &Loader, plugin: &Served, config: &Map<String, Value>) -> Result<Converter, LaunchError> {
    let loaded = loader.load_for_run(&plugin.converter)?;
    let schema = loaded.plugin.info().options_schema.get("properties").and_then(Value::as_object);
    let is_known = |key: &str| schema.is_some_and(|schema| schema.contains_key(key));
    let mut options = plugin.options.clone();
    let mut unknown = Vec::new();
    for (key, value) in config {
        // A converter's own option of that name is meant, whatever Hub uses it for.
        if is_known(key) {
            options.insert(key.clone(), value.clone());
        } else if !OF_HUB.contains(&key.as_str()) {
            unknown.push(key.clone());
        }
    }
    let options: Vec<String> = options.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let names = [plugin.converter.clone()];
    let asked = Asked { plugins: &names, options: &options, limits: &plugin.limits, grants: &[] };
    let spec = specs(loader, asked, loader.config())?.pop().ok_or_else(|| LaunchError::Internal("the converter is gone".into()))?;
    Ok(Converter { spec, unknown })
}

/// What a conversion needs.
#[derive(Debug)]
pub struct Conversion {
    /// The export.
    pub export: NamedTempFile,
    /// What Hub calls it.
    pub export_name: String,
    /// What the result is called after where the export does not say.
    pub project_id: String,
    /// The project, where it is known.
    pub project: Option<Project>,
    /// The converter.
    pub converter: Converter,
    /// Stops it.
    pub cancel: Cancel,
    /// Tells how far it is.
    pub progress: Arc<Progress>,
    /// The runtime.
    pub runtime: Handle,
}

impl Conversion {
    /// Carries it out.
    ///
    /// # Errors
    /// When the export cannot be read, or the converter fails.
    pub fn run(self, settings: &Settings) -> Result<Converted, RunError> {
        let name = self.converter.spec.plugin.info().name.clone();
        let source = Source::downloaded(self.export, &self.export_name).map_err(|error| failed(&error))?;
        let folder = TempDir::with_prefix("ango-export-").map_err(|error| RunError::Internal(format!("no temporary folder: {error}")))?;
        let bucket =
            Bucket::open(&folder.path().display().to_string(), "", self.runtime.clone()).map_err(|error| RunError::Internal(error.to_string()))?;
        let export_id = new_id().map_err(|error| RunError::Internal(error.to_string()))?;
        let stem = format!("{}-{export_id}", stem(&source, &self.project_id));
        let spec = JobSpec {
            exported_at: source.exported_at(),
            source,
            project: self.project,
            // Hub filtered already, and an export holds the frames that were asked for.
            options: ExportOptions { stages: StageFilter::All, only_key_frames: true, ..ExportOptions::everything() },
            links: None,
            original: None,
            plugins: vec![self.converter.spec],
            bucket,
            name: stem.clone(),
            export_id,
            workers: settings.workers,
            max_record: settings.max_record,
            chunk_bytes: None,
            cancel: self.cancel,
            progress: self.progress,
            runtime: self.runtime,
        };
        let mut report = ango_pipeline::run(&spec).map_err(|error| failed(&error))?;
        let warnings = std::mem::take(&mut report.warnings);
        let report = report.plugins.pop().ok_or_else(|| RunError::Internal("the converter left no report".into()))?;
        match (&report.error, report.result) {
            (Some(error), _) => Err(RunError::Converter { converter: name, class: error.class.clone(), problem: error.message.clone() }),
            (None, Outcome::Failed) => Err(RunError::Converter { converter: name, class: "failed".into(), problem: "no reason given".into() }),
            (None, _) => {
                let name = format!("{stem}.{name}.zip");
                Ok(Converted { path: folder.path().join(&name), name, report, warnings, _folder: folder })
            }
        }
    }
}

/// What the result is called after: the export's payload, in letters that need no care in a URL.
fn stem(source: &Source, project_id: &str) -> String {
    let payload = source.parts().first().map_or("", |part| part.name());
    // A part of an archive is called `ARCHIVE: ENTRY`.
    let payload = payload.rsplit(['/', ':']).next().unwrap_or(payload).trim();
    let stem = payload.trim_end_matches(".ndjson").trim_end_matches(".json");
    let stem = if stem.is_empty() { project_id } else { stem };
    file_name(stem).chars().map(|c| if c.is_ascii() { c } else { '_' }).collect()
}

fn failed(error: &JobError) -> RunError {
    match error {
        JobError::Input(error) => RunError::Input(error.to_string()),
        JobError::Config(error) => RunError::Asked(error.to_string()),
        JobError::Storage(error) => RunError::Internal(error.to_string()),
        JobError::Cancelled => RunError::Internal("the conversion was stopped".into()),
    }
}
