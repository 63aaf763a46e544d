//! One conversion by one plugin into a folder that goes away, and what came out of it.

use crate::ConformanceError;
use ango_model::options::ExportOptions;
use ango_model::stream::MAX_RECORD_BYTES;
use ango_pipeline::report::JobReport;
use ango_pipeline::{Bucket, JobSpec, PluginSpec, Progress, Source, run};
use ango_runtime::{Cancel, Limits, Plugin};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Handle;

/// Bytes that are read of one converted file. What is compared is for people to look at.
const LARGEST: u64 = 64 << 20;

/// The files of a converted export by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How to convert.
#[derive(Debug)]
pub struct Once<'a> {
    /// The plugin.
    pub plugin: &'a Arc<Plugin>,
    /// Options, checked against the plugin's schema.
    pub options: &'a Value,
    /// What the plugin may use.
    pub limits: Limits,
    /// Bytes of a chunk; see [`JobSpec::chunk_bytes`].
    pub chunk_bytes: Option<usize>,
    /// Stops the conversion.
    pub cancel: Cancel,
    /// Tells how far it is.
    pub progress: Arc<Progress>,
    /// Runs what waits.
    pub runtime: &'a Handle,
}

impl Once<'_> {
    /// Converts on one thread, and gives the report and the folder with the archive.
    ///
    /// # Errors
    /// When the input cannot be read or there is no place for the output. A plugin that fails is part of the report.
    pub fn convert(&self, input: &Path) -> Result<(JobReport, TempDir), ConformanceError> {
        let out = tempfile::tempdir().map_err(ConformanceError::io("no temporary folder"))?;
        let spec = JobSpec {
            source: Source::open(input)?,
            project: None,
            options: ExportOptions::everything(),
            links: None,
            original: None,
            plugins: vec![PluginSpec { plugin: Arc::clone(self.plugin), options: self.options.clone(), limits: self.limits.clone() }],
            bucket: Bucket::open(&out.path().display().to_string(), "", self.runtime.clone())?,
            name: "converted".to_owned(),
            // The folder holds nothing else.
            export_id: "conformance".to_owned(),
            exported_at: None,
            workers: 1,
            max_record: MAX_RECORD_BYTES,
            chunk_bytes: self.chunk_bytes,
            cancel: self.cancel.clone(),
            progress: Arc::clone(&self.progress),
            runtime: self.runtime.clone(),
        };
        Ok((run(&spec)?, out))
    }

    /// Converts, and gives the files and the fuel; or why the plugin failed.
    ///
    /// # Errors
    /// As [`convert`](Self::convert).
    pub fn files(&self, input: &Path) -> Result<Result<(Files, u64), String>, ConformanceError> {
        let (report, out) = self.convert(input)?;
        let Some(converted) = report.plugins.into_iter().next() else { return Ok(Err("the job has no result".to_owned())) };
        let Some(output) = converted.output else {
            return Ok(Err(converted.error.map_or_else(String::new, |error| error.message)));
        };
        let files = unzip(&out.path().join(&output.name)).map_err(|error| ConformanceError::io(output.name)(std::io::Error::other(error)))?;
        Ok(Ok((files, converted.used.fuel)))
    }

    /// The same for an export that is a text.
    ///
    /// # Errors
    /// As [`convert`](Self::convert).
    pub fn convert_text(&self, text: &str) -> Result<Result<(Files, u64), String>, ConformanceError> {
        let folder = tempfile::tempdir().map_err(ConformanceError::io("no temporary folder"))?;
        let input = folder.path().join("input.ndjson");
        std::fs::write(&input, text).map_err(ConformanceError::io("no temporary file"))?;
        self.files(&input)
    }
}

fn unzip(path: &Path) -> Result<Files, Box<dyn std::error::Error + Send + Sync>> {
    let mut zip = zip::ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut files = Files::new();
    for index in 0..zip.len() {
        let entry = zip.by_index(index)?;
        let name = entry.name()?.into_owned();
        let mut bytes = Vec::new();
        entry.take(LARGEST).read_to_end(&mut bytes)?;
        files.insert(name, bytes);
    }
    Ok(files)
}
