//! Runs of connected programs: who hands them over, how they end, and what is known of the programs.

use crate::support::{Place, T0};
use ango_jobs::{Database, Grant, KeyKind, NewDelivery, NewSession, Presence, Role, Session, SessionEnding, SessionFilter, SessionState, Upload};
use serde_json::json;

/// Asks for a run of `project`, which somebody must have handed over a minute later.
async fn asked(database: &Database, id: &str, project: &str, now: i64) {
    let new = NewSession {
        id: id.into(),
        organisation: "org".into(),
        project: project.into(),
        plugin: "plugin".into(),
        run_by: "Ada".into(),
        request: json!({ "config": {} }),
        deadline: now + 60_000,
        doubt: "nobody took it".into(),
    };
    database.create_session(&new, now).await.unwrap();
}

fn ending(state: SessionState) -> SessionEnding {
    SessionEnding { state, response: Some("link".into()), error: None, notifications: Vec::new(), deliveries: Vec::new() }
}

fn ids(sessions: &[Session]) -> Vec<&str> {
    sessions.iter().map(|session| session.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_hands_a_run_over() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        asked(&nodes[0], "1", "a", T0).await;
        assert_eq!(ids(&nodes[1].queued_sessions(10).await.unwrap()), ["1"]);
        let take = |index: usize| {
            let database = nodes[index % 2].clone();
            tokio::spawn(async move { database.start_session("1", &format!("key{index}"), T0 + 1000, T0 + 1).await.unwrap() })
        };
        let mut taken = Vec::new();
        for (index, task) in (0..6).map(|index| (index, take(index))).collect::<Vec<_>>() {
            if task.await.unwrap() {
                taken.push(format!("key{index}"));
            }
        }
        assert_eq!(taken.len(), 1);
        let session = nodes[0].session("1").await.unwrap().unwrap();
        assert_eq!((session.state, session.started_at, session.deadline), (SessionState::Running, Some(T0 + 1), T0 + 1000));
        assert_eq!((session.doubt, session.key.as_deref()), (None, Some(taken[0].as_str())));
        assert_eq!(nodes[0].queued_sessions(10).await.unwrap(), []);
        assert_eq!(ids(&nodes[1].running_sessions().await.unwrap()), ["1"]);
        assert_eq!(nodes[1].session_of_key(&taken[0]).await.unwrap().map(|session| session.id), Some("1".into()));
        assert_eq!(nodes[1].session_of_key("key9").await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_ends_once_and_its_key_with_it() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let grants = [Grant { project: "a".into(), role: Role::Manager }];
        let (key, shown) = nodes[0].create_key("org", "run", &grants, None, KeyKind::Run, T0).await.unwrap();
        asked(&nodes[0], "1", "a", T0).await;
        assert!(nodes[0].start_session("1", &key.id, T0 + 1000, T0).await.unwrap());
        assert!(nodes[0].verify(&shown, T0).await.unwrap().is_some());
        let end = |index: i64| {
            let database = nodes[index as usize % 2].clone();
            let state = if index % 2 == 0 { SessionState::Succeeded } else { SessionState::Lost };
            let told = NewDelivery { organisation: "org".into(), kind: "webhook".into(), target: "t".into(), payload: json!({}) };
            let ending = SessionEnding { deliveries: vec![told], ..ending(state) };
            tokio::spawn(async move { database.end_session("1", &ending, T0 + index).await.unwrap() })
        };
        let mut first = Vec::new();
        for (index, task) in (0..6).map(|index| (index, end(index))).collect::<Vec<_>>() {
            if task.await.unwrap() {
                first.push(index);
            }
        }
        assert_eq!(first.len(), 1);
        let ended = nodes[0].session("1").await.unwrap().unwrap();
        assert_eq!((ended.finished_at, ended.response.as_deref()), (Some(T0 + first[0]), Some("link")));
        assert!(ended.state.is_final());
        // What is told of it is told once, and its key opens nothing any more.
        assert_eq!(nodes[0].due("node", T0 + 100, std::time::Duration::from_secs(9), 10).await.unwrap().len(), 1);
        assert_eq!(nodes[0].verify(&shown, T0).await.unwrap(), None);
        assert!(!nodes[0].end_session("4", &ending(SessionState::Lost), T0).await.unwrap());
        nodes[0].forget(T0 + 100).await.unwrap();
        assert_eq!(nodes[0].session("1").await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_without_an_answer_is_over_at_its_deadline() {
    for place in Place::all() {
        let database = place.open().await;
        let overdue =
            async |now: i64| database.overdue_sessions(now, 10).await.unwrap().into_iter().map(|one| (one.id, one.doubt)).collect::<Vec<_>>();
        asked(&database, "1", "a", T0).await;
        assert_eq!(overdue(T0 + 59_999).await, []);
        assert_eq!(overdue(T0 + 60_000).await, [("1".into(), Some("nobody took it".into()))]);
        assert!(database.start_session("1", "key", T0 + 3_600_000, T0).await.unwrap());
        assert_eq!(overdue(T0 + 60_000).await, []);
        assert_eq!(overdue(T0 + 3_600_000).await, [("1".into(), None)]);
        // The first doubt counts, and never moves the deadline away.
        database.doubt_session("1", T0 + 9_999_999, "too late to matter").await.unwrap();
        database.doubt_session("1", T0 + 500, "the export failed").await.unwrap();
        database.doubt_session("1", T0 + 400, "and this came after it").await.unwrap();
        assert_eq!(overdue(T0 + 499).await, []);
        assert_eq!(overdue(T0 + 500).await, [("1".into(), Some("the export failed".into()))]);
        assert!(database.end_session("1", &ending(SessionState::Succeeded), T0 + 450).await.unwrap());
        assert_eq!(overdue(T0 + 9_999_999).await, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_are_listed_page_by_page() {
    for place in Place::all() {
        let database = place.open().await;
        for (number, project) in [(1, "a"), (2, "b"), (3, "a"), (4, "c")] {
            asked(&database, &number.to_string(), project, T0 + number / 2).await;
        }
        let list = async |projects: Option<&[&str]>, before: Option<(i64, &str)>, limit: u32| {
            let filter = SessionFilter {
                projects: projects.map(|projects| projects.iter().map(|&one| one.to_owned()).collect()),
                before: before.map(|(time, id)| (time, id.to_owned())),
                limit,
            };
            ids(&database.sessions("org", &filter).await.unwrap()).join("")
        };
        assert_eq!(list(None, None, 10).await, "4321");
        assert_eq!(list(None, None, 2).await, "43");
        assert_eq!(list(None, Some((T0 + 1, "3")), 10).await, "21");
        assert_eq!(list(Some(&["a", "c"]), None, 10).await, "431");
        assert_eq!(list(Some(&[]), None, 10).await, "");
        assert_eq!(database.sessions("another", &SessionFilter { limit: 9, ..SessionFilter::default() }).await.unwrap(), []);
        database.set_session_export("1", "e1").await.unwrap();
        assert_eq!(database.session("1").await.unwrap().unwrap().export.as_deref(), Some("e1"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_has_room_for_so_many_files() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        asked(&nodes[0], "s", "a", T0).await;
        assert!(nodes[0].start_session("s", "key", T0 + 1000, T0).await.unwrap());
        let new = |id: usize| Upload {
            id: id.to_string(),
            session: "s".into(),
            name: format!("file-{id}"),
            place: json!({ "storage": "main" }),
            created_at: T0 + id as i64,
            bytes: None,
        };
        let create = |id: usize| {
            let (database, new) = (nodes[id % 2].clone(), new(id));
            tokio::spawn(async move { database.create_upload(&new, 3).await.unwrap() })
        };
        let mut made = 0;
        for task in (0..8).map(create).collect::<Vec<_>>() {
            made += usize::from(task.await.unwrap());
        }
        let found = nodes[0].uploads("s").await.unwrap();
        assert_eq!((made, found.len()), (3, 3));
        assert_eq!(nodes[0].unfinished_uploads().await.unwrap().len(), 3);
        nodes[0].finish_upload(&found[1].id, 17).await.unwrap();
        assert_eq!(nodes[1].upload(&found[1].id).await.unwrap(), Some(Upload { bytes: Some(17), ..found[1].clone() }));
        assert_eq!(nodes[0].unfinished_uploads().await.unwrap(), [found[0].name.clone(), found[2].name.clone()]);
        assert!(nodes[0].end_session("s", &ending(SessionState::Failed), T0).await.unwrap());
        assert_eq!(nodes[0].unfinished_uploads().await.unwrap(), [""; 0]);
        nodes[0].forget(T0 + 1).await.unwrap();
        assert_eq!(nodes[0].uploads("s").await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_is_there_when_any_node_sees_it() {
    for place in Place::all() {
        let database = place.open().await;
        let saw = async |plugin: &str, node: &str, seen_at: i64, until: i64| {
            database.saw_plugin(plugin, node, Presence { seen_at, until }).await.unwrap();
        };
        saw("p", "one", T0, T0 + 120).await;
        saw("p", "two", T0 + 10, T0 + 130).await;
        // It left one node, and not the other.
        saw("p", "one", T0 + 20, T0 + 20).await;
        let known = database.presence().await.unwrap();
        assert_eq!(known.get("p"), Some(&Presence { seen_at: T0 + 20, until: T0 + 130 }));
        assert_eq!(known.get("q"), None);
        database.forget_presence(T0 + 1000).await.unwrap();
        assert_eq!(database.presence().await.unwrap().get("p"), Some(&Presence { seen_at: T0 + 20, until: T0 + 20 }));
    }
}
