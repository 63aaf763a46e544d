//! What filters ask of a record, read out of its text.

use ango_model::issue::Issue;
use ango_model::json::{Document, Value};
use ango_model::options::TaskType;
use ango_model::time::Timestamp;
use ango_model::v3::{Asset, read_time};
use sha2::{Digest, Sha256};

/// The record's place in every filter, and its text as it is stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) task_id: String,
    pub(crate) stage: String,
    pub(crate) stage_id: String,
    pub(crate) task_type: String,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
    pub(crate) batches: Vec<String>,
    /// Compact JSON.
    pub(crate) text: Vec<u8>,
    pub(crate) hash: [u8; 16],
}

/// What is wrong with a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) task: Option<String>,
    pub(crate) field: String,
    pub(crate) problem: String,
}

/// Reads a record, checking all of it: an error at import is one task's, at export it is everybody's.
pub(crate) fn read(text: &str) -> Result<Facts, Fault> {
    let document = Document::parse(text).map_err(|error| Fault { task: None, field: error.field, problem: error.problem })?;
    let root = document.root();
    let task = root.get("task");
    let named = || task.and_then(|task| task.get("taskId")?.as_str()).filter(|id| !id.is_empty()).map(|id| id.into_owned());
    let asset = Asset::read(&root).map_err(|error| Fault { task: named(), field: error.field, problem: error.problem })?;
    let fault = |key: &str, problem: String| Fault { task: named(), field: format!("task.{key}"), problem };
    // The typed read has checked it.
    let created_at = task.and_then(|task| task.get("createdAt")).and_then(|value| read_time(&value).ok().flatten());
    let task_type = match task.and_then(|task| task.get("type")) {
        Some(value) if !value.is_null() => {
            value.as_str().ok_or_else(|| fault("type", format!("expected a string, found {}", value.kind().name())))?.into_owned()
        }
        _ => String::new(),
    };
    let (compact, hash) = stored(&root, text.len());
    let mut batches: Vec<String> = asset.batches.iter().map(|batch| batch.to_string()).collect();
    batches.sort();
    batches.dedup();
    let task = asset.task;
    Ok(Facts {
        task_id: task.task_id.into_owned(),
        // Old exports have no stage ids; of stages that Hub creates by itself, the name is the id.
        stage_id: task.stage_id.as_ref().unwrap_or(&task.stage).to_string(),
        stage: task.stage.into_owned(),
        task_type: if task_type.is_empty() { TaskType::Default.name().to_owned() } else { task_type },
        created_at,
        updated_at: task.updated_at,
        batches,
        text: compact,
        hash,
    })
}

/// A record's text as it is stored, on one line whatever the input looked like, and what tells it from another one. `length` is that of the input.
fn stored(root: &Value<'_, '_>, length: usize) -> (Vec<u8>, [u8; 16]) {
    let mut compact = Vec::with_capacity(length);
    root.write(&mut compact);
    let mut hash = [0; 16];
    hash.copy_from_slice(&Sha256::digest(&compact)[..16]);
    (compact, hash)
}

/// What is kept of an issue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IssueFacts {
    pub(crate) issue_id: String,
    pub(crate) text: Vec<u8>,
    pub(crate) hash: [u8; 16],
}

/// Reads an issue, checking what an export checks. Gives the issue's id with what is wrong.
pub(crate) fn read_issue(text: &str) -> Result<IssueFacts, (Option<String>, Fault)> {
    let document = Document::parse(text).map_err(|error| (None, Fault { task: None, field: error.field, problem: error.problem }))?;
    let root = document.root();
    let issue = Issue::read(&root).map_err(|error| {
        let (issue, task) = Issue::ids(&root);
        (issue, Fault { task, field: error.field, problem: error.problem })
    })?;
    let (compact, hash) = stored(&root, text.len());
    Ok(IssueFacts { issue_id: issue.id.into_owned(), text: compact, hash })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_what_filters_ask_for() {
        let facts = read(
            "{\"asset\":\"a\",\n \"batches\":[\"b\",null,\"a\",\"b\"],\"task\":{\"taskId\":\"t\",\"type\":\"benchmark\",\"stage\":\"Review\",\"stageId\":\"r-1\",\
             \"createdAt\":\"1970-01-01T00:00:00.007Z\",\"updatedAt\":9,\"x\":1.50}}",
        )
        .unwrap();
        assert_eq!(
            (facts.task_id.as_str(), facts.stage.as_str(), facts.stage_id.as_str(), facts.task_type.as_str()),
            ("t", "Review", "r-1", "benchmark")
        );
        assert_eq!((facts.created_at, facts.updated_at), (Some(7), Some(9)));
        assert_eq!(facts.batches, ["a", "b"]);
        assert!(facts.text.ends_with(b"\"updatedAt\":9,\"x\":1.50}}"));
        let bare = read(r#"{"asset":"a","task":{"taskId":"t","stage":"Complete"}}"#).unwrap();
        assert_eq!((bare.stage_id.as_str(), bare.task_type.as_str(), bare.created_at), ("Complete", "default", None));
    }

    #[test]
    fn faults_name_task_and_field() {
        for (text, task, field) in [
            (r#"{"asset":"a","task":{"taskId":"t","createdAt":"soon"}}"#, Some("t"), "task.createdAt"),
            (r#"{"asset":"a","task":{"taskId":"t","createdAt":[]}}"#, Some("t"), "task.createdAt"),
            (r#"{"asset":"a","task":{"taskId":"t","type":1}}"#, Some("t"), "task.type"),
            (r#"{"asset":"a","task":{"taskId":"t","updatedAt":"soon"}}"#, Some("t"), "task.updatedAt"),
            (r#"{"asset":"a","task":{"taskId":"t","tools":[{"point":[1]}]}}"#, Some("t"), "task.tools[0]"),
            (r#"{"asset":"a","task":{"taskId":""}}"#, None, "task"),
            (r#"{"asset":"a","#, None, ""),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.task.as_deref(), task, "{text}");
            assert!(fault.field.starts_with(field), "{text}: {}", fault.field);
        }
    }
}
