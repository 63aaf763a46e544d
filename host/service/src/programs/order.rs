//! What a run is asked for with, and what its program is told.

use crate::order::Notify;
use ango_jobs::Session;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The most names in a list.
const MAX_NAMES: usize = 10_000;
/// The most bytes of a name, and of a configuration.
const MAX_NAME: usize = 1_000;
const MAX_CONFIG: usize = 256 << 10;

/// A request for a run of a connected program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SessionOrder {
    /// Id of the project.
    pub(crate) project: String,
    /// Id of the program.
    pub(crate) plugin: String,
    /// Stages, by id or name. Absent: Complete. `null` or an empty list: all.
    #[serde(default = "complete")]
    pub(crate) stages: Option<Vec<String>>,
    /// Batches, by id or name. Absent: all, also tasks in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) batches: Option<Vec<String>>,
    /// Its configuration. Absent: the program's usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub(crate) config: Option<Map<String, Value>>,
    /// Who is told.
    #[serde(default)]
    pub(crate) notify: Notify,
}

#[allow(clippy::unnecessary_wraps)]
fn complete() -> Option<Vec<String>> {
    Some(vec!["Complete".to_owned()])
}

impl SessionOrder {
    /// Whether it can be one.
    ///
    /// # Errors
    /// The field that cannot be, and why.
    pub(crate) fn check(&self) -> Result<(), String> {
        for (field, names) in [("stages", &self.stages), ("batches", &self.batches)] {
            let names = names.as_deref().unwrap_or_default();
            if names.len() > MAX_NAMES || names.iter().any(|name| name.len() > MAX_NAME) {
                return Err(format!("{field}: expected at most {MAX_NAMES} names of at most {MAX_NAME} bytes"));
            }
        }
        let config = self.config.as_ref().map(|config| Value::Object(config.clone()).to_string());
        if config.is_some_and(|config| config.len() > MAX_CONFIG) {
            return Err(format!("config: is longer than {} KiB", MAX_CONFIG >> 10));
        }
        Ok(())
    }
}

/// What a program is told of its run: every field, since the SDK makes empty texts of those that are missing, and a configuration that is always JSON, since it says nothing when that is not so.
/// Batches are ids there; the SDK asks for an export with them.
pub(crate) fn payload(session: &Session, order: &SessionOrder, default_config: &str, key: &str) -> Value {
    let config = match &order.config {
        Some(config) => Value::Object(config.clone()).to_string(),
        None if serde_json::from_str::<Map<String, Value>>(default_config).is_ok() => default_config.to_owned(),
        None => "{}".to_owned(),
    };
    // The name of a key, without its id.
    let run_by = session.run_by.rsplit_once(" (").map_or(session.run_by.as_str(), |(name, _)| name);
    json!({
        "projectId": session.project,
        "apiKey": key,
        "orgId": session.organisation,
        "runBy": run_by,
        "session": session.id,
        "pluginId": session.plugin,
        "stage": order.stages.clone().unwrap_or_default(),
        "batches": order.batches.clone().unwrap_or_default(),
        "configJSON": config,
    })
}
