#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ango_plugin_sdk::rle::Rle;
use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
use serde_json::{Value, json};

use super::*;

/// A video of 100 × 80 pixels and 5 frames with these tools.
fn video(name: &str, tools: &[Value]) -> Value {
    let mut task = task(name, tools);
    task["metadata"]["frameRate"] = json!(12.5);
    task["metadata"]["frameTotal"] = json!(5);
    task
}

fn task(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .map(|tool| {
            let mut tool = tool.clone();
            for (key, value) in [("schemaId", "s-cat"), ("title", "cat")] {
                tool.as_object_mut().unwrap().entry(key).or_insert(value.into());
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

fn boxed(id: &str, frame: u32, x: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": 2, "width": 10, "height": 20}, "objectId": id, "page": frame})
}

fn ring(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn answered(mut tool: Value, answer: &str) -> Value {
    tool["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Colour", "answer": answer}]);
    tool
}

fn stopped(mut tool: Value) -> Value {
    tool["interpolationStopped"] = json!(true);
    tool
}

fn converted(kit: &TestKit, options: &Value) -> (Value, Outcome) {
    let outcome = kit.run::<YoutubeVis>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let cut = kit.clone().shard_size(1).run::<YoutubeVis>(&options.to_string());
    assert_eq!((&cut.files, &cut.lost), (&outcome.files, &outcome.lost));
    let value: Value = serde_json::from_str(outcome.text("annotations/youtube_vis_default.json").unwrap()).unwrap();
    // The lists of a track are as long as its video.
    for row in value["annotations"].as_array().unwrap() {
        let video = value["videos"].as_array().unwrap().iter().find(|video| video["id"] == row["video_id"]).unwrap();
        assert_eq!(video["length"], json!(video["file_names"].as_array().unwrap().len()));
        for list in ["segmentations", "bboxes", "areas"] {
            assert_eq!(json!(row[list].as_array().unwrap().len()), video["length"], "{list}");
        }
    }
    (value, outcome)
}

#[test]
fn the_whole_file_is_as_written_here() {
    let dog = json!({"polygon": [[0, 0], [10, 0], [10, 10]], "objectId": "d", "page": 3, "schemaId": "s-dog", "title": "dog"});
    let tools = [boxed("a", 1, 4.0), answered(boxed("b", 1, 1.5), "red"), answered(boxed("b", 2, 2.5), "red"), stopped(boxed("b", 3, 2.5)), dog];
    let mut first = video("v.mp4", &tools);
    first["task"]["classifications"] = json!([{"objectId": "c", "schemaId": "w", "tool": "radio", "title": "Weather", "answer": "rain"}]);
    let (_, outcome) = converted(&kit(&[first, task("c.jpg", &[])]), &json!({}));
    let want = r#"{"info":{"description":""},
"licenses":[],
"categories":[
{"id":1,"name":"cat","supercategory":""},
{"id":2,"name":"dog","supercategory":""}],
"videos":[
{"id":1,"width":100,"height":80,"length":5,"file_names":["v.mp4/000001.jpg","v.mp4/000002.jpg","v.mp4/000003.jpg","v.mp4/000004.jpg","v.mp4/000005.jpg"],"coco_url":"https://x.test/v.mp4","attributes":{"taskId":"t-v.mp4","stage":"Complete","frameRate":12.5,"Weather":"rain"}},
{"id":2,"width":100,"height":80,"length":1,"file_names":["c.jpg"],"coco_url":"https://x.test/c.jpg","attributes":{"taskId":"t-c.jpg","stage":"Complete"}}
],
"annotations":[
{"id":1,"video_id":1,"category_id":1,"iscrowd":0,"width":100,"height":80,"segmentations":[null,[[4,2,14,2,14,22,4,22]],null,null,null],"bboxes":[null,[4,2,10,20],null,null,null],"areas":[null,200,null,null,null],"attributes":{"objectId":"a"}},
{"id":2,"video_id":1,"category_id":1,"iscrowd":0,"width":100,"height":80,"segmentations":[null,[[1.5,2,11.5,2,11.5,22,1.5,22]],[[2.5,2,12.5,2,12.5,22,2.5,22]],null,null],"bboxes":[null,[1.5,2,10,20],[2.5,2,10,20],null,null],"areas":[null,200,200,null,null],"attributes":{"objectId":"b","Colour":"red"}},
{"id":5,"video_id":1,"category_id":2,"iscrowd":0,"width":100,"height":80,"segmentations":[null,null,null,[[0,0,10,0,10,10]],null],"bboxes":[null,null,null,[0,0,10,10],null],"areas":[null,null,null,50,null],"attributes":{"objectId":"d"}}
]}
"#;
    assert_eq!(outcome.text("annotations/youtube_vis_default.json"), Some(want));
    assert_eq!(outcome.lost, []);
}

#[test]
fn frames_that_nobody_drew_on_can_be_left_out() {
    let tools = [boxed("a", 4, 4.0), boxed("a", 1, 1.0), boxed("b", 1, 2.0)];
    let (value, outcome) = converted(&kit(&[video("d/v.mp4", &tools)]), &json!({"length": "annotated", "names": "flat"}));
    assert_eq!(value["videos"][0]["file_names"], json!(["d__v.mp4__000002.jpg", "d__v.mp4__000005.jpg"]));
    assert_eq!(value["annotations"][0]["bboxes"], json!([[1, 2, 10, 20], [4, 2, 10, 20]]));
    assert_eq!((&value["annotations"][1]["bboxes"], outcome.lost.len()), (&json!([[2, 2, 10, 20], null]), 0));
    let (value, _) = converted(&kit(&[video("d/v.mp4", &tools)]), &json!({"names": "flat"}));
    assert_eq!(value["videos"][0]["file_names"][3], json!("d__v.mp4__000004.jpg"));
}

#[test]
fn a_track_has_one_class_and_is_on_a_frame_once() {
    let dog = |mut tool: Value| {
        tool["schemaId"] = json!("s-dog");
        tool["title"] = json!("dog");
        tool
    };
    let tools = [boxed("a", 0, 4.0), dog(boxed("a", 1, 5.0)), boxed("a", 2, 6.0), boxed("a", 2, 7.0), boxed("", 0, 1.0), boxed("", 1, 1.0)];
    let (value, outcome) = converted(&kit(&[video("v.mp4", &tools)]), &json!({}));
    let rows: Vec<_> = value["annotations"].as_array().unwrap().iter().map(|row| (row["category_id"].clone(), row["areas"].clone())).collect();
    assert_eq!(
        rows,
        [
            (json!(1), json!([200, null, 200, null, null])),
            (json!(2), json!([null, 200, null, null, null])),
            (json!(1), json!([200, null, null, null, null])),
            (json!(1), json!([null, 200, null, null, null])),
        ]
    );
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref())).collect();
    assert_eq!(lost, [("duplicate", Some("a"))]);
}

