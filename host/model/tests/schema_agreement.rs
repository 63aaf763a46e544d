//! The table, the typed reader and the JSON Schema say the same about records that were damaged at random, and nothing panics.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ango_model::json::Document;
use ango_model::schema::{Checker, Problem, SCHEMA_ID, Severity, json_schema};
use ango_model::v3::Asset;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/v3.schema.json");

fn data(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The records of the samples, and forms that they lack.
static RECORDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut records: Vec<Value> = serde_json::from_str(&data("v3-samples.json")).unwrap();
    records.extend(data("every-field.ndjson").lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
    records.push(json!({ "asset": "u", "overlay": [], "task": { "taskId": "t", "tools": [
        { "objectId": "o", "schemaId": 7, "rotated-bounding-box": { "x": 1, "y": 2, "width": 3, "height": 4, "rotation": 5, "corners": null } },
        { "objectId": "p", "schemaId": "", "pdf": { "x1": 1, "y1": 2, "x2": 3, "y2": 4, "width": 5, "height": 6, "pageNumber": 1, "text": "x" } },
        { "objectId": "q", "schemaId": "s", "ocr": "text", "point": [1, 2, 3] },
    ], "relations": [{ "group": null }, { "from": "o", "to": "p" }] } }));
    records
});

static VALIDATOR: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&serde_json::from_str(&json_schema()).unwrap()).unwrap());

fn check(text: &str) -> Vec<Problem> {
    let document = Document::parse(text).unwrap();
    let mut problems = Vec::new();
    Checker::new().check(&document.root(), &mut |problem| problems.push(problem));
    problems
}

/// Number of values in a tree, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// What is done to one value.
#[derive(Debug, Clone)]
enum Damage {
    Replace(Value),
    /// Of a list or object: without this member.
    Remove(usize),
    /// Of a list or object: the member at this position again, with another value.
    Repeat(usize, Value),
}

/// Marks of keys that are written without the mark, so that they repeat another one: ahead of it and behind it in the order of keys.
const AGAIN: [&str; 2] = ["!again!", "~again~"];

fn damage(value: &mut Value, target: &mut usize, what: &Damage) {
    if *target == 0 {
        match (what, &mut *value) {
            (Damage::Replace(new), value) => *value = new.clone(),
            (Damage::Remove(at), Value::Array(items)) if !items.is_empty() => drop(items.remove(at % items.len())),
            (Damage::Remove(at), Value::Object(members)) if !members.is_empty() => {
                let key = members.keys().nth(at % members.len()).unwrap().clone();
                members.remove(&key);
            }
            (Damage::Repeat(at, new), Value::Array(items)) => items.insert(at % (items.len() + 1), new.clone()),
            (Damage::Repeat(at, new), Value::Object(members)) if !members.is_empty() => {
                let key = members.keys().nth(at % members.len()).unwrap().clone();
                members.insert(format!("{}{key}", AGAIN[at / members.len() % 2]), new.clone());
            }
            _ => {}
        }
        *target = usize::MAX;
        return;
    }
    *target -= 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        damage(child, target, what);
        if *target == usize::MAX {
            return;
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![json!(-1), json!(0), json!(-0.5), json!(7.0), json!(4294967296u64), json!(1e300), json!(-9.5e15), json!(3)]),
        prop::sample::select(vec!["", "x", "straight", "2023-09-01T13:02:49.271Z", "2024-13-01", "2024-01-01 10:00+02", "2024-01-01T10:00+0:"])
            .prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let keys = prop::sample::select(vec![
        "x",
        "y",
        "width",
        "height",
        "rotation",
        "corners",
        "position",
        "boundingRect",
        "rects",
        "points",
        "zones",
        "region",
        "holes",
        "text",
        "schemaId",
        "objectId",
        "taskId",
        "group",
        "from",
        "to",
        "tools",
        "task",
        "tasks",
        "answer",
        "pageNumber",
        "z",
    ]);
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    })
}

