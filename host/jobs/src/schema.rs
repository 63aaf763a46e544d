//! The tables, and how older ones become these.

use crate::db::Database;
use crate::error::DatabaseError;

/// What is done to get from each version to the next. Never changed once it was released: a new version is a new entry.
const STEPS: [&str; 3] = [VERSION_1, RUNS, TURNS];

const VERSION_1: &str = "
CREATE TABLE exports (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    project TEXT NOT NULL,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    name TEXT NOT NULL,
    exported_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    attempt BIGINT NOT NULL,
    released BIGINT NOT NULL,
    node TEXT,
    lease_until BIGINT,
    cancel_requested BIGINT NOT NULL,
    phase TEXT NOT NULL,
    tasks BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    total_bytes BIGINT NOT NULL,
    losses BIGINT NOT NULL,
    result TEXT,
    error_class TEXT,
    error_message TEXT,
    untold BIGINT NOT NULL,
    idempotency_key TEXT,
    fingerprint TEXT
);
CREATE INDEX exports_queue ON exports (state, organisation, project, created_at, id);
CREATE INDEX exports_lease ON exports (state, lease_until);
CREATE INDEX exports_recent ON exports (organisation, created_at, id);
CREATE INDEX exports_of_project ON exports (organisation, project, created_at, id);
CREATE INDEX exports_finished ON exports (finished_at);
CREATE INDEX exports_untold ON exports (finished_at) WHERE untold = 1;
CREATE UNIQUE INDEX exports_idempotency ON exports (organisation, idempotency_key);
CREATE TABLE queues (
    organisation TEXT NOT NULL,
    project TEXT NOT NULL,
    served_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, project)
);
CREATE TABLE served (id BIGINT PRIMARY KEY, turn BIGINT NOT NULL);
INSERT INTO served (id, turn) VALUES (1, 0);
CREATE TABLE logs (
    owner TEXT NOT NULL,
    seq BIGINT NOT NULL,
    time BIGINT NOT NULL,
    level TEXT NOT NULL,
    plugin TEXT,
    message TEXT NOT NULL,
    PRIMARY KEY (owner, seq)
);
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    roles TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT
);
CREATE INDEX keys_of ON keys (organisation, created_at);
CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    organisation TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    project TEXT,
    target TEXT,
    detail TEXT NOT NULL,
    came_from TEXT
);
CREATE INDEX audit_of ON audit (organisation, id);
CREATE INDEX audit_at ON audit (at);
CREATE TABLE settings (
    organisation TEXT NOT NULL,
    project TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (organisation, project)
);
CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters (name, value) VALUES ('audit', 0);
INSERT INTO counters (name, value) VALUES ('notifications', 0);
INSERT INTO counters (name, value) VALUES ('outbox', 0);
CREATE TABLE notifications (
    id BIGINT PRIMARY KEY,
    organisation TEXT NOT NULL,
    project TEXT,
    export_id TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    link TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE seen (
    reader TEXT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (reader, id)
);
CREATE INDEX notifications_of ON notifications (organisation, id);
CREATE INDEX notifications_at ON notifications (created_at);
CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    node TEXT,
    created_at BIGINT NOT NULL,
    problem TEXT
);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    project TEXT NOT NULL,
    plugin TEXT NOT NULL,
    run_by TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    request TEXT NOT NULL,
    response TEXT,
    error TEXT
);
CREATE INDEX sessions_of ON sessions (organisation, started_at, id);
CREATE INDEX sessions_running ON sessions (state);
CREATE INDEX sessions_finished ON sessions (finished_at);
";

/// Runs of connected programs. Nothing wrote into the table that was there for them before.
const RUNS: &str = "
DROP TABLE sessions;
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    project TEXT NOT NULL,
    plugin TEXT NOT NULL,
    run_by TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    deadline BIGINT NOT NULL,
    doubt TEXT,
    request TEXT NOT NULL,
    key_id TEXT,
    export_id TEXT,
    response TEXT,
    error TEXT
);
CREATE INDEX sessions_of ON sessions (organisation, created_at, id);
CREATE INDEX sessions_of_project ON sessions (organisation, project, created_at, id);
CREATE INDEX sessions_waiting ON sessions (state, deadline);
CREATE INDEX sessions_key ON sessions (key_id);
CREATE INDEX sessions_finished ON sessions (finished_at);
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    bytes BIGINT
);
CREATE INDEX uploads_of ON uploads (session, created_at, id);
CREATE TABLE presence (
    plugin TEXT NOT NULL,
    node TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (plugin, node)
);
ALTER TABLE notifications ADD COLUMN receiver TEXT;
";

/// Turns by work, and not by their number. What an older export costs is not known; a middling project stands for it.
const TURNS: &str = "
ALTER TABLE exports ADD COLUMN cost BIGINT NOT NULL DEFAULT 1000000;
DROP INDEX exports_queue;
CREATE INDEX exports_queue ON exports (state, organisation, project, created_at, id, cost);
DROP TABLE queues;
CREATE TABLE queues (
    organisation TEXT NOT NULL,
    project TEXT NOT NULL,
    tag BIGINT NOT NULL,
    PRIMARY KEY (organisation, project)
);
CREATE TABLE shares (
    organisation TEXT PRIMARY KEY,
    tag BIGINT NOT NULL,
    clock BIGINT NOT NULL
);
DROP TABLE served;
CREATE TABLE served (id BIGINT PRIMARY KEY, clock BIGINT NOT NULL);
INSERT INTO served (id, clock) VALUES (1, 0);
INSERT INTO queues (organisation, project, tag) SELECT DISTINCT organisation, project, 0 FROM exports WHERE state = 'queued' OR state = 'running';
INSERT INTO shares (organisation, tag, clock) SELECT DISTINCT organisation, 0, 0 FROM exports WHERE state = 'queued' OR state = 'running';
";

/// Brings the tables to the version of this program.
pub(crate) async fn migrate(database: &Database, name: &str) -> Result<(), DatabaseError> {
    // Alone, so that two nodes that start at once do not both make them.
    let mut session = database.write(true).await?;
    session.batch("CREATE TABLE IF NOT EXISTS version (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)").await?;
    let found = session.query("SELECT version FROM version WHERE id = 1", &[]).await?.first().map_or(0, |row| row.int(0));
    let known = STEPS.len() as i64;
    if found > known {
        return Err(DatabaseError::Newer { name: name.to_owned(), found, known });
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        session.batch(step).await?;
    }
    if found == 0 {
        session.execute("INSERT INTO version (id, version) VALUES (1, $1)", &[known.into()]).await?;
    } else if found < known {
        session.execute("UPDATE version SET version = $1 WHERE id = 1", &[known.into()]).await?;
    }
    session.commit().await
}

/// The next number of a counter. Numbers grow in the order of their transactions.
pub(crate) async fn next(session: &mut crate::db::Session<'_>, counter: &'static str) -> Result<i64, DatabaseError> {
    let rows = session.query("UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value", &[counter.into()]).await?;
    Ok(rows.first().map_or(0, |row| row.int(0)))
}
