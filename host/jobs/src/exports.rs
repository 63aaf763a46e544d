//! Exports: asking for them, looking at them, and their end.

use crate::db::{Database, Row, Session, Value};
use crate::error::DatabaseError;
use crate::turns;
use serde_json::Value as Json;

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits for a worker.
    Queued,
    /// A node works on it.
    Running,
    /// It is saved.
    Succeeded,
    /// Nothing is saved.
    Failed,
    /// Somebody stopped it; nothing is saved.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it stays so.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// How far an export is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// What it does, in one word.
    pub phase: String,
    /// Tasks or issues done.
    pub tasks: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Of so many.
    pub total_bytes: u64,
    /// Losses of all conversions.
    pub losses: u64,
}

/// Why an export failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name.
    pub class: String,
    /// For people.
    pub message: String,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// Of which project.
    pub project: String,
    /// Where it stands.
    pub state: State,
    /// What was asked for.
    pub request: Json,
    /// Who asked.
    pub requested_by: String,
    /// What its objects are called, without extensions.
    pub name: String,
    /// The time that the export is of, in milliseconds since 1970; each attempt has the same.
    pub exported_at: i64,
    /// When it was asked for.
    pub created_at: i64,
    /// When it was begun, the last time.
    pub started_at: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// How often it was begun.
    pub attempt: u32,
    /// How far it is.
    pub progress: Progress,
    /// What came of it.
    pub result: Option<Json>,
    /// Why it failed.
    pub error: Option<Problem>,
    /// Somebody wants it to stop.
    pub cancel_requested: bool,
    /// The node that works on it.
    pub node: Option<String>,
}

/// Makes a request safe to send again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// What the client calls the request.
    pub key: String,
    /// What tells requests apart: a digest of it.
    pub fingerprint: String,
}

/// An export that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExport {
    /// A new id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// Of which project.
    pub project: String,
    /// What is asked for.
    pub request: Json,
    /// Who asks.
    pub requested_by: String,
    /// What its objects are called, without extensions. Must be unique.
    pub name: String,
    /// Now, in milliseconds since 1970.
    pub exported_at: i64,
    /// Makes it safe to ask again.
    pub idempotency: Option<Idempotency>,
    /// Exports of the organisation that may wait at a time.
    pub max_queued: u64,
    /// About how much work it is, in a unit that is the same for all and small, as a byte is: the share of a project is counted in it.
    pub cost: u64,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// It is queued.
    New(Export),
    /// It was asked for before, with the same idempotency key.
    Existing(Export),
    /// The idempotency key was used for another request.
    Conflict,
    /// Too many wait.
    Full {
        /// So many.
        queued: u64,
        /// At most so many may.
        limit: u64,
    },
}

/// Which exports are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these projects; `None` stands for all.
    pub projects: Option<Vec<String>>,
    /// In this state.
    pub state: Option<State>,
    /// Older than the one that was created then and has this id.
    pub before: Option<(i64, String)>,
    /// At most so many.
    pub limit: u32,
}

/// The columns of [`export`], in its order.
macro_rules! columns {
    () => {
        "id, organisation, project, state, request, requested_by, name, exported_at, created_at, started_at, finished_at, attempt, node, cancel_requested, phase, tasks, bytes, total_bytes, losses, result, error_class, error_message"
    };
}
pub(crate) use columns;

/// Reads a row of [`columns`].
pub(crate) fn export(row: &Row) -> Result<Export, DatabaseError> {
    Ok(Export {
        id: row.text(0),
        organisation: row.text(1),
        project: row.text(2),
        state: State::from_name(&row.text(3)).ok_or(DatabaseError::Content { what: "the state of an export" })?,
        request: row.json(4, "the request of an export")?.unwrap_or_default(),
        requested_by: row.text(5),
        name: row.text(6),
        exported_at: row.int(7),
        created_at: row.int(8),
        started_at: row.int_or_none(9),
        finished_at: row.int_or_none(10),
        attempt: u32::try_from(row.int(11)).unwrap_or(u32::MAX),
        node: row.text_or_none(12),
        cancel_requested: row.int(13) != 0,
        progress: Progress { phase: row.text(14), tasks: row.count(15), bytes: row.count(16), total_bytes: row.count(17), losses: row.count(18) },
        result: row.json(19, "the result of an export")?,
        error: row.text_or_none(20).map(|class| Problem { class, message: row.text(21) }),
    })
}

