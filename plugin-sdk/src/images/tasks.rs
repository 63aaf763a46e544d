//! The tasks of a shard, with the annotations of the stage that people chose.

use super::Format;
use crate::run::{Run, Tasks};
use crate::types::{Annotations, Task};

/// Goes through the tasks of a shard: takes the annotations of a stage where one is chosen, and reports what the format has no place for.
///
/// For formats of images there is [`Images`](super::Images), which does this and more; formats of tracks or of texts begin here.
pub struct PreparedTasks<'a> {
    run: &'a Run,
    tasks: Tasks,
    format: Format,
    stage: String,
}

impl<'a> PreparedTasks<'a> {
    /// `stage` is a name or an id; empty for the final annotations, and then tasks come without their history. With a stage the converter must have asked for the history
    /// ([`Info::with_history`](crate::Info::with_history)).
    pub fn new(run: &'a Run, format: Format, stage: &str) -> Self {
        let tasks = if stage.is_empty() { run.tasks().without_history() } else { run.tasks() };
        Self { run, tasks, format, stage: stage.to_owned() }
    }
}

impl Iterator for PreparedTasks<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        loop {
            let mut task = self.tasks.next()?;
            if !self.stage.is_empty() && !take_stage(&mut task, &self.stage) {
                report_without_stage(self.run, &task, &self.stage);
                continue;
            }
            self.format.report_task(self.run, &task);
            return Some(task);
        }
    }
}

/// Gives a task the annotations of its last visit of a stage, and says whether there was one. A task that is in the stage now has them already.
fn take_stage(task: &mut Task, stage: &str) -> bool {
    if let Some(visit) = last_visit(task, stage).and_then(|at| task.history.get_mut(at)) {
        std::mem::swap(&mut task.annotations, &mut visit.annotations);
        return true;
    }
    is_in(task, stage)
}

/// What was annotated on a task in a stage, by option `stage`, for converters that also write the history. `None` if there is nothing, which is reported.
pub fn annotations_of<'t>(run: &Run, task: &'t Task, stage: &str) -> Option<&'t Annotations> {
    if stage.is_empty() {
        return Some(&task.annotations);
    }
    let visit = last_visit(task, stage).and_then(|at| task.history.get(at));
    let annotations = visit.map(|visit| &visit.annotations).or_else(|| is_in(task, stage).then_some(&task.annotations));
    if annotations.is_none() {
        report_without_stage(run, task, stage);
    }
    annotations
}

fn last_visit(task: &Task, stage: &str) -> Option<usize> {
    task.history.iter().rposition(|visit| visit.stage == stage || visit.stage_id.as_deref() == Some(stage))
}

fn is_in(task: &Task, stage: &str) -> bool {
    task.stage == stage || task.stage_id.as_deref() == Some(stage)
}

#[cold]
fn report_without_stage(run: &Run, task: &Task, stage: &str) {
    let detail = format_args!("the history has no visit of stage {stage:?}; does the export carry the stage history?");
    run.lost(task.index, None, "stage-missing", detail);
}
