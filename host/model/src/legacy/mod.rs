//! The legacy export: V3 records in the format that Hub had before workflows, for programs which still read it.
//!
//! The shape is that of the published sample and of the pages of the old documentation (`ango-v3.md` section 4; the pages on assets, tasks, relations,
//! classifications and exporting in github.com/angoai/docs). Nothing is made up: what V3 does not hold stays out, what the legacy format has no place for
//! stays out, and both are counted in [`LeftOut`].
//!
//! | legacy asset | from |
//! |---|---|
//! | `asset`, `externalId`, `metadata`, `batches` | the same; `""`, `""`, `{}` and `[]` where the record has none |
//! | other keys (`assetId`, `dataset`, `contextData`, `attachments`, unknown ones) | the same, in their order, after `externalId` |
//! | `labeledAt` | `completedAt` of the last labelling pass, else the task's `updatedAt`; `null` when it is not labelled |
//! | `reviewedAt` | `completedAt` of the last review, when somebody completed it; else no key, as in samples without a review |
//! | `status` | `Labeled`, or `Unlabeled` |
//! | `labelDuration` | `totalDuration` ("cumulatively, by all labelers"); without it the sum over the stages |
//! | `consensus` | `consensusAverage`, else `""` |
//! | `tasks` | the one task |
//!
//! | legacy task | from |
//! |---|---|
//! | `completedBy`, `completedAt` | the last labelling pass; without one `null`, and as `labeledAt` |
//! | `duration` | time of all labelling passes; `totalDuration` when the record has no stage history |
//! | `review` | `reviewStatus`, `completedBy` (a list of one), `completedAt` and `duration` of the last review; else as in the sample: `Todo`, `[]`, `null`, `0` |
//! | `status` | `Completed`, or `TODO` |
//! | `updatedBy`, `updatedAt`, `taskId` | the same; `null`, `null` and `""` where there is none |
//! | `isBenchmark` | whether `type` is `benchmark`; no key when the type is not known |
//! | `brushDataUrl`, `medicalBrushDataUrl` | the same; no key when there is no link |
//! | `objects` | `tools` |
//! | `classifications` | the same; legacy samples have no `objectId` in them, which is up to [`Parts`] |
//! | `relations` | the same, but `reverse` becomes `straight` with `from` and `to` swapped: the legacy format knows `straight` and `bidirectional` only |
//! | `isSkipped`, `benchmark`, `issues` | nothing in V3; a record that has such a key keeps it, at its place in the sample |
//! | other keys | the same, at the end |
//!
//! A **labelling pass** is a visit in `stageHistory` that somebody completed (`completedBy`) and that is no review (no `reviewStatus`). A **review** is a visit
//! with a `reviewStatus`. The last one in the list counts: visits are oldest first, and stages recur after a requeue.
//!
//! **Status.** An asset is labelled "when all of its labeling tasks have been completed": when there is a labelling pass, or the task is in the Complete
//! stage. Published samples have only `Labeled` and `Completed`, also where a review is done. `TODO` is the other value that the SDK of that time (ango
//! 0.1.26) has for a task's status; `Unlabeled` is ours, as no word for it is published.
//!
//! **Durations** are whole milliseconds. Some pages spell the keys `labelDuration(ms)` and `duration(ms)`; the sample of an actual export does not.
//! **Times** and numbers that are copied keep their text.

mod annotations;
mod field;
mod history;
mod left_out;
mod relations;
mod task;
mod write;

pub use left_out::{Code, LeftOut};

use crate::json::{Kind, Value};
use crate::sink::Sink;
use task::Task;
use write::{ObjectWriter, write_list};

/// What the legacy format takes over from V3 as it is, in the form that the options of the export ask for. Each method writes exactly one JSON value.
pub trait Parts<S: Sink> {
    /// Writes the list of drawn objects (`tools` of the record).
    fn tools(&self, sink: &mut S, list: &Value<'_, '_>);

    /// Writes the list of answered questions of the task.
    fn classifications(&self, sink: &mut S, list: &Value<'_, '_>);

    /// Writes a link, signed or as it is: `asset`, each element of `dataset`, `brushDataUrl` and `medicalBrushDataUrl`. Always given a string.
    fn link(&self, sink: &mut S, url: &Value<'_, '_>);
}

/// Appends a record, an asset object of V3 with everything that is known of its task, as one asset object of the legacy export in compact JSON, and counts what
/// that leaves out. Annotations are counted as the record holds them, whatever `parts` writes of them; the names of users in their `metadata` are for
/// `parts` to count, which knows whether they are written.
pub fn write_asset<S: Sink>(sink: &mut S, record: &Value<'_, '_>, parts: &impl Parts<S>, left_out: &mut LeftOut) {
    let (mut url, mut external_id, mut metadata, mut batches, mut task) = (None, None, None, None, None);
    let mut others = Vec::new();
    let mut replaced_keys = 0;
    for member in record.members() {
        let value = member.value;
        match field::key(&member).as_ref() {
            "asset" => url = field::text(value),
            "externalId" => external_id = field::text(value),
            "metadata" => metadata = field::object(value),
            "batches" => batches = field::list(value),
            "task" => task = field::object(value),
            "labeledAt" | "reviewedAt" | "status" | "labelDuration" | "consensus" | "tasks" => replaced_keys += 1,
            _ => others.push(member),
        }
    }
    let task = Task::read(task);

    let mut object = ObjectWriter::open(sink);
    let link = |sink: &mut S, value: &Value<'_, '_>| match value.kind() {
        Kind::String => parts.link(sink, value),
        _ => value.write(sink.buffer()),
    };
    match url {
        Some(url) => parts.link(object.key("asset"), &url),
        None => object.json("asset", "\"\""),
    }
    object.value_or("externalId", external_id, "\"\"");
    for member in others {
        match field::key(&member).as_ref() {
            "dataset" => {
                if let Some(dataset) = field::list(member.value) {
                    write_list(object.key(member.key), Some(dataset), link);
                }
            }
            _ => object.value_or(member.key, Some(member.value), "null"),
        }
    }
    object.value_or("metadata", metadata, "{}");
    object.value_or("labeledAt", task.completed_at(), "null");
    object.value_if_any("reviewedAt", task.reviewed_at());
    object.json("status", if task.is_labelled() { "\"Labeled\"" } else { "\"Unlabeled\"" });
    task.write_total_duration(&mut object, "labelDuration");
    object.value_or("consensus", task.consensus(), "\"\"");
    let tasks = object.key("tasks");
    tasks.buffer().push(b'[');
    task.write(tasks, parts);
    tasks.buffer().push(b']');
    object.value_or("batches", batches, "[]");
    object.close();

    left_out.add(Code::ReplacedKey, replaced_keys);
    task.count(left_out);
}
