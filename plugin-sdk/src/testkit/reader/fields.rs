//! A JSON object whose known keys are taken out one by one; what stays is unknown.

use serde_json::{Map, Value};

use crate::time::parse_iso;

pub(crate) struct Fields {
    map: Map<String, Value>,
    what: &'static str,
}

impl Fields {
    pub(crate) fn new(value: Value, what: &'static str) -> Result<Self, String> {
        match value {
            Value::Object(map) => Ok(Self { map, what }),
            other => Err(format!("{what} is not an object but {other}")),
        }
    }

    pub(crate) fn new_or_empty(value: Option<Value>, what: &'static str) -> Result<Self, String> {
        value.map_or_else(|| Ok(Self { map: Map::new(), what }), |value| Self::new(value, what))
    }

    /// Takes a key out; `null` counts as absent.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key).filter(|value| !value.is_null())
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn put(&mut self, key: &str, value: Value) {
        self.map.insert(key.to_owned(), value);
    }

    pub(crate) fn first_key(&self) -> Option<String> {
        self.map.keys().next().cloned()
    }

    fn wrong(&self, key: &str, wanted: &str, value: &Value) -> String {
        format!("`{key}` of {} is not {wanted} but {value}", self.what)
    }

    pub(crate) fn optional_text(&mut self, key: &str) -> Result<Option<String>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            // Ids were numbers once.
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(other) => Err(self.wrong(key, "a text", &other)),
        }
    }

    pub(crate) fn text(&mut self, key: &str) -> Result<String, String> {
        Ok(self.optional_text(key)?.unwrap_or_default())
    }

    pub(crate) fn number(&mut self, key: &str) -> Result<Option<f64>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or_else(|| self.wrong(key, "a number", &value)),
        }
    }

    pub(crate) fn needed_number(&mut self, key: &str) -> Result<f64, String> {
        self.number(key)?.ok_or_else(|| format!("`{key}` of {} is missing", self.what))
    }

    /// A whole number, also one written as `12.0`.
    pub(crate) fn count(&mut self, key: &str) -> Result<Option<u64>, String> {
        let Some(number) = self.number(key)? else { return Ok(None) };
        if number >= 0.0 && number.fract() == 0.0 && number < 9e15 {
            return Ok(Some(number as u64));
        }
        Err(format!("`{key}` of {} is not a whole number but {number}", self.what))
    }

    pub(crate) fn small(&mut self, key: &str) -> Result<Option<u32>, String> {
        let count = self.count(key)?;
        count.map(|count| u32::try_from(count).map_err(|_| format!("`{key}` of {} is too large: {count}", self.what))).transpose()
    }

    pub(crate) fn flag(&mut self, key: &str) -> bool {
        self.take(key) == Some(Value::Bool(true))
    }

    /// An instant, as milliseconds or as ISO 8601: both occur.
    pub(crate) fn time(&mut self, key: &str) -> Result<Option<i64>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => parse_iso(&text).map(Some).ok_or_else(|| format!("`{key}` of {} is not an instant but `{text}`", self.what)),
            Some(value) => match value.as_f64() {
                Some(ms) => Ok(Some(ms as i64)),
                None => Err(self.wrong(key, "an instant", &value)),
            },
        }
    }

    pub(crate) fn list(&mut self, key: &str) -> Result<Vec<Value>, String> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => Ok(list),
            Some(other) => Err(self.wrong(key, "a list", &other)),
        }
    }

    /// A list of texts; `null` members are left out, as they occur in batches.
    pub(crate) fn texts(&mut self, key: &str) -> Result<Vec<String>, String> {
        let list = self.list(key)?;
        list.into_iter()
            .filter(|item| !item.is_null())
            .map(|item| match item {
                Value::String(text) => Ok(text),
                other => Err(self.wrong(key, "a list of texts", &other)),
            })
            .collect()
    }

    pub(crate) fn rest_value(self) -> Option<Value> {
        (!self.map.is_empty()).then_some(Value::Object(self.map))
    }

    /// What was not taken, as JSON.
    pub(crate) fn rest(self) -> Option<String> {
        self.rest_value().map(|value| value.to_string())
    }
}
