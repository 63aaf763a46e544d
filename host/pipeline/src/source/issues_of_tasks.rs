//! The issues of a project by task, for plugins that want them.

use super::Source;
use super::each::each_record;
use crate::error::JobError;
use crate::job::progress::Progress;
use ango_model::issue::Issue;
use ango_model::json::Document;
use ango_model::{InputError, Place};
use ango_runtime::Cancel;
use std::collections::HashMap;
use std::path::Path;

/// Text of issues that is held in memory; a hundred times more than projects have.
const MAX_BYTES: usize = 256 << 20;

/// For each task that has issues, a JSON list of them.
#[derive(Debug, Default)]
pub(crate) struct IssuesOfTasks(HashMap<String, String>);

impl IssuesOfTasks {
    /// Reads the issues of the project that a source is; none of a bare export, and of a project that does not say what issues there are.
    ///
    /// # Errors
    /// When they cannot be read, or an issue is malformed: then nobody knows which task it is about.
    pub(crate) fn read(source: &Source, max_record: usize, cancel: &Cancel) -> Result<Option<Self>, JobError> {
        let path = match (&source.store, &source.folder) {
            (Some(store), _) => store.as_path(),
            (None, Some(_)) => Path::new(&source.name),
            (None, None) => return Ok(None),
        };
        let Some(issues) = Source::issues(path)? else { return Ok(None) };
        let (mut by_task, mut bytes) = (HashMap::<String, String>::new(), 0);
        each_record(&issues, max_record, &Progress::default(), cancel, |record| {
            let wrong = |offset: usize, about: Place, problem: String| {
                let Place { issue, task, field, .. } = about;
                InputError::Malformed { place: Box::new(Place { issue, task, field, ..record.place(offset) }), problem }
            };
            let text = record.text().map_err(|_| wrong(0, Place::default(), "the issue is not UTF-8".into()))?;
            let document =
                Document::parse(text).map_err(|error| wrong(error.offset, Place { field: error.field, ..Place::default() }, error.problem))?;
            let issue = Issue::read(&document.root()).map_err(|error| {
                let (issue, task) = Issue::ids(&document.root());
                wrong(error.offset, Place { issue, task, field: error.field, ..Place::default() }, error.problem)
            })?;
            // An issue that is about no task is in no task's list.
            let Some(task) = issue.task else { return Ok(()) };
            bytes += text.len();
            if bytes > MAX_BYTES {
                let problem = format!("there are more than {} MiB of issues, more than plugins are given", MAX_BYTES >> 20);
                return Err(wrong(0, Place::default(), problem).into());
            }
            let list = by_task.entry(task.into_owned()).or_default();
            list.push(if list.is_empty() { '[' } else { ',' });
            list.push_str(text.trim());
            Ok(())
        })?;
        by_task.values_mut().for_each(|list| list.push(']'));
        Ok(Some(Self(by_task)))
    }

    /// Those of a task, perhaps an empty list.
    pub(crate) fn of(&self, task: &str) -> &str {
        self.0.get(task).map_or("[]", String::as_str)
    }
}
