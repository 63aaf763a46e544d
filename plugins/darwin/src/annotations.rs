//! The annotations of an image.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::text::write_uuid;
use ango_plugin_sdk::{Object, Run};

use crate::properties;
use crate::shapes::Shapes;

/// Appends the annotations of an image, between commas, and says how many.
pub(crate) fn write(out: &mut Vec<u8>, run: &Run, image: &Image<'_>, shapes: &mut Shapes, instance_ids: bool) -> u64 {
    // The same object can be on several pages, and those are items of their own.
    let page = image.page.map(|page| page.to_string()).unwrap_or_default();
    let mut written = 0;
    for (_, object) in image.objects() {
        let start = out.len();
        out.extend_from_slice(if written > 0 { b",\n{" } else { b"\n{" });
        let Some(class) = shapes.write(out, run, image, object) else {
            out.truncate(start);
            continue;
        };
        written += 1;
        sub_types(out, object, instance_ids.then_some(written));
        out.extend_from_slice(b",\"properties\":");
        properties::write(out, &mut object.classifications.iter().map(|answer| (None, answer)));
        end(out, &[&image.task.task_id, &object.object_id, &page], shapes.classes().name(class));
    }
    written
}

/// Appends what an annotation has beside its geometry.
pub(crate) fn sub_types(out: &mut Vec<u8>, object: &Object, instance_id: Option<u64>) {
    if let Some(text) = &object.ocr {
        out.extend_from_slice(b",\"text\":{\"text\":");
        write_string(out, text);
        out.push(b'}');
    }
    if let Some(id) = instance_id {
        out.extend_from_slice(b",\"instance_id\":{\"value\":");
        write_u64(out, id);
        out.push(b'}');
    }
}

/// Appends the rest of an annotation: its id, made of these parts, its class and its slot.
pub(crate) fn end(out: &mut Vec<u8>, id: &[&str], class: &str) {
    out.extend_from_slice(b",\"id\":\"");
    write_uuid(out, id);
    out.extend_from_slice(b"\",\"name\":");
    write_string(out, class);
    out.extend_from_slice(b",\"slot_names\":[\"0\"]}");
}
