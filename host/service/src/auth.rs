//! Who asks, and what they may. No key, no data.

use crate::app::App;
use crate::error::ApiError;
use ango_jobs::{Key, KeyKind, Role};
use ango_launch::now;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::net::IpAddr;

/// The address that a request came from, as far as it is believed. Put into a request by the server.
#[derive(Debug, Clone, Copy)]
pub struct From(pub IpAddr);

/// Somebody with a key that counts.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The key.
    pub key: Key,
    /// Where the request came from.
    pub from: Option<IpAddr>,
}

impl Caller {
    /// Who that is, for people: the key's name and id.
    pub fn name(&self) -> String {
        format!("{} ({})", self.key.name, self.key.id)
    }

    /// Makes sure that the key has at least this role in a project. Who has none does not learn whether the project exists.
    ///
    /// # Errors
    /// When it has not.
    pub fn may(&self, project: &str, role: Role) -> Result<(), ApiError> {
        match self.key.role(project) {
            None => Err(ApiError::not_found(format!("project '{}' does not exist", ango_runtime::printable_line(project, 128)))),
            Some(has) if has >= role => Ok(()),
            Some(has) => Err(ApiError::forbidden(format!("that takes the role {}, this key is a {} of the project", role.name(), has.name()))),
        }
    }

    /// Makes sure that the key is an admin of the whole organisation.
    ///
    /// # Errors
    /// When it is not.
    pub fn is_admin(&self) -> Result<(), ApiError> {
        let is_admin = self.key.roles.iter().any(|grant| grant.project == "*" && grant.role == Role::Admin);
        if is_admin { Ok(()) } else { Err(ApiError::forbidden("that takes an admin of the organisation")) }
    }

    /// The projects that the key may look at; `None` stands for all.
    pub fn projects(&self) -> Option<Vec<String>> {
        let sees_all = self.key.roles.iter().any(|grant| grant.project == "*");
        (!sees_all).then(|| self.key.roles.iter().map(|grant| grant.project.clone()).collect())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let from = parts.extensions.get::<From>().map(|from| from.0);
        app.rates.check_failures(from)?;
        let presented = presented(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let Some(key) = app.database.verify(presented, now()).await? else {
            app.metrics.refused_keys.inc();
            app.rates.failed(from);
            return Err(ApiError::unauthorized());
        };
        match key.kind {
            KeyKind::Person => app.rates.check(&key.id)?,
            KeyKind::Run => app.rates.wait(&key.id).await,
        }
        // A program gets what Hub's API gives, and nothing of what people do.
        if key.kind == KeyKind::Run && !parts.uri.path().starts_with("/v2/") {
            return Err(ApiError::forbidden("the key of a run is for /v2 alone"));
        }
        Ok(Self { key, from })
    }
}

/// The key of a request: `Authorization: Bearer KEY`, or `apikey: KEY` as Hub's clients send it.
fn presented(headers: &HeaderMap) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    });
    bearer.or_else(|| text("apikey"))
}
