//! Runs of plugins that are programs of their own, written with Hub's SDK.
//!
//! A run waits until a node that the program is connected to hands it over, and then for the program's answer. It cannot wait for ever: every run has a deadline, at which it counts as failed or
//! lost, and whatever makes an answer unlikely moves the deadline nearer and says why. So a run ends however the program, its node, or the network end.

use crate::db::{Database, Row};
use crate::error::DatabaseError;
use crate::notifications::NewNotification;
use crate::outbox::NewDelivery;
use crate::queue::tell;
use serde_json::Value as Json;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// It was not handed to the program yet.
    Queued,
    /// The program was told, and has not answered.
    Running,
    /// It answered with a link.
    Succeeded,
    /// It answered that it failed, or what it did can be nothing else.
    Failed,
    /// Nothing was heard of it for too long.
    Lost,
    /// Somebody did not want to wait for it any more.
    Cancelled,
}

impl SessionState {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Lost, Self::Cancelled];

    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it stays so.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
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
    /// When it was asked for, in milliseconds since 1970.
    pub created_at: i64,
    /// When it was handed to the program.
    pub started_at: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// When it counts as over, if nothing is heard until then.
    pub deadline: i64,
    /// What is wrong, should nothing be heard until then.
    pub doubt: Option<String>,
    /// What was asked for.
    pub request: Json,
    /// The id of its key.
    pub key: Option<String>,
    /// The export that it fetched last.
    pub export: Option<String>,
    /// The link that the program answered with.
    pub response: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// A run to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// Of which project.
    pub project: String,
    /// The plugin.
    pub plugin: String,
    /// Who starts it.
    pub run_by: String,
    /// What is asked for.
    pub request: Json,
    /// Until when somebody must have handed it over.
    pub deadline: i64,
    /// What is wrong when nobody has.
    pub doubt: String,
}

/// How a run ended, and who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEnding {
    /// Its last state.
    pub state: SessionState,
    /// The link that the program answered with.
    pub response: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// What the page shows.
    pub notifications: Vec<NewNotification>,
    /// What is sent.
    pub deliveries: Vec<NewDelivery>,
}

/// Which runs are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Of these projects; `None` stands for all.
    pub projects: Option<Vec<String>>,
    /// Only those older than this one: when it was asked for, and its id.
    pub before: Option<(i64, String)>,
    /// At most so many.
    pub limit: u32,
}

/// The columns of [`session`], in its order.
macro_rules! columns {
    () => {
        "id, organisation, project, plugin, run_by, state, created_at, started_at, finished_at, deadline, doubt, request, key_id, export_id, response, error"
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
        created_at: row.int(6),
        started_at: row.int_or_none(7),
        finished_at: row.int_or_none(8),
        deadline: row.int(9),
        doubt: row.text_or_none(10),
        request: row.json(11, "the request of a session")?.unwrap_or_default(),
        key: row.text_or_none(12),
        export: row.text_or_none(13),
        response: row.text_or_none(14),
        error: row.text_or_none(15),
    })
}

