//! Exports: start, list, look at, cancel.

use super::paging;
use super::view::ExportView;
use super::words::{ExportState, LogLevel};
use crate::app::{App, blocking};
use crate::asked::{Path, Query, Sent};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::links::hex;
use crate::order::Order;
use crate::{projects, storage};
use ango_jobs::{Created, Export, Filter, Idempotency, NewExport, Role, State};
use ango_launch::{Wanted, export_name, new_id, now, wanted_specs};
use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// The longest idempotency key.
const MAX_IDEMPOTENCY: usize = 200;
/// How often an export is looked at that another node may work on.
const LOOK: Duration = Duration::from_millis(250);

/// Starts an export. With an `Idempotency-Key`, the same request again is the same export.
#[utoipa::path(post, path = "/v1/exports", tag = "exports", request_body = Order,
    params(("idempotency-key" = Option<String>, Header, description = "makes it safe to send the request again")),
    responses((status = 202, body = ExportView, description = "it waits for its turn"), (status = 200, body = ExportView, description = "it was asked for before, with the same key"),
        (status = 404, description = "there is no such project, or the key may not know of it"), (status = 409, description = "the idempotency key was used before, with another request")))]
pub(super) async fn start(
    Shared(app): Shared<App>,
    caller: Caller,
    headers: HeaderMap,
    order: Result<Sent<Order>, ApiError>,
) -> Result<Response, ApiError> {
    let Sent(order) = order?;
    caller.may(&order.project, Role::Manager)?;
    let idempotency = match headers.get("idempotency-key").map(|value| value.to_str()) {
        None => None,
        Some(Ok(key)) if !key.is_empty() && key.len() <= MAX_IDEMPOTENCY => {
            let text = serde_json::to_vec(&order).map_err(|error| ApiError::internal(&error))?;
            let fingerprint = hex(digest(&SHA256, &text).as_ref());
            Some(Idempotency { key: format!("{}:{key}", caller.key.id), fingerprint })
        }
        Some(_) => return Err(ApiError::bad_request(format!("idempotency-key: expected 1 to {MAX_IDEMPOTENCY} printable characters"))),
    };
    let (status, export) = accept(&app, &caller, order, idempotency).await?;
    Ok((status, Json(ExportView::of(&export))).into_response())
}

/// Looks whether an order can be carried out, and queues it. What is wrong with it is said now and not after an hour in the queue.
///
/// # Errors
/// When it cannot be carried out, or there is no room.
pub(crate) async fn accept(app: &App, caller: &Caller, order: Order, idempotency: Option<Idempotency>) -> Result<(StatusCode, Export), ApiError> {
    if app.is_stopping() {
        return Err(ApiError::unavailable("the service is being stopped"));
    }
    let live = app.live();
    let organisation = caller.key.organisation.clone();
    let max_queued = live.organisation(&organisation)?.max_queued;
    let exported_at = now();
    let id = new_id()?;
    let (name, cost) = {
        let (order, organisation, live) = (order.clone(), organisation.clone(), std::sync::Arc::clone(&live));
        blocking(move || {
            let options = order.options().map_err(ApiError::bad_request)?;
            let found = projects::find(live.organisation(&organisation)?, &order.project)?;
            let folder = projects::describe(&found)?;
            if order.kind == crate::order::Kind::Issue && !projects::has_issues(&found.path) {
                return Err(ApiError::bad_request(format!("project '{}' does not say what issues there are", found.id)));
            }
            let wanted: Vec<Wanted<'_>> =
                order.plugins.iter().map(|plugin| Wanted { name: &plugin.name, options: &plugin.options, limits: &[] }).collect();
            wanted_specs(&live.loader, &wanted)?;
            let cost = order.cost(projects::text_bytes(&found, order.export_kind(), &options));
            Ok((export_name(&folder.project.name, order.export_kind(), exported_at), cost))
        })
        .await?
    };
    storage::place(app, &organisation, &order.project).await?;
    let new = NewExport {
        id: id.clone(),
        organisation,
        project: order.project.clone(),
        request: serde_json::to_value(&order).map_err(|error| ApiError::internal(&error))?,
        requested_by: caller.name(),
        name: format!("{name}-{id}"),
        exported_at,
        idempotency,
        max_queued: max_queued.into(),
        cost,
    };
    match app.database.create(&new).await? {
        Created::New(export) => {
            let detail = serde_json::json!({ "plugins": order.plugins.iter().map(|plugin| &plugin.name).collect::<Vec<_>>() });
            app.audit(caller, "export.start", Some(&order.project), Some(&export.id), detail).await?;
            app.changed(&export.id);
            Ok((StatusCode::ACCEPTED, export))
        }
        Created::Existing(export) => Ok((StatusCode::OK, export)),
        Created::Conflict => Err(ApiError::conflict("this idempotency key was used before, with another request")),
        Created::Full { queued, limit } => Err(ApiError::too_many(format!("{queued} exports of the organisation wait, at most {limit} may"), 30)),
    }
}

