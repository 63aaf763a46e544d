//! The one member of `tasks`.

use super::Parts;
use super::annotations;
use super::field;
use super::history::{History, Visit};
use super::left_out::{Code, LeftOut};
use super::relations::write_relation;
use super::write::{ObjectWriter, write_list};
use crate::json::{Member, Value};
use crate::options::TaskType;
use crate::sink::Sink;

/// The fields of a V3 task that the legacy form is made from. Of a key that occurs twice the last one counts, as for the typed reader.
#[derive(Debug, Default)]
pub(super) struct Task<'a, 'd> {
    task_id: Option<Value<'a, 'd>>,
    kind: Option<TaskType>,
    has_stage: bool,
    is_complete: bool,
    updated_at: Option<Value<'a, 'd>>,
    updated_by: Option<Value<'a, 'd>>,
    total_duration: Option<Value<'a, 'd>>,
    consensus_average: Option<Value<'a, 'd>>,
    has_consensus_detailed: bool,
    tools: Option<Value<'a, 'd>>,
    classifications: Option<Value<'a, 'd>>,
    relations: Option<Value<'a, 'd>>,
    brush: Option<Value<'a, 'd>>,
    voxel_brush: Option<Value<'a, 'd>>,
    pub(super) history: History<'a, 'd>,
    idle_blur: u64,
    /// Keys that only legacy exports have, in a record that was made from one.
    is_skipped: Option<Value<'a, 'd>>,
    benchmark: Option<Value<'a, 'd>>,
    issues: Option<Value<'a, 'd>>,
    /// Unknown keys.
    others: Vec<Member<'a, 'd>>,
    replaced_keys: u64,
}

impl<'a, 'd> Task<'a, 'd> {
    pub(super) fn read(task: Option<Value<'a, 'd>>) -> Self {
        let mut this = Self::default();
        let mut history = None;
        for member in task.iter().flat_map(Value::members) {
            let value = member.value;
            match field::key(&member).as_ref() {
                "taskId" => this.task_id = field::text(value),
                "type" => this.kind = value.as_str().and_then(|name| TaskType::from_name(&name)),
                "stage" | "stageId" => {
                    this.has_stage |= field::text(value).is_some();
                    this.is_complete |= value.as_str().is_some_and(|stage| stage == "Complete");
                }
                "updatedAt" => this.updated_at = field::time(value),
                "updatedBy" => this.updated_by = field::text(value),
                "totalDuration" => this.total_duration = field::duration(value),
                "consensusAverage" => this.consensus_average = field::number(value),
                "consensusDetailed" => this.has_consensus_detailed = value.elements().next().is_some(),
                "tools" => this.tools = field::list(value),
                "classifications" => this.classifications = field::list(value),
                "relations" => this.relations = field::list(value),
                "brushDataUrl" => this.brush = field::text(value),
                "medicalBrushDataUrl" => this.voxel_brush = field::text(value),
                "stageHistory" => history = field::list(value),
                "idleDuration" | "blurDuration" | "totalIdleDuration" | "totalBlurDuration" => this.idle_blur += u64::from(!value.is_null()),
                "isSkipped" => this.is_skipped = field::present(value),
                "benchmark" => this.benchmark = field::present(value),
                "issues" => this.issues = field::present(value),
                // Only a store knows it, and no export has it.
                "createdAt" => {}
                "completedBy" | "completedAt" | "duration" | "review" | "status" | "isBenchmark" | "objects" => this.replaced_keys += 1,
                _ => this.others.push(member),
            }
        }
        this.history = History::read(history);
        this
    }

    /// Whether the asset is labelled: somebody completed a labelling pass, or the task has reached the end of the workflow, which it also has when its
    /// labels were imported or its history is not known.
    pub(super) fn is_labelled(&self) -> bool {
        self.history.pass.is_some() || self.is_complete
    }

    /// When it was labelled; of a task that is not, there is no time to tell.
    pub(super) fn completed_at(&self) -> Option<Value<'a, 'd>> {
        self.history.pass.and_then(|pass| pass.completed_at).or_else(|| self.updated_at.filter(|_| self.is_labelled()))
    }

