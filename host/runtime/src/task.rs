//! From the typed view of a record to the packed form in which tasks cross into a guest.
//!
//! Packed straight from the record's text: no task is ever built here, unless a guest asks for typed ones. The order of the fields is the contract's.

use ango_model::json::{Document, Value, compact};
use ango_model::v3;
use ango_model::video::{Entry, FullList, Kind, Video};
use ango_packed::write::{case, f64, f64_fields, flag, list, list_counted, numbers, option, s64, text, u32, u64};
use std::borrow::Cow;
use std::convert::Infallible;

/// What of a record a plugin gets: what the export carries, and of the history only what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Annotation metadata.
    pub metadata: bool,
    /// Stage history.
    pub history: bool,
    /// Idle and blur durations, which are not typed and so travel in `extra`.
    pub idle_blur_durations: bool,
    /// What only a store knows of a task; in `extra` too.
    pub store_keys: bool,
}

impl Wanted {
    /// Whether the export has this key of a task, which the contract does not type.
    fn has_task_key(self, key: &str) -> bool {
        match v3::OptionalKey::of(key) {
            Some(v3::OptionalKey::IdleBlurDuration) => self.idle_blur_durations,
            Some(v3::OptionalKey::Store) => self.store_keys,
            None => true,
        }
    }
}

/// A task's place in the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPosition<'a> {
    /// Position, from 0.
    pub index: u64,
    /// Objects of all earlier tasks.
    pub object_offset: u64,
    /// The name for files made from the asset.
    pub file_name: &'a str,
    /// Its issues, a JSON list, for a plugin that wants them.
    pub issues: Option<&'a str>,
}

/// A record of key frames, of which a plugin gets all frames. They are computed one by one, and never are together anywhere but in the packed form.
#[derive(Debug, Clone, Copy)]
pub struct Frames<'a, 'd> {
    /// The asset object.
    pub record: Value<'a, 'd>,
    /// The video that it is of.
    pub video: Video,
}

/// The lists of annotations that key frames are in, and the number of frames.
type Lists<'a, 'd> = Option<(Value<'a, 'd>, Option<u32>)>;

/// Appends the task of an asset; with all its frames, when they are computed.
pub(crate) fn pack(out: &mut Vec<u8>, asset: &v3::Asset<'_>, position: &TaskPosition<'_>, wanted: Wanted, frames: Option<Frames<'_, '_>>) {
    let task = &asset.task;
    let record = frames.and_then(|frames| Some((frames.record.get("task")?, frames.video.frame_total)));
    u64(out, position.index);
    u64(out, position.object_offset);
    text(out, &task.task_id);
    text(out, &task.stage);
    optional(out, task.stage_id.as_deref());
    option(out, task.updated_at, s64);
    optional(out, task.updated_by.as_deref());
    u64(out, task.total_duration);
    pack_asset(out, asset, position.file_name);
    annotations(out, &task.annotations, wanted, record);
    // The typed view leaves null members out.
    let history = record.and_then(|(task, _)| task.get("stageHistory"));
    let mut visits = history.iter().flat_map(Value::elements).filter(|visit| !visit.is_null());
    list(out, if wanted.history { &task.history } else { &[] }, |out, visit| {
        let lists = record.and_then(|(_, total)| Some((visits.next()?, total)));
        stage_visit(out, visit, wanted, lists);
    });
    optional_json(out, with_issues(task.extra.to_json_of(|key| wanted.has_task_key(key)), task, position.issues).as_deref());
}

/// What is not typed, and the task's issues under the key that records of the legacy format have them under. A record that carries its own keeps them.
fn with_issues(extra: Option<String>, task: &v3::Task<'_>, issues: Option<&str>) -> Option<String> {
    let Some(issues) = issues.filter(|_| !task.extra.iter().any(|(key, _)| key == "issues")) else { return extra };
    let before = extra.as_deref().and_then(|extra| extra.strip_suffix('}')).unwrap_or("{");
    Some([before, if before == "{" { "" } else { "," }, "\"issues\":", issues, "}"].concat())
}

fn optional(out: &mut Vec<u8>, value: Option<&str>) {
    option(out, value, text);
}

/// What a guest is given does not depend on how the record was spaced.
fn json(out: &mut Vec<u8>, value: &str) {
    text(out, &compact(value));
}

fn optional_json(out: &mut Vec<u8>, value: Option<&str>) {
    option(out, value, json);
}

