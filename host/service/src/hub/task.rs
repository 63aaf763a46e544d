//! `GET /v2/task/{id}?includeAnswer=`: one task, wherever the caller may look.

use super::envelope::{HubCaller, HubError, parameter, success};
use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::projects::{self, Found};
use ango_model::json::Document;
use ango_model::options::{ExportOptions, StageFilter};
use ango_model::stream::MAX_RECORD_BYTES;
use ango_pipeline::{JobError, Source};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde_json::{Value, json};
use std::sync::Arc;

/// The longest id that is looked for.
const MAX_ID: usize = 128;

/// The task, with its answer as the SDK's `Answer` has it when that is wanted. A run's key sees one project; with others, every project of the key is looked through, in the order of their ids.
pub(super) async fn one(
    State(app): State<App>,
    HubCaller(caller): HubCaller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, HubError> {
    // Python's way to write it as well.
    let with_answer = parameter(query.as_deref(), "includeAnswer").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let missing = ApiError::not_found(format!("task '{}' does not exist", ango_runtime::printable_line(&id, MAX_ID)));
    let live = app.live();
    let found = blocking(move || {
        let all = projects::all(live.organisation(&caller.key.organisation)?)?;
        for project in all.into_iter().filter(|found| id.len() <= MAX_ID && caller.key.role(&found.id).is_some()) {
            if let Some(task) = find(&project, &id, with_answer).map_err(ApiError::from)? {
                return Ok(Some(task));
            }
        }
        Ok(None)
    })
    .await?;
    Ok(success(json!({ "task": found.ok_or(missing)? })))
}

/// Looks through one project. Of a store, only the task itself is read.
fn find(project: &Found, id: &str, with_answer: bool) -> Result<Option<Value>, JobError> {
    let mut source = Source::open(&project.path)?;
    let tasks = Some([id.to_owned()].into_iter().collect());
    source.select(&ExportOptions { stages: StageFilter::All, tasks, ..ExportOptions::default() })?;
    for part in source.parts() {
        let mut reader = part.open(Arc::default(), MAX_RECORD_BYTES)?;
        while let Some(chunk) = reader.next_chunk()? {
            for range in chunk.records() {
                let text = chunk.text().get(range).unwrap_or_default();
                // Few records hold the text of the id anywhere.
                let holds = text.windows(id.len().max(1)).any(|window| window == id.as_bytes());
                let Some(text) = std::str::from_utf8(text).ok().filter(|_| holds) else { continue };
                let Ok(document) = Document::parse(text) else { continue };
                let is_it = document.root().get("task").and_then(|task| task.get("taskId")).is_some_and(|task| task.as_str().as_deref() == Some(id));
                if is_it {
                    return Ok(serde_json::from_str(text).ok().map(|record| view(project, record, with_answer)));
                }
            }
        }
    }
    Ok(None)
}

/// A task as Hub's API has it, from its record.
fn view(project: &Found, mut record: Value, with_answer: bool) -> Value {
    let mut task = record["task"].take();
    let mut view = json!({
        "_id": task["taskId"], "project": project.id, "asset": record["assetId"], "externalId": record["externalId"],
        "stage": task["stage"], "stageId": task["stageId"], "updatedAt": task["updatedAt"], "updatedBy": task["updatedBy"],
        "totalDuration": task["totalDuration"], "batches": record["batches"],
    });
    if with_answer {
        let mut list = |name: &str| task.get_mut(name).map(Value::take).filter(Value::is_array).unwrap_or_else(|| json!([]));
        view["answer"] = json!({ "objects": list("tools"), "classifications": list("classifications"), "relations": list("relations") });
        for name in ["brushDataUrl", "medicalBrushDataUrl"] {
            view[name] = task[name].take();
        }
    }
    view
}