    /// When it was reviewed, if somebody did.
    pub(super) fn reviewed_at(&self) -> Option<Value<'a, 'd>> {
        self.history.review.filter(|review| review.completed_by.is_some())?.completed_at
    }

    pub(super) fn consensus(&self) -> Option<Value<'a, 'd>> {
        self.consensus_average
    }

    /// Writes the time over all stages as the member `key`.
    pub(super) fn write_total_duration<S: Sink>(&self, object: &mut ObjectWriter<'_, S>, key: &str) {
        object.value_or(key, self.total_duration, &self.history.total.to_string());
    }

    /// Writes the member of `tasks`.
    pub(super) fn write<S: Sink>(&self, sink: &mut S, parts: &impl Parts<S>) {
        let mut object = ObjectWriter::open(sink);
        object.value_or("completedBy", self.history.pass.and_then(|pass| pass.completed_by), "null");
        object.value_or("completedAt", self.completed_at(), "null");
        match self.history.visits {
            0 => self.write_total_duration(&mut object, "duration"),
            _ => object.json("duration", &self.history.labelling.to_string()),
        }
        object.value_if_any("isSkipped", self.is_skipped);
        self.write_review(object.key("review"));
        object.json("status", if self.is_labelled() { "\"Completed\"" } else { "\"TODO\"" });
        object.value_or("updatedBy", self.updated_by, "null");
        object.value_or("updatedAt", self.updated_at, "null");
        if let Some(kind) = self.kind {
            object.json("isBenchmark", if kind == TaskType::Benchmark { "true" } else { "false" });
        }
        object.value_if_any("benchmark", self.benchmark);
        object.value_if_any("issues", self.issues);
        object.value_or("taskId", self.task_id, "\"\"");
        for (key, link) in [("brushDataUrl", self.brush), ("medicalBrushDataUrl", self.voxel_brush)] {
            if let Some(link) = link {
                parts.link(object.key(key), &link);
            }
        }
        object.list("objects", self.tools, |sink, list| parts.tools(sink, list));
        object.list("classifications", self.classifications, |sink, list| parts.classifications(sink, list));
        write_list(object.key("relations"), self.relations, write_relation);
        for member in &self.others {
            object.value_or(member.key, Some(member.value), "null");
        }
        object.close();
    }

    fn write_review<S: Sink>(&self, sink: &mut S) {
        let review = self.history.review.unwrap_or_default();
        let mut object = ObjectWriter::open(sink);
        object.value_or("status", review.review_status, "\"Todo\"");
        let reviewers = review.completed_by.map_or("", |reviewer| reviewer.literal());
        object.json("completedBy", &format!("[{reviewers}]"));
        object.value_or("completedAt", review.completed_at, "null");
        object.value_or("duration", review.duration, "0");
        object.close();
    }

    /// Counts what [`write`](Self::write) has no value or no place for.
    pub(super) fn count(&self, left_out: &mut LeftOut) {
        let history = &self.history;
        let by = |visit: Option<Visit<'_, '_>>| visit.is_some_and(|visit| visit.completed_by.is_some());
        let names = [by(history.pass), by(history.review), self.updated_by.is_some()];
        for (code, times) in [
            (Code::Stage, u64::from(self.has_stage)),
            (Code::StageHistory, history.with_annotations),
            (Code::StageVisit, history.unused_visits()),
            (Code::ConsensusDetailed, u64::from(self.has_consensus_detailed)),
            (Code::IdleBlur, self.idle_blur.saturating_add(history.idle_blur)),
            (Code::UserName, names.iter().map(|name| u64::from(*name)).sum()),
            (Code::IsSkipped, u64::from(self.is_skipped.is_none())),
            (Code::IsBenchmark, u64::from(self.kind.is_none())),
            (Code::Benchmark, u64::from(self.benchmark.is_none())),
            (Code::Issues, u64::from(self.issues.is_none())),
            (Code::ReplacedKey, self.replaced_keys),
        ] {
            left_out.add(code, times);
        }
        annotations::count_tools(self.tools, left_out);
        annotations::count_classifications(self.classifications, left_out);
        annotations::count_names(self.relations, left_out);
    }
}
