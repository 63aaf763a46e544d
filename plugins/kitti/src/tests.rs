#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
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
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-cat".to_owned()), ("title", "Car".to_owned())] {
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

/// The label rows of one image, and the outcome. Every row has 15 words.
fn run(tools: &[Value], options: &Value) -> (String, Outcome) {
    let outcome = kit(&[task("a.png", tools)]).run::<Kitti>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let rows = outcome.text("training/label_2/a.txt").unwrap().to_owned();
    assert!(rows.lines().all(|row| row.split_whitespace().count() == 15), "{rows}");
    (rows, outcome)
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn of_class(mut tool: Value, title: &str) -> Value {
    (tool["title"], tool["schemaId"]) = (json!(title), json!(format!("s-{title}")));
    tool
}

fn answered(mut tool: Value, title: &str, answer: Value) -> Value {
    tool["classifications"] = json!([{"objectId": "c", "schemaId": format!("q-{title}"), "tool": "radio", "title": title, "answer": answer}]);
    tool
}

/// The columns at a position of all rows.
fn column(rows: &str, at: usize) -> Vec<&str> {
    rows.lines().map(|row| row.split(' ').nth(at).unwrap()).collect()
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let light = of_class(boxed(10.0, 20.456, 30.0, 40.0), "traffic light");
    let outcome = kit(&[task("b/a.v2.png", &[boxed(0.0, 0.0, 100.0, 80.0), light]), task("c.jpg", &[])]).run::<Kitti>("{}");
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    assert_eq!(
        files,
        [
            (
                "images.csv",
                "file,url,width,height\r\ntraining/image_2/b__a.v2.png,https://x.test/b/a.v2.png,100,80\r\n\
                 training/image_2/c.jpg,https://x.test/c.jpg,100,80\r\n"
            ),
            (
                "training/label_2/b__a.v2.txt",
                "Car 0.00 0 -10 0.00 0.00 100.00 80.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
                 traffic_light 0.00 0 -10 10.00 20.46 40.00 60.46 -1 -1 -1 -1000 -1000 -1000 -10\n"
            ),
            ("training/label_2/c.txt", ""),
        ]
    );
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref())).collect();
    assert_eq!(lost, [("name-changed", Some("o1"))]);
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), of_class(boxed(-3.0, 3.0, 9.0, 9.0), "a b")];
    let tasks: Vec<Value> = (0..30).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"flavour":"tracking","split":{"by":"ratio","val_ratio":0.3}}"#] {
        let whole = kit(&tasks).run::<Kitti>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Kitti>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn truncated_is_what_was_cut_off_or_what_was_said() {
    let out = || boxed(-10.0, 0.0, 40.0, 10.0);
    let inside = || boxed(1.0, 1.0, 40.0, 10.0);
    let corner = json!({"polygon": [[-10, 0], [10, 0], [10, 20], [-10, 20]]});
    let said = |tool: Value, answer: Value| answered(tool, "Truncated", answer);
    let tools = [
        out(),
        corner,
        inside(),
        said(inside(), json!("0.35")),
        said(inside(), json!(true)),
        said(out(), json!("yes")),
        said(out(), json!("no")),
        said(out(), json!("a little")),
    ];
    let (rows, outcome) = run(&tools, &json!({}));
    assert_eq!(column(&rows, 1), ["0.25", "0.50", "0.00", "0.35", "0.50", "0.25", "0.00", "0.25"]);
    assert_eq!(column(&rows, 4)[..3], ["0.00", "0.00", "1.00"]);
    assert_eq!(outcome.codes(), [("clipped", 5), ("shape-reduced-to-box", 1), ("classification-unsupported", 1)].into());
    let (rows, outcome) = run(&tools, &json!({"questions": {"truncated": ""}, "outside": "drop"}));
    assert_eq!(column(&rows, 1), ["0.00", "0.00", "0.00"]);
    assert_eq!(outcome.codes(), [("out-of-bounds", 5), ("classification-unsupported", 2)].into());
}

#[test]
fn occlusion_is_a_level() {
    let answers = [json!("Partly occluded"), json!(["2"]), json!(true), json!(false), json!("unknown"), json!("behind a tree"), Value::Null];
    let tools: Vec<Value> = answers.into_iter().map(|answer| answered(boxed(1.0, 1.0, 9.0, 9.0), "occluded", answer)).collect();
    let (rows, outcome) = run(&tools, &json!({}));
    assert_eq!(column(&rows, 2), ["1", "2", "1", "0", "3", "0", "0"]);
    assert_eq!(outcome.codes(), [("classification-unsupported", 1)].into());
    assert_eq!(column(&run(&tools, &json!({"occlusion": "unknown"})).0, 2), ["1", "2", "1", "0", "3", "3", "3"]);
}

