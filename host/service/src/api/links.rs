//! Links to what an export saved: signed by the provider, or for local folders by the service.

use super::exports::find;
use super::view::{ExportView, ResultView};
use crate::app::{App, blocking};
use crate::asked::Path;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::links::Link;
use crate::storage::{self, Place};
use ango_jobs::{Export, Role, Upload};
use ango_launch::now;
use ango_model::time::format_iso;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// A link to an object.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectLink {
    /// `original`, `report`, the name of a plugin, or `PLUGIN report`; `result` for files of a run.
    pub of: String,
    /// Name of the object.
    pub name: String,
    /// The link. Needs no key, can be used until it expires, as often as one likes.
    pub url: String,
    /// Bytes, of archives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// When it expires, ISO-8601.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// Links of an export.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LinkList {
    pub(super) links: Vec<ObjectLink>,
}

/// Links to the archives and reports of an export.
#[utoipa::path(get, path = "/v1/exports/{id}/links", tag = "exports", params(("id" = String, Path, description = "id of the export")),
    responses((status = 200, body = LinkList), (status = 409, description = "the export did not succeed"), (status = 502, description = "the storage fails")))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<LinkList>, ApiError> {
    let export = find(&app, &caller, &id, Role::Manager).await?;
    let Some(result) = ExportView::of(&export).result else {
        return Err(ApiError::conflict(format!("there is nothing to download: the export is {}", export.state.name())));
    };
    app.audit(&caller, "export.links", Some(&export.project), Some(&id), serde_json::json!({})).await?;
    Ok(Json(LinkList { links: links_of(&app, &export, &result).await? }))
}

/// What an export saved: what it is, its name, its bytes.
fn objects(result: &ResultView) -> Vec<(String, String, Option<u64>)> {
    let mut objects = Vec::new();
    if let Some(original) = &result.original {
        objects.push(("original".to_owned(), original.name.clone(), Some(original.bytes)));
    }
    for conversion in &result.conversions {
        objects.extend(conversion.output.as_ref().map(|output| (conversion.plugin.clone(), output.name.clone(), Some(output.bytes))));
        objects.extend(conversion.report.as_ref().map(|report| (format!("{} report", conversion.plugin), report.clone(), None)));
    }
    objects.push(("report".to_owned(), result.report.clone(), None));
    objects
}

/// Links to everything that an export saved.
///
/// # Errors
/// When the storage cannot be opened or does not sign.
pub(crate) async fn links_of(app: &App, export: &Export, result: &ResultView) -> Result<Vec<ObjectLink>, ApiError> {
    sign(app, &export.id, &result.place, objects(result)).await
}

/// Links to the files that a run uploaded.
///
/// # Errors
/// When the storage cannot be opened or does not sign.
pub(crate) async fn links_of_uploads(app: &App, uploads: Vec<Upload>) -> Result<Vec<ObjectLink>, ApiError> {
    let mut links = Vec::new();
    for upload in uploads {
        let place = serde_json::from_value(upload.place).map_err(|error| ApiError::internal(&error))?;
        links.extend(sign(app, &format!("file:{}", upload.id), &place, vec![("result".to_owned(), upload.name, upload.bytes)]).await?);
    }
    Ok(links)
}

/// Signs links to objects of one place: what they are, their names, their bytes. Whether they are there is not asked.
async fn sign(app: &App, owner: &str, place: &Place, objects: Vec<(String, String, Option<u64>)>) -> Result<Vec<ObjectLink>, ApiError> {
    let live = app.live();
    let time = Duration::from_secs(u64::from(live.service.link_hours) * 3600);
    let expires = now() + i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4);
    let (place, runtime, owner, app) = (place.clone(), app.runtime.clone(), owner.to_owned(), app.clone());
    blocking(move || {
        let bucket = storage::open(&live, &place, &runtime)?;
        let link = |(of, name, bytes): (String, String, Option<u64>)| {
            let url = match bucket.signed_url(&name, time)? {
                Some(url) => url,
                None => {
                    let token = app.signer.sign(&Link { of: owner.clone(), object: name.clone(), expires });
                    format!("{}/files/{token}/{}", live.public_url, encoded(&name))
                }
            };
            Ok(ObjectLink { of, name, url, bytes, expires_at: format_iso(expires) })
        };
        objects.into_iter().map(link).collect()
    })
    .await
}

/// A name as one part of an address.
fn encoded(name: &str) -> String {
    let mut url = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}