fn any_damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        3 => any_json().prop_map(Damage::Replace),
        2 => any::<usize>().prop_map(Damage::Remove),
        1 => (any::<usize>(), any_json()).prop_map(|(at, value)| Damage::Repeat(at, value)),
    ]
}

/// Damage is spread thin over some hundreds of values: the default of 256 cases would leave much of it out.
const CASES: u32 = 3000;

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn table_reader_and_schema_agree(record in any::<prop::sample::Index>(), damages in prop::collection::vec((any::<prop::sample::Index>(), any_damage()), 0..3)) {
        let mut value = record.get(&RECORDS).clone();
        for (place, what) in &damages {
            let mut target = place.index(count(&value));
            damage(&mut value, &mut target, what);
        }
        let marked = value.to_string();
        let text = AGAIN.iter().fold(marked.clone(), |text, mark| text.replace(mark, ""));
        let problems = check(&text);
        let rejected = problems.iter().any(|problem| problem.severity == Severity::Error);
        let document = Document::parse(&text).unwrap();
        let read = Asset::read(&document.root());
        prop_assert_eq!(rejected, read.is_err(), "{} {:?} {:?}", text, problems, read.err());
        prop_assert!(problems.iter().all(|problem| problem.code != "unreadable"), "{:?}", problems);
        if let Err(error) = read && problems.len() <= ango_model::schema::MAX_PROBLEMS {
            let same = |problem: &&Problem| {
                problem.offset == error.offset && problem.field == error.field && problem.severity == Severity::Error
            };
            prop_assert!(problems.iter().any(|problem| same(&problem)), "{:?} not among {:?} of {}", error, problems, text);
        }
        // A repeated key is beyond a schema, and an array at the top is an export to it.
        if marked == text && value.is_object() {
            let faults: Vec<String> = VALIDATOR.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            prop_assert_eq!(rejected, !faults.is_empty(), "{} {:?} {:?}", text, problems, faults);
        }
    }

    #[test]
    fn nothing_panics_on_any_json(value in any_json()) {
        check(&value.to_string());
    }
}

#[test]
fn the_samples_are_valid_and_broken_ones_are_not() {
    let export: Value = serde_json::from_str(&data("v3-samples.json")).unwrap();
    let faults: Vec<String> = VALIDATOR.iter_errors(&export).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:?}");
    for record in RECORDS.iter() {
        assert!(VALIDATOR.is_valid(record), "{record}");
    }
    for broken in [
        json!(7),
        json!({}),
        json!([{ "asset": "u" }]),
        json!([{ "asset": "u", "task": { "taskId": "" } }]),
        json!([{ "asset": "u", "tasks": [], "task": { "taskId": "t" } }]),
        json!([{ "asset": "u", "task": { "taskId": "t", "tools": [{ "objectId": "o", "schemaId": "s", "point": ["1", 2] }] } }]),
        json!([{ "asset": "u", "task": { "taskId": "t", "stageHistory": [{ "completedAt": "soon" }] } }]),
        json!([{ "asset": "u", "task": { "taskId": "t", "relations": [{ "from": "a" }] } }]),
        json!([{ "asset": "u", "task": { "taskId": "t", "classifications": [{ "schemaId": "q", "classifications": [{}] }] } }]),
    ] {
        assert!(!VALIDATOR.is_valid(&broken), "{broken}");
    }
}

/// The schema as it is published. Renew it with `ANGO_RENEW=1 cargo test -p ango-model --test schema_agreement`, and look at the difference.
#[test]
fn the_schema_is_the_one_on_record() {
    let schema = json_schema();
    assert!(serde_json::from_str::<Value>(&schema).is_ok_and(|schema| schema["$id"] == SCHEMA_ID));
    if std::env::var_os("ANGO_RENEW").is_some() {
        std::fs::write(SCHEMA, &schema).unwrap();
    }
    let recorded = std::fs::read_to_string(SCHEMA).unwrap_or_default();
    assert!(schema == recorded, "the schema has changed: renew {SCHEMA} with ANGO_RENEW=1");
}
