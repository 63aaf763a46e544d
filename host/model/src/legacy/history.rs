//! What the stages of a task say about who labelled and who reviewed it.

use super::field;
use crate::json::Value;

/// One pass of the task through a stage.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Visit<'a, 'd> {
    pub(super) completed_by: Option<Value<'a, 'd>>,
    pub(super) completed_at: Option<Value<'a, 'd>>,
    pub(super) duration: Option<Value<'a, 'd>>,
    /// Only on review stages.
    pub(super) review_status: Option<Value<'a, 'd>>,
    has_annotations: bool,
    idle_blur: u64,
}

impl<'a, 'd> Visit<'a, 'd> {
    fn read(value: &Value<'a, 'd>) -> Self {
        let mut this = Self::default();
        for member in value.members() {
            let value = member.value;
            match field::key(&member).as_ref() {
                "completedBy" => this.completed_by = field::text(value),
                "completedAt" => this.completed_at = field::time(value),
                "duration" => this.duration = field::duration(value),
                "reviewStatus" => this.review_status = field::text(value),
                "tools" | "classifications" | "relations" => this.has_annotations |= value.elements().next().is_some(),
                "brushDataUrl" | "medicalBrushDataUrl" => this.has_annotations |= field::text(value).is_some(),
                "idleDuration" | "blurDuration" => this.idle_blur += u64::from(!value.is_null()),
                _ => {}
            }
        }
        this
    }
}

/// The stages that the task has been through, in short.
#[derive(Debug, Default)]
pub(super) struct History<'a, 'd> {
    /// The last labelling pass. After a requeue an earlier one no longer says who made the annotations.
    pub(super) pass: Option<Visit<'a, 'd>>,
    /// The last visit of a review stage.
    pub(super) review: Option<Visit<'a, 'd>>,
    /// How many visits there were.
    pub(super) visits: u64,
    /// How many of them hold annotations.
    pub(super) with_annotations: u64,
    /// Idle and blur durations in them.
    pub(super) idle_blur: u64,
    /// Time of the labelling passes in milliseconds.
    pub(super) labelling: u64,
    /// Time of all visits in milliseconds.
    pub(super) total: u64,
}

impl<'a, 'd> History<'a, 'd> {
    /// Reads `stageHistory`. Visits are in order, oldest first (`ango-v3.md` section 1.6).
    pub(super) fn read(list: Option<Value<'a, 'd>>) -> Self {
        let mut this = Self::default();
        for visit in list.iter().flat_map(Value::elements).filter_map(field::object) {
            let visit = Visit::read(&visit);
            let duration = visit.duration.as_ref().and_then(field::milliseconds).unwrap_or(0);
            this.visits += 1;
            this.with_annotations += u64::from(visit.has_annotations);
            this.idle_blur = this.idle_blur.saturating_add(visit.idle_blur);
            this.total = this.total.saturating_add(duration);
            if visit.review_status.is_some() {
                this.review = Some(visit);
            } else if visit.completed_by.is_some() {
                // Nobody completes Start, Logic and plugin stages.
                this.labelling = this.labelling.saturating_add(duration);
                this.pass = Some(visit);
            }
        }
        this
    }

    /// The visits that nothing of is in the legacy form.
    pub(super) fn unused_visits(&self) -> u64 {
        self.visits - u64::from(self.pass.is_some()) - u64::from(self.review.is_some())
    }
}
