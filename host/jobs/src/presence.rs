//! Which connected programs are there, as the nodes see it that they are connected to.

use crate::db::Database;
use crate::error::DatabaseError;
use std::collections::HashMap;

/// What is known of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// When something was heard of it, in milliseconds since 1970.
    pub seen_at: i64,
    /// Until when it counts as there.
    pub until: i64,
}

impl Database {
    /// Writes down that a node heard of a program, and until when it counts as there. A time that is over says that it left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn saw_plugin(&self, plugin: &str, node: &str, presence: Presence) -> Result<(), DatabaseError> {
        let sql = "INSERT INTO presence (plugin, node, seen_at, until) VALUES ($1, $2, $3, $4) ON CONFLICT (plugin, node) DO UPDATE SET seen_at = excluded.seen_at, until = excluded.until";
        self.execute(sql, &[plugin.into(), node.into(), presence.seen_at.into(), presence.until.into()]).await.map(|_| ())
    }

    /// What all nodes know together, by the id of the program.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn presence(&self) -> Result<HashMap<String, Presence>, DatabaseError> {
        let rows = self.query("SELECT plugin, MAX(seen_at), MAX(until) FROM presence GROUP BY plugin", &[]).await?;
        Ok(rows.iter().map(|row| (row.text(0), Presence { seen_at: row.int(1), until: row.int(2) })).collect())
    }

    /// Forgets what nodes knew that are no more, but for the last word about each program.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_presence(&self, before: i64) -> Result<(), DatabaseError> {
        let sql = "DELETE FROM presence WHERE until < $1 AND seen_at < (SELECT MAX(p.seen_at) FROM presence p WHERE p.plugin = presence.plugin)";
        self.execute(sql, &[before.into()]).await.map(|_| ())
    }
}
