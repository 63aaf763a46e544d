//! The same input gives the same bytes: twice, and with any number of workers.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use std::collections::BTreeMap;
use std::path::Path;

/// The archives of a folder by what they are: the original, or a plugin's.
fn archives(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let zips = list(folder).into_iter().filter(|name| name.ends_with(".zip"));
    let kind = |name: &str| name.split_once('.').map(|(_, kind)| kind.to_owned()).unwrap();
    zips.map(|name| (kind(&name), std::fs::read(folder.join(&name)).unwrap())).collect()
}

/// Enough tasks for several chunks, so that workers have something to overtake each other with.
const TASKS: usize = 8000;

#[test]
fn an_export_has_the_same_bytes_twice_and_with_any_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), TASKS);
    let mut all = Vec::new();
    for (run, workers) in ["1", "4", "4", "3"].iter().enumerate() {
        let storage = folder.path().join(run.to_string());
        let cli = Cli::export(&project, &storage)
            .args("--plugin coco --plugin yolo --option yolo.split.by=ratio --option yolo.split.val_ratio=0.3 --workers")
            .arg(workers);
        cli.arg("--format").arg("ndjson").expect(3);
        all.push(archives(&storage));
    }
    assert_eq!(all[0].keys().collect::<Vec<_>>(), ["coco.zip", "yolo.zip", "zip"]);
    assert!(all[0].values().all(|archive| archive.len() > 10_000), "the archives hold something");
    for (run, archives) in all.iter().enumerate().skip(1) {
        for (kind, bytes) in archives {
            assert!(bytes == &all[0][kind], "{kind} of run {run} differs from run 0");
        }
    }
}

#[test]
fn a_conversion_has_the_same_bytes_twice_and_with_any_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("harbour.ndjson");
    std::fs::write(&export, ango_tests::project::records(TASKS)).unwrap();
    let mut all = Vec::new();
    for (run, workers) in ["1", "4", "4"].iter().enumerate() {
        let to = folder.path().join(run.to_string());
        Cli::convert(&export, &to).args("--plugin coco --plugin yolo --option yolo.task=segment --workers").arg(workers).expect(3);
        all.push(archives(&to));
    }
    assert_eq!(all[0].len(), 2);
    assert!(all[0] == all[1] && all[1] == all[2]);
}

#[test]
fn fuel_does_not_depend_on_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 3000);
    let fuel = |run: &str, workers: &str| {
        let report = Cli::export(&project, folder.path().join(run)).args("--plugin coco --workers").arg(workers).report(3);
        report["plugins"][0]["used"]["fuel"].as_u64().unwrap()
    };
    let first = fuel("a", "1");
    assert!(first > 1_000_000, "{first}");
    assert_eq!(first, fuel("b", "4"));
}

#[test]
fn the_time_of_the_environment_makes_archives_reproducible_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 5);
    let export = |run: &str, epoch: &str| {
        let storage = folder.path().join(run);
        Cli::new(["export", "--project"]).arg(&project).arg("--storage").arg(&storage).env("SOURCE_DATE_EPOCH", epoch).expect(0);
        (list(&storage), archives(&storage))
    };
    let (names, first) = export("a", "1714521600");
    assert!(names[0].starts_with("Harbour-task-export-2024-05-01-00_00_00_GMT-"), "{names:?}");
    assert!(first == export("b", "1714521600").1);
    assert!(first != export("c", "1714521662").1, "the time is in the archive");
}
