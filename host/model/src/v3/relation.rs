//! Relations between objects (`ango-v3.md` section 1.5).

use super::field::{self, FieldError, Result, Within};
use crate::json::{Kind, Value};
use std::borrow::Cow;

/// Which way a relation between two objects points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the first to the second.
    Straight,
    /// From the second to the first.
    Reverse,
    /// Both ways.
    Bidirectional,
}

/// Which objects a relation joins, by object id. An id may be of an object that was deleted since.
#[derive(Debug, Clone, PartialEq)]
pub enum Members<'a> {
    /// Two objects.
    Pair {
        /// Clicked first (`from`).
        source: Cow<'a, str>,
        /// Clicked second (`to`).
        target: Cow<'a, str>,
        /// Which way.
        direction: Direction,
    },
    /// From one object to any number of others, also none.
    OneToMany {
        /// The one (`from`).
        source: Cow<'a, str>,
        /// The others (`to`, as a list).
        targets: Vec<Cow<'a, str>>,
    },
    /// Any number, also one.
    Group(Vec<Cow<'a, str>>),
}

impl Members<'_> {
    /// The relation tool's name.
    pub fn tool(&self) -> &'static str {
        match self {
            Self::Pair { .. } => "one-to-one",
            Self::OneToMany { .. } => "one-to-many",
            Self::Group(_) => "group",
        }
    }
}

/// A relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation<'a> {
    /// Id of this relation.
    pub object_id: Cow<'a, str>,
    /// Id of its class.
    pub schema_id: Cow<'a, str>,
    /// The class's title.
    pub title: Cow<'a, str>,
    /// What it joins.
    pub members: Members<'a>,
    /// Page or frame, from 0.
    pub page: Option<u32>,
}

impl<'a> Relation<'a> {
    pub(super) fn read(value: &Value<'a, '_>) -> Result<Self> {
        field::object(value)?;
        let (mut source, mut target, mut targets, mut group, mut direction) = (None, None, None, None, Direction::Straight);
        let (mut object_id, mut schema_id, mut title, mut page) = (Cow::Borrowed(""), Cow::Borrowed(""), Cow::Borrowed(""), None);
        for member in value.members() {
            let value = &member.value;
            match member.key {
                "from" => source = field::optional_text(value).within("from")?,
                // Hub's SDK knows relations from one to many; no export with one is published.
                "to" if value.kind() == Kind::Array => targets = Some(field::list(value, field::text).within("to")?),
                "to" => target = field::optional_text(value).within("to")?,
                "group" => group = Some(field::list(value, field::text).within("group")?),
                "direction" => {
                    direction = match value.as_str().as_deref() {
                        Some("straight") => Direction::Straight,
                        Some("reverse") => Direction::Reverse,
                        Some("bidirectional") => Direction::Bidirectional,
                        _ if value.is_null() => Direction::Straight,
                        _ => return Err(FieldError::new(value, "expected straight, reverse or bidirectional")).within("direction"),
                    }
                }
                "objectId" => object_id = field::optional_text(value).within("objectId")?.unwrap_or_default(),
                "schemaId" => schema_id = field::id(value).within("schemaId")?,
                "title" => title = field::optional_text(value).within("title")?.unwrap_or_default(),
                "page" => page = field::optional_count(value).within("page")?,
                _ => {}
            }
        }
        let members = match (group, source, target, targets) {
            (Some(group), ..) => Members::Group(group),
            (None, Some(source), _, Some(targets)) => Members::OneToMany { source, targets },
            (None, Some(source), Some(target), None) => Members::Pair { source, target, direction },
            _ => return Err(FieldError::new(value, "a relation needs 'from' and 'to', or 'group'")),
        };
        Ok(Self { object_id, schema_id, title, members, page })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn a_relation_from_one_to_many_is_one() {
        let read = |text: &str| {
            let document = Document::parse(text).unwrap_or_else(|error| unreachable!("{error:?} in {text}"));
            Relation::read(&document.root())
                .map(|relation| format!("{} {:?}", relation.members.tool(), relation.members))
                .map_err(|error| error.field)
        };
        assert_eq!(read(r#"{"from":"a","to":["b",null,"c"]}"#), Ok(r#"one-to-many OneToMany { source: "a", targets: ["b", "c"] }"#.into()));
        assert_eq!(read(r#"{"from":"a","to":[]}"#), Ok(r#"one-to-many OneToMany { source: "a", targets: [] }"#.into()));
        assert_eq!(read(r#"{"from":"a","to":["b",7]}"#), Err("to[1]".into()));
        assert_eq!(read(r#"{"to":["b"]}"#), Err(String::new()));
    }
}
