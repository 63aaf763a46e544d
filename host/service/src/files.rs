//! `/files`: what lies in local buckets, for whoever has a link that the service signed. Ranges and resumed downloads work, since a large archive is seldom fetched in one go.

use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::storage;
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
    let export = app.database.find(&link.export).await?.ok_or_else(gone)?;
    let result = crate::api::view::ExportView::of(&export).result.ok_or_else(gone)?;
    let (live, runtime, object) = (app.live(), app.runtime.clone(), link.object.clone());
    let path = blocking(move || storage::open(&live, &result.place, &runtime)?.local_file(&object).ok_or_else(gone)).await?;
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

/// The name without what headers cannot hold.
fn ascii(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') { c } else { '_' }).collect()
}
