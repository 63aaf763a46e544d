//! Cells of CSV and TSV tables.

/// Appends a cell of a table with commas, by RFC 4180. One that a spreadsheet would take for a formula gets an apostrophe in front.
#[inline]
pub fn write_cell(out: &mut Vec<u8>, text: &str) {
    write_cell_between(out, text, b',', true);
}

/// Whether a spreadsheet could take a text for a formula: it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no number.
#[inline]
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_signed_number(&text[1..])
}

/// Whether these are the digits of a number with a sign. (With an exponent it may begin with a formula's sign again.)
fn is_signed_number(digits: &str) -> bool {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Appends a cell of a table whose cells stand between `separator`s. With `guard`, one that a spreadsheet could take for a formula gets an
/// apostrophe in front, and so is another text than it was.
pub fn write_cell_between(out: &mut Vec<u8>, text: &str, separator: u8, guard: bool) {
    let formula = guard && is_formula(text);
    if !formula && !text.bytes().any(|byte| byte == separator || matches!(byte, b'"' | b'\r' | b'\n')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        for (text, separator, guard, want) in [
            ("https://x.test/a.jpg", b',', true, "https://x.test/a.jpg"),
            ("a,\"b\"", b',', true, "\"a,\"\"b\"\"\""),
            ("a,b", b'\t', true, "a,b"),
            ("a\tb", b'\t', true, "\"a\tb\""),
            ("=cmd()", b',', true, "\"'=cmd()\""),
            ("-1.5", b',', true, "-1.5"),
            ("+49 30", b',', true, "\"'+49 30\""),
            ("-1+cmd()", b',', true, "\"'-1+cmd()\""),
            ("-", b',', true, "\"'-\""),
            ("@1.", b',', true, "\"'@1.\""),
            ("-1", b',', false, "-1"),
            ("two\nlines", b',', false, "\"two\nlines\""),
            ("", b',', true, ""),
        ] {
            let mut out = Vec::new();
            write_cell_between(&mut out, text, separator, guard);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
