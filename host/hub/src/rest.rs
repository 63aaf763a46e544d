//! The REST connector: Hub calls us. `GET /heartbeat` says that a plugin is there, `POST /plugin` runs it and answers when the run has ended, as the SDK's server does.
//!
//! The secret in the header says which plugin is meant; so plugins that share a secret cannot be served together.

use crate::api::Api;
use crate::runner::Runner;
use crate::settings::Served;
use crate::voice::Channel;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The largest description of a run.
const MAX_BODY: usize = 1 << 20;
/// How long a description may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// What the server needs.
#[derive(Debug, Clone)]
pub struct Rest {
    /// The plugins.
    pub plugins: Vec<Arc<Served>>,
    /// Who runs.
    pub runner: Runner,
    /// Where ends of runs are reported.
    pub api: Api,
}

impl Rest {
    /// Serves until `leave` turns true, and then until what was asked for has been answered.
    ///
    /// # Errors
    /// When nobody can be served any more.
    pub async fn serve(self, listener: TcpListener, mut leave: watch::Receiver<bool>) -> std::io::Result<()> {
        let router = Router::new().route("/plugin", post(run)).route("/heartbeat", get(heartbeat)).with_state(self);
        let stopped = async move {
            let _ = leave.wait_for(|leave| *leave).await;
        };
        axum::serve(listener, router).with_graceful_shutdown(stopped).await
    }

    /// The plugin whose secret it is. All of them are compared, whichever it is.
    fn plugin(&self, headers: &HeaderMap) -> Option<Arc<Served>> {
        let given = headers.get("secret").and_then(|value| value.to_str().ok())?;
        let fits: Vec<bool> = self.plugins.iter().map(|plugin| plugin.secret.is(given)).collect();
        self.plugins.iter().zip(fits).find_map(|(plugin, fits)| fits.then(|| Arc::clone(plugin)))
    }
}

async fn heartbeat(State(rest): State<Rest>, headers: HeaderMap) -> Response {
    match rest.plugin(&headers) {
        Some(_) => answer(StatusCode::OK, &json!("ok")),
        None => unauthorized(),
    }
}

async fn run(State(rest): State<Rest>, request: Request<Body>) -> Response {
    // Before anything is read: strangers are not worth a byte.
    let Some(plugin) = rest.plugin(request.headers()) else { return unauthorized() };
    let announced = request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > MAX_BODY) {
        return too_large();
    }
    let body = match tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return too_large(),
        Err(_) => return problem(StatusCode::REQUEST_TIMEOUT, "the description of the run did not arrive"),
    };
    let payload = match serde_json::from_slice(&body) {
        Ok(payload @ Value::Object(_)) => payload,
        _ => return problem(StatusCode::UNPROCESSABLE_ENTITY, "a run is described by a JSON object"),
    };
    let done = rest.runner.begin(plugin, payload, Channel::Http(rest.api.clone()));
    match done.await {
        Ok(true) => answer(StatusCode::OK, &Value::Null),
        // As the SDK does, so that whoever reads no pluginResponse knows it as well.
        _ => problem(StatusCode::INTERNAL_SERVER_ERROR, "the run failed: see its log"),
    }
}

fn too_large() -> Response {
    problem(StatusCode::PAYLOAD_TOO_LARGE, &format!("a run is described in at most {MAX_BODY} bytes"))
}

fn unauthorized() -> Response {
    problem(StatusCode::UNAUTHORIZED, "Unauthorized")
}

fn problem(status: StatusCode, detail: &str) -> Response {
    answer(status, &json!({ "detail": detail }))
}

fn answer(status: StatusCode, value: &Value) -> Response {
    (status, [("content-type", "application/json")], value.to_string()).into_response()
}