#[test]
fn areas_without_evaluation_are_dont_care() {
    let tools = [
        of_class(boxed(1.0, 1.0, 9.0, 9.0), "far away"),
        answered(of_class(boxed(1.0, 1.0, 9.0, 9.0), "dontcare"), "occluded", json!(true)),
        boxed(2.0, 2.0, 3.0, 4.0),
    ];
    let (rows, outcome) = run(&tools, &json!({"dont_care": ["far away"], "placeholders": "zero"}));
    assert_eq!(
        rows,
        "DontCare -1 -1 -10 1.00 1.00 10.00 10.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
         DontCare -1 -1 -10 1.00 1.00 10.00 10.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
         Car 0.00 0 0 2.00 2.00 5.00 6.00 0 0 0 0 0 0 0\n"
    );
    assert_eq!(outcome.codes(), [("classification-unsupported", 1)].into());
    let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Kitti>(r#"{"dont_care":["sky"]}"#).result else { panic!() };
    assert_eq!(error.pointer, "/dont_care/0");
}

#[test]
fn tracks_are_numbered_in_their_sequence() {
    let on = |mut tool: Value, id: &str, frame: u32| {
        (tool["objectId"], tool["page"]) = (json!(id), json!(frame));
        tool
    };
    let tools = [
        on(boxed(1.0, 1.0, 9.0, 9.0), "b", 3),
        on(boxed(-5.0, 1.0, 9.0, 9.0), "a", 3),
        on(boxed(2.0, 1.0, 9.0, 9.0), "b", 7),
        on(boxed(3.0, 1.0, 9.0, 9.0), "b", 7),
        on(of_class(boxed(0.0, 0.0, 9.0, 9.0), "DontCare"), "c", 7),
        on(of_class(boxed(-1.0, 0.0, 9.0, 9.0), "Van"), "d", 7),
    ];
    let mut video = task("v.mp4", &tools);
    video["metadata"] = json!({"width": 100, "height": 80, "frameTotal": 154, "frameRate": 10});
    let outcome = kit(&[task("a.png", &[boxed(1.0, 1.0, 2.0, 2.0)]), video]).run::<Kitti>(r#"{"flavour":"tracking"}"#);
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(
        outcome.text("training/label_02/0001.txt").unwrap(),
        "3 0 Car 0 0 -10 1.00 1.00 10.00 10.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
         3 1 Car 2 0 -10 0.00 1.00 4.00 10.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
         7 0 Car 0 0 -10 2.00 1.00 11.00 10.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
         7 -1 DontCare -1 -1 -10 0.00 0.00 9.00 9.00 -1 -1 -1 -1000 -1000 -1000 -10\n\
         7 2 Van 1 0 -10 0.00 0.00 8.00 9.00 -1 -1 -1 -1000 -1000 -1000 -10\n"
    );
    assert_eq!(outcome.text("training/evaluate_tracking.seqmap.training"), Some("0000 empty 000000 000001\n0001 empty 000000 000154\n"));
    assert_eq!(
        outcome.text("images.csv").unwrap().lines().skip(1).map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>(),
        ["training/image_02/0000/000000.png", "training/image_02/0001/000003.jpg", "training/image_02/0001/000007.jpg"]
    );
    assert_eq!(outcome.codes(), [("clipped", 2), ("duplicate", 1)].into());
    let outcome = kit(&[task("a.png", &[])]).run::<Kitti>(r#"{"flavour":"tracking","empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
    assert_eq!(outcome.files.keys().filter(|path| path.contains("label_02")).count(), 0);
}

#[test]
fn parts_are_lists_of_names() {
    let tasks: Vec<Value> = (0..40).map(|at| task(&format!("{at}.jpg"), &[])).collect();
    let outcome = kit(&tasks).run::<Kitti>(r#"{"split":{"by":"ratio","val_ratio":0.5}}"#);
    let lines = |part: &str| outcome.text(&format!("ImageSets/{part}.txt")).unwrap().lines().count();
    assert!(lines("val") > 5);
    assert_eq!(lines("train") + lines("val"), 40);
    assert!(!outcome.files.contains_key("ImageSets/test.txt"));
    let outcome = kit(&[task(" #.png", &[]), task(&format!("{}/{}.c", "d".repeat(150), "é".repeat(70)), &[])]).run::<Kitti>("{}");
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(outcome.codes(), [("file-name-changed", 1)].into());
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (json!({"ner": {"start": 1, "end": 2}}), "geometry-unsupported"),
        (boxed(1.0, 2.0, 0.0, 4.0), "zero-area"),
        (boxed(1.0, 2.0, 0.001, 4.0), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [1, 2]]}), "too-few-points"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
        (boxed(200.0, 2.0, 4.0, 4.0), "out-of-bounds"),
    ] {
        let (rows, outcome) = run(std::slice::from_ref(&tool), &json!({}));
        assert_eq!((rows.as_str(), outcome.codes()), ("", [(code, 1)].into()), "{tool}");
    }
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90}});
    let (rows, outcome) = run(&[turned], &json!({}));
    assert_eq!((&column(&rows, 4), outcome.codes()), (&vec!["0.00"], [("rotation-dropped", 1)].into()));
    let outcome = kit(&[task("a.jpg", &[boxed(1.0, 2.0, 2.0, 2.0)])]).run::<Kitti>(r#"{"min_area":5,"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("below-min-area", 1), ("image-empty", 1)].into());
    assert_eq!(outcome.files.keys().collect::<Vec<_>>(), ["images.csv"]);
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Kitti::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    let tasks = [task("b/a.png", &[answered(boxed(1.0, 1.0, 9.0, 9.0), "occluded", json!("2"))])];
    let default = kit(&tasks).run::<Kitti>("{}");
    for (name, property) in schema["properties"].as_object().unwrap() {
        let given = kit(&tasks).run::<Kitti>(&json!({ name: property["default"] }).to_string());
        assert_eq!(given.files, default.files, "{name}: its default is what happens without it");
        for value in property["enum"].as_array().into_iter().flatten() {
            assert_eq!(kit(&tasks).run::<Kitti>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in [(r#"{"flavour":"3d"}"#, "/flavour"), (r#"{"questions":{"x":"y"}}"#, "/questions")] {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Kitti>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
