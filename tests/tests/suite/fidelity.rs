//! The original export holds what the records hold, letter for letter: key order, numbers, unknown keys.

use ango_tests::archive::{original, payload};
use ango_tests::cli::Cli;
use ango_tests::json::{compact, elements};
use ango_tests::project::{PROJECT, write};
use serde_json::Value;
use std::path::Path;

const SAMPLES: &str = include_str!("../../data/v3-samples.json");

/// The original export of the samples, made with these arguments.
fn export(input: &str, args: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("samples.json");
    std::fs::write(&source, input).unwrap();
    let run = Cli::export(&source, folder.path().join("out")).args(args).run();
    assert!([0, 3].contains(&run.code), "{run}");
    payload(&original(&folder.path().join("out"))).1
}

const EVERYTHING: &str = "--metadata --history --idle --all-stages";

/// The samples as an export has them: without what only a store knows of a task, and with a box from its top-left corner that was drawn from its bottom-right one.
fn samples() -> String {
    let samples = SAMPLES.replace("      \"type\": \"default\",\n", "");
    assert!(samples.len() < SAMPLES.len());
    let drawn = r#"{ "x": 560.5, "y": 370, "height": -20.25, "width": -10.00 }"#;
    assert!(samples.contains(drawn));
    samples.replace(drawn, r#"{ "x": 550.5, "y": 349.75, "height": 20.25, "width": 10.00 }"#)
}

#[test]
fn an_export_of_everything_is_the_records_letter_for_letter() {
    let samples = samples();
    let samples = elements(&samples);
    assert_eq!(samples.len(), 3);
    let lines = export(SAMPLES, &format!("{EVERYTHING} --format ndjson"));
    assert_eq!(lines.lines().collect::<Vec<_>>(), samples);
    // The comparison would be worth nothing if it could not see how a number is spelled.
    assert!(lines.contains("1.08e3") && lines.contains("\"width\":10.00") && lines.contains("0.870000000000000105"));
}

#[test]
fn json_to_ndjson_and_back_changes_nothing() {
    let array = export(SAMPLES, EVERYTHING);
    assert_eq!(compact(&array), compact(&samples()));
    let lines = export(&array, &format!("{EVERYTHING} --format ndjson"));
    let again = export(&lines, EVERYTHING);
    assert_eq!(again, array);
    assert_eq!(export(&SAMPLES.replace('\n', "\r\n\t"), EVERYTHING), array);
}

#[test]
fn half_a_surrogate_pair_is_kept_as_it_is_written() {
    // JSON allows it, and JavaScript writes it when it cuts a text in the middle of a letter.
    let record = r#"{"asset":"a","externalId":"\ud83d!","task":{"taskId":"t","stage":"Complete"}}"#;
    assert_eq!(export(record, "--format ndjson"), record);
    assert_eq!(export(record, "--plugin yolo"), format!("[{record}]"));
}

#[test]
fn the_zip_of_an_export_is_an_input_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let project = write(&path("project"), PROJECT, elements(SAMPLES).join("\n").as_bytes());
    let zip = |from: &Path, to: &str| {
        Cli::export(from, path(to)).args(EVERYTHING).expect(0);
        original(&path(to))
    };
    let first = zip(&project, "a");
    let second = zip(&first, "b");
    assert_eq!(payload(&first).1, payload(&second).1);
}

/// Takes out what an export without its toggles leaves out: `metadata` of annotations, not that of the asset, and `stageHistory` of the task.
fn without(record: &mut Value, metadata: bool, history: bool, idle: bool) {
    fn strip(annotations: &mut Value) {
        for list in ["tools", "classifications", "relations"] {
            for item in annotations.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                item.as_object_mut().unwrap().remove("metadata");
                strip(item);
            }
        }
    }
    let task = &mut record["task"];
    if idle {
        task.as_object_mut().unwrap().retain(|key, _| !key.to_lowercase().ends_with("idleduration") && !key.to_lowercase().ends_with("blurduration"));
        for visit in task.get_mut("stageHistory").and_then(Value::as_array_mut).into_iter().flatten() {
            visit.as_object_mut().unwrap().retain(|key, _| key != "idleDuration" && key != "blurDuration");
        }
    }
    if history {
        task.as_object_mut().unwrap().remove("stageHistory");
    }
    if metadata {
        strip(task);
        task.get_mut("stageHistory").and_then(Value::as_array_mut).into_iter().flatten().for_each(strip);
    }
}

#[test]
fn each_toggle_drops_exactly_its_part() {
    // One sample has idle times in its task; one gets them in a stage as well.
    let samples = samples().replace("\"duration\": 10354,", "\"duration\": 10354, \"idleDuration\": 7, \"blurDuration\": 8,");
    assert!(samples.contains("\"idleDuration\": 7"));
    for toggles in 0..8 {
        let on = |bit: usize, flag: &'static str| if toggles >> bit & 1 == 1 { flag } else { "" };
        let args = [on(0, "--metadata"), on(1, "--history"), on(2, "--idle")].join(" ");
        let off = |bit: usize| toggles >> bit & 1 == 0;
        let exported: Vec<Value> = serde_json::from_str(&export(&samples, &args)).unwrap();
        let mut expected: Vec<Value> = serde_json::from_str(&samples).unwrap();
        expected.retain(|record| record["task"]["stage"] == "Complete");
        expected.iter_mut().for_each(|record| without(record, off(0), off(1), off(2)));
        assert_eq!(exported, expected, "{args}");
    }
}

#[test]
fn stages_are_chosen_by_name_and_by_id() {
    let ids = |args: &[&str]| -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("samples.json");
        std::fs::write(&source, SAMPLES).unwrap();
        let cli = args.iter().fold(Cli::export(&source, folder.path().join("out")), |cli, arg| cli.arg(arg));
        cli.expect(0);
        let records: Vec<Value> = serde_json::from_str(&payload(&original(&folder.path().join("out"))).1).unwrap();
        records.iter().map(|record| record["task"]["taskId"].as_str().unwrap().to_owned()).collect()
    };
    let (full, tools, review) = ("64885625c5c18a0015b9a2b2", "66a1f0b2c3d4e5f60718293b", "66a1f0b2c3d4e5f60718293c");
    assert_eq!(ids(&[]), [full, tools]);
    assert_eq!(ids(&["--stage", "Review Stage 2"]), [review]);
    assert_eq!(ids(&["--stage", "194e870c-0000-4000-8000-000000000002"]), [review]);
    assert_eq!(ids(&["--stage", "Review Stage 2", "--stage", "Complete"]), [full, tools, review]);
    assert_eq!(ids(&["--all-stages"]), [full, tools, review]);
}
