//! Answers as Hub gives them: `{"status":"success","data":{...}}`, and `{"status":"fail","message":"..."}` for what did not work.

use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What did not work.
#[derive(Debug)]
pub(super) struct HubError(ApiError);

impl From<ApiError> for HubError {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for HubError {
    fn into_response(self) -> Response {
        // A fault of whoever asked is a `fail`, one of ours an `error`.
        let word = if self.0.status.is_server_error() { "error" } else { "fail" };
        let mut response = (self.0.status, Json(json!({ "status": word, "message": self.0.message }))).into_response();
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert("retry-after", seconds.into());
        }
        response
    }
}

/// What worked.
pub(super) fn success(data: Value) -> Json<Value> {
    Json(json!({ "status": "success", "data": data }))
}

/// Who asks, refused in Hub's words.
#[derive(Debug)]
pub(super) struct HubCaller(pub(super) Caller);

impl FromRequestParts<App> for HubCaller {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, HubError> {
        Ok(Self(Caller::from_request_parts(parts, app).await?))
    }
}

/// The first value of a parameter. Parameters that nobody asked for are passed over: clients put whole addresses into one without escaping them.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A failed export, as the answer to who waited for it.
pub(super) fn ended(state: &str, problem: Option<&str>) -> ApiError {
    let message = problem.map_or_else(|| format!("the export was {state}"), |problem| format!("the export {state}: {problem}"));
    ApiError { status: StatusCode::UNPROCESSABLE_ENTITY, ..ApiError::bad_request(message) }
}
