//! The queue: who works on which export, for how long, and whose turn it is.
//!
//! A node that takes an export has it for the time of a lease, and renews that while it works. When a lease is over, the export goes back into the queue by itself, the next time somebody looks. Each
//! taking has a number, the attempt; whatever is written about an export names the attempt, so that a node that slept and wakes up changes nothing.
//!
//! Whose turn it is, is found out in [`crate::turns`].

use crate::db::{Database, Session};
use crate::error::DatabaseError;
use crate::exports::{Export, Problem, Progress, State, columns, export};
use crate::notifications::{NewNotification, notify};
use crate::outbox::{NewDelivery, deliver};
use crate::turns;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::time::Duration;

/// Exports that may run at a time, by organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunningLimits {
    /// Of these organisations.
    pub organisations: HashMap<String, u32>,
    /// Of every other one.
    pub default: u32,
}

/// An export that somebody took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The export.
    pub export: Export,
    /// Which taking this is, counted from 1.
    pub attempt: u32,
}

/// What became of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// It goes on.
    Held {
        /// Somebody wants the export to stop.
        cancel_requested: bool,
    },
    /// It was over, and somebody else may have the export.
    Lost,
}

/// How an export ended, and who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Its last state.
    pub state: State,
    /// What came of it.
    pub result: Option<Json>,
    /// Why it failed.
    pub error: Option<Problem>,
    /// How far it came.
    pub progress: Progress,
    /// What the page shows.
    pub notifications: Vec<NewNotification>,
    /// What is sent.
    pub deliveries: Vec<NewDelivery>,
}

/// How often one is looked for, when the one before was cancelled at the moment it was taken.
const TRIES: usize = 10;

impl Database {
    /// Takes the export whose turn it is. Exports whose lease is over go back into the queue first, or fail when they were begun `attempts` times.
    ///
    /// # Errors
    /// When the database fails; nothing is taken then.
    pub async fn claim(&self, node: &str, now: i64, lease: Duration, limits: &RunningLimits, attempts: u32) -> Result<Option<Claim>, DatabaseError> {
        // Most of the time nothing waits, and nobody has to be kept from anything to see that.
        let waits =
            "SELECT 1 FROM exports WHERE state = 'queued' UNION ALL SELECT 1 FROM exports WHERE state = 'running' AND lease_until < $1 LIMIT 1";
        if self.query(waits, &[now.into()]).await?.is_empty() {
            return Ok(None);
        }
        // One at a time, over all nodes: each sees what the one before took.
        let mut session = self.write(true).await?;
        hand_back(&mut session, now, attempts).await?;
        let mut claim = None;
        for _ in 0..TRIES {
            match take(&mut session, node, now, lease, limits).await? {
                Taken::Nothing => break,
                Taken::Gone => {}
                Taken::Export(export) => {
                    claim = Some(Claim { attempt: export.attempt, export: *export });
                    break;
                }
            }
        }
        session.commit().await?;
        if claim.is_some() {
            // There may be more, for another worker of this node.
            self.wake.notify_one();
        }
        Ok(claim)
    }

    /// Renews a lease, and writes down how far the export is.
    ///
    /// # Errors
    /// When the database fails: the lease is as it was.
    pub async fn renew(&self, id: &str, attempt: u32, node: &str, now: i64, lease: Duration, progress: &Progress) -> Result<Renewal, DatabaseError> {
        let rows = self
            .write_one(
                "UPDATE exports SET lease_until = $4, phase = $5, tasks = $6, bytes = $7, total_bytes = $8, losses = $9 WHERE id = $1 AND attempt = $2 AND node = $3 AND state = 'running' RETURNING cancel_requested",
                &[
                    id.into(),
                    attempt.into(),
                    node.into(),
                    until(now, lease).into(),
                    (&progress.phase).into(),
                    progress.tasks.into(),
                    progress.bytes.into(),
                    progress.total_bytes.into(),
                    progress.losses.into(),
                ],
            )
            .await?;
        Ok(rows.first().map_or(Renewal::Lost, |row| Renewal::Held { cancel_requested: row.int(0) != 0 }))
    }

    /// Writes down how an export ended, with what is to be told of it: all of it or nothing. Returns false, and changes nothing, when the lease was lost.
    ///
    /// # Errors
    /// When the database fails; it may be tried again.
    pub async fn finish(&self, id: &str, attempt: u32, node: &str, now: i64, ending: &Ending) -> Result<bool, DatabaseError> {
        let mut session = self.write(false).await?;
        let Ending { state, result, error, progress, notifications, deliveries } = ending;
        let changed = session
            .execute(
                "UPDATE exports SET state = $4, finished_at = $5, result = $6, error_class = $7, error_message = $8, phase = $9, tasks = $10, bytes = $11, total_bytes = $12, losses = $13, node = NULL, lease_until = NULL WHERE id = $1 AND attempt = $2 AND node = $3 AND state = 'running'",
                &[
                    id.into(),
                    attempt.into(),
                    node.into(),
                    state.name().into(),
                    now.into(),
                    result.as_ref().into(),
                    error.as_ref().map(|problem| &problem.class).into(),
                    error.as_ref().map(|problem| &problem.message).into(),
                    (&progress.phase).into(),
                    progress.tasks.into(),
                    progress.bytes.into(),
                    progress.total_bytes.into(),
                    progress.losses.into(),
                ],
            )
            .await?;
        if changed == 0 {
            // It may have been written down a moment ago, by a try whose answer was lost. That an interrupted one was failed by others looks different.
            let before = session.query("SELECT state, error_class FROM exports WHERE id = $1 AND attempt = $2", &[id.into(), attempt.into()]).await?;
            session.commit().await?;
            let class = error.as_ref().map(|problem| problem.class.clone());
            return Ok(before.first().is_some_and(|row| row.text(0) == state.name() && row.text_or_none(1) == class));
        }
        tell(&mut session, notifications, deliveries, now).await?;
        session.commit().await?;
        Ok(true)
    }

