//! What of a project an export contains: filters say which tasks, toggles say which parts of them (`ango-v3.md` section 3.1).
//!
//! A record holds everything; an export is the records that [`ExportOptions::selects`] lets through, written by
//! [`canonical::write_asset`](crate::canonical::write_asset) without the parts that are off. [`query`] reads the same options from a request.

mod filter;
mod names;
pub mod query;

pub use filter::{StageFilter, TaskType, TimeRange};

use crate::json::Value;
use std::collections::HashSet;

/// The filters and toggles of an export. The default is what Hub's Export tab starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// Which stages.
    pub stages: StageFilter,
    /// Which batches, by name; ids become names by [`resolve_batches`](Self::resolve_batches). A task is selected when any of its batches is. `None` selects all
    /// tasks, also those in no batch; an empty list selects none.
    pub batches: Option<Vec<String>>,
    /// Which types of task. `None` selects all; an empty list selects none.
    pub task_types: Option<Vec<TaskType>>,
    /// When the task was last changed (`task.updatedAt`).
    pub updated: TimeRange,
    /// When the task was created (`task.createdAt` of the record).
    pub created: TimeRange,
    /// Only these tasks, by id. `None` selects all; an empty set selects none.
    pub tasks: Option<HashSet<String>>,
    /// Annotation Metadata: who made each annotation, when, and in which stage.
    pub annotation_metadata: bool,
    /// Stage History: the stages a task went through, with its annotations in each.
    pub stage_history: bool,
    /// Idle and blur durations of the task and of its stage visits. The active time (`duration` of visits, `totalDuration`) is always there.
    pub idle_blur_durations: bool,
    /// Only Key Frames: what was edited, and where objects end. Records of videos hold just that; without the toggle, the frames between are computed.
    pub only_key_frames: bool,
    /// Keys of the task that only a store knows and that the export format does not have: `type` and `createdAt`.
    pub store_keys: bool,
}

impl ExportOptions {
    /// Everything that a record holds and nothing that is computed, of every stage: what a converter is given when somebody brings an export that was filtered before.
    pub fn everything() -> Self {
        Self {
            stages: StageFilter::All,
            batches: None,
            task_types: None,
            updated: TimeRange::default(),
            created: TimeRange::default(),
            tasks: None,
            annotation_metadata: true,
            stage_history: true,
            idle_blur_durations: true,
            only_key_frames: true,
            store_keys: true,
        }
    }

    /// Whether no filter is set, so that the export has as many tasks as there are records.
    pub fn selects_all(&self) -> bool {
        self.stages == StageFilter::All
            && self.batches.is_none()
            && self.task_types.is_none()
            && self.updated.is_unbounded()
            && self.created.is_unbounded()
            && self.tasks.is_none()
    }

    /// Whether the record is in the export. Looks at the tape only, so that a filtered task costs no typed read. A record without a task is let through, for
    /// the typed read to say what is missing.
    pub fn selects(&self, record: &Value<'_, '_>) -> bool {
        let Some(task) = record.get("task") else { return true };
        self.stages.selects(&task)
            && (self.tasks.is_none() || self.wanted_task(record).is_some())
            && self.task_types.as_ref().is_none_or(|wanted| TaskType::of(&task).is_some_and(|kind| wanted.contains(&kind)))
            && self.updated.selects(&task, "updatedAt")
            && self.created.selects(&task, "createdAt")
            && self.batches.as_ref().is_none_or(|wanted| is_in_batch(record, wanted))
    }
}

/// Whether one of the asset's batches is wanted. Exports have `null` among them.
fn is_in_batch(record: &Value<'_, '_>, wanted: &[String]) -> bool {
    let batches = record.get("batches");
    batches.iter().flat_map(Value::elements).filter_map(|batch| batch.as_str()).any(|batch| wanted.iter().any(|name| *name == batch))
}
