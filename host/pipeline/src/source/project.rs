//! The project folder: the simplest source of all.
//!
//! `project.json` says what the project is, `records.ndjson` holds its records: V3 asset objects, one per line, with everything on. Records may be compressed
//! (`.gz`, `.zst`) and lie in several parts (`records-00001.ndjson`, `records-00002.ndjson.gz`), read in the order of their names. Issues, where they are known, lie
//! beside them in `issues.ndjson`, in the same ways.

use crate::error::ConfigError;
use ango_model::ontology::{Batch, Ontology, Project, Stage};
use serde::Deserialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Where a project's exports go, as on Hub's Export Storage form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ExportStorage {
    /// URL of the storage.
    pub storage: String,
    /// Folder in it.
    #[serde(default)]
    pub path: String,
}

/// A project folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFolder {
    /// What it says of itself.
    pub project: Project,
    /// Where its exports go, when it says so.
    pub export_storage: Option<ExportStorage>,
    /// The text of `project.json`.
    pub description: String,
}

/// `project.json`, with the names that Hub's API has for the same things accepted as well.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object that describes a project")]
struct ProjectFile {
    name: String,
    #[serde(alias = "categorySchema", default)]
    ontology: Ontology,
    #[serde(default)]
    stages: Vec<Stage>,
    #[serde(default)]
    batches: Vec<Batch>,
    #[serde(default)]
    export_storage: Option<ExportStorage>,
}

impl ProjectFolder {
    /// Reads `project.json` and finds the files with records.
    ///
    /// # Errors
    /// When the folder is not one of a project, or its description is not valid.
    pub fn open(folder: &Path) -> Result<(Self, Vec<PathBuf>), ConfigError> {
        let this = Self::read(&folder.join("project.json"))?;
        let records = find_parts(folder, "records")?;
        if records.is_empty() {
            return Err(ConfigError(format!("{}: there is no records.ndjson (or .gz, .zst, or parts records-00001.ndjson)", folder.display())));
        }
        Ok((this, records))
    }

    /// Reads `project.json` and finds the files with issues. There are none when the folder says nothing of issues; a project without any has an empty file.
    ///
    /// # Errors
    /// When the folder is not one of a project, or its description is not valid.
    pub fn open_issues(folder: &Path) -> Result<(Self, Vec<PathBuf>), ConfigError> {
        let this = Self::read(&folder.join("project.json"))?;
        Ok((this, find_parts(folder, "issues")?))
    }

    /// Reads a `project.json` alone: for an export whose project is known.
    ///
    /// # Errors
    /// When the file cannot be read or is not valid.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let shown = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ConfigError(format!("{shown} does not exist: a project folder holds project.json and records.ndjson")),
            _ => ConfigError(format!("{shown}: {error}")),
        })?;
        Self::parse(text, &shown.to_string())
    }

    /// Takes the text of a `project.json` from wherever it was kept. `shown` is what errors call it.
    ///
    /// # Errors
    /// When it is not valid.
    pub fn parse(text: String, shown: &str) -> Result<Self, ConfigError> {
        let file: ProjectFile = serde_json::from_str(&text).map_err(|error| ConfigError(format!("{shown}: line {}: {error}", error.line())))?;
        let mut seen = HashSet::new();
        for class in file.ontology.tools.iter().chain(&file.ontology.classifications).chain(&file.ontology.relations) {
            if class.schema_id.is_empty() {
                return Err(ConfigError(format!("{shown}: the class '{}' has no schemaId", class.title)));
            }
            if !seen.insert(class.schema_id.as_str()) {
                return Err(ConfigError(format!("{shown}: the schemaId '{}' occurs twice: class ids would be ambiguous", class.schema_id)));
            }
        }
        let project = Project { name: file.name, ontology: file.ontology, stages: file.stages, batches: file.batches, task_count: None };
        Ok(Self { project, export_storage: file.export_storage, description: text })
    }
}

/// The files of a folder that hold `what`, in the order of their names.
fn find_parts(folder: &Path, what: &str) -> Result<Vec<PathBuf>, ConfigError> {
    let fail = |error: std::io::Error| ConfigError(format!("{}: {error}", folder.display()));
    let is_part = |stem: &str| stem.strip_prefix(what).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        if stem.strip_suffix(".ndjson").or_else(|| stem.strip_suffix(".json")).is_some_and(is_part) {
            parts.push(path);
        }
    }
    parts.sort();
    Ok(parts)
}
