//! The projects of an organisation: a folder that holds a project folder or a store for each, whose name is the project's id.

use crate::error::ApiError;
use ango_config::Organisation;
use ango_model::options::ExportOptions;
use ango_model::options::query::ExportKind;
use ango_pipeline::Source;
use ango_pipeline::source::ProjectFolder;
use std::path::{Path, PathBuf};

/// A project that was looked up.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// The project folder or the store.
    pub path: PathBuf,
}

/// Whether a text can be the id of a project. What cannot be is never joined to a path.
pub fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 128 && !id.starts_with('.') && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Looks a project up.
///
/// # Errors
/// When there is none.
pub fn find(organisation: &Organisation, id: &str) -> Result<Found, ApiError> {
    let missing = || ApiError::not_found(format!("project '{}' does not exist", ango_runtime::printable_line(id, 128)));
    if !is_id(id) {
        return Err(missing());
    }
    let folder = organisation.projects.join(id);
    if folder.join("project.json").is_file() {
        return Ok(Found { id: id.to_owned(), path: folder });
    }
    let store = organisation.projects.join(format!("{id}.db"));
    if store.is_file() { Ok(Found { id: id.to_owned(), path: store }) } else { Err(missing()) }
}

/// All projects, in the order of their ids. What is no project is passed over.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(organisation: &Organisation) -> Result<Vec<Found>, ApiError> {
    let cannot = |error: std::io::Error| ApiError::internal(&format!("{}: {error}", organisation.projects.display()));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&organisation.projects).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let id = if path.is_dir() { name } else { name.strip_suffix(".db").unwrap_or_default() };
        if let Ok(project) = find(organisation, id)
            && project.path == path
        {
            found.push(project);
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// What a project says of itself.
///
/// # Errors
/// When its description cannot be read.
pub fn describe(found: &Found) -> Result<ProjectFolder, ApiError> {
    let broken = |error: &dyn std::fmt::Display| ApiError::internal(&format!("project {}: {error}", found.id));
    if found.path.is_dir() {
        return ProjectFolder::read(&found.path.join("project.json")).map_err(|error| broken(&error));
    }
    let source = Source::open(&found.path).map_err(|error| broken(&error))?;
    source.folder().cloned().ok_or_else(|| broken(&"the store does not say what project it is"))
}

/// About how many bytes of text an export reads. None when it cannot be told: what is wrong is found out when it is read.
pub fn text_bytes(found: &Found, kind: ExportKind, options: &ExportOptions) -> u64 {
    let opened = match kind {
        ExportKind::Task => Source::open(&found.path),
        ExportKind::Issue => Source::open_issues(&found.path),
    };
    let selected = opened.and_then(|mut source| source.select(options).map(|()| source));
    selected.map_or(0, |source| source.text_bytes())
}

/// Whether it is known what issues there are.
pub fn has_issues(path: &Path) -> bool {
    matches!(Source::issues(path), Ok(Some(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_inside_the_folder() {
        for id in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a\0b", "ü"] {
            assert!(!is_id(id), "{id}");
        }
        assert!(is_id("64885625c5c18a0015b9a2b2") && is_id("street-life_2.1"));
    }
}
