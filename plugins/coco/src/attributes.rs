//! `attributes`: what COCO has no key for, of images and annotations. Only what exists is written.

use ango_plugin_sdk::json::{write_answer, write_string, write_strings};
use ango_plugin_sdk::{Answer, Classification, Object, Task};

/// The attributes of an annotation: the object's id, the text read in it, unknown keys, and its answers by title.
pub(crate) fn object(out: &mut Vec<u8>, object: &Object) {
    out.extend_from_slice(b",\"attributes\":{\"objectId\":");
    write_string(out, &object.object_id);
    if let Some(ocr) = &object.ocr {
        out.extend_from_slice(b",\"ocr\":");
        write_string(out, ocr);
    }
    if let Some(extra) = &object.extra {
        out.extend_from_slice(b",\"extra\":");
        out.extend_from_slice(extra.as_bytes());
    }
    answers(out, &object.classifications, &["objectId", "ocr", "extra"]);
    out.push(b'}');
}

/// The attributes of an image: where it comes from, and the answers about all of it.
pub(crate) fn task(out: &mut Vec<u8>, task: &Task) {
    out.extend_from_slice(b",\"attributes\":{\"taskId\":");
    write_string(out, &task.task_id);
    let asset = &task.asset;
    if asset.external_id != asset.file_name {
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
    answers(out, &task.annotations.classifications, &["taskId", "externalId", "stage", "batches", "contextData"]);
    out.push(b'}');
}

/// Answers by title, in the order in which titles first occur; several answers under one title are a list.
fn answers(out: &mut Vec<u8>, classifications: &[Classification], reserved: &[&str]) {
    let mut answered: Vec<(usize, &Classification)> =
        classifications.iter().enumerate().filter(|(_, classification)| classification.answer != Answer::Empty).collect();
    if answered.len() > 1 {
        answered.sort_by(|a, b| a.1.title.cmp(&b.1.title).then(a.0.cmp(&b.0)));
    }
    let mut groups: Vec<&[(usize, &Classification)]> = answered.chunk_by(|a, b| a.1.title == b.1.title).collect();
    groups.sort_by_key(|group| group.first().map(|&(at, _)| at));
    for group in groups {
        let [(_, first), ..] = group else { continue };
        out.push(b',');
        if reserved.contains(&first.title.as_str()) {
            write_string(out, &format!("classification:{}", first.title));
        } else {
            write_string(out, &first.title);
        }
        out.push(b':');
        if let [(_, only)] = group {
            write_answer(out, &only.answer);
            continue;
        }
        for (at, (_, classification)) in group.iter().enumerate() {
            out.push(if at == 0 { b'[' } else { b',' });
            write_answer(out, &classification.answer);
        }
        out.push(b']');
    }
}
