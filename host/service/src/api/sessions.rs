//! Runs of connected programs: start, list, look at, stop, and fetch what came of them.

use super::exports::{LogList, LogQuery, log_lines};
use super::links::{LinkList, links_of_uploads};
use super::paging;
use super::words::RunState;
use crate::app::{App, blocking};
use crate::asked::{Path, Query, Sent};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::programs::connected;
use crate::programs::end::end;
use crate::programs::order::SessionOrder;
use crate::{projects, storage};
use ango_config::ConnectedPlugin;
use ango_jobs::{NewSession, Role, Session, SessionFilter, SessionState, Upload};
use ango_launch::{new_id, now};
use ango_model::time::format_iso;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

/// How long a program that was there may take to be handed a run, in milliseconds.
const HAND_OVER: i64 = 30_000;

/// A run, as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionView {
    id: String,
    project: String,
    /// Id of the program.
    plugin: String,
    /// What people call the program.
    title: String,
    /// `queued` until it is handed to the program, `running`, `succeeded`, `failed`, `lost` when nothing was heard of it, `cancelled`.
    #[schema(value_type = RunState)]
    state: &'static str,
    /// Who started it.
    run_by: String,
    /// When it was asked for, ISO-8601.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was handed to the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// Stages; `null` for all.
    stages: Option<Vec<String>>,
    /// Batches; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    batches: Option<Vec<String>>,
    /// Its configuration.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    /// The export that it fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    export_id: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What it uploads.
    files: Vec<FileView>,
    /// A link that it answered with and that is not to one of its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// A file of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FileView {
    name: String,
    /// Bytes, once it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// Whether it is there.
    ready: bool,
}

/// A page of runs, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    sessions: Vec<SessionView>,
    /// What to ask for as `before` for those that come after; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The view of a run, with its files.
pub(super) async fn view(app: &App, session: &Session) -> Result<SessionView, ApiError> {
    let live = app.live();
    let plugin = live.service.plugins.get(&session.plugin);
    let order: Option<SessionOrder> = serde_json::from_value(session.request.clone()).ok();
    let usual = || plugin.and_then(|plugin| serde_json::from_str(&plugin.default_config).ok()).unwrap_or_default();
    let (stages, batches, config) = order.map_or((None, None, None), |order| (order.stages, order.batches, order.config));
    let iso = |time: Option<i64>| time.map(format_iso);
    let file = |upload: Upload| FileView { name: upload.name, ready: upload.bytes.is_some(), bytes: upload.bytes };
    Ok(SessionView {
        id: session.id.clone(),
        project: session.project.clone(),
        plugin: session.plugin.clone(),
        title: plugin.map_or_else(|| session.plugin.clone(), |plugin| plugin.name.clone()),
        state: session.state.name(),
        run_by: session.run_by.clone(),
        created_at: format_iso(session.created_at),
        started_at: iso(session.started_at),
        finished_at: iso(session.finished_at),
        stages: stages.filter(|stages| !stages.is_empty()),
        batches,
        config: config.unwrap_or_else(usual),
        export_id: session.export.clone(),
        error: session.error.clone(),
        files: app.database.uploads(&session.id).await?.into_iter().map(file).collect(),
        link: session.response.clone(),
    })
}

/// Starts a run of a program that is connected.
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", request_body = SessionOrder,
    responses((status = 202, body = SessionView, description = "it is handed to the program"),
        (status = 404, description = "there is no such project, or the key may not know of it"), (status = 409, description = "the program is offline")))]
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller,
    order: Result<Sent<SessionOrder>, ApiError>,
) -> Result<(StatusCode, Json<SessionView>), ApiError> {
    let Sent(order) = order?;
    caller.may(&order.project, Role::Manager)?;
    order.check().map_err(ApiError::bad_request)?;
    let live = app.live();
    let organisation = caller.key.organisation.clone();
    let plugin = live.service.plugins.get(&order.plugin).filter(|plugin| plugin.organisation == organisation);
    let plugin =
        plugin.ok_or_else(|| ApiError::bad_request(format!("plugin '{}' is not connected here", ango_runtime::printable_line(&order.plugin, 64))))?;
    let order = known(&app, &organisation, order).await?;
    // Where its files go must be known before it makes some.
    storage::place(&app, &organisation, &order.project).await?;
    if !connected(&app, &organisation).await?.iter().any(|one| one.id == order.plugin && one.online) {
        return Err(ApiError::conflict(format!("plugin '{}' is offline: {}", order.plugin, remedy(plugin))));
    }
    let new = NewSession {
        id: new_id()?,
        organisation,
        project: order.project.clone(),
        plugin: order.plugin.clone(),
        run_by: caller.name(),
        request: serde_json::to_value(&order).map_err(|error| ApiError::internal(&error))?,
        deadline: now() + HAND_OVER,
        doubt: "the plugin left before it was told of the run".to_owned(),
    };
    app.audit(&caller, "session.start", Some(&order.project), Some(&new.id), json!({ "plugin": order.plugin })).await?;
    app.database.create_session(&new, now()).await?;
    app.programs.wake.notify_one();
    let session = app.database.session(&new.id).await?.ok_or_else(|| missing(&new.id))?;
    Ok((StatusCode::ACCEPTED, Json(view(&app, &session).await?)))
}

fn remedy(plugin: &ConnectedPlugin) -> &'static str {
    if plugin.url.is_some() {
        "start it where its section of the configuration says that it listens"
    } else {
        "start it, and give it the address of this service"
    }
}

