//! Filters against what the project has: ids become names, and a filter that names something that does not exist is found out.

use super::{ExportOptions, StageFilter};
use crate::json::Value;
use crate::ontology::{Batch, Stage};
use std::borrow::Cow;
use std::collections::HashSet;

impl ExportOptions {
    /// The wanted stages that the project does not have. A project that lists no stages is not asked.
    pub fn unknown_stages(&self, known: &[Stage]) -> Vec<String> {
        match &self.stages {
            StageFilter::Only(wanted) if !known.is_empty() => {
                wanted.iter().filter(|name| !known.iter().any(|stage| stage.id == **name || stage.name == **name)).cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The wanted batches that the project does not have, by id or by name. A project that lists no batches is not asked.
    pub fn unknown_batches(&self, known: &[Batch]) -> Vec<String> {
        match &self.batches {
            Some(wanted) if !known.is_empty() => wanted.iter().filter(|name| !known.iter().any(|batch| is_called(batch, name))).cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The same options with the ids of batches replaced by their names, which is what records hold. What is neither an id nor a name stays as it is.
    #[must_use]
    pub fn resolve_batches(&self, known: &[Batch]) -> Self {
        let mut resolved = self.clone();
        if let Some(wanted) = &self.batches {
            let mut names: Vec<String> = Vec::with_capacity(wanted.len());
            for given in wanted {
                let before = names.len();
                // One batch may be called what another one's id is: then both are meant.
                names.extend(known.iter().filter(|batch| is_called(batch, given)).map(|batch| batch.name.clone()));
                if names.len() == before {
                    names.push(given.clone());
                }
            }
            let mut seen = HashSet::new();
            names.retain(|name| seen.insert(name.clone()));
            resolved.batches = Some(names);
        }
        resolved
    }

    /// The id of the record's task when that is one of the selected [`tasks`](Self::tasks), whatever the other filters say; `None` when no tasks are
    /// selected one by one. Whoever reads the records collects these for [`unknown_tasks`](Self::unknown_tasks).
    pub fn wanted_task<'a>(&self, record: &Value<'a, '_>) -> Option<Cow<'a, str>> {
        let wanted = self.tasks.as_ref()?;
        record.get("task")?.get("taskId")?.as_str().filter(|id| wanted.contains(id.as_ref()))
    }

    /// The selected tasks that are not among those seen, in alphabetical order: known only after the last record.
    pub fn unknown_tasks(&self, seen: &HashSet<String>) -> Vec<String> {
        let mut unknown: Vec<String> = self.tasks.iter().flatten().filter(|id| !seen.contains(*id)).cloned().collect();
        unknown.sort();
        unknown
    }
}

fn is_called(batch: &Batch, given: &str) -> bool {
    batch.id == given || batch.name == given
}
