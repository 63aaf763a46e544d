//! What the SDK asks for and says in a plugin's run: addresses to upload to and to fetch from, the upload itself, lines of the log, the answer.
//!
//! All of it is the business of one run, and the key says which; what a request says of it besides is checked where it is there, and never needed.

use super::envelope::{HubCaller, HubError, success};
use crate::api::links_of_uploads;
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::programs::said::{answer, doubt, log};
use crate::programs::upload::{begin, of_address, take};
use ango_jobs::{Session, SessionState};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, RawQuery, State};
use serde_json::{Value, json};

/// The run that the caller's key was made for.
async fn session(app: &App, caller: &Caller) -> Result<Session, ApiError> {
    let found = app.database.session_of_key(&caller.key.id).await?;
    found.ok_or_else(|| ApiError::forbidden("that is for runs of plugins: this key is not one of a run"))
}

/// The run, which must go on, and be the one that the request speaks of.
async fn running(app: &App, caller: &Caller, said: Option<&str>) -> Result<Session, ApiError> {
    let session = session(app, caller).await?;
    if said.is_some_and(|said| !said.is_empty() && said != session.id) {
        return Err(ApiError::forbidden("session: this key is of another run"));
    }
    if session.state == SessionState::Running {
        Ok(session)
    } else {
        Err(ApiError::conflict(format!("the run has ended: it {}", session.state.name())))
    }
}

/// `GET /v2/getUploadUrl?name=&project=&type=exports[&storageId=]`.
pub(super) async fn upload_url(State(app): State<App>, HubCaller(caller): HubCaller, RawQuery(query): RawQuery) -> Result<Json<Value>, HubError> {
    let session = running(&app, &caller, None).await?;
    let query = query.unwrap_or_default();
    let begun = async {
        let name = name(&query).filter(|name| !name.is_empty()).ok_or_else(|| ApiError::bad_request("name: is missing"))?;
        only_exports(&query)?;
        begin(&app, &session, &name, last(&query, "storageId").as_deref()).await
    };
    match begun.await {
        Ok(address) => Ok(success(json!({ "uploadUrl": address }))),
        Err(error) => Err(gives_up(&app, &session, "the plugin cannot upload its file", error).await),
    }
}

/// `GET /v2/getSignedUrl?name=ADDRESS&project=&type=exports`: asked before the file is there.
pub(super) async fn signed_url(State(app): State<App>, HubCaller(caller): HubCaller, RawQuery(query): RawQuery) -> Result<Json<Value>, HubError> {
    let session = running(&app, &caller, None).await?;
    let query = query.unwrap_or_default();
    let signed = async {
        only_exports(&query)?;
        let upload = of_address(&app, &name(&query).unwrap_or_default()).await?;
        if upload.session != session.id {
            return Err(ApiError::forbidden("name: the address of another run"));
        }
        let links = links_of_uploads(&app, vec![upload]).await?;
        links.into_iter().next().ok_or_else(|| ApiError::internal(&"a file has no link"))
    };
    match signed.await {
        Ok(link) => Ok(success(json!({ "signedUrl": link.url }))),
        Err(error) => Err(gives_up(&app, &session, "the plugin gets no link to its file", error).await),
    }
}

/// The SDK says nothing when one of these fails: its thread ends, and no answer comes.
async fn gives_up(app: &App, session: &Session, what: &str, error: ApiError) -> HubError {
    if let Err(error) = doubt(app, session, &format!("{what}: {}", error.message)).await {
        tracing::warn!(session = session.id, %error, "what became of a run cannot be written down; its deadline ends it");
    }
    error.into()
}

/// `PUT` to an address of `getUploadUrl`: the bytes, without any header.
pub(super) async fn upload(State(app): State<App>, Path((token, _)): Path<(String, String)>, body: Body) -> Result<Json<Value>, HubError> {
    let bytes = take(&app, &token, body).await?;
    Ok(success(json!({ "bytes": bytes })))
}

/// `POST /v2/pluginLog`.
pub(super) async fn plugin_log(
    State(app): State<App>,
    HubCaller(caller): HubCaller,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, HubError> {
    let Json(body) = body.map_err(ApiError::from)?;
    // A line that comes late is kept as well: the SDK would take an error for its callback's.
    let session = session(&app, &caller).await?;
    if body.get("session").and_then(Value::as_str).is_some_and(|said| !said.is_empty() && said != session.id) {
        return Err(ApiError::forbidden("session: this key is of another run").into());
    }
    log(&app, &session, &[body]).await.map_err(ApiError::from)?;
    Ok(success(json!({})))
}

/// `POST /v2/pluginResponse`.
pub(super) async fn plugin_response(
    State(app): State<App>,
    HubCaller(caller): HubCaller,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, HubError> {
    let Json(body) = body.map_err(ApiError::from)?;
    let session = running(&app, &caller, body.get("session").and_then(Value::as_str)).await?;
    answer(&app, &session, &body).await.map_err(ApiError::from)?;
    Ok(success(json!({})))
}

/// Files of runs are exports; the other kinds that Hub has are for programs that change projects.
fn only_exports(query: &str) -> Result<(), ApiError> {
    match last(query, "type").as_deref() {
        None | Some("exports") => Ok(()),
        Some(other) => Err(ApiError::bad_request(format!("type: there is exports, not '{}'", ango_runtime::printable_line(other, 50)))),
    }
}

/// The last value of a parameter: what stands before may be a part of a name.
fn last(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
}

/// The parameter `name`. The SDK writes it first and does not escape it, so it goes on over every `&` until the project comes.
fn name(query: &str) -> Option<String> {
    let begin = if query.starts_with("name=") { 5 } else { query.find("&name=")? + 6 };
    let rest = &query[begin..];
    let end = rest.rfind("&project=").unwrap_or_else(|| rest.find('&').unwrap_or(rest.len()));
    // As a value of its own: an `&` that was meant is one, and so is a `+`.
    let whole = rest[..end].replace('&', "%26").replace('+', "%2B");
    url::form_urlencoded::parse(format!("n={whole}").as_bytes()).next().map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_the_sdk_writes_them() {
        for (query, expected) in [
            ("name=result.json&project=P&type=exports", Some("result.json")),
            ("name=my%20out%20&%201.zip&project=P&type=exports", Some("my out & 1.zip")),
            ("name=a+b=c.zip&project=P&type=exports&storageId=s", Some("a+b=c.zip")),
            ("name=http://h/v2/upload/t/n.zip?a=b&X-Amz-Date=1&project=P&type=exports", Some("http://h/v2/upload/t/n.zip?a=b&X-Amz-Date=1")),
            ("name=only", Some("only")),
            ("project=P&name=last&type=exports", Some("last")),
            ("project=P", None),
            ("name=&project=P", Some("")),
            ("name=%ff%00&project=P", Some("\u{fffd}\0")),
        ] {
            assert_eq!(name(query).as_deref(), expected, "{query}");
        }
        assert_eq!(last("name=a&type=odd&project=P&type=exports", "type").as_deref(), Some("exports"));
    }
}
