//! What the bell of the page shows.

use crate::db::{Database, Row, Session};
use crate::error::DatabaseError;
use crate::schema::next;

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    /// Whose it is.
    pub organisation: String,
    /// About which project.
    pub project: Option<String>,
    /// About which export.
    pub export_id: Option<String>,
    /// `ready`, `failed` or `message`.
    pub kind: String,
    /// A line for people.
    pub title: String,
    /// More of it.
    pub message: String,
    /// Where it leads.
    pub link: Option<String>,
    /// The name of the only key whose owner it is meant for; of nobody else's business then.
    pub receiver: Option<String>,
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its number; later ones have larger numbers.
    pub id: i64,
    /// About which project.
    pub project: Option<String>,
    /// About which export.
    pub export_id: Option<String>,
    /// `ready`, `failed` or `message`.
    pub kind: String,
    /// A line for people.
    pub title: String,
    /// More of it.
    pub message: String,
    /// Where it leads.
    pub link: Option<String>,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
    /// The reader saw it.
    pub read: bool,
}

/// Adds a notification to what is being written.
pub(crate) async fn notify(session: &mut Session<'_>, new: &NewNotification, now: i64) -> Result<(), DatabaseError> {
    let id = next(session, "notifications").await?;
    session
        .execute(
            "INSERT INTO notifications (id, organisation, project, export_id, kind, title, message, link, receiver, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                id.into(),
                (&new.organisation).into(),
                new.project.as_ref().into(),
                new.export_id.as_ref().into(),
                (&new.kind).into(),
                (&new.title).into(),
                (&new.message).into(),
                new.link.as_ref().into(),
                new.receiver.as_ref().into(),
                now.into(),
            ],
        )
        .await
        .map(|_| ())
}

impl Database {
    /// Adds a notification.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notify(&self, new: &NewNotification, now: i64) -> Result<(), DatabaseError> {
        let mut session = self.write(false).await?;
        notify(&mut session, new, now).await?;
        session.commit().await
    }

    /// Notifications about these projects (`None` stands for all) with larger numbers than `after`, the newest first, as the key `reader` has seen them or not. Those about no project are for everybody of
    /// the organisation, those with a receiver for whoever has a key of that `name`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notifications(
        &self,
        organisation: &str,
        projects: Option<&[String]>,
        reader: &str,
        name: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Notification>, DatabaseError> {
        let sql = "SELECT n.id, n.project, n.export_id, n.kind, n.title, n.message, n.link, n.created_at, s.id FROM notifications n LEFT JOIN seen s ON s.id = n.id AND s.reader = $4 WHERE n.organisation = $1 AND n.id > $2 AND (n.receiver IS NULL OR n.receiver = $5) ORDER BY n.id DESC LIMIT $3";
        // Whoever sees few projects looks through more, since those of others are passed over.
        let looked = if projects.is_some() { limit.saturating_mul(20) } else { limit };
        let rows = self.query(sql, &[organisation.into(), after.into(), looked.into(), reader.into(), name.into()]).await?;
        let read = |row: &Row| Notification {
            id: row.int(0),
            project: row.text_or_none(1),
            export_id: row.text_or_none(2),
            kind: row.text(3),
            title: row.text(4),
            message: row.text(5),
            link: row.text_or_none(6),
            created_at: row.int(7),
            read: row.int_or_none(8).is_some(),
        };
        let is_meant = |one: &Notification| projects.is_none_or(|projects| one.project.as_ref().is_none_or(|project| projects.contains(project)));
        Ok(rows.iter().map(read).filter(is_meant).take(limit as usize).collect())
    }

    /// A reader saw a notification of the organisation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_read(&self, organisation: &str, reader: &str, id: i64) -> Result<(), DatabaseError> {
        let sql =
            "INSERT INTO seen (reader, id) SELECT $2, id FROM notifications WHERE organisation = $1 AND id = $3 ON CONFLICT (reader, id) DO NOTHING";
        self.execute(sql, &[organisation.into(), reader.into(), id.into()]).await.map(|_| ())
    }

    /// A reader saw all notifications of the organisation up to one of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_all_read(&self, organisation: &str, reader: &str, up_to: i64) -> Result<(), DatabaseError> {
        let sql =
            "INSERT INTO seen (reader, id) SELECT $2, id FROM notifications WHERE organisation = $1 AND id <= $3 ON CONFLICT (reader, id) DO NOTHING";
        self.execute(sql, &[organisation.into(), reader.into(), up_to.into()]).await.map(|_| ())
    }
}
