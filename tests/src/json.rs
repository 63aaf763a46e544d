//! JSON compared as text: key order and the spelling of numbers count, white space between tokens does not.

/// The text without white space between tokens.
pub fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    let (mut in_text, mut escaped) = (false, false);
    for c in text.chars() {
        if in_text || !c.is_ascii_whitespace() {
            compact.push(c);
        }
        if c == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = in_text && c == '\\' && !escaped;
    }
    compact
}

/// The elements of a JSON array of objects, as text.
pub fn elements(array: &str) -> Vec<String> {
    let compact = compact(array);
    let inner = compact.strip_prefix('[').and_then(|text| text.strip_suffix(']')).expect("the text is an array");
    let mut elements = Vec::new();
    let (mut depth, mut start, mut in_text, mut escaped) = (0, 0, false, false);
    for (at, c) in inner.char_indices() {
        match c {
            '"' if !escaped => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            ',' if !in_text && depth == 0 => {
                elements.push(inner[start..at].to_owned());
                start = at + 1;
            }
            _ => {}
        }
        escaped = in_text && c == '\\' && !escaped;
    }
    if !inner.is_empty() {
        elements.push(inner[start..].to_owned());
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_only_between_tokens() {
        assert_eq!(compact("{ \"a b\" :\n [1.0, \"\\\" ,\"] }"), r#"{"a b":[1.0,"\" ,"]}"#);
        assert_eq!(elements(r#" [ {"a":[1,2]} , {"b":"},{"} ]"#), [r#"{"a":[1,2]}"#, r#"{"b":"},{"}"#]);
        assert!(elements("[]").is_empty());
    }
}
