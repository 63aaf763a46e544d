//! Databases that fail: a file that another process has, a server that is killed and comes back.

use crate::support::{PATIENCE, Place, T0, asked, claim, ending, no_limits, queue, until};
use ango_jobs::{Address, Created, Database, DatabaseError, Filter, State};
use ango_tests::postgres::Postgres;
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_process_writes_is_waited_for_and_not_for_ever() {
    let place = Place::sqlite();
    let Address::Sqlite(path) = &place.address else { unreachable!("it is a file") };
    let database = place.open().await;
    let export = queue(&database, "p").await;
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let asking = tokio::spawn({
        let (database, new) = (database.clone(), asked("p"));
        async move { database.create(&new).await }
    });
    // Who reads does not wait, nor do other tasks.
    assert!(database.find(&export.id).await.unwrap().is_some());
    assert!(!asking.is_finished());
    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, DatabaseError::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains("locked"), "{error}");
    let asking = tokio::spawn({
        let (database, new) = (database.clone(), asked("p"));
        async move { database.create(&new).await }
    });
    assert!(database.find(&export.id).await.unwrap().is_some());
    other.execute_batch("COMMIT").unwrap();
    assert!(matches!(asking.await.unwrap().unwrap(), Created::New(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_half_way_never_was_and_keeps_nobody_waiting() {
    for place in Place::all() {
        let database = place.open().await;
        let new = asked("p");
        assert!(matches!(database.create(&new).await.unwrap(), Created::New(_)));
        let error = database.create(&new).await.unwrap_err();
        assert!(matches!(error, DatabaseError::Failed { .. }), "{error}");
        // Another process may write at once.
        place.meddle("UPDATE counters SET value = value").await;
        // What is told of an end fails: so it has not ended.
        place.meddle("DROP TABLE outbox").await;
        let taken = claim(&database, "n", T0).await.unwrap();
        let mut told = ending(State::Succeeded);
        told.deliveries =
            vec![ango_jobs::NewDelivery { organisation: "org".into(), kind: "email".into(), target: "a".into(), payload: serde_json::json!({}) }];
        database.finish(&taken.export.id, 1, "n", T0, &told).await.unwrap_err();
        assert_eq!(database.find(&taken.export.id).await.unwrap().unwrap().state, State::Running);
        assert!(database.finish(&taken.export.id, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
    }
}

/// Does something until the database lets it.
async fn insist<T, F: Future<Output = Result<T, DatabaseError>>>(mut work: impl FnMut() -> F) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match work().await {
            Ok(done) => return done,
            Err(error @ DatabaseError::Unavailable { .. }) => assert!(tokio::time::Instant::now() < deadline, "{error}"),
            Err(error) => panic!("{error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_in_the_middle_comes_back_and_nothing_is_lost_or_done_twice() {
    let Some(mut server) = Postgres::start() else { return };
    let address = Address::Postgres(server.database());
    let database = Database::open(&address).await.unwrap();
    const COUNT: usize = 60;
    // Some ask, some work, each again and again until it is done.
    let asking = tokio::spawn({
        let database = database.clone();
        async move {
            for index in 0..COUNT {
                let mut new = asked("p");
                // The answer may be lost, so the request has to be safe to send again.
                new.idempotency = Some(ango_jobs::Idempotency { key: index.to_string(), fingerprint: String::new() });
                insist(|| database.create(&new)).await;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    });
    let work = |index: usize| {
        let database = database.clone();
        tokio::spawn(async move {
            let (node, limits, end) = (format!("n{index}"), no_limits(), ending(State::Succeeded));
            let mut ended = Vec::new();
            loop {
                // A claim whose answer is lost is one of a node that died: its lease is over at some time.
                let taken = insist(|| database.claim(&node, ango_now(), Duration::from_secs(2), &limits, 100)).await;
                let Some(taken) = taken else {
                    let left = insist(|| database.unfinished_names()).await;
                    let counts = insist(|| database.counts()).await;
                    if left.is_empty() && counts.iter().map(|(_, count)| *count as usize).sum::<usize>() == COUNT {
                        return ended;
                    }
                    database.changed(Duration::from_millis(100)).await;
                    continue;
                };
                let (id, attempt) = (taken.export.id, taken.attempt);
                if insist(|| database.finish(&id, attempt, &node, ango_now(), &end)).await {
                    ended.push(id);
                }
            }
        })
    };
    let workers: Vec<_> = (0..3).map(work).collect();
    let done = async || {
        let filter = Filter { projects: None, state: Some(State::Succeeded), before: None, limit: 1_000 };
        insist(|| database.list("org", &filter)).await.len()
    };
    until("some are done", async || done().await >= 10).await;
    let server = tokio::task::spawn_blocking(move || {
        server.kill();
        server
    });
    let mut server = server.await.unwrap();
    // It is said at once that it is gone.
    let error = database.ping().await.unwrap_err();
    assert!(matches!(error, DatabaseError::Unavailable { .. }), "{error}");
    let server = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    });
    let _server = server.await.unwrap();
    asking.await.unwrap();
    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    for worker in workers {
        for id in worker.await.unwrap() {
            *ended.entry(id).or_default() += 1;
        }
    }
    assert_eq!(ended.len(), COUNT);
    assert!(ended.values().all(|times| *times == 1), "{ended:?}");
    assert_eq!(done().await, COUNT);
    // Being told works again as well.
    let (here, there) = (database.clone(), Database::open(&address).await.unwrap());
    let waiting = tokio::spawn(async move { here.changed(PATIENCE * 10).await });
    until("it is told of what another node queued", async || {
        queue(&there, "p").await;
        waiting.is_finished()
    })
    .await;
}

fn ango_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    // It takes connections, and never says a word.
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = Address::Postgres(format!("postgres://ango:hush@127.0.0.1:{}/x", silent.local_addr().unwrap().port()));
    let error = tokio::time::timeout(PATIENCE, Database::open(&address)).await.unwrap().unwrap_err();
    assert!(matches!(error, DatabaseError::Unavailable { .. }), "{error}");
    assert!(!error.to_string().contains("hush"), "{error}");
}
