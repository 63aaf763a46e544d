//! What the offsets of entities count.
//!
//! No public page says it. Ango is a browser application, so they are probably UTF-16 code units of the text as the browser holds it; but annotations are also
//! imported by programs, which count what their language counts. An entity carries its text (`selection`), so what the offsets of a text count is what makes
//! most of its entities agree with it.

use std::borrow::Cow;
use std::ops::Range;

use ango_plugin_sdk::order::sorted_positions;

/// What an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// UTF-16 code units: a character beyond U+FFFF, such as most emoji, is two. What JavaScript and Java count.
    Utf16,
    /// Unicode code points. What Python counts.
    CodePoint,
}

/// An entity as the export has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawSpan<'a> {
    /// Start and end; `None` when they are no offsets.
    pub(crate) offsets: Option<(u64, u64)>,
    /// The text that was selected.
    pub(crate) selection: Option<&'a str>,
}

/// The text with its entities found in it.
#[derive(Debug)]
pub(crate) struct Reading<'t> {
    /// The text as the offsets count it: as it is, or with line breaks of one character each, as HTML has them.
    pub(crate) text: Cow<'t, str>,
    /// What the offsets count.
    pub(crate) unit: Unit,
    /// Bytes of the text, for each entity whose offsets are in it and not within a character.
    pub(crate) spans: Vec<Option<Range<usize>>>,
    /// Whether no other way to count agrees with the selections as well as this one.
    pub(crate) certain: bool,
}