/// The order with the ids of its batches, which is what programs are told. What the project does not have is said now.
async fn known(app: &App, organisation: &str, order: SessionOrder) -> Result<SessionOrder, ApiError> {
    let (live, organisation) = (app.live(), organisation.to_owned());
    blocking(move || {
        let found = projects::find(live.organisation(&organisation)?, &order.project)?;
        let project = projects::describe(&found)?.project;
        let stages = order.stages.as_deref().unwrap_or_default();
        if let Some(stage) =
            stages.iter().find(|name| !project.stages.is_empty() && !project.stages.iter().any(|stage| stage.id == **name || stage.name == **name))
        {
            return Err(ApiError::bad_request(format!("stages: there is no stage '{}'", ango_runtime::printable_line(stage, 100))));
        }
        let id = |name: &String| {
            let batch = project.batches.iter().find(|batch| batch.id == *name || batch.name == *name);
            batch
                .map(|batch| batch.id.clone())
                .ok_or_else(|| ApiError::bad_request(format!("batches: there is no batch '{}'", ango_runtime::printable_line(name, 100))))
        };
        let batches = order.batches.as_ref().map(|names| names.iter().map(id).collect::<Result<Vec<_>, _>>()).transpose()?;
        Ok(SessionOrder { batches, ..order })
    })
    .await
}

/// A run that the caller may look at.
pub(super) async fn find(app: &App, caller: &Caller, id: &str, role: Role) -> Result<Session, ApiError> {
    let session = app.database.session(id).await?.filter(|session| session.organisation == caller.key.organisation).ok_or_else(|| missing(id))?;
    // Of a project that the key knows nothing of, there is no run either.
    caller.may(&session.project, role).map_err(|error| if error.status == StatusCode::NOT_FOUND { missing(id) } else { error })?;
    Ok(session)
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("run '{}' does not exist", ango_runtime::printable_line(id, 64)))
}

/// Which runs are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Of this project.
    project: Option<String>,
    /// At most so many, 50 if nothing is said, and never more than 200.
    limit: Option<u32>,
    /// What `next` of the page before said.
    before: Option<String>,
}

/// Lists runs, the newest first.
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", params(ListQuery),
    responses((status = 200, body = SessionList), (status = 404, description = "there is no such project, or the key may not know of it")))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<SessionList>, ApiError> {
    let projects = paging::projects(&caller, query.project.as_ref())?;
    let before = paging::before(query.before.as_deref())?;
    let limit = paging::limit(query.limit);
    let found = app.database.sessions(&caller.key.organisation, &SessionFilter { projects, before, limit }).await?;
    let next = paging::next(found.len(), limit, found.last().map(|last| (last.created_at, last.id.as_str())));
    let mut sessions = Vec::with_capacity(found.len());
    for session in &found {
        sessions.push(view(&app, session).await?);
    }
    Ok(Json(SessionList { sessions, next }))
}

/// A run as it stands.
#[utoipa::path(get, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path, description = "id of the run")),
    responses((status = 200, body = SessionView)))]
pub(super) async fn one(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<SessionView>, ApiError> {
    let session = find(&app, &caller, &id, Role::Viewer).await?;
    Ok(Json(view(&app, &session).await?))
}

/// Stops waiting for a run: its key opens nothing any more, and what it uploads is refused. The program itself cannot be stopped from here. What has ended stays as it is.
#[utoipa::path(post, path = "/v1/sessions/{id}/cancel", tag = "sessions", params(("id" = String, Path, description = "id of the run")),
    responses((status = 200, body = SessionView)))]
pub(super) async fn cancel(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<SessionView>, ApiError> {
    let session = find(&app, &caller, &id, Role::Manager).await?;
    app.audit(&caller, "session.cancel", Some(&session.project), Some(&id), json!({})).await?;
    end(&app, &session, SessionState::Cancelled, None, None).await?;
    Ok(Json(view(&app, &find(&app, &caller, &id, Role::Viewer).await?).await?))
}

/// What a run logged.
#[utoipa::path(get, path = "/v1/sessions/{id}/logs", tag = "sessions", params(("id" = String, Path, description = "id of the run"), LogQuery),
    responses((status = 200, body = LogList)))]
pub(super) async fn logs(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<LogQuery>,
) -> Result<Json<LogList>, ApiError> {
    find(&app, &caller, &id, Role::Viewer).await?;
    Ok(Json(LogList { logs: log_lines(&app, &id, query.after.unwrap_or(0)).await? }))
}

/// Links to the files of a run.
#[utoipa::path(get, path = "/v1/sessions/{id}/links", tag = "sessions", params(("id" = String, Path, description = "id of the run")),
    responses((status = 200, body = LinkList), (status = 409, description = "nothing of it is there yet"), (status = 502, description = "the storage fails")))]
pub(super) async fn links(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<LinkList>, ApiError> {
    let session = find(&app, &caller, &id, Role::Manager).await?;
    let ready: Vec<Upload> = app.database.uploads(&session.id).await?.into_iter().filter(|upload| upload.bytes.is_some()).collect();
    if ready.is_empty() {
        return Err(ApiError::conflict(format!("there is nothing to download: the run is {}", session.state.name())));
    }
    app.audit(&caller, "session.links", Some(&session.project), Some(&id), json!({})).await?;
    Ok(Json(LinkList { links: links_of_uploads(&app, ready).await? }))
}
