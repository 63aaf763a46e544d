//! Hub's side of the contract: the API that its clients call (`/v2`), so that a program written with Hub's SDK works with this service as it is.
//!
//! Source of every rule: the published API and the requests that version 1.4.10 of the SDK sends.

mod envelope;
mod export;
mod project;

use crate::app::App;
use axum::Router;
use axum::routing::get;

/// A program that converts, and whether it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it said lately that it is alive.
    pub online: bool,
}

/// The programs of an organisation.
pub fn connected(app: &App, organisation: &str) -> Vec<Connected> {
    let live = app.live();
    let mine = live.service.plugins.iter().filter(|(_, plugin)| plugin.organisation == organisation);
    mine.map(|(id, plugin)| Connected { id: id.clone(), name: plugin.name.clone(), online: false }).collect()
}

/// All routes below `/v2`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v2/export", get(export::export))
        .route("/v2/exportV3", get(export::export))
        .route("/v2/listProjects", get(project::list))
        .route("/v2/project/{id}", get(project::one))
        .route("/v2/project/{id}/assets", get(project::assets))
        .route("/v2/storages", get(project::storages))
        .route("/v2/issues", get(project::issues))
}
