//! Our own API, `/v1`: JSON, and a description of itself at `/v1/openapi.json`.

mod audit;
mod describe;
mod events;
mod exports;
mod keys;
mod links;
mod notifications;
mod paging;
mod picture;
mod plugins;
mod preview;
mod projects;
mod sessions;
mod settings;

pub(crate) mod view;
pub(crate) mod words;

pub(crate) use exports::{accept, wait_for_end};
pub(crate) use links::{ObjectLink, links_of, links_of_uploads};
pub(crate) use settings::kind;

use crate::app::App;
use axum::Json;
use axum::Router;
use axum::routing::get;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The frame of the description; the routes add themselves.
#[derive(Debug, OpenApi)]
#[openapi(
    info(title = "ango-export", description = "Exports of annotation projects, in Ango's own format and through converter plugins."),
    components(schemas(crate::error::ErrorBody)),
    modifiers(&Keys),
    security(("bearer" = []), ("apikey" = []))
)]
struct Description;

/// The two ways in which a key is shown.
struct Keys;

impl Modify for Keys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()));
        components.add_security_scheme("apikey", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("apikey"))));
    }
}

/// All routes below `/v1`.
pub fn routes() -> Router<App> {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(projects::me))
        .routes(routes!(projects::list))
        .routes(routes!(projects::one))
        .routes(routes!(picture::show))
        .routes(routes!(settings::read, settings::write))
        .routes(routes!(settings::test))
        .routes(routes!(settings::storages))
        .routes(routes!(exports::start, exports::list))
        .routes(routes!(exports::one))
        .routes(routes!(exports::cancel))
        .routes(routes!(exports::report))
        .routes(routes!(exports::logs))
        .routes(routes!(events::follow))
        .routes(routes!(links::list))
        .routes(routes!(preview::show))
        .routes(routes!(sessions::start, sessions::list))
        .routes(routes!(sessions::one))
        .routes(routes!(sessions::cancel))
        .routes(routes!(sessions::logs))
        .routes(routes!(sessions::links))
        .routes(routes!(events::follow_session))
        .routes(routes!(plugins::list))
        .routes(routes!(plugins::approve))
        .routes(routes!(plugins::revoke))
        .routes(routes!(notifications::list))
        .routes(routes!(notifications::read))
        .routes(routes!(notifications::read_all))
        .routes(routes!(keys::create, keys::list))
        .routes(routes!(keys::revoke))
        .routes(routes!(audit::list))
        .split_for_parts();
    describe::refusals(&mut description);
    router.route("/v1/openapi.json", get(move || std::future::ready(Json(description))))
}