impl Database {
    /// Writes down a run that waits for its program.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_session(&self, new: &NewSession, now: i64) -> Result<(), DatabaseError> {
        self.write_durably(
            "INSERT INTO sessions (id, organisation, project, plugin, run_by, state, created_at, deadline, doubt, request) VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9)",
            &[
                (&new.id).into(),
                (&new.organisation).into(),
                (&new.project).into(),
                (&new.plugin).into(),
                (&new.run_by).into(),
                now.into(),
                new.deadline.into(),
                (&new.doubt).into(),
                (&new.request).into(),
            ],
        )
        .await
        .map(|_| ())
    }

    /// Runs that wait to be handed over, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queued_sessions(&self, limit: u32) -> Result<Vec<Session>, DatabaseError> {
        let sql = concat!("SELECT ", columns!(), " FROM sessions WHERE state = 'queued' ORDER BY created_at, id LIMIT $1");
        self.query(sql, &[limit.into()]).await?.iter().map(session).collect()
    }

    /// Takes a run, to hand it over. False when another node took it, or it ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_session(&self, id: &str, key: &str, deadline: i64, now: i64) -> Result<bool, DatabaseError> {
        let sql =
            "UPDATE sessions SET state = 'running', started_at = $2, deadline = $3, doubt = NULL, key_id = $4 WHERE id = $1 AND state = 'queued'";
        Ok(self.execute(sql, &[id.into(), now.into(), deadline.into(), key.into()]).await? > 0)
    }

    /// Says that an answer is not to be expected any more: without one until `deadline`, the run failed because of `doubt`. Of several doubts, the first counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn doubt_session(&self, id: &str, deadline: i64, doubt: &str) -> Result<(), DatabaseError> {
        let sql = "UPDATE sessions SET deadline = $2, doubt = $3 WHERE id = $1 AND state = 'running' AND doubt IS NULL AND deadline > $2";
        self.execute(sql, &[id.into(), deadline.into(), doubt.into()]).await.map(|_| ())
    }

    /// Runs whose deadline is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn overdue_sessions(&self, now: i64, limit: u32) -> Result<Vec<Session>, DatabaseError> {
        let sql =
            concat!("SELECT ", columns!(), " FROM sessions WHERE state IN ('queued', 'running') AND deadline <= $1 ORDER BY deadline, id LIMIT $2");
        self.query(sql, &[now.into(), limit.into()]).await?.iter().map(session).collect()
    }

    /// Ends a run, with what is to be told of it, and revokes its key: all of it or nothing. False when it had ended before: the first end counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, id: &str, ending: &SessionEnding, now: i64) -> Result<bool, DatabaseError> {
        let mut writing = self.write(false).await?;
        let SessionEnding { state, response, error, notifications, deliveries } = ending;
        let changed = writing
            .execute(
                "UPDATE sessions SET state = $2, finished_at = $3, response = $4, error = $5 WHERE id = $1 AND state IN ('queued', 'running')",
                &[id.into(), state.name().into(), now.into(), response.as_ref().into(), error.as_ref().into()],
            )
            .await?;
        if changed > 0 {
            writing
                .execute(
                    "UPDATE keys SET revoked_at = $2 WHERE id = (SELECT key_id FROM sessions WHERE id = $1) AND revoked_at IS NULL",
                    &[id.into(), now.into()],
                )
                .await?;
            tell(&mut writing, notifications, deliveries, now).await?;
        }
        writing.commit().await?;
        self.forget_keys();
        Ok(changed > 0)
    }

    /// Writes down which export a run fetched.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_session_export(&self, id: &str, export: &str) -> Result<(), DatabaseError> {
        self.execute("UPDATE sessions SET export_id = $2 WHERE id = $1", &[id.into(), export.into()]).await.map(|_| ())
    }

    /// A run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, DatabaseError> {
        self.query(concat!("SELECT ", columns!(), " FROM sessions WHERE id = $1"), &[id.into()]).await?.first().map(session).transpose()
    }

    /// The run that a key was made for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_of_key(&self, key: &str) -> Result<Option<Session>, DatabaseError> {
        self.query(concat!("SELECT ", columns!(), " FROM sessions WHERE key_id = $1"), &[key.into()]).await?.first().map(session).transpose()
    }

    /// Runs of an organisation, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, organisation: &str, filter: &SessionFilter) -> Result<Vec<Session>, DatabaseError> {
        let (time, id) = filter.before.clone().unwrap_or((i64::MAX, String::new()));
        // A key has roles in few projects: each is asked for by itself.
        let projects: Vec<Option<&String>> = filter.projects.as_ref().map_or_else(|| vec![None], |projects| projects.iter().map(Some).collect());
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM sessions WHERE organisation = $1 AND (created_at < $2 OR created_at = $2 AND id < $3) AND (CAST($4 AS TEXT) IS NULL OR project = $4) ORDER BY created_at DESC, id DESC LIMIT $5"
        );
        let mut found = Vec::new();
        for project in projects {
            let rows = self.query(sql, &[organisation.into(), time.into(), (&id).into(), project.into(), filter.limit.into()]).await?;
            for row in &rows {
                found.push(session(row)?);
            }
        }
        found.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        found.truncate(filter.limit as usize);
        Ok(found)
    }

    /// Runs that programs work on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn running_sessions(&self) -> Result<Vec<Session>, DatabaseError> {
        self.query(concat!("SELECT ", columns!(), " FROM sessions WHERE state = 'running' ORDER BY started_at, id"), &[])
            .await?
            .iter()
            .map(session)
            .collect()
    }
}
