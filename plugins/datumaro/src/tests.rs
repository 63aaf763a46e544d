#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ango_plugin_sdk::Class;
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster;
use ango_plugin_sdk::rle::Rle;
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

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn zones(zones: &[(Value, &[Value])]) -> Value {
    let zones: Vec<Value> = zones.iter().map(|(region, holes)| json!({"region": region, "holes": holes})).collect();
    json!({"segmentation": {"zones": zones}})
}

fn answer(schema_id: &str, title: &str, kind: &str, answer: Value) -> Value {
    json!({"objectId": format!("a-{schema_id}"), "schemaId": schema_id, "title": title, "tool": kind, "answer": answer, "classifications": []})
}

fn class(index: u32, schema_id: &str, title: &str, kind: &str, options: &[&str]) -> Class {
    let options = options.iter().map(|&option| option.to_owned()).collect();
    let color = (kind == "bounding-box").then(|| "#ff8000".to_owned());
    Class { index, schema_id: schema_id.into(), title: title.into(), kind: kind.into(), color, options, parent: None }
}

fn parse(outcome: &Outcome, part: &str) -> Value {
    serde_json::from_str(outcome.text(&format!("annotations/{part}.json")).unwrap()).unwrap()
}

/// The annotations of the only image, and the outcome.
fn run(tools: &[Value], options: &Value) -> (Vec<Value>, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Datumaro>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    (parse(&outcome, "default")["items"][0]["annotations"].as_array().unwrap().clone(), outcome)
}

#[test]
fn the_whole_file_is_as_written_here() {
    let mut cat = boxed(1.25, 2.0, 30.1, 40.0);
    cat["classifications"] = json!([answer("q-colour", "Colour", "radio", json!("red"))]);
    let mut first = task("b/a.v2.jpg", &[cat, json!({"point": [5, 6]})]);
    first["task"]["classifications"] =
        json!([answer("q-weather", "Weather", "radio", json!("rain")), answer("q-note", "Note", "text", json!("wet"))]);
    let kit = kit(&[first, task("c.png", &[])]).change_project(|project| {
        project.name = "A \"B\"".to_owned();
        project.exported_at = Some(1_700_000_000_000);
        project.tools = vec![class(0, "s-cat", "cat", "bounding-box", &[]), class(1, "s-dog", "dog", "polygon", &[])];
        let nested = Class { parent: Some("s-cat".to_owned()), ..class(0, "q-colour", "Colour", "radio", &["red", "blue"]) };
        project.classifications = vec![nested, class(1, "q-weather", "Weather", "radio", &["sun", "rain"]), class(2, "q-note", "Note", "text", &[])];
    });
    let outcome = kit.run::<Datumaro>("{}");
    let text = r##"{"dm_format_version":"1.0","media_type":2,"infos":{"description":"A \"B\"","date_created":"2023-11-14T22:13:20.000Z"},
"categories":{"label":{"labels":[
{"name":"cat","parent":"","attributes":["Colour"]},
{"name":"dog","parent":"","attributes":[]},
{"name":"Weather: sun","parent":"","attributes":[]},
{"name":"Weather: rain","parent":"","attributes":[]}],"label_groups":[
{"name":"Weather","group_type":"exclusive","labels":["Weather: sun","Weather: rain"]}],"attributes":["objectId","ocr","track_id"]},"mask":{"colormap":[{"label_id":0,"r":255,"g":128,"b":0}]}},
"items":[
{"id":"b/a.v2","annotations":[
{"id":1,"type":"bbox","group":0,"attributes":{"objectId":"o0","Colour":"red"},"label_id":0,"z_order":0,"bbox":[1.25,2,30.1,40]},
{"id":2,"type":"points","group":0,"attributes":{"objectId":"o1"},"label_id":0,"z_order":0,"points":[5,6],"visibility":[2]},
{"id":0,"type":"label","group":0,"attributes":{},"label_id":3},
{"id":0,"type":"caption","group":0,"attributes":{"question":"Note"},"caption":"wet"}],"attr":{"taskId":"t-b/a.v2.jpg","stage":"Complete","Weather":"rain","Note":"wet"},"image":{"path":"b/a.v2.jpg","size":[80,100]}},
{"id":"c","annotations":[],"attr":{"taskId":"t-c.png","stage":"Complete"},"image":{"path":"c.png","size":[80,100]}}
]}
"##;
    assert_eq!(outcome.text("annotations/default.json"), Some(text));
    let list =
        "file,url,width,height\r\nimages/default/b/a.v2.jpg,https://x.test/b/a.v2.jpg,100,80\r\nimages/default/c.png,https://x.test/c.png,100,80\r\n";
    assert_eq!(outcome.text("images.csv"), Some(list));
    assert_eq!((&outcome.lost[..], &outcome.logs[..], outcome.files.len()), (&[][..], &[][..], 2));
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), zones(&[(square(3.0, 3.0, 20.0), &[square(8.0, 8.0, 5.0)])])];
    let tasks: Vec<Value> = (0..20).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"split":{"by":"ratio","val_ratio":0.4}}"#, r#"{"empty":"drop","holes":"fill","names":"flat"}"#] {
        let whole = kit(&tasks).run::<Datumaro>(options);
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Datumaro>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
    let split = kit(&tasks).run::<Datumaro>(r#"{"split":{"by":"ratio","val_ratio":0.4}}"#);
    let count = |part: &str| parse(&split, part)["items"].as_array().unwrap().len();
    assert_eq!((count("train") + count("val"), count("val") > 1), (20, true));
    assert!(split.text("images.csv").unwrap().contains("images/val/"));
    let none = kit(&[]).run::<Datumaro>("{}");
    assert_eq!(parse(&none, "default")["items"], json!([]));
}

