//! The report of a converter run, read tolerantly: a report of a newer version must not break the page.

use crate::demo::error::DemoError;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A report as far as the page shows it.
#[derive(Debug, Default)]
pub struct Report {
    /// How the run ended.
    pub result: String,
    /// Name and version of the plugin.
    pub plugin: String,
    /// Tasks that the plugin was given.
    pub tasks: u64,
    /// Objects that the plugin was given.
    pub objects: u64,
    /// Number of losses, also of those that are not listed.
    pub losses: u64,
    /// Losses by code, the most frequent first.
    pub codes: Vec<Code>,
}

/// Losses of one kind.
#[derive(Debug, Default)]
pub struct Code {
    /// Stable code of the kind.
    pub code: String,
    /// How often.
    pub count: u64,
    /// Some of them: where, and what exactly.
    pub examples: Vec<(String, String)>,
}

/// Reads the report at `path`.
pub fn read(path: &Path) -> Result<Report, DemoError> {
    let text = fs::read_to_string(path).map_err(DemoError::io(path))?;
    let value: Value = serde_json::from_str(&text).map_err(DemoError::json(path))?;
    Ok(parse(&value))
}

fn parse(value: &Value) -> Report {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let number = |pointer: &str| value.pointer(pointer).and_then(Value::as_u64).unwrap_or_default();
    let codes = value.pointer("/losses/codes").and_then(Value::as_array);
    let mut codes: Vec<Code> = codes.into_iter().flatten().map(code).collect();
    // The reader wants the weighty ones first; equal ones keep the report's order.
    codes.sort_by_key(|code| std::cmp::Reverse(code.count));
    Report {
        result: text("/result").to_owned(),
        plugin: format!("{} {}", text("/plugin/name"), text("/plugin/version")).trim().to_owned(),
        tasks: number("/tasks"),
        objects: number("/objects"),
        losses: number("/losses/total"),
        codes,
    }
}

fn code(value: &Value) -> Code {
    let examples = value.get("examples").and_then(Value::as_array);
    Code {
        code: value.get("code").and_then(Value::as_str).unwrap_or("unnamed").to_owned(),
        count: value.get("count").and_then(Value::as_u64).unwrap_or_default(),
        examples: examples
            .into_iter()
            .flatten()
            .map(|example| {
                let task = example.get("task").and_then(Value::as_u64);
                let object = example.get("object").and_then(Value::as_str);
                let place = match (task, object) {
                    (Some(task), Some(object)) => format!("task {task}, object {object}"),
                    (Some(task), None) => format!("task {task}"),
                    (None, Some(object)) => format!("object {object}"),
                    (None, None) => "whole export".to_owned(),
                };
                (place, example.get("detail").and_then(Value::as_str).unwrap_or_default().to_owned())
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_full_report_is_read_and_an_empty_one_is_no_error() {
        let report = parse(&json!({
            "result": "complete", "plugin": {"name": "coco", "version": "0.1.0"}, "tasks": 10, "objects": 93,
            "losses": {"total": 3, "codes": [{"code": "point", "count": 3, "examples": [
                {"task": 0, "object": "ab", "detail": "no boxes"}, {"task": 1, "object": null, "detail": ""}, {}]}]},
        }));
        assert_eq!((report.plugin.as_str(), report.objects, report.losses), ("coco 0.1.0", 93, 3));
        let places: Vec<&str> = report.codes[0].examples.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["task 0, object ab", "task 1", "whole export"]);
        assert_eq!(parse(&json!({})).losses, 0);
        assert_eq!(parse(&json!([])).codes.len(), 0);
    }
}
