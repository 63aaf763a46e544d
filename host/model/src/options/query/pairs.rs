//! A query string as names and values: `application/x-www-form-urlencoded`, which is what HTTP clients write behind the question mark.
//!
//! Stricter than a browser: a `%` that does not begin an escape, or escapes that are not UTF-8, are errors, because a filter that was
//! understood in part selects the wrong tasks.

use super::error::QueryError;
use std::borrow::Cow;

/// The decoded names and values in their order. Empty pieces, as in `a=1&&b=2`, are passed over.
pub(super) fn pairs(query: &[u8]) -> impl Iterator<Item = Result<(String, String), QueryError>> + '_ {
    query.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()).map(|piece| {
        let (name, value) = match memchr::memchr(b'=', piece) {
            Some(equals) => (&piece[..equals], &piece[equals + 1..]),
            None => (piece, &b""[..]),
        };
        let error = |problem| QueryError::new(&lossy(name), &lossy(value), problem);
        Ok((decode(name).map_err(error)?, decode(value).map_err(error)?))
    })
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The text that `encoded` stands for: `+` is a space, `%41` is a byte of UTF-8.
fn decode(encoded: &[u8]) -> Result<String, &'static str> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter();
    while let Some(&byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => match (bytes.next().and_then(hex), bytes.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err("'%' must be followed by two hexadecimal digits; a percent sign itself is %25"),
            },
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| "not UTF-8 after percent-decoding")
}

fn hex(digit: &u8) -> Option<u8> {
    char::from(*digit).to_digit(16).map(|value| value as u8)
}
