//! The entities of a text: where they are, and which can stand beside each other.

use std::borrow::Cow;
use std::ops::Range;

use ango_plugin_sdk::order::sorted_positions;
use ango_plugin_sdk::{Object, Run, Span, Task};

use crate::offsets::{self, RawSpan, Reading, Unit};
use crate::tokens::is_separator;

/// Searching a text for an entity that is not where it should be takes a pass over the text; beyond so many of a task it is not done.
const SEARCHES: usize = 1_000;

const EMPTY: &str = "there is nothing but white space in it: no place in the text";

/// An entity of a task that is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) object: &'a Object,
    pub(crate) span: &'a Span,
    /// Position in the table of classes.
    pub(crate) class: u32,
}

/// An entity in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entity {
    /// Position among the candidates.
    pub(crate) candidate: usize,
    pub(crate) class: u32,
    /// Bytes of the text.
    pub(crate) span: Range<usize>,
}

/// A text with its entities in order: by start, the longer of two that begin together first.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) entities: Vec<Entity>,
}

impl<'t> Document<'t> {
    /// Finds entities in the text, and reports those that are not where the export says.
    pub(crate) fn new(run: &Run, task: &Task, text: &'t str, candidates: &[Candidate<'_>], trim: bool) -> Self {
        let raw: Vec<RawSpan<'_>> = candidates.iter().map(|candidate| raw(candidate.span)).collect();
        let mut finder = Finder { reading: offsets::read(text, &raw), raw, others: None, searches: 0 };
        report_reading(run, task, text, &finder.reading);
        let mut entities = Vec::with_capacity(candidates.len());
        for (at, candidate) in candidates.iter().enumerate() {
            let lost = |code, detail: &str| run.lost(task.index, Some(&candidate.object.object_id), code, detail);
            // Such a selection is no evidence of a place, but of what the entity is.
            if candidate.span.selection.as_deref().is_some_and(|text| !text.is_empty() && is_blank(text)) {
                lost("entity-empty", EMPTY);
                continue;
            }
            let Some(place) = finder.place(at, lost) else { continue };
            let text = &finder.reading.text;
            let span = if trim { trimmed(text, &place) } else { place.clone() };
            if is_blank(&text[span.clone()]) {
                lost("entity-empty", EMPTY);
                continue;
            }
            if span != place {
                lost("entity-trimmed", "white space at its ends is left out");
            }
            entities.push(Entity { candidate: at, class: candidate.class, span });
        }
        let key = |at: u32| (entities[at as usize].span.start, usize::MAX - entities[at as usize].span.end);
        let order = sorted_positions(entities.len(), &mut |a, b| key(a) < key(b));
        let entities = order.iter().map(|&at| entities[at as usize].clone()).collect();
        Self { text: finder.reading.text, entities }
    }

    /// Takes out entities that are another one's equal in place and class, and reports them.
    pub(crate) fn drop_duplicates(&mut self, run: &Run, task: &Task, candidates: &[Candidate<'_>]) {
        let mut kept: Vec<Entity> = Vec::with_capacity(self.entities.len());
        // Those in one place follow each other.
        let mut start = 0;
        for entity in self.entities.drain(..) {
            if kept.last().is_some_and(|last| last.span != entity.span) {
                start = kept.len();
            }
            if kept[start..].iter().any(|other| other.class == entity.class) {
                let id = &candidates[entity.candidate].object.object_id;
                run.lost(task.index, Some(id), "duplicate", "another entity has the same place and class");
            } else {
                kept.push(entity);
            }
        }
        self.entities = kept;
    }

    /// The entities that can stand beside each other: the first, and each next one that does not overlap. Of nested ones these are the outermost. The others
    /// come second.
    #[inline(never)]
    pub(crate) fn outermost(&self) -> (Vec<&Entity>, Vec<&Entity>) {
        let mut end = 0;
        self.entities.iter().partition(|entity| {
            let is_free = entity.span.start >= end;
            if is_free {
                end = entity.span.end;
            }
            is_free
        })
    }
}

/// Finds the entities of a task one by one.
struct Finder<'t, 'c> {
    reading: Reading<'t>,
    raw: Vec<RawSpan<'c>>,
    /// Where entities are when offsets count the other unit; made when one is not where it should be.
    others: Option<Vec<Option<Range<usize>>>>,
    searches: usize,
}

