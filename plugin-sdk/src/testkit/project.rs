//! The ontology that a bare export implies.

use std::collections::{HashMap, HashSet};

use crate::types::{Class, Project, RelationMembers, Task};

/// Derives a project from its tasks, classes in the order in which they first occur, as a host does when the input is a bare V3 export.
pub fn derive_project(tasks: &[Task]) -> Project {
    let mut tools = Classes::default();
    let mut classifications = Classes::default();
    let mut relations = Classes::default();
    let (mut stages, mut batches) = (Texts::default(), Texts::default());
    for task in tasks {
        stages.add(&task.stage);
        task.asset.batches.iter().for_each(|batch| batches.add(batch));
        for object in &task.annotations.objects {
            tools.add(&object.schema_id, &object.title, object.geometry.kind(), None);
            for classification in &object.classifications {
                classifications.add(&classification.schema_id, &classification.title, &classification.kind, Some(&object.schema_id));
            }
        }
        for classification in &task.annotations.classifications {
            classifications.add(&classification.schema_id, &classification.title, &classification.kind, None);
        }
        for relation in &task.annotations.relations {
            let kind = match relation.members {
                RelationMembers::Pair(_) => "one-to-one",
                RelationMembers::Group(_) => "group",
            };
            relations.add(&relation.schema_id, &relation.title, kind, None);
        }
    }
    Project {
        name: String::new(),
        exported_at: None,
        tools: tools.list,
        classifications: classifications.list,
        relations: relations.list,
        stages: stages.list,
        batches: batches.list,
        task_count: Some(tasks.len() as u64),
    }
}

#[derive(Default)]
struct Classes {
    list: Vec<Class>,
    known: HashMap<String, usize>,
}

impl Classes {
    fn add(&mut self, schema_id: &str, title: &str, kind: &str, parent: Option<&str>) {
        if self.known.contains_key(schema_id) {
            return;
        }
        let index = self.list.len();
        self.known.insert(schema_id.to_owned(), index);
        self.list.push(Class {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            schema_id: schema_id.to_owned(),
            title: title.to_owned(),
            kind: kind.to_owned(),
            color: None,
            options: Vec::new(),
            parent: parent.map(str::to_owned),
        });
    }
}

#[derive(Default)]
struct Texts {
    list: Vec<String>,
    known: HashSet<String>,
}

impl Texts {
    fn add(&mut self, text: &str) {
        if self.known.insert(text.to_owned()) {
            self.list.push(text.to_owned());
        }
    }
}
