//! SQLite: a file, one connection that writes and one that reads beside it.
//!
//! Calls take microseconds, and a commit one write to the log of the file: with `synchronous = NORMAL` a commit survives whatever happens to the process. A power cut can take the last moments with it,
//! always from the end, so that what is there fits together; an export that was asked for in them has to be asked for again, and one that ended in them is done again. What must not be lost even then,
//! keys, settings and what was done, is written with `FULL`.
//!
//! What can take longer (waiting for another process that writes, bringing a commit to the disk) is done where it keeps no other task of the runtime from going on.

use super::value::{Row, Value};
use crate::error::DatabaseError;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Mutex, MutexGuard};

/// How long a statement waits for another process that writes: `key create` beside a running service.
const BUSY: Duration = Duration::from_secs(10);

/// The file.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let connect = |write: bool| -> rusqlite::Result<Connection> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, if write { flags | OpenFlags::SQLITE_OPEN_CREATE } else { flags })?;
            connection.busy_timeout(BUSY)?;
            connection.set_prepared_statement_cache_capacity(128);
            log_ahead(&connection)?;
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            connection.pragma_update(None, "foreign_keys", "ON")?;
            Ok(connection)
        };
        let cannot = |error: rusqlite::Error| DatabaseError::Open { name: path.display().to_string(), problem: problem(&error) };
        #[cfg(unix)]
        if !path.exists() {
            use std::os::unix::fs::OpenOptionsExt;
            // It holds hashes of keys, and who did what.
            let made = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
            made.map_err(|error| DatabaseError::Open { name: path.display().to_string(), problem: error.to_string() })?;
        }
        let writer = connect(true).map_err(cannot)?;
        let reader = connect(false).map_err(cannot)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), reader: Mutex::new(reader) })
    }

    pub(super) async fn writer(&self) -> Guard<'_> {
        Guard { connection: self.writer.lock().await, path: &self.path, is_durable: false }
    }

    pub(super) async fn reader(&self) -> Guard<'_> {
        Guard { connection: self.reader.lock().await, path: &self.path, is_durable: false }
    }
}

/// What SQLite says, with the remedy where it is known.
fn problem(error: &rusqlite::Error) -> String {
    let remedy = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::CannotOpen) => ": the file and its folder must be the service's own to write",
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            ": move the file away to begin with an empty one, or put a copy of it back"
        }
        Some(rusqlite::ErrorCode::DiskFull) => ": make room on the disk",
        _ => "",
    };
    format!("{error}{remedy}")
}

/// The connection, for whoever has it now.
pub(crate) struct Guard<'a> {
    connection: MutexGuard<'a, Connection>,
    path: &'a Path,
    /// What is committed is on the disk before anybody hears of it.
    is_durable: bool,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // Somebody gave up in the middle of a transaction: it never was, and keeps nobody else from writing.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        if self.is_durable {
            // When even this fails, the next ones are slower, not worse.
            let _ = self.connection.execute_batch("PRAGMA synchronous = NORMAL");
        }
    }
}

/// Turns the log on, which whoever reads and whoever writes do not wait for each other with. Another process that opens the file at the same moment makes it fail at once, however long `BUSY` is.
fn log_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

/// Does what may wait for the disk or for another process, without keeping the other tasks of this thread waiting.
fn waiting<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

impl Guard<'_> {
    /// From now on, until it is given back.
    pub(super) fn make_durable(&mut self) -> Result<(), DatabaseError> {
        self.is_durable = true;
        self.batch("PRAGMA synchronous = FULL")
    }

    fn failed(&self, error: &rusqlite::Error) -> DatabaseError {
        let (name, problem) = (self.path.display().to_string(), problem(error));
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => DatabaseError::Unavailable { name, problem },
            _ => DatabaseError::Failed { name, problem },
        }
    }

    pub(super) fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, DatabaseError> {
        let done = || self.connection.prepare_cached(&own(sql))?.execute(params_from_iter(params));
        // In a transaction, what takes time is its begin and its end.
        let done = if self.connection.is_autocommit() { waiting(done) } else { done() };
        done.map(|rows| rows as u64).map_err(|error| self.failed(&error))
    }

    pub(super) fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let done = || {
            let mut statement = self.connection.prepare_cached(&own(sql))?;
            let columns = statement.column_count();
            let rows = statement.query_map(params_from_iter(params), |row| {
                let value = |column| {
                    Ok(match row.get_ref(column)? {
                        rusqlite::types::ValueRef::Integer(number) => Value::Int(number),
                        rusqlite::types::ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                        _ => Value::Null,
                    })
                };
                (0..columns).map(value).collect::<rusqlite::Result<Vec<_>>>().map(Row)
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let done = if self.connection.is_autocommit() { waiting(done) } else { done() };
        done.map_err(|error: rusqlite::Error| self.failed(&error))
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        waiting(|| self.connection.execute_batch(sql)).map_err(|error| self.failed(&error))
    }
}

/// Parameters as SQLite has them: `?1` for `$1`. No statement has a dollar sign for anything else.
fn own(sql: &str) -> String {
    sql.replace('$', "?")
}
