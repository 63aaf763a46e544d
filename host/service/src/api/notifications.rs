//! Notifications: what the bell of the page shows.

use super::words::NotificationKind;
use crate::app::App;
use crate::asked::{Path, Query, Sent};
use crate::auth::Caller;
use crate::error::ApiError;
use ango_model::time::format_iso;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which notifications are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Only those after this one, by its id.
    after: Option<i64>,
}

/// A notification.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationView {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    export_id: Option<String>,
    /// `ready`, `failed` or `message`.
    #[schema(value_type = NotificationKind)]
    kind: String,
    title: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    read: bool,
}

/// Notifications, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationList {
    notifications: Vec<NotificationView>,
}

/// Notifications about the projects that the key may look at, the newest first, at most a hundred.
#[utoipa::path(get, path = "/v1/notifications", tag = "notifications", params(ListQuery),
    responses((status = 200, body = NotificationList)))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<NotificationList>, ApiError> {
    let projects = caller.projects();
    let (key, after) = (&caller.key, query.after.unwrap_or(0));
    let found = app.database.notifications(&key.organisation, projects.as_deref(), &key.id, &key.name, after, 100).await?;
    let view = |one: ango_jobs::Notification| NotificationView {
        id: one.id,
        project: one.project,
        export_id: one.export_id,
        kind: one.kind,
        title: one.title,
        message: one.message,
        link: one.link,
        created_at: format_iso(one.created_at),
        read: one.read,
    };
    Ok(Json(NotificationList { notifications: found.into_iter().map(view).collect() }))
}

/// Marks a notification as read, for this key.
#[utoipa::path(post, path = "/v1/notifications/{id}/read", tag = "notifications", params(("id" = i64, Path, description = "id of the notification")),
    responses((status = 204)))]
pub(super) async fn read(State(app): State<App>, caller: Caller, Path(id): Path<i64>) -> Result<StatusCode, ApiError> {
    app.database.mark_read(&caller.key.organisation, &caller.key.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Up to which notification.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UpTo {
    /// Id of the last one that was seen.
    up_to: i64,
}

/// Marks all notifications up to one as read, for this key.
#[utoipa::path(post, path = "/v1/notifications/read", tag = "notifications", request_body = UpTo, responses((status = 204)))]
pub(super) async fn read_all(State(app): State<App>, caller: Caller, body: Result<Sent<UpTo>, ApiError>) -> Result<StatusCode, ApiError> {
    let Sent(body) = body?;
    app.database.mark_all_read(&caller.key.organisation, &caller.key.id, body.up_to).await?;
    Ok(StatusCode::NO_CONTENT)
}
