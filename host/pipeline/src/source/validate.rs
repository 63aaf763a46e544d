//! Whether an export is what the format says, record by record, in flat memory.

use super::Source;
use crate::error::JobError;
use crate::job::progress::{Phase, Progress};
use ango_model::Place;
use ango_model::json::Document;
use ango_model::schema::{Checker, Severity};
use ango_runtime::Cancel;
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
    pub counts: BTreeMap<(std::cmp::Reverse<Severity>, &'static str), u64>,
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
    let mut found = Validation::default();
    let mut checker = Checker::new();
    for part in source.parts() {
        let mut reader = part.open(progress.bytes(), max_record)?.with_buffers(ango_model::stream::Buffers::default());
        while let Some(chunk) = reader.next_chunk()? {
            if cancel.is_cancelled() {
                return Err(JobError::Cancelled);
            }
            let before = found.tasks;
            for range in chunk.records() {
                found.tasks += 1;
                let place = |offset: usize| chunk.place(part.name(), range.start + offset);
                let counts = &mut found.counts;
                let mut add = |severity, code, text, place: &dyn Fn() -> Place| {
                    let count = counts.entry((std::cmp::Reverse(severity), code)).or_default();
                    *count += 1;
                    // Finding out the line costs a look at the chunk, so only what is shown is placed.
                    if *count <= SHOWN {
                        report(Finding { severity, code, place: place(), text });
                    }
                };
                let Ok(text) = std::str::from_utf8(&chunk.text()[range.clone()]) else {
                    add(Severity::Error, "not-utf-8", "the record is not UTF-8".to_owned(), &|| place(0));
                    continue;
                };
                match Document::parse(text) {
                    Err(error) => add(Severity::Error, "not-json", error.problem, &|| Place { field: error.field.clone(), ..place(error.offset) }),
                    Ok(document) => checker.check(&document.root(), &mut |problem| {
                        let (field, task, offset) = (problem.field, problem.task, problem.offset);
                        add(problem.severity, problem.code, problem.text, &|| Place { field: field.clone(), task: task.clone(), ..place(offset) });
                    }),
                }
            }
            progress.add_tasks(found.tasks - before);
        }
    }
    Ok(found)
}