/// Waits until an export has ended, on whichever node.
///
/// # Errors
/// When it is gone, or the database fails.
pub(crate) async fn wait_for_end(app: &App, organisation: &str, id: &str) -> Result<Export, ApiError> {
    let mut changes = app.changes.subscribe();
    loop {
        let export = app.database.get(organisation, id).await?.ok_or_else(|| missing(id))?;
        if export.state.is_final() {
            return Ok(export);
        }
        tokio::select! {
            _ = changes.recv() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = app.stopped() => return Err(ApiError::unavailable("the service is being stopped; the export goes on when it starts again")),
        }
    }
}

/// An export that the caller may look at.
pub(super) async fn find(app: &App, caller: &Caller, id: &str, role: Role) -> Result<Export, ApiError> {
    let export = app.database.get(&caller.key.organisation, id).await?.ok_or_else(|| missing(id))?;
    // Of a project that the key knows nothing of, there is no export either.
    caller.may(&export.project, role).map_err(|error| if error.status == StatusCode::NOT_FOUND { missing(id) } else { error })?;
    Ok(export)
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("export '{}' does not exist", ango_runtime::printable_line(id, 64)))
}

/// Which exports are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Of this project.
    project: Option<String>,
    /// In this state.
    #[param(required = false, value_type = ExportState)]
    state: Option<String>,
    /// At most so many, 50 if nothing is said, and never more than 200.
    limit: Option<u32>,
    /// What `next` of the page before said.
    before: Option<String>,
}

/// A page of exports, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExportList {
    exports: Vec<ExportView>,
    /// What to ask for as `before` for those that come after; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Lists exports, the newest first.
#[utoipa::path(get, path = "/v1/exports", tag = "exports", params(ListQuery),
    responses((status = 200, body = ExportList), (status = 404, description = "there is no such project, or the key may not know of it")))]
pub(super) async fn list(Shared(app): Shared<App>, caller: Caller, query: Query<ListQuery>) -> Result<Json<ExportList>, ApiError> {
    let Query(query) = query;
    let projects = paging::projects(&caller, query.project.as_ref())?;
    let state = match query.state.as_deref() {
        None => None,
        Some(name) => {
            Some(State::from_name(name).ok_or_else(|| ApiError::bad_request("state: there are queued, running, succeeded, failed, cancelled"))?)
        }
    };
    let before = paging::before(query.before.as_deref())?;
    let limit = paging::limit(query.limit);
    let filter = Filter { projects, state, before, limit };
    let exports = app.database.list(&caller.key.organisation, &filter).await?;
    let next = paging::next(exports.len(), limit, exports.last().map(|last| (last.created_at, last.id.as_str())));
    Ok(Json(ExportList { exports: exports.iter().map(ExportView::of).collect(), next }))
}

