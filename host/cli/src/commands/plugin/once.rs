//! One conversion by one plugin into a folder that goes away, and what came out of it.

use crate::commands::new_id;
use crate::exit::{Exit, Failure};
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
use tokio::runtime::Runtime;

/// Bytes that are read of one converted file. What is compared is for people to look at.
const LARGEST: u64 = 64 << 20;

/// The files of a converted export by their paths.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

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

    /// Converts, and gives the files and the fuel; or why the plugin failed.
    pub(super) fn files(&self, input: &Path) -> Result<Result<(Files, u64), String>, Failure> {
        let (report, out) = self.convert(input)?;
        let internal = |problem: String| Failure::new(Exit::Internal, problem);
        let Some(converted) = report.plugins.first() else { return Err(internal("the job has no result".to_owned())) };
        let Some(output) = &converted.output else {
            return Ok(Err(converted.error.as_ref().map_or_else(String::new, |error| error.message.clone())));
        };
        let files = unzip(&out.path().join(&output.name)).map_err(|error| internal(format!("{}: {error}", output.name)))?;
        Ok(Ok((files, converted.used.fuel)))
    }

    /// The same for an export that is a text.
    pub(super) fn convert_text(&self, text: &str) -> Result<Result<(Files, u64), String>, Failure> {
        let internal = |error: std::io::Error| Failure::new(Exit::Internal, format!("no temporary folder: {error}"));
        let folder = tempfile::tempdir().map_err(internal)?;
        let input = folder.path().join("input.ndjson");
        std::fs::write(&input, text).map_err(internal)?;
        self.files(&input)
    }
}

fn unzip(path: &Path) -> Result<Files, Box<dyn std::error::Error>> {
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

/// The first difference, in words.
pub(super) fn difference(expected: &Files, found: &Files) -> Option<String> {
    for (path, wanted) in expected {
        let Some(bytes) = found.get(path) else { return Some(format!("{path} does not come out")) };
        if bytes != wanted {
            return Some(format!("{path}: {}", line_difference(&String::from_utf8_lossy(wanted), &String::from_utf8_lossy(bytes))));
        }
    }
    found.keys().find(|path| !expected.contains_key(*path)).map(|path| format!("{path} comes out and is not expected"))
}

fn line_difference(expected: &str, found: &str) -> String {
    let (mut expected, mut found) = (expected.lines(), found.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (expected.next(), found.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) => return "line ends or bytes that are no text differ".to_owned(),
            (a, b) => {
                let shown = |line: Option<&str>| {
                    line.map_or_else(|| "the end".to_owned(), |line| format!("'{}'", line.chars().take(120).collect::<String>()))
                };
                return format!("line {number}: expected {}, found {}", shown(a), shown(b));
            }
        }
    }
}
