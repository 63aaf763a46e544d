#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
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
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": ["one"],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

/// The annotations of the only image, and the outcome.
fn run(tools: &[Value], options: &str) -> (Value, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<CreateMl>(options);
    assert_eq!(outcome.result, Ok(()));
    let mut value: Value = serde_json::from_str(outcome.text(NAME).unwrap()).unwrap();
    (value[0]["annotations"].take(), outcome)
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let dog = json!({"bounding-box": {"x": 0.1, "y": 0.2, "width": 0.7, "height": 0.3}, "schemaId": "s-dog", "title": "the \"dog\""});
    let outcome = kit(&[task("d/a.jpg", &[boxed(10.0, 20.0, 30.0, 40.0), dog]), task("b.png", &[])]).run::<CreateMl>("{}");
    let want = r#"[
{"image":"d/a.jpg","annotations":[{"label":"cat","coordinates":{"x":25,"y":40,"width":30,"height":40}},{"label":"the \"dog\"","coordinates":{"x":0.45,"y":0.35,"width":0.7,"height":0.3}}]},
{"image":"b.png","annotations":[]}
]"#;
    assert_eq!(outcome.text(NAME), Some(want));
    assert_eq!(
        outcome.text("images.csv"),
        Some("file,url,width,height\r\nd/a.jpg,https://x.test/d/a.jpg,100,80\r\nb.png,https://x.test/b.png,100,80\r\n")
    );
    assert_eq!((outcome.files.len(), outcome.lost.len()), (2, 0));
}

#[test]
fn an_empty_export_is_an_empty_array() {
    let outcome = kit(&[]).run::<CreateMl>("{}");
    assert_eq!(serde_json::from_str::<Value>(outcome.text(NAME).unwrap()).unwrap(), json!([]));
}

#[test]
fn parts_have_folders_of_their_own() {
    let mut second = task("b.png", &[]);
    second["batches"] = json!(["two"]);
    let outcome = kit(&[task("a.png", &[]), second]).run::<CreateMl>(r#"{"split":{"by":"batch","val":["two"],"test":["three"]}}"#);
    let image = |path: &str| serde_json::from_str::<Value>(outcome.text(path).unwrap()).unwrap()[0]["image"].clone();
    assert_eq!((image("train/annotations.json"), image("val/annotations.json")), (json!("a.png"), json!("b.png")));
    assert_eq!(image("test/annotations.json"), Value::Null);
    assert!(outcome.text("images.csv").unwrap().contains("\r\nval/b.png,"));
}

#[test]
fn other_shapes_are_boxes_and_what_is_lost_is_said() {
    let turned = json!({"rotated-bounding-box": {"x": 40, "y": 20, "width": 20, "height": 10, "rotation": 90}});
    let triangle = json!({"polygon": [[0, 0], [10, 0], [0, 10]]});
    let mut answered = boxed(90.0, 70.0, 20.0, 20.0);
    answered["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "text", "title": "x", "answer": "y"}]);
    let tools =
        [turned, triangle, answered, json!({"point": [1, 2]}), boxed(1.0, 2.0, 0.0, 3.0), boxed(1.0, 2.0, 1e-7, 3.0), boxed(1e300, 2.0, 1.0, 3.0)];
    let (boxes, outcome) = run(&tools, "{}");
    let coordinates: Vec<&Value> = boxes.as_array().unwrap().iter().map(|row| &row["coordinates"]).collect();
    assert_eq!(
        coordinates,
        [
            &json!({"x": 35, "y": 30, "width": 10, "height": 20}),
            &json!({"x": 5, "y": 5, "width": 10, "height": 10}),
            &json!({"x": 95, "y": 75, "width": 10, "height": 10})
        ]
    );
    assert_eq!(
        outcome.codes(),
        [
            ("rotation-dropped", 1),
            ("shape-reduced-to-box", 1),
            ("classification-unsupported", 1),
            ("clipped", 1),
            ("geometry-unsupported", 1),
            ("zero-area", 2),
            ("coordinates-unusable", 1)
        ]
        .into()
    );
    assert_eq!(run(&tools[2..3], r#"{"outside":"keep"}"#).0[0]["coordinates"]["x"], json!(100));
    let outcome = kit(&[task("a.jpg", &[])]).run::<CreateMl>(r#"{"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
}

#[test]
fn shards_do_not_change_a_byte_and_options_agree_with_their_schema() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), boxed(5.0, 6.0, 7.0, 8.0)];
    let tasks: Vec<Value> = (0..12).map(|at| task(&format!("{at}.png"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"split":{"by":"ratio","val_ratio":0.5},"empty":"drop","names":"flat"}"#] {
        let whole = kit(&tasks).run::<CreateMl>(options);
        let cut = kit(&tasks).shard_size(1).run::<CreateMl>(options);
        assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost));
    }
    let schema: Value = serde_json::from_str(&CreateMl::describe().options_schema).unwrap();
    for (name, property) in schema["properties"].as_object().unwrap() {
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            assert_eq!(kit(&[]).run::<CreateMl>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
}
