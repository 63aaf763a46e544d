//! What every row says first: which task it is of.

use std::borrow::Cow;

use ango_plugin_sdk::options::{Names, Part};
use ango_plugin_sdk::{Annotations, Task, text};

use crate::sheet::Sheet;

/// A task with what the options make of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) task: &'a Task,
    /// What of the annotations is converted: those of a stage, or the final ones.
    pub(crate) annotations: &'a Annotations,
    /// The name of the asset's file.
    pub(crate) file_name: &'a str,
    /// The part of the data set, when there are parts.
    pub(crate) part: Option<Part>,
}

/// The name of a task's file, by option `names`.
pub(crate) fn file_name(task: &Task, names: Names) -> Cow<'_, str> {
    match names {
        Names::Path => Cow::Borrowed(&task.asset.file_name),
        Names::Flat => Cow::Owned(text::names::flat(&task.asset.file_name)),
    }
}

/// Names of columns that stand with commas between them.
#[inline(never)]
pub(crate) fn list(columns: &str) -> Vec<String> {
    columns.split(',').map(str::to_owned).collect()
}

/// Columns that say which task a row is of, and others.
pub(crate) fn short_columns(own: &str) -> Vec<String> {
    list(&["task_id,external_id,file_name,", own].concat())
}

/// Columns that say which task a row is of and where that is in the project, and others.
pub(crate) fn columns(is_split: bool, own: &str) -> Vec<String> {
    let split = if is_split { "split," } else { "" };
    list(&["task_id,external_id,file_name,stage,batches,", split, own].concat())
}

impl Record<'_> {
    /// The cells of [`short_columns`].
    #[inline(never)]
    pub(crate) fn begin_short(&self, sheet: &mut Sheet) {
        sheet.text(&self.task.task_id);
        sheet.text(&self.task.asset.external_id);
        sheet.text(self.file_name);
    }

    /// The cells of [`columns`].
    #[inline(never)]
    pub(crate) fn begin(&self, sheet: &mut Sheet) {
        self.begin_short(sheet);
        sheet.text(&self.task.stage);
        sheet.texts(&self.task.asset.batches);
        if let Some(part) = self.part {
            sheet.text(part.name());
        }
    }
}
