#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ango_plugin_sdk::Level;
use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
use serde_json::{Value, json};

use super::*;

mod classify;
mod ndjson;
mod pose;
mod turned;

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

/// The label rows of one image, and the outcome.
fn run(tools: &[Value], options: &Value) -> (String, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Yolo>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    (outcome.text("labels/train/a.txt").unwrap().to_owned(), outcome)
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

/// Every row's columns, after checking that all numbers are in [0, 1] and no box or ring is empty.
fn columns(rows: &str, segment: bool) -> Vec<Vec<f64>> {
    rows.lines()
        .map(|row| {
            let numbers: Vec<f64> = row.split(' ').skip(1).map(|number| number.parse().unwrap()).collect();
            assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)), "{row}");
            if segment {
                assert!(numbers.len() >= 6 && numbers.len().is_multiple_of(2), "{row}");
            } else {
                assert_eq!(numbers.len(), 4, "{row}");
                assert!(numbers[2] > 0.0 && numbers[3] > 0.0, "{row}");
                for axis in 0..2 {
                    assert!(numbers[axis] - numbers[axis + 2] / 2.0 >= -1e-12 && numbers[axis] + numbers[axis + 2] / 2.0 <= 1.0 + 1e-12, "{row}");
                }
            }
            numbers
        })
        .collect()
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let dog = json!({"bounding-box": {"x": 10, "y": 20, "width": 30, "height": 40}, "schemaId": "s-dog", "title": "yes"});
    let tasks = [task("b/a.v2.jpg", &[boxed(0.0, 0.0, 100.0, 80.0), dog]), task("c.png", &[])];
    let outcome = kit(&tasks).run::<Yolo>("{}");
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    assert_eq!(
        files,
        [
            ("data.yaml", "train: train.txt\nval: train.txt\nnc: 2\nnames:\n  0: \"cat\"\n  1: \"yes\"\n"),
            (
                "images.csv",
                "file,url,width,height\r\nimages/train/b/a.v2.jpg,https://x.test/b/a.v2.jpg,100,80\r\nimages/train/c.png,https://x.test/c.png,100,80\r\n"
            ),
            ("labels/train/b/a.v2.txt", "0 0.500000 0.500000 1.000000 1.000000\n1 0.250000 0.500000 0.300000 0.500000\n"),
            ("labels/train/c.txt", ""),
            ("train.txt", "./images/train/b/a.v2.jpg\n./images/train/c.png\n"),
        ]
    );
    assert_eq!(outcome.lost, []);
    assert_eq!(outcome.logs.len(), 1);
    assert_eq!(outcome.logs[0].level, Level::Warning);
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), json!({"polygon": square(3.0, 3.0, 9.0)})];
    let tasks: Vec<Value> = (0..30).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    for options in
        ["{}", r#"{"task":"segment","split":{"by":"ratio","val_ratio":0.3,"seed":7},"names":"flat"}"#, r#"{"layout":"ndjson"}"#, r#"{"task":"obb"}"#]
    {
        let whole = kit(&tasks).run::<Yolo>(options);
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Yolo>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn validation_images_are_apart_and_their_list_always_exists() {
    let tasks: Vec<Value> = (0..40).map(|at| task(&format!("{at}.jpg"), &[boxed(1.0, 2.0, 3.0, 4.0)])).collect();
    let outcome = kit(&tasks).run::<Yolo>(r#"{"split":{"by":"ratio","val_ratio":0.5}}"#);
    let (train, val) = (outcome.text("train.txt").unwrap(), outcome.text("val.txt").unwrap());
    assert_eq!(train.lines().count() + val.lines().count(), 40);
    assert!(val.lines().count() > 5);
    for line in val.lines() {
        let label = line.replace("./images/val/", "labels/val/").replace(".jpg", ".txt");
        assert!(outcome.files.contains_key(&label), "{label}");
    }
    assert!(outcome.text("data.yaml").unwrap().starts_with("train: train.txt\nval: val.txt\n"));
    assert_eq!(outcome.logs, []);
    let few = kit(&[]).run::<Yolo>(r#"{"split":{"by":"ratio","val_ratio":0.1},"images_csv":false}"#);
    assert_eq!(few.text("val.txt"), Some(""));
    // Few tasks, and no classes.
    assert_eq!(few.logs.len(), 2);
    assert!(!few.files.contains_key("images.csv"));
}

#[test]
fn detection_reduces_shapes_to_boxes_and_says_so() {
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90}});
    let zones = json!({"segmentation": {"zones": [{"region": square(0.0, 0.0, 4.0)}, {"region": square(50.0, 40.0, 40.0)}]}});
    let (rows, outcome) = run(&[turned, json!({"polygon": square(10.0, 8.0, 40.0)}), zones], &json!({}));
    assert_eq!(rows, "0 0.100000 0.375000 0.200000 0.500000\n0 0.300000 0.350000 0.400000 0.500000\n0 0.450000 0.500000 0.900000 1.000000\n");
    columns(&rows, false);
    assert_eq!(outcome.codes(), [("rotation-dropped", 1), ("shape-reduced-to-box", 2)].into());
}

#[test]
fn segmentation_writes_rings_only() {
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90,
                        "corners": [[20, 10], [0, 10], [0, 50], [20, 50]]}});
    let (rows, outcome) = run(&[boxed(10.0, 8.0, 40.0, 40.0), turned], &json!({"task": "segment"}));
    assert_eq!(
        rows,
        "0 0.100000 0.100000 0.500000 0.100000 0.500000 0.600000 0.100000 0.600000\n\
         0 0.200000 0.125000 0.000000 0.125000 0.000000 0.625000 0.200000 0.625000\n"
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn holes_and_parts_are_bridged_into_one_ring() {
    let zones = json!({"segmentation": {"zones": [
        {"region": square(0.0, 0.0, 40.0), "holes": [square(10.0, 10.0, 10.0)]}, {"region": square(50.0, 50.0, 20.0)}]}});
    let (rows, outcome) = run(&[zones], &json!({"task": "segment"}));
    let ring = columns(&rows, true).remove(0);
    assert_eq!(ring.len(), 2 * (4 + 4 + 4 + 2 * 2));
    let pixels: Vec<f64> = ring.chunks_exact(2).flat_map(|point| [point[0] * 100.0, point[1] * 80.0]).collect();
    assert!((ango_plugin_sdk::geometry::area(&pixels) - (1600.0 - 100.0 + 400.0)).abs() < 1e-6);
    assert_eq!(outcome.codes(), [("hole-bridged", 1), ("parts-bridged", 1)].into());
}

#[test]
fn bridged_rings_stay_below_a_thousand_points() {
    let circle = |size: f64, points: usize| -> Value {
        (0..points)
            .map(|at| at as f64 / points as f64 * std::f64::consts::TAU)
            .map(|turn| json!([40.0 + size * turn.cos(), 40.0 + size * turn.sin()]))
            .collect()
    };
    let zones = json!({"segmentation": {"zones": [{"region": circle(30.0, 4000), "holes": [circle(10.0, 3000)]}]}});
    let many: Vec<Value> = (0..300).map(|at| json!({"region": square(f64::from(at % 20) * 5.0, f64::from(at / 20) * 5.0, 2.0)})).collect();
    let (rows, outcome) = run(&[zones, json!({"segmentation": {"zones": many}})], &json!({"task": "segment"}));
    let rings = columns(&rows, true);
    assert!(rings.iter().all(|ring| ring.len() / 2 < 1000), "{:?}", rings.iter().map(Vec::len).collect::<Vec<_>>());
    assert_eq!(outcome.codes(), [("hole-bridged", 1), ("parts-bridged", 1), ("part-dropped", 1)].into());
}

#[test]
fn what_leaves_the_image_is_cut_and_counted() {
    let tools = [
        boxed(-10.0, -10.0, 20.0, 20.0),
        boxed(99.99, 79.99, 50.0, 50.0),
        boxed(99.99999, 0.0, 50.0, 50.0),
        boxed(100.0, 0.0, 5.0, 5.0),
        json!({"polygon": [[-50, 40], [50, -40], [150, 40], [50, 120]]}),
    ];
    for task in ["detect", "segment"] {
        let (rows, outcome) = run(&tools, &json!({ "task": task }));
        assert_eq!(columns(&rows, task == "segment").len(), 3);
        let codes = outcome.codes();
        // What is too small to be written was cut before.
        assert_eq!((codes["clipped"], codes["out-of-bounds"], codes["zero-area"]), (4, 1, 1), "{task}");
    }
}

#[test]
fn equal_rows_are_kept_once() {
    let (rows, outcome) =
        run(&[boxed(1.0, 2.0, 30.0, 4.0), boxed(5.0, 2.0, 30.0, 4.0), boxed(1.0, 2.0, 30.0, 4.0), boxed(1.0, 2.0, 30.000001, 4.0)], &json!({}));
    assert_eq!(rows.lines().count(), 2);
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap())).collect();
    assert_eq!(lost, [("duplicate", "o2"), ("duplicate", "o3")]);
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    let answer = json!({"objectId": "c", "schemaId": "q", "tool": "text", "title": "x", "answer": "y"});
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (json!({"ner": {"start": 1, "end": 2}}), "geometry-unsupported"),
        (boxed(1.0, 2.0, 0.0, 4.0), "zero-area"),
        (boxed(1.0, 2.0, 0.00001, 4.0), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [1, 2]]}), "too-few-points"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
    ] {
        for task in ["detect", "segment"] {
            let (rows, outcome) = run(std::slice::from_ref(&tool), &json!({ "task": task }));
            assert_eq!(rows, "", "{tool}");
            assert_eq!(outcome.codes(), [(code, 1)].into(), "{tool}");
        }
    }
    let mut answered = boxed(1.0, 2.0, 9.0, 9.0);
    answered["classifications"] = json!([answer]);
    let (rows, outcome) = run(&[answered], &json!({}));
    assert_eq!(rows.lines().count(), 1);
    assert_eq!(outcome.codes(), [("classification-unsupported", 1)].into());
    let (_, outcome) = run(&[boxed(1.0, 2.0, 2.0, 2.0)], &json!({"min_area": 5}));
    assert_eq!(outcome.codes(), [("below-min-area", 1)].into());
    let outcome = kit(&[task("a.jpg", &[boxed(1.0, 2.0, 2.0, 2.0)])]).change_project(|project| project.tools.clear()).run::<Yolo>("{}");
    assert_eq!(outcome.codes(), [("class-unmapped", 1)].into());
    assert!(outcome.text("data.yaml").unwrap().ends_with("nc: 0\nnames: {}\n"));
}