#[test]
fn parts_are_a_group_and_holes_a_mask() {
    let parts = zones(&[(square(1.0, 1.0, 5.0), &[]), (square(20.0, 1.0, 5.0), &[])]);
    let hole = zones(&[(square(10.0, 10.0, 20.0), &[square(15.0, 15.0, 5.0)])]);
    let (found, outcome) = run(&[boxed(0.0, 0.0, 5.0, 5.0), parts, hole.clone()], &json!({}));
    let kinds: Vec<(&str, u64, u64)> =
        found.iter().map(|one| (one["type"].as_str().unwrap(), one["id"].as_u64().unwrap(), one["group"].as_u64().unwrap())).collect();
    assert_eq!(kinds, [("bbox", 1, 0), ("polygon", 2, 2), ("polygon", 2, 2), ("mask", 3, 0)]);
    assert_eq!(found[1]["points"], json!([1, 1, 6, 1, 6, 6, 1, 6]));
    let rle = &found[3]["rle"];
    assert_eq!(rle["size"], json!([80, 100]));
    assert_eq!(Rle::from_compressed(rle["counts"].as_str().unwrap(), 100, 80).unwrap().area(), 400 - 25);
    assert_eq!(outcome.lost, []);
    assert_eq!(run(std::slice::from_ref(&hole), &json!({"holes": "fill"})).1.codes(), [("hole-filled", 1)].into());
    assert_eq!(run(std::slice::from_ref(&hole), &json!({"holes": "drop"})).1.codes(), [("hole-unsupported", 1)].into());
    let outside = zones(&[(square(90.0, 70.0, 30.0), &[square(92.0, 72.0, 4.0)])]);
    assert_eq!(run(&[outside], &json!({"outside": "keep"})).1.codes(), [("clipped", 1)].into());
    let hidden = zones(&[(square(10.1, 20.1, 0.3), &[square(10.2, 20.2, 0.1)])]);
    assert_eq!(run(&[hidden], &json!({})).1.codes(), [("no-pixels", 1)].into());
}

#[test]
fn every_other_drawing_is_there_or_told() {
    let corners = json!([[70, 20], [50, 20], [50, 50], [70, 50]]);
    let tools = [
        json!({"rotated-bounding-box": {"x": 70, "y": 20, "width": 30, "height": 20, "rotation": 90, "corners": corners}}),
        json!({"polyline": [[-10, 5], [50, 5], [50, 20]]}),
        json!({"spline": {"points": [[1, 2], [3, 4], [5, 2]], "closed": false}}),
        json!({"point": [150, 1]}),
        json!({"ner": {"start": 1, "end": 2}}),
        json!({"circle": {"x": 1, "y": 2, "radius": 3}}),
        boxed(1.0, 1.0, 1e-8, 5.0),
    ];
    let (found, outcome) = run(&tools, &json!({}));
    let kinds: Vec<&str> = found.iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["polygon", "polyline", "polyline"]);
    assert_eq!(found[0]["points"], json!([70, 20, 50, 20, 50, 50, 70, 50]));
    let want = [("clipped", 1), ("spline-straightened", 1), ("out-of-bounds", 1), ("geometry-unsupported", 2), ("zero-area", 1)];
    assert_eq!(outcome.codes(), want.into());
}

