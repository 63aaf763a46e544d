//! How long the database takes, with 10,000 exports that wait: `cargo run --release -p ango-jobs --example queue -- [postgres://USER:PASSWORD@HOST/DATABASE]`.
//!
//! The database of PostgreSQL should be an empty one.

// An example that cannot go on says why and ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ango_jobs::{Address, Database, Ending, Grant, KeyKind, NewExport, Progress, Role, RunningLimits, State};
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const QUEUED: u64 = 10_000;
const PROJECTS: u64 = 50;
const ROUNDS: usize = 500;
const LEASE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    measure(&Address::Sqlite(folder.path().join("ango.db"))).await;
    if let Some(url) = std::env::args().nth(1) {
        measure(&Address::Postgres(url)).await;
    }
}

async fn measure(address: &Address) {
    let database = Database::open(address).await.expect("the database can be opened");
    let run = now();
    for index in 0..QUEUED {
        database.create(&new(run, index)).await.expect("it can be queued");
    }
    println!("{address:?}, {QUEUED} exports of {PROJECTS} projects wait");
    let limits = RunningLimits { organisations: HashMap::new(), default: u32::MAX };
    let (_, secret) = database
        .create_key("org", "measure", &[Grant { project: "*".into(), role: Role::Admin }], None, KeyKind::Person, now())
        .await
        .expect("a key can be made");
    let mut times: [Vec<Duration>; 6] = Default::default();
    let progress = Progress { phase: "reading".into(), tasks: 1, bytes: 2, total_bytes: 3, losses: 0 };
    for round in 0..ROUNDS {
        let new = new(run, QUEUED + round as u64);
        times[0].push(timed(async || drop(database.create(&new).await.expect("it can be queued"))).await);
        let mut claim = None;
        times[1].push(timed(async || claim = database.claim("n", now(), LEASE, &limits, 3).await.expect("it can be taken")).await);
        let claim = claim.expect("something waits");
        let id = &claim.export.id;
        times[2].push(
            timed(async || {
                database.renew(id, claim.attempt, "n", now(), LEASE, &progress).await.expect("it is ours");
            })
            .await,
        );
        let ending = Ending {
            state: State::Succeeded,
            result: Some(serde_json::json!({ "tasks": 1 })),
            error: None,
            progress: progress.clone(),
            notifications: Vec::new(),
            deliveries: Vec::new(),
        };
        times[3].push(timed(async || assert!(database.finish(id, claim.attempt, "n", now(), &ending).await.expect("it is ours"))).await);
        times[4].push(timed(async || assert!(database.verify(&secret, now()).await.expect("it answers").is_some())).await);
        times[5].push(timed(async || drop(database.get("org", id).await.expect("it answers"))).await);
    }
    for (name, mut times) in ["create", "claim", "renew", "finish", "verify", "get"].into_iter().zip(times) {
        times.sort_unstable();
        let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e3;
        println!("  {name:<8} median {:7.3} ms   95 of 100 within {:7.3} ms", at(50), at(95));
    }
}

async fn timed(work: impl AsyncFnOnce()) -> Duration {
    let started = Instant::now();
    work().await;
    started.elapsed()
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

fn new(run: i64, index: u64) -> NewExport {
    let id = format!("{run:012x}{index:08x}");
    NewExport {
        name: format!("export-{id}"),
        id,
        organisation: "org".into(),
        project: format!("project {}", index % PROJECTS),
        request: serde_json::json!({ "project": "project", "type": "task", "format": "json", "plugins": [] }),
        requested_by: "measure".into(),
        exported_at: now(),
        idempotency: None,
        max_queued: u64::MAX,
        cost: 1_000_000,
    }
}
