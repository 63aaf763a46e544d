//! Parameters and columns: texts, numbers, and nothing.

use crate::error::DatabaseError;
use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use serde_json::Value as Json;
use std::error::Error;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A parameter or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        // Counts of tasks and bytes never get there.
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        // Neither a text of PostgreSQL nor one that a person reads holds these.
        Self::Text(if value.contains('\0') { value.replace('\0', "\u{fffd}") } else { value.to_owned() })
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        value.as_str().into()
    }
}

impl From<&Json> for Value {
    fn from(value: &Json) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::VARCHAR].contains(kind)
    }

    to_sql_checked!();
}

/// A row, by the position of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    /// A text; empty where there is none.
    pub(crate) fn text(&self, column: usize) -> String {
        self.text_or_none(column).unwrap_or_default()
    }

    /// A text, or nothing.
    pub(crate) fn text_or_none(&self, column: usize) -> Option<String> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// A number; 0 where there is none.
    pub(crate) fn int(&self, column: usize) -> i64 {
        self.int_or_none(column).unwrap_or_default()
    }

    /// A number, or nothing.
    pub(crate) fn int_or_none(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// A number that is never negative.
    pub(crate) fn count(&self, column: usize) -> u64 {
        u64::try_from(self.int(column)).unwrap_or_default()
    }

    /// A structure, or nothing.
    pub(crate) fn json(&self, column: usize, what: &'static str) -> Result<Option<Json>, DatabaseError> {
        self.text_or_none(column).map(|text| serde_json::from_str(&text).map_err(|_| DatabaseError::Content { what })).transpose()
    }
}
