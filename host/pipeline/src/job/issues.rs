//! The export of issues: the way of the original export, with another typed view and nothing to convert.
//!
//! Every issue is checked, also one that the filters leave out: issues are short, and a filter must not hide what is malformed.

use super::original::OriginalWriter;
use super::progress::Phase;
use super::pump::{Input, Numbered, Stopped, pump};
use super::text::{ChunkText, Stretches};
use super::turnstile::Turnstile;
use super::worker::WorkError;
use super::{JobSpec, Original, check_free, filters, save_original, save_reports, scan};
use crate::error::{ConfigError, JobError};
use crate::report::{InputReport, JobReport, REPORT_VERSION, Timings, seconds};
use crate::zip::Compressor;
use ango_model::issue::{Issue, STATUSES, brief};
use ango_model::ontology::Project;
use ango_model::options::ExportOptions;
use ango_model::sink::Sink;
use ango_model::time::format_iso;
use ango_runtime::Records;
use std::time::{Duration, Instant};

/// Unknown statuses that a warning lists.
const LISTED: usize = 5;

/// What a worker keeps from chunk to chunk.
#[derive(Debug, Default)]
struct Workbench {
    compressor: Compressor,
    text: Vec<u8>,
}

/// What came of a chunk, or of all of them.
#[derive(Debug, Default)]
struct Done {
    read: u64,
    issues: u64,
    bytes: u64,
    original: Stretches,
    statuses: Statuses,
    read_time: Duration,
    original_time: Duration,
}

/// Statuses that Hub does not document, of issues in the export.
#[derive(Debug, Default)]
struct Statuses {
    count: u64,
    /// The first ones, each once.
    first: Vec<String>,
}

impl Statuses {
    fn see(&mut self, issue: &Issue<'_>) {
        if let Some(status) = issue.unknown_status() {
            self.count += 1;
            self.list(brief(status));
        }
    }

    fn list(&mut self, status: &str) {
        if self.first.len() < LISTED && !self.first.iter().any(|known| known == status) {
            self.first.push(status.to_owned());
        }
    }

    fn append(&mut self, other: &Self) {
        self.count += other.count;
        other.first.iter().for_each(|status| self.list(status));
    }

    fn warning(&self) -> Option<String> {
        let have = if self.count == 1 { "issue has" } else { "issues have" };
        let listed = self.first.join("', '");
        (self.count > 0).then(|| format!("{} {have} a status that is none of {}: '{listed}'; exported as it is", self.count, STATUSES.join(", ")))
    }
}

/// Runs an export of issues to its end.
pub(super) fn run(spec: &JobSpec) -> Result<JobReport, JobError> {
    let started = Instant::now();
    let Some(original) = &spec.original else {
        return Err(ConfigError("an export of issues has no other result than the original".into()).into());
    };
    if !spec.plugins.is_empty() {
        return Err(ConfigError("plugins convert tasks: an export of issues takes none".into()).into());
    }
    check_free(spec)?;
    spec.progress.start(spec.source.stored_bytes());
    let unknown = Project::default();
    let project = spec.project.as_ref().or_else(|| spec.source.project()).unwrap_or(&unknown);
    let options = with_batch_ids(filters::resolve(&spec.options, project)?, project);
    let mut writer = OriginalWriter::new(spec.bucket.upload(&format!("{}.zip", spec.name), &spec.cancel), original, spec.exported_at);

    spec.progress.enter(Phase::Convert);
    spec.progress.count_issues();
    let totals = export_all(spec, original, &options, &mut writer)?;

    spec.progress.enter(Phase::Save);
    let mut warnings = Vec::new();
    if totals.issues == 0 {
        warnings.push(match totals.read {
            0 => "there is no issue: the export is valid and empty".into(),
            read => format!("no issue of {read} passes all filters: the export is valid and empty"),
        });
    }
    warnings.extend(totals.statuses.warning());
    let input = InputReport {
        name: spec.source.name().to_owned(),
        read: totals.read,
        issues: Some(totals.issues),
        bytes: totals.bytes,
        ..InputReport::default()
    };
    let report = JobReport {
        report_version: REPORT_VERSION,
        export_id: spec.export_id.clone(),
        exported_at: spec.exported_at.map(format_iso),
        input,
        original: Some(save_original(writer, spec)?),
        left_out: Vec::new(),
        plugins: Vec::new(),
        warnings,
        timings: Timings { wall: seconds(started.elapsed()), read: seconds(totals.read_time), original: seconds(totals.original_time) },
    };
    save_reports(spec, &report)?;
    Ok(report)
}

