//! Filling a store.
//!
//! Records go in by batches, one transaction each, and a record that is there already with the same content is left alone. So an import that was killed at any
//! moment is resumed by running it again: what was committed is skipped quickly, the rest follows, and no task is lost or doubled.

use crate::codec::{self, Packer, Unpacker};
use crate::error::{InFile, IssueFault, StoreError};
use crate::facts::{self, Facts, IssueFacts};
use crate::records::dictionary;
use crate::{MAX_RECORD_BYTES, schema};
use ango_model::json::{Document, Kind};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Records in a transaction.
const BATCH_RECORDS: u64 = 2000;

/// Text in a transaction.
const BATCH_BYTES: usize = 16 << 20;

/// What adding a record or an issue did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// The task or issue is new; it comes last in the export order.
    Inserted,
    /// It was there with another content; it keeps its place.
    Updated,
    /// It was there with this content.
    Unchanged,
}

/// What an import did with tasks, or with issues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// New ones.
    pub inserted: u64,
    /// Those with a new content.
    pub updated: u64,
    /// Those that were left alone.
    pub unchanged: u64,
}

impl Imported {
    fn count(&mut self, added: Added) {
        match added {
            Added::Inserted => self.inserted += 1,
            Added::Updated => self.updated += 1,
            Added::Unchanged => self.unchanged += 1,
        }
    }
}

/// An import. Ends with [`Importer::finish`]; when it is dropped instead, the batch in the making is given up, and what was committed stays.
///
/// While a batch is in the making, other imports wait: do not leave one lying about half full.
pub struct Importer {
    path: PathBuf,
    connection: Connection,
    packer: Packer,
    batch_records: u64,
    batch_bytes: usize,
    /// Records and text of the batch in the making.
    pending: (u64, usize),
    seen: u64,
    counts: Imported,
    issues_seen: u64,
    issues: Imported,
    /// Whether the store is known to have room for issues.
    has_issues: bool,
    failed: bool,
}

