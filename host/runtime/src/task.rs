//! From the typed view of a record to the contract's types.

use crate::bindings::ango::converter::types as wit;
use ango_model::ontology::{Class, Project};
use ango_model::time::Timestamp;
use ango_model::v3;
use std::borrow::Cow;
use std::sync::Arc;

/// A task as plugins see it, shared by all that convert it.
#[derive(Debug, Clone)]
pub struct TaskForPlugin(pub(crate) Arc<wit::Task>);

/// A project as plugins see it.
#[derive(Debug, Clone)]
pub struct ProjectForPlugin(pub(crate) Arc<wit::Project>);

/// What of a record a plugin gets: what the export carries, and of the history only what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Annotation metadata.
    pub metadata: bool,
    /// Stage history.
    pub history: bool,
}

/// A task's place in the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPosition {
    /// Position, from 0.
    pub index: u64,
    /// Objects of all earlier tasks.
    pub object_offset: u64,
    /// The name for files made from the asset.
    pub file_name: String,
}

fn owned(text: Cow<'_, str>) -> String {
    text.into_owned()
}

fn optional(text: Option<Cow<'_, str>>) -> Option<String> {
    text.map(Cow::into_owned)
}

fn list(texts: Vec<Cow<'_, str>>) -> Vec<String> {
    texts.into_iter().map(Cow::into_owned).collect()
}

impl TaskForPlugin {
    /// The task of an asset.
    pub fn new(asset: v3::Asset<'_>, position: TaskPosition, wanted: Wanted) -> Self {
        let v3::Asset { task, .. } = asset;
        let extra = asset.extra.to_json();
        Self(Arc::new(wit::Task {
            index: position.index,
            object_offset: position.object_offset,
            task_id: owned(task.task_id),
            stage: owned(task.stage),
            stage_id: optional(task.stage_id),
            updated_at: task.updated_at,
            updated_by: optional(task.updated_by),
            total_duration_ms: task.total_duration,
            asset: wit::Asset {
                url: owned(asset.url),
                asset_id: optional(asset.asset_id),
                external_id: owned(asset.external_id),
                file_name: position.file_name,
                pages: list(asset.dataset),
                batches: list(asset.batches),
                width: asset.width,
                height: asset.height,
                frame_count: asset.frame_total,
                frame_rate: asset.frame_rate,
                context_data: asset.context_data.map(str::to_owned),
                extra,
            },
            annotations: annotations(task.annotations, wanted),
            history: if wanted.history { task.history.into_iter().map(|visit| stage_visit(visit, wanted)).collect() } else { Vec::new() },
            extra: task.extra.to_json(),
        }))
    }
}

fn stage_visit(visit: v3::StageVisit<'_>, wanted: Wanted) -> wit::StageVisit {
    wit::StageVisit {
        stage: owned(visit.stage),
        stage_id: optional(visit.stage_id),
        duration_ms: visit.duration,
        completed_at: visit.completed_at,
        completed_by: optional(visit.completed_by),
        review_status: optional(visit.review_status),
        annotations: annotations(visit.annotations, wanted),
    }
}

fn annotations(annotations: v3::Annotations<'_>, wanted: Wanted) -> wit::Annotations {
    wit::Annotations {
        objects: annotations.objects.into_iter().map(|object| self::object(object, wanted)).collect(),
        classifications: classifications(annotations.classifications, wanted),
        relations: annotations.relations.into_iter().map(relation).collect(),
        brush: optional(annotations.brush),
        voxel_brush: optional(annotations.voxel_brush),
    }
}

fn object(object: v3::Object<'_>, wanted: Wanted) -> wit::Object {
    wit::Object {
        object_id: owned(object.object_id),
        schema_id: owned(object.schema_id),
        title: owned(object.title),
        geometry: geometry(object.geometry),
        page: object.page,
        interpolation_stopped: object.interpolation_stopped,
        ocr: optional(object.ocr),
        provenance: object.provenance.filter(|_| wanted.metadata).map(provenance),
        classifications: classifications(object.classifications, wanted),
        extra: object.extra.to_json(),
    }
}

