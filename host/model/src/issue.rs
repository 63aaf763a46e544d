//! Issues: what somebody remarked on a task, as an export with `type=issue` holds them (`ango-v3.md` section 1.7).
//!
//! Only what filters and errors need is read; the rest of an issue (its content, its comments, its place on the asset) goes through untouched. Hub documents no
//! schema for issues, so what is not needed is not judged either: a check that is stricter than Hub would refuse good exports.

use crate::json::Value;
use crate::options::{ExportOptions, TimeRange};
use crate::time::Timestamp;
use crate::v3::field::{self, Result, Within};
use std::borrow::Cow;

/// The states of an issue that Hub documents.
pub const STATUSES: [&str; 3] = ["Open", "Resolved", "Closed"];

/// What is read of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Issue<'a> {
    /// Hub's id.
    pub id: Cow<'a, str>,
    /// Id of the task that it is about.
    pub task: Option<Cow<'a, str>>,
    /// Names of the asset's batches.
    pub batches: Vec<Cow<'a, str>>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// Its status; of one that is not a text, its JSON.
    pub status: Option<Cow<'a, str>>,
}

impl<'a> Issue<'a> {
    /// Reads an issue.
    ///
    /// # Errors
    /// When it is not an object, has no id, or one of the fields of this type or the time of its resolution is not what it should be. The status may be anything.
    pub fn read(value: &Value<'a, '_>) -> Result<Self> {
        field::object(value)?;
        let mut issue = Self::default();
        let mut id = None;
        for member in value.members() {
            let (key, value) = (member.key, &member.value);
            match key {
                "_id" => id = field::optional_text(value).within(key)?,
                "labelTask" => issue.task = field::optional_text(value).within(key)?,
                // Where Hub gives no more than the asset's id, nothing is known of its batches.
                "asset" => {
                    if let Some(batches) = value.get("batches") {
                        issue.batches = field::list(&batches, field::text).within("batches").within(key)?;
                    }
                }
                "createdAt" => issue.created_at = field::time(value).within(key)?,
                "updatedAt" => issue.updated_at = field::time(value).within(key)?,
                "resolvedAt" => drop(field::time(value).within(key)?),
                "status" if !value.is_null() => issue.status = Some(value.as_str().unwrap_or_else(|| value.raw().into())),
                _ => {}
            }
        }
        issue.id = id.ok_or_else(|| field::missing(value, "_id"))?;
        Ok(issue)
    }

    /// Ids of the issue and of its task, as far as they can be read, for errors about the rest.
    pub fn ids(value: &Value<'_, '_>) -> (Option<String>, Option<String>) {
        let id = |key| value.get(key).and_then(|id| id.as_str()).filter(|id| !id.is_empty()).map(|id| id.into_owned());
        (id("_id"), id("labelTask"))
    }

    /// Whether the issue is in the export. Batches, times and tasks count; stages, types and toggles are about tasks and have no say. In a range with a bound, an issue
    /// without the time is not.
    pub fn is_selected(&self, options: &ExportOptions) -> bool {
        let is_in = |range: &TimeRange, time: Option<Timestamp>| range.is_unbounded() || time.is_some_and(|time| range.contains(time));
        is_in(&options.created, self.created_at)
            && is_in(&options.updated, self.updated_at)
            && options.tasks.as_ref().is_none_or(|wanted| self.task.as_ref().is_some_and(|task| wanted.contains(task.as_ref())))
            && options.batches.as_ref().is_none_or(|wanted| self.batches.iter().any(|batch| wanted.iter().any(|name| name == batch)))
    }

    /// The status, when it is none that Hub documents.
    pub fn unknown_status(&self) -> Option<&str> {
        self.status.as_deref().filter(|status| !STATUSES.contains(status))
    }
}

