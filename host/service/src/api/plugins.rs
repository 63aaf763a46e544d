//! What can convert: what is there, what it may do, and who said so.

use super::words::{PluginKind, PluginState};
use crate::app::{App, Live, blocking};
use crate::asked::{Path, Sent};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::programs::connected;
use ango_launch::{BundledPlugin, bundled_plugins, now};
use ango_model::time::{format_iso, parse_iso};
use ango_runtime::{Grant, Info, Limits};
use ango_trust::{Actor, Approval, Installed, Lock, Moment};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A plugin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PluginView {
    name: String,
    /// `bundled`, `installed`, or `connected`: a program of its own.
    #[schema(value_type = PluginKind)]
    kind: &'static str,
    version: String,
    title: String,
    format: String,
    /// SHA-256 of the component, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// `bundled`; `active`, `approved` (another component runs under the name), `waiting`, `revoked`; `online`, `offline`.
    #[schema(value_type = PluginState)]
    state: String,
    /// JSON Schema of its options.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    options_schema: Option<serde_json::Value>,
    /// Rights that it asks for.
    asks: Vec<String>,
    /// Rights that it was given.
    given: Vec<String>,
    /// What it may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    limits: Option<Limits>,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    /// Trusted keys that signed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signers: Vec<String>,
    /// How it stood the kit when it was installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    conformance: Option<ConformanceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deterministic: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    installed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When something was heard of a connected one, ISO-8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<String>,
    /// What a connected one is configured with when nobody says anything else: JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    default_config: Option<String>,
}

/// How a plugin stood the kit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConformanceView {
    passed: u32,
    failed: Vec<String>,
}

/// Plugins.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PluginList {
    plugins: Vec<PluginView>,
}

/// The plugins that there are: bundled ones, installed ones, and programs that are connected.
#[utoipa::path(get, path = "/v1/plugins", tag = "plugins", responses((status = 200, body = PluginList), (status = 400, description = "the configuration or the store of plugins is wrong")))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<PluginList>, ApiError> {
    let live = app.live();
    let mut plugins = blocking(move || {
        let mut plugins = Vec::new();
        for BundledPlugin { info, digest } in bundled_plugins()? {
            let limits = live.config.limits(&info.name, &[]).map_err(ango_launch::LaunchError::from)?;
            plugins.push(PluginView { digest: Some(digest), limits: Some(limits), ..described(&info, "bundled", "bundled".to_owned()) });
        }
        let Ok(store) = live.config.store() else { return Ok(plugins) };
        for installed in store.read()?.plugins {
            let report = store.report(&installed)?;
            plugins.push(installed_view(&live, &installed, &report)?);
        }
        Ok(plugins)
    })
    .await?;
    plugins.extend(connected(&app, &caller.key.organisation).await?.into_iter().map(|connected| PluginView {
        name: connected.id,
        kind: "connected",
        title: connected.name,
        state: if connected.online { "online" } else { "offline" }.to_owned(),
        last_seen_at: connected.seen_at.map(format_iso),
        default_config: Some(connected.default_config),
        ..empty()
    }));
    Ok(Json(PluginList { plugins }))
}

fn empty() -> PluginView {
    PluginView {
        name: String::new(),
        kind: "",
        version: String::new(),
        title: String::new(),
        format: String::new(),
        digest: None,
        state: String::new(),
        options_schema: None,
        asks: Vec::new(),
        given: Vec::new(),
        limits: None,
        origin: None,
        signers: Vec::new(),
        conformance: None,
        deterministic: None,
        installed_at: None,
        installed_by: None,
        decided_at: None,
        decided_by: None,
        until: None,
        note: None,
        last_seen_at: None,
        default_config: None,
    }
}

fn described(info: &Info, kind: &'static str, state: String) -> PluginView {
    PluginView {
        name: info.name.clone(),
        kind,
        version: info.version.clone(),
        title: info.title.clone(),
        format: info.format.clone(),
        state,
        options_schema: Some(info.options_schema.clone()),
        asks: info.grants.iter().map(|grant| grant.as_str().to_owned()).collect(),
        ..empty()
    }
}