fn geometry(geometry: v3::Geometry<'_>) -> wit::Geometry {
    let rectangle =
        |r: v3::PdfRectangle| wit::PdfRectangle { x1: r.x1, y1: r.y1, x2: r.x2, y2: r.y2, page_width: r.page_width, page_height: r.page_height };
    match geometry {
        v3::Geometry::BoundingBox(b) => wit::Geometry::BoundingBox(wit::BoundingBox { x: b.x, y: b.y, width: b.width, height: b.height }),
        v3::Geometry::RotatedBox(b) => {
            wit::Geometry::RotatedBox(wit::RotatedBox { corners: b.corners, width: b.width, height: b.height, rotation: b.rotation })
        }
        v3::Geometry::Polygon(path) => wit::Geometry::Polygon(path),
        v3::Geometry::Polyline(path) => wit::Geometry::Polyline(path),
        v3::Geometry::Segmentation(zones) => {
            wit::Geometry::Segmentation(zones.into_iter().map(|zone| wit::Zone { region: zone.region, holes: zone.holes }).collect())
        }
        v3::Geometry::Point([x, y]) => wit::Geometry::Point(wit::Point { x, y }),
        v3::Geometry::Spline(path) => wit::Geometry::Spline(path),
        v3::Geometry::Entity(entity) => {
            wit::Geometry::Entity(wit::Span { start: entity.start, end: entity.end, selection: optional(entity.selection) })
        }
        v3::Geometry::Pdf(area) => wit::Geometry::Pdf(wit::PdfArea {
            page_number: area.page_number,
            bounds: rectangle(area.bounds),
            parts: area.parts.into_iter().map(rectangle).collect(),
            text: optional(area.text),
        }),
        v3::Geometry::VoxelBrush => wit::Geometry::VoxelBrush,
        v3::Geometry::Other(key, value) => wit::Geometry::Other(if key.is_empty() { "{}".into() } else { format!("{{\"{key}\":{value}}}") }),
    }
}

fn provenance(provenance: v3::Provenance<'_>) -> wit::Provenance {
    wit::Provenance {
        created_at: provenance.created_at,
        created_by: optional(provenance.created_by),
        created_in: optional(provenance.created_in),
        updated_at: provenance.updated_at,
        updated_by: optional(provenance.updated_by),
        updated_in: optional(provenance.updated_in),
    }
}

/// Nested answers, flattened in pre-order.
fn classifications(nested: Vec<v3::Classification<'_>>, wanted: Wanted) -> Vec<wit::Classification> {
    fn flatten(flat: &mut Vec<wit::Classification>, parent: Option<u32>, nested: Vec<v3::Classification<'_>>, wanted: Wanted) {
        for item in nested {
            let position = flat.len() as u32;
            flat.push(wit::Classification {
                object_id: owned(item.object_id),
                schema_id: owned(item.schema_id),
                title: owned(item.title),
                kind: owned(item.kind),
                answer: match item.answer {
                    v3::Answer::Empty => wit::Answer::Empty,
                    v3::Answer::Text(text) => wit::Answer::Text(owned(text)),
                    v3::Answer::Choices(choices) => wit::Answer::Choices(list(choices)),
                    v3::Answer::Flag(flag) => wit::Answer::Flag(flag),
                    v3::Answer::Number(number) => wit::Answer::Number(number),
                    v3::Answer::Other(json) => wit::Answer::Other(json.to_owned()),
                },
                parent,
                page: item.page,
                interpolation_stopped: item.interpolation_stopped,
                provenance: item.provenance.filter(|_| wanted.metadata).map(provenance),
            });
            flatten(flat, Some(position), item.classifications, wanted);
        }
    }
    let mut flat = Vec::with_capacity(nested.len());
    flatten(&mut flat, None, nested, wanted);
    flat
}

fn relation(relation: v3::Relation<'_>) -> wit::Relation {
    wit::Relation {
        object_id: owned(relation.object_id),
        schema_id: owned(relation.schema_id),
        title: owned(relation.title),
        members: match relation.members {
            v3::Members::Pair { source, target, direction } => wit::RelationMembers::Pair(wit::Pair {
                source: owned(source),
                target: owned(target),
                direction: match direction {
                    v3::Direction::Straight => wit::Direction::Straight,
                    v3::Direction::Reverse => wit::Direction::Reverse,
                    v3::Direction::Bidirectional => wit::Direction::Bidirectional,
                },
            }),
            v3::Members::Group(members) => wit::RelationMembers::Group(list(members)),
        },
        page: relation.page,
    }
}

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