#[test]
fn holes_are_run_lengths_and_what_cannot_be_is_reported() {
    let hole =
        json!({"segmentation": {"zones": [{"region": ring(10.0, 10.0, 40.0), "holes": [ring(20.0, 20.0, 10.0)]}]}, "objectId": "h", "page": 0});
    let tools = [hole, json!({"point": [1, 2], "objectId": "p", "page": 1}), boxed("c", 1, 95.0)];
    let (value, outcome) = converted(&kit(&[video("v.mp4", &tools)]), &json!({}));
    let segment = &value["annotations"][0]["segmentations"][0];
    let mask = Rle::from_compressed(segment["counts"].as_str().unwrap(), 100, 80).unwrap();
    assert_eq!((mask.area(), &segment["size"], &value["annotations"][0]["areas"][0]), (1500, &json!([80, 100]), &json!(1500)));
    assert_eq!((&value["annotations"][1]["areas"][1], outcome.codes()), (&json!(100), [("clipped", 1), ("geometry-unsupported", 1)].into()));
    let (value, _) = converted(&kit(&[video("v.mp4", &tools)]), &json!({"holes": "fill", "rle": "uncompressed"}));
    assert_eq!((&value["annotations"][0]["areas"][0], value["annotations"][0]["segmentations"][0].is_array()), (&json!(1600), true));
}

#[test]
fn answers_that_change_are_reported() {
    let tools = [answered(boxed("a", 0, 4.0), "red"), answered(boxed("a", 1, 4.0), "blue"), boxed("a", 2, 4.0)];
    let mut task = video("v.mp4", &tools);
    task["task"]["classifications"] = json!([
        {"objectId": "w", "schemaId": "w", "tool": "radio", "title": "Weather", "answer": "rain", "page": 2},
        {"objectId": "x", "schemaId": "w", "tool": "radio", "title": "Weather", "answer": "rain", "page": 3, "interpolationStopped": true}]);
    let (value, outcome) = converted(&kit(std::slice::from_ref(&task)), &json!({}));
    assert_eq!(value["annotations"][0]["attributes"], json!({"objectId": "a", "Colour": "red"}));
    assert_eq!(value["videos"][0]["attributes"].get("Weather"), None);
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref())).collect();
    assert_eq!(lost, [("classification-unsupported", Some("w")), ("classification-unsupported", Some("a"))]);
    let (value, outcome) = converted(&kit(&[task]), &json!({"attributes": false}));
    assert_eq!((value["videos"][0].get("attributes"), value["annotations"][0].get("attributes")), (None, None));
    assert_eq!(outcome.codes()["classification-unsupported"], 4);
}

