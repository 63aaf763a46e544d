//! What Hub says of a run. It comes from outside: every field is checked before anything is done.

use crate::secret::Secret;
use serde_json::{Map, Value};
use std::fmt;

/// Longest id, name or key.
const MAX_TEXT: usize = 1024;
/// Longest configuration of a run.
const MAX_CONFIG: usize = 256 << 10;
/// Most stages or batches.
const MAX_NAMES: usize = 10_000;

/// Who is to be told of a run, as far as its payload says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The run's id; empty when it has none.
    pub session: String,
    /// The organisation.
    pub organisation: String,
    /// Who runs it.
    pub run_by: String,
    /// The key of who runs it; empty when there is none.
    pub key: Option<Secret>,
}

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// The project.
    pub project: String,
    /// The key of who runs it.
    pub key: Secret,
    /// Stages; empty stands for all.
    pub stages: Vec<String>,
    /// Ids of batches; empty stands for all.
    pub batches: Vec<String>,
    /// The configuration.
    pub config: Map<String, Value>,
}

/// What is wrong with a run, in words for who started it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Envelope {
    /// What can be read of it. Whatever is missing or odd is left empty: an answer goes out in any case.
    pub fn read(value: &Value) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| text.len() <= MAX_TEXT).unwrap_or_default().to_owned();
        // Ids of sessions can be numbers in other programs than Hub.
        let session = value.get("session").and_then(Value::as_u64).map_or_else(|| text("session"), |number| number.to_string());
        let key = Some(text("apiKey")).filter(|key| is_header(key)).map(Secret::new);
        Self { session, organisation: text("orgId"), run_by: text("runBy"), key }
    }
}

impl Payload {
    /// Reads it, for the plugin `id`.
    ///
    /// # Errors
    /// When a field is missing, or is not what it must be.
    pub fn read(value: &Value, id: &str) -> Result<Self, Wrong> {
        if !value.is_object() {
            return Err(Wrong("the run is not described by an object".into()));
        }
        if let Some(other) = value.get("pluginId").filter(|other| !other.is_null() && other.as_str() != Some(id)) {
            let shown = ango_runtime::printable_line(&other.to_string(), 100);
            return Err(Wrong(format!("pluginId: the run is for the plugin {shown}, which is not served here")));
        }
        Ok(Self {
            project: text(value, "projectId")?,
            key: Secret::new(key(value)?),
            // The SDK asks for Complete when there are no stages at all, and for every stage when the list is empty.
            stages: match value.get("stage") {
                None | Some(Value::Null) => vec!["Complete".to_owned()],
                Some(stages) => names(stages, "stage")?,
            },
            batches: value.get("batches").filter(|batches| !batches.is_null()).map_or_else(|| Ok(Vec::new()), |batches| names(batches, "batches"))?,
            config: config(value.get("configJSON"))?,
        })
    }

    /// Whether only key frames are to be fetched.
    ///
    /// # Errors
    /// When the configuration says neither yes nor no.
    pub fn key_frames_only(&self) -> Result<bool, Wrong> {
        match self.config.get("include_key_frames_only") {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(only)) => Ok(*only),
            Some(_) => Err(Wrong("configJSON: include_key_frames_only: expected true or false".into())),
        }
    }

    /// The storage that the result is to lie in, when the configuration names one.
    ///
    /// # Errors
    /// When it is not a text.
    pub fn storage(&self) -> Result<Option<&str>, Wrong> {
        match self.config.get("storageId").or_else(|| self.config.get("storage_id")) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(id)) if id.len() <= MAX_TEXT => Ok(Some(id.as_str()).filter(|id| !id.is_empty())),
            Some(_) => Err(Wrong("configJSON: storageId: expected the id of a storage".into())),
        }
    }
}

fn text(value: &Value, name: &str) -> Result<String, Wrong> {
    match value.get(name) {
        None | Some(Value::Null) => Err(Wrong(format!("{name}: is missing"))),
        Some(Value::String(text)) if text.is_empty() => Err(Wrong(format!("{name}: is empty"))),
        Some(Value::String(text)) if text.len() > MAX_TEXT => Err(Wrong(format!("{name}: is longer than {MAX_TEXT} bytes"))),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Wrong(format!("{name}: expected a text"))),
    }
}

fn key(value: &Value) -> Result<String, Wrong> {
    let key = text(value, "apiKey")?;
    if is_header(&key) { Ok(key) } else { Err(Wrong("apiKey: is not one".into())) }
}

