#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! What comes out, from outside; a file of tests for each format.

mod funsd;
mod layout;

use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
use serde_json::{Value, json};

use super::*;

/// A PDF document of pages of 200 × 400 units with these tools.
fn document(tools: &[Value]) -> Value {
    let mut task = image("form.pdf", tools);
    task["metadata"] = json!({});
    task
}

/// An image of 100 × 80 pixels.
fn image(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .enumerate()
        .map(|(at, tool)| {
            let mut tool = tool.clone();
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-question".to_owned()), ("title", "question".to_owned())] {
                tool.as_object_mut().unwrap().entry(key).or_insert(value.into());
            }
            tool
        })
        .collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": [],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn rectangle(x1: f64, y1: f64, x2: f64, y2: f64) -> Value {
    json!({"x1": x1, "y1": y1, "x2": x2, "y2": y2, "width": 200, "height": 400})
}

/// A PDF area with parts.
fn area(page: u32, bounds: [f64; 4], parts: &[[f64; 4]], text: Option<&str>) -> Value {
    let part = |[x1, y1, x2, y2]: [f64; 4]| rectangle(x1, y1, x2, y2);
    let parts: Vec<Value> = parts.iter().map(|bounds| part(*bounds)).collect();
    json!({"pdf": {"position": {"boundingRect": part(bounds), "rects": parts, "pageNumber": page}, "content": {"text": text}}})
}

fn answered(mut tool: Value, answers: &[(&str, &str, &str)]) -> Value {
    tool["classifications"] = answers
        .iter()
        .map(|(title, kind, answer)| json!({"objectId": "c", "schemaId": format!("q-{title}"), "tool": kind, "title": title, "answer": answer}))
        .collect();
    tool
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

fn run(kit: &TestKit, options: &Value) -> Outcome {
    let outcome = kit.run::<Documents>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let cut = kit.clone().shard_size(1).run::<Documents>(&options.to_string());
    assert_eq!((&cut.files, &cut.lost), (&outcome.files, &outcome.lost));
    outcome
}

fn json_of(outcome: &Outcome, path: &str) -> Value {
    serde_json::from_str(outcome.text(path).unwrap_or_else(|| panic!("{path} of {:?}", outcome.files.keys()))).unwrap()
}

fn lost(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap_or(""))).collect()
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Documents::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{name}");
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            assert_eq!(kit(&[]).run::<Documents>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in [(r#"{"format":"pdf"}"#, "/format"), (r#"{"page_size":[10]}"#, "/page_size"), (r#"{"page_size":[10,0]}"#, "/page_size")]
    {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Documents>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
