//! What is known of a project besides its tasks: classes in order, stages, batches.

use crate::v3::{Annotations, Asset, Classification};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A class of the ontology, as in `categorySchema` of Hub's project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Class {
    /// Stable id.
    pub schema_id: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// Tool or kind of classification (`bounding-box`, `radio`, ...).
    #[serde(default)]
    pub tool: String,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// What can be chosen, of a classification.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Classes nested in this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classifications: Vec<Class>,
}

/// The classes of a project, in project order. That order is what class ids of converted exports come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ontology {
    /// Classes of drawn objects.
    pub tools: Vec<Class>,
    /// Questions about the whole asset.
    pub classifications: Vec<Class>,
    /// Classes of relations.
    pub relations: Vec<Class>,
}

/// A stage of the workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Stable id; of stages that Hub creates by itself, the name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `Start`, `Label`, `Review`, `Consensus`, `Complete`, ...
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A batch of assets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Stable id.
    #[serde(alias = "_id")]
    pub id: String,
    /// What people call it; exports carry names.
    pub name: String,
}

/// What is known of a project before its first task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// The project's name.
    pub name: String,
    /// Its classes.
    pub ontology: Ontology,
    /// Its stages; empty when unknown.
    pub stages: Vec<Stage>,
    /// Its batches; empty when unknown.
    pub batches: Vec<Batch>,
    /// How many tasks it holds, where known.
    pub task_count: Option<u64>,
}

/// Derives an ontology from the tasks of an export that comes without one.
///
/// The project's own order is not in an export, so classes are ordered by schema id: unlike the order of first appearance, that does not change when tasks
/// are exported in another order.
#[derive(Debug, Default)]
pub struct Derivation {
    tools: Group,
    classifications: Group,
    relations: Group,
    stages: Vec<Stage>,
    batches: Vec<String>,
    tasks: u64,
}

/// Classes of one group, with the parent of those that are nested.
#[derive(Debug, Default)]
struct Group(HashMap<String, Found>);

#[derive(Debug)]
struct Found {
    title: String,
    tool: String,
    nested: Group,
}

impl Found {
    /// Takes the smaller title, and of one title the smaller tool, so that the result depends neither on the order of the records nor on where they were cut
    /// into parts. What is not empty comes first.
    #[inline]
    fn name(&mut self, title: &str, tool: &str) {
        let rank = |title: &str, tool: &str| (title.is_empty(), tool.is_empty());
        if (self.title.as_str(), self.tool.as_str()) != (title, tool)
            && (rank(title, tool), title, tool) < (rank(&self.title, &self.tool), self.title.as_str(), self.tool.as_str())
        {
            title.clone_into(&mut self.title);
            tool.clone_into(&mut self.tool);
        }
    }
}

impl Group {
    /// The class, noted when it is new. Looked up by reference: an `entry` would copy the id of every object of the export.
    fn see(&mut self, schema_id: &str, title: &str, tool: &str) -> Option<&mut Found> {
        match self.0.get_mut(schema_id) {
            Some(found) => found.name(title, tool),
            None => {
                self.0.insert(schema_id.to_owned(), Found { title: title.to_owned(), tool: tool.to_owned(), nested: Self::default() });
            }
        }
        self.0.get_mut(schema_id)
    }

