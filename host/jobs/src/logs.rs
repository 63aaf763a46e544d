//! What exports and sessions said, line by line.

use crate::db::Database;
use crate::error::DatabaseError;

/// Lines that are kept of one export or session. One more says that there were more.
const MAX_LINES: i64 = 10_000;
/// Bytes that are kept of a line.
const MAX_MESSAGE: usize = 8 << 10;
/// And of the names in it.
const MAX_NAME: usize = 256;

/// A line to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLog {
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// `debug`, `info`, `warning` or `error`.
    pub level: String,
    /// The plugin that said it.
    pub plugin: Option<String>,
    /// What was said.
    pub message: String,
}

/// A line that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its number, from 1.
    pub seq: i64,
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// `debug`, `info`, `warning` or `error`.
    pub level: String,
    /// The plugin that said it.
    pub plugin: Option<String>,
    /// What was said.
    pub message: String,
}

impl Database {
    /// Keeps lines of an export or a session, whose id is `owner`. Beyond ten thousand, nothing is kept.
    ///
    /// # Errors
    /// When the database fails; none of them is kept then.
    pub async fn append_logs(&self, owner: &str, lines: &[NewLog]) -> Result<(), DatabaseError> {
        let mut session = self.write(false).await?;
        // Several may say something about one at once.
        session.lock(owner).await?;
        let last = session.query("SELECT MAX(seq) FROM logs WHERE owner = $1", &[owner.into()]).await?.first().map_or(0, |row| row.int(0));
        for (line, seq) in lines.iter().zip(last + 1..) {
            if seq > MAX_LINES + 1 {
                break;
            }
            let is_last = seq == MAX_LINES + 1;
            let message = if is_last { "further lines are not kept" } else { cut(&line.message, MAX_MESSAGE) };
            let level = if is_last { "warning" } else { cut(&line.level, MAX_NAME) };
            let plugin = line.plugin.as_deref().filter(|_| !is_last).map(|plugin| cut(plugin, MAX_NAME));
            session
                .execute(
                    "INSERT INTO logs (owner, seq, time, level, plugin, message) VALUES ($1, $2, $3, $4, $5, $6)",
                    &[owner.into(), seq.into(), line.time.into(), level.into(), plugin.into(), message.into()],
                )
                .await?;
        }
        session.commit().await
    }

    /// Lines after the one with the number `after`, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logs(&self, owner: &str, after: i64, limit: u32) -> Result<Vec<LogLine>, DatabaseError> {
        let sql = "SELECT seq, time, level, plugin, message FROM logs WHERE owner = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        let rows = self.query(sql, &[owner.into(), after.into(), limit.into()]).await?;
        let line = |row: &crate::db::Row| LogLine {
            seq: row.int(0),
            time: row.int(1),
            level: row.text(2),
            plugin: row.text_or_none(3),
            message: row.text(4),
        };
        Ok(rows.iter().map(line).collect())
    }

    /// The last line that tells of a failure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_error(&self, owner: &str) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT message FROM logs WHERE owner = $1 AND level = 'error' ORDER BY seq DESC LIMIT 1";
        Ok(self.query(sql, &[owner.into()]).await?.first().map(|row| row.text(0)))
    }
}

fn cut(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}
