//! Properties over records made of the format's keys with anything in them.

use super::{converted, with_task};
use ango_model::json::Document;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const ASSET: &[&str] = &["asset", "externalId", "metadata", "labeledAt", "status", "labelDuration", "consensus", "tasks", "batches"];
const TASK: &[&str] =
    &["completedBy", "completedAt", "duration", "review", "status", "updatedBy", "updatedAt", "taskId", "objects", "classifications", "relations"];

fn key() -> impl Strategy<Value = String> {
    let known = [
        "asset",
        "assetId",
        "dataset",
        "externalId",
        "contextData",
        "metadata",
        "batches",
        "attachments",
        "task",
        "tasks",
        "labeledAt",
        "reviewedAt",
        "labelDuration",
        "consensus",
        "taskId",
        "type",
        "createdAt",
        "stage",
        "stageId",
        "updatedAt",
        "updatedBy",
        "totalDuration",
        "duration",
        "idleDuration",
        "totalBlurDuration",
        "consensusAverage",
        "consensusDetailed",
        "tools",
        "objects",
        "classifications",
        "relations",
        "brushDataUrl",
        "medicalBrushDataUrl",
        "stageHistory",
        "completedBy",
        "completedAt",
        "reviewStatus",
        "review",
        "status",
        "isBenchmark",
        "benchmark",
        "isSkipped",
        "issues",
        "masks",
        "segmentation",
        "columnField",
        "from",
        "to",
        "direction",
        "group",
    ];
    prop_oneof![9 => select(known.to_vec()).prop_map(String::from), 1 => "[a-z\"\\\\]{0,3}"]
}

fn object(value: impl Strategy<Value = Value>, most: usize) -> impl Strategy<Value = Value> {
    prop::collection::vec((key(), value), 0..most).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = ["", "reverse", "straight", "Complete", "Accepted", "benchmark", "anna@x.test", "2024-01-01T00:00:00Z", "a\"\\\n"];
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e18f64..1e18).prop_map(Value::from),
        select(words.to_vec()).prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 50, 6, |inner| prop_oneof![1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from), 2 => object(inner, 8)])
}

fn record() -> impl Strategy<Value = Value> {
    (object(any_json(), 8), object(any_json(), 20), prop::collection::vec(object(any_json(), 5), 0..4)).prop_map(|(mut record, mut task, history)| {
        if !history.is_empty() {
            task["stageHistory"] = Value::from(history);
        }
        record["task"] = task;
        record
    })
}

/// The keys of `object` that are `wanted`, in their order in the text.
fn keys<'a>(object: &ango_model::json::Value<'a, '_>, wanted: &[&str]) -> Vec<&'a str> {
    object.members().map(|member| member.key).filter(|key| wanted.contains(key)).collect()
}

proptest! {
    #[test]
    fn the_output_is_an_asset_with_one_task_whatever_the_record_is(record in record()) {
        let (text, _) = converted(&record.to_string());
        let asset: Value = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        let document = Document::parse(&text).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        prop_assert_eq!(keys(&document.root(), ASSET), ASSET);
        let tasks: Vec<_> = document.root().get("tasks").iter().flat_map(ango_model::json::Value::elements).collect();
        prop_assert_eq!(tasks.len(), 1);
        prop_assert_eq!(keys(&tasks[0], TASK), TASK);
        let task = &asset["tasks"][0];
        prop_assert_eq!(task.get("type"), None);
        prop_assert_eq!(task.get("createdAt"), None);
        for (legacy, v3) in [("objects", "tools"), ("classifications", "classifications"), ("relations", "relations")] {
            let expected = record["task"].get(v3).and_then(Value::as_array).map_or(0, Vec::len);
            prop_assert_eq!(task[legacy].as_array().map(Vec::len), Some(expected), "{}", legacy);
        }
    }

    #[test]
    fn nothing_panics_on_any_json(value in any_json()) {
        let (text, _) = converted(&value.to_string());
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
    }

    #[test]
    fn whitespace_of_the_input_does_not_matter(record in record()) {
        let pretty = serde_json::to_string_pretty(&record).unwrap_or_default();
        let (compact, pretty) = (converted(&record.to_string()), converted(&pretty));
        prop_assert_eq!(compact, pretty);
    }

    #[test]
    fn swapping_the_ends_of_a_relation_twice_gives_it_back(from in "[a-f0-9]{0,4}", to in "[a-f0-9]{0,4}", extra in object(any_json(), 4)) {
        let mut relation = extra;
        relation.as_object_mut().into_iter().for_each(|members| members.retain(|key, _| !["from", "to", "direction"].contains(&key.as_str())));
        relation["from"] = json!(from);
        relation["to"] = json!(to);
        let swapped = |relation: &Value| -> Value {
            let mut reverse = relation.clone();
            reverse["direction"] = json!("reverse");
            let (text, _) = converted(&with_task(&format!(r#""relations":[{reverse}]"#)));
            serde_json::from_str::<Value>(&text).unwrap_or_default()["tasks"][0]["relations"][0].clone()
        };
        let once = swapped(&relation);
        prop_assert_eq!((&once["from"], &once["to"], &once["direction"]), (&json!(to), &json!(from), &json!("straight")));
        relation["direction"] = json!("straight");
        prop_assert_eq!(swapped(&once), relation);
    }
}
