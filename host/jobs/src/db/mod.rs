//! One way to talk to two databases.
//!
//! A statement is written once, with `$1` for its parameters, and goes to SQLite or to PostgreSQL as it is. Columns are TEXT and BIGINT and nothing else: times are milliseconds since 1970, what has a
//! structure is JSON. What the two do not have in common (locks, waking others) is in this folder alone.

mod pool;
mod postgres;
mod sqlite;
mod value;

pub(crate) use value::{Row, Value};

use crate::error::DatabaseError;
use pool::Pool;
use postgres::Server;
use sqlite::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A file, for one node.
    Sqlite(PathBuf),
    /// A server that several nodes share: `postgres://USER:PASSWORD@HOST/DATABASE`.
    Postgres(String),
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}

impl Address {
    /// The address without its password.
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(url) => postgres::name(url),
        }
    }
}

/// The database of the service. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    kind: Arc<Kind>,
    pub(crate) wake: Arc<Notify>,
    pub(crate) keys: Arc<crate::keys::Recent>,
}

// There is one of it.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
enum Kind {
    Sqlite(File),
    Postgres(Pool),
}

/// A connection that somebody has for himself.
// It is moved once or twice; a box would be an allocation for each statement.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Session<'a> {
    Sqlite(sqlite::Guard<'a>),
    Postgres(pool::Guard<'a>),
}

impl Database {
    /// Opens a database, and brings its tables to the version of this program. Several nodes may do that at once.
    ///
    /// # Errors
    /// When it cannot be opened, or is newer than this program.
    pub async fn open(address: &Address) -> Result<Self, DatabaseError> {
        let wake = Arc::new(Notify::new());
        let kind = match address {
            Address::Sqlite(path) => Kind::Sqlite(File::open(path)?),
            Address::Postgres(url) => Kind::Postgres(Pool::open(Server::new(url, Arc::clone(&wake))?).await?),
        };
        let this = Self { kind: Arc::new(kind), wake, keys: Arc::default() };
        crate::schema::migrate(&this, &address.name()).await?;
        Ok(this)
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DatabaseError> {
        // A table, so that a file that is no database any more does not pass.
        self.read().await?.query("SELECT version FROM version WHERE id = 1", &[]).await.map(|_| ())
    }

    /// Waits until somebody queued an export, on this node or, where the database tells it, on another; at most so long.
    pub async fn changed(&self, at_most: Duration) {
        // Whether it was woken or the time is over is the same to who waits.
        let _ = tokio::time::timeout(at_most, self.wake.notified()).await;
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<Session<'_>, DatabaseError> {
        match &*self.kind {
            Kind::Sqlite(file) => Ok(Session::Sqlite(file.reader().await)),
            Kind::Postgres(pool) => pool.get().await.map(Session::Postgres),
        }
    }

    /// A connection to write with, in a transaction that ends with [`Session::commit`] or is as if it had never been. With `alone`, nobody else is in one like it, on any node.
    pub(crate) async fn write(&self, alone: bool) -> Result<Session<'_>, DatabaseError> {
        match &*self.kind {
            Kind::Sqlite(file) => {
                let mut guard = file.writer().await;
                guard.batch("BEGIN IMMEDIATE")?;
                Ok(Session::Sqlite(guard))
            }
            Kind::Postgres(pool) => {
                let mut guard = pool.get().await?;
                guard.begin(alone).await?;
                Ok(Session::Postgres(guard))
            }
        }
    }

    /// The same as [`Database::write`], so that not even a power cut takes back what was committed.
    pub(crate) async fn write_for_good(&self) -> Result<Session<'_>, DatabaseError> {
        let Kind::Sqlite(file) = &*self.kind else { return self.write(false).await };
        let mut guard = file.writer().await;
        guard.make_durable()?;
        guard.batch("BEGIN IMMEDIATE")?;
        Ok(Session::Sqlite(guard))
    }

    /// Carries out a single statement, and says how many rows it changed.
    pub(crate) async fn execute(&self, sql: &'static str, params: &[Value]) -> Result<u64, DatabaseError> {
        let mut session = match &*self.kind {
            Kind::Sqlite(file) => Session::Sqlite(file.writer().await),
            Kind::Postgres(pool) => Session::Postgres(pool.get().await?),
        };
        session.execute(sql, params).await
    }

    /// The same, so that not even a power cut takes it back.
    pub(crate) async fn write_durably(&self, sql: &'static str, params: &[Value]) -> Result<u64, DatabaseError> {
        match &*self.kind {
            Kind::Sqlite(file) => {
                let mut guard = file.writer().await;
                guard.make_durable()?;
                guard.execute(sql, params)
            }
            // PostgreSQL has every commit on the disk before it answers.
            Kind::Postgres(pool) => pool.get().await?.execute(sql, params).await,
        }
    }

    /// Carries out a single statement that says what it changed.
    pub(crate) async fn write_one(&self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let mut session = match &*self.kind {
            Kind::Sqlite(file) => Session::Sqlite(file.writer().await),
            Kind::Postgres(pool) => Session::Postgres(pool.get().await?),
        };
        session.query(sql, params).await
    }

    /// Asks a single question.
    pub(crate) async fn query(&self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.read().await?.query(sql, params).await
    }
}

impl Session<'_> {
    pub(crate) async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, DatabaseError> {
        match self {
            Self::Sqlite(guard) => guard.execute(sql, params),
            Self::Postgres(guard) => guard.execute(sql, params).await,
        }
    }

    pub(crate) async fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        match self {
            Self::Sqlite(guard) => guard.query(sql, params),
            Self::Postgres(guard) => guard.query(sql, params).await,
        }
    }

    /// Carries out statements without parameters.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(guard) => guard.batch(sql),
            Self::Postgres(guard) => guard.batch(sql).await,
        }
    }

    /// Until the end of the transaction, nobody else has the lock of that name. SQLite has one writer anyway.
    pub(crate) async fn lock(&mut self, name: &str) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(guard) => guard.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", &[name.into()]).await.map(|_| ()),
        }
    }

    /// Whether this is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Makes everything since the beginning of the transaction hold.
    pub(crate) async fn commit(mut self) -> Result<(), DatabaseError> {
        self.batch("COMMIT").await?;
        if let Self::Postgres(guard) = &mut self {
            guard.committed();
        }
        Ok(())
    }
}
