//! JSON rows written by hand into a byte buffer: no serialiser, no allocation. And the way back, for what the contract hands over as JSON.

mod read;

pub use read::{decode, elements, member, members};

use crate::number::{write_f64, write_rounded};
use crate::types::Answer;

/// `x` spread over the eight bytes of a word.
const fn spread(x: u8) -> u64 {
    u64::from_ne_bytes([x; 8])
}

/// Whether one of eight bytes needs an escape (below 0x20, a quote or a backslash). Classic bit tricks: a byte below `n` borrows into its top
/// bit when `n` is subtracted. A byte from 0x80 on is part of a longer character and never needs one.
#[inline]
fn any_special(word: u64) -> bool {
    let zero_byte = |word: u64| word.wrapping_sub(spread(1)) & !word;
    let control = word.wrapping_sub(spread(0x20)) & !word;
    (control | zero_byte(word ^ spread(b'"')) | zero_byte(word ^ spread(b'\\'))) & spread(0x80) != 0
}

/// Appends a text in quotes, escaped as RFC 8259 asks for and no further: UTF-8 stays.
#[inline(never)]
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut words = bytes.chunks_exact(8);
    let plain = words.by_ref().all(|word| match word.try_into() {
        Ok(word) => !any_special(u64::from_ne_bytes(word)),
        Err(_) => false,
    }) && words.remainder().iter().all(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        out.extend_from_slice(bytes);
    } else {
        write_escaped(out, bytes);
    }
    out.push(b'"');
}

#[cold]
fn write_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for &byte in bytes {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            _ => out.push(byte),
        }
    }
}

/// Appends an answer: a text, a list of texts, a flag, a number, or the JSON it came as; `null` when there is none.
pub fn write_answer(out: &mut Vec<u8>, answer: &Answer) {
    match answer {
        Answer::Empty => out.extend_from_slice(b"null"),
        Answer::Text(text) => write_string(out, text),
        Answer::Choices(choices) => write_strings(out, choices),
        Answer::Flag(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Answer::Number(number) => write_f64(out, *number),
        Answer::Other(json) => out.extend_from_slice(json.as_bytes()),
    }
}

/// Appends a list of texts.
pub fn write_strings<S: AsRef<str>>(out: &mut Vec<u8>, texts: &[S]) {
    out.push(b'[');
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, text.as_ref());
    }
    out.push(b']');
}

/// Appends a list of numbers, rounded to so many decimals.
#[inline]
pub fn write_numbers(out: &mut Vec<u8>, numbers: &[f64], precision: u8) {
    out.push(b'[');
    for (at, &number) in numbers.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_rounded(out, number, precision);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write_string(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        assert_eq!(written("a\"\\\n\u{1}\u{7f}é\u{2028}"), "\"a\\\"\\\\\\n\\u0001\u{7f}é\u{2028}\"");
    }

    #[test]
    fn a_special_byte_is_found_in_every_place() {
        for special in [0, 0x1f, b'"', b'\\'] {
            for place in 0..20 {
                let mut bytes = vec![b'a'; 20];
                bytes[place] = special;
                let text = String::from_utf8(bytes).unwrap();
                assert_eq!(serde_json::from_str::<String>(&written(&text)).unwrap(), text);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(text in any::<String>()) {
            prop_assert_eq!(serde_json::from_str::<String>(&written(&text)).unwrap(), text);
        }
    }
}
