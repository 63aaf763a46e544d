//! What is not kept for ever.

use crate::db::{Database, Value};
use crate::error::DatabaseError;

impl Database {
    /// Forgets exports and sessions that ended before `before`, with their logs, and what was done and told before then; and whose turn it was, of projects that are done with. Returns how many exports.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, before: i64) -> Result<u64, DatabaseError> {
        let mut session = self.write(false).await?;
        let old: [Value; 1] = [before.into()];
        session.execute("DELETE FROM logs WHERE owner IN (SELECT id FROM exports WHERE finished_at < $1)", &old).await?;
        session.execute("DELETE FROM logs WHERE owner IN (SELECT id FROM sessions WHERE finished_at < $1)", &old).await?;
        session.execute("DELETE FROM uploads WHERE session IN (SELECT id FROM sessions WHERE finished_at < $1)", &old).await?;
        let exports = session.execute("DELETE FROM exports WHERE finished_at < $1", &old).await?;
        session.execute("DELETE FROM sessions WHERE finished_at < $1", &old).await?;
        session.execute("DELETE FROM seen WHERE id IN (SELECT id FROM notifications WHERE created_at < $1)", &old).await?;
        session.execute("DELETE FROM notifications WHERE created_at < $1", &old).await?;
        session.execute("DELETE FROM outbox WHERE state <> 'pending' AND created_at < $1", &old).await?;
        session.execute("DELETE FROM audit WHERE at < $1", &old).await?;
        session.execute("DELETE FROM keys WHERE kind = 'run' AND expires_at < $1", &old).await?;
        session.commit().await?;
        self.tidy().await?;
        Ok(exports)
    }
}
