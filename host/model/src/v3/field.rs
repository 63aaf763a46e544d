//! Reading one field, and saying which one is wrong.

use crate::json::{Kind, Value};
use crate::time::{Timestamp, parse_iso};
use std::borrow::Cow;

/// A field whose value is not what the format says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Byte offset of the value in the record's text.
    pub offset: usize,
    /// Path from the asset object (`task.tools[3].bounding-box.x`), or from the issue.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

pub(crate) type Result<T> = std::result::Result<T, FieldError>;

impl FieldError {
    #[cold]
    pub(super) fn new(value: &Value<'_, '_>, problem: impl Into<String>) -> Self {
        Self { offset: value.offset(), field: String::new(), problem: problem.into() }
    }

    #[cold]
    fn expected(value: &Value<'_, '_>, what: &str) -> Self {
        Self::new(value, format!("expected {what}, found {}", value.kind().name()))
    }

    /// Puts a path segment in front: `name` is a key, or an index in brackets.
    fn prepend(mut self, name: &str) -> Self {
        let joint = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        self.field = format!("{name}{joint}{}", self.field);
        self
    }
}

/// Names the field on the way up, so that reading costs nothing when nothing is wrong.
pub(crate) trait Within<T> {
    fn within(self, key: &str) -> Result<T>;
    fn at(self, index: usize) -> Result<T>;
}

impl<T> Within<T> for Result<T> {
    #[inline]
    fn within(self, key: &str) -> Self {
        self.map_err(|error| error.prepend(key))
    }

    #[inline]
    fn at(self, index: usize) -> Self {
        self.map_err(|error| error.prepend(&format!("[{index}]")))
    }
}

pub(crate) fn object(value: &Value<'_, '_>) -> Result<()> {
    if value.kind() == Kind::Object { Ok(()) } else { Err(FieldError::expected(value, "an object")) }
}

pub(crate) fn text<'a>(value: &Value<'a, '_>) -> Result<Cow<'a, str>> {
    value.as_str().ok_or_else(|| FieldError::expected(value, "a string"))
}

/// A string, or nothing for `null` and for the empty string where the format means absence.
pub(crate) fn optional_text<'a>(value: &Value<'a, '_>) -> Result<Option<Cow<'a, str>>> {
    if value.is_null() { Ok(None) } else { text(value).map(|text| (!text.is_empty()).then_some(text)) }
}

/// An id: a string, or a whole number (old schema ids, voxel brush labels) as its text.
pub(super) fn id<'a>(value: &Value<'a, '_>) -> Result<Cow<'a, str>> {
    match value.kind() {
        Kind::Number if value.as_u64().is_some() => Ok(Cow::Borrowed(value.raw())),
        _ => text(value),
    }
}

#[inline]
pub(super) fn number(value: &Value<'_, '_>) -> Result<f64> {
    value.as_f64().ok_or_else(|| match value.kind() {
        Kind::Number => FieldError::new(value, format!("the number {} is out of range", value.raw())),
        _ => FieldError::expected(value, "a number"),
    })
}

/// A whole number from 0 up, or nothing for `null`.
pub(super) fn optional_count(value: &Value<'_, '_>) -> Result<Option<u32>> {
    if value.is_null() {
        return Ok(None);
    }
    match value.as_u64().and_then(|count| u32::try_from(count).ok()) {
        Some(count) => Ok(Some(count)),
        None if value.kind() == Kind::Number => {
            Err(FieldError::new(value, format!("expected a whole number from 0 to {}, found {}", u32::MAX, value.raw())))
        }
        None => Err(FieldError::expected(value, "a whole number")),
    }
}

/// Milliseconds: whole in Hub's exports, fractions accepted and cut.
pub(super) fn duration(value: &Value<'_, '_>) -> Result<u64> {
    if value.is_null() {
        return Ok(0);
    }
    let duration = number(value)?;
    if (0.0..9.0e15).contains(&duration) {
        Ok(duration as u64)
    } else {
        Err(FieldError::new(value, format!("{} is not a duration in milliseconds", value.raw())))
    }
}

/// A time as ISO-8601 text or as milliseconds since 1970; published samples have both.
///
/// # Errors
/// When the value is neither, or no time.
pub fn time(value: &Value<'_, '_>) -> Result<Option<Timestamp>> {
    match value.kind() {
        Kind::Null => Ok(None),
        Kind::Number => {
            let time = number(value)?;
            if time.abs() < 9.0e15 {
                Ok(Some(time as i64))
            } else {
                Err(FieldError::new(value, format!("{} is not a time in milliseconds", value.raw())))
            }
        }
        Kind::String => {
            let text = text(value)?;
            if text.is_empty() {
                return Ok(None);
            }
            parse_iso(&text).map(Some).ok_or_else(|| FieldError::new(value, format!("'{text}' is not a time like 2023-09-01T13:02:49.271Z")))
        }
        _ => Err(FieldError::expected(value, "a time")),
    }
}

pub(super) fn flag(value: &Value<'_, '_>) -> Result<bool> {
    if value.is_null() { Ok(false) } else { value.as_bool().ok_or_else(|| FieldError::expected(value, "true or false")) }
}

/// Each element of a list, read with its index in errors; `null` is an empty list, and `null` members are left out.
pub(crate) fn list<'a, 'd, T>(value: &Value<'a, 'd>, read: impl Fn(&Value<'a, 'd>) -> Result<T>) -> Result<Vec<T>> {
    match value.kind() {
        Kind::Null => Ok(Vec::new()),
        Kind::Array => {
            let mut items = Vec::new();
            for (index, element) in value.elements().enumerate() {
                if !element.is_null() {
                    items.push(read(&element).at(index)?);
                }
            }
            Ok(items)
        }
        _ => Err(FieldError::expected(value, "a list")),
    }
}

#[cold]
pub(crate) fn missing(value: &Value<'_, '_>, key: &str) -> FieldError {
    FieldError::new(value, format!("the key '{key}' is missing"))
}