fn one(rows: &[Row]) -> Result<Option<Export>, DatabaseError> {
    rows.first().map(export).transpose()
}

impl Database {
    /// Queues an export.
    ///
    /// # Errors
    /// When the database fails; nothing is queued then.
    pub async fn create(&self, new: &NewExport) -> Result<Created, DatabaseError> {
        let mut session = self.write(false).await?;
        // Others of the organisation wait, so that the limit and the idempotency key hold also when they come at once.
        session.lock(&new.organisation).await?;
        if let Some(idempotency) = &new.idempotency
            && let Some(created) = before(&mut session, &new.organisation, idempotency).await?
        {
            session.commit().await?;
            return Ok(created);
        }
        let waiting = "SELECT COUNT(*) FROM exports WHERE state = 'queued' AND organisation = $1";
        let queued = session.query(waiting, &[(&new.organisation).into()]).await?.first().map_or(0, |row| row.count(0));
        if queued >= new.max_queued {
            session.commit().await?;
            return Ok(Created::Full { queued, limit: new.max_queued });
        }
        let rows = session
            .query(
                concat!(
                    "INSERT INTO exports (id, organisation, project, state, request, requested_by, name, exported_at, created_at, attempt, released, cancel_requested, phase, tasks, bytes, total_bytes, losses, untold, idempotency_key, fingerprint, cost) ",
                    "VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $7, 0, 0, 0, '', 0, 0, 0, 0, 0, $8, $9, $10) ON CONFLICT (organisation, idempotency_key) DO NOTHING RETURNING ",
                    columns!()
                ),
                &[
                    (&new.id).into(),
                    (&new.organisation).into(),
                    (&new.project).into(),
                    (&new.request).into(),
                    (&new.requested_by).into(),
                    (&new.name).into(),
                    new.exported_at.into(),
                    new.idempotency.as_ref().map(|idempotency| &idempotency.key).into(),
                    new.idempotency.as_ref().map(|idempotency| &idempotency.fingerprint).into(),
                    turns::cost(new.cost).into(),
                ],
            )
            .await?;
        let Some(export) = one(&rows)? else {
            // Another one got the same request at the same moment, and was quicker.
            let idempotency = new.idempotency.as_ref().ok_or(DatabaseError::Content { what: "an export that was queued" })?;
            let created = before(&mut session, &new.organisation, idempotency).await?;
            session.commit().await?;
            return created.ok_or(DatabaseError::Content { what: "an export that was queued" });
        };
        turns::join(&mut session, &new.organisation, &new.project, &new.id).await?;
        if session.is_postgres() {
            session.batch("NOTIFY ango_export").await?;
        }
        session.commit().await?;
        self.wake.notify_one();
        Ok(Created::New(export))
    }

