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
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-ship".to_owned()), ("title", "ship".to_owned())] {
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

fn run(tools: &[Value], options: &str) -> (String, Outcome) {
    let outcome = kit(&[task("a.png", tools)]).run::<Dota>(options);
    assert_eq!(outcome.result, Ok(()));
    (outcome.text("labelTxt/a.txt").unwrap().to_owned(), outcome)
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn turned() -> Value {
    json!({"rotated-bounding-box": {"x": 40, "y": 20, "width": 20, "height": 10, "rotation": 90, "corners": [[40, 20], [30, 20], [30, 40], [40, 40]]}})
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let plane = json!({"polygon": [[50, 20], [60, 30], [50, 40], [40, 30]], "schemaId": "s-plane", "title": "small plane"});
    let outcome = kit(&[task("d/a.v2.png", &[boxed(0.5, 1.0, 10.0, 20.0), turned(), plane]), task("b.jpg", &[])]).run::<Dota>("{}");
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    assert_eq!(
        files,
        [
            (
                "images.csv",
                "file,url,width,height\r\nimages/d/a.v2.png,https://x.test/d/a.v2.png,100,80\r\nimages/b.jpg,https://x.test/b.jpg,100,80\r\n"
            ),
            ("labelTxt/b.txt", ""),
            ("labelTxt/d/a.v2.txt", "0.5 1 10.5 1 10.5 21 0.5 21 ship 0\n40 20 40 40 30 40 30 20 ship 0\n50 20 60 30 50 40 40 30 small_plane 0\n"),
        ]
    );
    assert_eq!(outcome.codes(), [("shape-reduced-to-box", 1), ("name-changed", 1)].into());
}

#[test]
fn heads_are_written_where_people_say_what_they_hold() {
    let (text, _) = run(&[boxed(1.0, 2.0, 3.0, 4.0)], r#"{"imagesource":"Google Earth","gsd":0.146}"#);
    assert_eq!(text, "imagesource:Google Earth\ngsd:0.146\n1 2 4 2 4 6 1 6 ship 0\n");
    let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Dota>(r#"{"imagesource":"a\nb"}"#).result else { panic!() };
    assert_eq!(error.pointer, "/imagesource");
}

#[test]
fn difficult_is_an_answer_and_others_have_no_place() {
    let answered = |title: &str, answer: Value| {
        let mut tool = boxed(1.0, 2.0, 3.0, 4.0);
        tool["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": title, "answer": answer}]);
        tool
    };
    let tools = [answered("Difficult", json!("yes")), answered("difficult", json!(false)), answered("Colour", json!("red"))];
    let (text, outcome) = run(&tools, "{}");
    let last: Vec<&str> = text.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!((last, outcome.codes()), (vec!["1", "0", "0"], [("classification-unsupported", 1)].into()));
    let (text, _) = run(&tools[2..], r#"{"difficult":"Colour"}"#);
    assert!(text.ends_with(" ship 0\n"));
}

#[test]
fn what_leaves_the_image_is_cut_kept_or_dropped() {
    let tools = [boxed(90.0, 70.0, 20.0, 20.0), boxed(200.0, 0.0, 5.0, 5.0)];
    let (text, outcome) = run(&tools, "{}");
    assert_eq!((text.as_str(), outcome.codes()), ("90 70 100 70 100 80 90 80 ship 0\n", [("clipped", 1), ("out-of-bounds", 1)].into()));
    assert_eq!(run(&tools, r#"{"outside":"keep"}"#).0, "90 70 110 70 110 90 90 90 ship 0\n200 0 205 0 205 5 200 5 ship 0\n");
    assert_eq!(run(&tools, r#"{"outside":"drop"}"#).0, "");
    // A turned box that is cut is still turned.
    let diamond = json!({"rotated-bounding-box": {"x": 0, "y": 30, "width": 14.142135623730951, "height": 14.142135623730951, "rotation": 45}});
    assert_eq!(run(&[diamond], "{}").0, "0 30 10 40 0 50 -10 40 ship 0\n");
}

#[test]
fn parts_have_folders_of_their_own() {
    let mut second = task("b.png", &[]);
    second["batches"] = json!(["two"]);
    let outcome = kit(&[task("a.png", &[]), second]).run::<Dota>(r#"{"split":{"by":"batch","val":["two"]},"images_csv":false}"#);
    assert_eq!(outcome.files.keys().collect::<Vec<_>>(), ["train/labelTxt/a.txt", "val/labelTxt/b.txt"]);
}

#[test]
fn hostile_objects_are_reported_and_names_stay_words() {
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (boxed(1.0, 2.0, 0.001, 4.0), "zero-area"),
        (boxed(1.0, 2.0, 0.0, 4.0), "zero-area"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
        (json!({"polygon": [[1, 2], [3, 4]]}), "too-few-points"),
    ] {
        let (text, outcome) = run(std::slice::from_ref(&tool), "{}");
        assert_eq!((text.as_str(), outcome.codes()), ("", [(code, 1)].into()), "{tool}");
    }
    let names = ["a b", "a_b", "a\nb", "", "é\u{2028}", "x\u{0}"];
    let tools: Vec<Value> = names
        .iter()
        .map(|name| json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "schemaId": format!("s-{name}"), "title": name}))
        .collect();
    let (text, outcome) = run(&tools, "{}");
    let words: std::collections::BTreeSet<&str> = text.lines().map(|line| line.split_whitespace().nth(8).unwrap()).collect();
    assert_eq!((words.len(), text.lines().count()), (names.len(), names.len()));
    assert!(text.lines().all(|line| line.split_whitespace().count() == 10));
    assert_eq!(outcome.codes(), [("name-changed", 5)].into());
}

#[test]
fn shards_do_not_change_a_byte_and_options_agree_with_their_schema() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), turned()];
    let tasks: Vec<Value> = (0..12).map(|at| task(&format!("{at}.png"), &tools[..at % 4])).collect();
    let whole = kit(&tasks).run::<Dota>("{}");
    let cut = kit(&tasks).shard_size(1).run::<Dota>("{}");
    assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost));
    let schema: Value = serde_json::from_str(&Dota::describe().options_schema).unwrap();
    for (name, property) in schema["properties"].as_object().unwrap() {
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            assert_eq!(kit(&[]).run::<Dota>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    let outcome = kit(&[task("a.png", &[])]).run::<Dota>(r#"{"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
}
