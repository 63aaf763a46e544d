//! Reading the records of a selection, or the issues, as lines of JSON.

use crate::codec::Unpacker;
use crate::error::{InFile, StoreError};
use crate::schema::{Look, Opened, has_issues};
use crate::selection::{Found, Selection, find};
use rusqlite::{Connection, OptionalExtension};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Text that is made ready at a time. A record that is longer is held whole.
const READY_BYTES: usize = 256 << 10;

const RECORDS: &str = "SELECT position, dictionary, data FROM record WHERE position BETWEEN ?1 AND ?2 ORDER BY position";
const ISSUES: &str = "SELECT position, dictionary, data FROM issue WHERE position BETWEEN ?1 AND ?2 ORDER BY position";

/// The records of a selection, or all issues, as text: one per line, in export order, every line ended. A selection of nothing is an empty text.
///
/// Everything comes from one snapshot, taken when the reading began: imports that go on meanwhile neither show nor wait. It holds one open connection, a bit per task
/// and a few hundred KiB. While it lives, the file's log of changes cannot be folded into the file and grows, so do not keep it for longer than needed.
pub struct Records {
    connection: Connection,
    path: PathBuf,
    unlocked: Option<Look>,
    found: Found,
    /// The query for a run of positions.
    sql: &'static str,
    unpacker: Unpacker,
    /// The next position to look for.
    next: u64,
    ready: Vec<u8>,
    taken: usize,
    failed: bool,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("path", &self.path).field("tasks", &self.tasks()).field("next", &self.next).finish_non_exhaustive()
    }
}

impl Records {
    pub(crate) fn new(path: &Path, opened: Opened, selection: &Selection) -> Result<Self, StoreError> {
        Self::found(path, opened, RECORDS, |connection| find(connection, path, selection))
    }

    /// All issues; of a store that never had any, none.
    pub(crate) fn of_issues(path: &Path, opened: Opened) -> Result<Self, StoreError> {
        Self::found(path, opened, ISSUES, |connection| {
            let last = if has_issues(connection, path)? {
                connection.query_row("SELECT coalesce(max(position), 0) FROM issue", [], |row| row.get(0)).in_file(path)?
            } else {
                0i64
            };
            u64::try_from(last).map(Found::All).map_err(|_| StoreError::damaged(path, "the number of its issues is wrong"))
        })
    }

    fn found(
        path: &Path,
        opened: Opened,
        sql: &'static str,
        find: impl FnOnce(&Connection) -> Result<Found, StoreError>,
    ) -> Result<Self, StoreError> {
        let Opened { connection, unlocked } = opened;
        // Ends with the connection.
        connection.execute_batch("BEGIN").in_file(path)?;
        let found = find(&connection)?;
        let unpacker =
            Unpacker::new(dictionary(&connection, path)?.as_deref()).map_err(|_| StoreError::damaged(path, "its dictionary is unreadable"))?;
        Ok(Self { connection, path: path.to_owned(), unlocked, found, sql, unpacker, next: 1, ready: Vec::new(), taken: 0, failed: false })
    }

    /// How many tasks were selected, or issues there are, including those already read.
    pub fn tasks(&self) -> u64 {
        self.found.len()
    }

    /// Makes the next text ready; none is left when nothing is.
    fn fill(&mut self) -> Result<(), StoreError> {
        self.ready.clear();
        self.taken = 0;
        if self.ready.capacity() > 8 * READY_BYTES {
            self.ready = Vec::new();
        }
        let path = self.path.as_path();
        while self.ready.len() < READY_BYTES {
            let Some((first, last)) = self.found.run_from(self.next) else { break };
            // Not before there is something to read: a store without issues has no table of them.
            let mut statement = self.connection.prepare_cached(self.sql).in_file(path)?;
            let mut rows = statement.query([first as i64, last as i64]).in_file(path)?;
            self.next = first;
            while self.next <= last && self.ready.len() < READY_BYTES {
                let row = rows.next().in_file(path)?.ok_or_else(|| StoreError::damaged(path, "a record is missing"))?;
                if row.get::<_, i64>(0).in_file(path)? != self.next as i64 {
                    return Err(StoreError::damaged(path, "a record is missing"));
                }
                let uses_dictionary = row.get::<_, i64>(1).in_file(path)? != 0;
                let packed = row.get_ref(2).in_file(path)?.as_blob().map_err(|_| StoreError::damaged(path, "a record is not compressed text"))?;
                let text = self.unpacker.unpack(packed, uses_dictionary).map_err(|problem| StoreError::damaged(path, problem))?;
                self.ready.extend_from_slice(text);
                self.ready.push(b'\n');
                self.next += 1;
            }
        }
        if self.unlocked.is_some() && self.unlocked != Look::at(path) {
            return Err(StoreError::Changed { path: self.path.clone() });
        }
        Ok(())
    }
}

impl Read for Records {
    /// # Errors
    /// A [`StoreError`] inside of an [`io::Error`] when the file is damaged.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() && !buffer.is_empty() {
            if self.failed {
                return Err(io::Error::other("reading failed before"));
            }
            self.fill().map_err(|error| {
                // What was made ready is lost, so nothing may be read after an error.
                self.ready.clear();
                self.failed = true;
                io::Error::other(error)
            })?;
        }
        let ready = &self.ready[self.taken..];
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.taken += length;
        Ok(length)
    }
}

/// The dictionary that records were compressed with, where there is one.
pub(crate) fn dictionary(connection: &Connection, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let data: Option<Vec<u8>> = connection.query_row("SELECT data FROM dictionary", [], |row| row.get(0)).optional().in_file(path)?;
    Ok(data.filter(|data| !data.is_empty()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Store, schema};

    #[test]
    fn what_changes_under_a_reader_without_locks_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("project.store");
        let add = |id: &str| {
            let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
            importer.add(&format!(r#"{{"asset":"a","task":{{"taskId":"{id}"}}}}"#)).unwrap();
            importer
        };
        add("1").finish().unwrap();
        let opened = || Opened { connection: schema::open_read(&path).unwrap().connection, unlocked: Look::at(&path) };
        let read = |mut records: Records| records.read_to_end(&mut Vec::new()).map_err(|error| error.to_string());
        assert!(read(Records::new(&path, opened(), &Selection::default()).unwrap()).is_ok());
        let mut records = Records::new(&path, opened(), &Selection::default()).unwrap();
        add("2").finish().unwrap();
        let error = records.read_to_end(&mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("was written to while it was read"), "{error}");
        assert!(read(records).is_err_and(|error| error.contains("failed before")));
    }
}