fn texts(out: &mut Vec<u8>, items: &[Cow<'_, str>]) {
    list(out, items, |out, item| text(out, item));
}

fn pack_asset(out: &mut Vec<u8>, asset: &v3::Asset<'_>, file_name: &str) {
    text(out, &asset.url);
    optional(out, asset.asset_id.as_deref());
    text(out, &asset.external_id);
    text(out, file_name);
    texts(out, &asset.dataset);
    texts(out, &asset.batches);
    option(out, asset.width, u32);
    option(out, asset.height, u32);
    option(out, asset.frame_total, u32);
    option(out, asset.frame_rate, f64);
    optional_json(out, asset.context_data);
    optional_json(out, asset.extra.to_json().as_deref());
}

fn stage_visit(out: &mut Vec<u8>, visit: &v3::StageVisit<'_>, wanted: Wanted, lists: Lists<'_, '_>) {
    text(out, &visit.stage);
    optional(out, visit.stage_id.as_deref());
    u64(out, visit.duration);
    option(out, visit.completed_at, s64);
    optional(out, visit.completed_by.as_deref());
    optional(out, visit.review_status.as_deref());
    annotations(out, &visit.annotations, wanted, lists);
}

fn annotations(out: &mut Vec<u8>, annotations: &v3::Annotations<'_>, wanted: Wanted, lists: Lists<'_, '_>) {
    match lists {
        None => {
            list(out, &annotations.objects, |out, item| object(out, item, wanted));
            classifications(out, &annotations.classifications, wanted);
        }
        Some((holder, total)) => {
            let of = |key| holder.get(key);
            all_frames(out, of("tools"), Kind::Tools, total, |out, value, count| {
                if let Ok(item) = v3::Object::read(value) {
                    object(out, &item, wanted);
                    *count += 1;
                }
            });
            all_frames(out, of("classifications"), Kind::Classifications, total, |out, value, count| {
                if let Ok(item) = v3::Classification::read(value) {
                    flatten(out, count, None, std::slice::from_ref(&item), wanted);
                }
            });
        }
    }
    list(out, &annotations.relations, relation);
    optional(out, annotations.brush.as_deref());
    optional(out, annotations.voxel_brush.as_deref());
}

fn object(out: &mut Vec<u8>, object: &v3::Object<'_>, wanted: Wanted) {
    text(out, &object.object_id);
    text(out, &object.schema_id);
    text(out, &object.title);
    geometry(out, &object.geometry);
    option(out, object.page, u32);
    flag(out, object.interpolation_stopped);
    optional(out, object.ocr.as_deref());
    option(out, object.provenance.as_ref().filter(|_| wanted.metadata), provenance);
    classifications(out, &object.classifications, wanted);
    optional_json(out, object.extra.to_json().as_deref());
}

fn geometry(out: &mut Vec<u8>, geometry: &v3::Geometry<'_>) {
    match geometry {
        v3::Geometry::BoundingBox(b) => {
            case(out, 0);
            f64_fields(out, [b.x, b.y, b.width, b.height]);
        }
        v3::Geometry::RotatedBox(b) => {
            case(out, 1);
            numbers(out, &b.corners);
            f64_fields(out, [b.width, b.height, b.rotation]);
        }
        v3::Geometry::Polygon(path) => {
            case(out, 2);
            numbers(out, path);
        }
        v3::Geometry::Polyline(path) => {
            case(out, 3);
            numbers(out, path);
        }
        v3::Geometry::Segmentation(zones) => {
            case(out, 4);
            list(out, zones, |out, zone| {
                numbers(out, &zone.region);
                list(out, &zone.holes, |out, hole| numbers(out, hole));
            });
        }
        v3::Geometry::Point(position) => {
            case(out, 5);
            f64_fields(out, *position);
        }
        v3::Geometry::Spline(path) => {
            case(out, 6);
            numbers(out, path);
        }
        v3::Geometry::Entity(entity) => {
            case(out, 7);
            f64(out, entity.start);
            f64(out, entity.end);
            optional(out, entity.selection.as_deref());
        }
        v3::Geometry::Pdf(area) => {
            case(out, 8);
            u32(out, area.page_number);
            rectangle(out, &area.bounds);
            list(out, &area.parts, rectangle);
            optional(out, area.text.as_deref());
        }
        v3::Geometry::VoxelBrush => case(out, 9),
        v3::Geometry::Other(key, value) => {
            case(out, 10);
            json(out, &if key.is_empty() { "{}".into() } else { format!("{{\"{key}\":{value}}}") });
        }
    }
}

fn rectangle(out: &mut Vec<u8>, r: &v3::PdfRectangle) {
    f64_fields(out, [r.x1, r.y1, r.x2, r.y2, r.page_width, r.page_height]);
}

fn provenance(out: &mut Vec<u8>, provenance: &v3::Provenance<'_>) {
    option(out, provenance.created_at, s64);
    optional(out, provenance.created_by.as_deref());
    optional(out, provenance.created_in.as_deref());
    option(out, provenance.updated_at, s64);
    optional(out, provenance.updated_by.as_deref());
    optional(out, provenance.updated_in.as_deref());
}

/// Answers, of an object or of the whole asset.
fn classifications(out: &mut Vec<u8>, nested: &[v3::Classification<'_>], wanted: Wanted) {
    list_counted(out, |out| {
        let mut count = 0;
        flatten(out, &mut count, None, nested, wanted);
        count
    });
}

/// Nested answers, flattened in pre-order.
fn flatten(out: &mut Vec<u8>, count: &mut u32, parent: Option<u32>, nested: &[v3::Classification<'_>], wanted: Wanted) {
    for item in nested {
        let position = *count;
        *count += 1;
        text(out, &item.object_id);
        text(out, &item.schema_id);
        text(out, &item.title);
        text(out, &item.kind);
        answer(out, &item.answer);
        option(out, parent, u32);
        option(out, item.page, u32);
        flag(out, item.interpolation_stopped);
        option(out, item.provenance.as_ref().filter(|_| wanted.metadata), provenance);
        flatten(out, count, Some(position), &item.classifications, wanted);
    }
}

/// A list with its computed frames. `write` appends one entry and counts what it appended. It can read every entry: the stored ones were read before, and a computed one is a stored
/// one on another frame.
fn all_frames(
    out: &mut Vec<u8>,
    list: Option<Value<'_, '_>>,
    kind: Kind,
    total: Option<u32>,
    write: impl Fn(&mut Vec<u8>, &Value<'_, '_>, &mut u32),
) {
    list_counted(out, |out| {
        let mut count = 0;
        // Whoever asks for frames has asked for their number before.
        if let Some(list) = list.and_then(|list| FullList::plan(list, kind, total).ok()) {
            let write_key_frame = |text: &mut Vec<u8>, value: &Value<'_, '_>| value.write(text);
            let Ok(()) = list.for_each(&write_key_frame, &mut |entry| -> Result<(), Infallible> {
                match entry {
                    Entry::Stored(value) if value.is_null() => {}
                    Entry::Stored(value) => write(out, &value, &mut count),
                    Entry::Computed(text) => {
                        if let Ok(document) = Document::parse(text) {
                            write(out, &document.root(), &mut count);
                        }
                    }
                }
                Ok(())
            });
        }
        count
    });
}

fn answer(out: &mut Vec<u8>, answer: &v3::Answer<'_>) {
    match answer {
        v3::Answer::Empty => case(out, 0),
        v3::Answer::Text(answer) => {
            case(out, 1);
            text(out, answer);
        }
        v3::Answer::Choices(choices) => {
            case(out, 2);
            texts(out, choices);
        }
        v3::Answer::Flag(answer) => {
            case(out, 3);
            flag(out, *answer);
        }
        v3::Answer::Number(answer) => {
            case(out, 4);
            f64(out, *answer);
        }
        v3::Answer::Other(answer) => {
            case(out, 5);
            json(out, answer);
        }
    }
}

fn relation(out: &mut Vec<u8>, relation: &v3::Relation<'_>) {
    text(out, &relation.object_id);
    text(out, &relation.schema_id);
    text(out, &relation.title);
    match &relation.members {
        v3::Members::Pair { source, target, direction } => {
            case(out, 0);
            text(out, source);
            text(out, target);
            case(
                out,
                match direction {
                    v3::Direction::Straight => 0,
                    v3::Direction::Reverse => 1,
                    v3::Direction::Bidirectional => 2,
                },
            );
        }
        // The contract has no case of its own for it: the first of the group is the one.
        v3::Members::OneToMany { source, targets } => {
            case(out, 1);
            list_counted(out, |out| std::iter::once(source).chain(targets).map(|member| text(out, member)).count() as u32);
        }
        v3::Members::Group(members) => {
            case(out, 1);
            texts(out, members);
        }
    }
    option(out, relation.page, u32);
}
