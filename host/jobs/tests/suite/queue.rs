//! Leases: who has an export, for how long, and what becomes of it when its node is gone.

use crate::support::{ATTEMPTS, LEASE, Place, T0, after_lease, asked, claim, ending, no_limits, now_of, queue, queue_this};
use ango_jobs::{NewDelivery, NewNotification, Problem, Progress, Renewal, RunningLimits, State};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

fn notification() -> NewNotification {
    NewNotification {
        organisation: "org".into(),
        project: Some("p".into()),
        export_id: None,
        kind: "ready".into(),
        title: "Export ready".into(),
        message: "3 tasks".into(),
        link: None,
        receiver: None,
    }
}

fn delivery() -> NewDelivery {
    NewDelivery { organisation: "org".into(), kind: "webhook".into(), target: "hook".into(), payload: json!({ "event": "export.ready" }) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_that_take_at_once_never_take_the_same() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let mut all = BTreeSet::new();
        for index in 0..80 {
            all.insert(queue(&nodes[0], ["a", "b", "c"][index % 3]).await.id);
        }
        let take = |index: usize| {
            let database = nodes[index % 2].clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(claim) = claim(&database, &format!("n{index}"), T0).await {
                    assert_eq!((claim.attempt, claim.export.state, claim.export.node), (1, State::Running, Some(format!("n{index}"))));
                    taken.push(claim.export.id);
                }
                taken
            })
        };
        let mut taken = Vec::new();
        for task in (0..8).map(take).collect::<Vec<_>>() {
            taken.extend(task.await.unwrap());
        }
        assert_eq!(taken.len(), 80, "{:?}", place.address);
        assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), all);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_runs_as_many_as_it_may_and_others_pass_it() {
    for place in Place::all() {
        let database = place.open().await;
        let limits = RunningLimits { organisations: HashMap::from([("org".to_owned(), 2)]), default: 1 };
        let take =
            async |now| database.claim("n", now, LEASE, &limits, ATTEMPTS).await.unwrap().map(|claim| (claim.export.organisation, claim.export.id));
        for project in ["a", "b", "c", "a"] {
            queue(&database, project).await;
        }
        let first = take(T0).await.unwrap();
        assert_eq!(take(T0).await.unwrap().0, "org");
        assert_eq!(take(T0).await, None);
        let mut other = asked("a");
        other.organisation = "another".into();
        queue_this(&database, &other).await;
        assert_eq!(take(T0).await.unwrap().0, "another");
        assert_eq!(take(T0).await, None);
        assert!(database.finish(&first.1, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
        assert_eq!(take(T0).await.unwrap().0, "org");
        assert_eq!(take(T0).await, None);
        // An organisation that nobody knows may run nothing.
        let nobody = RunningLimits { organisations: HashMap::new(), default: 0 };
        assert_eq!(database.claim("n", after_lease(T0), LEASE, &nobody, ATTEMPTS).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_lost_its_lease_changes_nothing_any_more() {
    for place in Place::all() {
        let (here, there) = (place.open().await, place.open().await);
        let export = queue(&here, "p").await;
        let first = claim(&here, "a", T0).await.unwrap();
        // Not before it is over.
        assert_eq!(claim(&there, "b", T0 + 29_000).await, None);
        let progress = Progress { phase: "converting".into(), tasks: 7, bytes: 8, total_bytes: 9, losses: 1 };
        let held = here.renew(&export.id, 1, "a", T0 + 20_000, LEASE, &progress).await.unwrap();
        assert_eq!(held, Renewal::Held { cancel_requested: false });
        assert_eq!(now_of(&there, &export).await.progress, progress);
        assert_eq!(claim(&there, "b", after_lease(T0)).await, None);
        let second = claim(&there, "b", after_lease(T0 + 20_000)).await.unwrap();
        assert_eq!((second.attempt, &second.export.id), (2, &export.id));
        assert_eq!(second.export.progress, Progress::default());
        assert_eq!(second.export.exported_at, first.export.exported_at);
        // The first wakes up.
        let now = after_lease(T0 + 20_000) + 1;
        assert_eq!(here.renew(&export.id, 1, "a", now, LEASE, &progress).await.unwrap(), Renewal::Lost);
        let mut told = ending(State::Succeeded);
        told.notifications = vec![notification()];
        told.deliveries = vec![delivery()];
        let before = now_of(&here, &export).await;
        assert!(!here.finish(&export.id, 1, "a", now, &told).await.unwrap());
        here.release(&export.id, 1, "a").await.unwrap();
        assert_eq!(now_of(&here, &export).await, before);
        // Not even under the name of the other, nor with its number.
        assert!(!here.finish(&export.id, 1, "b", now, &told).await.unwrap());
        assert!(!here.finish(&export.id, 2, "a", now, &told).await.unwrap());
        assert_eq!(here.notifications("org", None, "r", "r", 0, 10).await.unwrap(), []);
        assert_eq!(here.due("a", now, LEASE, 10).await.unwrap(), []);
        // The second ends it, with what is told of it; when the answer is lost and it says so again, nobody is told twice.
        for _ in 0..2 {
            assert!(there.finish(&export.id, 2, "b", now, &told).await.unwrap());
        }
        let done = now_of(&here, &export).await;
        assert_eq!((done.state, done.result, done.node, done.progress.losses), (State::Succeeded, told.result.clone(), None, 2));
        assert_eq!(here.notifications("org", None, "r", "r", 0, 10).await.unwrap().len(), 1);
        assert_eq!(here.due("a", now, LEASE, 10).await.unwrap().len(), 1);
        // And the first is still told that it lost.
        assert!(!here.finish(&export.id, 1, "a", now, &told).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_too_many_nodes_died_of_fails_and_is_told_once() {
    for place in Place::all() {
        let database = place.open().await;
        let export = queue(&database, "p").await;
        let mut now = T0;
        for attempt in 1..=ATTEMPTS {
            assert_eq!(claim(&database, "n", now).await.unwrap().attempt, attempt);
            now = after_lease(now);
        }
        assert_eq!(claim(&database, "n", now).await, None);
        let failed = now_of(&database, &export).await;
        let problem = failed.error.clone().unwrap();
        assert_eq!((failed.state, failed.finished_at, problem.class.as_str()), (State::Failed, Some(now), "interrupted"));
        assert!(problem.message.contains("3 nodes died"), "{}", problem.message);
        // The last of those nodes lives after all, and is told that it is too late.
        for state in [State::Succeeded, State::Cancelled, State::Failed] {
            let mut late = ending(state);
            late.error = (state == State::Failed).then(|| Problem { class: "storage".into(), message: "no".into() });
            assert!(!database.finish(&export.id, ATTEMPTS, "n", now, &late).await.unwrap(), "{state:?}");
        }
        assert_eq!(database.untold(10).await.unwrap(), [failed]);
        let mut told = 0;
        let tell = |database: ango_jobs::Database, id: String| {
            tokio::spawn(async move { database.tell(&id, now, &[notification()], &[delivery()]).await.unwrap() })
        };
        for task in (0..4).map(|_| tell(database.clone(), export.id.clone())).collect::<Vec<_>>() {
            told += u32::from(task.await.unwrap());
        }
        assert_eq!(told, 1);
        assert_eq!(database.untold(10).await.unwrap(), []);
        assert_eq!(database.notifications("org", None, "r", "r", 0, 10).await.unwrap().len(), 1);
        assert_eq!(database.due("n", now, LEASE, 10).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_handed_back_does_not_count_as_a_try() {
    for place in Place::all() {
        let database = place.open().await;
        let export = queue(&database, "p").await;
        for round in 1..=ATTEMPTS * 2 {
            let taken = claim(&database, "a", T0).await.unwrap();
            assert_eq!(taken.attempt, round);
            database.release(&export.id, taken.attempt, "a").await.unwrap();
            assert_eq!(now_of(&database, &export).await.state, State::Queued);
            // What that node still says is too late.
            assert!(!database.finish(&export.id, taken.attempt, "a", T0, &ending(State::Succeeded)).await.unwrap());
        }
        let mut now = T0;
        for _ in 0..ATTEMPTS {
            claim(&database, "b", now).await.unwrap();
            now = after_lease(now);
        }
        assert_eq!(claim(&database, "b", now).await, None);
        assert_eq!(now_of(&database, &export).await.state, State::Failed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_that_end_at_once_are_given_to_one_node_each() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        for _ in 0..20 {
            queue(&nodes[0], "p").await;
        }
        for _ in 0..20 {
            claim(&nodes[0], "dead", T0).await.unwrap();
        }
        let take = |index: usize| {
            let database = nodes[index % 2].clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(claim) = database.claim(&format!("n{index}"), after_lease(T0), LEASE, &no_limits(), ATTEMPTS).await.unwrap() {
                    taken.push((claim.export.id, claim.attempt));
                }
                taken
            })
        };
        let mut taken = Vec::new();
        for task in (0..8).map(take).collect::<Vec<_>>() {
            taken.extend(task.await.unwrap());
        }
        assert!(taken.iter().all(|(_, attempt)| *attempt == 2));
        assert_eq!((taken.len(), taken.into_iter().collect::<BTreeSet<_>>().len()), (20, 20), "{:?}", place.address);
    }
}