    /// Hands an export back that was begun and not ended: it is as if it had not been taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self, id: &str, attempt: u32, node: &str) -> Result<(), DatabaseError> {
        let mut session = self.write(false).await?;
        // Who wanted it to stop does not want it to begin again: its lease is over, and whoever looks into the queue next ends it.
        session
            .execute(
                "UPDATE exports SET node = NULL, lease_until = 0 WHERE id = $1 AND attempt = $2 AND node = $3 AND state = 'running' AND cancel_requested = 1",
                &[id.into(), attempt.into(), node.into()],
            )
            .await?;
        // The number of the attempt stays, since it fences off what this node may still do; it is not counted as one that went wrong.
        let released = session
            .query(
                "UPDATE exports SET state = 'queued', released = released + 1, node = NULL, lease_until = NULL WHERE id = $1 AND attempt = $2 AND node = $3 AND state = 'running' AND cancel_requested = 0 RETURNING organisation, project, cost",
                &[id.into(), attempt.into(), node.into()],
            )
            .await?;
        for row in &released {
            turns::give_back(&mut session, &row.text(0), &row.text(1), row.int(2)).await?;
        }
        if session.is_postgres() {
            session.batch("NOTIFY ango_export").await?;
        }
        session.commit().await?;
        self.wake.notify_one();
        Ok(())
    }
}

impl Database {
    /// Exports that failed because the nodes that worked on them died, the oldest first: nobody was there to tell of it, so whoever sees them does, with [`Database::tell`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn untold(&self, limit: u32) -> Result<Vec<Export>, DatabaseError> {
        let sql = concat!("SELECT ", columns!(), " FROM exports WHERE untold = 1 ORDER BY finished_at, id LIMIT $1");
        self.query(sql, &[limit.into()]).await?.iter().map(export).collect()
    }

    /// Writes down what is to be told of an export of [`Database::untold`]. Returns false, and changes nothing, when another node did.
    ///
    /// # Errors
    /// When the database fails; it may be tried again.
    pub async fn tell(&self, id: &str, now: i64, notifications: &[NewNotification], deliveries: &[NewDelivery]) -> Result<bool, DatabaseError> {
        let mut session = self.write(false).await?;
        if session.execute("UPDATE exports SET untold = 0 WHERE id = $1 AND untold = 1", &[id.into()]).await? == 0 {
            session.commit().await?;
            return Ok(false);
        }
        tell(&mut session, notifications, deliveries, now).await?;
        session.commit().await?;
        Ok(true)
    }
}

/// Adds what is to be told to what is being written.
pub(crate) async fn tell(
    session: &mut Session<'_>,
    notifications: &[NewNotification],
    deliveries: &[NewDelivery],
    now: i64,
) -> Result<(), DatabaseError> {
    for notification in notifications {
        notify(session, notification, now).await?;
    }
    for delivery in deliveries {
        deliver(session, delivery, now).await?;
    }
    Ok(())
}

fn until(now: i64, lease: Duration) -> i64 {
    now.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX))
}

/// Exports whose lease is over: back into the queue, stopped when somebody wanted that, or failed when it happened too often.
async fn hand_back(session: &mut Session<'_>, now: i64, attempts: u32) -> Result<(), DatabaseError> {
    session
        .execute(
            "UPDATE exports SET state = 'cancelled', finished_at = $1, node = NULL, lease_until = NULL WHERE state = 'running' AND lease_until < $1 AND cancel_requested = 1",
            &[now.into()],
        )
        .await?;
    session
        .execute(
            "UPDATE exports SET state = 'failed', finished_at = $1, node = NULL, lease_until = NULL, error_class = 'interrupted', error_message = $3, untold = 1 WHERE state = 'running' AND lease_until < $1 AND attempt - released >= $2",
            &[
                now.into(),
                attempts.into(),
                format!("{attempts} nodes died while they worked on it, or lost the database: it is not tried again").as_str().into(),
            ],
        )
        .await?;
    let sql = "UPDATE exports SET state = 'queued', node = NULL, lease_until = NULL WHERE state = 'running' AND lease_until < $1 RETURNING organisation, project, cost";
    for row in &session.query(sql, &[now.into()]).await? {
        turns::give_back(session, &row.text(0), &row.text(1), row.int(2)).await?;
    }
    Ok(())
}

/// What became of taking one.
enum Taken {
    /// Nothing waits that may run.
    Nothing,
    /// Somebody cancelled it at this very moment.
    Gone,
    /// This one.
    Export(Box<Export>),
}

/// Takes the export whose turn it is.
async fn take(session: &mut Session<'_>, node: &str, now: i64, lease: Duration, limits: &RunningLimits) -> Result<Taken, DatabaseError> {
    let Some(turn) = turns::next(session, limits).await? else { return Ok(Taken::Nothing) };
    let rows = session
        .query(
            concat!(
                "UPDATE exports SET state = 'running', node = $3, started_at = $4, lease_until = $5, attempt = attempt + 1, phase = '', tasks = 0, bytes = 0, total_bytes = 0, losses = 0 WHERE id = (SELECT id FROM exports WHERE state = 'queued' AND organisation = $1 AND project = $2 ORDER BY created_at, id LIMIT 1) AND state = 'queued' RETURNING ",
                columns!()
            ),
            &[(&turn.organisation).into(), (&turn.project).into(), node.into(), now.into(), until(now, lease).into()],
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(Taken::Gone) };
    turns::taken(session, &turn).await?;
    export(row).map(|export| Taken::Export(Box::new(export)))
}
