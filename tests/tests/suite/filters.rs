//! Filters: each says which tasks, together they must all agree, and what does not exist is an error.

use ango_tests::archive::{original, payload};
use ango_tests::cli::{Cli, Run};
use ango_tests::project::{PROJECT, write};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Six tasks that differ in everything that can be asked for.
fn project(folder: &Path) -> PathBuf {
    let task = |id: usize, stage: &str, kind: Option<&str>, batches: &[&str], created: &str, updated: &str| {
        let mut record = json!({"asset": format!("https://x.test/{id}.jpg"), "externalId": format!("{id}.jpg"), "metadata": {}, "batches": batches, "task": {
            "taskId": format!("t{id}"), "stage": stage, "createdAt": created, "updatedAt": updated, "tools": [], "classifications": [], "relations": []}});
        if let Some(kind) = kind {
            record["task"]["type"] = json!(kind);
        }
        record.to_string() + "\n"
    };
    let records = [
        task(1, "Complete", None, &["North"], "2024-01-01T00:00:00.000Z", "2024-02-01T00:00:00.000Z"),
        task(2, "Complete", Some("default"), &["South"], "2024-01-02T00:00:00.000Z", "2024-02-02T00:00:00.000Z"),
        task(3, "Complete", Some("consensus"), &["North", "South"], "2024-01-03T00:00:00.000Z", "2024-02-03T00:00:00.000Z"),
        task(4, "Complete", Some("benchmark"), &[], "2024-01-04T00:00:00.000Z", "2024-02-04T00:00:00.000Z"),
        task(5, "Review", None, &["North"], "2024-01-05T00:00:00.000Z", "2024-02-05T00:00:00.000Z"),
        task(6, "Complete", None, &["North"], "", "2024-02-06T00:00:00.000Z"),
    ];
    let mut project: Value = serde_json::from_str(PROJECT).unwrap();
    project["batches"] = json!([{"id": "b1", "name": "North"}, {"id": "b2", "name": "South"}]);
    write(&folder.join("project"), &project.to_string(), records.concat().as_bytes())
}

fn run(folder: &Path, args: &str) -> (Run, PathBuf) {
    let storage = folder.join(args.replace([':', ' '], "_"));
    (Cli::export(&folder.join("project"), &storage).args(args).run(), storage)
}

#[test]
fn a_task_must_pass_every_filter() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    for (args, expected) in [
        ("", "12346"),
        ("--all-stages", "123456"),
        ("--batch North", "136"),
        ("--batch b1", "136"),
        ("--batch North --batch b2", "1236"),
        ("--task-type default", "126"),
        ("--task-type consensus --task-type benchmark", "34"),
        ("--task t2 --task t4", "24"),
        // The stage still counts, and t5 exists.
        ("--task t5 --task t1", "1"),
        ("--updated-after 2024-02-02T00:00:00Z", "346"),
        ("--updated-before 2024-02-02T00:00:00Z", "1"),
        ("--updated-after 2024-02-01T12:00:00Z --updated-before 2024-02-03T12:00:00+00:00", "23"),
        // What has no time of creation was created at no time.
        ("--created-after 2024-01-01T00:00:00Z", "234"),
        ("--created-before 2024-01-03T00:00:00.001Z --all-stages", "123"),
        ("--batch South --task-type consensus --created-after 2024-01-01T00:00:00Z --task t3 --task t2", "3"),
    ] {
        let (run, storage) = run(folder.path(), args);
        assert_eq!(run.code, 0, "{args}: {run}");
        let records: Vec<Value> = serde_json::from_str(&payload(&original(&storage)).1).unwrap();
        let ids: String = records.iter().map(|record| record["task"]["taskId"].as_str().unwrap().trim_start_matches('t')).collect();
        assert_eq!(ids, expected, "{args}");
        assert!(
            records.iter().all(|record| record["task"].get("type").is_none() && record["task"].get("createdAt").is_none()),
            "only a store knows these"
        );
    }
}

#[test]
fn what_does_not_exist_is_an_error_that_lists_what_does() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    for (args, message) in [
        ("--batch East", "batch 'East' does not exist: there are North (b1), South (b2)"),
        ("--stage Nowhere --batch North", "stage 'Nowhere' does not exist: there are Start, Review"),
        ("--task t1 --task t9 --task t7", "task 't7', 't9' does not exist in the project"),
        ("--task-type golden", "possible values: default, consensus, benchmark"),
        ("--updated-after yesterday", "expected a time like 2024-05-01T00:00:00Z"),
    ] {
        let (run, storage) = run(folder.path(), args);
        assert_eq!(run.code, 2, "{args}: {run}");
        assert!(run.text().contains(message), "{args}: {run}");
        assert_eq!(ango_tests::archive::list(&storage), Vec::<String>::new(), "{args}");
    }
}

#[test]
fn a_filter_that_nothing_matches_gives_an_empty_export_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    for (args, words) in [
        ("--stage Start", "no task of 6 is in the stage Start"),
        ("--batch South --task-type benchmark", "no task of 6 passes all filters"),
        ("--updated-after 2030-01-01T00:00:00Z --plugin coco", "no task of 6 passes all filters"),
    ] {
        let (run, storage) = run(folder.path(), args);
        assert_eq!(run.code, 0, "{args}: {run}");
        assert!(run.text().contains(words), "{args}: {run}");
        assert_eq!(payload(&original(&storage)).1, "[]");
    }
}

#[test]
fn a_query_asks_for_the_same_as_options_do() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    for (index, (query, args)) in [
        (r#"stage=%5B%22Complete%22%5D"#, ""),
        ("sendEmail=false&doNotNotify=true&project=P1", "--all-stages"),
        (
            r#"stage=["Complete","Review"]&includeMetadata=true&includeHistory=true&includeOnlyKeyFrames=true&format=ndjson"#,
            "--stage Complete --stage Review --metadata --history --only-key-frames --format ndjson",
        ),
        (r#"batches=["b1"]&taskTypes=["default"]&includeIdleBlurDurations=true"#, "--all-stages --batch b1 --task-type default --idle"),
        (r#"updatedAt=%7B%22%24gt%22%3A+%222024-02-02T00%3A00%3A00.000000Z%22%7D"#, "--all-stages --updated-after 2024-02-02T00:00:00Z"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = |name: &str| folder.path().join(format!("{name}{index}"));
        Cli::export(&folder.path().join("project"), path("query")).arg("--query").arg(query).expect(0);
        Cli::export(&folder.path().join("project"), path("options")).args(args).expect(0);
        assert!(payload(&original(&path("query"))) == payload(&original(&path("options"))), "{query}");
    }
    let run = Cli::export(&folder.path().join("project"), folder.path().join("x")).args("--query stages=Complete").expect(2);
    assert!(
        run.stderr.contains("--query: parameter 'stages' with the value 'Complete': there is no such parameter; there are project, format"),
        "{run}"
    );
    let run = Cli::export(&folder.path().join("project"), folder.path().join("x")).args("--query stage=Complete --metadata").expect(2);
    assert!(run.stderr.contains("cannot be used with"), "{run}");
    assert!(!folder.path().join("x").exists() || ango_tests::archive::list(&folder.path().join("x")).is_empty());
}
