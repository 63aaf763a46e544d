//! Boxes that were drawn from another corner than the top-left one.
//!
//! Such a box has a negative width or height (`ango-v3.md` section 1.3.1). Converters do not expect it, so an export has the same box from its top-left corner. Numbers
//! that stay the same keep their text.

use crate::json::Value;
use std::io::Write;

/// What a box needs to be normalised.
#[derive(Debug, Clone, Copy)]
struct Flipped {
    x: Option<f64>,
    y: Option<f64>,
}

/// The corner of a box with a negative size; `None` for any other box, and for one whose corner no number can hold.
fn flipped(bounds: &Value<'_, '_>) -> Option<Flipped> {
    let corner = |origin: &str, size: &str| -> Option<Option<f64>> {
        let size = bounds.get(size)?.as_f64()?;
        if size >= 0.0 {
            return Some(None);
        }
        let corner = bounds.get(origin)?.as_f64()? + size;
        corner.is_finite().then_some(Some(corner))
    };
    let (x, y) = (corner("x", "width")?, corner("y", "height")?);
    (x.is_some() || y.is_some()).then_some(Flipped { x, y })
}

/// Whether the value of a `bounding-box` has a negative size.
pub(super) fn is_flipped(bounds: &Value<'_, '_>) -> bool {
    flipped(bounds).is_some()
}

/// Appends the box from its top-left corner.
pub(super) fn write_normalised(out: &mut Vec<u8>, bounds: &Value<'_, '_>) {
    let Some(Flipped { x, y }) = flipped(bounds) else { return bounds.write(out) };
    out.push(b'{');
    for (position, member) in bounds.members().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        member.write_key(out);
        match (member.key, x, y) {
            ("x", Some(corner), _) | ("y", _, Some(corner)) => {
                // A vector takes everything.
                let _ = write!(out, "{corner}");
            }
            ("width", Some(_), _) | ("height", _, Some(_)) => out.extend_from_slice(member.value.raw().trim_start_matches('-').as_bytes()),
            _ => member.value.write(out),
        }
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;
    use proptest::prelude::*;

    fn normalised(text: &str) -> String {
        let document = Document::parse(text).unwrap_or_else(|error| unreachable!("{error:?} in {text}"));
        let mut out = Vec::new();
        write_normalised(&mut out, &document.root());
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn only_what_changes_is_written_anew() {
        for (text, expected) in [
            (r#"{"x":10,"y":1.50,"width":-4,"height":2.0}"#, r#"{"x":6,"y":1.50,"width":4,"height":2.0}"#),
            (r#"{"height":-1e1,"new":-1,"y":5,"x":1.0,"width":0}"#, r#"{"height":1e1,"new":-1,"y":-5,"x":1.0,"width":0}"#),
            (r#"{"x":0.5,"y":0,"width":-1.25,"height":-2}"#, r#"{"x":-0.75,"y":-2,"width":1.25,"height":2}"#),
            (r#"{"x":1,"y":1,"width":-0.0,"height":1}"#, r#"{"x":1,"y":1,"width":-0.0,"height":1}"#),
            (r#"{"x":-1.7e308,"y":1,"width":-1.7e308,"height":1}"#, r#"{"x":-1.7e308,"y":1,"width":-1.7e308,"height":1}"#),
            (r#"{"y":1,"width":-1,"height":1}"#, r#"{"y":1,"width":-1,"height":1}"#),
            ("7", "7"),
        ] {
            assert_eq!(normalised(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_box_stays_where_it_is(x in -1e4f64..1e4, y in -1e4f64..1e4, width in -1e4f64..1e4, height in -1e4f64..1e4) {
            let text = normalised(&format!(r#"{{"x":{x},"y":{y},"width":{width},"height":{height}}}"#));
            let read: serde_json::Value = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let number = |key: &str| read[key].as_f64().unwrap_or(f64::NAN);
            prop_assert_eq!(number("x"), x.min(x + width));
            prop_assert_eq!(number("y"), y.min(y + height));
            prop_assert_eq!(number("width"), width.abs());
            prop_assert_eq!(number("height"), height.abs());
        }
    }
}
