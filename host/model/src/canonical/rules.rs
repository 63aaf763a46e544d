//! What becomes of each part of a record (`ango-v3.md` section 3.1).

use super::boxes;
use crate::json::{Part, Rule, Value, write_string};
use crate::legacy::Parts;
use crate::links::Links;
use crate::options::ExportOptions;
use crate::sink::Sink;
use crate::v3::OptionalKey;
use crate::video::{FullList, Kind, Video};
use memchr::memmem;

/// The objects of a record that have parts which change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The asset object.
    Record,
    /// Its task.
    Task,
    /// A stage visit of the task's history.
    Visit,
    /// A member of `tools`.
    Tool,
    /// A classification, wherever it is.
    Classification,
}

/// The options, as far as this record has something that they change. What cannot occur in it is not looked for in every object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'o> {
    options: &'o ExportOptions,
    links: Option<&'o dyn Links>,
    /// Annotations have metadata that is left out.
    drop_metadata: bool,
    /// A box may have a negative size.
    flipped_boxes: bool,
    /// Frames are computed.
    video: Option<Video>,
    /// Answers have an id that is left out.
    drop_answer_ids: bool,
}

impl<'o> Rules<'o> {
    pub(super) fn new(options: &'o ExportOptions, links: Option<&'o dyn Links>, record: &Value<'_, '_>, video: Option<Video>) -> Self {
        let task = record.get("task");
        let holds = |text: &str| task.is_some_and(|task| memmem::find(task.raw().as_bytes(), text.as_bytes()).is_some());
        let has_spaces = record.has_spaces();
        Self {
            options,
            links,
            drop_answer_ids: false,
            drop_metadata: !options.annotation_metadata && holds("\"metadata\""),
            video: video.filter(|_| !options.only_key_frames),
            flipped_boxes: if has_spaces { holds("\"bounding-box\"") } else { holds("\":-") && (holds("\"width\":-") || holds("\"height\":-")) },
        }
    }

    /// The rules for the parts of a legacy export: answers had no ids then.
    pub(super) fn legacy(self) -> Self {
        Self { drop_answer_ids: true, ..self }
    }

    /// Whether the record is written as it is.
    pub(super) fn change_nothing(&self) -> bool {
        let ExportOptions { stage_history, idle_blur_durations, store_keys, .. } = *self.options;
        stage_history && idle_blur_durations && store_keys && self.links.is_none() && self.video.is_none() && !self.change_tools()
    }

    /// Whether anything changes inside of tools.
    fn change_tools(&self) -> bool {
        self.change_answers() || self.flipped_boxes
    }

    /// Whether anything changes inside of classifications.
    fn change_answers(&self) -> bool {
        self.drop_metadata || self.drop_answer_ids
    }

    /// What becomes of a list of annotations, each of which may be a key frame.
    fn list(&self, scope: Scope) -> Part<Scope> {
        if self.video.is_some() { Part::Write } else { self.still_list(scope) }
    }

    /// What becomes of a list of annotations that belong to no frame.
    fn still_list(&self, scope: Scope) -> Part<Scope> {
        let is_entered = match scope {
            Scope::Tool => self.change_tools(),
            _ => self.change_answers(),
        };
        if is_entered { Part::Enter(scope) } else { Part::Keep }
    }

    fn link(&self) -> Part<Scope> {
        if self.links.is_some() { Part::Write } else { Part::Keep }
    }
}

fn keep_if(keep: bool) -> Part<Scope> {
    if keep { Part::Keep } else { Part::Drop }
}

impl Rule for Rules<'_> {
    type Scope = Scope;

    /// Objects in which nothing changes are not entered.
    #[inline]
    fn part(&self, scope: Scope, key: &str, value: &Value<'_, '_>) -> Part<Scope> {
        match (scope, key) {
            (Scope::Record, "task") => Part::Enter(Scope::Task),
            (Scope::Record, "asset" | "dataset") => self.link(),
            (Scope::Task | Scope::Visit, "tools") => self.list(Scope::Tool),
            (Scope::Task | Scope::Visit, "classifications") => self.list(Scope::Classification),
            (Scope::Task | Scope::Visit, "brushDataUrl" | "medicalBrushDataUrl") => self.link(),
            (Scope::Task, "stageHistory") if !self.options.stage_history => Part::Drop,
            (Scope::Task, "stageHistory") => {
                if self.options.idle_blur_durations && self.links.is_none() && self.video.is_none() && !self.change_tools() {
                    Part::Keep
                } else {
                    Part::Enter(Scope::Visit)
                }
            }
            (Scope::Task, _) => keep_if(match OptionalKey::of(key) {
                Some(OptionalKey::IdleBlurDuration) => self.options.idle_blur_durations,
                Some(OptionalKey::Store) => self.options.store_keys,
                None => true,
            }),
            (Scope::Visit, "idleDuration" | "blurDuration") => keep_if(self.options.idle_blur_durations),
            (Scope::Tool, "bounding-box") if self.flipped_boxes && boxes::is_flipped(value) => Part::Write,
            (Scope::Classification, "objectId") => keep_if(!self.drop_answer_ids),
            (Scope::Tool | Scope::Classification, "metadata") => keep_if(!self.drop_metadata),
            (Scope::Tool | Scope::Classification, "classifications") => self.still_list(Scope::Classification),
            _ => Part::Keep,
        }
    }

    fn write<S: Sink>(&self, _: Scope, key: &str, value: &Value<'_, '_>, sink: &mut S) {
        let out = sink.buffer();
        match key {
            "tools" => self.write_frames(sink, value, Kind::Tools, Scope::Tool),
            "classifications" => self.write_frames(sink, value, Kind::Classifications, Scope::Classification),
            "bounding-box" => boxes::write_normalised(out, value),
            "dataset" if value.kind() == crate::json::Kind::Array => {
                out.push(b'[');
                for (position, page) in value.elements().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    self.write_link(out, &page);
                }
                out.push(b']');
            }
            _ => self.write_link(out, value),
        }
    }
}

impl<S: Sink> Parts<S> for Rules<'_> {
    fn tools(&self, sink: &mut S, list: &Value<'_, '_>) {
        self.write_list(sink, list, Kind::Tools, Scope::Tool);
    }

    fn classifications(&self, sink: &mut S, list: &Value<'_, '_>) {
        self.write_list(sink, list, Kind::Classifications, Scope::Classification);
    }

    fn link(&self, sink: &mut S, url: &Value<'_, '_>) {
        self.write_link(sink.buffer(), url);
    }
}

impl Rules<'_> {
    /// Appends a list of annotations.
    fn write_list<S: Sink>(&self, sink: &mut S, list: &Value<'_, '_>, kind: Kind, scope: Scope) {
        match self.video {
            Some(_) => self.write_frames(sink, list, kind, scope),
            None => list.write_by(sink, scope, self),
        }
    }

    /// Appends a list of key frames with the frames between them.
    fn write_frames<S: Sink>(&self, sink: &mut S, list: &Value<'_, '_>, kind: Kind, scope: Scope) {
        match FullList::plan(*list, kind, self.video.and_then(|video| video.frame_total)) {
            Ok(list) => list.write(sink, &|out, value| value.write_by(out, scope, self)),
            // Whoever writes a record has asked for the number of frames before.
            Err(_) => list.write_by(sink, scope, self),
        }
    }

    fn write_link(&self, out: &mut Vec<u8>, url: &Value<'_, '_>) {
        match url.as_str().and_then(|url| self.links?.signed(&url)) {
            Some(signed) => write_string(out, &signed),
            None => url.write(out),
        }
    }
}