    fn see_classifications(&mut self, classifications: &[Classification<'_>]) {
        for item in classifications {
            if let Some(found) = self.see(&item.schema_id, &item.title, &item.kind) {
                found.nested.see_classifications(&item.classifications);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (schema_id, found) in other.0 {
            match self.0.get_mut(&schema_id) {
                Some(mine) => {
                    mine.name(&found.title, &found.tool);
                    mine.nested.merge(found.nested);
                }
                None => {
                    self.0.insert(schema_id, found);
                }
            }
        }
    }

    fn into_classes(self) -> Vec<Class> {
        let mut classes: Vec<Class> = self
            .0
            .into_iter()
            .map(|(schema_id, found)| Class {
                schema_id,
                title: found.title,
                tool: found.tool,
                color: None,
                options: Vec::new(),
                classifications: found.nested.into_classes(),
            })
            .collect();
        // Shorter ids first: old ids are decimal numbers.
        classes.sort_by(|a, b| (a.schema_id.len(), &a.schema_id).cmp(&(b.schema_id.len(), &b.schema_id)));
        classes
    }
}

impl Derivation {
    /// Takes note of everything that occurs in one task.
    pub fn see(&mut self, asset: &Asset<'_>) {
        self.tasks += 1;
        let task = &asset.task;
        self.see_stage(&task.stage, task.stage_id.as_deref());
        for batch in &asset.batches {
            if !self.batches.iter().any(|known| known == batch) {
                self.batches.push(batch.to_string());
            }
        }
        self.see_annotations(&task.annotations);
        for visit in &task.history {
            self.see_stage(&visit.stage, visit.stage_id.as_deref());
            self.see_annotations(&visit.annotations);
        }
    }

    fn see_stage(&mut self, name: &str, id: Option<&str>) {
        let id = id.unwrap_or(name);
        if !self.stages.iter().any(|known| known.id == id) {
            self.stages.push(Stage { id: id.to_owned(), name: name.to_owned(), kind: None });
        }
    }

    fn see_annotations(&mut self, annotations: &Annotations<'_>) {
        for object in &annotations.objects {
            if let Some(found) = self.tools.see(&object.schema_id, &object.title, object.geometry.tool()) {
                found.nested.see_classifications(&object.classifications);
            }
        }
        self.classifications.see_classifications(&annotations.classifications);
        for relation in &annotations.relations {
            self.relations.see(&relation.schema_id, &relation.title, relation.members.tool());
        }
    }

    /// Adds what another part of the export holds.
    pub fn merge(&mut self, other: Self) {
        self.tasks += other.tasks;
        self.tools.merge(other.tools);
        self.classifications.merge(other.classifications);
        self.relations.merge(other.relations);
        for stage in other.stages {
            if !self.stages.iter().any(|known| known.id == stage.id) {
                self.stages.push(stage);
            }
        }
        for batch in other.batches {
            if !self.batches.contains(&batch) {
                self.batches.push(batch);
            }
        }
    }

    /// The project that the export seems to be of. Stages and batches are in alphabetical order.
    pub fn into_project(mut self, name: &str) -> Project {
        self.stages.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        self.batches.sort();
        Project {
            name: name.to_owned(),
            ontology: Ontology {
                tools: self.tools.into_classes(),
                classifications: self.classifications.into_classes(),
                relations: self.relations.into_classes(),
            },
            stages: self.stages,
            batches: self.batches.into_iter().map(|name| Batch { id: name.clone(), name }).collect(),
            task_count: Some(self.tasks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn classes_depend_neither_on_the_order_of_the_records_nor_on_where_they_are_cut() {
        let record = |title: &str, question: &str| {
            format!(
                r#"{{"asset":"a","task":{{"taskId":"t","tools":[{{"point":[0,0],"objectId":"o","schemaId":"s","title":"{title}","classifications":[{{"schemaId":"q","title":"{question}"}}]}}]}}}}"#
            )
        };
        let records = [record("Ship", ""), record("", "Why"), record("Boat", "Who")];
        let see = |derivation: &mut Derivation, index: usize| {
            let document = Document::parse(&records[index]).unwrap_or_else(|error| unreachable!("{error:?}"));
            derivation.see(&Asset::read(&document.root()).unwrap_or_else(|error| unreachable!("{error:?}")));
        };
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for cut in 0..=records.len() {
                let (mut first, mut second) = (Derivation::default(), Derivation::default());
                order[..cut].iter().for_each(|index| see(&mut first, *index));
                order[cut..].iter().for_each(|index| see(&mut second, *index));
                first.merge(second);
                let tools = first.into_project("p").ontology.tools;
                assert_eq!((tools[0].title.as_str(), tools[0].classifications[0].title.as_str()), ("Boat", "Who"), "{order:?} cut at {cut}");
            }
        }
    }
}
