//! Where a project's exports go: the Export Storage form.

use super::words::{StorageKind, TestStep};
use crate::app::{App, blocking};
use crate::asked::{Path, Sent};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::storage::{self, Place};
use ango_jobs::{ExportStorage, ProjectSettings, Role};
use ango_runtime::Cancel;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A project's settings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SettingsView {
    /// Where exports go; `null` for where the service puts those of all projects.
    #[serde(default)]
    export_storage: Option<Place>,
}

/// A storage that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StorageView {
    name: String,
    /// `local`, `s3`, `gcs` or `azure`.
    #[schema(value_type = StorageKind)]
    kind: &'static str,
    url: String,
    /// Buckets that can be chosen in it; absent where the address says which one it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    buckets: Option<Vec<String>>,
}

/// Storages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StorageList {
    storages: Vec<StorageView>,
    /// Where exports of projects go that have no storage of their own: each project into a folder of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Place>,
}

/// A step of a connection test.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StepView {
    /// `open`, `write`, `read`, `link` or `delete`.
    #[schema(value_type = TestStep)]
    step: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// How a connection test went.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestView {
    ok: bool,
    steps: Vec<StepView>,
}

/// A project's settings.
#[utoipa::path(get, path = "/v1/projects/{project}/settings", tag = "settings", params(("project" = String, Path, description = "id of the project")),
    responses((status = 200, body = SettingsView)))]
pub(super) async fn read(State(app): State<App>, caller: Caller, Path(project): Path<String>) -> Result<Json<SettingsView>, ApiError> {
    caller.may(&project, Role::Manager)?;
    exists(&app, &caller, &project).await?;
    let settings = app.database.project_settings(&caller.key.organisation, &project).await?;
    let place = settings.and_then(|settings| settings.export_storage);
    Ok(Json(SettingsView { export_storage: place.map(|place| Place { storage: place.storage, bucket: place.bucket, path: place.path }) }))
}

/// Changes a project's settings. They hold for exports that start from then on.
#[utoipa::path(put, path = "/v1/projects/{project}/settings", tag = "settings", params(("project" = String, Path, description = "id of the project")),
    request_body = SettingsView, responses((status = 200, body = SettingsView)))]
pub(super) async fn write(
    State(app): State<App>,
    caller: Caller,
    Path(project): Path<String>,
    body: Result<Sent<SettingsView>, ApiError>,
) -> Result<Json<SettingsView>, ApiError> {
    caller.may(&project, Role::Manager)?;
    exists(&app, &caller, &project).await?;
    let Sent(settings) = body?;
    if let Some(place) = &settings.export_storage {
        check(&app, place)?;
    }
    let detail = serde_json::to_value(&settings).map_err(|error| ApiError::internal(&error))?;
    app.audit(&caller, "settings.write", Some(&project), None, detail).await?;
    let place = settings.export_storage.clone();
    let kept =
        ProjectSettings { export_storage: place.map(|place| ExportStorage { storage: place.storage, bucket: place.bucket, path: place.path }) };
    app.database.set_project_settings(&caller.key.organisation, &project, &kept).await?;
    Ok(Json(settings))
}

/// Tries out an export storage without saving it: writes a small object, reads it, signs a link to it, and deletes it.
#[utoipa::path(post, path = "/v1/projects/{project}/settings/test", tag = "settings", params(("project" = String, Path, description = "id of the project")),
    request_body = SettingsView, responses((status = 200, body = TestView)))]
pub(super) async fn test(
    State(app): State<App>,
    caller: Caller,
    Path(project): Path<String>,
    body: Result<Sent<SettingsView>, ApiError>,
) -> Result<Json<TestView>, ApiError> {
    caller.may(&project, Role::Manager)?;
    exists(&app, &caller, &project).await?;
    let Sent(settings) = body?;
    let place = match settings.export_storage {
        Some(place) => {
            check(&app, &place)?;
            place
        }
        None => storage::place(&app, &caller.key.organisation, &project).await?,
    };
    app.audit(&caller, "settings.test", Some(&project), Some(&place.storage), serde_json::json!({})).await?;
    let (live, runtime) = (app.live(), app.runtime.clone());
    let steps = blocking(move || {
        let bucket = match storage::open(&live, &place, &runtime) {
            Ok(bucket) => bucket,
            Err(error) => return Ok(vec![StepView { step: "open", ok: false, detail: Some(error.message) }]),
        };
        let steps = bucket.probe(&format!("ango-export-connection-test-{}.txt", ango_launch::new_id()?), &Cancel::default());
        Ok(steps.into_iter().map(|step| StepView { step: step.step, ok: step.ok, detail: step.detail }).collect())
    })
    .await?;
    Ok(Json(TestView { ok: steps.iter().all(|step| step.ok), steps }))
}

/// The storages that the configuration has.
#[utoipa::path(get, path = "/v1/storages", tag = "settings", responses((status = 200, body = StorageList)))]
pub(super) async fn storages(State(app): State<App>, caller: Caller) -> Result<Json<StorageList>, ApiError> {
    let manages = caller.key.roles.iter().any(|grant| grant.role >= Role::Manager);
    if !manages {
        return Err(ApiError::forbidden("that takes a manager of a project"));
    }
    let live = app.live();
    let storages = live.config.storages.iter().map(|(name, (storage, _))| StorageView {
        name: name.clone(),
        kind: kind(&storage.url),
        url: storage.url.clone(),
        buckets: (!storage.buckets.is_empty()).then(|| storage.buckets.clone()),
    });
    let default = live.service.storage.as_ref().map(|storage| Place { storage: storage.clone(), bucket: None, path: live.service.path.clone() });
    Ok(Json(StorageList { storages: storages.collect(), default }))
}

/// The provider of an address.
pub(crate) fn kind(url: &str) -> &'static str {
    match url.split_once("://").map(|(scheme, _)| scheme) {
        Some("s3" | "s3a") => "s3",
        Some("gs") => "gcs",
        Some("az" | "azure") => "azure",
        _ => "local",
    }
}

async fn exists(app: &App, caller: &Caller, project: &str) -> Result<(), ApiError> {
    let (live, organisation, project) = (app.live(), caller.key.organisation.clone(), project.to_owned());
    blocking(move || crate::projects::find(live.organisation(&organisation)?, &project).map(|_| ())).await
}

/// A place that somebody types must be in a storage that an admin set up: any other address would let them write wherever the service may.
fn check(app: &App, place: &Place) -> Result<(), ApiError> {
    let live = app.live();
    if !live.config.storages.contains_key(&place.storage) {
        let known: Vec<&str> = live.config.storages.keys().map(String::as_str).collect();
        let shown = ango_runtime::printable_line(&place.storage, 100);
        return Err(ApiError::bad_request(format!("storage '{shown}' does not exist: there are {}", known.join(", "))));
    }
    if place.path.split('/').any(|part| part == ".." || part == ".") || place.path.len() > 500 {
        return Err(ApiError::bad_request("path: expected folder names with / between them, e.g. exports/2023"));
    }
    live.config.storage(&place.storage, place.bucket.as_deref(), Some(&place.path)).map_err(ango_launch::LaunchError::from)?;
    Ok(())
}
