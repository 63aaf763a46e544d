//! Projects, and who asks.

use super::words::RoleName;
use crate::app::{App, blocking};
use crate::asked::Path;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::projects::{all, describe, find, has_issues};
use ango_jobs::Role;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A role in a project.
#[derive(Debug, Clone, Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleView {
    /// Id of the project; `*` stands for all of the organisation.
    pub project: String,
    /// `viewer`, `manager` or `admin`.
    #[schema(value_type = RoleName)]
    pub role: String,
}

/// A key, for people.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WhoKey {
    id: String,
    name: String,
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    organisation: String,
    key: WhoKey,
    roles: Vec<RoleView>,
}

/// Whose key this is, and what it may.
#[utoipa::path(get, path = "/v1/me", tag = "projects", responses((status = 200, body = Me)))]
pub(super) async fn me(caller: Caller) -> Json<Me> {
    let roles = caller.key.roles.iter().map(|grant| RoleView { project: grant.project.clone(), role: grant.role.name().to_owned() }).collect();
    Json(Me { organisation: caller.key.organisation.clone(), key: WhoKey { id: caller.key.id.clone(), name: caller.key.name }, roles })
}

/// A project in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProjectRow {
    id: String,
    name: String,
    #[schema(value_type = RoleName)]
    role: String,
}

/// Projects.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProjectList {
    projects: Vec<ProjectRow>,
}

/// The projects that the key may look at.
#[utoipa::path(get, path = "/v1/projects", tag = "projects", responses((status = 200, body = ProjectList)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<ProjectList>, ApiError> {
    let live = app.live();
    let projects = blocking(move || {
        let mut rows = Vec::new();
        for found in all(live.organisation(&caller.key.organisation)?)? {
            let Some(role) = caller.key.role(&found.id) else { continue };
            // A project whose description is broken is better shown by its id than not at all.
            let name = describe(&found).map_or_else(|_| found.id.clone(), |folder| folder.project.name);
            rows.push(ProjectRow { id: found.id, name, role: role.name().to_owned() });
        }
        Ok(rows)
    })
    .await?;
    Ok(Json(ProjectList { projects }))
}

/// A stage of the workflow.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StageView {
    id: String,
    name: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

/// A batch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchView {
    id: String,
    name: String,
}

/// A project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProjectView {
    id: String,
    name: String,
    #[schema(value_type = RoleName)]
    role: String,
    stages: Vec<StageView>,
    batches: Vec<BatchView>,
    /// Classes of tools, classifications and relations, in the project's order.
    #[schema(value_type = Object)]
    ontology: serde_json::Value,
    /// Whether it is known what issues there are, so that they can be exported.
    has_issues: bool,
}

/// A project: its stages, batches and classes.
#[utoipa::path(get, path = "/v1/projects/{project}", tag = "projects", params(("project" = String, Path, description = "id of the project")),
    responses((status = 200, body = ProjectView)))]
pub(super) async fn one(State(app): State<App>, caller: Caller, Path(project): Path<String>) -> Result<Json<ProjectView>, ApiError> {
    caller.may(&project, Role::Viewer)?;
    let role = caller.key.role(&project).map(|role| role.name().to_owned()).unwrap_or_default();
    let (live, organisation) = (app.live(), caller.key.organisation);
    let view = blocking(move || {
        let found = find(live.organisation(&organisation)?, &project)?;
        let project = describe(&found)?.project;
        Ok(ProjectView {
            has_issues: has_issues(&found.path),
            id: found.id,
            name: project.name,
            role,
            stages: project.stages.into_iter().map(|stage| StageView { id: stage.id, name: stage.name, kind: stage.kind }).collect(),
            batches: project.batches.into_iter().map(|batch| BatchView { id: batch.id, name: batch.name }).collect(),
            ontology: serde_json::to_value(&project.ontology).map_err(|error| ApiError::internal(&error))?,
        })
    })
    .await?;
    Ok(Json(view))
}
