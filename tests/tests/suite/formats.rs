//! The formats of the original export hold the same records, and each of them is read again.

use ango_tests::archive::{entries, original};
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Enough tasks for several chunks.
const TASKS: usize = 8000;

fn export(project: &Path, storage: &Path, args: &str) -> PathBuf {
    Cli::export(project, storage).args("--metadata --history").args(args).expect(0);
    original(storage)
}

/// The lines of all entries in order. No entry ends with a line break, as old clients count them.
fn lines(zip: &Path) -> Vec<String> {
    let texts = entries(zip).into_iter().map(|(name, data)| {
        let text = String::from_utf8(data).unwrap();
        assert!(!text.ends_with('\n'), "{name}");
        text
    });
    texts.flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_format_holds_the_same_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let project = harbour(&path("project"), TASKS);
    let ndjson = lines(&export(&project, &path("ndjson"), "--format ndjson"));
    assert!(ndjson.len() > TASKS / 2 && ndjson.iter().map(String::len).sum::<usize>() > 6 << 20, "several chunks");

    let (_, json) = ango_tests::archive::payload(&export(&project, &path("json"), "--format json"));
    assert_eq!(json, format!("[{}]", ndjson.join(",\n")));
    assert_eq!(serde_json::from_str::<Vec<Value>>(&json).unwrap().len(), ndjson.len());

    let split = export(&project, &path("split"), "--format split --split-tasks 700");
    let parts = entries(&split);
    assert_eq!(parts.len(), ndjson.len().div_ceil(700));
    for (index, (name, data)) in parts.iter().enumerate() {
        assert!(name.starts_with("Harbour-task-export-") && name.ends_with(&format!("_GMT-part-{:04}.ndjson", index + 1)), "{name}");
        let count = data.split(|byte| *byte == b'\n').count();
        assert_eq!(count, if index + 1 < parts.len() { 700 } else { ndjson.len() - index * 700 });
    }
    assert_eq!(lines(&split), ndjson);
    let again = export(&project, &path("again"), "--format split --split-tasks 700 --workers 1");
    assert!(std::fs::read(&split).unwrap() == std::fs::read(&again).unwrap(), "the cuts depend on the records alone");

    let by_size = export(&project, &path("by-size"), "--format split --split-mib 4");
    let sizes: Vec<usize> = entries(&by_size).iter().map(|(_, data)| data.len()).collect();
    assert!(sizes.len() > 1 && sizes.iter().all(|size| *size <= 4 << 20), "{sizes:?}");
    assert_eq!(lines(&by_size), ndjson);

    // Back again, from parts and from an array.
    assert_eq!(lines(&export(&split, &path("from-split"), "--format ndjson")), ndjson);
    assert_eq!(lines(&export(&original(&path("json")), &path("from-json"), "--format ndjson")), ndjson);
}

#[test]
fn an_empty_export_has_one_part() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 10);
    let zip = export(&project, &folder.path().join("out"), "--format split --stage Start");
    let parts = entries(&zip);
    assert_eq!((parts.len(), parts[0].1.len()), (1, 0));
}

#[test]
fn splitting_goes_with_its_format_alone() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 10);
    let run = Cli::export(&project, folder.path().join("out")).args("--split-tasks 5").expect(2);
    assert!(run.text().contains("--split-tasks goes with --format split"), "{run}");
    Cli::export(&project, folder.path().join("out")).args("--format split --split-tasks 0").expect(2);
}
