//! Members of `attributes`: what COCO has no key for, of images and objects. Only what exists is written.

use crate::answers::{by_title, write_group};
use crate::images::Image;
use crate::json::{write_string, write_strings};
use crate::number::write_u64;
use crate::types::{Classification, Object, Task};

/// Appends `"objectId":...` and what else an object has: the text read in it, unknown keys, and its answers by title.
pub fn write_object_members(out: &mut Vec<u8>, object: &Object) {
    out.extend_from_slice(b"\"objectId\":");
    write_string(out, &object.object_id);
    if let Some(ocr) = &object.ocr {
        out.extend_from_slice(b",\"ocr\":");
        write_string(out, ocr);
    }
    if let Some(extra) = &object.extra {
        out.extend_from_slice(b",\"extra\":");
        out.extend_from_slice(extra.as_bytes());
    }
    if !object.classifications.is_empty() {
        write_answers(out, &object.classifications, &["objectId", "ocr", "extra", "keypoints"]);
    }
}

/// Appends `"taskId":...` and what else there is of an image: where it comes from, and the answers about it that `keep` says. Nothing of what a format already
/// says elsewhere.
pub fn write_image_members(out: &mut Vec<u8>, image: &Image<'_>, keep: &dyn Fn(&Classification) -> bool) {
    write_task_members(out, image.task, image.name);
    if let Some(page) = image.page {
        out.extend_from_slice(if image.is_frame { b",\"frame\":" } else { b",\"page\":" });
        write_u64(out, page.into());
    }
    let answers = image.classifications().map(|(_, answer)| answer).filter(|answer| keep(answer));
    let reserved = &["taskId", "externalId", "stage", "batches", "contextData", "frame", "page"];
    write_answers(out, answers, if image.page.is_some() { reserved } else { &reserved[..5] });
}

/// Appends `"taskId":...` and what else says where a task comes from; `name` is how its file is called.
pub fn write_task_members(out: &mut Vec<u8>, task: &Task, name: &str) {
    out.extend_from_slice(b"\"taskId\":");
    write_string(out, &task.task_id);
    let asset = &task.asset;
    if asset.external_id != name {
        out.extend_from_slice(b",\"externalId\":");
        write_string(out, &asset.external_id);
    }
    if !task.stage.is_empty() {
        out.extend_from_slice(b",\"stage\":");
        write_string(out, &task.stage);
    }
    if !asset.batches.is_empty() {
        out.extend_from_slice(b",\"batches\":");
        write_strings(out, &asset.batches);
    }
    if let Some(context) = &asset.context_data {
        out.extend_from_slice(b",\"contextData\":");
        out.extend_from_slice(context.as_bytes());
    }
}

/// Appends answers as members, each after a comma: by title, in the order in which titles first occur; several answers under one title are a list. A title that
/// is `reserved` is written `classification:TITLE`.
pub fn write_answers<'a>(out: &mut Vec<u8>, classifications: impl IntoIterator<Item = &'a Classification>, reserved: &[&str]) {
    write_groups(out, &mut classifications.into_iter(), reserved);
}

#[inline(never)]
fn write_groups(out: &mut Vec<u8>, classifications: &mut dyn Iterator<Item = &Classification>, reserved: &[&str]) {
    for (title, group) in by_title(classifications) {
        out.push(b',');
        if reserved.contains(&title) {
            write_string(out, &["classification:", title].concat());
        } else {
            write_string(out, title);
        }
        out.push(b':');
        write_group(out, &group);
    }
}
