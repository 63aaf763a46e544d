//! Tasks, their annotations, and their way through the stages (`ango-v3.md` sections 1.2 and 1.6).

use super::classification::Classification;
use super::extra::Extra;
use super::field::{self, Result, Within};
use super::object::Object;
use super::relation::Relation;
use crate::json::{Member, Value};
use crate::time::Timestamp;
use std::borrow::Cow;

/// Everything annotated on a task in one stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Annotations<'a> {
    /// Drawn objects (`tools`).
    pub objects: Vec<Object<'a>>,
    /// Answers about the whole asset.
    pub classifications: Vec<Classification<'a>>,
    /// Relations between objects.
    pub relations: Vec<Relation<'a>>,
    /// Link to a PNG with all brush traces.
    pub brush: Option<Cow<'a, str>>,
    /// Link to a `.seg.nrrd` with the voxel brush traces.
    pub voxel_brush: Option<Cow<'a, str>>,
}

/// One pass of a task through a stage. A stage recurs after a requeue; consensus branches are stages of their own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StageVisit<'a> {
    /// Stage name.
    pub stage: Cow<'a, str>,
    /// Stage id; absent in old exports.
    pub stage_id: Option<Cow<'a, str>>,
    /// Active time in milliseconds.
    pub duration: u64,
    /// When the task left the stage.
    pub completed_at: Option<Timestamp>,
    /// Who completed it; absent on automatic stages.
    pub completed_by: Option<Cow<'a, str>>,
    /// `Accepted`, `Rejected`, `Todo` or `Fixed`, on review stages.
    pub review_status: Option<Cow<'a, str>>,
    /// The annotations as they left the stage.
    pub annotations: Annotations<'a>,
}

/// A task. Its annotations are those saved into the stage being exported.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Task<'a> {
    /// Id.
    pub task_id: Cow<'a, str>,
    /// Stage name.
    pub stage: Cow<'a, str>,
    /// Stage id; absent in old exports.
    pub stage_id: Option<Cow<'a, str>>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// Who changed it (an email address).
    pub updated_by: Option<Cow<'a, str>>,
    /// Active time over all stages, in milliseconds.
    pub total_duration: u64,
    /// What is annotated.
    pub annotations: Annotations<'a>,
    /// The stages before this one, oldest first.
    pub history: Vec<StageVisit<'a>>,
    /// Unknown keys.
    pub extra: Extra<'a>,
}

/// Keys of a task that are no part of the typed view, and that an export has only when it is asked for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionalKey {
    /// Idle and blur durations.
    IdleBlurDuration,
    /// What only a store knows of a task: its type, and when it was created.
    Store,
}

impl OptionalKey {
    /// What the key of a task is; `None` when an export has it in any case.
    #[inline]
    pub fn of(key: &str) -> Option<Self> {
        match key {
            "idleDuration" | "blurDuration" | "totalIdleDuration" | "totalBlurDuration" => Some(Self::IdleBlurDuration),
            "type" | "createdAt" => Some(Self::Store),
            _ => None,
        }
    }
}

impl<'a> Annotations<'a> {
    /// Takes a member that tasks and stage visits share; `false` when it is not one.
    fn take(&mut self, member: &Member<'a, '_>) -> Result<bool> {
        let value = &member.value;
        match member.key {
            "tools" => self.objects = field::list(value, Object::read).within("tools")?,
            "classifications" => self.classifications = field::list(value, Classification::read).within("classifications")?,
            "relations" => self.relations = field::list(value, Relation::read).within("relations")?,
            "brushDataUrl" => self.brush = field::optional_text(value).within("brushDataUrl")?,
            "medicalBrushDataUrl" => self.voxel_brush = field::optional_text(value).within("medicalBrushDataUrl")?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'a> StageVisit<'a> {
    fn read(value: &Value<'a, '_>) -> Result<Self> {
        field::object(value)?;
        let mut this = Self::default();
        for member in value.members() {
            if this.annotations.take(&member)? {
                continue;
            }
            let value = &member.value;
            match member.key {
                "stage" => this.stage = field::optional_text(value).within("stage")?.unwrap_or_default(),
                "stageId" => this.stage_id = field::optional_text(value).within("stageId")?,
                "duration" => this.duration = field::duration(value).within("duration")?,
                "completedAt" => this.completed_at = field::time(value).within("completedAt")?,
                "completedBy" => this.completed_by = field::optional_text(value).within("completedBy")?,
                "reviewStatus" => this.review_status = field::optional_text(value).within("reviewStatus")?,
                _ => {}
            }
        }
        Ok(this)
    }
}

impl<'a> Task<'a> {
    pub(super) fn read(value: &Value<'a, '_>) -> Result<Self> {
        field::object(value)?;
        let mut this = Self::default();
        let mut task_id = None;
        for member in value.members() {
            if this.annotations.take(&member)? {
                continue;
            }
            let value = &member.value;
            match member.key {
                "taskId" => task_id = field::optional_text(value).within("taskId")?,
                "stage" => this.stage = field::optional_text(value).within("stage")?.unwrap_or_default(),
                "stageId" => this.stage_id = field::optional_text(value).within("stageId")?,
                "updatedAt" => this.updated_at = field::time(value).within("updatedAt")?,
                "updatedBy" => this.updated_by = field::optional_text(value).within("updatedBy")?,
                "totalDuration" => this.total_duration = field::duration(value).within("totalDuration")?,
                "stageHistory" => this.history = field::list(value, StageVisit::read).within("stageHistory")?,
                // Only a store knows it, and only a filter reads it; a filter lets through what it cannot read.
                "createdAt" => {
                    field::time(value).within("createdAt")?;
                    this.extra.push(&member);
                }
                _ => this.extra.push(&member),
            }
        }
        this.task_id = task_id.ok_or_else(|| field::missing(value, "taskId"))?;
        Ok(this)
    }
}
