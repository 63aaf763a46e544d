//! What can be read but is suspicious: assets, tasks, answers, relations. What has the wrong type is passed by; the table has told about it.

use super::format::ANSWERS;
use super::geometry::TOOL;
use super::problem::{Log, shown};
use super::shape::AnswerType;
use super::suspect_geometry::Canvas;
use crate::json::{Kind, Value};
use crate::time::{Timestamp, parse_iso};
use std::borrow::Cow;

/// Reports what is suspicious in an asset object.
pub(super) fn suspect<'a>(log: &mut Log<'a, '_>, record: &Value<'a, '_>) {
    let metadata = record.get("metadata");
    let measure = |key: &str| metadata.and_then(|metadata| metadata.get(key)).and_then(|value| value.as_u64());
    let size = match (measure("width"), measure("height")) {
        (Some(width @ 1..), Some(height @ 1..)) => Some([width as f64, height as f64]),
        _ => None,
    };
    let images = record.get("dataset").map_or(0, |dataset| dataset.elements().count() as u64);
    // `frameTotal` is the truth about files of many frames, `dataset` about lists of images; an export may have both.
    let pages = images.max(measure("frameTotal").unwrap_or(0));
    let mut this = Suspect { log, canvas: Canvas { size, same_for_all_pages: images < 2 }, pages, needs_size: false };
    if let Some(task) = record.get("task") {
        this.log.enter("task");
        this.annotations(&task);
        this.history(&task);
        this.log.leave();
    }
    if size.is_none() && this.needs_size {
        match metadata {
            Some(metadata) => {
                log.enter("metadata");
                no_size(log, &metadata);
                log.leave();
            }
            None => no_size(log, record),
        }
    }
}

fn no_size(log: &mut Log<'_, '_>, at: &Value<'_, '_>) {
    log.warn(at, "no-image-size", || "width and height of the image are missing or 0: converters that need them have to open the file".to_owned());
}

struct Suspect<'l, 'a, 'r> {
    log: &'l mut Log<'a, 'r>,
    canvas: Canvas,
    /// Pages or frames of the asset; 0 when not known.
    pages: u64,
    /// Something was drawn in pixels.
    needs_size: bool,
}

/// A drawn object's id and page, and where to report it.
struct Drawn<'a, 'd> {
    id: Cow<'a, str>,
    page: u64,
    index: usize,
    value: Value<'a, 'd>,
}

