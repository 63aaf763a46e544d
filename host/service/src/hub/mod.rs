//! Hub's side of the contract: the API that its clients call (`/v2`), so that a program written with Hub's SDK works with this service as it is.
//!
//! Source of every rule: the published API and the requests that version 1.4.10 of the SDK sends.

mod envelope;
mod export;
mod notifications;
mod plugin;
mod project;
mod task;

use crate::app::App;
use crate::error::ApiError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};

/// A refusal in Hub's words.
pub fn refused(error: ApiError) -> Response {
    envelope::HubError::from(error).into_response()
}

/// All routes below `/v2`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v2/export", get(export::export))
        .route("/v2/exportV3", get(export::export))
        .route("/v2/listProjects", get(project::list))
        .route("/v2/project/{id}", get(project::one))
        .route("/v2/project/{id}/assets", get(project::assets))
        .route("/v2/task/{id}", get(task::one))
        .route("/v2/storages", get(project::storages))
        .route("/v2/issues", get(project::issues))
        .route("/v2/getUploadUrl", get(plugin::upload_url))
        .route("/v2/getSignedUrl", get(plugin::signed_url))
        // How large a file may be is the plugin's setting.
        .route("/v2/upload/{token}/{name}", put(plugin::upload).layer(DefaultBodyLimit::disable()))
        .route("/v2/pluginLog", post(plugin::plugin_log))
        .route("/v2/pluginResponse", post(plugin::plugin_response))
        .route("/v2/notifications", post(notifications::send))
}
