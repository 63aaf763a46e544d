//! One conversion by one plugin into a folder that goes away.

use crate::commands::new_id;
use crate::exit::{Exit, Failure};
use ango_model::options::ExportOptions;
use ango_model::stream::MAX_RECORD_BYTES;
use ango_pipeline::report::JobReport;
use ango_pipeline::{Bucket, JobSpec, PluginSpec, Progress, Source, run};
use ango_runtime::{Cancel, Limits, Plugin};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How to convert.
pub(super) struct Once<'a> {
    pub(super) plugin: &'a Arc<Plugin>,
    /// Options, checked against the plugin's schema.
    pub(super) options: &'a Value,
    /// Bytes of a chunk; see [`JobSpec::chunk_bytes`].
    pub(super) chunk_bytes: Option<usize>,
    pub(super) cancel: Cancel,
    pub(super) progress: Arc<Progress>,
    pub(super) runtime: &'a Runtime,
}

impl Once<'_> {
    /// Converts on one thread, and gives the report and the folder with the archive.
    pub(super) fn convert(&self, input: &Path) -> Result<(JobReport, TempDir), Failure> {
        let out = tempfile::tempdir().map_err(|error| Failure::new(Exit::Internal, format!("no temporary folder: {error}")))?;
        let spec = JobSpec {
            source: Source::open(input)?,
            project: None,
            options: ExportOptions::everything(),
            links: None,
            original: None,
            plugins: vec![PluginSpec { plugin: Arc::clone(self.plugin), options: self.options.clone(), limits: Limits::default() }],
            bucket: Bucket::open(&out.path().display().to_string(), "", self.runtime.handle().clone())?,
            name: "converted".to_owned(),
            export_id: new_id()?,
            exported_at: None,
            workers: 1,
            max_record: MAX_RECORD_BYTES,
            chunk_bytes: self.chunk_bytes,
            cancel: self.cancel.clone(),
            progress: Arc::clone(&self.progress),
            runtime: self.runtime.handle().clone(),
        };
        Ok((run(&spec)?, out))
    }
}