impl Finder<'_, '_> {
    /// Where an entity is: where its offsets say, unless its selection says otherwise. What is not as it should be is reported with `lost`.
    fn place(&mut self, at: usize, lost: impl Fn(&'static str, &str)) -> Option<Range<usize>> {
        let Self { reading, raw, others, searches } = self;
        let text = &*reading.text;
        let selection = raw[at].selection;
        let agrees = |span: &&Range<usize>| {
            selection.is_none_or(|selection| text.get((*span).clone()).is_some_and(|found| found == selection || offsets::is_same(found, selection)))
        };
        if let Some(place) = reading.spans[at].as_ref().filter(agrees) {
            return Some(place.clone());
        }
        let other = if reading.unit == Unit::Utf16 { Unit::CodePoint } else { Unit::Utf16 };
        let others = others.get_or_insert_with(|| offsets::spans(text, raw, other));
        if let Some(place) = others[at].as_ref().filter(agrees) {
            lost("entity-offset-unit", "offsets count something else than those of other entities of the task");
            return Some(place.clone());
        }
        let Some(selection) = selection else {
            lost("out-of-bounds", "offsets are not in the text: no place in it");
            return None;
        };
        *searches += 1;
        let place = if *searches <= SEARCHES { only_place(text, selection) } else { None };
        if place.is_some() {
            lost("entity-relocated", "offsets are of another text than `selection`, which is taken from the one place where it stands");
        } else {
            lost("entity-mismatch", "offsets are of another text than `selection`, which does not stand at exactly one place: it has none");
        }
        place
    }
}

/// A document that is being written, with what it is reported by.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) run: &'a Run,
    pub(crate) task: &'a Task,
    /// The name of the asset's file.
    pub(crate) file: &'a str,
    pub(crate) document: &'a Document<'a>,
    pub(crate) candidates: &'a [Candidate<'a>],
}

impl Entry<'_> {
    /// The id of an entity's object.
    pub(crate) fn id(&self, entity: &Entity) -> &str {
        &self.candidates[entity.candidate].object.object_id
    }

    /// Reports something about an entity.
    pub(crate) fn lost(&self, entity: &Entity, code: &str, detail: &str) {
        self.run.lost(self.task.index, Some(self.id(entity)), code, detail);
    }
}

fn raw(span: &Span) -> RawSpan<'_> {
    let whole = |number: f64| ((0.0..9e15).contains(&number) && number.fract() == 0.0).then_some(number as u64);
    RawSpan { offsets: whole(span.start).zip(whole(span.end)), selection: span.selection.as_deref().filter(|text| !is_blank(text)) }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_separator)
}

fn report_reading(run: &Run, task: &Task, text: &str, reading: &Reading<'_>) {
    let lost = |code, detail| run.lost(task.index, None, code, detail);
    if !reading.certain {
        lost("entity-offset-unit", "no selection says what offsets count: UTF-16 code units are assumed");
    } else if reading.unit == Unit::CodePoint {
        lost("entity-offset-unit", "offsets count code points, by the selections");
    }
    if reading.text != text {
        lost("newlines-changed", "offsets count every line break as one character: the text is written with such");
    }
}

/// The place of a text in another one, if there is exactly one.
fn only_place(text: &str, wanted: &str) -> Option<Range<usize>> {
    let wanted = wanted.trim();
    let start = text.find(wanted)?;
    let next = start + wanted.chars().next()?.len_utf8();
    (!text[next..].contains(wanted)).then(|| start..start + wanted.len())
}

fn trimmed(text: &str, span: &Range<usize>) -> Range<usize> {
    let inner = &text[span.clone()];
    let start = span.start + (inner.len() - inner.trim_start_matches(is_separator).len());
    start..start + inner.trim_matches(is_separator).len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_outermost_of_nested_entities_stay() {
        let entity = |start: usize, end: usize| Entity { candidate: 0, class: 0, span: start..end };
        let entities = vec![entity(0, 9), entity(0, 4), entity(2, 3), entity(5, 12), entity(9, 10), entity(9, 9), entity(20, 21)];
        let document = Document { text: "".into(), entities };
        let spans = |entities: Vec<&Entity>| entities.iter().map(|entity| (entity.span.start, entity.span.end)).collect::<Vec<_>>();
        let (kept, rest) = document.outermost();
        assert_eq!((spans(kept), spans(rest)), (vec![(0, 9), (9, 10), (20, 21)], vec![(0, 4), (2, 3), (5, 12), (9, 9)]));
    }

    #[test]
    fn a_text_is_found_where_it_stands_once() {
        assert_eq!(only_place("äb ab", " ab "), Some(4..6));
        assert_eq!(only_place("aaa", "aa"), None);
        assert_eq!(only_place("aaa", "b"), None);
        assert_eq!(only_place("aaa", " "), None);
        assert_eq!(trimmed(" \u{a0}a b\n", &(0..7)), 3..6);
        assert_eq!(trimmed("  ", &(0..2)), 2..2);
    }
}
