//! `GET /v2/export` and `/v2/exportV3`: the answer comes when the export is ready, with a link that needs no key.

use super::envelope::{HubCaller, HubError, ended, success};
use crate::api::view::ExportView;
use crate::api::{accept, links_of, wait_for_end};
use crate::app::App;
use crate::error::ApiError;
use crate::order::Order;
use ango_jobs::{KeyKind, Role, State as JobState};
use ango_model::options::query::ExportQuery;
use axum::Json;
use axum::extract::{RawQuery, State};
use serde_json::{Value, json};

/// Exports, and answers with the link. The client asks for the link without its key, and some ask twice.
pub(super) async fn export(State(app): State<App>, HubCaller(caller): HubCaller, RawQuery(query): RawQuery) -> Result<Json<Value>, HubError> {
    let query = ExportQuery::parse(query.unwrap_or_default()).map_err(|error| ApiError::bad_request(error.to_string()))?;
    let Some(project) = query.project.clone() else { return Err(ApiError::bad_request("project: is missing").into()) };
    caller.may(&project, Role::Manager)?;
    for ignored in &query.ignored {
        tracing::info!(parameter = ignored, "a parameter of older clients has no effect");
    }
    let (_, export) = accept(&app, &caller, Order::of_query(project, &query), None).await?;
    if caller.key.kind == KeyKind::Run
        && let Some(session) = app.database.session_of_key(&caller.key.id).await.map_err(ApiError::from)?
    {
        app.database.set_session_export(&session.id, &export.id).await.map_err(ApiError::from)?;
        app.changed(&session.id);
    }
    let export = wait_for_end(&app, &caller.key.organisation, &export.id).await?;
    let result = match (export.state, ExportView::of(&export).result) {
        (JobState::Succeeded, Some(result)) => result,
        (state, _) => return Err(ended(state.name(), export.error.as_ref().map(|problem| problem.message.as_str())).into()),
    };
    let links = links_of(&app, &export, &result).await?;
    let link = links.into_iter().find(|link| link.of == "original").ok_or_else(|| ApiError::internal(&"an export has no original"))?;
    Ok(success(json!({ "exportPath": link.url, "exportId": export.id })))
}
