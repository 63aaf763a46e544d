//! What of a project an export contains.

use crate::json::Value;
use crate::ontology::Stage;

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

/// The filters and toggles of an export. The default is what Hub's Export tab starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// Which stages.
    pub stages: StageFilter,
    /// Annotation Metadata: who made each annotation, when, and in which stage.
    pub annotation_metadata: bool,
    /// Stage History: the stages a task went through, with its annotations in each.
    pub stage_history: bool,
}

impl ExportOptions {
    /// Everything that a record holds, of every stage: what a converter is given when somebody brings an export that was filtered before.
    pub fn everything() -> Self {
        Self { stages: StageFilter::All, annotation_metadata: true, stage_history: true }
    }

    /// Whether the record is in the export. Looks at the tape only, so that a filtered task costs no typed read.
    pub fn selects(&self, record: &Value<'_, '_>) -> bool {
        let StageFilter::Only(wanted) = &self.stages else { return true };
        let Some(task) = record.get("task") else { return true };
        ["stageId", "stage"].iter().filter_map(|key| task.get(key)?.as_str()).any(|stage| wanted.iter().any(|name| *name == stage))
    }

    /// The wanted stages that the project does not have. A project that lists no stages is not asked.
    pub fn unknown_stages(&self, known: &[Stage]) -> Vec<String> {
        match &self.stages {
            StageFilter::Only(wanted) if !known.is_empty() => {
                wanted.iter().filter(|name| !known.iter().any(|stage| stage.id == **name || stage.name == **name)).cloned().collect()
            }
            _ => Vec::new(),
        }
    }
}
