//! The embedded store as a source, and filling it from another one.

use super::each::each_record;
use super::input::Part;
use super::{Problem, ProjectFolder, Source};
use crate::error::{ConfigError, JobError};
use crate::job::progress::{Phase, Progress};
use ango_model::Place;
use ango_model::options::query::ExportKind;
use ango_model::options::{ExportOptions, StageFilter, TaskType};
use ango_runtime::Cancel;
use ango_store::{Imported, Selection, Store, StoreError};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// How every SQLite database begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Whether the file is a database.
pub(super) fn is_database(path: &Path) -> bool {
    let mut start = [0; MAGIC.len()];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *MAGIC
}

pub(super) fn config(error: StoreError) -> ConfigError {
    ConfigError(error.to_string())
}

/// Opens a store; everything in it is selected.
pub(super) fn open(path: &Path, shown: String) -> Result<Source, JobError> {
    let store = Store::open_read(path).map_err(config)?;
    let folder = parse_description(&store, &shown)?;
    let all = Arc::new(Selection::default());
    let bytes = store.bytes(&all).map_err(config)?;
    let parts = vec![Part::of_store(path, &shown, all, bytes)];
    Ok(Source { parts, name: shown, kind: ExportKind::Task, folder, store: Some(path.to_owned()), _downloaded: None })
}

/// What the project says of itself.
pub(super) fn parse_description(store: &Store, shown: &str) -> Result<Option<ProjectFolder>, ConfigError> {
    let description = store.project().map_err(config)?;
    description.map(|text| ProjectFolder::parse(text, &format!("{shown}: project.json"))).transpose()
}

/// The part of a store that the options may select. Of tasks that are named one by one all are read, since each must be known to exist, whatever the other filters say of it.
pub(super) fn select(path: &Path, name: &str, options: &ExportOptions) -> Result<Part, JobError> {
    let store = Store::open_read(path).map_err(config)?;
    let selection = match &options.tasks {
        Some(tasks) => Selection { tasks: Some(tasks.iter().cloned().collect()), ..Selection::default() },
        None => Selection {
            stages: match &options.stages {
                StageFilter::All => None,
                StageFilter::Only(stages) => Some(stages.clone()),
            },
            batches: options.batches.clone(),
            task_types: options.task_types.as_ref().map(|kinds| kinds.iter().map(|kind| TaskType::name(*kind).to_owned()).collect()),
            updated: (options.updated.after, options.updated.before),
            created: (options.created.after, options.created.before),
            tasks: None,
        },
    };
    let bytes = store.bytes(&selection).map_err(config)?;
    Ok(Part::of_store(path, name, Arc::new(selection), bytes))
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Import {
    /// What became of the records.
    pub records: Imported,
    /// Records that are malformed and were left out.
    pub malformed: u64,
    /// What became of the issues, where the source says what issues there are.
    pub issues: Option<Imported>,
    /// Issues that are malformed and were left out.
    pub malformed_issues: u64,
}

/// Puts a source's records, its issues and its project's description into the store at `into`, which is made when it is not there. Each malformed record or issue is
/// handed to `report` and left out; the others go in. Run again, it does what is still to do.
///
/// # Errors
/// When the source cannot be read any further, or the store cannot be written. What was committed stays.
pub fn import(
    source: &Source,
    issues: Option<&Source>,
    into: &Path,
    max_record: usize,
    progress: &Progress,
    cancel: &Cancel,
    report: &mut dyn FnMut(Problem),
) -> Result<Import, JobError> {
    if source.store.as_deref().is_some_and(|path| same_file(path, into)) {
        return Err(ConfigError(format!("{}: is the source: name another file", into.display())).into());
    }
    let mut importer = Store::create_or_open(into).and_then(|store| store.importer()).map_err(config)?;
    progress.start(source.stored_bytes() + issues.map_or(0, Source::stored_bytes));
    progress.enter(Phase::Import);
    if let Some(folder) = source.folder() {
        importer.set_project(&folder.description).map_err(config)?;
    }
    let mut malformed = 0;
    each_record(source, max_record, progress, cancel, |record| {
        let mut fault = |task, field, problem| {
            malformed += 1;
            report(Problem { place: Place { field, task, ..record.place(0) }, problem });
        };
        let Ok(text) = record.text() else {
            fault(None, String::new(), "the record is not UTF-8".into());
            return Ok(());
        };
        match importer.add(text) {
            Ok(_) => {}
            Err(StoreError::Record { task, field, problem, .. }) => fault(task, field, problem),
            Err(error) => return Err(config(error).into()),
        }
        Ok(())
    })?;
    let mut malformed_issues = 0;
    if let Some(issues) = issues {
        importer.expect_issues().map_err(config)?;
        progress.count_issues();
        each_record(issues, max_record, progress, cancel, |record| {
            let (place, problem) = match record.text().map(|text| importer.add_issue(text)) {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(StoreError::Issue { fault, .. })) => {
                    (Place { issue: fault.issue, task: fault.task, field: fault.field, ..record.place(0) }, fault.problem)
                }
                Ok(Err(error)) => return Err(config(error).into()),
                Err(_) => (record.place(0), "the issue is not UTF-8".to_owned()),
            };
            malformed_issues += 1;
            report(Problem { place, problem });
            Ok(())
        })?;
    }
    let issues = issues.map(|_| importer.issues());
    Ok(Import { records: importer.finish().map_err(config)?, malformed, issues, malformed_issues })
}

fn same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}
