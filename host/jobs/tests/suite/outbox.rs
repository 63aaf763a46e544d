//! What is sent to others: never lost, taken by one node at a time.

use crate::support::{LEASE, Place, T0, after_lease, claim, ending, queue};
use ango_jobs::{Database, NewDelivery, State};
use serde_json::json;
use std::collections::BTreeSet;

/// Writes down so many deliveries, with the end of an export, as always.
async fn fill(database: &Database, count: usize) {
    queue(database, "p").await;
    let taken = claim(database, "n", T0).await.unwrap();
    let mut told = ending(State::Succeeded);
    let delivery =
        |index| NewDelivery { organisation: "org".into(), kind: "webhook".into(), target: "hook".into(), payload: json!({ "index": index }) };
    told.deliveries = (0..count).map(delivery).collect();
    assert!(database.finish(&taken.export.id, taken.attempt, "n", T0, &told).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_is_tried_until_it_is_taken() {
    for place in Place::all() {
        let database = place.open().await;
        fill(&database, 1).await;
        let first = database.due("a", T0, LEASE, 10).await.unwrap();
        assert_eq!((first.len(), first[0].attempts, &first[0].payload), (1, 0, &json!({ "index": 0 })));
        let id = first[0].id;
        assert_eq!(database.due("b", T0, LEASE, 10).await.unwrap(), []);
        database.retry(id, "a", T0 + 1_000, "it answered 503").await.unwrap();
        assert_eq!(database.due("a", T0 + 999, LEASE, 10).await.unwrap(), []);
        let second = database.due("a", T0 + 1_000, LEASE, 10).await.unwrap();
        assert_eq!((second.len(), second[0].id, second[0].attempts), (1, id, 1));
        database.delivered(id, "a").await.unwrap();
        assert_eq!(database.due("a", after_lease(T0 + 1_000), LEASE, 10).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_node_had_taken_is_sent_by_another() {
    for place in Place::all() {
        let database = place.open().await;
        fill(&database, 1).await;
        let id = database.due("dead", T0, LEASE, 10).await.unwrap()[0].id;
        let now = after_lease(T0);
        let again = place.open().await.due("b", now, LEASE, 10).await.unwrap();
        assert_eq!((again.len(), again[0].id), (1, id));
        // It was not dead. What it says of its try does not count, but when it was taken it was taken.
        database.retry(id, "dead", now, "no").await.unwrap();
        database.give_up(id, "dead", "no").await.unwrap();
        assert_eq!(database.due("c", now, LEASE, 10).await.unwrap(), []);
        database.delivered(id, "dead").await.unwrap();
        database.retry(id, "b", now, "no").await.unwrap();
        assert_eq!(database.due("c", after_lease(now), LEASE, 10).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_not_tried_again_and_is_forgotten_later() {
    for place in Place::all() {
        let database = place.open().await;
        fill(&database, 2).await;
        let due = database.due("a", T0, LEASE, 1).await.unwrap();
        assert_eq!(due.len(), 1);
        database.give_up(due[0].id, "a", "it says 410").await.unwrap();
        // What waits is not forgotten, however old it is.
        database.forget(after_lease(T0)).await.unwrap();
        let left = database.due("a", after_lease(T0), LEASE, 10).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_ne!(left[0].id, due[0].id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_look_at_once_do_not_send_the_same() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        fill(&nodes[0], 60).await;
        let look = |index: usize| {
            let database = nodes[index % 2].clone();
            tokio::spawn(async move {
                let mut found = Vec::new();
                loop {
                    let due = database.due(&format!("n{index}"), T0, LEASE, 4).await.unwrap();
                    if due.is_empty() {
                        return found;
                    }
                    found.extend(due.into_iter().map(|delivery| delivery.id));
                }
            })
        };
        let mut found = Vec::new();
        for task in (0..8).map(look).collect::<Vec<_>>() {
            found.extend(task.await.unwrap());
        }
        assert_eq!((found.len(), found.into_iter().collect::<BTreeSet<_>>().len()), (60, 60), "{:?}", place.address);
    }
}
