//! Runs of plugins that are programs of their own, written with Hub's SDK.

use crate::db::{Database, Row};
use crate::error::DatabaseError;
use serde_json::Value as Json;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The plugin was told, and has not answered.
    Running,
    /// It answered with a link.
    Succeeded,
    /// It answered that it failed, or what it did can be nothing else.
    Failed,
    /// Nothing was heard of it for too long.
    Lost,
}

impl SessionState {
    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Lost => "lost",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Running, Self::Succeeded, Self::Failed, Self::Lost].into_iter().find(|state| state.name() == name)
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// Of which project.
    pub project: String,
    /// The plugin.
    pub plugin: String,
    /// Who started it.
    pub run_by: String,
    /// Where it stands.
    pub state: SessionState,
    /// When it was started, in milliseconds since 1970.
    pub started_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// What was asked for.
    pub request: Json,
    /// The link that the plugin answered with.
    pub response: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// The columns of [`session`], in its order.
macro_rules! columns {
    () => {
        "SELECT id, organisation, project, plugin, run_by, state, started_at, finished_at, request, response, error FROM sessions "
    };
}

fn session(row: &Row) -> Result<Session, DatabaseError> {
    Ok(Session {
        id: row.text(0),
        organisation: row.text(1),
        project: row.text(2),
        plugin: row.text(3),
        run_by: row.text(4),
        state: SessionState::from_name(&row.text(5)).ok_or(DatabaseError::Content { what: "the state of a session" })?,
        started_at: row.int(6),
        finished_at: row.int_or_none(7),
        request: row.json(8, "the request of a session")?.unwrap_or_default(),
        response: row.text_or_none(9),
        error: row.text_or_none(10),
    })
}

impl Database {
    /// Writes down a run that starts now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_session(&self, new: &Session) -> Result<(), DatabaseError> {
        self.execute(
            "INSERT INTO sessions (id, organisation, project, plugin, run_by, state, started_at, request) VALUES ($1, $2, $3, $4, $5, 'running', $6, $7)",
            &[
                (&new.id).into(),
                (&new.organisation).into(),
                (&new.project).into(),
                (&new.plugin).into(),
                (&new.run_by).into(),
                new.started_at.into(),
                (&new.request).into(),
            ],
        )
        .await
        .map(|_| ())
    }

    /// Ends a run. False when it had ended before: the first end counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(
        &self,
        id: &str,
        state: SessionState,
        response: Option<&str>,
        error: Option<&str>,
        now: i64,
    ) -> Result<bool, DatabaseError> {
        let sql = "UPDATE sessions SET state = $2, finished_at = $3, response = $4, error = $5 WHERE id = $1 AND state = 'running'";
        let changed = self.execute(sql, &[id.into(), state.name().into(), now.into(), response.into(), error.into()]).await?;
        Ok(changed > 0)
    }

    /// A run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, DatabaseError> {
        self.query(concat!(columns!(), "WHERE id = $1"), &[id.into()]).await?.first().map(session).transpose()
    }

    /// The last runs of an organisation, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, organisation: &str, project: Option<&str>, limit: u32) -> Result<Vec<Session>, DatabaseError> {
        let sql =
            concat!(columns!(), "WHERE organisation = $1 AND (CAST($2 AS TEXT) IS NULL OR project = $2) ORDER BY started_at DESC, id DESC LIMIT $3");
        self.query(sql, &[organisation.into(), project.into(), limit.into()]).await?.iter().map(session).collect()
    }

    /// Runs that have not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn running_sessions(&self) -> Result<Vec<Session>, DatabaseError> {
        self.query(concat!(columns!(), "WHERE state = 'running'"), &[]).await?.iter().map(session).collect()
    }
}
