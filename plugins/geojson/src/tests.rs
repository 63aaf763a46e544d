#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The converter from outside.

use ango_plugin_sdk::Converter;
use ango_plugin_sdk::testkit::{Outcome, TestKit};
use serde_json::{Value, json};

use crate::GeoJson;

fn task(name: &str, tools: &[Value]) -> Value {
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": [],
        "task": {"taskId": format!("t-{name}"), "tools": tools}})
}

fn object(id: &str, class: &str, kind: &str, geometry: &Value) -> Value {
    json!({kind: geometry, "objectId": id, "schemaId": format!("s-{class}"), "title": class})
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn run(tasks: &[Value], options: &Value) -> Outcome {
    let kit = TestKit::from_json(&Value::from(tasks).to_string()).unwrap();
    let outcome = kit.run::<GeoJson>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let cut = kit.shard_size(1).run::<GeoJson>(&options.to_string());
    assert_eq!((&cut.files, &cut.lost), (&outcome.files, &outcome.lost));
    outcome
}

fn file(outcome: &Outcome, path: &str) -> Value {
    serde_json::from_str(outcome.text(path).unwrap_or_else(|| panic!("no {path} in {:?}", outcome.files.keys()))).unwrap()
}

/// The features of one image with these objects, and the outcome.
fn features(tools: &[Value], options: &Value) -> (Vec<Value>, Outcome) {
    let outcome = run(&[task("a.jpg", tools)], options);
    (file(&outcome, "a.geojson")["features"].as_array().unwrap().clone(), outcome)
}

#[test]
fn a_whole_file_is_as_written_here() {
    let outcome =
        run(&[task("d/a.v2.svs", &[object("o1", "Tumor", "bounding-box", &json!({"x": 1.5, "y": 2, "width": 3, "height": 4.25}))])], &json!({}));
    assert_eq!(
        outcome.text("d/a.v2.geojson").unwrap(),
        "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"id\":\"715fc2a1-1788-88dc-81ec-3f396a106215\",\"geometry\":{\"type\":\"Polygon\",\
         \"coordinates\":[[[1.5,2],[4.5,2],[4.5,6.25],[1.5,6.25],[1.5,2]]]},\"properties\":{\"objectType\":\"annotation\",\"classification\":{\"name\":\"Tumor\",\
         \"color\":[255,100,100]},\"metadata\":{\"object_id\":\"o1\"}}}\n],\"image\":{\"file\":\"d/a.v2.svs\",\"width\":100,\"height\":80,\"task_id\":\"t-d/a.v2.svs\",\
         \"answers\":{}}}\n"
    );
    assert_eq!(outcome.text("images.csv").unwrap(), "file,url,width,height\r\nd/a.v2.svs,https://x.test/d/a.v2.svs,100,80\r\n");
    assert_eq!(outcome.lost, []);
}

#[test]
fn every_drawing_has_its_kind_of_geometry() {
    let zones = json!({"zones": [{"region": square(0.0, 0.0, 9.0), "holes": [square(2.0, 2.0, 3.0)]}, {"region": square(20.0, 0.0, 4.0)}]});
    let turned = json!({"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90});
    let (features, outcome) = features(
        &[
            object("o1", "a", "segmentation", &zones),
            object("o2", "a", "rotated-bounding-box", &turned),
            object("o3", "a", "polyline", &json!([[1, 1], [5, 5.125]])),
            object("o4", "a", "spline", &json!([[1, 1], [5, 5], [9, 1]])),
            object("o5", "a", "point", &json!([7, 8.25])),
            object("o6", "a", "ner", &json!({"start": 0, "end": 3})),
        ],
        &json!({}),
    );
    let geometries: Vec<&Value> = features.iter().map(|feature| &feature["geometry"]).collect();
    assert_eq!(
        geometries,
        [
            &json!({"type": "MultiPolygon", "coordinates": [[[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[2, 2], [2, 5], [5, 5], [5, 2], [2, 2]]],
                [[[20, 0], [24, 0], [24, 4], [20, 4], [20, 0]]]]}),
            &json!({"type": "Polygon", "coordinates": [[[20, 10], [20, 50], [0, 50], [0, 10], [20, 10]]]}),
            &json!({"type": "LineString", "coordinates": [[1, 1], [5, 5.125]]}),
            &json!({"type": "LineString", "coordinates": [[1, 1], [5, 5], [9, 1]]}),
            &json!({"type": "Point", "coordinates": [7, 8.25]}),
        ]
    );
    assert_eq!(outcome.codes(), [("spline-straightened", 1), ("geometry-unsupported", 1)].into());
    let mut ids: Vec<&str> = features.iter().map(|feature| feature["id"].as_str().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[test]
fn what_crosses_itself_is_repaired_kept_or_left_out() {
    let bow = object("o1", "a", "polygon", &json!([[0, 0], [40, 40], [40, 10], [0, 40]]));
    let (repaired, outcome) = features(std::slice::from_ref(&bow), &json!({}));
    assert_eq!((&repaired[0]["geometry"]["type"], outcome.codes()), (&json!("MultiPolygon"), [("self-intersection-repaired", 1)].into()));
    let (kept, outcome) = features(std::slice::from_ref(&bow), &json!({"invalid": "keep"}));
    assert_eq!(kept[0]["geometry"], json!({"type": "Polygon", "coordinates": [[[0, 0], [40, 40], [40, 10], [0, 40], [0, 0]]]}));
    assert_eq!(outcome.codes(), [("self-intersection-kept", 1)].into());
    let (dropped, outcome) = features(&[bow], &json!({"invalid": "drop"}));
    assert_eq!((dropped, outcome.codes()), (Vec::new(), [("self-intersection-dropped", 1)].into()));
    // Cutting at the edge of the image joins two parts along it.
    let fork = object("o1", "a", "polygon", &json!([[-10, 10], [-10, 40], [20, 40], [20, 35], [-5, 30], [-5, 25], [20, 20], [20, 10]]));
    let (cut, outcome) = features(&[fork], &json!({}));
    assert_eq!((&cut[0]["geometry"]["type"], outcome.codes()), (&json!("MultiPolygon"), [("clipped", 1), ("self-intersection-repaired", 1)].into()));
}

#[test]
fn answers_are_measurements_and_metadata() {
    let answer = |title: &str, answer: Value| json!({"objectId": "c", "schemaId": title, "tool": "x", "title": title, "answer": answer});
    let mut answered = object("o1", "a: b\n", "bounding-box", &json!({"x": 1, "y": 2, "width": 3, "height": 4}));
    answered["classifications"] = json!([
        answer("Grade", json!("G2")),
        answer("Seen", json!(["x", "y"])),
        answer("Size", json!(1.5)),
        answer("Sure", json!(true)),
        answer("Grade", json!("G3")),
        answer("image", json!("no"))
    ]);
    answered["ocr"] = json!({"text": "read"});
    let mut whole = task("a.jpg", &[answered]);
    whole["task"]["classifications"] = json!([answer("Stain", json!("H&E"))]);
    whole["task"]["relations"] = json!([{"group": ["x"], "objectId": "r", "schemaId": "s", "title": "t"}]);
    let outcome = run(&[whole], &json!({"object_type": "detection", "layout": "single"}));
    let value = file(&outcome, "annotations.geojson");
    let properties = &value["features"][0]["properties"];
    assert_eq!(
        properties,
        &json!({"objectType": "detection", "name": "read", "classification": {"name": "a: b", "color": [255, 100, 100]}, "measurements": {"Size": 1.5},
            "metadata": {"object_id": "o1", "image": "a.jpg", "Grade": "[\"G2\",\"G3\"]", "Seen": "[\"x\",\"y\"]", "Sure": "true", "classification:image": "no"}})
    );
    assert_eq!(value["images"], json!([{"file": "a.jpg", "width": 100, "height": 80, "task_id": "t-a.jpg", "answers": {"Stain": "H&E"}}]));
    assert_eq!(outcome.codes(), [("relation-unsupported", 1), ("name-changed", 1)].into());
}

#[test]
fn one_file_has_the_features_of_all_images_and_ids_of_frames_differ() {
    let on = |page: u32| {
        let mut object = object("t", "a", "point", &json!([1, 2]));
        object["page"] = json!(page);
        object
    };
    let mut video = task("v.mp4", &[on(3), on(4)]);
    video["metadata"] = json!({"width": 10, "height": 10, "frameTotal": 9, "frameRate": 25});
    let tasks = [task("a.jpg", &[]), video, task("b.jpg", &[object("o", "a", "point", &json!([1, 1]))])];
    let outcome = run(&tasks, &json!({"layout": "single", "images_csv": false}));
    assert_eq!(outcome.files.len(), 1);
    let value = file(&outcome, "annotations.geojson");
    let on: Vec<&str> =
        value["features"].as_array().unwrap().iter().map(|feature| feature["properties"]["metadata"]["image"].as_str().unwrap()).collect();
    assert_eq!(on, ["v.mp4/000004.jpg", "v.mp4/000005.jpg", "b.jpg"]);
    assert_ne!(value["features"][0]["id"], value["features"][1]["id"]);
    assert_eq!(value["images"].as_array().unwrap().len(), 4);
    let dropped = file(&run(&tasks, &json!({"layout": "single", "empty": "drop"})), "annotations.geojson");
    assert_eq!(dropped["images"].as_array().unwrap().len(), 3);
    assert_eq!(
        file(&run(&[], &json!({"layout": "single"})), "annotations.geojson"),
        json!({"type": "FeatureCollection", "features": [], "images": []})
    );
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    for (tool, options, code) in [
        (object("o", "a", "bounding-box", &json!({"x": 1, "y": 2, "width": 0, "height": 4})), json!({}), "zero-area"),
        (object("o", "a", "bounding-box", &json!({"x": 1, "y": 2, "width": 0.3, "height": 0.3})), json!({"precision": 0}), "zero-area"),
        (object("o", "a", "bounding-box", &json!({"x": 200, "y": 2, "width": 3, "height": 3})), json!({}), "out-of-bounds"),
        (object("o", "a", "polygon", &json!([[1, 2], [3, 4]])), json!({}), "too-few-points"),
        (object("o", "a", "polygon", &json!([[1e300, 2], [3, 4], [1, 9]])), json!({}), "coordinates-unusable"),
        (object("o", "a", "polyline", &json!([[1e300, 2], [3, 4]])), json!({}), "coordinates-unusable"),
        (object("o", "a", "point", &json!([-1, 4])), json!({}), "out-of-bounds"),
        (
            object("o", "a", "bounding-box", &json!({"x": 1, "y": 2, "width": 2, "height": 4})),
            json!({"classes": {"exclude": ["a"]}}),
            "class-excluded",
        ),
    ] {
        let (features, outcome) = features(std::slice::from_ref(&tool), &options);
        assert_eq!((features, outcome.codes()), (Vec::new(), [(code, 1)].into()), "{tool}");
    }
    // Far out, where nothing is cut.
    let far = object("o", "a", "bounding-box", &json!({"x": -1e9, "y": 1e9, "width": 1, "height": 4}));
    let (features, _) = features(&[far], &json!({"outside": "keep", "precision": 6}));
    assert!(features.is_empty() || features[0]["geometry"]["coordinates"][0][0] == json!([-1_000_000_000, 1_000_000_000]));
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&GeoJson::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{name}");
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            run(&[task("a.jpg", &[])], &json!({ name: value }));
        }
    }
}
