//! The validator: all problems of a record, one record after the other.

use super::conform::conform;
use super::format::ASSET;
use super::problem::{Log, Problem, Severity};
use super::shape::Type;
use super::suspect::suspect;
use crate::json::{Kind, Value};
use crate::v3::Asset;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Checks the records of one export.
///
/// What it remembers between records is a 64-bit hash per task, to find tasks that occur twice: about 20 MB for a million tasks (30 MB while the set grows).
/// That two different ids share a hash happens once in some ten million exports of that size.
///
/// # Codes
///
/// Errors: `wrong-type`, `missing-key`, `out-of-range` (a number), `unexpected-value`, `bad-time`, `bad-point`, `corner-count`, `legacy-format`, and
/// `unreadable` for what only the typed reader finds.
///
/// Warnings about any object: `duplicate-key`, `unexpected-type` (of a key that is documented but not read).
///
/// Warnings about assets and tasks: `duplicate-task`, `no-image-size`, `history-order`, `page-out-of-range`.
///
/// Warnings about annotations: `duplicate-object`, `missing-member` (of a relation), `no-answer`, `answer-type`, `unknown-tool`, `no-geometry`,
/// `several-geometries`, `negative-size`, `corners-mismatch`, `few-points`, `closed-ring`, `empty-region`, `hole-without-region`, `outside-image`.
///
/// `too-many-problems` comes last when a record has more than [`MAX_PROBLEMS`](super::MAX_PROBLEMS), and is as bad as the worst that it stands for.
#[derive(Debug, Default)]
pub struct Checker {
    tasks: HashSet<u64>,
}

impl Checker {
    /// A checker that has seen no record yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports every problem of one record, up to [`MAX_PROBLEMS`](super::MAX_PROBLEMS) and then how many more there are.
    ///
    /// A record without an error among its problems is one that [`Asset::read`] accepts.
    pub fn check(&mut self, record: &Value<'_, '_>, report: &mut impl FnMut(Problem)) {
        let task = record.get("task");
        let task_id = task.and_then(|task| task.get("taskId"));
        let name = task_id.and_then(|id| id.as_str()).filter(|name| !name.is_empty());
        let mut log = Log::new(name.as_deref(), report);
        conform(&mut log, &Type::Object(&ASSET), record);
        if log.errors() == 0
            && let Err(error) = Asset::read(record)
        {
            // The table is meant to know everything that the reader rejects; should it not, silence would be worse than a plain message.
            log.found(Severity::Error, error.offset, "unreadable", || format!("{}: {}", error.field, error.problem));
        }
        if record.kind() == Kind::Object {
            if let (Some(name), Some(id)) = (&name, &task_id)
                && !self.tasks.insert(hash(name))
            {
                log.enter("task");
                log.enter("taskId");
                log.warn(id, "duplicate-task", || "this task was in the export before".to_owned());
                log.leave();
                log.leave();
            }
            suspect(&mut log, record);
        }
        log.close();
    }
}

/// The same in every run, so that the outcome of a check is.
fn hash(task: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    task.hash(&mut hasher);
    hasher.finish()
}
