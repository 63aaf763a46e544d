//! The record of who did what. Entries are added, and forgotten when they are old; none is ever changed.

use crate::db::Database;
use crate::error::DatabaseError;
use crate::schema::next;
use serde_json::Value as Json;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number; entries get theirs when they are written down.
    pub id: i64,
    /// Whose record it is in.
    pub organisation: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who: a key by name and id.
    pub actor: String,
    /// What was done: `export.start`, `key.revoke`, ...
    pub action: String,
    /// In which project.
    pub project: Option<String>,
    /// To what.
    pub target: Option<String>,
    /// What else is worth knowing. Never a secret.
    pub detail: Json,
    /// The address that the request came from.
    pub from: Option<String>,
}

impl Database {
    /// Writes down what somebody does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, entry: &AuditEntry) -> Result<(), DatabaseError> {
        // What the database itself loses in a power cut, an export that was just asked for, need not outlast it. Everything else that was done is done, whatever happens to this machine.
        let mut session = if entry.action == "export.start" { self.write(false).await? } else { self.write_for_good().await? };
        let id = next(&mut session, "audit").await?;
        session
            .execute(
                "INSERT INTO audit (id, organisation, at, actor, action, project, target, detail, came_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                &[
                    id.into(),
                    (&entry.organisation).into(),
                    entry.at.into(),
                    (&entry.actor).into(),
                    (&entry.action).into(),
                    entry.project.as_ref().into(),
                    entry.target.as_ref().into(),
                    (&entry.detail).into(),
                    entry.from.as_ref().into(),
                ],
            )
            .await?;
        session.commit().await
    }

    /// Entries of an organisation, the newest first; with `before` only those with smaller numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_entries(&self, organisation: &str, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, DatabaseError> {
        let sql = "SELECT id, organisation, at, actor, action, project, target, detail, came_from FROM audit WHERE organisation = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
        let rows = self.query(sql, &[organisation.into(), before.unwrap_or(i64::MAX).into(), limit.into()]).await?;
        let entry = |row: &crate::db::Row| {
            Ok(AuditEntry {
                id: row.int(0),
                organisation: row.text(1),
                at: row.int(2),
                actor: row.text(3),
                action: row.text(4),
                project: row.text_or_none(5),
                target: row.text_or_none(6),
                detail: row.json(7, "an entry of the record")?.unwrap_or_default(),
                from: row.text_or_none(8),
            })
        };
        rows.iter().map(entry).collect()
    }
}