#[test]
fn single_images_and_pages_are_videos_too() {
    let mut image = task("a.jpg", &[json!({"polygon": ring(1.0, 1.0, 5.0), "objectId": "o"})]);
    image["batches"] = json!(["b"]);
    let mut pages = task("p.tif", &[boxed("o", 1, 1.0), boxed("n", 7, 1.0)]);
    pages["dataset"] = json!(["https://x.test/1.png", "https://x.test/2.png", "https://x.test/3.png"]);
    let kit = kit(&[image, pages]).asset_size("https://x.test/2.png", Ok((50, 50)));
    let (value, outcome) = converted(&kit, &json!({}));
    assert_eq!((&value["videos"][0]["file_names"], &value["annotations"][0]["areas"]), (&json!(["a.jpg"]), &json!([25])));
    let names: Vec<&str> = value["videos"][1]["file_names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names[..4], ["p.tif/000001.png", "p.tif/000002.png", "p.tif/000003.png", "p.tif/000004.jpg"]);
    assert_eq!((names.len(), &value["annotations"][1]["areas"]), (8, &json!([null, 200, null, null, null, null, null, null])));
    assert_eq!(outcome.codes(), [("size-assumed", 1), ("size-differs", 1)].into());
    let (value, outcome) = converted(&kit, &json!({"images": "skip"}));
    assert_eq!((value["videos"].as_array().unwrap().len(), outcome.codes()["asset-unsupported"]), (1, 1));
}

#[test]
fn videos_without_end_have_the_frames_that_were_drawn_on() {
    let mut endless = video("v.mp4", &[boxed("a", u32::MAX, 1.0), boxed("b", 3, 1.0)]);
    endless["metadata"]["frameTotal"] = json!(u32::MAX);
    let mut short = video("w.mp4", &[boxed("a", 8, 1.0)]);
    short["metadata"]["frameTotal"] = json!(5);
    let (value, outcome) = converted(&kit(&[endless, short]), &json!({}));
    assert_eq!(value["videos"][0]["file_names"], json!(["v.mp4/000004.jpg", "v.mp4/4294967296.jpg"]));
    assert_eq!((&value["annotations"][0]["areas"], &value["videos"][1]["length"]), (&json!([null, 200]), &json!(9)));
    assert_eq!(outcome.codes(), [("frames-left-out", 1), ("frame-count-exceeded", 1)].into());
}

#[test]
fn parts_and_empty_videos_follow_their_options() {
    let tasks: Vec<Value> = (0..4)
        .map(|at| {
            let mut task = video(&format!("{at}.mp4"), if at == 3 { &[] } else { &[] as &[Value] });
            task["batches"] = json!([format!("b{}", at % 2)]);
            if at < 3 {
                task["task"]["tools"] = json!([boxed("a", 0, 1.0)]);
                task["task"]["tools"][0]["schemaId"] = json!("s");
                task["task"]["tools"][0]["title"] = json!("t");
            }
            task
        })
        .collect();
    let options = r#"{"split":{"by":"batch","val":["b1"]},"empty":"drop"}"#;
    let outcome = kit(&tasks).run::<YoutubeVis>(options);
    assert_eq!(kit(&tasks).shard_size(1).run::<YoutubeVis>(options).files, outcome.files);
    let ids = |part: &str| -> Vec<u64> {
        let value: Value = serde_json::from_str(outcome.text(&format!("annotations/youtube_vis_{part}.json")).unwrap()).unwrap();
        assert_eq!(value["videos"].as_array().unwrap().len(), value["annotations"].as_array().unwrap().len());
        value["videos"].as_array().unwrap().iter().map(|video| video["id"].as_u64().unwrap()).collect()
    };
    assert_eq!((ids("train"), ids("val"), outcome.codes()), (vec![1, 3], vec![2], [("image-empty", 1)].into()));
    assert_eq!(kit(&[]).run::<YoutubeVis>("{}").result, Ok(()));
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&YoutubeVis::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{name}");
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            assert_eq!(kit(&[]).run::<YoutubeVis>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<YoutubeVis>(r#"{"length":"some"}"#).result else { panic!() };
    assert_eq!(error.pointer, "/length");
}