/// The start of a text that may be of any length, for messages.
pub fn brief(text: &str) -> &str {
    const BYTES: usize = 60;
    &text[..text.floor_char_boundary(BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;
    use crate::options::StageFilter;
    use proptest::prelude::*;

    const ISSUE: &str = r#"{"_id":"i1","labelTask":"t1","asset":{"externalId":"a.jpg","batches":["North",null,"South"]},"stage":"Review",
        "createdAt":"1970-01-01T00:00:00.010Z","updatedAt":20,"status":"Open","comments":[{"_id":"c1","createdAt":"soon"}]}"#;

    fn read(text: &str) -> std::result::Result<Issue<'_>, String> {
        let document = Document::parse(text).map_err(|error| error.problem)?;
        Issue::read(&document.root()).map_err(|error| format!("{}: {}", error.field, error.problem))
    }

    fn selected(text: &str, options: ExportOptions) -> std::result::Result<bool, String> {
        Ok(read(text)?.is_selected(&options))
    }

    #[test]
    fn what_filters_need_is_read() -> std::result::Result<(), String> {
        let issue = read(ISSUE)?;
        assert_eq!((issue.id.as_ref(), issue.task.as_deref(), issue.status.as_deref()), ("i1", Some("t1"), Some("Open")));
        assert_eq!((issue.created_at, issue.updated_at, issue.batches), (Some(10), Some(20), vec!["North".into(), "South".into()]));
        let bare = read(r#"{"_id":"i","labelTask":null,"asset":"a1","createdAt":"","status":null}"#)?;
        assert_eq!(bare, Issue { id: "i".into(), ..Issue::default() });
        Ok(())
    }

    #[test]
    fn what_is_malformed_is_named() {
        for (text, problem) in [
            ("[]", ": expected an object, found an array"),
            ("{}", ": the key '_id' is missing"),
            (r#"{"_id":""}"#, ": the key '_id' is missing"),
            (r#"{"_id":7}"#, "_id: expected a string, found a number"),
            (r#"{"_id":"i","labelTask":{}}"#, "labelTask: expected a string, found an object"),
            (r#"{"_id":"i","asset":{"batches":"North"}}"#, "asset.batches: expected a list, found a string"),
            (r#"{"_id":"i","asset":{"batches":["a",1]}}"#, "asset.batches[1]: expected a string, found a number"),
            (r#"{"_id":"i","createdAt":"soon"}"#, "createdAt: 'soon' is not a time like 2023-09-01T13:02:49.271Z"),
            (r#"{"_id":"i","updatedAt":[]}"#, "updatedAt: expected a time, found an array"),
            (r#"{"_id":"i","resolvedAt":true}"#, "resolvedAt: expected a time, found a boolean"),
        ] {
            assert_eq!(read(text), Err(problem.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_unknown_status_is_no_error() -> std::result::Result<(), String> {
        for (status, unknown) in [("\"Open\"", None), ("\"Closed\"", None), ("null", None), ("\"Reopened\"", Some("Reopened")), ("[1]", Some("[1]"))]
        {
            assert_eq!(read(&format!(r#"{{"_id":"i","status":{status}}}"#))?.unknown_status(), unknown);
        }
        Ok(())
    }

    #[test]
    fn filters_about_tasks_have_no_say() -> std::result::Result<(), String> {
        assert!(selected(ISSUE, ExportOptions::default())?);
        assert!(selected(ISSUE, ExportOptions { stages: StageFilter::Only(vec![]), task_types: Some(vec![]), ..ExportOptions::default() })?);
        for (batches, expected) in [(vec!["East", "South"], true), (vec!["East"], false), (vec![], false)] {
            let batches = Some(batches.into_iter().map(String::from).collect());
            assert_eq!(selected(ISSUE, ExportOptions { batches, ..ExportOptions::default() })?, expected);
        }
        for (task, text, expected) in [("t1", ISSUE, true), ("t2", ISSUE, false), ("t1", r#"{"_id":"i"}"#, false)] {
            let tasks = Some([task.to_owned()].into());
            assert_eq!(selected(text, ExportOptions { tasks, ..ExportOptions::default() })?, expected);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn bounds_are_exclusive(time in prop::option::of(-50i64..50), after in prop::option::of(-50i64..50), before in prop::option::of(-50i64..50)) {
            let range = TimeRange { after, before };
            let expected = match time {
                None => after.is_none() && before.is_none(),
                Some(time) => after.is_none_or(|after| after < time) && before.is_none_or(|before| time < before),
            };
            for (options, issue) in [
                (ExportOptions { created: range, ..ExportOptions::default() }, Issue { created_at: time, updated_at: Some(99), ..Issue::default() }),
                (ExportOptions { updated: range, ..ExportOptions::default() }, Issue { updated_at: time, created_at: Some(99), ..Issue::default() }),
            ] {
                prop_assert_eq!(issue.is_selected(&options), expected);
            }
        }
    }
}
