//! What is to be sent to others. A delivery waits here until somebody took it or it was given up; a node that dies while it sends leaves it to another.

use crate::db::{Database, Row, Session};
use crate::error::DatabaseError;
use crate::schema::next;
use serde_json::Value as Json;
use std::time::Duration;

/// Something to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Whose it is.
    pub organisation: String,
    /// How: `webhook` or `email`.
    pub kind: String,
    /// To whom: the name of a webhook, an address.
    pub target: String,
    /// What.
    pub payload: Json,
}

/// Something that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number, the same in each try.
    pub id: i64,
    /// Whose it is.
    pub organisation: String,
    /// How.
    pub kind: String,
    /// To whom.
    pub target: String,
    /// What.
    pub payload: Json,
    /// How often it was tried before.
    pub attempts: u32,
}

/// Adds a delivery to what is being written.
pub(crate) async fn deliver(session: &mut Session<'_>, new: &NewDelivery, now: i64) -> Result<(), DatabaseError> {
    let id = next(session, "outbox").await?;
    session
        .execute(
            "INSERT INTO outbox (id, organisation, kind, target, payload, state, attempts, next_at, created_at) VALUES ($1, $2, $3, $4, $5, 'pending', 0, $6, $6)",
            &[id.into(), (&new.organisation).into(), (&new.kind).into(), (&new.target).into(), (&new.payload).into(), now.into()],
        )
        .await
        .map(|_| ())
}

impl Database {
    /// Takes what is due, and keeps it from others for the time of a lease.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, node: &str, now: i64, lease: Duration, limit: u32) -> Result<Vec<Delivery>, DatabaseError> {
        if self.query("SELECT 1 FROM outbox WHERE state = 'pending' AND next_at <= $1 LIMIT 1", &[now.into()]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = self.write(true).await?;
        let until = now.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
        let rows = session
            .query(
                "UPDATE outbox SET node = $2, next_at = $3 WHERE id IN (SELECT id FROM outbox WHERE state = 'pending' AND next_at <= $1 ORDER BY next_at, id LIMIT $4) AND state = 'pending' AND next_at <= $1 RETURNING id, organisation, kind, target, payload, attempts",
                &[now.into(), node.into(), until.into(), limit.into()],
            )
            .await?;
        session.commit().await?;
        let delivery = |row: &Row| {
            Ok(Delivery {
                id: row.int(0),
                organisation: row.text(1),
                kind: row.text(2),
                target: row.text(3),
                payload: row.json(4, "a delivery")?.unwrap_or_default(),
                attempts: u32::try_from(row.int(5)).unwrap_or(u32::MAX),
            })
        };
        let mut due = rows.iter().map(delivery).collect::<Result<Vec<_>, _>>()?;
        due.sort_by_key(|delivery| delivery.id);
        Ok(due)
    }

    /// Somebody took it: it is not sent again, whoever has its lease by now.
    ///
    /// # Errors
    /// When the database fails: it is sent again later.
    pub async fn delivered(&self, id: i64, node: &str) -> Result<(), DatabaseError> {
        self.execute(
            "UPDATE outbox SET state = 'done', node = $2, attempts = attempts + 1, problem = NULL WHERE id = $1 AND state <> 'done'",
            &[id.into(), node.into()],
        )
        .await
        .map(|_| ())
    }

    /// It is tried again at `at`.
    ///
    /// # Errors
    /// When the database fails: it is sent again later.
    pub async fn retry(&self, id: i64, node: &str, at: i64, problem: &str) -> Result<(), DatabaseError> {
        let sql = "UPDATE outbox SET attempts = attempts + 1, next_at = $3, problem = $4 WHERE id = $1 AND node = $2 AND state = 'pending'";
        self.execute(sql, &[id.into(), node.into(), at.into(), problem.into()]).await.map(|_| ())
    }

    /// It is not tried again.
    ///
    /// # Errors
    /// When the database fails: it is sent again later.
    pub async fn give_up(&self, id: i64, node: &str, problem: &str) -> Result<(), DatabaseError> {
        let sql = "UPDATE outbox SET state = 'given-up', attempts = attempts + 1, problem = $3 WHERE id = $1 AND node = $2 AND state = 'pending'";
        self.execute(sql, &[id.into(), node.into(), problem.into()]).await.map(|_| ())
    }
}
