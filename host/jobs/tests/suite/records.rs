//! Logs, the record of what was done, settings, notifications.

use crate::support::{Place, T0};
use ango_jobs::{AuditEntry, ExportStorage, NewLog, NewNotification, ProjectSettings};
use serde_json::json;

fn line(message: &str) -> NewLog {
    NewLog { time: T0, level: "info".into(), plugin: Some("coco".into()), message: message.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_are_numbered_whoever_says_them() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let say = |index: usize| {
            let database = nodes[index % 2].clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    database.append_logs("x", &[line("one"), line("two")]).await.unwrap();
                }
            })
        };
        for task in (0..6).map(say).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        nodes[0].append_logs("y", &[line("of another")]).await.unwrap();
        let lines = nodes[1].logs("x", 0, 1_000).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), (1..=120).collect::<Vec<_>>(), "{:?}", place.address);
        let later = nodes[1].logs("x", 118, 1).await.unwrap();
        assert_eq!((later.len(), later[0].seq, later[0].message.as_str(), later[0].plugin.as_deref()), (1, 119, "one", Some("coco")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_has_an_end_and_so_has_a_line() {
    for place in Place::all() {
        let database = place.open().await;
        database.append_logs("x", &[line(&"é".repeat(10_000)), line("nothing: \0.")]).await.unwrap();
        for _ in 0..6 {
            let many: Vec<NewLog> = (0..2_000).map(|index| line(&index.to_string())).collect();
            database.append_logs("x", &many).await.unwrap();
        }
        let lines = database.logs("x", 0, 20_000).await.unwrap();
        assert_eq!(lines.len(), 10_001);
        assert_eq!(lines[0].message, "é".repeat(4 << 10));
        assert_eq!(lines[1].message, "nothing: \u{fffd}.");
        let last = lines.last().unwrap();
        assert_eq!((last.seq, last.level.as_str(), last.message.as_str()), (10_001, "warning", "further lines are not kept"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_keeps_everything_in_order() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let write = |index: usize| {
            let database = nodes[index % 2].clone();
            let entry = AuditEntry {
                id: 0,
                organisation: if index == 7 { "another" } else { "org" }.into(),
                at: T0 + index as i64,
                actor: "Ada (0123abcd)".into(),
                action: if index.is_multiple_of(2) { "export.start" } else { "key.revoke" }.into(),
                project: Some("p".into()),
                target: None,
                detail: json!({ "index": index }),
                from: Some("::1".into()),
            };
            tokio::spawn(async move { database.audit(&entry).await.unwrap() })
        };
        for task in (0..20).map(write).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let (mut entries, mut before) = (Vec::new(), None);
        loop {
            let page = nodes[0].audit_entries("org", before, 6).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            entries.extend(page);
        }
        assert_eq!(entries.len(), 19);
        assert!(entries.is_sorted_by(|a, b| a.id > b.id));
        let mut told: Vec<i64> = entries.iter().map(|entry| entry.detail["index"].as_i64().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, (0..20).filter(|index| *index != 7).collect::<Vec<_>>());
        nodes[0].forget(T0 + 10).await.unwrap();
        let left = nodes[0].audit_entries("org", None, 100).await.unwrap();
        assert!(left.len() == 10 && left.iter().all(|entry| entry.at >= T0 + 10));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_those_that_were_set_last() {
    for place in Place::all() {
        let database = place.open().await;
        assert_eq!(database.project_settings("org", "p").await.unwrap(), None);
        let storage = ExportStorage { storage: "s3".into(), bucket: Some("b".into()), path: "exports/ü".into() };
        for settings in [ProjectSettings { export_storage: Some(storage) }, ProjectSettings::default()] {
            database.set_project_settings("org", "p", &settings).await.unwrap();
            assert_eq!(place.open().await.project_settings("org", "p").await.unwrap(), Some(settings));
        }
        assert_eq!(database.project_settings("another", "p").await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notifications_are_for_those_who_see_the_project() {
    for place in Place::all() {
        let database = place.open().await;
        for project in [Some("a"), Some("b"), None, Some("a")] {
            let new = NewNotification {
                organisation: "org".into(),
                project: project.map(str::to_owned),
                export_id: Some("x".into()),
                kind: "ready".into(),
                title: "Export ready".into(),
                message: String::new(),
                link: Some("https://example.org/#/x".into()),
                receiver: None,
            };
            database.notify(&new, T0).await.unwrap();
        }
        let of = async |projects: Option<&[String]>, reader: &str, after: i64, limit: u32| {
            let found = database.notifications("org", projects, reader, "Ada", after, limit).await.unwrap();
            found.into_iter().map(|one| (one.id, one.project, one.read)).collect::<Vec<_>>()
        };
        let all = of(None, "ada", 0, 10).await;
        assert_eq!(all.iter().map(|(_, project, _)| project.as_deref()).collect::<Vec<_>>(), [Some("a"), None, Some("b"), Some("a")]);
        let ids: Vec<i64> = all.iter().map(|(id, _, _)| *id).collect();
        let b = ["b".to_owned()];
        assert_eq!(of(Some(&b), "ada", 0, 10).await.iter().map(|(id, _, _)| *id).collect::<Vec<_>>(), [ids[1], ids[2]]);
        assert_eq!(of(Some(&b), "ada", 0, 1).await.len(), 1);
        assert_eq!(of(Some(&[]), "ada", ids[2], 10).await.len(), 1);
        assert_eq!(of(None, "ada", ids[1], 10).await.len(), 1);
        assert_eq!(database.notifications("another", None, "ada", "Ada", 0, 10).await.unwrap(), []);
        let read = async |reader: &str| of(None, reader, 0, 10).await.into_iter().map(|(_, _, read)| read).collect::<Vec<_>>();
        database.mark_read("another", "ada", ids[0]).await.unwrap();
        assert_eq!(read("ada").await, [false; 4]);
        for _ in 0..2 {
            database.mark_read("org", "ada", ids[0]).await.unwrap();
        }
        assert_eq!(read("ada").await, [true, false, false, false]);
        assert_eq!(read("bob").await, [false; 4]);
        database.mark_all_read("org", "bob", ids[1]).await.unwrap();
        assert_eq!(read("bob").await, [false, true, true, true]);
        database.forget(T0 + 1).await.unwrap();
        assert_eq!(of(None, "ada", 0, 10).await, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_for_one_is_shown_to_nobody_else() {
    for place in Place::all() {
        let database = place.open().await;
        for receiver in [Some("ada@example.org"), None] {
            let new = NewNotification {
                organisation: "org".into(),
                project: None,
                export_id: None,
                kind: "message".into(),
                title: "For you".into(),
                message: String::new(),
                link: None,
                receiver: receiver.map(str::to_owned),
            };
            database.notify(&new, T0).await.unwrap();
        }
        let count = async |name: &str| database.notifications("org", None, "key", name, 0, 10).await.unwrap().len();
        assert_eq!((count("ada@example.org").await, count("bob@example.org").await), (2, 1));
    }
}