    /// An export of an organisation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, organisation: &str, id: &str) -> Result<Option<Export>, DatabaseError> {
        one(&self
            .query(concat!("SELECT ", columns!(), " FROM exports WHERE id = $1 AND organisation = $2"), &[id.into(), organisation.into()])
            .await?)
    }

    /// An export, whosever it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, id: &str) -> Result<Option<Export>, DatabaseError> {
        one(&self.query(concat!("SELECT ", columns!(), " FROM exports WHERE id = $1"), &[id.into()]).await?)
    }

    /// Exports of an organisation, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, organisation: &str, filter: &Filter) -> Result<Vec<Export>, DatabaseError> {
        let (time, id) = filter.before.clone().unwrap_or((i64::MAX, String::new()));
        let limit: Value = filter.limit.into();
        let state: Value = filter.state.map(State::name).into();
        let Some(projects) = &filter.projects else {
            let rows = self
                .query(
                    concat!(
                        "SELECT ",
                        columns!(),
                        " FROM exports WHERE organisation = $1 AND (created_at < $2 OR created_at = $2 AND id < $3) AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY created_at DESC, id DESC LIMIT $5"
                    ),
                    &[organisation.into(), time.into(), (&id).into(), state, limit],
                )
                .await?;
            return rows.iter().map(export).collect();
        };
        // A key has roles in few projects: each is asked for by its own index.
        let mut found = Vec::new();
        for project in projects {
            let rows = self
                .query(
                    concat!(
                        "SELECT ",
                        columns!(),
                        " FROM exports WHERE organisation = $1 AND project = $6 AND (created_at < $2 OR created_at = $2 AND id < $3) AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY created_at DESC, id DESC LIMIT $5"
                    ),
                    &[organisation.into(), time.into(), (&id).into(), state.clone(), limit.clone(), project.into()],
                )
                .await?;
            for row in &rows {
                found.push(export(row)?);
            }
        }
        found.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        found.truncate(filter.limit as usize);
        Ok(found)
    }

    /// How many exports of its project wait before one that waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn position(&self, export: &Export) -> Result<u64, DatabaseError> {
        let sql = "SELECT COUNT(*) FROM exports WHERE state = 'queued' AND organisation = $1 AND project = $2 AND (created_at < $3 OR created_at = $3 AND id < $4)";
        let rows = self.query(sql, &[(&export.organisation).into(), (&export.project).into(), export.created_at.into(), (&export.id).into()]).await?;
        Ok(rows.first().map_or(0, |row| row.count(0)))
    }

    /// Stops an export: at once when it waits; one that runs is asked to. What has ended stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel(&self, organisation: &str, id: &str, now: i64) -> Result<(), DatabaseError> {
        // One statement, so that it meets the export in one state or the other, whatever others do to it at this moment.
        let sql = concat!(
            "UPDATE exports SET state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END, ",
            "finished_at = CASE WHEN state = 'queued' THEN $3 ELSE finished_at END, ",
            "cancel_requested = CASE WHEN state = 'queued' THEN cancel_requested ELSE 1 END ",
            "WHERE id = $1 AND organisation = $2 AND (state = 'queued' OR state = 'running')"
        );
        self.execute(sql, &[id.into(), organisation.into(), now.into()]).await.map(|_| ())
    }

    /// How many exports there are in each state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Vec<(State, u64)>, DatabaseError> {
        let rows = self.query("SELECT state, COUNT(*) FROM exports GROUP BY state", &[]).await?;
        let count = |state: State| rows.iter().find(|row| row.text(0) == state.name()).map_or(0, |row| row.count(1));
        Ok(State::ALL.into_iter().map(|state| (state, count(state))).collect())
    }

    /// Names of the objects of exports that have not ended: nobody may clean up what belongs to them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unfinished_names(&self) -> Result<Vec<String>, DatabaseError> {
        let rows = self.query("SELECT name FROM exports WHERE state = 'queued' OR state = 'running'", &[]).await?;
        Ok(rows.iter().map(|row| row.text(0)).collect())
    }
}

/// What became of the same request before.
async fn before(session: &mut Session<'_>, organisation: &str, idempotency: &Idempotency) -> Result<Option<Created>, DatabaseError> {
    let rows = session
        .query(
            concat!("SELECT ", columns!(), ", fingerprint FROM exports WHERE organisation = $1 AND idempotency_key = $2"),
            &[organisation.into(), (&idempotency.key).into()],
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(if row.text(22) == idempotency.fingerprint { Created::Existing(export(row)?) } else { Created::Conflict }))
}