#[test]
fn a_split_by_batch_has_a_list_for_each_part() {
    let with_batch = |name: &str, batch: &str| {
        let mut task = task(name, &[boxed(1.0, 2.0, 3.0, 4.0)]);
        task["batches"] = json!([batch]);
        task
    };
    let tasks = [with_batch("a.jpg", "one"), with_batch("b.jpg", "two"), with_batch("c.jpg", "three")];
    let outcome = kit(&tasks).run::<Yolo>(r#"{"split":{"by":"batch","val":["two"],"test":["three"]}}"#);
    assert_eq!(outcome.text("train.txt"), Some("./images/train/a.jpg\n"));
    assert_eq!(outcome.text("val.txt"), Some("./images/val/b.jpg\n"));
    assert_eq!(outcome.text("test.txt"), Some("./images/test/c.jpg\n"));
    assert!(outcome.files.contains_key("labels/test/c.txt"));
    assert!(outcome.text("data.yaml").unwrap().starts_with("train: train.txt\nval: val.txt\ntest: test.txt\n"));
    // With a test list alone the training images validate.
    let outcome = kit(&tasks).run::<Yolo>(r#"{"split":{"by":"batch","test":["three"]}}"#);
    assert!(outcome.text("data.yaml").unwrap().starts_with("train: train.txt\nval: train.txt\ntest: test.txt\n"));
    assert_eq!(outcome.logs.len(), 1);
}

#[test]
fn pages_and_frames_are_images() {
    let mut video = task("v.mp4", &[boxed(1.0, 2.0, 3.0, 4.0)]);
    video["metadata"]["frameRate"] = json!(30);
    video["task"]["tools"][0]["page"] = json!(6);
    let mut pages = task("p.tif", &[]);
    pages["dataset"] = json!(["https://x.test/1.png", "https://x.test/2"]);
    let mut unsized_task = task("u.jpg", &[]);
    unsized_task["metadata"] = json!({});
    let kit = kit(&[video, pages, unsized_task]);
    let outcome = kit.run::<Yolo>("{}");
    assert_eq!(outcome.codes(), [("size-assumed", 1), ("size-missing", 1)].into());
    assert_eq!(
        outcome.text("train.txt"),
        Some("./images/train/v.mp4/000007.jpg\n./images/train/p.tif/000001.png\n./images/train/p.tif/000002.jpg\n")
    );
    assert_eq!(outcome.text("labels/train/v.mp4/000007.txt").unwrap().lines().count(), 1);
    let outcome = kit.asset_size("https://x.test/u.jpg", Ok((10, 10))).run::<Yolo>(r#"{"frames":"skip"}"#);
    assert_eq!(outcome.text("train.txt"), Some("./images/train/u.jpg\n"));
    assert_eq!(outcome.codes(), [("video-unsupported", 1), ("multi-page-unsupported", 1)].into());
}

#[test]
fn the_rest_of_a_task_is_reported_too() {
    let mut first = task("a.svg", &[]);
    first["task"]["relations"] = json!([{"group": ["x"], "objectId": "r", "schemaId": "s", "title": "t"}]);
    first["task"]["brushDataUrl"] = json!("https://x.test/brush.png");
    first["task"]["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "text", "title": "x", "answer": "y"}]);
    let mut small = task("a.png", &[]);
    small["metadata"] = json!({"width": 9, "height": 80});
    let outcome = kit(&[first, small]).run::<Yolo>("{}");
    assert_eq!(
        outcome.codes(),
        [("relation-unsupported", 1), ("brush-unsupported", 1), ("classification-unsupported", 1), ("image-too-small", 1), ("file-name-changed", 2)]
            .into()
    );
    let outcome = kit(&[task("a.jpg", &[])]).run::<Yolo>(r#"{"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
    assert_eq!(outcome.text("train.txt"), Some(""));
}

#[test]
fn images_without_a_suffix_get_one() {
    let mut first = task("frame 1", &[boxed(1.0, 2.0, 3.0, 4.0)]);
    first["asset"] = json!("https://x.test/abc.webp?sig=1");
    let outcome = kit(&[first, task("frame 2", &[])]).run::<Yolo>("{}");
    assert_eq!(outcome.text("train.txt"), Some("./images/train/frame 1.webp\n./images/train/frame 2.jpg\n"));
    assert!(outcome.files.contains_key("labels/train/frame 1.txt"));
    assert_eq!(outcome.codes(), [("file-name-changed", 2)].into());
}

#[test]
fn classes_are_chosen_and_their_ids_follow() {
    let dog = json!({"bounding-box": {"x": 10, "y": 20, "width": 30, "height": 40}, "schemaId": "s-dog", "title": "dog"});
    let kit = kit(&[task("a.jpg", &[boxed(0.0, 0.0, 50.0, 40.0), dog])]);
    let outcome = kit.run::<Yolo>(r#"{"classes":{"exclude":["cat"],"rename":{"dog":"n0 dog"}}}"#);
    assert_eq!(outcome.text("labels/train/a.txt"), Some("0 0.250000 0.500000 0.300000 0.500000\n"));
    // A first name in `n0` would be looked up among the codes of ImageNet.
    assert!(outcome.text("data.yaml").unwrap().ends_with("nc: 1\nnames:\n  0: \"_n0 dog\"\n"));
    assert_eq!(outcome.codes(), [("class-excluded", 1), ("name-changed", 1)].into());
    let outcome = kit.run::<Yolo>(r#"{"classes":{"rename":{"cat":"n01440764","dog":"n01443537"}}}"#);
    assert!(outcome.text("data.yaml").unwrap().contains("\"n01440764\""));
    assert_eq!(outcome.lost, []);
}

#[test]
fn hostile_names_stay_texts() {
    let long = "x".repeat(4096);
    let names = ["yes", "1e5", "a: b #c", "\"quoted\"", "line\nend\u{2028}\u{85}", "null", long.as_str()];
    let tools: Vec<Value> = (0..)
        .zip(names)
        .map(|(at, name)| json!({"bounding-box": {"x": at, "y": 2, "width": 3, "height": 4}, "schemaId": format!("s{at}"), "title": name}))
        .collect();
    let outcome = kit(&[task("a.jpg", &tools)]).run::<Yolo>("{}");
    let yaml = outcome.text("data.yaml").unwrap();
    assert_eq!(yaml.lines().count(), 4 + names.len());
    assert!(yaml.contains("  4: \"line\\nend\\u2028\\u0085\"\n"), "{yaml}");
    let outcome = kit(&[task("a\u{2028}b.jpg", &[])]).run::<Yolo>("{}");
    assert!(!outcome.text("train.txt").unwrap().contains('\u{2028}'));
}

/// An export with something for each task.
fn everything() -> TestKit {
    let mut task = task("a.jpg", &[boxed(1.0, 2.0, 30.0, 40.0), json!({"point": [5, 6], "schemaId": "s-nose", "title": "nose"})]);
    task["task"]["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "weather", "answer": "sun"}]);
    kit(&[task]).change_project(|project| project.classifications[0].options = vec!["rain".to_owned(), "sun".to_owned()])
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Yolo::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            let result = everything().run::<Yolo>(&json!({ name: value }).to_string()).result;
            assert_eq!(result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in [
        (r#"{"task":"depth"}"#, "/task"),
        (r#"{"split":{"by":"ratio","val_ratio":0.95}}"#, "/split/val_ratio"),
        (r#"{"outside":"keep"}"#, "/outside"),
        (r#"{"task":"pose"}"#, "/keypoints/names"),
        (r#"{"task":"classify"}"#, "/question"),
        (r#"{"seed":1}"#, ""),
    ] {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Yolo>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