impl std::fmt::Debug for Importer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer").field("path", &self.path).field("pending", &self.pending).field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Importer {
    pub(crate) fn new(path: &Path) -> Result<Self, StoreError> {
        let connection = schema::open_write(path)?;
        let packer = packer(&connection, path)?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            packer,
            batch_records: BATCH_RECORDS,
            batch_bytes: BATCH_BYTES,
            pending: (0, 0),
            seen: 0,
            counts: Imported::default(),
            issues_seen: 0,
            issues: Imported::default(),
            has_issues: false,
            failed: false,
        })
    }

    /// Commits after `records` or `bytes` of text, whichever comes first. Unless told: 2,000 and 16 MiB.
    pub fn with_batch(mut self, records: u64, bytes: usize) -> Self {
        (self.batch_records, self.batch_bytes) = (records.max(1), bytes);
        self
    }

    /// Waits up to `wait` for another import to end its batch. Unless told: 30 seconds.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn with_wait(self, wait: Duration) -> Result<Self, StoreError> {
        self.connection.busy_timeout(wait).in_file(&self.path)?;
        Ok(self)
    }

    /// Sets the project's description, the text of `project.json`, replacing an earlier one. It is committed with the batch in the making.
    ///
    /// # Errors
    /// When it is not a JSON object, or cannot be written.
    pub fn set_project(&mut self, json: &str) -> Result<(), StoreError> {
        let fault = |field, problem| StoreError::Project { path: self.path.clone(), field, problem };
        let document = Document::parse(json).map_err(|error| fault(error.field, error.problem))?;
        if document.root().kind() != Kind::Object {
            return Err(fault(String::new(), format!("expected an object, found {}", document.root().kind().name())));
        }
        self.write(|this| {
            this.connection
                .execute(
                    "INSERT INTO project (key, json) VALUES (1, ?1) ON CONFLICT DO UPDATE SET json = excluded.json WHERE json <> excluded.json",
                    [json],
                )
                .in_file(&this.path)
                .map(|_| ())
        })
    }

    /// Adds one record: the text of one V3 asset object, on one line or several.
    ///
    /// # Errors
    /// [`StoreError::Record`] when the record is malformed; nothing was changed then, and the import may go on. Any other error ends the import.
    pub fn add(&mut self, record_text: &str) -> Result<Added, StoreError> {
        self.seen += 1;
        let fault = |task, field, problem| StoreError::Record { path: self.path.clone(), number: self.seen, task, field, problem };
        if record_text.len() > MAX_RECORD_BYTES {
            return Err(fault(None, String::new(), format!("is longer than {} MB", MAX_RECORD_BYTES / 1_000_000)));
        }
        let facts = facts::read(record_text).map_err(|error| fault(error.task, error.field, error.problem))?;
        self.write(|this| {
            let added = this.put(&facts).in_file(&this.path)?;
            this.counts.count(added);
            this.step(facts.text.len())?;
            Ok(added)
        })
    }

    /// Makes the store one that holds issues, be it none of them: see [`Store::has_issues`](crate::Store::has_issues).
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn expect_issues(&mut self) -> Result<(), StoreError> {
        self.write(Self::make_room)
    }

    /// Adds one issue: the text of one object, on one line or several. An issue with the same id is replaced and keeps its place.
    ///
    /// # Errors
    /// [`StoreError::Issue`] when the issue is malformed; nothing was changed then, and the import may go on. Any other error ends the import.
    pub fn add_issue(&mut self, issue_text: &str) -> Result<Added, StoreError> {
        self.issues_seen += 1;
        let number = self.issues_seen;
        let fault = |issue, task, field, problem| {
            let fault = IssueFault { number, issue, task, field, problem };
            StoreError::Issue { path: self.path.clone(), fault: Box::new(fault) }
        };
        if issue_text.len() > MAX_RECORD_BYTES {
            return Err(fault(None, None, String::new(), format!("is longer than {} MB", MAX_RECORD_BYTES / 1_000_000)));
        }
        let facts = facts::read_issue(issue_text).map_err(|(issue, error)| fault(issue, error.task, error.field, error.problem))?;
        self.write(|this| {
            this.make_room()?;
            let added = this.put_issue(&facts).in_file(&this.path)?;
            this.issues.count(added);
            this.step(facts.text.len())?;
            Ok(added)
        })
    }

    fn make_room(&mut self) -> Result<(), StoreError> {
        if !self.has_issues {
            schema::add_issues(&self.connection, &self.path)?;
            self.has_issues = true;
        }
        Ok(())
    }

    /// What became of the issues so far. [`Importer::finish`] tells of the tasks.
    pub fn issues(&self) -> Imported {
        self.issues
    }

    /// Counts what was added to the batch in the making, and commits it when it is complete.
    fn step(&mut self, bytes: usize) -> Result<(), StoreError> {
        self.pending.0 += 1;
        self.pending.1 += bytes;
        if self.pending.0 >= self.batch_records || self.pending.1 >= self.batch_bytes { self.commit() } else { Ok(()) }
    }

    /// Commits what is pending and reports what the import did.
    ///
    /// # Errors
    /// When the last batch cannot be written, or the import failed before.
    pub fn finish(mut self) -> Result<Imported, StoreError> {
        if self.failed {
            return Err(StoreError::GivenUp { path: self.path });
        }
        self.commit()?;
        // Folds the log into the file, so that a copy of the file is a copy of the store. Readers may be in the way; then it is left to the next one.
        self.connection.busy_timeout(Duration::ZERO).in_file(&self.path)?;
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(self.counts)
    }

    /// Runs `change` in the batch's transaction, which begins with its first change. After an error the batch is given up: it may be half made.
    fn write<T>(&mut self, change: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.failed {
            return Err(StoreError::GivenUp { path: self.path.clone() });
        }
        let result = self.begin().and_then(|()| change(self));
        if result.is_err() {
            self.failed = true;
            if !self.connection.is_autocommit() {
                // A transaction that cannot be rolled back now is rolled back by whoever opens the file next.
                let _ = self.connection.execute_batch("ROLLBACK");
            }
        }
        result
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            self.connection.execute_batch("BEGIN IMMEDIATE").in_file(&self.path)?;
        }
        Ok(())
    }

    fn put(&mut self, facts: &Facts) -> rusqlite::Result<Added> {
        let known: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT position, hash FROM task WHERE task_id = ?1")?
            .query_row([&facts.task_id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if known.as_ref().is_some_and(|(_, hash)| *hash == facts.hash) {
            return Ok(Added::Unchanged);
        }
        let stage = self.stage(&facts.stage_id, &facts.stage)?;
        let (packed, uses_dictionary) = self.packer.pack(&facts.text).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let columns = params![
            known.as_ref().map(|known| known.0),
            facts.task_id,
            stage,
            facts.task_type,
            facts.created_at,
            facts.updated_at,
            facts.text.len() as i64,
            facts.hash
        ];
        self.connection
            .prepare_cached(
                "INSERT INTO task (position, task_id, stage, task_type, created_at, updated_at, bytes, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (position) DO UPDATE SET stage = ?3, task_type = ?4, created_at = ?5, updated_at = ?6, bytes = ?7, hash = ?8",
            )?
            .execute(columns)?;
        let position = known.as_ref().map_or_else(|| self.connection.last_insert_rowid(), |known| known.0);
        self.connection.prepare_cached("INSERT OR REPLACE INTO record (position, dictionary, data) VALUES (?1, ?2, ?3)")?.execute(params![
            position,
            uses_dictionary,
            packed
        ])?;
        if known.is_some() {
            self.connection.prepare_cached("DELETE FROM task_batch WHERE position = ?1")?.execute([position])?;
        }
        for name in &facts.batches {
            let batch = self.batch(name)?;
            self.connection.prepare_cached("INSERT INTO task_batch (batch, position) VALUES (?1, ?2)")?.execute([batch, position])?;
        }
        Ok(if known.is_some() { Added::Updated } else { Added::Inserted })
    }

    fn put_issue(&mut self, facts: &IssueFacts) -> rusqlite::Result<Added> {
        let known: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT position, hash FROM issue WHERE issue_id = ?1")?
            .query_row([&facts.issue_id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if known.as_ref().is_some_and(|(_, hash)| *hash == facts.hash) {
            return Ok(Added::Unchanged);
        }
        let (packed, uses_dictionary) = self.packer.pack(&facts.text).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        self.connection
            .prepare_cached(
                "INSERT INTO issue (position, issue_id, bytes, hash, dictionary, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (position) DO UPDATE SET bytes = ?3, hash = ?4, dictionary = ?5, data = ?6",
            )?
            .execute(params![known.as_ref().map(|known| known.0), facts.issue_id, facts.text.len() as i64, facts.hash, uses_dictionary, packed])?;
        Ok(if known.is_some() { Added::Updated } else { Added::Inserted })
    }

    /// The number of a stage, given to it now if need be.
    fn stage(&self, id: &str, name: &str) -> rusqlite::Result<i64> {
        let find = "SELECT key FROM stage WHERE id = ?1 AND name = ?2";
        if let Some(key) = self.connection.prepare_cached(find)?.query_row([id, name], |row| row.get(0)).optional()? {
            return Ok(key);
        }
        self.connection.execute("INSERT INTO stage (id, name) VALUES (?1, ?2)", [id, name])?;
        Ok(self.connection.last_insert_rowid())
    }

    /// The number of a batch, given to it now if need be.
    fn batch(&self, name: &str) -> rusqlite::Result<i64> {
        let find = "SELECT key FROM batch WHERE name = ?1";
        if let Some(key) = self.connection.prepare_cached(find)?.query_row([name], |row| row.get(0)).optional()? {
            return Ok(key);
        }
        self.connection.execute("INSERT INTO batch (name) VALUES (?1)", [name])?;
        Ok(self.connection.last_insert_rowid())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.train()?;
        self.connection.execute_batch("COMMIT").in_file(&self.path)?;
        self.pending = (0, 0);
        Ok(())
    }

    /// Once there are enough records to see what they have in common, makes the dictionary and compresses them again with it.
    fn train(&mut self) -> Result<(), StoreError> {
        let path = self.path.as_path();
        let open: i64 = self
            .connection
            .query_row(
                "SELECT NOT EXISTS (SELECT 1 FROM dictionary) AND coalesce(max(position), 0) >= ?1 FROM record",
                [codec::SAMPLES as i64],
                |row| row.get(0),
            )
            .in_file(path)?;
        if open == 0 {
            return Ok(());
        }
        let unreadable = |_| StoreError::damaged(path, "a record cannot be compressed again");
        let mut unpacker = Unpacker::new(None).map_err(unreadable)?;
        let (mut positions, mut samples, mut bytes) = (Vec::new(), Vec::new(), 0);
        {
            let sql = "SELECT position, data FROM record JOIN task USING (position) WHERE bytes <= ?1 AND NOT dictionary ORDER BY position LIMIT ?2";
            let mut statement = self.connection.prepare(sql).in_file(path)?;
            let mut rows = statement.query([codec::LONGEST_SAMPLE as i64, codec::MAX_SAMPLES as i64]).in_file(path)?;
            while let Some(row) = rows.next().in_file(path)?
                && bytes < codec::SAMPLE_BYTES
            {
                let packed: Vec<u8> = row.get(1).in_file(path)?;
                let text = unpacker.unpack(&packed, false).map_err(|problem| StoreError::damaged(path, problem))?;
                bytes += text.len();
                samples.push(text.to_vec());
                positions.push(row.get::<_, i64>(0).in_file(path)?);
            }
        }
        // An empty dictionary says that none was worth it, so that this is not tried at every commit.
        let dictionary = codec::train(&samples).unwrap_or_default();
        self.connection.execute("INSERT INTO dictionary (key, data) VALUES (1, ?1)", [&dictionary]).in_file(path)?;
        self.packer = packer(&self.connection, path)?;
        if !dictionary.is_empty() {
            let mut statement = self.connection.prepare("UPDATE record SET dictionary = ?2, data = ?3 WHERE position = ?1").in_file(path)?;
            for (position, text) in positions.iter().zip(&samples) {
                let (packed, uses_dictionary) = self.packer.pack(text).map_err(unreadable)?;
                statement.execute(params![position, uses_dictionary, packed]).in_file(path)?;
            }
        }
        Ok(())
    }
}

fn packer(connection: &Connection, path: &Path) -> Result<Packer, StoreError> {
    Packer::new(dictionary(connection, path)?.as_deref()).map_err(|_| StoreError::damaged(path, "its dictionary is unreadable"))
}
