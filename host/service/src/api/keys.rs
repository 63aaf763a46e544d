//! Keys of the organisation, for its admins.

use super::projects::RoleView;
use crate::app::App;
use crate::asked::{Path, Sent};
use crate::auth::Caller;
use crate::error::ApiError;
use ango_jobs::{Grant, Key, KeyKind, Role};
use ango_launch::now;
use ango_model::time::{format_iso, parse_iso};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyView {
    id: String,
    name: String,
    roles: Vec<RoleView>,
    #[schema(format = DateTime)]
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    revoked: bool,
}

/// Keys.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyList {
    keys: Vec<KeyView>,
}

/// A key that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewKey {
    /// Whose it is: a name, or the e-mail address that links are sent to.
    name: String,
    /// What it may.
    roles: Vec<RoleView>,
    /// Until when it counts, ISO-8601; for ever without.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A key with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedKey {
    key: KeyView,
    secret: String,
}

fn view(key: Key) -> KeyView {
    KeyView {
        id: key.id,
        name: key.name,
        roles: key.roles.iter().map(|grant| RoleView { project: grant.project.clone(), role: grant.role.name().to_owned() }).collect(),
        created_at: format_iso(key.created_at),
        expires_at: key.expires_at.map(format_iso),
        last_used_at: key.last_used_at.map(format_iso),
        revoked: key.revoked_at.is_some(),
    }
}

/// The organisation's keys.
#[utoipa::path(get, path = "/v1/keys", tag = "keys", responses((status = 200, body = KeyList)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<KeyList>, ApiError> {
    caller.is_admin()?;
    let keys = app.database.list_keys(&caller.key.organisation).await?;
    Ok(Json(KeyList { keys: keys.into_iter().map(view).collect() }))
}

/// Makes a key. Its secret is in the answer, and nowhere else.
#[utoipa::path(post, path = "/v1/keys", tag = "keys", request_body = NewKey, responses((status = 201, body = CreatedKey)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    body: Result<Sent<NewKey>, ApiError>,
) -> Result<(StatusCode, Json<CreatedKey>), ApiError> {
    caller.is_admin()?;
    let Sent(wanted) = body?;
    let Some(name) = Key::read_name(&wanted.name) else {
        return Err(ApiError::bad_request(format!("name: expected 1 to {} characters", Key::MAX_NAME)));
    };
    if wanted.roles.is_empty() || wanted.roles.len() > 1000 {
        return Err(ApiError::bad_request("roles: expected at least one: a key without a role opens nothing"));
    }
    let mut roles = Vec::new();
    for role in &wanted.roles {
        if role.project != "*" && !crate::projects::is_id(&role.project) {
            return Err(ApiError::bad_request("roles: project: expected the id of a project, or *"));
        }
        let Some(kind) = Role::from_name(&role.role) else { return Err(ApiError::bad_request("roles: role: there are viewer, manager, admin")) };
        roles.push(Grant { project: role.project.clone(), role: kind });
    }
    let expires_at = match &wanted.expires_at {
        None => None,
        Some(text) => {
            Some(parse_iso(text).filter(|time| *time > now()).ok_or_else(|| ApiError::bad_request("expiresAt: expected a time in the future"))?)
        }
    };
    let (key, secret) = app.database.create_key(&caller.key.organisation, &name, &roles, expires_at, KeyKind::Person, now()).await?;
    let detail =
        serde_json::json!({ "name": name, "roles": wanted.roles.iter().map(|role| format!("{}:{}", role.project, role.role)).collect::<Vec<_>>() });
    app.audit(&caller, "key.create", None, Some(&key.id), detail).await?;
    Ok((StatusCode::CREATED, Json(CreatedKey { key: view(key), secret })))
}

/// Revokes a key. It opens nothing from then on.
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "keys", params(("id" = String, Path, description = "id of the key")),
    responses((status = 204), (status = 409, description = "a key cannot revoke itself")))]
pub(super) async fn revoke(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    caller.is_admin()?;
    if id == caller.key.id {
        return Err(ApiError::conflict("a key cannot revoke itself: the last one would lock everybody out"));
    }
    app.audit(&caller, "key.revoke", None, Some(&id), serde_json::json!({})).await?;
    if app.database.revoke_key(&caller.key.organisation, &id, now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found("there is no such key, or it was revoked before"))
    }
}
