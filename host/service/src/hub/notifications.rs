//! `POST /v2/notifications`: what a program wants people to know.

use super::envelope::{HubCaller, HubError, success};
use crate::app::App;
use crate::error::ApiError;
use crate::programs::said::is_link;
use ango_jobs::{NewNotification, Role};
use ango_launch::now;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use serde_json::{Value, json};

/// Limits of Hub: receivers, and characters.
const MAX_RECEIVERS: usize = 100;
const MAX_RECEIVER: usize = 256;
const MAX_TITLE: usize = 200;
const MAX_MESSAGE: usize = 1000;

/// A notification. Fields that Hub may have besides are passed over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    /// Names of keys, which are mail addresses where people have keys of their own.
    #[serde(default)]
    receivers: Vec<String>,
    #[serde(default)]
    title: String,
    message: String,
    #[serde(default)]
    clickable_link: Option<String>,
}

impl Body {
    fn check(&self) -> Result<(), String> {
        if self.receivers.is_empty()
            || self.receivers.len() > MAX_RECEIVERS
            || self.receivers.iter().any(|one| one.is_empty() || one.len() > MAX_RECEIVER)
        {
            return Err(format!("receivers: expected 1 to {MAX_RECEIVERS} names"));
        }
        if self.message.is_empty() || self.message.chars().count() > MAX_MESSAGE {
            return Err(format!("message: expected 1 to {MAX_MESSAGE} characters"));
        }
        if self.title.chars().count() > MAX_TITLE {
            return Err(format!("title: expected at most {MAX_TITLE} characters"));
        }
        if self.clickable_link.as_ref().is_some_and(|link| !link.is_empty() && !is_link(link)) {
            return Err("clickableLink: expected http://... or https://..., at most 2048 bytes".to_owned());
        }
        Ok(())
    }
}

/// Notifies each receiver. Runs speak of their project; others must manage one, and speak of none.
pub(super) async fn send(
    State(app): State<App>,
    HubCaller(caller): HubCaller,
    body: Result<Json<Body>, JsonRejection>,
) -> Result<Json<Value>, HubError> {
    let Json(body) = body.map_err(ApiError::from)?;
    body.check().map_err(ApiError::bad_request)?;
    if !caller.key.roles.iter().any(|grant| grant.role >= Role::Manager) {
        return Err(ApiError::forbidden("that takes a manager of a project").into());
    }
    let project = app.database.session_of_key(&caller.key.id).await.map_err(ApiError::from)?.map(|session| session.project);
    let detail = json!({ "receivers": body.receivers.len() });
    app.audit(&caller, "notification.send", project.as_deref(), None, detail).await?;
    for receiver in &body.receivers {
        let new = NewNotification {
            organisation: caller.key.organisation.clone(),
            project: project.clone(),
            export_id: None,
            kind: "message".into(),
            title: if body.title.is_empty() { caller.key.name.clone() } else { body.title.clone() },
            message: body.message.clone(),
            link: body.clickable_link.clone().filter(|link| !link.is_empty()),
            receiver: Some(receiver.clone()),
        };
        app.database.notify(&new, now()).await.map_err(ApiError::from)?;
    }
    Ok(success(json!({ "sent": body.receivers.len() })))
}
