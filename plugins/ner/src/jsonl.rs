//! JSON lines: a line for each task with everything that was annotated on its text.

use ango_plugin_sdk::json::{write_answer, write_string, write_strings};
use ango_plugin_sdk::number::{write_f64, write_u64};
use ango_plugin_sdk::{Annotations, ClassTable, Classification, Direction, Provenance, Relation, RelationMembers, Task, time};

use crate::document::{Candidate, Document};
use crate::offsets::code_points;

/// What `start` and `end` of the entities of a line are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Places<'a> {
    /// Code points of the text; `null` for an entity that is not in it.
    Text(&'a Document<'a>),
    /// Seconds of a recording.
    Seconds,
    /// Nobody knows: there is no text.
    Unknown,
}

/// Appends the line of a task.
pub(crate) fn write(
    out: &mut Vec<u8>,
    task: &Task,
    file: &str,
    annotations: &Annotations,
    candidates: &[Candidate<'_>],
    places: Places<'_>,
    classes: &ClassTable,
) {
    let asset = &task.asset;
    for (key, text) in [
        ("{\"task_id\":", &*task.task_id),
        (",\"external_id\":", &asset.external_id),
        (",\"file\":", file),
        (",\"url\":", &asset.url),
        (",\"stage\":", &task.stage),
    ] {
        string(out, key, text);
    }
    put(out, ",\"batches\":");
    write_strings(out, &asset.batches);
    match places {
        Places::Text(document) => string(out, ",\"text\":", &document.text),
        _ => put(out, ",\"text\":null"),
    }
    put(
        out,
        match places {
            Places::Text(_) => ",\"unit\":\"code point\"",
            Places::Seconds => ",\"unit\":\"second\"",
            Places::Unknown => ",\"unit\":null",
        },
    );
    entities(out, candidates, places, classes);
    put(out, ",\"relations\":");
    list(out, &annotations.relations, relation);
    answers(out, &annotations.classifications);
    put(out, "}\n");
}

#[inline(never)]
fn put(out: &mut Vec<u8>, json: &str) {
    out.extend_from_slice(json.as_bytes());
}

/// What stands before a text, and the text in quotes.
#[inline(never)]
fn string(out: &mut Vec<u8>, before: &str, text: &str) {
    put(out, before);
    write_string(out, text);
}

fn list<'a, T: 'a>(out: &mut Vec<u8>, items: impl IntoIterator<Item = &'a T>, write: impl Fn(&mut Vec<u8>, &'a T)) {
    put(out, "[");
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            put(out, ",");
        }
        write(out, item);
    }
    put(out, "]");
}

fn entities(out: &mut Vec<u8>, candidates: &[Candidate<'_>], places: Places<'_>, classes: &ClassTable) {
    // By candidate, so that those without a place have theirs in the order of the task.
    let mut found: Vec<Option<(&str, [usize; 2])>> = vec![None; candidates.len()];
    if let Places::Text(document) = places {
        let ends: Vec<usize> = document.entities.iter().flat_map(|entity| [entity.span.start, entity.span.end]).collect();
        for (entity, points) in document.entities.iter().zip(code_points(&document.text, &ends).as_chunks::<2>().0) {
            found[entity.candidate] = Some((&document.text[entity.span.clone()], *points));
        }
    }
    put(out, ",\"entities\":[");
    for (at, candidate) in candidates.iter().enumerate() {
        let (object, span, found) = (candidate.object, candidate.span, found[at]);
        string(out, if at == 0 { "{\"id\":" } else { ",{\"id\":" }, &object.object_id);
        string(out, ",\"label\":", classes.name(candidate.class));
        let [start, end] = found.map_or([0; 2], |(_, points)| points);
        for (key, point, second) in [(",\"start\":", start, span.start), (",\"end\":", end, span.end)] {
            put(out, key);
            match places {
                Places::Text(_) if found.is_some() => write_u64(out, point as u64),
                Places::Seconds => write_f64(out, second),
                _ => put(out, "null"),
            }
        }
        match found.map(|(text, _)| text).or(span.selection.as_deref()) {
            Some(text) => string(out, ",\"text\":", text),
            None => put(out, ",\"text\":null"),
        }
        for (key, number) in [(",\"exported\":[", span.start), (",", span.end)] {
            put(out, key);
            write_f64(out, number);
        }
        put(out, "]");
        if let Some(it) = &object.provenance {
            provenance(out, it);
        }
        answers(out, &object.classifications);
        if let Some(extra) = &object.extra {
            put(out, ",\"extra\":");
            put(out, extra);
        }
        put(out, "}");
    }
    put(out, "]");
}

/// Who made or changed an entity, when, and in which stage (id); what nobody knows is not there.
fn provenance(out: &mut Vec<u8>, it: &Provenance) {
    for (key, at) in [(",\"created_at\":\"", it.created_at), (",\"updated_at\":\"", it.updated_at)] {
        if let Some(at) = at {
            put(out, key);
            time::write_iso(out, at);
            put(out, "\"");
        }
    }
    for (key, text) in [
        (",\"created_by\":", &it.created_by),
        (",\"created_in\":", &it.created_in),
        (",\"updated_by\":", &it.updated_by),
        (",\"updated_in\":", &it.updated_in),
    ] {
        if let Some(text) = text {
            string(out, key, text);
        }
    }
}

fn relation(out: &mut Vec<u8>, relation: &Relation) {
    string(out, "{\"id\":", &relation.object_id);
    string(out, ",\"label\":", &relation.title);
    match &relation.members {
        RelationMembers::Pair(pair) => {
            // Whichever way it was drawn, it goes from `from` to `to`.
            let (from, to) = if pair.direction == Direction::Reverse { (&pair.target, &pair.source) } else { (&pair.source, &pair.target) };
            string(out, ",\"from\":", from);
            string(out, ",\"to\":", to);
            put(out, if pair.direction == Direction::Bidirectional { ",\"both_ways\":true}" } else { ",\"both_ways\":false}" });
        }
        RelationMembers::Group(members) => {
            put(out, ",\"members\":");
            write_strings(out, members);
            put(out, "}");
        }
    }
}

/// Answers in their order; one that is nested says in which (`in`, from 0).
fn answers(out: &mut Vec<u8>, answers: &[Classification]) {
    put(out, ",\"answers\":");
    list(out, answers, |out, answer| {
        string(out, "{\"question\":", &answer.title);
        put(out, ",\"answer\":");
        write_answer(out, &answer.answer);
        if let Some(parent) = answer.parent {
            put(out, ",\"in\":");
            write_u64(out, parent.into());
        }
        put(out, "}");
    });
}
