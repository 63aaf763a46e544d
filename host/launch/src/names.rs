//! What exports and their objects are called.

use crate::error::LaunchError;
use ango_model::options::query::ExportKind;
use ango_model::time::{Timestamp, format_file_stamp};

/// A new id, unique without asking anybody: 64 random bits.
///
/// # Errors
/// When the system has no random numbers.
pub fn new_id() -> Result<String, LaunchError> {
    let mut id = [0; 8];
    getrandom::fill(&mut id).map_err(|error| LaunchError::Internal(format!("no random numbers: {error}")))?;
    Ok(id.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A project's name in file names, as Hub writes it: spaces become `_`, and so does what file systems refuse.
pub fn file_name(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '_' }).take(80).collect();
    let safe = safe.trim_matches('.');
    if safe.is_empty() { "project".to_owned() } else { safe.to_owned() }
}

/// The name of an export's payload, as Hub writes it: `Project-task-export-2024-09-10-12_44_40_GMT`. Two exports of one project in one second have the same, so objects add the export's id.
pub fn export_name(project: &str, kind: ExportKind, exported_at: Timestamp) -> String {
    let slot = match kind {
        ExportKind::Task => "task",
        ExportKind::Issue => "issue",
    };
    format!("{}-{slot}-export-{}_GMT", file_name(project), format_file_stamp(exported_at))
}
