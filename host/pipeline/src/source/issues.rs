//! The issues of a project as a source.
//!
//! Whether there are no issues or nobody knows of any is not the same: a project without issues has an empty `issues.ndjson`, and one that lacks the file must not pass for it.

use super::input::{Part, parts};
use super::store::{config, is_database, parse_description};
use super::{ProjectFolder, Source};
use crate::error::{ConfigError, JobError};
use ango_model::options::query::ExportKind;
use ango_store::Store;
use std::path::Path;

impl Source {
    /// Opens the issues of a project folder or of a store.
    ///
    /// # Errors
    /// When there is neither at `path`, or nothing is known of the project's issues.
    pub fn open_issues(path: &Path) -> Result<Self, JobError> {
        if let Some(issues) = Self::issues(path)? {
            return Ok(issues);
        }
        let shown = path.display();
        let problem = if path.is_dir() {
            "there is no issues.ndjson (or .gz, .zst, or parts issues-00001.ndjson): a project without issues has an empty one"
        } else if is_database(path) {
            "no issues were ever imported into this store: import a project folder that has issues.ndjson into it"
        } else {
            "is an export, not a project, and does not say what issues there are: give a project folder with issues.ndjson, or a store"
        };
        Err(ConfigError(format!("{shown}: {problem}")).into())
    }

    /// Opens the issues of a project, when it says what issues there are: a folder with `issues.ndjson`, be it empty, or a store into which one was imported.
    ///
    /// # Errors
    /// When there is nothing at `path`, or it cannot be read.
    pub fn issues(path: &Path) -> Result<Option<Self>, JobError> {
        let shown = path.display().to_string();
        let metadata = std::fs::metadata(path).map_err(|error| ConfigError(format!("{shown}: {error}")))?;
        let (parts, folder, store) = if metadata.is_dir() {
            let (folder, files) = ProjectFolder::open_issues(path)?;
            let found = files.iter().map(|file| parts(file, &file.display().to_string())).collect::<Result<Vec<_>, _>>()?.concat();
            (found.into_iter().map(Part::allow_empty).collect(), Some(folder), None)
        } else if is_database(path) {
            let store = Store::open_read(path).map_err(config)?;
            let issues = if store.has_issues().map_err(config)? {
                vec![Part::of_store_issues(path, &shown, store.issue_bytes().map_err(config)?)]
            } else {
                Vec::new()
            };
            (issues, parse_description(&store, &shown)?, Some(path.to_owned()))
        } else {
            (Vec::new(), None, None)
        };
        let this = Self { name: shown, kind: ExportKind::Issue, parts, folder, store, _downloaded: None };
        Ok((!this.parts.is_empty()).then_some(this))
    }
}
