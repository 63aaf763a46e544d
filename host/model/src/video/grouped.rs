//! Videos in the grouped form, flattened.
//!
//! Newer exports hold each object of a video once, with its frames inside. Their keys are not public, so the form is recognised by its shape: a member without a
//! `page` and without a geometry that has, under whatever key, a list of objects that all name their frame, or an object of objects under frame numbers. What
//! fits no shape stays as it is.

use super::GEOMETRY_KEYS;
use super::asset::may_be_video;
use crate::json::{Kind, Member, Value};
use std::collections::HashMap;

/// The text may grow to this many times the record's, and [`GROWTH`] bytes. What the frames of an object have in common is repeated for each of them, so a large
/// common part in front of many tiny frames would grow with the product of both.
const GROWTH_FACTOR: usize = 16;

/// See [`GROWTH_FACTOR`]: leave for small records.
const GROWTH: usize = 16 << 20;

/// Members of a tool or classification that are known, and hold no frames whatever their shape.
const KNOWN: [&str; 10] = ["objectId", "schemaId", "title", "tool", "answer", "classifications", "metadata", "ocr", "lock", "medical-brush"];

/// The record with one flat member for each frame of its grouped objects and answers, and everything else as it is, as compact JSON; `None` when nothing is grouped,
/// or the text would grow beyond all measure.
///
/// A flat member has what the group has, with the frame's own value of a key in the place of the group's, and then what only the frame has. Its frame number is
/// its `page`.
pub fn flatten(record: &Value<'_, '_>) -> Option<String> {
    if !may_be_video(record) || !tasks(record).any(|task| is_grouped(&task)) {
        return None;
    }
    let limit = record.raw().len().saturating_mul(GROWTH_FACTOR).saturating_add(GROWTH).min(u32::MAX as usize);
    let mut writer = Writer { out: Vec::with_capacity(record.raw().len()), limit };
    writer.object(record, |writer, member| match member.key {
        "task" => writer.task(member),
        _ => writer.plain(member),
    })?;
    String::from_utf8(writer.out).ok()
}

fn tasks<'a, 'd>(record: &Value<'a, 'd>) -> impl Iterator<Item = Value<'a, 'd>> + use<'a, 'd> {
    record.members().filter(|member| member.key == "task").map(|member| member.value)
}

/// Whether a list of this task or of one of its stage visits has a grouped member.
fn is_grouped(task: &Value<'_, '_>) -> bool {
    task.members().any(|member| match member.key {
        "tools" | "classifications" => member.value.elements().any(|entry| Group::read(&entry).is_some()),
        "stageHistory" => member.value.elements().any(|visit| {
            let mut lists = visit.members().filter(|member| is_list(member.key));
            lists.any(|list| list.value.elements().any(|entry| Group::read(&entry).is_some()))
        }),
        _ => false,
    })
}

fn is_list(key: &str) -> bool {
    matches!(key, "tools" | "classifications")
}

/// An object with its frames inside.
struct Group<'a, 'd> {
    common: Vec<Member<'a, 'd>>,
    frames: Vec<Frame<'a, 'd>>,
}

/// One frame of a group.
struct Frame<'a, 'd> {
    page: u32,
    value: Value<'a, 'd>,
    /// The member of it that holds the frame number.
    page_key: &'static str,
}

impl<'a, 'd> Group<'a, 'd> {
    fn read(entry: &Value<'a, 'd>) -> Option<Self> {
        if entry.members().any(|member| member.key == "page" || GEOMETRY_KEYS.contains(&member.key)) {
            return None;
        }
        let mut frames: Option<Vec<Frame<'a, 'd>>> = None;
        let mut common = Vec::new();
        let mut stops = 0;
        for member in entry.members() {
            if member.key == "interpolationStopped" {
                stops += 1;
                // One that stops as a whole, or says so twice, means nothing that a flat member could say.
                if stops > 1 || !(member.value.is_null() || member.value.as_bool() == Some(false)) {
                    return None;
                }
            }
            let found = if KNOWN.contains(&member.key) { None } else { frames_of(&member.value) };
            match found {
                // With two such members it is not clear which one is meant.
                Some(_) if frames.is_some() => return None,
                Some(found) => frames = Some(found),
                None => common.push(member),
            }
        }
        frames.map(|frames| Self { common, frames })
    }
}

/// The frames in a value of one of the two shapes.
fn frames_of<'a, 'd>(value: &Value<'a, 'd>) -> Option<Vec<Frame<'a, 'd>>> {
    let mut frames = Vec::new();
    for element in value.elements() {
        let (page, page_key) = own_page(&element)??;
        frames.push(Frame { page, value: element, page_key });
    }
    for member in value.members() {
        let numbered: u32 = member.key.bytes().all(|byte| byte.is_ascii_digit()).then(|| member.key.parse().ok())??;
        let (page, page_key) = own_page(&member.value)?.unwrap_or((numbered, "page"));
        frames.push(Frame { page, value: member.value, page_key });
    }
    if value.kind() == Kind::Object {
        // Their order in the text is that of whoever wrote it, not of the film.
        frames.sort_by_key(|frame| frame.page);
    }
    (!frames.is_empty()).then_some(frames)
}

