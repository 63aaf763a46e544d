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

/// The elements of a JSON array, as text.
pub fn elements(array: &str) -> Vec<String> {
    let compact = compact(array);
    let inner = compact.strip_prefix('[').and_then(|text| text.strip_suffix(']')).expect("the text is an array");
    split(inner, ',').into_iter().map(str::to_owned).collect()
}

/// The members of a JSON object, as text: the key as it stands between its quotes, and the value.
pub fn members(object: &str) -> Vec<(String, String)> {
    let compact = compact(object);
    let inner = compact.strip_prefix('{').and_then(|text| text.strip_suffix('}')).expect("the text is an object");
    let member = |member| {
        let key = split(member, ':')[0];
        (key.trim_matches('"').to_owned(), member[key.len() + 1..].to_owned())
    };
    split(inner, ',').into_iter().map(member).collect()
}

/// The value of a member of a JSON object, as text.
pub fn member(object: &str, key: &str) -> Option<String> {
    members(object).into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// What stands between the separators that are in no string and no inner container.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut in_text, mut escaped) = (0, 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            _ if c == separator && !in_text && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        escaped = in_text && c == '\\' && !escaped;
    }
    if !text.is_empty() {
        parts.push(&text[start..]);
    }
    parts
}

/// The same JSON with white space between all its tokens.
pub fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(2 * text.len());
    let (mut in_text, mut escaped) = (false, false);
    for c in text.chars() {
        let is_token = !in_text && matches!(c, '{' | '}' | '[' | ']' | ':' | ',');
        if is_token {
            spaced.push_str(" \t");
        }
        spaced.push(c);
        if is_token {
            spaced.push_str("\r\n ");
        }
        if c == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = in_text && c == '\\' && !escaped;
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_only_between_tokens() {
        assert_eq!(compact("{ \"a b\" :\n [1.0, \"\\\" ,\"] }"), r#"{"a b":[1.0,"\" ,"]}"#);
        assert_eq!(elements(r#" [ {"a":[1,2]} , {"b":"},{"} ]"#), [r#"{"a":[1,2]}"#, r#"{"b":"},{"}"#]);
        assert!(elements("[]").is_empty());
        let object = r#"{"a:b":{"c":1},"d\\":"x,\"y","":[2,3]}"#;
        assert_eq!(compact(&spaced(object)), object);
        assert!(spaced(object).contains("{\r\n \"a:b\" \t:"));
        assert_eq!(
            members(&spaced(object)),
            [("a:b", r#"{"c":1}"#), (r"d\\", r#""x,\"y""#), ("", "[2,3]")].map(|(key, value)| (key.into(), value.into()))
        );
        assert_eq!((member(object, "").as_deref(), member(object, "c")), (Some("[2,3]"), None));
    }
}
