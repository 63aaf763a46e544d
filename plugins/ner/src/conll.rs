//! CoNLL-2003: `TOKEN -X- _ TAG` in each line, an empty line after each sentence, `-DOCSTART-` before each document.
//!
//! The two columns between, part of speech and chunk, are what Label Studio and others fill in when they know neither.

use std::ops::Range;

use ango_plugin_sdk::ClassTable;
use ango_plugin_sdk::text::tokens::Tokens;

use crate::document::{Entity, Entry};
use crate::options::{Scheme, Sentences};
use crate::tokens::{sentence_starts, tokens};

/// A token, or what is left of one that an entity cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    span: Range<usize>,
    /// Position of its entity among those that are written.
    entity: Option<usize>,
    begins_sentence: bool,
}

/// Appends a document. `labels` are the names of classes as a column can hold them.
pub(crate) fn write(out: &mut Vec<u8>, entry: &Entry<'_>, classes: &ClassTable, labels: &Tokens, scheme: Scheme, sentences: Sentences) {
    let document = entry.document;
    let (entities, overlapping) = document.outermost();
    let detail = "overlaps another entity, and a token has one tag: the one that begins first, or is longer, stays";
    overlapping.iter().for_each(|entity| entry.lost(entity, "entity-overlap", detail));
    entities.iter().for_each(|entity| labels.report(entry.run, entry.task.index, entry.id(entity), classes, entity.class));
    let tokens = tokens(&document.text);
    report_cuts(entry, &entities, &tokens, "begins or ends within a token, which is written as two");
    let pieces = pieces(&document.text, &tokens, &entities, sentences);
    out.extend_from_slice(b"-DOCSTART- -X- O O\n");
    for (at, piece) in pieces.iter().enumerate() {
        if piece.begins_sentence {
            out.push(b'\n');
        }
        out.extend_from_slice(document.text[piece.span.clone()].as_bytes());
        out.extend_from_slice(b" -X- _ ");
        match piece.entity {
            None => out.push(b'O'),
            Some(entity) => {
                let other = |at: Option<usize>| at.and_then(|at| pieces.get(at)).filter(|other| other.entity != piece.entity);
                let is_first = at == 0 || other(at.checked_sub(1)).is_some();
                let is_last = at + 1 == pieces.len() || other(Some(at + 1)).is_some();
                let class = entities[entity].class;
                // As in the original files, where a beginning is only marked when it could not be seen.
                let follows_alike = is_first
                    && !piece.begins_sentence
                    && other(at.checked_sub(1)).and_then(|other| other.entity).is_some_and(|before| entities[before].class == class);
                out.push(match (scheme, is_first, is_last) {
                    (Scheme::Iob2, true, _) => b'B',
                    (Scheme::Iob1, true, _) if follows_alike => b'B',
                    (Scheme::Bioes, true, true) => b'S',
                    (Scheme::Bilou, true, true) => b'U',
                    (Scheme::Bioes | Scheme::Bilou, true, false) => b'B',
                    (Scheme::Bioes, false, true) => b'E',
                    (Scheme::Bilou, false, true) => b'L',
                    _ => b'I',
                });
                out.push(b'-');
                out.extend_from_slice(labels.get(class).as_bytes());
            }
        }
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// Reports the entities whose ends are within a token.
#[inline(never)]
pub(crate) fn report_cuts(entry: &Entry<'_>, entities: &[&Entity], tokens: &[Range<usize>], detail: &str) {
    let is_within = |at: usize| {
        let next = tokens.partition_point(|token| token.end <= at);
        tokens.get(next).is_some_and(|token| token.start < at)
    };
    let cutting = entities.iter().filter(|entity| is_within(entity.span.start) || is_within(entity.span.end));
    cutting.for_each(|entity| entry.lost(entity, "entity-splits-token", detail));
}

/// Cuts tokens where entities begin and end. `entities` are in order and do not overlap.
fn pieces(text: &str, tokens: &[Range<usize>], entities: &[&Entity], sentences: Sentences) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(tokens.len());
    let mut starts = sentence_starts(text, sentences).into_iter().peekable();
    let mut next = 0;
    for token in tokens {
        let mut from = token.start;
        while from < token.end {
            while entities.get(next).is_some_and(|entity| entity.span.end <= from) {
                next += 1;
            }
            let (entity, to) = match entities.get(next) {
                Some(entity) if entity.span.start <= from => (Some(next), entity.span.end.min(token.end)),
                Some(entity) => (None, entity.span.start.min(token.end)),
                None => (None, token.end),
            };
            let mut begins_sentence = pieces.is_empty();
            while starts.next_if(|&start| start <= from).is_some() {
                begins_sentence = true;
            }
            // A sentence does not end within an entity.
            begins_sentence &= entity.is_none() || pieces.last().is_none_or(|last| last.entity != entity);
            pieces.push(Piece { span: from..to, entity, begins_sentence });
            from = to;
        }
    }
    pieces
}