#[test]
fn labels_have_one_name_each() {
    let tool = |title: &str, schema_id: &str| {
        let mut tool = boxed(1.0, 1.0, 5.0, 5.0);
        (tool["title"], tool["schemaId"]) = (json!(title), json!(schema_id));
        tool
    };
    let tools = [tool("car", "s1"), tool("car", "s2"), tool("", "s3"), tool("Weather: rain", "s4")];
    let mut first = task("a.jpg", &tools);
    first["task"]["classifications"] = json!([
        answer("q1", "Weather", "radio", json!("rain")),
        answer("q2", "Tags", "checkbox", json!(["busy", "other"])),
        answer("q3", "Night", "boolean", json!(true)),
        answer("q4", "Note", "text", json!("")),
    ]);
    let kit = kit(&[first]).change_project(|project| {
        project.classifications = vec![
            class(0, "q1", "Weather", "radio", &["rain", "sun"]),
            class(1, "q2", "Tags", "checkbox", &["busy", "busy"]),
            class(2, "q5", "Weather", "radio", &["fog"]),
        ];
    });
    let outcome = kit.run::<Datumaro>("{}");
    let value = parse(&outcome, "default");
    let names: Vec<&str> = value["categories"]["label"]["labels"].as_array().unwrap().iter().map(|label| label["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["car", "unnamed", "Weather: rain", "Weather: sun", "Tags: busy", "Weather: fog"]);
    let groups = &value["categories"]["label"]["label_groups"];
    assert_eq!(groups, &json!([{"name": "Weather", "group_type": "exclusive", "labels": ["Weather: rain", "Weather: sun", "Weather: fog"]}]));
    let ids: Vec<u64> = value["items"][0]["annotations"].as_array().unwrap().iter().map(|one| one["label_id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [0, 0, 1, 2, 2, 4]);
    // What is no label is an attribute all the same.
    assert_eq!(value["items"][0]["attr"]["Tags"], json!(["busy", "other"]));
    assert_eq!(value["items"][0]["attr"]["Night"], json!(true));
}

#[test]
fn frames_know_their_tracks() {
    let on = |page: u32, id: &str| {
        let mut tool = boxed(f64::from(page), 1.0, 5.0, 5.0);
        (tool["page"], tool["objectId"]) = (json!(page), json!(id));
        tool
    };
    let mut stop = on(3, "a");
    stop["interpolationStopped"] = json!(true);
    let mut video = task("v.mp4", &[on(1, "b"), on(0, "a"), on(1, "a"), stop]);
    video["metadata"]["frameRate"] = json!(5);
    let outcome = kit(&[task("a.jpg", &[boxed(1.0, 1.0, 5.0, 5.0)]), video]).run::<Datumaro>("{}");
    let value = parse(&outcome, "default");
    let rows: Vec<Vec<Value>> = value["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["annotations"].as_array().unwrap().iter().map(|one| json!([one["id"], one["attributes"]["track_id"]])).collect())
        .collect();
    assert_eq!(rows, [vec![json!([1, null])], vec![json!([3, 3])], vec![json!([2, 2]), json!([4, 3])]]);
    assert_eq!(value["items"][2]["id"], json!("v.mp4/000002"));
    assert_eq!(value["items"][2]["attr"]["frame"], json!(1));
    assert_eq!(outcome.lost, []);
}

#[test]
fn what_a_brush_painted_is_a_mask_for_each_class() {
    let mut png = MaskPng::new();
    png.start(100, 80, Pixel::Rgb);
    for y in 0..80 {
        png.row([raster::Run { x0: 10, x1: 13, label: 0x00ff_8000 }].into_iter().filter(|_| (5..7).contains(&y)));
    }
    let mut brushed = task("a.jpg", &[]);
    brushed["task"]["brushDataUrl"] = json!("u/brush.png");
    let kit = kit(&[brushed]).asset_bytes("u/brush.png", Ok(png.finish().to_vec())).change_project(|project| {
        project.tools = vec![class(0, "s", "grass", "bounding-box", &[])];
    });
    let outcome = kit.run::<Datumaro>(r#"{"empty":"drop"}"#);
    let found = &parse(&outcome, "default")["items"][0]["annotations"][0];
    assert_eq!((&found["type"], &found["label_id"], &found["attributes"]), (&json!("mask"), &json!(0), &json!({"brush": true})));
    assert_eq!(Rle::from_compressed(found["rle"]["counts"].as_str().unwrap(), 100, 80).unwrap().area(), 6);
    assert_eq!(outcome.lost, []);
}

#[test]
fn hostile_texts_stay_json() {
    let mut tool = boxed(1.0, 1.0, 5.0, 5.0);
    tool["title"] = json!("a\"b\\\n\u{1}🚗");
    tool["classifications"] = json!([answer("q1", "objectId", "text", json!("x\u{0}")), answer("q2", "track_id", "text", json!("y"))]);
    let (found, outcome) = run(&[tool], &json!({}));
    assert_eq!(found[0]["attributes"], json!({"objectId": "o0", "classification:objectId": "x\u{0}", "classification:track_id": "y"}));
    assert_eq!(parse(&outcome, "default")["categories"]["label"]["labels"][0]["name"], json!("a\"b\\\n\u{1}🚗"));
}

#[test]
fn the_schema_says_what_the_options_are() {
    let schema: Value = serde_json::from_str(&Datumaro::describe().options_schema).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let defaults: serde_json::Map<String, Value> =
        properties.iter().filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone()))).collect();
    let options: Options = serde_json::from_value(Value::Object(defaults)).unwrap();
    assert_eq!(format!("{options:?}"), format!("{:?}", Options::default()));
    assert!(properties.values().all(|property| property["description"].is_string()));
}
