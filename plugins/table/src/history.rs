//! `history`: a row for each visit of a stage. `time`: a row for each task, with the columns of Hub's time-per-task report.

use ango_plugin_sdk::{Annotations, Run, StageVisit, Task, json};

use crate::options::{Days, Unit};
use crate::record::Record;
use crate::sheet::Sheet;

/// The columns of `history` behind those of the task; `UNIT` is that of durations.
pub(crate) const COLUMNS: &str = "visit,stage,stage_id,completed_at,completed_by,review_status,duration_UNIT,\
objects,classifications,object_classifications,relations";

/// The columns of `time`. Those of Hub's report end with the relations.
pub(crate) const TIME: &str = "Batch,Stage,External ID,Task ID,Labeler Name,Reviewer Name,Label Date,Review Date,Label Duration (UNIT),Review Duration (UNIT),\
Number of Pages,Number of Classifications,Number of Tools,Number of Tool Classifications,Number of Relations,\
Total Duration (UNIT),Idle Duration (UNIT),Blur Duration (UNIT),Asset URL,Asset ID";

/// Says that a task has no history, once for both tables.
pub(crate) fn report_missing(run: &Run, task: &Task) {
    run.lost(task.index, None, "history-missing", "the export does not carry the stage history of the task");
}

/// A duration: whole milliseconds, seconds to the millisecond, minutes and hours to about as much.
fn duration(sheet: &mut Sheet, milliseconds: u64, unit: Unit) {
    let decimals = match unit {
        Unit::Msec => 0,
        Unit::Sec => 3,
        Unit::Min | Unit::Hour => 6,
    };
    sheet.rounded(milliseconds as f64 / unit.length(), decimals);
}

/// How many annotations there are.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    objects: usize,
    answers: usize,
    object_answers: usize,
    relations: usize,
}

impl Counts {
    /// Without `nested`, only answers to outer questions about the task count. Where a track ends there is no object.
    fn of(annotations: &Annotations, nested: bool) -> Self {
        let mut counts = Self { relations: annotations.relations.len(), ..Self::default() };
        for object in annotations.objects.iter().filter(|object| !object.interpolation_stopped) {
            counts.objects += 1;
            counts.object_answers += if nested { object.classifications.len() } else { 0 };
        }
        counts.answers = annotations.classifications.iter().filter(|answer| nested || answer.parent.is_none()).count();
        counts
    }
}

/// What of the work people want to know, and in which unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) unit: Unit,
    pub(crate) days: Days,
    /// Whether nested answers count.
    pub(crate) nested: bool,
}

/// Writes the rows of a task's visits.
pub(crate) fn add(sheet: &mut Sheet, run: &Run, record: &Record<'_>, asked: Asked) {
    for (at, visit) in record.task.history.iter().enumerate() {
        if !asked.days.hold(visit.completed_at) {
            let detail = format_args!("visit {} of stage {:?} was not completed between `start_date` and `end_date`", at + 1, visit.stage);
            run.lost(record.task.index, None, "visit-excluded", detail);
            continue;
        }
        record.begin_short(sheet);
        sheet.count(at as u64 + 1);
        sheet.text(&visit.stage);
        sheet.optional(visit.stage_id.as_deref());
        sheet.time(visit.completed_at);
        sheet.optional(visit.completed_by.as_deref());
        sheet.optional(visit.review_status.as_deref());
        duration(sheet, visit.duration_ms, asked.unit);
        let counts = Counts::of(&visit.annotations, true);
        for count in [counts.objects, counts.answers, counts.object_answers, counts.relations] {
            sheet.count(count as u64);
        }
        sheet.end(run, record.task.index, None);
    }
}

/// Writes the row of the time that a task took.
pub(crate) fn add_time(sheet: &mut Sheet, run: &Run, record: &Record<'_>, asked: Asked) {
    let task = record.task;
    if asked.days.are_chosen() && !task.history.iter().any(|visit| asked.days.hold(visit.completed_at)) {
        run.lost(task.index, None, "task-excluded", "no stage of the task was completed between `start_date` and `end_date`");
        return;
    }
    let label = Work::of(&task.history, |visit| visit.review_status.is_none());
    let review = Work::of(&task.history, |visit| visit.review_status.is_some());
    sheet.texts(&task.asset.batches);
    sheet.text(&task.stage);
    sheet.text(&task.asset.external_id);
    sheet.text(&task.task_id);
    sheet.optional(label.by);
    sheet.optional(review.by);
    sheet.date(label.at);
    sheet.date(review.at);
    duration(sheet, label.milliseconds, asked.unit);
    duration(sheet, review.milliseconds, asked.unit);
    sheet.optional_count(task.asset.frame_count.or_else(|| u32::try_from(task.asset.pages.len()).ok().filter(|&pages| pages > 0)));
    let counts = Counts::of(record.annotations, asked.nested);
    for count in [counts.answers, counts.objects, counts.object_answers, counts.relations] {
        sheet.count(count as u64);
    }
    duration(sheet, task.total_duration_ms, asked.unit);
    for key in ["totalIdleDuration", "totalBlurDuration"] {
        match task.extra.as_deref().and_then(|extra| json::member(extra, key)?.parse().ok()) {
            Some(milliseconds) => duration(sheet, milliseconds, asked.unit),
            None => sheet.nothing(),
        }
    }
    sheet.text(&task.asset.url);
    sheet.optional(task.asset.asset_id.as_deref());
    sheet.end(run, task.index, None);
}

/// What was done on a task in stages of one kind.
///
/// An export does not say of what kind a stage is. A visit with a review status is a review; another one that somebody completed is labelling; one that
/// nobody completed is an automatic stage.
#[derive(Debug, Default)]
struct Work<'a> {
    milliseconds: u64,
    /// Of the last visit that says so.
    by: Option<&'a str>,
    at: Option<i64>,
}

impl<'a> Work<'a> {
    fn of(history: &'a [StageVisit], is_kind: impl Fn(&StageVisit) -> bool) -> Self {
        let mut work = Self::default();
        for visit in history.iter().filter(|visit| (visit.completed_by.is_some() || visit.review_status.is_some()) && is_kind(visit)) {
            work.milliseconds = work.milliseconds.saturating_add(visit.duration_ms);
            work.by = visit.completed_by.as_deref().or(work.by);
            work.at = visit.completed_at.or(work.at);
        }
        work
    }
}
