//! The file: its tables, its version, and how connections to it are opened.

use crate::error::{InFile, StoreError, of_database};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Marks the file as a store of this program: `Ango` in ASCII, where `file` and other tools look.
const APPLICATION_ID: i64 = 0x416e_676f;

/// The version of a store that holds tasks alone.
const TASKS_ONLY: i64 = 1;

/// The version of a store that holds issues as well, which is the latest. A store becomes one when issues come in: until then, programs that know nothing of
/// issues read it, and nobody takes it for the store of a project without issues.
const WITH_ISSUES: i64 = 2;

/// How long to wait for somebody else's lock, unless the caller says otherwise.
pub(crate) const WAIT: Duration = Duration::from_secs(30);

/// `record` lies beside `task`, not in it: what filters look at stays small, and a full read goes through one table in order. The indexes on `task` begin
/// with what is compared for equality and hold every filtered column, so that a stage with any further bounds is answered without a look at the table.
/// Stages and batches are numbered, because their names would be the bulk of the indexes.
const TABLES: &str = "
CREATE TABLE project (key INTEGER PRIMARY KEY CHECK (key = 1), json TEXT NOT NULL);
CREATE TABLE dictionary (key INTEGER PRIMARY KEY CHECK (key = 1), data BLOB NOT NULL);
CREATE TABLE stage (key INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (id, name));
CREATE INDEX stage_name ON stage (name);
CREATE TABLE batch (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE task (
    position INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, stage INTEGER NOT NULL, task_type TEXT NOT NULL,
    created_at INTEGER, updated_at INTEGER, bytes INTEGER NOT NULL, hash BLOB NOT NULL
);
CREATE INDEX task_stage ON task (stage, updated_at, created_at, task_type);
CREATE INDEX task_type ON task (task_type, updated_at, created_at);
CREATE INDEX task_updated ON task (updated_at);
CREATE INDEX task_created ON task (created_at);
CREATE TABLE record (position INTEGER PRIMARY KEY, dictionary INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE task_batch (batch INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (batch, position)) WITHOUT ROWID;
CREATE INDEX task_batch_position ON task_batch (position);
";

/// What a store with issues has besides. Nothing but the id is indexed: a million issues are read and filtered in seconds.
const ISSUE_TABLES: &str = "
CREATE TABLE issue (
    position INTEGER PRIMARY KEY, issue_id TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, hash BLOB NOT NULL, dictionary INTEGER NOT NULL, data BLOB NOT NULL
);
";

/// A connection, and what it has to be careful about.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) connection: Connection,
    /// Set when the file is read without locks: what it looked like then.
    pub(crate) unlocked: Option<Look>,
}

/// Length and time of change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Whether changes lie beside the file that are not in it.
    pending: bool,
}

impl Look {
    pub(crate) fn at(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        let pending = std::fs::metadata(PathBuf::from(wal)).is_ok_and(|wal| wal.len() > 0);
        Some(Self { bytes: metadata.len(), modified: metadata.modified().ok(), pending })
    }
}

/// Opens a store for reading.
pub(crate) fn open_read(path: &Path) -> Result<Opened, StoreError> {
    let look = look(path)?;
    if look.bytes == 0 {
        return Err(StoreError::not_a_store(path, "it is empty"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let locked = Connection::open_with_flags(path, flags).in_file(path).and_then(|connection| {
        prepare(&connection, path)?;
        verify(&connection, path)?;
        Ok(connection)
    });
    match locked {
        Ok(connection) => Ok(Opened { connection, unlocked: None }),
        // Readers announce themselves in a file beside the store. Where none can be made, only a store at rest can be read, and without locks.
        Err(StoreError::ReadOnly { .. } | StoreError::Access { .. }) if !look.pending => {
            let uri = format!("file:{}?immutable=1", escaped(path));
            let connection = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).in_file(path)?;
            prepare(&connection, path)?;
            verify(&connection, path)?;
            Ok(Opened { connection, unlocked: Some(look) })
        }
        Err(StoreError::ReadOnly { .. } | StoreError::Access { .. }) => Err(StoreError::Access {
            path: path.to_owned(),
            problem: "an import into it did not end: finish it, or read the store where its folder can be written".into(),
        }),
        Err(error) => Err(error),
    }
}

/// Opens a store for writing, making it when there is none.
pub(crate) fn open_write(path: &Path) -> Result<Connection, StoreError> {
    let is_new = match look(path) {
        Ok(look) => look.bytes == 0,
        Err(StoreError::Missing { .. }) => true,
        Err(error) => return Err(error),
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).in_file(path)?;
    if connection.is_readonly("main").in_file(path)? {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    prepare(&connection, path)?;
    if is_new {
        // Has an effect on an empty file only, and is no error on any other.
        connection.pragma_update(None, "page_size", 8192).in_file(path)?;
    }
    if is_new || is_blank(&connection, path)? {
        create(&mut connection, path)?;
    }
    verify(&connection, path)?;
    // Another tool may have put the file into another mode.
    log_ahead(&connection, path)?;
    // In WAL mode what a killed process had committed lies with the operating system and is safe. NORMAL gives up the last commits only when the
    // power fails, never the file, and running the import again brings them back. FULL would wait for the disk once a batch.
    connection.pragma_update(None, "synchronous", "NORMAL").in_file(path)?;
    // KiB: an import touches leaves of the index on task ids at random.
    connection.pragma_update(None, "cache_size", -65_536).in_file(path)?;
    Ok(connection)
}

fn look(path: &Path) -> Result<Look, StoreError> {
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::Missing { path: path.to_owned() },
        _ => StoreError::Access { path: path.to_owned(), problem: error.to_string() },
    })?;
    if metadata.is_dir() {
        return Err(StoreError::not_a_store(path, "it is a folder"));
    }
    Look::at(path).ok_or_else(|| StoreError::Missing { path: path.to_owned() })
}

/// What every connection needs before it looks at a file that may be anybody's.
fn prepare(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    connection.busy_timeout(WAIT).in_file(path)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).in_file(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).in_file(path)?;
    connection.pragma_update(None, "cell_size_check", true).in_file(path)
}

