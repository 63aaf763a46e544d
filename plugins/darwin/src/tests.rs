#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The converter from outside.

use std::collections::HashSet;

use ango_plugin_sdk::Converter;
use ango_plugin_sdk::testkit::{Outcome, TestKit};
use serde_json::{Value, json};

use crate::Darwin;

fn task(name: &str, tools: &[Value]) -> Value {
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": [],
        "task": {"taskId": format!("t-{name}"), "tools": tools}})
}

fn object(id: &str, class: &str, kind: &str, geometry: &Value) -> Value {
    json!({kind: geometry, "objectId": id, "schemaId": format!("s-{class}"), "title": class})
}

fn boxed(id: &str, x: f64) -> Value {
    object(id, "car", "bounding-box", &json!({"x": x, "y": 2, "width": 3.5, "height": 4}))
}

fn answer(title: &str, answer: Value) -> Value {
    json!({"objectId": "c", "schemaId": title, "tool": "radio", "title": title, "answer": answer})
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

/// A video of ten frames with these objects.
fn video(tools: &[Value]) -> Value {
    let mut video = task("d/v.mp4", tools);
    video["metadata"] = json!({"width": 100, "height": 80, "frameTotal": 10, "frameRate": 29.97});
    video
}

fn on(frame: u32, mut object: Value) -> Value {
    object["page"] = json!(frame);
    object
}

fn run(tasks: &[Value], options: &Value) -> Outcome {
    let kit = TestKit::from_json(&Value::from(tasks).to_string()).unwrap();
    let outcome = kit.run::<Darwin>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let cut = kit.shard_size(1).run::<Darwin>(&options.to_string());
    assert_eq!((&cut.files, &cut.lost), (&outcome.files, &outcome.lost));
    for (path, file) in &outcome.files {
        assert!(!path.ends_with(".json") || serde_json::from_slice::<Value>(file).is_ok(), "{path}");
    }
    outcome
}

fn file(outcome: &Outcome, path: &str) -> Value {
    serde_json::from_str(outcome.text(path).unwrap_or_else(|| panic!("no {path} in {:?}", outcome.files.keys()))).unwrap()
}

#[test]
fn a_whole_file_is_as_written_here() {
    let outcome = run(&[task("d/a.v2.jpg", &[boxed("o1", 1.0)])], &json!({"metadata": false, "images_csv": false}));
    assert_eq!(
        outcome.text("d/a.v2.json").unwrap(),
        "{\"version\":\"2.0\",\"schema_ref\":\"https://darwin-public.s3.eu-west-1.amazonaws.com/darwin_json/2.0/schema.json\",\n\
         \"item\":{\"name\":\"a.v2.jpg\",\"path\":\"/d\",\"source_info\":{\"item_id\":\"t-d/a.v2.jpg\"},\"slots\":[{\"type\":\"image\",\"slot_name\":\"0\",\
         \"width\":100,\"height\":80,\"source_files\":[{\"file_name\":\"a.v2.jpg\",\"url\":\"https://x.test/d/a.v2.jpg\"}]}]},\n\"properties\":[],\n\
         \"annotations\":[\n{\"bounding_box\":{\"h\":4,\"w\":3.5,\"x\":1,\"y\":2},\"properties\":[],\"id\":\"9b59220d-9930-8abe-8c4f-7dfc1de3e963\",\
         \"name\":\"car\",\"slot_names\":[\"0\"]}\n]}\n"
    );
    assert_eq!((outcome.files.len(), outcome.lost.len()), (1, 0));
}

#[test]
fn every_drawing_has_its_kind_of_annotation() {
    let zones = json!({"zones": [{"region": square(0.0, 0.0, 9.0), "holes": [square(2.0, 2.0, 3.0)]}, {"region": square(20.0, 0.0, 4.0)}]});
    let overlapping = json!({"zones": [{"region": square(0.0, 0.0, 4.0)}, {"region": square(2.0, 0.0, 4.0)}]});
    let turned = json!({"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90});
    let outcome = run(
        &[task(
            "a.jpg",
            &[
                object("o1", "car", "segmentation", &zones),
                object("o2", "car", "segmentation", &overlapping),
                object("o3", "car", "rotated-bounding-box", &turned),
                object("o4", "lane", "polyline", &json!([[1, 1], [5, 5.125]])),
                object("o5", "lane", "spline", &json!([[1, 1], [5, 5], [9, 1]])),
                object("o6", "nose", "point", &json!([7, 8.25])),
                object("o7", "car", "polygon", &json!([[0, 0], [40, 40], [40, 10], [0, 40]])),
                object("o8", "car", "ner", &json!({"start": 0, "end": 3})),
            ],
        )],
        &json!({}),
    );
    let value = file(&outcome, "a.json");
    let annotations = value["annotations"].as_array().unwrap();
    let sizes: Vec<Vec<usize>> = annotations
        .iter()
        .map(|annotation| {
            annotation["polygon"]["paths"]
                .as_array()
                .map(|paths| paths.iter().map(|path| path.as_array().unwrap().len()).collect())
                .unwrap_or_default()
        })
        .collect();
    assert_eq!(sizes, [vec![4, 4, 4], vec![8], vec![4], vec![], vec![], vec![], vec![4]]);
    // The outer ring first, its hole after it, then the other part; the box is around all.
    assert_eq!(annotations[0]["polygon"]["paths"][1], json!([{"x": 2, "y": 2}, {"x": 2, "y": 5}, {"x": 5, "y": 5}, {"x": 5, "y": 2}]));
    assert_eq!(annotations[0]["bounding_box"], json!({"h": 9, "w": 24, "x": 0, "y": 0}));
    assert_eq!(annotations[3]["line"]["path"], json!([{"x": 1, "y": 1}, {"x": 5, "y": 5.125}]));
    assert_eq!(annotations[5]["keypoint"], json!({"x": 7, "y": 8.25}));
    assert_eq!(outcome.codes(), [("self-intersection-repaired", 1), ("spline-straightened", 1), ("geometry-unsupported", 1)].into());
    let ids: HashSet<&str> = annotations.iter().map(|annotation| annotation["id"].as_str().unwrap()).collect();
    assert!(ids.len() == 7 && ids.iter().all(|id| id.len() == 36));
}

#[test]
fn answers_are_properties_and_read_text_is_text() {
    let mut answered = boxed("o1", 1.0);
    answered["classifications"] =
        json!([answer("Color", json!("red")), answer("Parts", json!(["a", "b"])), answer("Sure", json!(true)), answer("None", Value::Null)]);
    answered["ocr"] = json!({"text": "AB 12"});
    let mut whole = task("a.jpg", &[answered, boxed("o2", 3.0)]);
    whole["task"]["classifications"] = json!([answer("Weather", json!("sun"))]);
    whole["task"]["relations"] = json!([{"group": ["x"], "objectId": "r", "schemaId": "s", "title": "t"}]);
    let outcome = run(&[whole], &json!({"instance_ids": true}));
    let value = file(&outcome, "a.json");
    let property = |name: &str, value: &str| json!({"frame_index": null, "name": name, "value": value});
    assert_eq!(value["properties"], json!([property("Weather", "sun")]));
    let annotation = &value["annotations"][0];
    assert_eq!(annotation["properties"], json!([property("Color", "red"), property("Parts", "a"), property("Parts", "b"), property("Sure", "true")]));
    assert_eq!((&annotation["text"], &annotation["instance_id"]), (&json!({"text": "AB 12"}), &json!({"value": 1})));
    assert_eq!(value["annotations"][1]["instance_id"], json!({"value": 2}));
    assert_eq!(outcome.codes(), [("relation-unsupported", 1)].into());
    let metadata = file(&outcome, ".v7/metadata.json");
    let class = &metadata["classes"][0];
    assert_eq!((&class["name"], &class["type"], class["properties"].as_array().unwrap().len()), (&json!("car"), &json!("bounding_box"), 4));
    assert_eq!(class["properties"][0]["type"], json!("single_select"));
    assert_eq!(metadata["properties"][0]["granularity"], json!("item"));
}

#[test]
fn tracks_are_annotations_with_frames_and_ranges() {
    let colored = |object: Value, color: &str| {
        let mut object = object;
        object["classifications"] = json!([answer("Color", json!(color))]);
        object
    };
    let mut stop = on(6, boxed("t1", 1.0));
    stop["interpolationStopped"] = json!(true);
    let tools = [
        on(4, colored(boxed("t1", 1.0), "red")),
        on(5, colored(boxed("t1", 2.0), "red")),
        stop,
        on(7, colored(boxed("t1", 3.0), "blue")),
        on(0, boxed("t2", 1.0)),
        on(0, boxed("t2", 9.0)),
        on(1, boxed("t3", -90.0)),
    ];
    let mut whole = video(&tools);
    whole["task"]["classifications"] =
        json!([answer("Weather", json!("sun")), {"objectId": "q", "schemaId": "q", "tool": "radio", "title": "Seen", "answer": "x", "page": 3}]);
    let outcome = run(&[whole], &json!({}));
    let value = file(&outcome, "d/v.json");
    let slot = &value["item"]["slots"][0];
    assert_eq!((&slot["type"], &slot["fps"], &slot["frame_count"], &slot["frame_urls"]), (&json!("video"), &json!(29.97), &json!(10), &json!([])));
    let annotations = value["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), 2);
    let frames: Vec<&String> = annotations[0]["frames"].as_object().unwrap().keys().collect();
    assert_eq!(frames, ["4", "5", "7"]);
    assert_eq!(annotations[0]["frames"]["7"], json!({"bounding_box": {"h": 4, "w": 3.5, "x": 3, "y": 2}, "keyframe": true}));
    assert_eq!((&annotations[0]["ranges"], &annotations[0]["interpolated"]), (&json!([[4, 6], [7, 8]]), &json!(false)));
    assert_eq!(
        annotations[0]["properties"],
        json!([{"frame_index": 4, "name": "Color", "value": "red"}, {"frame_index": 7, "name": "Color", "value": "blue"}])
    );
    assert_eq!(outcome.codes(), [("classification-unsupported", 1), ("out-of-bounds", 1), ("duplicate", 1)].into());
    assert_eq!(outcome.text("images.csv").unwrap().lines().count(), 2);
    // Frame by frame instead.
    let outcome = run(&[video(&tools[..2])], &json!({"videos": "frames", "names": "flat"}));
    assert_eq!(file(&outcome, "d__v.mp4__000005.json")["item"]["name"], json!("d__v.mp4__000005.jpg"));
    assert_eq!(outcome.files.len(), 4);
}

#[test]
fn key_frames_alone_are_interpolated_and_that_is_said() {
    let outcome = run(&[video(&[on(2, boxed("t1", 1.0)), on(6, boxed("t1", 5.0))])], &json!({}));
    let annotation = &file(&outcome, "d/v.json")["annotations"][0];
    assert_eq!((&annotation["ranges"], &annotation["interpolated"]), (&json!([[2, 7]]), &json!(true)));
    assert_eq!(outcome.codes(), [("track-gap", 1)].into());
}

#[test]
fn items_without_annotations_are_kept_or_left_out() {
    let mut pages = task("p.tif", &[on(1, boxed("o", 1.0))]);
    pages["dataset"] = json!(["https://x.test/1.png", "https://x.test/2.png"]);
    let tasks = [task("a.jpg", &[]), video(&[]), pages];
    let names = |options: &Value| {
        let outcome = run(&tasks, options);
        outcome.files.keys().filter(|path| path.ends_with(".json") && !path.starts_with(".v7")).cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&json!({})), "a.json d/v.json p.tif/000001.json p.tif/000002.json");
    assert_eq!(names(&json!({"empty": "drop"})), "p.tif/000002.json");
    assert_eq!(names(&json!({"frames": "skip"})), "a.json");
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Darwin::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{name}");
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            run(&[task("a.jpg", &[boxed("o", 1.0)])], &json!({ name: value }));
        }
    }
}
