//! spaCy: a line of JSON for each text, `{"text", "entities": [[start, end, label]]}`, with offsets in code points, as Python counts.

use ango_plugin_sdk::ClassTable;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;

use crate::conll::report_cuts;
use crate::document::{Entity, Entry};
use crate::offsets::code_points;
use crate::tokens::tokens;

/// Appends a document. With `spans`, overlapping entities too have a place.
pub(crate) fn write(out: &mut Vec<u8>, entry: &Entry<'_>, classes: &ClassTable, spans: bool) {
    let document = entry.document;
    let (entities, overlapping) = document.outermost();
    let detail = if spans {
        "overlaps another entity: it is in `spans` and not in `entities`"
    } else {
        "overlaps another entity, which spaCy's entities cannot: the one that begins first, or is longer, stays; see option `spans`"
    };
    overlapping.iter().for_each(|entity| entry.lost(entity, "entity-overlap", detail));
    let all: Vec<&Entity> = document.entities.iter().collect();
    if !all.is_empty() {
        let written = if spans { &all } else { &entities };
        report_cuts(entry, written, &tokens(&document.text), "is there, but begins or ends within a word, where few tokenizers cut");
    }
    out.extend_from_slice(b"{\"text\":");
    write_string(out, &document.text);
    out.extend_from_slice(b",\"entities\":");
    list(out, &document.text, &entities, classes);
    if spans {
        out.extend_from_slice(b",\"spans\":{\"sc\":");
        list(out, &document.text, &all, classes);
        out.push(b'}');
    }
    out.extend_from_slice(b",\"meta\":{\"task_id\":");
    write_string(out, &entry.task.task_id);
    out.extend_from_slice(b",\"file\":");
    write_string(out, entry.file);
    out.extend_from_slice(b"}}\n");
}

fn list(out: &mut Vec<u8>, text: &str, entities: &[&Entity], classes: &ClassTable) {
    let ends: Vec<usize> = entities.iter().flat_map(|entity| [entity.span.start, entity.span.end]).collect();
    let points = code_points(text, &ends);
    out.push(b'[');
    for (at, (entity, &[start, end])) in entities.iter().zip(points.as_chunks::<2>().0).enumerate() {
        out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
        write_u64(out, start as u64);
        out.push(b',');
        write_u64(out, end as u64);
        out.push(b',');
        write_string(out, classes.name(entity.class));
        out.push(b']');
    }
    out.push(b']');
}
