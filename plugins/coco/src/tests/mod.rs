#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! What comes out, from outside; a file of tests for each task.

mod brush;
mod captions;
mod instances;
mod keypoints;
mod layouts;
mod panoptic;

use ango_plugin_sdk::testkit::{Outcome, TestKit};
use serde_json::{Value, json};

use super::*;

/// One task with these tools, of an image of 100 × 80 pixels.
fn task(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .enumerate()
        .map(|(at, tool)| {
            let mut tool = tool.clone();
            let fields = tool.as_object_mut().unwrap();
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-cat".to_owned()), ("title", "cat".to_owned())] {
                fields.entry(key).or_insert(value.into());
            }
            tool
        })
        .collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": [],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

/// The only file.
fn converted(outcome: &Outcome) -> Value {
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(outcome.files.len(), 1);
    let (path, _) = outcome.files.first_key_value().unwrap();
    serde_json::from_str(outcome.text(path).unwrap()).unwrap()
}

/// The only file of one image with these tools, and the outcome.
fn run(tools: &[Value], options: Value) -> (Value, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Coco>(&options.to_string());
    (converted(&outcome), outcome)
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}
