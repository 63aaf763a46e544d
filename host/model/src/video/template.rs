//! The text of computed frames.
//!
//! All frames after a key frame have the same text but for a few numbers. The key frame's text is cut at these numbers once; a frame is then a copy of the
//! pieces with its own numbers between them. That keeps the order of keys, unknown keys and everything else as it was written, and it is fast.

use super::Kind;
use super::motion::{self, Motion, Source};
use crate::json::{Document, Value};
use std::fmt::Write;
use std::ops::Range;

/// The text of one key frame, with places for numbers.
pub(super) struct Template {
    /// The pieces, one after the other.
    text: String,
    /// Where the numbers go, in order.
    holes: Vec<Hole>,
    motion: Motion,
    /// The key frame's page, and how many pages it is to the next one.
    start: u64,
    steps: f64,
    /// The last frame that was asked for.
    frame: String,
}

/// A place for a number.
struct Hole {
    /// End of the piece of text before it.
    end: usize,
    number: Number,
}

#[derive(Clone, Copy)]
enum Number {
    Page,
    Moving(Source),
}

impl Template {
    /// The template of a key frame that is written as `written`, for `frames`, which begin after it; they move towards `target`, which is on the frame at
    /// which they end.
    pub(super) fn new(written: Vec<u8>, frames: Range<u64>, kind: Kind, target: Option<&Value<'_, '_>>) -> Self {
        let written = String::from_utf8(written).unwrap_or_default();
        let start = frames.start.saturating_sub(1);
        let steps = (frames.end - start) as f64;
        let mut this = Self { text: String::new(), holes: Vec::new(), motion: Motion::default(), start, steps, frame: String::new() };
        let Ok(document) = Document::parse(&written) else {
            // Only a writer that does not write JSON comes here.
            this.text = written;
            return this;
        };
        let root = document.root();
        let mut numbers: Vec<(Range<usize>, Number)> = Vec::new();
        for member in root.members().filter(|member| member.key == "page") {
            numbers.push((range(&member.value), Number::Page));
        }
        if let (Kind::Tools, Some(target)) = (kind, target)
            && let Some(path) = motion::between(&root, target)
        {
            numbers.extend(path.slots.iter().map(|(value, source)| (range(value), Number::Moving(*source))));
            this.motion = path.motion;
        }
        numbers.sort_unstable_by_key(|(range, _)| range.start);
        let mut copied = 0;
        for (range, number) in numbers {
            this.text.push_str(&written[copied..range.start]);
            copied = range.end;
            match number {
                // What stands still is part of the text.
                Number::Moving(Source::Linear { from, to }) if from == to => write_number(&mut this.text, from),
                _ => this.holes.push(Hole { end: this.text.len(), number }),
            }
        }
        this.text.push_str(&written[copied..]);
        this
    }

    /// The text of the frame `page`.
    pub(super) fn frame(&mut self, page: u64) -> &str {
        let step = page.saturating_sub(self.start) as f64;
        let turned = self.motion.at(step, self.steps);
        self.frame.clear();
        let mut copied = 0;
        for hole in &self.holes {
            self.frame.push_str(&self.text[copied..hole.end]);
            copied = hole.end;
            match hole.number {
                Number::Page => write_display(&mut self.frame, page),
                Number::Moving(Source::Linear { from, to }) => write_number(&mut self.frame, motion::linear(from, to, step, self.steps)),
                Number::Moving(Source::Turned(index)) => write_number(&mut self.frame, turned[index]),
            }
        }
        self.frame.push_str(&self.text[copied..]);
        &self.frame
    }
}

/// The bytes of a value that is no string; a string's are those between its quotes, with them.
fn range(value: &Value<'_, '_>) -> Range<usize> {
    let quote = value.literal().len() - value.raw().len();
    let start = value.offset() - quote / 2;
    start..start + value.literal().len()
}

/// The shortest text that reads back as the same number. Adding zero takes the sign off a negative zero.
fn write_number(out: &mut String, number: f64) {
    write_display(out, number + 0.0);
}

fn write_display(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(out, "{value}");
}
