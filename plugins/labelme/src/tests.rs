#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The converter from outside.

use std::collections::BTreeMap;

use ango_plugin_sdk::testkit::{Outcome, TestKit};
use serde_json::{Value, json};

use crate::LabelMe;

fn task(name: &str, tools: &[Value]) -> Value {
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": [],
        "task": {"taskId": format!("t-{name}"), "tools": tools}})
}

fn object(id: &str, class: &str, geometry: (&str, Value)) -> Value {
    let mut object = json!({"objectId": id, "schemaId": format!("s-{class}"), "title": class});
    object[geometry.0] = geometry.1;
    object
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    object("o1", "car", ("bounding-box", json!({"x": x, "y": y, "width": width, "height": height})))
}

fn run(tasks: &[Value], options: &str) -> Outcome {
    let kit = TestKit::from_json(&Value::from(tasks).to_string()).unwrap();
    let outcome = kit.run::<LabelMe>(options);
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(kit.shard_size(1).run::<LabelMe>(options).files, outcome.files);
    outcome
}

fn file(outcome: &Outcome, path: &str) -> Value {
    serde_json::from_str(outcome.text(path).unwrap_or_else(|| panic!("no {path} in {:?}", outcome.files.keys()))).unwrap()
}

#[test]
fn each_drawing_has_its_kind_of_shape() {
    let square = |x: f64, side: f64| json!([[x, x], [x + side, x], [x + side, x + side], [x, x + side]]);
    let outcome = run(
        &[task(
            "d/a.v2.jpg",
            &[
                boxed(1.0, 2.0, 3.5, 4.0),
                object("o2", "lane", ("polyline", json!([[1, 1], [5, 5], [9, 1]]))),
                object("o3", "nose", ("point", json!([7, 8.25]))),
                object(
                    "o4",
                    "car",
                    ("segmentation", json!({"zones": [{"region": square(10.0, 4.0), "holes": []}, {"region": square(20.0, 4.0), "holes": []}]})),
                ),
                object("o5", "car", ("polygon", square(30.0, 4.0))),
                object("o6", "car", ("ner", json!({"start": 0, "end": 3, "selection": "abc"}))),
            ],
        )],
        "{}",
    );
    let value = file(&outcome, "d/a.v2.json");
    assert_eq!(
        (&value["imagePath"], &value["imageWidth"], &value["imageHeight"], &value["imageData"]),
        (&json!("a.v2.jpg"), &json!(100), &json!(80), &Value::Null)
    );
    let shapes: Vec<_> = value["shapes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shape| (&shape["objectId"], &shape["shape_type"], &shape["group_id"], &shape["points"]))
        .collect();
    let none = Value::Null;
    assert_eq!(
        shapes,
        [
            (&json!("o1"), &json!("rectangle"), &none, &json!([[1, 2], [4.5, 6]])),
            (&json!("o2"), &json!("linestrip"), &none, &json!([[1, 1], [5, 5], [9, 1]])),
            (&json!("o3"), &json!("point"), &none, &json!([[7, 8.25]])),
            (&json!("o4"), &json!("polygon"), &json!(4), &json!([[10, 10], [14, 10], [14, 14], [10, 14]])),
            (&json!("o4"), &json!("polygon"), &json!(4), &json!([[20, 20], [24, 20], [24, 24], [20, 24]])),
            (&json!("o5"), &json!("polygon"), &none, &json!([[30, 30], [34, 30], [34, 34], [30, 34]])),
        ]
    );
    assert_eq!(outcome.codes(), [("geometry-unsupported", 1)].into());
    assert_eq!(outcome.text("labels.txt"), Some("__ignore__\n_background_\ncar\nlane\nnose\n"));
    assert_eq!(outcome.text("images.csv"), Some("file,url,width,height\r\nd/a.v2.jpg,https://x.test/d/a.v2.jpg,100,80\r\n"));
}

/// Width, height and pixels of a PNG in base 64.
fn mask(text: &str) -> (u32, u32, Vec<bool>) {
    let bytes: Vec<u8> = text
        .bytes()
        .map(|byte| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".iter().position(|letter| *letter == byte).unwrap_or(0) as u8)
        .collect();
    let mut png: Vec<u8> =
        bytes.chunks(4).flat_map(|four| [four[0] << 2 | four[1] >> 4, four[1] << 4 | four[2] >> 2, four[2] << 6 | four[3]]).collect();
    png.truncate(png.len() - text.bytes().filter(|byte| *byte == b'=').count());
    let reader = ango_plugin_sdk::png::Reader::new(&png, 1 << 20).unwrap();
    let (width, height) = reader.size();
    let mut pixels = Vec::new();
    reader.rows(|_, row| pixels.extend(row.iter().map(|pixel| pixel[0] > 0))).unwrap();
    (width, height, pixels)
}

#[test]
fn a_shape_with_a_hole_is_a_mask_or_filled_or_dropped() {
    let zone = json!({"zones": [{"region": [[90, 10], [104, 10], [104, 20], [90, 20]], "holes": [[[92, 12], [95, 12], [95, 15], [92, 15]]]}]});
    let tasks = [task("a.jpg", &[object("o1", "car", ("segmentation", zone))])];
    let outcome = run(&tasks, "{}");
    let shape = file(&outcome, "a.json")["shapes"][0].clone();
    assert_eq!((&shape["shape_type"], &shape["points"]), (&json!("mask"), &json!([[90, 10], [99, 19]])));
    let (width, height, pixels) = mask(shape["mask"].as_str().unwrap());
    assert_eq!((width, height, pixels.iter().filter(|set| **set).count()), (10, 10, 100 - 9));
    assert!(!pixels[2 * 10 + 2] && pixels[2 * 10 + 5] && !pixels[4 * 10 + 4] && pixels[5 * 10 + 4]);
    assert_eq!(outcome.codes(), [("clipped", 1)].into());
    let outcome = run(&tasks, r#"{"holes":"fill"}"#);
    assert_eq!(file(&outcome, "a.json")["shapes"][0]["shape_type"], "polygon");
    assert_eq!(outcome.codes(), [("clipped", 1), ("hole-filled", 1)].into());
    let outcome = run(&tasks, r#"{"holes":"drop"}"#);
    assert_eq!(file(&outcome, "a.json")["shapes"], json!([]));
    assert_eq!(outcome.codes(), [("clipped", 1), ("hole-unsupported", 1)].into());
    // Kept as drawn, the mask still ends with the image.
    let outcome = run(&tasks, r#"{"outside":"keep"}"#);
    assert_eq!(file(&outcome, "a.json")["shapes"][0]["points"], json!([[90, 10], [99, 19]]));
}

#[test]
fn answers_are_flags_and_descriptions() {
    let answer = |kind: &str, title: &str, value: Value| json!({"objectId": title, "schemaId": title, "title": title, "tool": kind, "answer": value});
    let mut car = boxed(1.0, 1.0, 5.0, 5.0);
    car["classifications"] = json!([
        answer("radio", "colour", json!("red")),
        answer("checkbox", "damage", json!(["door", "roof"])),
        answer("text", "plate", json!("AB \"1\""))
    ]);
    car["ocr"] = json!({"text": "read"});
    let mut one = task("a.jpg", &[car]);
    one["task"]["classifications"] = json!([answer("radio", "weather", json!("rain")), answer("text", "note", json!("two\nlines"))]);
    let value = file(&run(&[one], "{}"), "a.json");
    assert_eq!((&value["flags"], &value["description"]), (&json!({"weather: rain": true}), &json!("note: two\nlines")));
    let shape = &value["shapes"][0];
    assert_eq!(shape["flags"], json!({"colour: red": true, "damage: door": true, "damage: roof": true}));
    assert_eq!(shape["description"], "read\nplate: AB \"1\"");
}

#[test]
fn hostile_objects_are_lost_by_name_and_empty_images_stay() {
    let names = [
        object("o1", "car", ("bounding-box", json!({"x": 1, "y": 1, "width": 0, "height": 5}))),
        object("o2", "car", ("point", json!([-1, 5]))),
        object("o3", "car", ("polyline", json!([[1, 1]]))),
        object("o4", "car", ("polyline", json!([[200, 1], [300, 1]]))),
        object("o5", "car", ("polygon", json!([[1e12, 1], [2, 2], [3, 9]]))),
    ];
    let outcome = run(&[task("a.jpg", &names), task("b.jpg", &[])], "{}");
    assert_eq!(file(&outcome, "a.json")["shapes"], json!([]));
    assert_eq!(outcome.codes(), BTreeMap::from([("zero-area", 1), ("out-of-bounds", 2), ("too-few-points", 1), ("coordinates-unusable", 1)]));
    let outcome = run(&[task("a.jpg", &names), task("b.jpg", &[])], r#"{"empty":"drop"}"#);
    assert_eq!((outcome.files.len(), outcome.codes()["image-empty"]), (2, 2));
}
