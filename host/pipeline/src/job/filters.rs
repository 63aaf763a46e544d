//! Filters against what the project has. One that names something that does not exist is an error which lists what does; one that nothing matches gives an empty export, and a
//! warning.

use crate::error::ConfigError;
use crate::report::InputReport;
use ango_model::ontology::Project;
use ango_model::options::{ExportOptions, StageFilter};
use std::collections::HashSet;

/// Ids that an error lists, at most.
const LISTED: usize = 10;

/// The options with names for ids.
pub(super) fn resolve(options: &ExportOptions, project: &Project) -> Result<ExportOptions, ConfigError> {
    let stages = options.unknown_stages(&project.stages);
    // A derived project lists what occurs; Complete is every project's default and may be missing there.
    if stages.iter().any(|stage| stage != "Complete") {
        return Err(unknown("stage", &stages, project.stages.iter().map(|stage| (stage.id.as_str(), stage.name.as_str()))));
    }
    let batches = options.unknown_batches(&project.batches);
    if !batches.is_empty() {
        return Err(unknown("batch", &batches, project.batches.iter().map(|batch| (batch.id.as_str(), batch.name.as_str()))));
    }
    Ok(options.resolve_batches(&project.batches))
}

fn unknown<'a>(what: &str, wanted: &[String], known: impl Iterator<Item = (&'a str, &'a str)>) -> ConfigError {
    let known: Vec<String> = known.map(|(id, name)| if id == name { name.to_owned() } else { format!("{name} ({id})") }).collect();
    ConfigError(format!("{what} '{}' does not exist: there are {}", wanted.join("', '"), known.join(", ")))
}

/// After the last record: whether every task that was selected by its id was there.
pub(super) fn check_tasks(options: &ExportOptions, seen: &HashSet<String>) -> Result<(), ConfigError> {
    let missing = options.unknown_tasks(seen);
    if missing.is_empty() {
        return Ok(());
    }
    let listed = missing[..missing.len().min(LISTED)].join("', '");
    let more = if missing.len() > LISTED { format!(" and {} more", missing.len() - LISTED) } else { String::new() };
    Err(ConfigError(format!("task '{listed}'{more} does not exist in the project")))
}

/// What is said of an export without tasks. Of a store only what passes the filters is read.
pub(super) fn empty_warning(options: &ExportOptions, input: &InputReport, is_store: bool) -> String {
    match &options.stages {
        _ if is_store && !options.selects_all() => "no task of the store passes all filters: the export is valid and empty".into(),
        _ if input.read == 0 => "there is no task: the export is valid and empty".into(),
        StageFilter::Only(stages) if (ExportOptions { stages: StageFilter::All, ..options.clone() }).selects_all() => {
            format!("no task of {} is in the stage {}: the export is valid and empty", input.read, stages.join(" or "))
        }
        _ => format!("no task of {} passes all filters: the export is valid and empty", input.read),
    }
}
