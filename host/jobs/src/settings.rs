//! What somebody set for a project.

use crate::db::Database;
use crate::error::DatabaseError;
use serde::{Deserialize, Serialize};

/// Where a project's exports go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportStorage {
    /// A storage of the configuration.
    pub storage: String,
    /// The bucket, where the storage does not say which.
    pub bucket: Option<String>,
    /// The folder.
    pub path: String,
}

/// The settings of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSettings {
    /// Where its exports go; `None` for where the service puts those of all projects.
    pub export_storage: Option<ExportStorage>,
}

impl Database {
    /// The settings of a project, when somebody set any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn project_settings(&self, organisation: &str, project: &str) -> Result<Option<ProjectSettings>, DatabaseError> {
        let sql = "SELECT value FROM settings WHERE organisation = $1 AND project = $2";
        let rows = self.query(sql, &[organisation.into(), project.into()]).await?;
        let read =
            |row: &crate::db::Row| serde_json::from_str(&row.text(0)).map_err(|_| DatabaseError::Content { what: "the settings of a project" });
        rows.first().map(read).transpose()
    }

    /// Sets them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_project_settings(&self, organisation: &str, project: &str, settings: &ProjectSettings) -> Result<(), DatabaseError> {
        let text = serde_json::to_string(settings).map_err(|_| DatabaseError::Content { what: "the settings of a project" })?;
        let sql =
            "INSERT INTO settings (organisation, project, value) VALUES ($1, $2, $3) ON CONFLICT (organisation, project) DO UPDATE SET value = $3";
        self.write_durably(sql, &[organisation.into(), project.into(), text.as_str().into()]).await.map(|_| ())
    }
}