/// Finds out what the offsets count.
pub(crate) fn read<'t>(text: &'t str, entities: &[RawSpan<'_>]) -> Reading<'t> {
    let mut texts = vec![Cow::Borrowed(text)];
    if text.contains('\r') {
        texts.push(Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")));
    }
    let mut best: Option<(usize, Reading<'t>)> = None;
    for text in texts {
        for unit in units(&text) {
            let spans = spans(&text, entities, unit);
            let score = spans.iter().zip(entities).map(|(span, entity)| agreement(&text, span.as_ref(), entity.selection)).sum();
            match &mut best {
                Some((best_score, reading)) if score <= *best_score => {
                    reading.certain &= score < *best_score || (reading.spans == spans && is_alike(&reading.text, &text, &spans));
                }
                _ => best = Some((score, Reading { text: text.clone(), unit, spans, certain: true })),
            }
        }
    }
    best.map_or_else(|| Reading { text: text.into(), unit: Unit::Utf16, spans: Vec::new(), certain: true }, |(_, reading)| reading)
}

/// Whether two forms of a text are the same up to the last span.
fn is_alike(a: &str, b: &str, spans: &[Option<Range<usize>>]) -> bool {
    let end = spans.iter().flatten().map(|span| span.end).max().unwrap_or(0);
    a.as_bytes().get(..end) == b.as_bytes().get(..end)
}

/// The units that differ in this text, the likelier one first.
fn units(text: &str) -> impl Iterator<Item = Unit> {
    // Only characters beyond U+FFFF count differently. In UTF-8 they are those of four bytes, and begin with 0xf0 or more.
    let differ = !text.is_ascii() && text.bytes().any(|byte| byte >= 0xf0);
    [Unit::Utf16, Unit::CodePoint].into_iter().take(1 + usize::from(differ))
}

/// How well a span agrees with what was selected. White space may differ, because browsers change it in what is selected; but of two ways to count, the one
/// without a difference is right.
fn agreement(text: &str, span: Option<&Range<usize>>, selection: Option<&str>) -> usize {
    match (span.and_then(|span| text.get(span.clone())), selection) {
        (Some(found), Some(selection)) if found == selection => 2,
        (Some(found), Some(selection)) if is_same(found, selection) => 1,
        _ => 0,
    }
}

/// Whether two texts are the same but for white space. Two without anything else are not: they say nothing.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    let visible = |c: &char| !c.is_whitespace();
    a.chars().any(|c| visible(&c)) && a.chars().filter(visible).eq(b.chars().filter(visible))
}

/// Where entities are in the text, in bytes, when offsets count `unit`.
pub(crate) fn spans(text: &str, entities: &[RawSpan<'_>], unit: Unit) -> Vec<Option<Range<usize>>> {
    let offsets: Vec<u64> = entities.iter().flat_map(|entity| entity.offsets.map_or([u64::MAX; 2], |(start, end)| [start, end])).collect();
    let places = places(text, &offsets, unit);
    places.as_chunks::<2>().0.iter().map(|&[start, end]| Some(start?..end?).filter(|span| span.start <= span.end)).collect()
}

/// The bytes at which characters begin whose offsets are these; `None` beyond the text, and within a character.
fn places(text: &str, offsets: &[u64], unit: Unit) -> Vec<Option<usize>> {
    let mut places = vec![None; offsets.len()];
    // The start of a character, and its offset.
    let (mut byte, mut count) = (0, 0);
    for at in sorted_positions(offsets.len(), &mut |a, b| offsets[a as usize] < offsets[b as usize]) {
        let wanted = offsets[at as usize];
        let ahead = usize::try_from(wanted - count).ok().and_then(|ahead| text.as_bytes().get(byte..)?.get(..ahead));
        if ahead.is_some_and(<[u8]>::is_ascii) {
            byte += (wanted - count) as usize;
            count = wanted;
        } else {
            for c in text[byte..].chars() {
                let length = if unit == Unit::Utf16 { c.len_utf16() as u64 } else { 1 };
                if count + length > wanted {
                    break;
                }
                (byte, count) = (byte + c.len_utf8(), count + length);
            }
        }
        places[at as usize] = (count == wanted).then_some(byte);
    }
    places
}

/// Offsets in code points of bytes at which characters begin: what spaCy and Python count.
#[inline(never)]
pub(crate) fn code_points(text: &str, bytes: &[usize]) -> Vec<usize> {
    let mut points = vec![0; bytes.len()];
    let (mut byte, mut count) = (0, 0);
    for at in sorted_positions(bytes.len(), &mut |a, b| bytes[a as usize] < bytes[b as usize]) {
        let at = at as usize;
        let next = bytes[at];
        count += text.get(byte..next).map_or(0, |between| between.chars().count());
        byte = next.max(byte);
        points[at] = count;
    }
    points
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn raw(start: u64, end: u64, selection: Option<&str>) -> RawSpan<'_> {
        RawSpan { offsets: Some((start, end)), selection }
    }

    fn found<'a>(reading: &'a Reading<'_>) -> Vec<Option<&'a str>> {
        reading.spans.iter().map(|span| span.clone().map(|span| &reading.text[span])).collect()
    }

    #[test]
    fn selections_tell_what_offsets_count() {
        let text = "😀 Anna met 😀 Bob";
        for (unit, anna, bob) in [(Unit::Utf16, 3, 15), (Unit::CodePoint, 2, 13)] {
            let entities = [raw(anna, anna + 4, Some("Anna")), raw(bob, bob + 3, Some("Bob"))];
            let reading = read(text, &entities);
            assert_eq!((reading.unit, reading.certain), (unit, true));
            assert_eq!(found(&reading), [Some("Anna"), Some("Bob")]);
        }
    }

    #[test]
    fn without_selections_a_browser_is_assumed() {
        let reading = read("😀 Anna", &[raw(3, 7, None)]);
        assert_eq!((reading.unit, reading.certain, found(&reading)), (Unit::Utf16, false, vec![Some("Anna")]));
        // Before the first such character nothing differs, and in other texts nothing at all.
        assert!(read("Anna 😀", &[raw(0, 4, None)]).certain);
        assert!(read("Änna", &[raw(0, 4, None)]).certain);
        assert!(read("", &[]).certain);
    }

    #[test]
    fn line_breaks_count_as_they_did() {
        let text = "one\r\ntwo\r\nthree";
        let reading = read(text, &[raw(10, 15, Some("three"))]);
        assert_eq!((&*reading.text, found(&reading)), (text, vec![Some("three")]));
        let reading = read(text, &[raw(8, 13, Some("three")), raw(4, 7, Some("two"))]);
        assert_eq!((&*reading.text, found(&reading)), ("one\ntwo\nthree", vec![Some("three"), Some("two")]));
        assert!(!read(text, &[raw(8, 13, None)]).certain);
    }

    #[test]
    fn white_space_may_differ_but_decides_when_nothing_else_does() {
        let text = "😀 a b";
        let reading = read(text, &[raw(2, 4, Some(" a"))]);
        assert_eq!((reading.unit, found(&reading)), (Unit::Utf16, vec![Some(" a")]));
        let reading = read(text, &[raw(2, 4, Some("a "))]);
        assert_eq!((reading.unit, found(&reading)), (Unit::CodePoint, vec![Some("a ")]));
        assert!(is_same("a\n  b", " a b"));
        assert!(!is_same("a b", "a c"));
        assert!(!is_same(" ", "\n"));
    }

    #[test]
    fn offsets_that_are_none_have_no_place() {
        let reading = read("a😀b", &[raw(0, 2, None), raw(2, 3, None), raw(3, 4, None), raw(4, 5, None), raw(3, 1, None)]);
        assert_eq!(found(&reading), [None, None, Some("b"), None, None]);
        let nothing = [RawSpan { offsets: None, selection: Some("a") }];
        assert_eq!(read("a", &nothing).spans, [None]);
    }

    proptest! {
        #[test]
        fn every_offset_is_where_its_count_says(text in any::<String>(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..20)) {
            let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
            let bytes: Vec<usize> = picks.iter().map(|pick| bytes[pick.index(bytes.len())]).collect();
            let points: Vec<u64> = bytes.iter().map(|&byte| text[..byte].chars().count() as u64).collect();
            let units: Vec<u64> = bytes.iter().map(|&byte| text[..byte].encode_utf16().count() as u64).collect();
            let wanted: Vec<Option<usize>> = bytes.iter().copied().map(Some).collect();
            prop_assert_eq!(&places(&text, &points, Unit::CodePoint), &wanted);
            prop_assert_eq!(&places(&text, &units, Unit::Utf16), &wanted);
            prop_assert_eq!(code_points(&text, &bytes), points.iter().map(|&point| point as usize).collect::<Vec<_>>());
        }

        #[test]
        fn any_numbers_are_survived(text in "[a😀\r\n é]{0,12}", offsets in prop::collection::vec((0_u64..20, 0_u64..20), 0..8)) {
            let entities: Vec<_> = offsets.iter().map(|&(start, end)| raw(start, end, Some("a"))).collect();
            let reading = read(&text, &entities);
            for span in reading.spans.into_iter().flatten() {
                prop_assert!(reading.text.get(span).is_some());
            }
        }
    }
}
