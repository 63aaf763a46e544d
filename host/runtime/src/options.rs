//! Checking a plugin's options against the schema that it gives.

use crate::stderr::printable_line;
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
            let problem = if pointer.is_empty() { format!("options: {error}") } else { format!("option {}: {error}", name_of(&pointer)) };
            printable_line(&problem, 1000)
        })
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> =
        schema.get("properties").and_then(Value::as_object).into_iter().flat_map(|options| options.keys().map(String::as_str)).collect();
    let hint = format!("its options are {}", if known.is_empty() { "none".to_owned() } else { printable_line(&known.join(", "), 1000) });
    fail(problems.into_iter().chain([hint]).collect())
}

/// The option at a JSON pointer as people name it, `split.val_ratio`.
pub(crate) fn name_of(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~")
}

/// Keys and values that a schema may hold in all.
const MAX_NODES: usize = 5_000;

/// Checks that a schema can be used without harm. References can double the work at each step, and an options schema needs none.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_schema(schema: &Value) -> Result<(), String> {
    let mut nodes = 0;
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(format!("it holds more than {MAX_NODES} values"));
        }
        match value {
            Value::Object(members) => {
                if let Some(key) = members.keys().find(|key| key.ends_with("Ref") || *key == "$ref") {
                    return Err(format!("it holds '{}': write out what is referred to", printable_line(key, 40)));
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    if !schema.is_object() {
        return Err("it is not an object".into());
    }
    jsonschema::validator_for(schema).map(|_| ()).map_err(|error| printable_line(&format!("it is not a JSON Schema: {error}"), 500))
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

    #[test]
    fn schemas_that_can_blow_up_are_refused() {
        assert_eq!(check_schema(&json!({ "type": "object", "properties": { "a": { "type": "string", "pattern": "^a" } } })), Ok(()));
        for wrong in [
            json!(true),
            json!({ "type": 7 }),
            json!({ "allOf": [{ "$ref": "#" }] }),
            json!({ "$dynamicRef": "#x" }),
            json!({ "enum": vec![1; 6000] }),
        ] {
            assert!(check_schema(&wrong).is_err(), "{wrong}");
        }
    }
}
