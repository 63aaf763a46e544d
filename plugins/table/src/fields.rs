//! `fields`: a JSON file for each task, with its objects by class: the fields of a document, their text and where it stands.

use ango_plugin_sdk::geometry::usable;
use ango_plugin_sdk::json::{write_answer, write_string, write_strings};
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::order::sorted_positions;
use ango_plugin_sdk::{Answer, Classification, Geometry, Object, Relation, RelationMembers, Run};

use crate::objects::{page, page_size, upright_box};
use crate::questions::path_of_answer;
use crate::record::Record;

/// Decimals of shares of a page: a hundredth of a pixel on the largest.
const DECIMALS: u8 = 6;

/// Writes the file of a task. `objects` are those that are converted, with the names of their classes.
pub(crate) fn add(run: &Run, record: &Record<'_>, objects: &[(&Object, &str)]) {
    let mut text = Vec::new();
    write(&mut text, run, record, objects);
    run.add(&["fields/", record.file_name, ".json"].concat(), &text);
}

fn write(out: &mut Vec<u8>, run: &Run, record: &Record<'_>, objects: &[(&Object, &str)]) {
    let asset = &record.task.asset;
    for (before, text) in [("{\"task_id\":", &record.task.task_id), (",\"external_id\":", &asset.external_id), (",\"url\":", &asset.url)] {
        put(out, before);
        string(out, text);
    }
    put(out, ",\"batches\":");
    write_strings(out, &asset.batches);
    put(out, ",\"context_data\":");
    put(out, asset.context_data.as_deref().unwrap_or("null"));
    put(out, ",\"fields\":");
    let groups = groups(&record.annotations.relations);
    by_name(out, objects.iter().map(|&(object, name)| (name.to_owned(), object)).collect(), |out, object| field(out, run, record, object, &groups));
    put(out, "}\n");
}

#[inline(never)]
fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

#[inline(never)]
fn string(out: &mut Vec<u8>, text: &str) {
    write_string(out, text);
}

/// `{"name":[item,...],...}`: names in alphabetical order, each once, and their items in the order given.
fn by_name<T>(out: &mut Vec<u8>, items: Vec<(String, T)>, write: impl Fn(&mut Vec<u8>, &T)) {
    let name = |at: u32| &items[at as usize].0;
    let order = sorted_positions(items.len(), &mut |a, b| name(a) < name(b));
    put(out, "{");
    for (at, alike) in order.chunk_by(|&a, &b| name(a) == name(b)).enumerate() {
        for (position, &item) in alike.iter().enumerate() {
            if position > 0 {
                put(out, ",");
            } else {
                put(out, if at == 0 { "\n" } else { ",\n" });
                string(out, name(item));
                put(out, ":[");
            }
            write(out, &items[item as usize].1);
        }
        put(out, "]");
    }
    put(out, "}");
}

/// Members of groups, each with the id of its group, sorted.
fn groups(relations: &[Relation]) -> Vec<(&str, &str)> {
    let mut groups: Vec<(&str, &str)> = Vec::new();
    for relation in relations {
        if let RelationMembers::Group(members) = &relation.members {
            groups.extend(members.iter().map(|member| (member.as_str(), relation.object_id.as_str())));
        }
    }
    let order = sorted_positions(groups.len(), &mut |a, b| groups[a as usize] < groups[b as usize]);
    let mut sorted: Vec<(&str, &str)> = order.into_iter().map(|at| groups[at as usize]).collect();
    sorted.dedup();
    sorted
}

fn field(out: &mut Vec<u8>, run: &Run, record: &Record<'_>, object: &Object, groups: &[(&str, &str)]) {
    put(out, "{\"object_id\":");
    string(out, &object.object_id);
    put(out, ",\"group_ids\":");
    let start = groups.partition_point(|(member, _)| *member < object.object_id.as_str());
    let own: Vec<&str> = groups[start..].iter().take_while(|(member, _)| *member == object.object_id).map(|&(_, group)| group).collect();
    write_strings(out, &own);
    put(out, ",\"text\":");
    let text = match &object.geometry {
        Geometry::Pdf(area) => area.text.as_ref().or(object.ocr.as_ref()),
        Geometry::Entity(span) => span.selection.as_ref(),
        _ => object.ocr.as_ref(),
    };
    match text {
        Some(text) => string(out, text),
        None => put(out, "null"),
    }
    // Counted from 1, as people do.
    put(out, ",\"page\":");
    write_u64(out, u64::from(page(object).unwrap_or(0)) + 1);
    put(out, ",\"ltwh\":");
    match shares(record, &object.geometry) {
        Ok(shares) => {
            for (at, share) in shares.into_iter().enumerate() {
                put(out, if at == 0 { "[" } else { "," });
                write_rounded(out, share, DECIMALS);
            }
            put(out, "]");
        }
        Err((code, detail)) => {
            put(out, "null");
            run.lost(record.task.index, Some(&object.object_id), code, detail);
        }
    }
    put(out, ",\"answers\":");
    let answers = &object.classifications;
    let answered = (0..answers.len()).filter(|&at| answers[at].answer != Answer::Empty);
    let answered: Vec<(String, &Classification)> = answered.map(|at| (path_of_answer(answers, at), &answers[at])).collect();
    by_name(out, answered, |out, answer| write_answer(out, &answer.answer));
    put(out, "}");
}

/// Left, top, width and height as shares of the page.
fn shares(record: &Record<'_>, geometry: &Geometry) -> Result<[f64; 4], (&'static str, &'static str)> {
    let [x, y, width, height] = upright_box(geometry).ok_or(("geometry-unsupported", "the object is there, but has no box on a page"))?;
    let size = page_size(record, geometry).filter(|&(width, height)| width > 0.0 && height > 0.0 && usable(&[width, height]));
    let (page_width, page_height) = size.ok_or(("size-missing", "the object is there without its place: nobody knows the size of the page"))?;
    Ok([x / page_width, y / page_height, width / page_width, height / page_height])
}
