//! Whether the service is alive, whether it can work, and what it counted.

use crate::app::App;
use crate::error::ApiError;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use std::time::Duration;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/healthz`, `/readyz` and `/metrics`. They need no key, and say nothing about projects; a reverse proxy need not pass them on.
pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// Whether requests should be sent here: not while the service ends, and not without a database.
async fn ready(State(app): State<App>) -> Result<&'static str, ApiError> {
    if app.is_stopping() {
        return Err(ApiError::unavailable("the service is being stopped"));
    }
    match tokio::time::timeout(PATIENCE, app.database.ping()).await {
        Ok(Ok(())) => Ok("ready\n"),
        _ => Err(ApiError::unavailable("the database does not answer")),
    }
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], app.metrics.text())
}
