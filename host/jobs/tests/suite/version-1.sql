-- What the first version of this program made, with exports in it that wait, run and are done.
CREATE TABLE version (id BIGINT PRIMARY KEY, version BIGINT NOT NULL);
INSERT INTO version (id, version) VALUES (1, 1);
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
INSERT INTO exports (id, organisation, project, state, request, requested_by, name, exported_at, created_at, started_at, finished_at, attempt, released, node, lease_until, cancel_requested, phase, tasks, bytes, total_bytes, losses, result, untold) VALUES
    ('0001', 'org', 'old', 'succeeded', '{"project":"old"}', 'Ada', 'old-0001', 1, 1, 2, 3, 1, 0, NULL, NULL, 0, 'done', 1, 2, 2, 0, '{"tasks":1}', 0),
    ('0002', 'org', 'north', 'running', '{"project":"north"}', 'Ada', 'north-0002', 2, 2, 3, NULL, 1, 0, 'gone', 4, 0, 'convert', 1, 2, 3, 0, NULL, 0),
    ('0003', 'org', 'north', 'queued', '{"project":"north"}', 'Ada', 'north-0003', 3, 3, NULL, NULL, 0, 0, NULL, NULL, 0, '', 0, 0, 0, 0, NULL, 0),
    ('0004', 'org', 'south', 'queued', '{"project":"south"}', 'Ada', 'south-0004', 4, 4, NULL, NULL, 0, 0, NULL, NULL, 0, '', 0, 0, 0, 0, NULL, 0);
INSERT INTO queues (organisation, project, served_at) VALUES ('org', 'old', 7), ('org', 'north', 9), ('org', 'south', 0);
UPDATE served SET turn = 9 WHERE id = 1;
