//! The text of an object, and its words.

use ango_plugin_sdk::geometry::Extent;
use ango_plugin_sdk::{Answer, Geometry, Object, PdfRectangle};

use crate::place::{Size, rectangle};

/// The text in an object, and the position of the answer that it is, if it is one.
pub(crate) fn text<'a>(object: &'a Object, questions: &[String]) -> (&'a str, Option<usize>) {
    let is_asked = |title: &str, id: &str| questions.iter().any(|question| question == title || question == id);
    let answers = || object.classifications.iter().enumerate();
    let said = |answer: &'a Answer| if let Answer::Text(text) = answer { Some(text.as_str()).filter(|text| !text.is_empty()) } else { None };
    let named = answers().filter(|(_, answer)| is_asked(&answer.title, &answer.schema_id)).find_map(|(at, answer)| Some((said(&answer.answer)?, at)));
    if let Some((text, at)) = named {
        return (text, Some(at));
    }
    let drawn = if let Geometry::Pdf(area) = &object.geometry { area.text.as_deref() } else { None };
    if let Some(text) = [drawn, object.ocr.as_deref()].into_iter().flatten().find(|text| !text.is_empty()) {
        return (text, None);
    }
    let first = answers().filter(|(_, answer)| answer.kind == "text").find_map(|(at, answer)| Some((said(&answer.answer)?, at)));
    first.map_or(("", None), |(text, at)| (text, Some(at)))
}

/// A word, and where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) extent: Extent,
}

/// How words were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// There is one word, or a part of the area for each.
    Known,
    /// There are parts, but not as many as words: words are where their share of the letters is.
    Estimated,
}

/// The words of a text. Parts are rectangles of a PDF area, in reading order; without any, all of the text is one word.
pub(crate) fn words<'a>(text: &'a str, whole: Extent, object: &Object, size: Option<Size>) -> (Vec<Word<'a>>, Split) {
    let parts: &[PdfRectangle] = if let Geometry::Pdf(area) = &object.geometry { &area.parts } else { &[] };
    let one = || (vec![Word { text, extent: whole }], Split::Known);
    let tokens: Vec<&str> = text.split_whitespace().collect();
    if parts.is_empty() || tokens.is_empty() {
        return one();
    }
    let placed: Option<Vec<Extent>> = size.and_then(|size| parts.iter().map(|part| rectangle(part, size)).collect());
    let Some(placed) = placed else { return one() };
    if placed.len() == tokens.len() {
        return (tokens.into_iter().zip(placed).map(|(text, extent)| Word { text, extent }).collect(), Split::Known);
    }
    (estimated(&tokens, &placed), Split::Estimated)
}

/// Lays words along the parts, one part behind the other, each as long as its share of the letters. A word is in the part that has its middle.
fn estimated<'a>(tokens: &[&'a str], parts: &[Extent]) -> Vec<Word<'a>> {
    let length = |token: &str| token.chars().count() as f64;
    // Words are a letter apart.
    let letters: f64 = tokens.iter().map(|token| length(token) + 1.0).sum::<f64>() - 1.0;
    let width: f64 = parts.iter().map(Extent::width).sum();
    let scale = width / letters.max(1.0);
    let (mut begin, mut part, mut offset) = (0.0, 0, 0.0);
    let mut words = Vec::with_capacity(tokens.len());
    for &text in tokens {
        let end = begin + length(text) * scale;
        while part + 1 < parts.len() && (begin + end) / 2.0 >= offset + parts[part].width() {
            offset += parts[part].width();
            part += 1;
        }
        let line = parts[part];
        let along = |at: f64| (line.x0 + at - offset).clamp(line.x0, line.x1);
        words.push(Word { text, extent: Extent { x0: along(begin), x1: along(end), ..line } });
        begin = end + scale;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lie_along_the_parts_by_their_letters() {
        let line = |y: f64, x1: f64| Extent { x0: 0.0, y0: y, x1, y1: y + 10.0 };
        let found = |tokens: &[&str], parts: &[Extent]| -> Vec<(f64, f64, f64)> {
            estimated(tokens, parts).iter().map(|word| (word.extent.x0, word.extent.x1, word.extent.y0)).collect()
        };
        assert_eq!(found(&["ab", "cdefg"], &[line(0.0, 80.0)]), [(0.0, 20.0, 0.0), (30.0, 80.0, 0.0)]);
        // The second word would begin on the first line, but has its middle where the second begins.
        assert_eq!(found(&["abc", "de", "fgh"], &[line(0.0, 50.0), line(20.0, 50.0)]), [(0.0, 30.0, 0.0), (0.0, 10.0, 20.0), (20.0, 50.0, 20.0)]);
        assert_eq!(found(&["a", "b"], &[line(0.0, 0.0)]), [(0.0, 0.0, 0.0); 2]);
    }
}
