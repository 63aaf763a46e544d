//! The service's description of itself (`/v1/openapi.json`), held against what it answers.
//!
//! The check is stricter than the description: an object that says which members it has may have no others, so that a member which nobody described, or which is spelt otherwise, is found.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A description.
#[derive(Debug)]
pub struct Description {
    /// The document, with closed objects.
    root: Value,
    /// Schemas that were looked at before, by where they stand.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// A request and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// `GET`, `POST`, ...
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// The body that was sent.
    pub sent: Option<&'a Value>,
    /// The status of the answer.
    pub status: u16,
    /// Its `content-type`.
    pub kind: &'a str,
    /// Its body.
    pub text: &'a str,
}

impl Description {
    /// Of this document.
    pub fn new(mut root: Value) -> Self {
        close(&mut root);
        Self { root, validators: Mutex::default() }
    }

    /// Whether an exchange is as described.
    ///
    /// # Errors
    /// What is not.
    pub fn check(&self, exchange: &Exchange<'_>) -> Result<(), String> {
        let Exchange { method, target, status, .. } = exchange;
        let path = target.split('?').next().unwrap_or_default();
        let Some((at, item)) = self.path(path) else {
            // What is not described must not be there either.
            return if *status == 404 { self.body("/components/schemas/ErrorBody", exchange.text) } else { Err(format!("{path} is not described")) };
        };
        let method = method.to_lowercase();
        let Some(operation) = item.get(&method) else {
            return if *status == 405 {
                self.body("/components/schemas/ErrorBody", exchange.text)
            } else {
                Err(format!("{method} is not described"))
            };
        };
        let at = format!("/paths/{}/{method}", escaped(&at));
        if let (Some(sent), 200..300) = (exchange.sent, status) {
            if operation.get("requestBody").is_none() {
                return Err("a body was taken, and none is described".into());
            }
            let schema = format!("{at}/requestBody/content/application~1json/schema");
            self.value(&schema, sent).map_err(|problem| format!("what was sent and taken: {problem}"))?;
        }
        let Some(answer) = operation["responses"].get(status.to_string()) else { return Err(format!("status {status} is not described")) };
        let Some(content) = answer.get("content").and_then(Value::as_object) else {
            return if exchange.text.is_empty() { Ok(()) } else { Err(format!("status {status} is described without a body")) };
        };
        let kind = exchange.kind.split(';').next().unwrap_or_default();
        let known = content.keys().find(|known| *known == kind || known.strip_suffix('*').is_some_and(|class| kind.starts_with(class)));
        match known.map(String::as_str) {
            None => Err(format!("content of type '{kind}' is not described")),
            Some("application/json") => self.body(&format!("{at}/responses/{status}/content/application~1json/schema"), exchange.text),
            Some("text/event-stream") => events(exchange.text).try_for_each(|(name, data)| match name {
                "export" => self.body("/components/schemas/ExportView", data),
                "session" => self.body("/components/schemas/SessionView", data),
                "log" => self.body("/components/schemas/LogView", data),
                _ => Err(format!("an event '{name}' is not described")),
            }),
            Some(_) => Ok(()),
        }
    }

    /// The path of the description that a path is, and what can be done there. Of two that fit, the one with fewer holes.
    fn path(&self, path: &str) -> Option<(String, &Map<String, Value>)> {
        let parts: Vec<&str> = path.split('/').collect();
        let holes = |known: &str| known.matches('{').count();
        let fits = |known: &str| {
            let known: Vec<&str> = known.split('/').collect();
            known.len() == parts.len() && known.iter().zip(&parts).all(|(known, part)| known.starts_with('{') || known == part)
        };
        let found = self.root["paths"].as_object()?.iter().filter(|(known, _)| fits(known)).min_by_key(|(known, _)| holes(known))?;
        Some((found.0.clone(), found.1.as_object()?))
    }

    fn body(&self, schema: &str, text: &str) -> Result<(), String> {
        let value = serde_json::from_str(text).map_err(|error| format!("the body is no JSON: {error}: {text}"))?;
        self.value(schema, &value)
    }

    /// Holds a value against the schema that stands at a JSON Pointer of the description.
    fn value(&self, schema: &str, value: &Value) -> Result<(), String> {
        let validator = {
            let mut validators = self.validators.lock().expect("no test panics here");
            let make = || {
                assert!(self.root.pointer(schema).is_some(), "{schema} is not in the description");
                let mut whole = self.root.clone();
                whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
                whole["$ref"] = json!(format!("#{}", schema.replace('{', "%7B").replace('}', "%7D")));
                let built = jsonschema::options().should_validate_formats(true).build(&whole);
                Arc::new(built.unwrap_or_else(|error| panic!("{schema}: {error}")))
            };
            Arc::clone(validators.entry(schema.to_owned()).or_insert_with(make))
        };
        validator.validate(value).map_err(|error| {
            let error = innermost(&error);
            format!("'{}': {error}", error.instance_path())
        })
    }
}

/// Lets objects that name their members have no others.
fn close(value: &mut Value) {
    match value {
        Value::Object(object) => {
            assert!(!object.contains_key("allOf"), "objects that are put together of several cannot be closed one by one: {object:?}");
            if object.get("properties").is_some_and(Value::is_object) {
                object.entry("additionalProperties").or_insert(json!(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// What is wrong inside, where a value can be one of several things: of what it comes nearest to being.
fn innermost<'a, 'v>(error: &'a ValidationError<'v>) -> &'a ValidationError<'v> {
    match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let depth = |error: &ValidationError<'_>| error.instance_path().as_str().len();
            let all = context.iter().flatten().map(innermost);
            // That it is nothing at all, where nothing would do, explains nothing.
            let inner = all.filter(|inner| depth(inner) > depth(error) || !matches!(inner.kind(), ValidationErrorKind::Type { .. }));
            inner.max_by_key(|inner| depth(inner)).unwrap_or(error)
        }
        _ => error,
    }
}

/// A key as a part of a JSON Pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Names and data of server-sent events. Comments that keep a connection open are passed over.
fn events(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("\n\n").filter(|event| event.lines().any(|line| !line.starts_with(':'))).map(|event| {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default();
        (field("event"), field("data"))
    })
}
