//! Whether an export is what the format says, record by record, in flat memory.

use super::Source;
use super::each::each_record;
use crate::error::JobError;
use crate::job::progress::{Phase, Progress};
use ango_model::Place;
use ango_model::json::Document;
use ango_model::schema::{Checker, Severity};
use ango_runtime::Cancel;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Problems shown of one code; the rest is counted.
pub const SHOWN: u64 = 20;

/// A problem, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: &'static str,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// Records read.
    pub tasks: u64,
    /// How many problems there are of each code, errors first.
    pub counts: BTreeMap<(Reverse<Severity>, &'static str), u64>,
}

impl Validation {
    /// How many problems of this severity there are.
    pub fn total(&self, severity: Severity) -> u64 {
        self.counts.iter().filter(|((of, _), _)| of.0 == severity).map(|(_, count)| count).sum()
    }
}

/// Reads a whole export and hands the first [`SHOWN`] problems of each code to `report`, as they come.
///
/// # Errors
/// When the source cannot be read any further: a damaged file, or text that is not a row of records.
pub fn validate(
    source: &Source,
    max_record: usize,
    progress: &Progress,
    cancel: &Cancel,
    report: &mut dyn FnMut(Finding),
) -> Result<Validation, JobError> {
    progress.start(source.stored_bytes());
    progress.enter(Phase::Scan);
    let mut counts = BTreeMap::new();
    let mut checker = Checker::new();
    let tasks = each_record(source, max_record, progress, cancel, |record| {
        let mut add = |severity, code, text, place: &dyn Fn() -> Place| {
            let count: &mut u64 = counts.entry((Reverse(severity), code)).or_default();
            *count += 1;
            if *count <= SHOWN {
                report(Finding { severity, code, place: place(), text });
            }
        };
        let Ok(text) = record.text() else {
            add(Severity::Error, "not-utf-8", "the record is not UTF-8".to_owned(), &|| record.place(0));
            return Ok(());
        };
        match Document::parse(text) {
            Err(error) => add(Severity::Error, "not-json", error.problem, &|| Place { field: error.field.clone(), ..record.place(error.offset) }),
            Ok(document) => checker.check(&document.root(), &mut |problem| {
                let (field, task, offset) = (problem.field, problem.task, problem.offset);
                add(problem.severity, problem.code, problem.text, &|| Place { field: field.clone(), task: task.clone(), ..record.place(offset) });
            }),
        }
        Ok(())
    })?;
    Ok(Validation { tasks, counts })
}
