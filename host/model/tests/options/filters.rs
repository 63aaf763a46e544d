//! Each filter alone, in pairs and in every other combination, and the names in filters against what a project has.

use ango_model::json::Document;
use ango_model::ontology::{Batch, Stage};
use ango_model::options::{ExportOptions, StageFilter, TaskType, TimeRange};
use ango_model::time::parse_iso;
use std::collections::HashSet;

const RECORD: &str = r#"{"asset":"a","batches":[null,"north","s\u00fcd"],"task":{"taskId":"t1","type":"consensus","stage":"Review Stage 2","stageId":"194e",
    "createdAt":1704067200000,"updatedAt":"2024-01-02T00:00:00.000Z"}}"#;

fn selects(record: &str, options: &ExportOptions) -> bool {
    let document = Document::parse(record).unwrap_or_else(|error| panic!("{error:?} in {record}"));
    options.selects(&document.root())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn after(text: &str) -> TimeRange {
    TimeRange { after: Some(parse_iso(text).unwrap()), before: None }
}

fn before(text: &str) -> TimeRange {
    TimeRange { after: None, before: Some(parse_iso(text).unwrap()) }
}

type Change = fn(&mut ExportOptions);

/// A filter, and ways to set it that select the record, and ways that do not.
const FILTERS: [(&str, &[Change], &[Change]); 6] = [
    (
        "stages",
        &[|o| o.stages = StageFilter::Only(texts(&["194e"])), |o| o.stages = StageFilter::Only(texts(&["Complete", "Review Stage 2"]))],
        &[
            |o| o.stages = StageFilter::default(),
            |o| o.stages = StageFilter::Only(texts(&["review stage 2", ""])),
            |o| o.stages = StageFilter::Only(vec![]),
        ],
    ),
    (
        "batches",
        &[|o| o.batches = Some(texts(&["north"])), |o| o.batches = Some(texts(&["west", "süd"]))],
        &[|o| o.batches = Some(texts(&["west", "null", ""])), |o| o.batches = Some(vec![])],
    ),
    (
        "task types",
        &[|o| o.task_types = Some(vec![TaskType::Default, TaskType::Consensus])],
        &[|o| o.task_types = Some(vec![TaskType::Default, TaskType::Benchmark]), |o| o.task_types = Some(vec![])],
    ),
    (
        "updated",
        &[|o| o.updated = after("2024-01-01T23:59:59.999Z"), |o| o.updated = before("2024-01-02T00:00:00.001Z")],
        &[|o| o.updated = after("2024-01-02"), |o| o.updated = before("2024-01-02")],
    ),
    (
        "created",
        &[|o| o.created = TimeRange { before: before("2024-01-01T00:00:00.001Z").before, ..after("2023-12-31T23:59:59.999Z") }],
        &[|o| o.created = after("2024-01-01"), |o| o.created = before("2024-01-01")],
    ),
    (
        "tasks",
        &[|o| o.tasks = Some(HashSet::from(["t0".into(), "t1".into()]))],
        &[|o| o.tasks = Some(HashSet::from(["t".into()])), |o| o.tasks = Some(HashSet::new())],
    ),
];

#[test]
fn a_record_is_selected_when_every_filter_selects_it() {
    // Every filter in every way, and not set, with every other.
    let mut combinations = vec![(ExportOptions::everything(), true, String::new())];
    for (name, passing, failing) in FILTERS {
        let ways: Vec<(Change, bool)> = passing.iter().map(|way| (*way, true)).chain(failing.iter().map(|way| (*way, false))).collect();
        let mut more = Vec::new();
        for (options, selected, names) in &combinations {
            for (position, (way, passes)) in ways.iter().enumerate() {
                let mut options = options.clone();
                way(&mut options);
                more.push((options, *selected && *passes, format!("{names} {name}[{position}]")));
            }
        }
        combinations.append(&mut more);
    }
    assert_eq!(combinations.len(), 6 * 5 * 4 * 5 * 4 * 4);
    for (options, expected, names) in combinations {
        assert_eq!(selects(RECORD, &options), expected, "{names}");
        assert_eq!(options.selects_all(), names.is_empty(), "{names}");
    }
}

#[test]
fn records_that_lack_what_a_filter_asks_for() {
    let all = ExportOptions::everything();
    let types = |kind| ExportOptions { task_types: Some(vec![kind]), ..all.clone() };
    let updated = ExportOptions { updated: before("2999-01-01"), ..all.clone() };
    let created = ExportOptions { created: after("1970-01-01"), ..all.clone() };
    let batch = ExportOptions { batches: Some(texts(&["b"])), ..all.clone() };
    for (record, options, expected) in [
        (r#"{"task":{}}"#, types(TaskType::Default), true),
        (r#"{"task":{"type":null}}"#, types(TaskType::Default), true),
        (r#"{"task":{}}"#, types(TaskType::Benchmark), false),
        (r#"{"task":{"type":"benchmark"}}"#, types(TaskType::Benchmark), true),
        (r#"{"task":{"type":"audit"}}"#, types(TaskType::Default), false),
        (r#"{"task":{"type":7}}"#, types(TaskType::Default), false),
        (r#"{"task":{}}"#, updated.clone(), false),
        (r#"{"task":{"updatedAt":null}}"#, updated.clone(), false),
        (r#"{"task":{"updatedAt":""}}"#, updated.clone(), false),
        (r#"{"task":{"createdAt":"2024-01-01"}}"#, updated.clone(), false),
        (r#"{"task":{}}"#, created.clone(), false),
        (r#"{"createdAt":5,"task":{}}"#, created.clone(), false),
        (r#"{"task":{"createdAt":1}}"#, created.clone(), true),
        // What cannot be read is for the typed read to name.
        (r#"{"task":{"updatedAt":"yesterday"}}"#, updated, true),
        (r#"{"task":{"createdAt":{}}}"#, created, true),
        (r#"{"task":{}}"#, batch.clone(), false),
        (r#"{"batches":null,"task":{}}"#, batch.clone(), false),
        (r#"{"batches":"b","task":{}}"#, batch.clone(), false),
        (r#"{"batches":["b"],"task":{}}"#, batch.clone(), true),
        (r#"{"batches":["a"]}"#, batch, true),
        (r#"{"task":{}}"#, ExportOptions { tasks: Some(HashSet::from([String::new()])), ..all.clone() }, false),
        (r#"{"task":{}}"#, all, true),
    ] {
        assert_eq!(selects(record, &options), expected, "{record} {options:?}");
    }
}

#[test]
fn an_unreadable_time_that_a_filter_lets_through_is_an_error_of_the_typed_read() {
    for key in ["createdAt", "updatedAt"] {
        let record = format!(r#"{{"asset":"a","task":{{"taskId":"t","{key}":"yesterday"}}}}"#);
        let document = Document::parse(&record).unwrap();
        let error = ango_model::v3::Asset::read(&document.root()).unwrap_err();
        assert_eq!(error.field, format!("task.{key}"));
    }
}

#[test]
fn names_that_do_not_exist_are_found_out() {
    let stages = [Stage { id: "s1".into(), name: "Complete".into(), kind: None }];
    let batches = [Batch { id: "b1".into(), name: "north".into() }, Batch { id: "b2".into(), name: "south".into() }];
    let options = ExportOptions {
        stages: StageFilter::Only(texts(&["Complete", "s1", "s2"])),
        batches: Some(texts(&["b1", "south", "east"])),
        ..ExportOptions::default()
    };
    assert_eq!(options.unknown_stages(&stages), ["s2"]);
    assert_eq!(options.unknown_batches(&batches), ["east"]);
    assert!(options.unknown_stages(&[]).is_empty() && options.unknown_batches(&[]).is_empty());
    assert!(ExportOptions::everything().unknown_batches(&batches).is_empty());
}

#[test]
fn ids_of_batches_become_names() {
    let known = [
        Batch { id: "b1".into(), name: "north".into() },
        Batch { id: "b2".into(), name: "b1".into() },
        Batch { id: "b3".into(), name: "south".into() },
    ];
    for (given, expected) in [(&["b3"][..], &["south"][..]), (&["south", "b3", "b9"], &["south", "b9"]), (&["b1"], &["north", "b1"]), (&[], &[])] {
        let options = ExportOptions { batches: Some(texts(given)), ..ExportOptions::default() };
        let resolved = options.resolve_batches(&known);
        assert_eq!(resolved.batches, Some(texts(expected)), "{given:?}");
        assert_eq!(ExportOptions { batches: options.batches.clone(), ..resolved }, options);
    }
    assert_eq!(ExportOptions::everything().resolve_batches(&known), ExportOptions::everything());
}

#[test]
fn selected_tasks_that_never_came_are_known_after_the_run() {
    let options = ExportOptions { tasks: Some(HashSet::from(["t1".into(), "t3".into(), "t2".into()])), ..ExportOptions::default() };
    let document = Document::parse(RECORD).unwrap();
    // The record is in another stage, so it is not in the export; but its task exists.
    assert!(!options.selects(&document.root()));
    let seen: HashSet<String> = options.wanted_task(&document.root()).map(String::from).into_iter().collect();
    assert_eq!(options.unknown_tasks(&seen), ["t2", "t3"]);
    assert_eq!(ExportOptions::default().wanted_task(&document.root()), None);
    assert!(ExportOptions::default().unknown_tasks(&seen).is_empty());
}
