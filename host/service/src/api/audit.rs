//! The record of who did what, for the organisation's admins.

use crate::app::App;
use crate::asked::Query;
use crate::auth::Caller;
use crate::error::ApiError;
use ango_model::time::format_iso;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which entries are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// At most so many, 100 if nothing is said, and never more than 1000.
    limit: Option<u32>,
    /// Only those before this one, by its id.
    before: Option<i64>,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryView {
    id: i64,
    #[schema(format = DateTime)]
    at: String,
    /// The key, by name and id.
    actor: String,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// The address that the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

/// Entries, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryList {
    entries: Vec<EntryView>,
}

/// Who did what, the newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(ListQuery), responses((status = 200, body = EntryList)))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<EntryList>, ApiError> {
    caller.is_admin()?;
    let limit = query.limit.unwrap_or(100).clamp(1, 1000);
    let entries = app.database.audit_entries(&caller.key.organisation, query.before, limit).await?;
    let view = |entry: ango_jobs::AuditEntry| EntryView {
        id: entry.id,
        at: format_iso(entry.at),
        actor: entry.actor,
        action: entry.action,
        project: entry.project,
        target: entry.target,
        detail: entry.detail,
        from: entry.from,
    };
    Ok(Json(EntryList { entries: entries.into_iter().map(view).collect() }))
}