/// The options with the id of each batch beside its name: no page says which of the two an issue has.
fn with_batch_ids(mut options: ExportOptions, project: &Project) -> ExportOptions {
    if let Some(batches) = &mut options.batches {
        let ids = project.batches.iter().filter(|batch| batches.contains(&batch.name)).map(|batch| batch.id.clone());
        let ids: Vec<String> = ids.collect();
        batches.extend(ids);
    }
    options
}

/// Reads the source once and writes what is selected.
fn export_all(spec: &JobSpec, original: &Original, options: &ExportOptions, writer: &mut OriginalWriter) -> Result<Done, JobError> {
    let turnstile = Turnstile::default();
    let mut totals = Done::default();
    let input = Input {
        source: &spec.source,
        max_record: spec.max_record,
        chunk_bytes: spec.chunk_bytes,
        workers: spec.workers,
        cancel: &spec.cancel,
        progress: &spec.progress,
    };
    let work = |bench: &mut Workbench, numbered: Numbered| work(spec, original, options, &turnstile, bench, &numbered);
    let consume = |done: Option<Result<Done, WorkError>>| -> Result<(), JobError> {
        // Chunks are given up after an error alone, and results come in order: the error was there before.
        let done = done.ok_or(JobError::Cancelled)??;
        spec.progress.add_tasks(done.issues);
        writer.add(done.original)?;
        totals.read += done.read;
        totals.issues += done.issues;
        totals.bytes += done.bytes;
        totals.read_time += done.read_time;
        totals.original_time += done.original_time;
        totals.statuses.append(&done.statuses);
        Ok(())
    };
    match pump(input, Workbench::default, work, consume) {
        Ok(()) => Ok(totals),
        Err(Stopped::Input(error)) => Err(error.into()),
        Err(Stopped::Cancelled) => Err(JobError::Cancelled),
        Err(Stopped::Consumer(error)) => Err(error),
    }
}

/// Everything that is done with one chunk; `None` when an earlier chunk is malformed.
fn work(
    spec: &JobSpec,
    original: &Original,
    options: &ExportOptions,
    turnstile: &Turnstile,
    bench: &mut Workbench,
    numbered: &Numbered,
) -> Option<Result<Done, WorkError>> {
    try_work(spec, original, options, turnstile, bench, numbered).transpose()
}

fn try_work(
    spec: &JobSpec,
    original: &Original,
    options: &ExportOptions,
    turnstile: &Turnstile,
    bench: &mut Workbench,
    numbered: &Numbered,
) -> Result<Option<Done>, WorkError> {
    let ticket = turnstile.ticket(numbered.number);
    let started = Instant::now();
    let mut done = Done { bytes: numbered.chunk.text().len() as u64, ..Done::default() };
    let mut selected = Vec::new();
    for range in numbered.chunk.records() {
        let document = scan::parse(&spec.source, numbered, range.clone())?;
        let issue = scan::read_issue(&spec.source, numbered, &range, &document)?;
        done.read += 1;
        if issue.is_selected(options) {
            done.statuses.see(&issue);
            selected.push(document);
        }
    }
    done.issues = selected.len() as u64;
    done.read_time = started.elapsed();
    let Some(position) = ticket.pass(done.issues, 0, 0, Vec::new()) else { return Ok(None) };
    let started = Instant::now();
    let mut text = ChunkText::new(Some(original), 0, position.tasks, &mut bench.compressor, std::mem::take(&mut bench.text));
    for document in selected {
        text.push(|text| document.root().write(text.buffer()));
    }
    let (stretches, kept) = text.finish().map_err(WorkError::Disk)?;
    done.original = stretches;
    bench.text = kept.map_or_else(|too_long| too_long.buffer, Records::into_buffer);
    done.original_time = started.elapsed();
    Ok(Some(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_statuses_are_counted_and_the_first_ones_listed() {
        let see = |statuses: &mut Statuses, status: &str| statuses.see(&Issue { status: Some(status.to_owned().into()), ..Issue::default() });
        let (mut first, mut second) = (Statuses::default(), Statuses::default());
        ["Open", "Stuck", "Stuck", "A"].iter().for_each(|status| see(&mut first, status));
        assert_eq!(second.warning(), None);
        see(&mut second, "A");
        let warning = "1 issue has a status that is none of Open, Resolved, Closed: 'A'; exported as it is";
        assert_eq!(second.warning().as_deref(), Some(warning));
        ["B", "C", "D", "E"].iter().for_each(|status| see(&mut second, status));
        first.append(&second);
        let warning = "8 issues have a status that is none of Open, Resolved, Closed: 'Stuck', 'A', 'B', 'C', 'D'; exported as it is";
        assert_eq!(first.warning().as_deref(), Some(warning));
    }
}