impl<'a> Suspect<'_, 'a, '_> {
    /// What tasks and stage visits share.
    fn annotations<'d>(&mut self, holder: &Value<'a, 'd>) {
        let mut drawn: Vec<Drawn<'a, 'd>> = Vec::new();
        if let Some(tools) = holder.get("tools") {
            self.log.enter("tools");
            for (index, tool) in tools.elements().enumerate().filter(|(_, tool)| tool.kind() == Kind::Object) {
                self.log.enter_index(index);
                self.tool(&tool);
                self.log.leave();
                if let Some(value) = tool.get("objectId")
                    && let Some(id) = value.as_str().filter(|id| !id.is_empty())
                {
                    let page = tool.get("page").and_then(|page| page.as_u64()).unwrap_or(0);
                    drawn.push(Drawn { id, page, index, value });
                }
            }
            drawn.sort_unstable_by(|a, b| (&a.id, a.page, a.index).cmp(&(&b.id, b.page, b.index)));
            let mut twice: Vec<&Drawn<'_, '_>> =
                drawn.windows(2).filter(|pair| pair[0].id == pair[1].id && pair[0].page == pair[1].page).map(|pair| &pair[1]).collect();
            twice.sort_unstable_by_key(|object| object.index);
            for object in twice {
                self.log.enter_index(object.index);
                self.log.enter("objectId");
                self.log.warn(&object.value, "duplicate-object", || format!("another object on this page has the id '{}'", shown(&object.id)));
                self.log.leave();
                self.log.leave();
            }
            self.log.leave();
        }
        self.classifications(holder);
        if let Some(relations) = holder.get("relations") {
            self.log.enter("relations");
            for (index, relation) in relations.elements().enumerate() {
                self.log.enter_index(index);
                self.relation(&relation, &drawn);
                self.log.leave();
            }
            self.log.leave();
        }
    }

    fn tool(&mut self, tool: &Value<'a, '_>) {
        self.page(tool);
        let page = tool.get("page").and_then(|page| page.as_u64()).unwrap_or(0);
        let mut geometries = 0;
        let mut stranger = None;
        for member in tool.members() {
            match TOOL.keys.iter().find(|key| key.name == member.key) {
                Some(key) if key.geometry => {
                    geometries += 1;
                    self.log.enter(member.key);
                    self.needs_size |= self.canvas.geometry(self.log, member.key, &member.value, page);
                    self.log.leave();
                }
                Some(_) => {}
                None if stranger.is_none() && matches!(member.value.kind(), Kind::Object | Kind::Array) => stranger = Some(member),
                None => {}
            }
        }
        if tool.get("medical-brush").and_then(|flag| flag.as_bool()) == Some(true) {
            geometries += 1;
        }
        match (geometries, stranger) {
            (0, Some(member)) => {
                self.log.enter(member.key);
                self.log.warn(&member.value, "unknown-tool", || format!("'{}' is not a tool that is known: it is kept as it is", shown(member.key)));
                self.log.leave();
            }
            (0, None) => self.log.warn(tool, "no-geometry", || "the object has no geometry".to_owned()),
            (1, _) => {}
            _ => self.log.warn(tool, "several-geometries", || format!("the object has {geometries} geometries: only the last one is read")),
        }
        self.classifications(tool);
    }

    fn classifications(&mut self, holder: &Value<'a, '_>) {
        let Some(classifications) = holder.get("classifications") else { return };
        self.log.enter("classifications");
        for (index, classification) in classifications.elements().enumerate().filter(|(_, item)| item.kind() == Kind::Object) {
            self.log.enter_index(index);
            self.page(&classification);
            self.answer(&classification);
            self.classifications(&classification);
            self.log.leave();
        }
        self.log.leave();
    }

    fn answer(&mut self, classification: &Value<'a, '_>) {
        let Some(answer) = classification.get("answer") else {
            self.log.warn(classification, "no-answer", || "the question has no answer".to_owned());
            return;
        };
        self.log.enter("answer");
        let tool = classification.get("tool").and_then(|tool| tool.as_str()).unwrap_or_default();
        let wanted = ANSWERS.iter().find(|(name, _)| *name == tool).map_or(AnswerType::Unknown, |(_, wanted)| *wanted);
        let is_list = answer.kind() == Kind::Array;
        let is_empty = answer.is_null() || is_list && answer.elements().all(|choice| choice.is_null());
        let is_text = answer.kind() == Kind::String;
        let is_texts = is_list && answer.elements().all(|choice| matches!(choice.kind(), Kind::String | Kind::Null));
        let fits = match wanted {
            AnswerType::Text => is_text,
            AnswerType::List => is_texts,
            AnswerType::TextOrList => is_text || is_texts,
            AnswerType::Flag => answer.kind() == Kind::Bool,
            AnswerType::Unknown => true,
        };
        if is_empty {
            self.log.warn(&answer, "no-answer", || "the question has no answer".to_owned());
        } else if !fits {
            self.log.warn(&answer, "answer-type", || {
                let found = if is_list { "a list of other things" } else { answer.kind().name() };
                let found = if is_texts { AnswerType::List.name() } else { found };
                format!("the answer to a question of type '{tool}' is {}, found {found}", wanted.name())
            });
        }
        self.log.leave();
    }

    fn relation(&mut self, relation: &Value<'a, '_>, drawn: &[Drawn<'_, '_>]) {
        self.page(relation);
        if let Some(group) = relation.get("group") {
            self.log.enter("group");
            for (index, member) in group.elements().enumerate() {
                self.log.enter_index(index);
                self.member(&member, drawn);
                self.log.leave();
            }
            self.log.leave();
            return;
        }
        for end in ["from", "to"] {
            if let Some(member) = relation.get(end) {
                self.log.enter(end);
                self.member(&member, drawn);
                for (index, member) in member.elements().enumerate() {
                    self.log.enter_index(index);
                    self.member(&member, drawn);
                    self.log.leave();
                }
                self.log.leave();
            }
        }
    }

    /// `drawn` is sorted by id.
    fn member(&mut self, member: &Value<'_, '_>, drawn: &[Drawn<'_, '_>]) {
        if let Some(id) = member.as_str()
            && !id.is_empty()
            && drawn.binary_search_by(|object| object.id.as_ref().cmp(&id)).is_err()
        {
            self.log.warn(member, "missing-member", || format!("no object here has the id '{}': it may have been deleted", shown(&id)));
        }
    }

    fn page(&mut self, annotation: &Value<'a, '_>) {
        if self.pages > 0
            && let Some(value) = annotation.get("page")
            && let Some(page) = value.as_u64().filter(|page| *page >= self.pages)
        {
            let pages = self.pages;
            self.log.enter("page");
            self.log.warn(&value, "page-out-of-range", || format!("page {page} of an asset of {pages} (the first is 0)"));
            self.log.leave();
        }
    }

    fn history(&mut self, task: &Value<'a, '_>) {
        let Some(history) = task.get("stageHistory") else { return };
        let mut previous: Option<Timestamp> = None;
        self.log.enter("stageHistory");
        for (index, visit) in history.elements().enumerate().filter(|(_, visit)| visit.kind() == Kind::Object) {
            self.log.enter_index(index);
            if let Some(value) = visit.get("completedAt")
                && let Some(completed) = time(&value)
            {
                if previous.is_some_and(|previous| completed < previous) {
                    self.log.enter("completedAt");
                    self.log.warn(&value, "history-order", || "this stage was completed before the one listed ahead of it".to_owned());
                    self.log.leave();
                }
                previous = Some(completed);
            }
            self.annotations(&visit);
            self.log.leave();
        }
        self.log.leave();
    }
}

fn time(value: &Value<'_, '_>) -> Option<Timestamp> {
    match value.kind() {
        Kind::String => parse_iso(&value.as_str()?),
        _ => value.as_f64().filter(|time| time.abs() < 9.0e15).map(|time| time as Timestamp),
    }
}
