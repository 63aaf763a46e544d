//! The options: which evil.

/// What the options may hold.
pub(crate) const SCHEMA: &str =
    r#"{"type":"object","properties":{"evil":{"type":"string"},"parallel":{"type":"boolean"}},"additionalProperties":false}"#;

/// The name of the evil, `none` when the options do not say. The host has checked the options against [`SCHEMA`], and no evil has a name that JSON
/// would escape: looking for the key is enough.
pub(crate) fn evil(options: &str) -> &str {
    let value = options.split_once("\"evil\"").and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
    value.and_then(|value| value.trim_start().strip_prefix('"')).and_then(|value| value.split('"').next()).unwrap_or("none")
}

#[cfg(test)]
mod tests {
    use super::evil;

    #[test]
    fn the_evil_is_found_wherever_it_stands() {
        assert_eq!(evil("{}"), "none");
        assert_eq!(evil(r#"{"evil":"panic"}"#), "panic");
        assert_eq!(evil(r#"{ "parallel": true, "evil" : "exit-one" }"#), "exit-one");
    }
}
