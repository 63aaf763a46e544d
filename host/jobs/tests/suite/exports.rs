//! Asking for exports, looking at them, stopping and forgetting them.

use crate::support::{LEASE, PATIENCE, Place, T0, after_lease, asked, claim, ending, now_of, queue, queue_this};
use ango_jobs::{Created, Filter, Idempotency, NewLog, Renewal, State};
use std::collections::BTreeSet;
use std::time::Duration;

fn idempotent(key: &str, fingerprint: &str) -> Option<Idempotency> {
    Some(Idempotency { key: key.into(), fingerprint: fingerprint.into() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_for_is_there_as_it_was_asked_for() {
    for place in Place::all() {
        let database = place.open().await;
        let mut new = asked("it's a \"project\" 🚗");
        new.request = serde_json::json!({ "text": "quotes ' \" \\ and nothing \u{0} and $1 ?1", "n": [1, null, 1.5] });
        let export = queue_this(&database, &new).await;
        assert_eq!((export.state, export.attempt, export.created_at, export.node.clone()), (State::Queued, 0, new.exported_at, None));
        let again = place.open().await;
        let found = again.get("org", &new.id).await.unwrap().unwrap();
        assert_eq!(found, export);
        assert_eq!((found.request, found.project, found.name), (new.request, new.project, new.name));
        assert_eq!(again.get("another", &export.id).await.unwrap(), None);
        assert_eq!(again.find(&export.id).await.unwrap().unwrap().id, export.id);
        assert_eq!(again.find("nothing").await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_sent_again_is_one_export() {
    for place in Place::all() {
        let database = place.open().await;
        let mut new = asked("p");
        new.idempotency = idempotent("k", "f");
        let first = queue_this(&database, &new).await;
        let mut again = asked("p");
        again.idempotency = idempotent("k", "f");
        // It is found even when no more may wait, and when it has ended.
        again.max_queued = 0;
        assert_eq!(database.create(&again).await.unwrap(), Created::Existing(first.clone()));
        database.cancel("org", &first.id, T0).await.unwrap();
        assert!(matches!(database.create(&again).await.unwrap(), Created::Existing(export) if export.state == State::Cancelled));
        again.idempotency = idempotent("k", "another");
        assert_eq!(database.create(&again).await.unwrap(), Created::Conflict);
        let mut other = asked("p");
        other.organisation = "another".into();
        other.idempotency = idempotent("k", "another");
        assert!(matches!(database.create(&other).await.unwrap(), Created::New(_)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_come_at_once_are_one_export_and_pass_no_limit() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let ask = |key: Option<&str>, index: usize| {
            let mut new = asked("p");
            new.max_queued = 4;
            new.idempotency = key.and_then(|key| idempotent(key, "f"));
            let database = nodes[index % 2].clone();
            tokio::spawn(async move { database.create(&new).await.unwrap() })
        };
        let mut new = BTreeSet::new();
        let mut same = BTreeSet::new();
        for task in (0..8).map(|index| ask(Some("k"), index)).collect::<Vec<_>>() {
            match task.await.unwrap() {
                Created::New(export) => {
                    new.insert(export.id.clone());
                    same.insert(export.id);
                }
                Created::Existing(export) => {
                    same.insert(export.id);
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((new.len(), same.len()), (1, 1), "{:?}", place.address);
        let mut full = 0;
        for task in (0..12).map(|index| ask(None, index)).collect::<Vec<_>>() {
            match task.await.unwrap() {
                Created::New(export) => {
                    new.insert(export.id);
                }
                Created::Full { queued, limit } => {
                    assert_eq!((queued, limit), (4, 4));
                    full += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((new.len(), full), (4, 9), "{:?}", place.address);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_shows_each_export_once_page_by_page() {
    for place in Place::all() {
        let database = place.open().await;
        let mut all = Vec::new();
        for index in 0..30 {
            let mut new = asked(["a", "b", "c"][index % 3]);
            // Many at the same moment: the id decides then.
            new.exported_at = T0 + (index / 10) as i64;
            all.push(queue_this(&database, &new).await);
        }
        let mut strange = asked("a");
        strange.organisation = "another".into();
        queue_this(&database, &strange).await;
        all.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        for projects in [None, Some(vec![]), Some(vec!["a".to_owned()]), Some(vec!["c".to_owned(), "a".to_owned(), "nothing".to_owned()])] {
            let is_meant = |project: &String| projects.as_ref().is_none_or(|projects| projects.contains(project));
            let expected: Vec<_> = all.iter().filter(|export| is_meant(&export.project)).cloned().collect();
            let (mut found, mut before) = (Vec::new(), None);
            loop {
                let filter = Filter { projects: projects.clone(), state: None, before: before.clone(), limit: 7 };
                let page = database.list("org", &filter).await.unwrap();
                let Some(last) = page.last() else { break };
                assert!(page.len() <= 7);
                before = Some((last.created_at, last.id.clone()));
                found.extend(page);
            }
            assert_eq!(found, expected);
        }
        database.cancel("org", &all[3].id, T0).await.unwrap();
        let filter = Filter { projects: None, state: Some(State::Cancelled), before: None, limit: 100 };
        let cancelled = database.list("org", &filter).await.unwrap();
        assert_eq!(cancelled.iter().map(|export| &export.id).collect::<Vec<_>>(), [&all[3].id]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_in_the_queue_and_numbers_of_each_state() {
    for place in Place::all() {
        let database = place.open().await;
        let (a, b, c) = (queue(&database, "p").await, queue(&database, "q").await, queue(&database, "p").await);
        let mut positions = Vec::new();
        for export in [&a, &b, &c] {
            positions.push(database.position(export).await.unwrap());
        }
        assert_eq!(positions, [0, 0, 1]);
        let taken = claim(&database, "n", T0).await.unwrap();
        assert_eq!(taken.export.id, a.id);
        assert_eq!(database.position(&c).await.unwrap(), 0);
        assert!(database.finish(&a.id, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
        claim(&database, "n", T0).await.unwrap();
        let counts = database.counts().await.unwrap();
        assert_eq!(
            counts,
            [(State::Queued, 1), (State::Running, 1), (State::Succeeded, 1), (State::Failed, 0), (State::Cancelled, 0)],
            "{:?}",
            place.address
        );
        let names: BTreeSet<String> = database.unfinished_names().await.unwrap().into_iter().collect();
        assert_eq!(names, BTreeSet::from([b.name, c.name]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_in_every_state() {
    for place in Place::all() {
        let database = place.open().await;
        // One that waits is stopped at once.
        let waiting = queue(&database, "p").await;
        database.cancel("another", &waiting.id, T0 + 1).await.unwrap();
        assert_eq!(now_of(&database, &waiting).await.state, State::Queued);
        database.cancel("org", &waiting.id, T0 + 1).await.unwrap();
        let stopped = now_of(&database, &waiting).await;
        assert_eq!((stopped.state, stopped.finished_at, stopped.cancel_requested), (State::Cancelled, Some(T0 + 1), false));
        assert_eq!(claim(&database, "n", T0).await, None);
        // One that runs is asked to, and hears of it.
        let running = queue(&database, "p").await;
        let taken = claim(&database, "n", T0).await.unwrap();
        let renew = async || database.renew(&running.id, taken.attempt, "n", T0 + 5, LEASE, &ending(State::Succeeded).progress).await.unwrap();
        assert_eq!(renew().await, Renewal::Held { cancel_requested: false });
        database.cancel("org", &running.id, T0 + 6).await.unwrap();
        assert_eq!(renew().await, Renewal::Held { cancel_requested: true });
        assert!(database.finish(&running.id, taken.attempt, "n", T0 + 7, &ending(State::Cancelled)).await.unwrap());
        // What has ended stays as it is.
        for state in [State::Succeeded, State::Failed, State::Cancelled] {
            let export = queue(&database, "p").await;
            let taken = claim(&database, "n", T0).await.unwrap();
            assert!(database.finish(&export.id, taken.attempt, "n", T0 + 8, &ending(state)).await.unwrap());
            let before = now_of(&database, &export).await;
            database.cancel("org", &export.id, T0 + 9).await.unwrap();
            assert_eq!(now_of(&database, &export).await, before);
        }
        // One whose node died does not begin again.
        let orphan = queue(&database, "p").await;
        claim(&database, "n", T0).await.unwrap();
        database.cancel("org", &orphan.id, T0 + 6).await.unwrap();
        assert_eq!(claim(&database, "m", after_lease(T0)).await, None);
        assert_eq!(now_of(&database, &orphan).await.state, State::Cancelled);
        // Nor one that was handed back.
        let released = queue(&database, "p").await;
        let taken = claim(&database, "n", T0).await.unwrap();
        database.cancel("org", &released.id, T0 + 6).await.unwrap();
        database.release(&released.id, taken.attempt, "n").await.unwrap();
        assert_eq!(claim(&database, "m", T0 + 7).await, None);
        assert_eq!(now_of(&database, &released).await.state, State::Cancelled);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_long_ago_is_forgotten_with_its_log() {
    for place in Place::all() {
        let database = place.open().await;
        let (old, new, waiting) = (queue(&database, "p").await, queue(&database, "p").await, queue(&database, "p").await);
        for (export, ended) in [(&old, T0 + 10), (&new, T0 + 20)] {
            let taken = claim(&database, "n", T0).await.unwrap();
            assert_eq!(taken.export.id, export.id);
            assert!(database.finish(&export.id, 1, "n", ended, &ending(State::Succeeded)).await.unwrap());
        }
        for export in [&old, &new, &waiting] {
            let line = NewLog { time: T0, level: "info".into(), plugin: None, message: "hello".into() };
            database.append_logs(&export.id, &[line]).await.unwrap();
        }
        assert_eq!(database.forget(T0 + 20).await.unwrap(), 1);
        assert_eq!(database.find(&old.id).await.unwrap(), None);
        assert_eq!(database.logs(&old.id, 0, 10).await.unwrap(), []);
        for export in [&new, &waiting] {
            assert!(database.find(&export.id).await.unwrap().is_some());
            assert_eq!(database.logs(&export.id, 0, 10).await.unwrap().len(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_is_woken_by_what_others_queue() {
    for place in Place::all() {
        let here = place.open().await;
        // SQLite has one node.
        let there = if matches!(place.address, ango_jobs::Address::Postgres(_)) { place.open().await } else { here.clone() };
        let waiting = tokio::spawn(async move { here.changed(PATIENCE * 10).await });
        // The other node listens a moment after it was opened.
        for _ in 0..200 {
            queue(&there, "p").await;
            if waiting.is_finished() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(waiting.is_finished(), "{:?}", place.address);
    }
}
