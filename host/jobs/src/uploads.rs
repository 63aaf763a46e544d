//! Files that runs of connected programs upload: where each goes is settled when its address is given out, before there is a byte of it.

use crate::db::{Database, Row};
use crate::error::DatabaseError;
use serde_json::Value as Json;

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id, which its address holds.
    pub id: String,
    /// The run.
    pub session: String,
    /// Name of the object.
    pub name: String,
    /// Where the object goes.
    pub place: Json,
    /// When its address was given out, in milliseconds since 1970.
    pub created_at: i64,
    /// Bytes, once it is there.
    pub bytes: Option<u64>,
}

/// The columns of [`upload`], in its order.
macro_rules! columns {
    () => {
        "SELECT id, session, name, place, created_at, bytes FROM uploads "
    };
}

fn upload(row: &Row) -> Result<Upload, DatabaseError> {
    Ok(Upload {
        id: row.text(0),
        session: row.text(1),
        name: row.text(2),
        place: row.json(3, "the place of an upload")?.unwrap_or_default(),
        created_at: row.int(4),
        bytes: row.int_or_none(5).and_then(|bytes| u64::try_from(bytes).ok()),
    })
}

impl Database {
    /// Writes down a file that is to come. Returns false, and writes nothing, when the run has `limit` of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_upload(&self, new: &Upload, limit: u32) -> Result<bool, DatabaseError> {
        let mut writing = self.write(false).await?;
        // Two requests of one run would each see room for one more.
        writing.lock(&new.session).await?;
        let count =
            writing.query("SELECT COUNT(*) FROM uploads WHERE session = $1", &[(&new.session).into()]).await?.first().map_or(0, |row| row.int(0));
        let is_room = count < i64::from(limit);
        if is_room {
            writing
                .execute(
                    "INSERT INTO uploads (id, session, name, place, created_at) VALUES ($1, $2, $3, $4, $5)",
                    &[(&new.id).into(), (&new.session).into(), (&new.name).into(), (&new.place).into(), new.created_at.into()],
                )
                .await?;
        }
        writing.commit().await?;
        Ok(is_room)
    }

    /// A file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload(&self, id: &str) -> Result<Option<Upload>, DatabaseError> {
        self.query(concat!(columns!(), "WHERE id = $1"), &[id.into()]).await?.first().map(upload).transpose()
    }

    /// The files of a run, in the order in which their addresses were given out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uploads(&self, session: &str) -> Result<Vec<Upload>, DatabaseError> {
        self.query(concat!(columns!(), "WHERE session = $1 ORDER BY created_at, id"), &[session.into()]).await?.iter().map(upload).collect()
    }

    /// Writes down that a file is there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_upload(&self, id: &str, bytes: u64) -> Result<(), DatabaseError> {
        self.write_durably("UPDATE uploads SET bytes = $2 WHERE id = $1", &[id.into(), bytes.into()]).await.map(|_| ())
    }

    /// Names of files of runs that have not ended, in the order in which their addresses were given out: nobody may take their uploads for abandoned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unfinished_uploads(&self) -> Result<Vec<String>, DatabaseError> {
        let sql = "SELECT u.name FROM uploads u JOIN sessions s ON s.id = u.session WHERE s.state = 'running' AND u.bytes IS NULL ORDER BY u.created_at, u.id";
        Ok(self.query(sql, &[]).await?.iter().map(|row| row.text(0)).collect())
    }
}
