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

    proptest! {
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
