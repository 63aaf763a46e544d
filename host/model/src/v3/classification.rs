//! Answered questions (`ango-v3.md` section 1.4), and who answered them.

use super::field::{self, FieldError, Result, Within};
use crate::json::{Kind, Value};
use crate::time::Timestamp;
use std::borrow::Cow;

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<'a> {
    /// Missing, `null`, or an empty list.
    Empty,
    /// A text, or the one option that was chosen.
    Text(Cow<'a, str>),
    /// The options that were chosen, without `null` members.
    Choices(Vec<Cow<'a, str>>),
    /// A boolean.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Anything else, as raw JSON.
    Other(&'a str),
}

/// Who made or changed an annotation, when, and in which stage (`metadata` of an annotation).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provenance<'a> {
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Who made it (an email address).
    pub created_by: Option<Cow<'a, str>>,
    /// In which stage (id).
    pub created_in: Option<Cow<'a, str>>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// Who changed it.
    pub updated_by: Option<Cow<'a, str>>,
    /// In which stage (id).
    pub updated_in: Option<Cow<'a, str>>,
}

/// An answered question with the questions nested in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification<'a> {
    /// Id of this answer; empty in old exports.
    pub object_id: Cow<'a, str>,
    /// Id of the question.
    pub schema_id: Cow<'a, str>,
    /// The question.
    pub title: Cow<'a, str>,
    /// `radio`, `checkbox`, `text`, ... (`tool` in the export).
    pub kind: Cow<'a, str>,
    /// The answer.
    pub answer: Answer<'a>,
    /// Page or frame, from 0.
    pub page: Option<u32>,
    /// Video: from this frame on the answer no longer holds.
    pub interpolation_stopped: bool,
    /// Who answered; present when the export carries annotation metadata.
    pub provenance: Option<Provenance<'a>>,
    /// Nested questions.
    pub classifications: Vec<Classification<'a>>,
}

impl<'a> Answer<'a> {
    fn read(value: &Value<'a, '_>) -> Result<Self> {
        Ok(match value.kind() {
            Kind::Null => Self::Empty,
            Kind::String => Self::Text(field::text(value)?),
            Kind::Bool => Self::Flag(field::flag(value)?),
            Kind::Number => Self::Number(field::number(value)?),
            Kind::Array if value.elements().all(|element| matches!(element.kind(), Kind::String | Kind::Null)) => {
                let choices = field::list(value, field::text)?;
                if choices.is_empty() { Self::Empty } else { Self::Choices(choices) }
            }
            _ => Self::Other(value.raw()),
        })
    }
}

impl<'a> Provenance<'a> {
    pub(super) fn read(value: &Value<'a, '_>) -> Result<Option<Self>> {
        if value.is_null() {
            return Ok(None);
        }
        field::object(value)?;
        let mut provenance = Self::default();
        for member in value.members() {
            let value = &member.value;
            match member.key {
                "createdAt" => provenance.created_at = field::time(value).within("createdAt")?,
                "createdBy" => provenance.created_by = field::optional_text(value).within("createdBy")?,
                "createdIn" => provenance.created_in = field::optional_text(value).within("createdIn")?,
                "updatedAt" => provenance.updated_at = field::time(value).within("updatedAt")?,
                "updatedBy" => provenance.updated_by = field::optional_text(value).within("updatedBy")?,
                "updatedIn" => provenance.updated_in = field::optional_text(value).within("updatedIn")?,
                _ => {}
            }
        }
        Ok(Some(provenance))
    }
}

impl<'a> Classification<'a> {
    /// The typed view of one.
    ///
    /// # Errors
    /// When a known field holds something that the format does not allow, or an id is missing.
    pub fn read(value: &Value<'a, '_>) -> std::result::Result<Self, FieldError> {
        field::object(value)?;
        let mut this = Self {
            object_id: Cow::Borrowed(""),
            schema_id: Cow::Borrowed(""),
            title: Cow::Borrowed(""),
            kind: Cow::Borrowed(""),
            answer: Answer::Empty,
            page: None,
            interpolation_stopped: false,
            provenance: None,
            classifications: Vec::new(),
        };
        let mut has_schema_id = false;
        for member in value.members() {
            let value = &member.value;
            match member.key {
                "objectId" => this.object_id = field::optional_text(value).within("objectId")?.unwrap_or_default(),
                "schemaId" => {
                    this.schema_id = field::id(value).within("schemaId")?;
                    has_schema_id = true;
                }
                "title" => this.title = field::optional_text(value).within("title")?.unwrap_or_default(),
                "tool" => this.kind = field::optional_text(value).within("tool")?.unwrap_or_default(),
                "answer" => this.answer = Answer::read(value).within("answer")?,
                "page" => this.page = field::optional_count(value).within("page")?,
                "interpolationStopped" => this.interpolation_stopped = field::flag(value).within("interpolationStopped")?,
                "metadata" => this.provenance = Provenance::read(value).within("metadata")?,
                "classifications" => this.classifications = field::list(value, Self::read).within("classifications")?,
                _ => {}
            }
        }
        if !has_schema_id {
            return Err(FieldError::new(value, "the key 'schemaId' is missing: a classification without it belongs to no question"));
        }
        Ok(this)
    }
}
