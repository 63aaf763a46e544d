//! Checking a plugin's options against the schema that it gives.

use serde_json::Value;

/// Options that a plugin does not accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plugin {plugin}: {}", problems.join("; "))]
pub struct OptionsError {
    /// The plugin.
    pub plugin: String,
    /// Each thing that is wrong, with the option's name.
    pub problems: Vec<String>,
}

/// Checks options, a JSON object, against a JSON Schema.
///
/// # Errors
/// Every option that is wrong, by JSON pointer, and why.
pub fn check_options(plugin: &str, schema: &Value, options: &Value) -> Result<(), OptionsError> {
    let fail = |problems| Err(OptionsError { plugin: plugin.to_owned(), problems });
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => return fail(vec![format!("its options schema is not valid: {error}")]),
    };
    let problems: Vec<String> = validator
        .iter_errors(options)
        .take(20)
        .map(|error| {
            let pointer = error.instance_path().to_string();
            if pointer.is_empty() { format!("options: {error}") } else { format!("option {}: {error}", pointer.trim_start_matches('/')) }
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { fail(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_options_are_named() {
        let schema = json!({ "type": "object", "properties": { "task": { "enum": ["detect", "segment"] } }, "additionalProperties": false });
        assert_eq!(check_options("p", &schema, &json!({ "task": "detect" })), Ok(()));
        let error = check_options("p", &schema, &json!({ "task": "x", "other": 1 })).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("option task: \"x\" is not one of") && error.contains("'other'"), "{error}");
        assert!(check_options("p", &json!({ "type": 7 }), &json!({})).is_err());
    }
}