/// Whether a text can be sent in a header.
fn is_header(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

fn names(value: &Value, name: &str) -> Result<Vec<String>, Wrong> {
    let Value::Array(items) = value else { return Err(Wrong(format!("{name}: expected a list"))) };
    if items.len() > MAX_NAMES {
        return Err(Wrong(format!("{name}: has more than {MAX_NAMES} entries")));
    }
    let item = |item: &Value| {
        item.as_str().filter(|text| text.len() <= MAX_TEXT).map(str::to_owned).ok_or_else(|| Wrong(format!("{name}: expected a list of texts")))
    };
    items.iter().map(item).collect()
}

/// Clients send a text that holds JSON; what is an object already is taken as well.
fn config(value: Option<&Value>) -> Result<Map<String, Value>, Wrong> {
    let text = match value {
        None | Some(Value::Null) => return Ok(Map::new()),
        Some(Value::Object(map)) => return Ok(map.clone()),
        Some(Value::String(text)) => text,
        Some(_) => return Err(Wrong("configJSON: expected a text that holds an object".into())),
    };
    if text.len() > MAX_CONFIG {
        return Err(Wrong(format!("configJSON: is longer than {} KiB", MAX_CONFIG >> 10)));
    }
    if text.trim().is_empty() {
        return Err(Wrong("configJSON: is empty; without options it is {}".into()));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Wrong("configJSON: expected an object".into())),
        Err(error) => Err(Wrong(format!("configJSON: is not JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn run() -> Value {
        json!({ "projectId": "P1", "apiKey": "KEY", "orgId": "O", "runBy": "u@x", "session": "S", "stage": [], "batches": null, "configJSON": "{\"a\": 1}" })
    }

    #[test]
    fn a_run_as_hub_describes_it() {
        let payload = Payload::read(&run(), "id").unwrap_or_else(|wrong| unreachable!("{wrong}"));
        assert_eq!((payload.project.as_str(), payload.stages.len(), payload.batches.len(), payload.config.len()), ("P1", 0, 0, 1));
        let mut value = run();
        value.as_object_mut().map(|map| map.remove("stage"));
        assert_eq!(Payload::read(&value, "id").map(|payload| payload.stages), Ok(vec!["Complete".to_owned()]));
        let envelope = Envelope::read(&run());
        assert_eq!((envelope.session.as_str(), envelope.organisation.as_str(), envelope.run_by.as_str()), ("S", "O", "u@x"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (name, value, problem) in [
            ("projectId", Value::Null, "projectId: is missing"),
            ("projectId", json!(7), "projectId: expected a text"),
            ("apiKey", json!(""), "apiKey: is empty"),
            ("apiKey", json!("a\nb: c"), "apiKey: is not one"),
            ("apiKey", json!("k".repeat(2000)), "apiKey: is longer than 1024 bytes"),
            ("stage", json!("Complete"), "stage: expected a list"),
            ("stage", json!([1]), "stage: expected a list of texts"),
            ("batches", json!({}), "batches: expected a list"),
            ("configJSON", json!(""), "configJSON: is empty; without options it is {}"),
            ("configJSON", json!("[]"), "configJSON: expected an object"),
            ("configJSON", json!(7), "configJSON: expected a text that holds an object"),
            ("pluginId", json!("other"), "pluginId: the run is for the plugin \"other\", which is not served here"),
        ] {
            let mut run = run();
            run[name] = value;
            assert_eq!(Payload::read(&run, "id").map_err(|wrong| wrong.0), Err(problem.to_owned()), "{name}");
        }
        let mut run = run();
        run["configJSON"] = json!("{oops");
        assert!(Payload::read(&run, "id").is_err_and(|wrong| wrong.0.starts_with("configJSON: is not JSON: ")));
    }

    proptest! {
        #[test]
        fn no_payload_is_a_panic(text in any::<String>(), number in any::<i64>(), name in "(projectId|apiKey|stage|batches|configJSON|session)") {
            for value in [json!(text), json!(number), json!([text]), json!({ text.as_str(): number }), Value::Null] {
                let mut run = run();
                run[name.as_str()] = value.clone();
                let _ = Payload::read(&run, "id").map(|payload| (payload.key_frames_only().is_ok(), payload.storage().is_ok()));
                let _ = (Payload::read(&value, "id"), Envelope::read(&value), Envelope::read(&run));
            }
        }
    }
}
