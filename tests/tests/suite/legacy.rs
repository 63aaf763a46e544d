//! The legacy format, as programs from before workflows read it.

use ango_tests::archive::{only, original, payload};
use ango_tests::cli::Cli;
use ango_tests::json::{compact, elements};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SAMPLES: &str = include_str!("../../data/v3-samples.json");

fn export(folder: &Path, args: &str) -> (Value, PathBuf) {
    let source = folder.join("samples.json");
    std::fs::write(&source, SAMPLES).unwrap();
    let storage = folder.join(format!("out{}", args.len()));
    let report = Cli::export(&source, &storage).args("--format legacy --all-stages").args(args).report(0);
    (report, storage)
}

#[test]
fn a_task_with_its_history_becomes_one_of_the_old_kind() {
    let folder = tempfile::tempdir().unwrap();
    let (report, storage) = export(folder.path(), "");
    let (name, text) = payload(&original(&storage));
    assert!(name.ends_with("_GMT.json"), "{name}");
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(all.len(), 3);
    // Key order is part of a format that people read with their eyes.
    let first = &elements(&text)[0];
    let keys = ["asset", "externalId", "metadata", "labeledAt", "status", "labelDuration", "consensus", "tasks", "batches"];
    let at: Vec<usize> = keys.iter().map(|key| first.find(&format!("\"{key}\":")).unwrap()).collect();
    assert!(at.is_sorted(), "{first}");
    let task = &all[0]["tasks"][0];
    assert_eq!(all[0]["tasks"].as_array().unwrap().len(), 1);
    assert_eq!((&task["taskId"], &task["status"]), (&json!("64885625c5c18a0015b9a2b2"), &json!("Completed")));
    assert_eq!(task["review"], json!({"status": "Todo", "completedBy": [], "completedAt": null, "duration": 0}));
    assert_eq!(all[0]["labeledAt"], task["completedAt"]);
    assert_eq!(task["objects"][0]["bounding-box"]["x"].to_string(), "559.1259640102828");
    assert!(task.get("stage").is_none() && task.get("stageHistory").is_none() && task.get("tools").is_none());
    // What the other format has no place for is counted, not forgotten.
    let count =
        |code: &str| report["leftOut"].as_array().unwrap().iter().find(|left| left["code"] == code).map_or(0, |left| left["count"].as_u64().unwrap());
    assert_eq!((count("stage"), count("issues")), (3, 3));
    assert!(count("stage-history") >= 2 && count("column-field") > 0, "{report}");
    assert!(report["leftOut"].as_array().unwrap().iter().all(|left| left["meaning"].as_str().unwrap().len() > 20));
}

#[test]
fn toggles_and_filters_apply_and_answers_have_no_ids() {
    let folder = tempfile::tempdir().unwrap();
    let has_metadata = |args: &str| {
        let all: Vec<Value> = serde_json::from_str(&payload(&original(&export(folder.path(), args).1)).1).unwrap();
        assert!(all.iter().flat_map(|asset| asset["tasks"][0]["classifications"].as_array().unwrap()).all(|answer| answer.get("objectId").is_none()));
        all[0]["tasks"][0]["objects"][0].get("metadata").is_some()
    };
    assert!(!has_metadata(""));
    assert!(has_metadata("--metadata"));
    let storage = folder.path().join("review");
    Cli::export(&folder.path().join("samples.json"), &storage).args("--format legacy").arg("--stage").arg("Review Stage 2").expect(0);
    let all: Vec<Value> = serde_json::from_str(&payload(&original(&storage)).1).unwrap();
    assert_eq!(all.len(), 1);
}

#[test]
fn plugins_get_tasks_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("samples.json");
    std::fs::write(&source, SAMPLES).unwrap();
    let coco = |format: &str| {
        let storage = folder.path().join(format);
        Cli::export(&source, &storage).args("--all-stages --plugin coco --format").arg(format).run();
        std::fs::read(only(&storage, ".coco.zip")).unwrap()
    };
    assert!(coco("legacy") == coco("json"));
}

#[test]
fn the_summary_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("samples.json");
    std::fs::write(&source, SAMPLES).unwrap();
    let run = Cli::export(&source, folder.path().join("out")).args("--format legacy --all-stages").expect(0);
    assert!(run.stderr.contains("without 3 x stage: "), "{run}");
    // An export in the old format is no input.
    let (_, text) = payload(&original(&folder.path().join("out")));
    assert_eq!(compact(&text), text.replace(",\n", ","));
    let run = Cli::convert(original(&folder.path().join("out")), folder.path().join("again")).args("--plugin coco").expect(5);
    assert!(run.stderr.contains("legacy format"), "{run}");
}
