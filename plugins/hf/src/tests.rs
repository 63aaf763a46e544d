#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The converter from outside.

use ango_plugin_sdk::testkit::{Outcome, TestKit};
use serde_json::{Value, json};

use crate::HuggingFace;

fn task(name: &str, tools: &[Value]) -> Value {
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": ["b"],
        "task": {"taskId": format!("t-{name}"), "tools": tools}})
}

fn boxed(id: &str, x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}, "objectId": id, "schemaId": "s", "title": "car"})
}

fn run(tasks: &[Value], options: &str) -> Outcome {
    let kit = TestKit::from_json(&Value::from(tasks).to_string()).unwrap();
    let outcome = kit.run::<HuggingFace>(options);
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(kit.shard_size(1).run::<HuggingFace>(options).files, outcome.files);
    outcome
}

fn rows(outcome: &Outcome, path: &str) -> Vec<Value> {
    outcome.text(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_row_has_every_column() {
    let zone = json!({"zones": [{"region": [[0, 0], [10, 0], [10, 10], [0, 10]], "holes": [[[2, 2], [4, 2], [4, 4], [2, 4]]]}]});
    let mut seg = json!({"segmentation": zone, "objectId": "o2", "schemaId": "s2", "title": "lake"});
    seg["classifications"] = json!([{"tool": "radio", "answer": "deep \"blue\"", "objectId": "c", "schemaId": "q2", "title": "colour"}]);
    let mut first = task("d/a.jpg", &[boxed("o1", 1.0, 2.0, 3.5, 4.0), seg]);
    first["task"]["classifications"] = json!([
        {"tool": "radio", "answer": "rain", "objectId": "c1", "schemaId": "q", "title": "weather"}, {"tool": "checkbox", "answer": ["x", "y"], "objectId": "c2", "schemaId": "q3", "title": "tags"}]);
    let outcome = run(&[first, task("b.jpg", &[])], "{}");
    let rows = rows(&outcome, "train/metadata.jsonl");
    assert_eq!(
        rows[0],
        json!({"file_name": "d/a.jpg", "image_id": 1, "width": 100, "height": 80,
            "objects": {"bbox": [[1, 2, 3.5, 4], [0, 0, 10, 10]], "categories": [0, 1], "area": [14, 96], "id": [1, 2], "object_id": ["o1", "o2"],
                "attributes": ["{}", "{\"colour\":\"deep \\\"blue\\\"\"}"]},
            "answers": "{\"weather\":\"rain\",\"tags\":[\"x\",\"y\"]}"})
    );
    assert_eq!(
        rows[1],
        json!({"file_name": "b.jpg", "image_id": 2, "width": 100, "height": 80,
            "objects": {"bbox": [], "categories": [], "area": [], "id": [], "object_id": [], "attributes": []}, "answers": "{}"})
    );
    assert_eq!(outcome.codes(), [("shape-reduced-to-box", 1)].into());
    assert_eq!(outcome.text("classes.json"), Some("[\"car\",\"lake\"]\n"));
    assert_eq!(outcome.text("images.csv").unwrap().lines().nth(1), Some("train/d/a.jpg,https://x.test/d/a.jpg,100,80"));
}

#[test]
fn outlines_are_there_on_request_with_holes_bridged() {
    let zone = json!({"zones": [{"region": [[0, 0], [10, 0], [10, 10], [0, 10]], "holes": [[[2, 2], [4, 2], [4, 4], [2, 4]]]}, {"region": [[20, 0], [30, 0], [30, 9]], "holes": []}]});
    let seg = json!({"segmentation": zone, "objectId": "o2", "schemaId": "s2", "title": "lake"});
    let outcome = run(&[task("a.jpg", &[seg])], r#"{"segmentation":true,"attributes":false}"#);
    let row = &rows(&outcome, "train/metadata.jsonl")[0];
    let rings = row["objects"]["segmentation"][0].as_array().unwrap();
    assert_eq!((rings.len(), rings[0].as_array().unwrap().len(), &rings[1]), (2, 2 * (4 + 4 + 2), &json!([20, 0, 30, 0, 30, 9])));
    assert!(row["objects"].get("attributes").is_none());
    assert_eq!(outcome.codes(), [("hole-bridged", 1)].into());
}

#[test]
fn parts_have_the_names_that_the_reader_knows_and_no_empty_files() {
    let mut other = task("b.jpg", &[boxed("o", 0.0, 0.0, 1.0, 1.0)]);
    other["batches"] = json!(["held out"]);
    let outcome = run(&[task("a.jpg", &[]), other], r#"{"split":{"by":"batch","val":["held out"],"test":["nothing"]}}"#);
    let files: Vec<&str> = outcome.files.keys().map(String::as_str).collect();
    assert_eq!(files, ["README.md", "classes.json", "images.csv", "train/metadata.jsonl", "validation/metadata.jsonl"]);
}

#[test]
fn hostile_names_stay_in_their_lines() {
    let mut object = boxed("o", 0.0, 0.0, 1.0, 1.0);
    object["title"] = json!("a\n---\n# b: \"yes\" 😀");
    let outcome = run(&[task("a.jpg", &[object])], "{}");
    assert_eq!(serde_json::from_str::<Value>(outcome.text("classes.json").unwrap()).unwrap(), json!(["a\n---\n# b: \"yes\" 😀"]));
    assert!(outcome.text("README.md").unwrap().ends_with("0. a --- \\# b: \"yes\" 😀\n"));
}
