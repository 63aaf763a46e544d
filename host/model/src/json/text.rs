//! Strings: from their JSON text and back.

use std::borrow::Cow;

/// The string that the inside of a JSON string literal stands for. An escape of half a surrogate pair becomes U+FFFD, as a browser writes it.
pub fn unescape(raw: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', raw.as_bytes()) else { return Cow::Borrowed(raw) };
    let mut out = String::with_capacity(raw.len());
    out.push_str(&raw[..first]);
    let mut rest = &raw[first..];
    while let Some(position) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..position]);
        let bytes = rest.as_bytes();
        let mut used = position + 2;
        match bytes.get(position + 1) {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'u') => {
                let high = hex4(bytes, position + 2);
                used = position + 6;
                let code = match high {
                    0xD800..=0xDBFF if bytes.get(used) == Some(&b'\\') && bytes.get(used + 1) == Some(&b'u') => {
                        let low = hex4(bytes, used + 2);
                        if (0xDC00..=0xDFFF).contains(&low) {
                            used += 6;
                            0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                        } else {
                            high
                        }
                    }
                    other => other,
                };
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(&other) => out.push(char::from(other)),
            None => {}
        }
        rest = rest.get(used..).unwrap_or("");
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Four hexadecimal digits; the parser has checked that they are there.
fn hex4(bytes: &[u8], at: usize) -> u32 {
    (0..4).fold(0, |value, offset| {
        let digit = bytes.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16)).unwrap_or(0);
        value * 16 + digit
    })
}

/// Appends `text` as a JSON string literal, with the escapes that JSON demands and no others.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (position, &byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => b"",
            _ => continue,
        };
        out.extend_from_slice(&bytes[copied..position]);
        if escape.is_empty() {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        } else {
            out.extend_from_slice(escape);
        }
        copied = position + 1;
    }
    out.extend_from_slice(&bytes[copied..]);
    out.push(b'"');
}

/// JSON without white space between its tokens.
pub fn compact(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(&json[copied..at]);
                at += 1;
                copied = at;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[copied..]);
    Cow::Owned(out)
}

/// Where the string that begins at `start` is over.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += next + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        assert_eq!(unescape(r"a\ud83dz"), "a\u{fffd}z");
        assert_eq!(unescape(r"\ud83d\ude00"), "😀");
        assert_eq!(unescape(r"\ud83d\u0041"), "\u{fffd}A");
    }

    #[test]
    fn compact_json_is_not_copied() {
        assert!(matches!(compact(r#"{"a b":"\" , \\","c":[1]}"#), Cow::Borrowed(_)));
        assert_eq!(compact(" [1 ,\t\"\\\" ,\" ] "), r#"[1,"\" ,"]"#);
    }

    proptest! {
        #[test]
        fn white_space_goes_only_between_tokens(key in "[ \\\\\"a\n]{0,6}", text in "[ \\\\\",:\t]{0,6}") {
            let value = serde_json::json!({ key: [text, 1, { "b": [] }] });
            let pretty = serde_json::to_string_pretty(&value).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(compact(&pretty), value.to_string());
        }

        #[test]
        fn text_that_is_not_json_is_cut_somehow(text in "[ \\\\\"a]{0,6}") {
            prop_assert!(compact(&text).len() <= text.len());
        }

        #[test]
        fn written_strings_read_back(text in ".*") {
            let mut out = Vec::new();
            write_string(&mut out, &text);
            let literal = String::from_utf8(out).map_err(|_| TestCaseError::fail("utf-8"))?;
            prop_assert_eq!(&unescape(&literal[1..literal.len() - 1]), &text);
            prop_assert_eq!(serde_json::from_str::<String>(&literal).ok(), Some(text));
        }
    }
}