/// An export as it stands.
#[utoipa::path(get, path = "/v1/exports/{id}", tag = "exports", params(("id" = String, Path, description = "id of the export")),
    responses((status = 200, body = ExportView)))]
pub(super) async fn one(Shared(app): Shared<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<ExportView>, ApiError> {
    let export = find(&app, &caller, &id, Role::Viewer).await?;
    Ok(Json(with_position(&app, &export).await?))
}

/// The view of an export, with its place in the queue.
pub(super) async fn with_position(app: &App, export: &Export) -> Result<ExportView, ApiError> {
    let position = if export.state == State::Queued { Some(app.database.position(export).await?) } else { None };
    Ok(ExportView { queue_position: position, ..ExportView::of(export) })
}

/// Stops an export: at once when it waits, soon when it runs. Nothing of it is saved. What has ended stays as it is.
#[utoipa::path(post, path = "/v1/exports/{id}/cancel", tag = "exports", params(("id" = String, Path, description = "id of the export")),
    responses((status = 200, body = ExportView)))]
pub(super) async fn cancel(Shared(app): Shared<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<ExportView>, ApiError> {
    let export = find(&app, &caller, &id, Role::Manager).await?;
    app.audit(&caller, "export.cancel", Some(&export.project), Some(&id), serde_json::json!({})).await?;
    app.database.cancel(&caller.key.organisation, &id, now()).await?;
    app.changed(&id);
    Ok(Json(ExportView::of(&find(&app, &caller, &id, Role::Viewer).await?)))
}

/// The whole report of an export, as it lies in the bucket: losses by code with examples, limits, timings.
#[utoipa::path(get, path = "/v1/exports/{id}/report", tag = "exports", params(("id" = String, Path, description = "id of the export")),
    responses((status = 200, body = Object, description = "the report"), (status = 502, description = "the storage fails")))]
pub(super) async fn report(Shared(app): Shared<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<serde_json::Value>, ApiError> {
    let export = find(&app, &caller, &id, Role::Viewer).await?;
    let Some(result) = ExportView::of(&export).result else { return Err(ApiError::not_found("there is no report: the export did not succeed")) };
    let text = storage::read_small(&app, &result.place, &result.report).await?;
    serde_json::from_slice(&text).map(Json).map_err(|error| ApiError::internal(&error))
}

/// Which lines are shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct LogQuery {
    /// Only lines after this one, by its `seq`.
    pub(super) after: Option<i64>,
}

/// A line of an export's log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LogView {
    /// Its number.
    pub seq: i64,
    /// When, ISO-8601.
    #[schema(format = DateTime)]
    pub time: String,
    /// `debug`, `info`, `warning` or `error`.
    #[schema(value_type = LogLevel)]
    pub level: String,
    /// The plugin that said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// What was said.
    pub message: String,
}

/// Lines of a log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogList {
    pub(super) logs: Vec<LogView>,
}

/// What an export logged.
#[utoipa::path(get, path = "/v1/exports/{id}/logs", tag = "exports", params(("id" = String, Path, description = "id of the export"), LogQuery),
    responses((status = 200, body = LogList)))]
pub(super) async fn logs(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<LogQuery>,
) -> Result<Json<LogList>, ApiError> {
    find(&app, &caller, &id, Role::Viewer).await?;
    Ok(Json(LogList { logs: log_lines(&app, &id, query.after.unwrap_or(0)).await? }))
}

/// Lines of a log after one of them.
pub(crate) async fn log_lines(app: &App, id: &str, after: i64) -> Result<Vec<LogView>, ApiError> {
    let lines = app.database.logs(id, after, 1000).await?;
    let view = |line: ango_jobs::LogLine| LogView {
        seq: line.seq,
        time: ango_model::time::format_iso(line.time),
        level: line.level,
        plugin: line.plugin,
        message: line.message,
    };
    Ok(lines.into_iter().map(view).collect())
}