/// Whether nothing was ever written into the database: somebody was killed before the tables were made.
fn is_blank(connection: &Connection, path: &Path) -> Result<bool, StoreError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).in_file(path)?;
    Ok(tables == 0 && pragma(connection, path, "application_id")? == 0 && pragma(connection, path, "user_version")? == 0)
}

fn pragma(connection: &Connection, path: &Path, name: &str) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).in_file(path)
}

/// Puts the file into WAL mode, in which one writes while others read. The file remembers it.
fn log_ahead(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode.map_err(|error| of_database(path, &error)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                return Err(StoreError::Access {
                    path: path.to_owned(),
                    problem: "its file system has no shared memory: put the store on a local disk".into(),
                });
            }
            // This one lock is not waited for by the database itself: two processes make the same store.
            Err(StoreError::Busy { .. }) if tries < 100 => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Makes the tables in one transaction: a killed process leaves a blank file or a whole store.
fn create(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    log_ahead(connection, path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).in_file(path)?;
    if is_blank(&transaction, path)? {
        transaction.execute_batch(TABLES).in_file(path)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).in_file(path)?;
        transaction.pragma_update(None, "user_version", TASKS_ONLY).in_file(path)?;
    }
    transaction.commit().in_file(path)
}

/// Whether the store holds issues, or could.
pub(crate) fn has_issues(connection: &Connection, path: &Path) -> Result<bool, StoreError> {
    Ok(pragma(connection, path, "user_version")? >= WITH_ISSUES)
}

/// Makes room for issues where there is none. The connection is in a transaction that writes.
pub(crate) fn add_issues(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    if !has_issues(connection, path)? {
        connection.execute_batch(ISSUE_TABLES).in_file(path)?;
        connection.pragma_update(None, "user_version", WITH_ISSUES).in_file(path)?;
    }
    Ok(())
}

/// Whether the file is a store of a version that is understood, with exactly the tables of that version: a foreign trigger or view would run as our own.
fn verify(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    // One look at version and tables: an import may be making it a store with issues.
    let connection = &*connection.unchecked_transaction().in_file(path)?;
    let application = pragma(connection, path, "application_id")?;
    if application != APPLICATION_ID {
        return Err(StoreError::not_a_store(path, "a database of another program"));
    }
    let found = pragma(connection, path, "user_version")?;
    if found > WITH_ISSUES {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: WITH_ISSUES });
    }
    let model = Connection::open_in_memory().in_file(path)?;
    model.execute_batch(TABLES).in_file(path)?;
    if found == WITH_ISSUES {
        model.execute_batch(ISSUE_TABLES).in_file(path)?;
    }
    if found < TASKS_ONLY || tables(connection).in_file(path)? != tables(&model).in_file(path)? {
        return Err(StoreError::damaged(path, "its tables are not those of a store"));
    }
    Ok(())
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<(String, String, Option<String>)>> {
    let mut statement = connection.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name LIMIT 100")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

/// The path as a part of a URI.
fn escaped(path: &Path) -> String {
    let mut uri = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri
}
