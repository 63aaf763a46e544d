//! What the filters of an export can ask for.

use crate::json::Value;
use crate::time::Timestamp;
use crate::v3::read_time;

/// Which stages an export is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageFilter {
    /// Tasks in any stage.
    All,
    /// Tasks in one of these stages, by id or by name.
    Only(Vec<String>),
}

impl Default for StageFilter {
    /// As in Hub's Export tab: tasks in the Complete stage.
    fn default() -> Self {
        Self::Only(vec!["Complete".into()])
    }
}

impl StageFilter {
    /// Whether the task is in a wanted stage.
    pub(super) fn selects(&self, task: &Value<'_, '_>) -> bool {
        let Self::Only(wanted) = self else { return true };
        ["stageId", "stage"].iter().filter_map(|key| task.get(key)?.as_str()).any(|stage| wanted.iter().any(|name| *name == stage))
    }
}

/// What a task is made for (`ango-v3.md` section 1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskType {
    /// An ordinary task, which is what a record that names no type holds.
    Default,
    /// One of several judgements about the same asset.
    Consensus,
    /// A task with known answers.
    Benchmark,
}

impl TaskType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Default, Self::Consensus, Self::Benchmark];

    /// The name in records and in queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Consensus => "consensus",
            Self::Benchmark => "benchmark",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The type of a task; `None` when it is one that this version does not know.
    pub(super) fn of(task: &Value<'_, '_>) -> Option<Self> {
        match task.get("type") {
            Some(kind) if !kind.is_null() => kind.as_str().and_then(|name| Self::from_name(&name)),
            _ => Some(Self::Default),
        }
    }
}

/// A stretch of time. Both bounds are exclusive, as `$gt` and `$lt` of a query are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// Later than this, in milliseconds since 1970.
    pub after: Option<Timestamp>,
    /// Earlier than this, in milliseconds since 1970.
    pub before: Option<Timestamp>,
}

impl TimeRange {
    /// Whether there is no bound, so that even what has no time is in the range.
    pub fn is_unbounded(&self) -> bool {
        self.after.is_none() && self.before.is_none()
    }

    /// Whether the moment is between the bounds.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.after.is_none_or(|after| time > after) && self.before.is_none_or(|before| time < before)
    }

    /// Whether the time that the task has under `key` is in the range. Without the time, it is in no range that has a bound. A time that cannot
    /// be read is, so that the typed read that follows says so: a filter must not hide what is malformed.
    pub(super) fn selects(&self, task: &Value<'_, '_>, key: &str) -> bool {
        if self.is_unbounded() {
            return true;
        }
        match task.get(key).map(|value| read_time(&value)) {
            None | Some(Ok(None)) => false,
            Some(Ok(Some(time))) => self.contains(time),
            Some(Err(_)) => true,
        }
    }
}
