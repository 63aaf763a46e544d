//! `/files`: what lies in local buckets, for whoever has a link that the service signed. Ranges and resumed downloads work, since a large archive is seldom fetched in one go.

use crate::api::view::ExportView;
use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::links::Link;
use crate::storage::{self, Place};
use ango_launch::now;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::services::ServeFile;

/// The route.
pub fn routes() -> Router<App> {
    Router::new().route("/files/{token}/{name}", get(download))
}

async fn download(State(app): State<App>, Path((token, _)): Path<(String, String)>, request: Request) -> Result<Response, ApiError> {
    let link = app.signer.read(&token, now())?;
    let gone = || ApiError::not_found("what this link opened is not there any more");
    let place = place(&app, &link).await?.ok_or_else(gone)?;
    let (live, runtime, object) = (app.live(), app.runtime.clone(), link.object.clone());
    let path = blocking(move || storage::open(&live, &place, &runtime)?.local_file(&object).ok_or_else(gone)).await?;
    let mut response = match ServeFile::new(path).oneshot(request).await {
        Ok(response) => response.map(Body::new).into_response(),
        Err(never) => match never {},
    };
    if response.status() == axum::http::StatusCode::NOT_FOUND {
        return Err(gone());
    }
    let headers = response.headers_mut();
    // Object names hold no quotes: they are made by `file_name`. Whoever opens the link gets a file, never a page.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", ascii(&link.object))) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// Where that lies which a link opens; `None` when it is not there any more.
async fn place(app: &App, link: &Link) -> Result<Option<Place>, ApiError> {
    if link.of.starts_with("put:") {
        return Err(ApiError::forbidden("this address is for uploading, not for looking"));
    }
    let Some(id) = link.of.strip_prefix("file:") else {
        let export = app.database.find(&link.of).await?;
        return Ok(export.and_then(|export| ExportView::of(&export).result).map(|result| result.place));
    };
    let upload = app.database.upload(id).await?.filter(|upload| upload.bytes.is_some());
    Ok(upload.and_then(|upload| serde_json::from_value(upload.place).ok()))
}

/// The name without what headers cannot hold.
fn ascii(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') { c } else { '_' }).collect()
}
