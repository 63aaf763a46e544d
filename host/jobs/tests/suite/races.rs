//! What two do at the very same moment, on a server that lets them.

use crate::support::{LEASE, Place, T0, claim, now_of, queue, raw, until};
use ango_jobs::{Address, Database, State};
use tokio_postgres::Client;

/// A database, its own connection, and one that holds others up.
async fn held_up() -> Option<(Place, Database, Client)> {
    let place = Place::postgres()?;
    let Address::Postgres(url) = &place.address else { unreachable!("it is a server") };
    let (database, other) = (place.open().await, raw(url).await);
    Some((place, database, other))
}

/// Waits until somebody waits for a lock of the database.
async fn until_somebody_waits(client: &Client) {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("somebody waits", async || client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) > 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_is_stopped_while_it_is_taken_does_not_run() {
    let Some((_place, database, other)) = held_up().await else { return };
    let (first, second) = (queue(&database, "p").await, queue(&database, "p").await);
    other.batch_execute("BEGIN").await.unwrap();
    other.execute("UPDATE exports SET state = 'cancelled', finished_at = 1 WHERE id = $1", &[&first.id]).await.unwrap();
    let taking = tokio::spawn({
        let database = database.clone();
        async move { claim(&database, "n", T0).await }
    });
    until_somebody_waits(&other).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(taking.await.unwrap().unwrap().export.id, second.id);
    assert_eq!(now_of(&database, &first).await.state, State::Cancelled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_to_stop_is_not_lost_while_an_export_is_taken_or_handed_back() {
    let Some((_place, database, other)) = held_up().await else { return };
    for (before, after, state, requested) in [("queued", "running", State::Running, true), ("running", "queued", State::Cancelled, false)] {
        let export = queue(&database, "p").await;
        other.execute("UPDATE exports SET state = $2 WHERE id = $1", &[&export.id, &before]).await.unwrap();
        other.batch_execute("BEGIN").await.unwrap();
        other.execute("UPDATE exports SET state = $2 WHERE id = $1", &[&export.id, &after]).await.unwrap();
        let stopping = tokio::spawn({
            let (database, id) = (database.clone(), export.id.clone());
            async move { database.cancel("org", &id, T0).await.unwrap() }
        });
        until_somebody_waits(&other).await;
        other.batch_execute("COMMIT").await.unwrap();
        stopping.await.unwrap();
        let now = now_of(&database, &export).await;
        assert_eq!((now.state, now.cancel_requested), (state, requested));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_that_is_renewed_while_others_look_stays() {
    let Some((_place, database, other)) = held_up().await else { return };
    let export = queue(&database, "p").await;
    claim(&database, "a", T0).await.unwrap();
    let late = crate::support::after_lease(T0);
    other.batch_execute("BEGIN").await.unwrap();
    other.execute("UPDATE exports SET lease_until = $2 WHERE id = $1", &[&export.id, &(late + 1_000)]).await.unwrap();
    let taking = tokio::spawn({
        let database = database.clone();
        async move { claim(&database, "b", late).await }
    });
    until_somebody_waits(&other).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(taking.await.unwrap(), None);
    assert_eq!(now_of(&database, &export).await.node.as_deref(), Some("a"));
    let renewed = database.renew(&export.id, 1, "a", late, LEASE, &export.progress).await.unwrap();
    assert_eq!(renewed, ango_jobs::Renewal::Held { cancel_requested: false });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_stops_waiting_leaves_nothing_locked() {
    let Some((_place, database, other)) = held_up().await else { return };
    queue(&database, "p").await;
    other.batch_execute("BEGIN; LOCK TABLE queues IN ACCESS EXCLUSIVE MODE").await.unwrap();
    // More of them than there are connections, each in the middle of its work.
    for _ in 0..10 {
        let taking = tokio::spawn({
            let database = database.clone();
            async move { claim(&database, "gone", T0).await }
        });
        until_somebody_waits(&other).await;
        taking.abort();
        let _ = taking.await;
    }
    other.batch_execute("COMMIT").await.unwrap();
    assert!(claim(&database, "n", T0).await.is_some());
}
