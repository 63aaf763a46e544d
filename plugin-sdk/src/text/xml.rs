//! XML 1.0: texts and values of attributes.

/// Whether XML 1.0 can hold a character, escaped or not (its production `Char`).
pub(crate) fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether XML can hold every character of a text. If not, [`write_text`] and [`write_attribute`] put U+FFFD in the place of those that it cannot,
/// and that is to be reported.
pub fn can_hold(text: &str) -> bool {
    text.chars().all(is_char)
}

/// Appends a text between two tags. Line ends and what a parser would trim or join survive.
#[inline]
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    write_escaped(out, text, false);
}

/// Appends the value of an attribute, to stand between double quotes. White space survives the normalisation of attributes.
#[inline]
pub fn write_attribute(out: &mut Vec<u8>, text: &str) {
    write_escaped(out, text, true);
}

fn write_escaped(out: &mut Vec<u8>, text: &str, attribute: bool) {
    let plain = |byte: u8| byte >= 0x20 && !matches!(byte, b'&' | b'<' | b'>' | b'"' | 0xef);
    if text.bytes().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '"' if attribute => out.extend_from_slice(b"&quot;"),
            '\r' => out.extend_from_slice(b"&#13;"),
            '\n' if attribute => out.extend_from_slice(b"&#10;"),
            '\t' if attribute => out.extend_from_slice(b"&#9;"),
            _ => out.extend_from_slice(if is_char(c) { c } else { '\u{fffd}' }.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_would_be_markup_or_lost_is_escaped() {
        let written = |attribute| {
            let mut out = Vec::new();
            write_escaped(&mut out, "a<b> & \"c\"\r\n\t\u{1}\u{fffe}\u{ffee}é😀", attribute);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(false), "a&lt;b&gt; &amp; \"c\"&#13;\n\t\u{fffd}\u{fffd}\u{ffee}é😀");
        assert_eq!(written(true), "a&lt;b&gt; &amp; &quot;c&quot;&#13;&#10;&#9;\u{fffd}\u{fffd}\u{ffee}é😀");
        assert!(can_hold("a\u{ffee}\n") && !can_hold("\u{0}") && !can_hold("\u{ffff}"));
    }
}
