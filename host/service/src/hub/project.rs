//! What export plugins ask about projects: their names, classes, stages and batches, the stages that assets went through, storages, issues.

use super::envelope::{HubCaller, HubError, parameter, success};
use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::projects;
use ango_jobs::Role;
use ango_model::json::{Document, Value as Node};
use ango_model::stream::MAX_RECORD_BYTES;
use ango_pipeline::Source;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde_json::{Value, json};
use std::sync::Arc;

/// Entries of a page, and of the longest.
const PAGE: usize = 10;
const MAX_PAGE: usize = 1000;

/// `GET /v2/listProjects`.
pub(super) async fn list(State(app): State<App>, HubCaller(caller): HubCaller) -> Result<Json<Value>, HubError> {
    let live = app.live();
    let projects = blocking(move || {
        let all = projects::all(live.organisation(&caller.key.organisation)?)?;
        let seen = all.into_iter().filter(|found| caller.key.role(&found.id).is_some());
        let row = |found: projects::Found| json!({ "_id": found.id, "name": projects::describe(&found).map_or(found.id.clone(), |folder| folder.project.name) });
        Ok(seen.map(row).collect::<Vec<_>>())
    })
    .await?;
    let total = projects.len();
    Ok(success(json!({ "projects": projects, "total": total })))
}

/// `GET /v2/project/{id}`.
pub(super) async fn one(State(app): State<App>, HubCaller(caller): HubCaller, Path(id): Path<String>) -> Result<Json<Value>, HubError> {
    caller.may(&id, Role::Viewer)?;
    let live = app.live();
    let project = blocking(move || {
        let found = projects::find(live.organisation(&caller.key.organisation)?, &id)?;
        let project = projects::describe(&found)?.project;
        let ontology = serde_json::to_value(&project.ontology).map_err(|error| ApiError::internal(&error))?;
        Ok(json!({
            "_id": found.id,
            "name": project.name,
            "organization": caller.key.organisation,
            "categorySchema": ontology,
            "stages": project.stages.iter().map(|stage| json!({ "id": stage.id, "name": stage.name, "type": stage.kind })).collect::<Vec<_>>(),
            "batches": project.batches.iter().map(|batch| json!({ "_id": batch.id, "name": batch.name })).collect::<Vec<_>>(),
        }))
    })
    .await?;
    Ok(success(json!({ "project": project })))
}

/// `GET /v2/project/{id}/assets`: a page of the project's assets, counted from 1 as the SDK does.
pub(super) async fn assets(
    State(app): State<App>,
    HubCaller(caller): HubCaller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, HubError> {
    caller.may(&id, Role::Viewer)?;
    let (page, limit) = page(query.as_deref())?;
    let live = app.live();
    let (assets, total) = blocking(move || {
        let found = projects::find(live.organisation(&caller.key.organisation)?, &id)?;
        records(&Source::open(&found.path)?, page, limit, asset)
    })
    .await?;
    Ok(success(json!({ "assets": assets, "total": total })))
}

/// `GET /v2/issues?project=`.
pub(super) async fn issues(State(app): State<App>, HubCaller(caller): HubCaller, RawQuery(query): RawQuery) -> Result<Json<Value>, HubError> {
    let id = parameter(query.as_deref(), "project").ok_or_else(|| ApiError::bad_request("project: is missing"))?;
    caller.may(&id, Role::Viewer)?;
    let (page, limit) = page(query.as_deref())?;
    let live = app.live();
    let (issues, total) = blocking(move || {
        let found = projects::find(live.organisation(&caller.key.organisation)?, &id)?;
        let whole = |record: &Node<'_, '_>| serde_json::from_str(record.raw()).unwrap_or_default();
        match Source::issues(&found.path)? {
            Some(source) => records(&source, page, limit, whole),
            None => Ok((Vec::new(), 0)),
        }
    })
    .await?;
    Ok(success(json!({ "issues": issues, "total": total })))
}

/// `GET /v2/storages`. What is secret of them is in no answer.
pub(super) async fn storages(State(app): State<App>, HubCaller(caller): HubCaller) -> Result<Json<Value>, HubError> {
    if !caller.key.roles.iter().any(|grant| grant.role >= Role::Manager) {
        return Err(ApiError::forbidden("that takes a manager of a project").into());
    }
    let live = app.live();
    let provider = |url: &str| match crate::api::kind(url) {
        "s3" => "AWS",
        "gcs" => "GCP",
        "azure" => "AZURE",
        _ => "LOCAL",
    };
    let row = |name: &String, url: &str| json!({ "_id": name, "name": name, "provider": provider(url) });
    let storages: Vec<Value> = live.config.storages.iter().map(|(name, (storage, _))| row(name, &storage.url)).collect();
    Ok(success(json!({ "storages": storages })))
}

fn page(query: Option<&str>) -> Result<(usize, usize), ApiError> {
    let number = |name: &str, otherwise: usize| match parameter(query, name) {
        None => Ok(otherwise),
        Some(text) => text.parse::<usize>().map_err(|_| ApiError::bad_request(format!("{name}: expected a number"))),
    };
    Ok((number("page", 1)?.max(1), number("limit", PAGE)?.clamp(1, MAX_PAGE)))
}

/// A page of records, and how many there are. Records are not held: each is looked at and let go.
fn records(source: &Source, page: usize, limit: usize, view: impl Fn(&Node<'_, '_>) -> Value) -> Result<(Vec<Value>, usize), ApiError> {
    let (from, mut total, mut rows) = ((page - 1).saturating_mul(limit), 0, Vec::new());
    for part in source.parts() {
        let mut reader = part.open(Arc::default(), MAX_RECORD_BYTES).map_err(ango_pipeline::JobError::from)?;
        while let Some(chunk) = reader.next_chunk().map_err(ango_pipeline::JobError::from)? {
            for range in chunk.records() {
                if total >= from && rows.len() < limit {
                    let text = chunk.text().get(range).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
                    if let Ok(document) = Document::parse(text) {
                        rows.push(view(&document.root()));
                    }
                }
                total += 1;
            }
        }
    }
    Ok((rows, total))
}

/// An asset as the API of Hub has it, from its record: ids, batches, and the stages that its task went through.
fn asset(record: &Node<'_, '_>) -> Value {
    let text = |value: Option<Node<'_, '_>>| value.and_then(|value| value.as_str().map(|text| text.into_owned()));
    let task = record.get("task");
    let of_task = |name: &str| task.as_ref().and_then(|task| task.get(name));
    let visits: Vec<Value> = of_task("stageHistory")
        .iter()
        .flat_map(Node::elements)
        .map(|visit| json!({ "stageId": text(visit.get("stageId")).or_else(|| text(visit.get("stage"))), "completedAt": text(visit.get("completedAt")), "completedBy": text(visit.get("completedBy")) }))
        .collect();
    let batches: Vec<String> =
        record.get("batches").iter().flat_map(Node::elements).filter_map(|batch| batch.as_str().map(|name| name.into_owned())).collect();
    json!({
        "_id": text(record.get("assetId")),
        "externalId": text(record.get("externalId")),
        "data": text(record.get("asset")),
        "batches": batches,
        "labelTasks": [{ "_id": text(of_task("taskId")), "stage": text(of_task("stage")), "stageId": text(of_task("stageId")), "stageHistory": visits }],
    })
}