fn installed_view(live: &Live, installed: &Installed, report: &ango_trust::Report) -> Result<PluginView, ApiError> {
    let state = if installed.active { "active" } else { installed.state.as_str() };
    Ok(PluginView {
        digest: Some(installed.digest.hex().to_owned()),
        given: installed.grants.iter().map(|grant| grant.as_str().to_owned()).collect(),
        limits: Some(live.config.granted(installed).map_err(ango_launch::LaunchError::from)?),
        origin: Some(installed.origin.clone()),
        signers: report.signers.trusted.clone(),
        conformance: Some(ConformanceView {
            passed: report.verdict.passed,
            failed: report.verdict.failed.iter().map(|check| format!("{}: {}", check.name, check.problem.as_deref().unwrap_or("failed"))).collect(),
        }),
        deterministic: Some(report.verdict.deterministic),
        installed_at: Some(installed.installed_at.clone()),
        installed_by: Some(installed.installed_by.clone()),
        decided_at: installed.decided_at.clone(),
        decided_by: installed.decided_by.clone(),
        until: installed.until.map(String::from),
        note: installed.note.clone(),
        ..described(&report.info, "installed", state.to_owned())
    })
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ApproveBody {
    /// SHA-256 of the component: an approval is of one component, and not of a name.
    #[schema(pattern = "^[0-9a-fA-F]{12,}$")]
    digest: String,
    /// Rights that it is given: `assets`.
    #[serde(default)]
    grants: Vec<String>,
    /// Limits that differ from the usual ones, as `NAME=VALUE`.
    #[serde(default)]
    limits: Vec<String>,
    /// Until when, ISO-8601.
    #[serde(default)]
    #[schema(format = DateTime)]
    until: Option<String>,
    /// Why.
    #[serde(default)]
    note: Option<String>,
}

/// A component that may no longer run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RevokeBody {
    /// SHA-256 of the component.
    #[schema(pattern = "^[0-9a-fA-F]{12,}$")]
    digest: String,
    /// Why.
    #[serde(default)]
    note: Option<String>,
}

/// Lets an installed component run, for all organisations of this service.
#[utoipa::path(post, path = "/v1/plugins/{name}/approve", tag = "plugins", params(("name" = String, Path, description = "name of the plugin")),
    request_body = ApproveBody, responses((status = 200, body = PluginView)))]
pub(super) async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    body: Result<Sent<ApproveBody>, ApiError>,
) -> Result<Json<PluginView>, ApiError> {
    caller.is_admin()?;
    let Sent(body) = body?;
    let mut grants = Vec::new();
    for grant in &body.grants {
        if grant != Grant::Assets.as_str() {
            return Err(ApiError::bad_request(format!("grants: there is {}", Grant::Assets.as_str())));
        }
        grants.push(Grant::Assets);
    }
    grants.dedup();
    let until = match &body.until {
        None => None,
        Some(text) => Some(Moment(parse_iso(text).ok_or_else(|| ApiError::bad_request("until: expected a time like 2024-05-01T00:00:00Z"))?)),
    };
    let detail = serde_json::json!({ "digest": body.digest, "grants": body.grants, "limits": body.limits, "until": body.until, "note": body.note });
    app.audit(&caller, "plugin.approve", None, Some(&name), detail).await?;
    let approval = Approval { grants, limits: body.limits, until, note: body.note };
    decide(app, caller, name, body.digest, move |live, wanted, actor| {
        Ok(live.config.store().map_err(ango_launch::LaunchError::from)?.approve(wanted, &approval, &live.config.policy, actor)?)
    })
    .await
}

/// Keeps a component from running.
#[utoipa::path(post, path = "/v1/plugins/{name}/revoke", tag = "plugins", params(("name" = String, Path, description = "name of the plugin")),
    request_body = RevokeBody, responses((status = 200, body = PluginView)))]
pub(super) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    body: Result<Sent<RevokeBody>, ApiError>,
) -> Result<Json<PluginView>, ApiError> {
    caller.is_admin()?;
    let Sent(body) = body?;
    let detail = serde_json::json!({ "digest": body.digest, "note": body.note });
    app.audit(&caller, "plugin.revoke", None, Some(&name), detail).await?;
    let note = body.note;
    decide(app, caller, name, body.digest, move |live, wanted, actor| {
        Ok(live.config.store().map_err(ango_launch::LaunchError::from)?.revoke(wanted, note, actor)?)
    })
    .await
}

async fn decide(
    app: App,
    caller: Caller,
    name: String,
    digest: String,
    how: impl FnOnce(&Live, &str, Actor<'_>) -> Result<Installed, ApiError> + Send + 'static,
) -> Result<Json<PluginView>, ApiError> {
    if digest.len() < 12 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(ApiError::bad_request("digest: expected at least 12 hexadecimal digits of the component's SHA-256"));
    }
    let live = app.live();
    let view = blocking(move || {
        let by = caller.name();
        let installed = how(&live, &format!("{name}@{digest}"), Actor { by: &by, now: now() })?;
        let store = live.config.store().map_err(ango_launch::LaunchError::from)?;
        let lock: Lock = store.read()?;
        let installed = lock.find(&installed.digest).unwrap_or(&installed);
        installed_view(&live, installed, &store.report(installed)?)
    })
    .await?;
    Ok(Json(view))
}
