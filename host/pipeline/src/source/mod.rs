//! Where tasks come from: a project folder, its store, or an export that somebody brings. Issues come from the first two.

mod check;
mod each;
mod input;
mod issues;
mod issues_of_tasks;
mod project;
mod store;
mod validate;

pub use check::{Problem, check_issues, check_project};
pub use input::Part;
pub(crate) use issues_of_tasks::IssuesOfTasks;
pub use project::{ExportStorage, ProjectFolder};
pub use store::{Import, import};
pub use validate::{Finding, SHOWN, Validation, validate};

use crate::error::{ConfigError, JobError};
use ango_model::ontology::Project;
use ango_model::options::ExportOptions;
use ango_model::options::query::ExportKind;
use ango_model::time::{Timestamp, parse_file_stamp};
use std::path::{Path, PathBuf};

/// A source of tasks or of issues, opened and looked at, but not read.
#[derive(Debug)]
pub struct Source {
    name: String,
    kind: ExportKind,
    parts: Vec<Part>,
    folder: Option<ProjectFolder>,
    /// Where the store is, when the source is one.
    store: Option<PathBuf>,
    /// Deleted when the source is dropped.
    _downloaded: Option<tempfile::NamedTempFile>,
}

impl Source {
    /// Opens a project folder, a store, or an export as a file: JSON, NDJSON, either of them compressed with gzip or zstd, or the zip that Hub gives.
    ///
    /// # Errors
    /// When there is nothing at `path`, or it is neither.
    pub fn open(path: &Path) -> Result<Self, JobError> {
        let shown = path.display().to_string();
        let metadata = std::fs::metadata(path).map_err(|error| ConfigError(format!("{shown}: {error}")))?;
        if metadata.is_dir() {
            let (folder, records) = ProjectFolder::open(path)?;
            let parts = records.iter().map(|file| input::parts(file, &file.display().to_string())).collect::<Result<Vec<_>, _>>()?.concat();
            return Ok(Self { name: shown, kind: ExportKind::Task, parts, folder: Some(folder), store: None, _downloaded: None });
        }
        if store::is_database(path) {
            return store::open(path, shown);
        }
        Ok(Self { parts: input::parts(path, &shown)?, name: shown, kind: ExportKind::Task, folder: None, store: None, _downloaded: None })
    }

    /// An export that was downloaded into a temporary file from `url`.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn downloaded(file: tempfile::NamedTempFile, url: &str) -> Result<Self, JobError> {
        let parts = input::parts(file.path(), url)?;
        Ok(Self { name: url.to_owned(), kind: ExportKind::Task, parts, folder: None, store: None, _downloaded: Some(file) })
    }

    /// Lets a store read no more than what the options can select. Other sources are read in full, and filtered; so are issues.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn select(&mut self, options: &ExportOptions) -> Result<(), JobError> {
        if let Some(path) = &self.store
            && self.kind == ExportKind::Task
        {
            self.parts = vec![store::select(path, &self.name, options)?];
        }
        Ok(())
    }

    /// Whether filters are applied where tasks lie, so that those left out are not even read.
    pub fn is_store(&self) -> bool {
        self.store.is_some()
    }

    /// What it holds.
    pub fn kind(&self) -> ExportKind {
        self.kind
    }

    /// Name of the source, as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files or zip entries that hold the tasks or issues, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The project, when the source is one. A bare export does not say what its project was.
    pub fn folder(&self) -> Option<&ProjectFolder> {
        self.folder.as_ref()
    }

    /// The project of the folder.
    pub fn project(&self) -> Option<&Project> {
        self.folder.as_ref().map(|folder| &folder.project)
    }

    /// Bytes on disk of all parts: what progress is measured by.
    pub fn stored_bytes(&self) -> u64 {
        self.parts.iter().map(Part::stored_bytes).sum()
    }

    /// About how many bytes of text that is. Of what is compressed nobody knows before it is read.
    pub fn text_bytes(&self) -> u64 {
        self.parts.iter().map(Part::text_bytes).sum()
    }

    /// When a bare export was taken, as far as the name of its file tells.
    pub fn exported_at(&self) -> Option<Timestamp> {
        self.parts.iter().find_map(|part| parse_file_stamp(part.name()))
    }

    /// The source's name without folders and extensions: what converted exports are called after.
    pub fn stem(&self) -> String {
        let path = PathBuf::from(&self.name);
        let name = path.file_name().map_or_else(|| "export".to_owned(), |name| name.to_string_lossy().into_owned());
        let mut stem = name.as_str();
        for extension in [".gz", ".zst", ".zip", ".json", ".ndjson", ".db"] {
            stem = stem.strip_suffix(extension).unwrap_or(stem);
        }
        if stem.is_empty() { "export".to_owned() } else { stem.to_owned() }
    }
}