/// The frame number that an object names itself, and under which key, if it does; `None` when it is no object, or names one that is no frame number.
fn own_page(frame: &Value<'_, '_>) -> Option<Option<(u32, &'static str)>> {
    if frame.kind() != Kind::Object {
        return None;
    }
    for key in ["page", "frame"] {
        if let Some(page) = frame.get(key).filter(|page| !page.is_null()) {
            return Some(Some((u32::try_from(page.as_u64()?).ok()?, key)));
        }
    }
    Some(None)
}

struct Writer {
    out: Vec<u8>,
    limit: usize,
}

/// `None` when the text grew beyond the limit.
type Written = Option<()>;

impl Writer {
    fn comma(&mut self) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    fn plain(&mut self, member: &Member<'_, '_>) -> Written {
        member.write(&mut self.out);
        Some(())
    }

    fn object<'a, 'd>(&mut self, value: &Value<'a, 'd>, mut each: impl FnMut(&mut Self, &Member<'a, 'd>) -> Written) -> Written {
        if value.kind() != Kind::Object {
            value.write(&mut self.out);
            return Some(());
        }
        self.out.push(b'{');
        for member in value.members() {
            self.comma();
            each(self, &member)?;
        }
        self.out.push(b'}');
        Some(())
    }

    fn array<'a, 'd>(&mut self, value: &Value<'a, 'd>, mut each: impl FnMut(&mut Self, &Value<'a, 'd>) -> Written) -> Written {
        if value.kind() != Kind::Array {
            value.write(&mut self.out);
            return Some(());
        }
        self.out.push(b'[');
        for element in value.elements() {
            self.comma();
            each(self, &element)?;
        }
        self.out.push(b']');
        Some(())
    }

    fn task(&mut self, task: &Member<'_, '_>) -> Written {
        task.write_key(&mut self.out);
        self.object(&task.value, |writer, member| match member.key {
            "stageHistory" => {
                member.write_key(&mut writer.out);
                writer.array(&member.value, |writer, visit| writer.object(visit, Self::list_or_plain))
            }
            _ => writer.list_or_plain(member),
        })
    }

    fn list_or_plain(&mut self, member: &Member<'_, '_>) -> Written {
        if !is_list(member.key) {
            return self.plain(member);
        }
        member.write_key(&mut self.out);
        self.array(&member.value, |writer, entry| match Group::read(entry) {
            Some(group) => writer.group(&group),
            None => {
                entry.write(&mut writer.out);
                Some(())
            }
        })
    }

    /// The frames of a group as members of the list.
    fn group(&mut self, group: &Group<'_, '_>) -> Written {
        let places: HashMap<&str, usize> = group.common.iter().enumerate().map(|(place, member)| (member.key, place)).collect();
        let mut own = vec![None; group.common.len()];
        for (index, frame) in group.frames.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            own.fill(None);
            for member in frame.value.members() {
                if let Some(&place) = places.get(member.key) {
                    own[place] = Some(member.value);
                }
            }
            self.frame(group, frame, &places, &own);
            if self.out.len() > self.limit {
                return None;
            }
        }
        Some(())
    }

    /// One frame as a flat member. `own` has the frame's value for each common member that it replaces.
    fn frame<'a, 'd>(&mut self, group: &Group<'a, 'd>, frame: &Frame<'a, 'd>, places: &HashMap<&str, usize>, own: &[Option<Value<'a, 'd>>]) {
        let mut has_page = false;
        self.out.push(b'{');
        for (member, own) in group.common.iter().zip(own) {
            // Whether an object is gone is said by each frame for itself.
            if own.is_none() && member.key == "interpolationStopped" {
                continue;
            }
            self.member(&Member { key: member.key, value: own.unwrap_or(member.value) }, frame, own.is_some(), &mut has_page);
        }
        for member in frame.value.members().filter(|member| !places.contains_key(member.key)) {
            self.member(&member, frame, true, &mut has_page);
        }
        if !has_page {
            self.comma();
            self.page(frame.page);
        }
        self.out.push(b'}');
    }

    /// A member of a flat member; the one that holds the frame number becomes its `page`, which there is only one of.
    fn member(&mut self, member: &Member<'_, '_>, frame: &Frame<'_, '_>, of_frame: bool, has_page: &mut bool) {
        let numbered = of_frame && (member.key == "page" || member.key == frame.page_key);
        if numbered && *has_page {
            return;
        }
        self.comma();
        if numbered {
            *has_page = true;
            self.page(frame.page);
        } else {
            member.write(&mut self.out);
        }
    }

    fn page(&mut self, page: u32) {
        self.out.extend_from_slice(format!("\"page\":{page}").as_bytes());
    }
}
