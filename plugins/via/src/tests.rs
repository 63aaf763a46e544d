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

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn answer(title: &str, answer: Value) -> Value {
    json!({"objectId": "c", "schemaId": title, "tool": "radio", "title": title, "answer": answer})
}

/// The regions of the only image, and the outcome.
fn run(tools: &[Value], options: &str) -> (Vec<Value>, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Via>(options);
    assert_eq!(outcome.result, Ok(()));
    let mut value: Value = serde_json::from_str(outcome.text("annotations.json").unwrap()).unwrap();
    let Value::Array(regions) = value["a.jpg-1"]["regions"].take() else { panic!() };
    (regions, outcome)
}

fn both() -> [Value; 2] {
    let mut first = task("d/a, \"1\".jpg", &[boxed(10.0, 20.0, 30.5, 40.0), json!({"point": [1, 2]})]);
    // A quote is no part of a file name, so the host takes it away.
    first["externalId"] = json!("d/a, 1.jpg");
    first["task"]["tools"][0]["classifications"] = json!([answer("Colour", json!("red \"x\"")), answer("Parts", json!(["a", "b", "a"]))]);
    first["task"]["classifications"] = json!([answer("Weather", json!("sun"))]);
    [first, task("b.png", &[])]
}

#[test]
fn the_json_file_is_as_written_here() {
    let outcome = kit(&both()).run::<Via>("{}");
    let want = r#"{
"d/a, 1.jpg-1":{"filename":"d/a, 1.jpg","size":-1,"regions":[{"shape_attributes":{"name":"rect","x":10,"y":20,"width":30.5,"height":40},"region_attributes":{"class":"cat","objectId":"o0","Colour":"red \"x\"","Parts":{"a":true,"b":true}}},{"shape_attributes":{"name":"point","cx":1,"cy":2},"region_attributes":{"class":"cat","objectId":"o1"}}],"file_attributes":{"Weather":"sun"}},
"b.png-1":{"filename":"b.png","size":-1,"regions":[],"file_attributes":{}}
}
"#;
    assert_eq!(outcome.text("annotations.json"), Some(want));
    assert_eq!((outcome.files.len(), outcome.lost.len()), (2, 0));
}

