//! A store that was opened: what it holds, and the way to importers and readers.

use crate::error::{InFile, StoreError};
use crate::import::Importer;
use crate::records::Records;
use crate::schema;
use crate::selection::{Selection, find, project};
use rusqlite::{Connection, OptionalExtension, Transaction};
use std::path::{Path, PathBuf};

/// Tasks that have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Stable id; of a batch, what records call it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How many tasks.
    pub tasks: u64,
}

/// The store of a project.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
    writable: bool,
}

impl Store {
    /// Opens a store for import and export, making it when there is no file at `path` or an empty one.
    ///
    /// # Errors
    /// When the file is something else or of a later version, or cannot be written.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        Ok(Self { connection: schema::open_write(path)?, path: path.to_owned(), writable: true })
    }

    /// Opens a store for export only. In a folder that cannot be written it is read without locks; what somebody else changes meanwhile is then noticed,
    /// and is an error.
    ///
    /// # Errors
    /// When there is no store at `path`, it is of a later version, or it is damaged.
    pub fn open_read(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        Ok(Self { connection: schema::open_read(path)?.connection, path: path.to_owned(), writable: false })
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins an import, with a connection of its own.
    ///
    /// # Errors
    /// When the store was opened for reading, or cannot be opened again.
    pub fn importer(&self) -> Result<Importer, StoreError> {
        if self.writable { Importer::new(&self.path) } else { Err(StoreError::ReadOnly { path: self.path.clone() }) }
    }

    /// Begins to read a selection, with a connection and a snapshot of its own.
    ///
    /// # Errors
    /// When the store cannot be opened again, or is damaged.
    pub fn read(&self, selection: &Selection) -> Result<Records, StoreError> {
        Records::new(&self.path, schema::open_read(&self.path)?, selection)
    }

    /// Whether issues were ever imported, be it none of them. A store that was made without them does not know what issues there are.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn has_issues(&self) -> Result<bool, StoreError> {
        schema::has_issues(&self.connection, &self.path)
    }

    /// Begins to read all issues, in the order in which they were first imported, with a connection and a snapshot of its own.
    ///
    /// # Errors
    /// When the store cannot be opened again, or is damaged.
    pub fn read_issues(&self) -> Result<Records, StoreError> {
        Records::of_issues(&self.path, schema::open_read(&self.path)?)
    }

    /// How many bytes [`Store::read_issues`] will yield. Issues are not touched.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn issue_bytes(&self) -> Result<u64, StoreError> {
        let snapshot = self.snapshot()?;
        if !schema::has_issues(&snapshot, &self.path)? {
            return Ok(0);
        }
        let bytes: i64 = snapshot.query_row("SELECT coalesce(sum(bytes + 1), 0) FROM issue", [], |row| row.get(0)).in_file(&self.path)?;
        u64::try_from(bytes).map_err(|_| StoreError::damaged(&self.path, "the length of an issue is wrong"))
    }

    /// How many tasks a selection holds. Records are not touched.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn count(&self, selection: &Selection) -> Result<u64, StoreError> {
        Ok(find(&*self.snapshot()?, &self.path, selection)?.len())
    }

    /// How many bytes [`Store::read`] will yield. Records are not touched.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn bytes(&self, selection: &Selection) -> Result<u64, StoreError> {
        let snapshot = self.snapshot()?;
        let found = find(&snapshot, &self.path, selection)?;
        let mut statement =
            snapshot.prepare_cached("SELECT coalesce(sum(bytes), 0) FROM task WHERE position BETWEEN ?1 AND ?2").in_file(&self.path)?;
        let mut bytes = found.len();
        let mut next = 1;
        while let Some((first, last)) = found.run_from(next) {
            let sum: i64 = statement.query_row([first as i64, last as i64], |row| row.get(0)).in_file(&self.path)?;
            bytes = bytes.saturating_add(u64::try_from(sum).map_err(|_| StoreError::damaged(&self.path, "the length of a record is wrong"))?);
            next = last + 1;
        }
        Ok(bytes)
    }

    /// The stages that tasks are in, in the order in which they first occurred.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn stages(&self) -> Result<Vec<Group>, StoreError> {
        self.groups("SELECT id, name, (SELECT count(*) FROM task WHERE task.stage = stage.key) FROM stage ORDER BY key")
    }

    /// The batches that tasks are of, in the order in which they first occurred.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn batches(&self) -> Result<Vec<Group>, StoreError> {
        self.groups("SELECT name, name, (SELECT count(*) FROM task_batch WHERE task_batch.batch = batch.key) FROM batch ORDER BY key")
    }

    fn groups(&self, sql: &str) -> Result<Vec<Group>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).in_file(&self.path)?;
        let rows = statement
            .query_map([], |row| Ok(Group { id: row.get(0)?, name: row.get(1)?, tasks: row.get::<_, i64>(2)?.unsigned_abs() }))
            .in_file(&self.path)?;
        let groups = rows.collect::<rusqlite::Result<Vec<_>>>().in_file(&self.path)?;
        // What its last task has left.
        Ok(groups.into_iter().filter(|group| group.tasks > 0).collect())
    }

    /// Those of `ids` that the store has no task of, in their order.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn task_ids_missing<S: AsRef<str>>(&self, ids: impl IntoIterator<Item = S>) -> Result<Vec<String>, StoreError> {
        let snapshot = self.snapshot()?;
        let mut statement = snapshot.prepare_cached("SELECT 1 FROM task WHERE task_id = ?1").in_file(&self.path)?;
        let mut missing = Vec::new();
        for id in ids {
            let id = id.as_ref();
            if statement.query_row([id], |_| Ok(())).optional().in_file(&self.path)?.is_none() {
                missing.push(id.to_owned());
            }
        }
        Ok(missing)
    }

    /// The project's description (`project.json`), as [`Importer::set_project`] was given it.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn project(&self) -> Result<Option<String>, StoreError> {
        project(&self.connection, &self.path)
    }

    /// Several questions about one state. Never nested: every method opens at most one, and drops it.
    fn snapshot(&self) -> Result<Transaction<'_>, StoreError> {
        self.connection.unchecked_transaction().in_file(&self.path)
    }
}
