//! YAML scalars.

/// Appends a text in double quotes: `yes`, `1.0` and `a: b #c` stay texts, and what is not printable is escaped.
pub fn write_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\t' => out.extend_from_slice(b"\\t"),
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            }
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn texts_are_quoted_and_escaped() {
        for (text, want) in [("yes", r#""yes""#), ("a\"b\\c\n\u{1}\u{85}\u{feff}é: #", r#""a\"b\\c\n\u0001\u0085\ufeffé: #""#)] {
            let mut out = Vec::new();
            write_quoted(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
