//! The project as plugins see it.

use crate::bindings::ango::converter::types as wit;
use ango_model::ontology::{Class, Project};
use ango_model::time::Timestamp;
use std::sync::Arc;

/// A project as plugins see it.
#[derive(Debug, Clone)]
pub struct ProjectForPlugin(pub(crate) Arc<wit::Project>);

impl ProjectForPlugin {
    /// The project, with the time when the export was taken.
    pub fn new(project: &Project, exported_at: Option<Timestamp>) -> Self {
        let ontology = &project.ontology;
        // Questions nested in tools come after those of the asset: the group of tools holds nothing but tools.
        let mut classifications = classes(&ontology.classifications);
        ontology.classifications.iter().chain(&ontology.tools).for_each(|class| add_nested(&mut classifications, class));
        Self(Arc::new(wit::Project {
            name: project.name.clone(),
            exported_at,
            tools: classes(&ontology.tools),
            classifications,
            relations: classes(&ontology.relations),
            stages: project.stages.iter().map(|stage| stage.name.clone()).collect(),
            batches: project.batches.iter().map(|batch| batch.name.clone()).collect(),
            task_count: project.task_count,
        }))
    }
}

impl Default for ProjectForPlugin {
    fn default() -> Self {
        Self::new(&Project::default(), None)
    }
}

/// The outer classes of a group, with their positions.
fn classes(group: &[Class]) -> Vec<wit::Class> {
    let mut flat = Vec::new();
    group.iter().for_each(|class| add(&mut flat, class, None));
    flat
}

fn add(flat: &mut Vec<wit::Class>, class: &Class, parent: Option<&str>) {
    flat.push(wit::Class {
        index: flat.len() as u32,
        schema_id: class.schema_id.clone(),
        title: class.title.clone(),
        kind: class.tool.clone(),
        color: class.color.clone(),
        options: class.options.clone(),
        parent: parent.map(str::to_owned),
    });
}

fn add_nested(flat: &mut Vec<wit::Class>, class: &Class) {
    for nested in &class.classifications {
        add(flat, nested, Some(&class.schema_id));
        add_nested(flat, nested);
    }
}