#[test]
fn the_csv_file_is_as_written_here() {
    let outcome = kit(&both()).run::<Via>(r#"{"format":"csv","attribute":"type","images_csv":false}"#);
    let want = r#"filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes
"d/a, 1.jpg",-1,"{""Weather"":""sun""}",2,0,"{""name"":""rect"",""x"":10,""y"":20,""width"":30.5,""height"":40}","{""type"":""cat"",""objectId"":""o0"",""Colour"":""red \""x\"""",""Parts"":{""a"":true,""b"":true}}"
"d/a, 1.jpg",-1,"{""Weather"":""sun""}",2,1,"{""name"":""point"",""cx"":1,""cy"":2}","{""type"":""cat"",""objectId"":""o1""}"
b.png,-1,"{}",0,0,"{}","{}"
"#;
    assert_eq!(outcome.text("annotations.csv"), Some(want));
    assert_eq!(outcome.files.len(), 1);
}

#[test]
fn every_shape_has_its_region() {
    let turned = json!({"rotated-bounding-box": {"x": 40, "y": 20, "width": 20, "height": 10, "rotation": 90, "corners": [[40, 20], [30, 20], [30, 40], [40, 40]]}});
    let tools = [turned, json!({"polygon": [[1, 2], [30, 4], [5, 60]]}), json!({"polyline": [[1, 2], [3, 4]]})];
    let (regions, outcome) = run(&tools, "{}");
    let shapes: Vec<&Value> = regions.iter().map(|region| &region["shape_attributes"]).collect();
    assert_eq!(
        shapes,
        [
            &json!({"name": "polygon", "all_points_x": [40, 30, 30, 40], "all_points_y": [20, 20, 40, 40]}),
            &json!({"name": "polygon", "all_points_x": [1, 30, 5], "all_points_y": [2, 4, 60]}),
            &json!({"name": "polyline", "all_points_x": [1, 3], "all_points_y": [2, 4]})
        ]
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn parts_are_regions_of_one_object_and_holes_are_bridged() {
    let zones = json!({"segmentation": {"zones": [
        {"region": square(0.0, 0.0, 40.0), "holes": [square(10.0, 10.0, 10.0)]}, {"region": square(50.0, 50.0, 20.0)}]}});
    let (regions, outcome) = run(&[zones], "{}");
    assert_eq!(regions.len(), 2);
    assert_eq!(regions[0]["region_attributes"], regions[1]["region_attributes"]);
    let axis =
        |name: &str| -> Vec<f64> { regions[0]["shape_attributes"][name].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect() };
    let ring: Vec<f64> = axis("all_points_x").into_iter().zip(axis("all_points_y")).flat_map(|(x, y)| [x, y]).collect();
    assert_eq!(ango_plugin_sdk::geometry::area(&ring), 1500.0);
    assert_eq!(outcome.codes(), [("hole-bridged", 1), ("parts-split", 1)].into());
}

#[test]
fn what_leaves_the_image_and_what_is_nothing_is_said() {
    let tools = [
        json!({"polyline": [[-10, 10], [50, 10], [50, -5], [60, -5], [60, 10], [61, 10]]}),
        json!({"point": [101, 5]}),
        boxed(90.0, 70.0, 20.0, 20.0),
        boxed(1.0, 1.0, 1e-7, 20.0),
        json!({"ner": {"start": 1, "end": 2}}),
        json!({"polyline": [[1, 1]]}),
        json!({"polyline": [[1, 1e300], [2, 2]]}),
    ];
    let (regions, outcome) = run(&tools, "{}");
    assert_eq!(regions.len(), 2);
    assert_eq!(regions[0]["shape_attributes"]["all_points_x"], json!([0, 50, 50]));
    assert_eq!(
        outcome.codes(),
        [
            ("clipped", 2),
            ("part-dropped", 1),
            ("out-of-bounds", 1),
            ("zero-area", 1),
            ("geometry-unsupported", 1),
            ("too-few-points", 1),
            ("coordinates-unusable", 1)
        ]
        .into()
    );
    let (regions, _) = run(&tools, r#"{"outside":"keep"}"#);
    assert_eq!((regions.len(), &regions[1]["shape_attributes"]["cx"]), (3, &json!(101)));
    let outcome = kit(&[task("a.jpg", &[])]).run::<Via>(r#"{"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
}

#[test]
fn titles_do_not_hide_the_class_and_answers_of_one_title_are_choices() {
    let mut tool = boxed(1.0, 2.0, 3.0, 4.0);
    tool["classifications"] =
        json!([answer("class", json!("x")), answer("n", json!(0.5)), answer("m", json!("a")), answer("m", json!(true)), answer("none", json!(null))]);
    let (regions, _) = run(&[tool], "{}");
    assert_eq!(
        regions[0]["region_attributes"],
        json!({"class": "cat", "objectId": "o0", "answer: class": "x", "n": "0.5", "m": {"a": true, "true": true}})
    );
}

#[test]
fn shards_do_not_change_a_byte_and_options_agree_with_their_schema() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"ner": {"start": 1, "end": 2}}), json!({"polygon": square(5.0, 5.0, 5.0)})];
    let tasks: Vec<Value> = (0..12).map(|at| task(&format!("{at}.png"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"format":"csv"}"#, r#"{"split":{"by":"ratio","val_ratio":0.5},"empty":"drop","names":"flat"}"#] {
        let whole = kit(&tasks).run::<Via>(options);
        let cut = kit(&tasks).shard_size(1).run::<Via>(options);
        assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost));
    }
    let schema: Value = serde_json::from_str(&Via::describe().options_schema).unwrap();
    for (name, property) in schema["properties"].as_object().unwrap() {
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            assert_eq!(kit(&[]).run::<Via>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    let empty = kit(&[]).run::<Via>("{}");
    assert_eq!(serde_json::from_str::<Value>(empty.text("annotations.json").unwrap()).unwrap(), json!({}));
}
