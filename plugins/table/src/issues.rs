//! `issues`: a row for each issue of a task.
//!
//! Hub exports issues in a file of their own (`type=issue`). Of a project that has them (`issues.ndjson`) the host gives each task its own, under the key `issues`,
//! as records of the legacy format carry them. Of a bare export nobody knows them.

use ango_plugin_sdk::{Run, json};

use crate::record::Record;
use crate::sheet::Sheet;

/// Columns, and the keys of an issue, the first of which that is there counts.
const COLUMNS: [(&str, &[&str]); 19] = [
    ("issue_id", &["_id"]),
    ("status", &["status"]),
    ("title", &["title"]),
    ("content", &["content"]),
    ("object_id", &["objectId"]),
    ("page", &["page"]),
    ("page_end", &["pageEnd"]),
    ("position", &["position"]),
    ("stage", &["stage", "stageId"]),
    ("error_type", &["errorType"]),
    ("error_code", &["errorCode"]),
    ("assignee", &["assignee"]),
    ("created_at", &["createdAt"]),
    ("created_by", &["createdBy"]),
    ("updated_at", &["updatedAt"]),
    ("updated_by", &["updatedBy"]),
    ("resolved_at", &["resolvedAt"]),
    ("resolved_by", &["resolvedBy"]),
    ("comments", &["comments"]),
];

/// The columns behind those of the task.
pub(crate) fn columns() -> String {
    [&COLUMNS.map(|(column, _)| column).join(","), ",issue"].concat()
}

/// Writes the rows of a task's issues.
pub(crate) fn add(sheet: &mut Sheet, run: &Run, record: &Record<'_>) {
    let Some(issues) = record.task.extra.as_deref().and_then(|extra| json::member(extra, "issues")) else {
        let detail = "the export does not say what issues there are: export from a project with issues.ndjson";
        return run.lost(record.task.index, None, "issues-missing", detail);
    };
    for issue in json::elements(issues) {
        record.begin_short(sheet);
        for (_, keys) in COLUMNS {
            let value = keys.iter().find_map(|key| json::member(issue, key)).filter(|value| *value != "null");
            match value.map(|value| (value, json::decode(value))) {
                None => sheet.nothing(),
                Some((_, Some(text))) => sheet.text(&text),
                Some((json, None)) => sheet.json(json),
            }
        }
        // All of it, as it is: nobody documents what an issue holds.
        sheet.json(issue);
        sheet.end(run, record.task.index, None);
    }
}
