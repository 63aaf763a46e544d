//! A project in a store exports what its folder exports, and can be filled again and again.

use ango_tests::archive::{list, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, records, write};
use std::path::{Path, PathBuf};

/// Enough for several chunks and several transactions.
const TASKS: usize = 5000;

fn import(project: &Path, into: &Path) -> Cli {
    Cli::new(["project", "import"]).arg(project).arg("--into").arg(into)
}

fn exported(project: &Path, storage: PathBuf, args: &str) -> String {
    Cli::export(project, &storage).args(args).args("--format ndjson --metadata --history").expect(0);
    payload(&original(&storage)).1
}

#[test]
fn a_store_exports_what_its_folder_exports() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (project, store) = (harbour(&path("project"), TASKS), path("store.db"));
    let run = import(&project, &store).expect(0);
    assert!(run.text().contains("5000 new tasks, 0 updated, 0 unchanged, 0 malformed"), "{run}");
    for (index, args) in
        ["", "--all-stages", "--stage Review", "--task-type default --updated-after 2000-01-01T00:00:00Z", "--stage Start"].iter().enumerate()
    {
        let of_folder = exported(&project, path(&format!("f{index}")), args);
        assert_eq!(exported(&store, path(&format!("s{index}")), args), of_folder, "{args}");
        assert!(index == 4 || of_folder.len() > 1000, "{args}");
    }
    // Its project came along: names, classes and their order.
    let name = |storage: &str| list(&path(storage)).into_iter().find(|name| name.ends_with("GMT.zip") || name.contains("_GMT-")).unwrap();
    assert!(name("s0").starts_with("Harbour-task-export-"), "{}", name("s0"));
    let coco = |project: &Path, to: &str| {
        Cli::export(project, path(to)).args("--plugin coco").expect(3);
        ango_tests::archive::by_name(&ango_tests::archive::only(&path(to), ".coco.zip"))
    };
    // Equal files; the archives are cut elsewhere, since the store does not even read what is left out.
    assert!(coco(&project, "f-coco") == coco(&store, "s-coco"));
}

#[test]
fn an_import_can_be_run_again_and_brings_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (project, store) = (harbour(&path("project"), 100), path("store.db"));
    import(&project, &store).expect(0);
    assert!(import(&project, &store).expect(0).text().contains("0 new tasks, 0 updated, 100 unchanged"));
    let changed = records(120).replacen("\"externalId\":\"", "\"externalId\":\"new-", 1);
    let project = write(&path("changed"), PROJECT, changed.as_bytes());
    assert!(import(&project, &store).expect(0).text().contains("20 new tasks, 1 updated, 99 unchanged"));
    assert_eq!(exported(&store, path("s"), "--all-stages"), exported(&project, path("f"), "--all-stages"));
}

#[test]
fn malformed_records_are_listed_and_the_others_go_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let records = records(10)
        .lines()
        .enumerate()
        .map(|(index, line)| if index == 3 { "{\"asset\":\"x\"}\n".to_owned() } else { format!("{line}\n") })
        .collect::<String>();
    let project = write(&path("project"), PROJECT, records.as_bytes());
    let run = import(&project, &path("store.db")).expect(5);
    assert!(run.text().contains("line 4") && run.text().contains("the key 'task' is missing"), "{run}");
    assert!(run.text().contains("9 new tasks, 0 updated, 0 unchanged, 1 malformed"), "{run}");
    assert_eq!(exported(&path("store.db"), path("s"), "--all-stages").lines().count(), 9);
}

#[test]
fn single_tasks_are_asked_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (project, store) = (harbour(&path("project"), 50), path("store.db"));
    import(&project, &store).expect(0);
    let ids: Vec<String> = records(3).lines().map(|line| line.split("\"taskId\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()).collect();
    let one = exported(&store, path("one"), &format!("--all-stages --task {} --task {}", ids[0], ids[2]));
    assert_eq!(one.lines().count(), 2);
    let run = Cli::export(&store, path("none")).args("--task nobody").expect(2);
    assert!(run.text().contains("task 'nobody' does not exist"), "{run}");
    assert!(list(&path("none")).is_empty());
}

#[test]
fn what_is_no_store_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let project = harbour(&path("project"), 5);
    std::fs::write(path("text.db"), "not a database at all").unwrap();
    let run = import(&project, &path("text.db")).expect(2);
    assert!(run.text().contains("is not the store of a project"), "{run}");
    assert_eq!(std::fs::read(path("text.db")).unwrap(), b"not a database at all");
    std::fs::write(path("broken.db"), [b"SQLite format 3\0".as_slice(), &[7; 5000]].concat()).unwrap();
    let run = Cli::export(&path("broken.db"), path("out")).expect(2);
    assert!(run.text().contains("broken.db"), "{run}");
    import(&project, &path("store.db")).expect(0);
    assert!(import(&path("store.db"), &path("store.db")).expect(2).text().contains("is the source"));
    import(&path("store.db"), &path("copy.db")).expect(0);
    assert_eq!(exported(&path("copy.db"), path("c"), "--all-stages"), exported(&project, path("f"), "--all-stages"));
}
