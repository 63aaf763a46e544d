//! The values that parameters take.

use super::error::{QueryError, shown};
use crate::json::{Document, Kind, Value, unescape};
use crate::options::{TaskType, TimeRange};
use crate::time::{Timestamp, parse_iso};

const RANGE: &str =
    r#"expected a JSON object like {"$gt":"2024-01-01T00:00:00.000000Z","$lt":"2024-02-01T00:00:00.000000Z"}, with one or both of the bounds"#;

/// A parameter with its decoded value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter<'t> {
    pub(super) name: &'t str,
    pub(super) value: &'t str,
}

impl Parameter<'_> {
    pub(super) fn error(&self, problem: impl Into<String>) -> QueryError {
        QueryError::new(self.name, self.value, problem)
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, QueryError> {
        choices.iter().find(|(name, _)| *name == self.value).map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.error(format!("expected {}", names.join(" or ")))
        })
    }

    /// `true` or `false`, in any case: clients in Python write `True`.
    pub(super) fn flag(&self) -> Result<bool, QueryError> {
        Parameter { value: &self.value.to_ascii_lowercase(), ..*self }
            .choice(&[("true", true), ("false", false)])
            .map_err(|error| self.error(error.problem))
    }

    /// A list: a JSON array of strings, or strings between commas. `None` when it is empty, which clients mean as no filter.
    pub(super) fn list(&self) -> Result<Option<Vec<String>>, QueryError> {
        const EXPECTED: &str = r#"expected a JSON array of strings like ["a","b"], or a,b"#;
        let list: Vec<String> = if self.value.trim_start().starts_with('[') {
            let document = self.json(EXPECTED)?;
            let texts = document.root().elements().map(|element| {
                element.as_str().map(String::from).ok_or_else(|| self.error(format!("{EXPECTED}; found {} in the array", element.kind().name())))
            });
            texts.collect::<Result<_, _>>()?
        } else {
            self.value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(String::from).collect()
        };
        Ok((!list.is_empty()).then_some(list))
    }

    /// A list of types of task.
    pub(super) fn task_types(&self) -> Result<Option<Vec<TaskType>>, QueryError> {
        let read = |name: String| {
            TaskType::from_name(&name).ok_or_else(|| {
                let names = TaskType::ALL.map(TaskType::name).join(", ");
                self.error(format!("there is no type '{}': expected one or several of {names}", shown(&name)))
            })
        };
        self.list()?.map(|names| names.into_iter().map(read).collect()).transpose()
    }

    /// Exclusive bounds of a time. A bound of `null` is none.
    pub(super) fn range(&self) -> Result<TimeRange, QueryError> {
        let document = self.json(RANGE)?;
        if document.root().kind() != Kind::Object {
            return Err(self.error(format!("{RANGE}; found {}", document.root().kind().name())));
        }
        let mut range = TimeRange::default();
        let mut seen = Vec::new();
        for member in document.root().members() {
            let key = unescape(member.key);
            let bound = match &*key {
                "$gt" => &mut range.after,
                "$lt" => &mut range.before,
                _ => return Err(self.error(format!("{RANGE}; found the key '{}'", shown(&key)))),
            };
            *bound = self.bound(&member.value)?;
            if seen.contains(&key) {
                return Err(self.error(format!("{RANGE}; found '{key}' twice")));
            }
            seen.push(key);
        }
        Ok(range)
    }

    fn bound(&self, value: &Value<'_, '_>) -> Result<Option<Timestamp>, QueryError> {
        if value.is_null() {
            return Ok(None);
        }
        let time = value.as_str().and_then(|text| parse_iso(&text));
        time.map(Some).ok_or_else(|| self.error(format!("{RANGE}; '{}' is not such a time", shown(value.raw()))))
    }

    fn json(&self, expected: &str) -> Result<Document<'_>, QueryError> {
        // The place is a byte of the decoded value.
        Document::parse(self.value).map_err(|error| self.error(format!("{expected}; at byte {}: {}", error.offset, error.problem)))
    }
}
