//! Databases to test on, and exports to put into them.

use ango_jobs::{Address, Claim, Created, Database, Ending, Export, NewExport, Progress, RunningLimits, State};
use ango_tests::postgres::Postgres;
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long leases are.
pub const LEASE: Duration = Duration::from_secs(30);
/// How long something may take that takes a moment.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// The time at which things begin, in milliseconds since 1970.
pub const T0: i64 = 1_700_000_000_000;
/// How often an export is begun.
pub const ATTEMPTS: u32 = 3;

/// Where a database is, empty at first. It ends with this.
pub struct Place {
    pub address: Address,
    _folder: Option<TempDir>,
    _server: Option<Arc<Postgres>>,
}

impl Place {
    /// A file of SQLite.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { address: Address::Sqlite(folder.path().join("ango.db")), _folder: Some(folder), _server: None }
    }

    /// A database of PostgreSQL, where it is installed. Tests that run at the same time share a server.
    pub fn postgres() -> Option<Self> {
        static SERVER: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let server = {
            let mut shared = SERVER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match shared.upgrade() {
                Some(server) => server,
                None => {
                    let server = Arc::new(Postgres::start()?);
                    *shared = Arc::downgrade(&server);
                    server
                }
            }
        };
        Some(Self { address: Address::Postgres(server.database()), _folder: None, _server: Some(server) })
    }

    /// One of each kind.
    pub fn all() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten().collect()
    }

    /// Another node's database.
    pub async fn open(&self) -> Database {
        Database::open(&self.address).await.unwrap()
    }

    /// Changes what is in it behind its back.
    pub async fn meddle(&self, sql: &str) {
        match &self.address {
            Address::Sqlite(path) => rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap(),
            Address::Postgres(url) => raw(url).await.batch_execute(sql).await.unwrap(),
        }
    }
}

/// A connection to a PostgreSQL that nothing of ours is between.
pub async fn raw(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// An export to ask for: later ones were asked for later.
pub fn asked(project: &str) -> NewExport {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    NewExport {
        id: format!("{count:016x}"),
        organisation: "org".into(),
        project: project.into(),
        request: json!({ "project": project, "plugins": [] }),
        requested_by: "Ada (0123abcd)".into(),
        name: format!("{project}-{count:016x}"),
        exported_at: T0 + i64::try_from(count).unwrap(),
        idempotency: None,
        max_queued: 100_000,
        cost: 100,
    }
}

/// Queues an export of a project.
pub async fn queue(database: &Database, project: &str) -> Export {
    queue_this(database, &asked(project)).await
}

/// Queues an export.
pub async fn queue_this(database: &Database, new: &NewExport) -> Export {
    match database.create(new).await.unwrap() {
        Created::New(export) => export,
        other => panic!("{other:?}"),
    }
}

/// As many as anybody wants.
pub fn no_limits() -> RunningLimits {
    RunningLimits { organisations: HashMap::new(), default: u32::MAX }
}

/// Takes an export.
pub async fn claim(database: &Database, node: &str, now: i64) -> Option<Claim> {
    database.claim(node, now, LEASE, &no_limits(), ATTEMPTS).await.unwrap()
}

/// When the lease of what was taken at `now` is over.
pub fn after_lease(now: i64) -> i64 {
    now + i64::try_from(LEASE.as_millis()).unwrap() + 1
}

/// An end of which nobody is told.
pub fn ending(state: State) -> Ending {
    Ending {
        state,
        result: (state == State::Succeeded).then(|| json!({ "tasks": 3 })),
        error: None,
        progress: Progress { phase: "done".into(), tasks: 3, bytes: 4, total_bytes: 4, losses: 2 },
        notifications: Vec::new(),
        deliveries: Vec::new(),
    }
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// An export as it is now.
pub async fn now_of(database: &Database, export: &Export) -> Export {
    database.get(&export.organisation, &export.id).await.unwrap().unwrap()
}
