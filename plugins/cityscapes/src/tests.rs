#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::collections::BTreeMap;

use ango_plugin_sdk::geometry::area;
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
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-car".to_owned()), ("title", "car".to_owned())] {
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

/// The file of one image `a.jpg`, and the outcome.
fn run(tools: &[Value], options: &Value) -> (Value, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Cityscapes>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let text = outcome.text("gtFine/train/ango/ango_a_000000_gtFine_polygons.json").unwrap();
    (serde_json::from_str(text).unwrap(), outcome)
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn of_class(mut tool: Value, title: &str) -> Value {
    (tool["title"], tool["schemaId"]) = (json!(title), json!(format!("s-{title}")));
    tool
}

/// The areas of all polygons, by the shoelace formula.
fn areas(file: &Value) -> Vec<f64> {
    let points = |object: &Value| -> Vec<f64> {
        object["polygon"].as_array().unwrap().iter().flat_map(|point| [point[0].as_f64().unwrap(), point[1].as_f64().unwrap()]).collect()
    };
    file["objects"].as_array().unwrap().iter().map(|object| area(&points(object))).collect()
}

/// How many pixels of a grey PNG have each value. Taken apart here, as readers give no more than 8 bits.
fn pixels(outcome: &Outcome, ending: &str) -> BTreeMap<u16, usize> {
    let file = &outcome.files[&format!("gtFine/train/ango/ango_a_000000_gtFine_{ending}.png")];
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut buffer).unwrap();
    assert_eq!((info.width, info.height, info.color_type), (100, 80, png::ColorType::Grayscale));
    let wide = info.bit_depth == png::BitDepth::Sixteen;
    assert_eq!(wide, ending == "instanceIds");
    let mut count = BTreeMap::new();
    for value in buffer.chunks_exact(if wide { 2 } else { 1 }) {
        *count.entry(value.iter().fold(0, |value, byte| (value << 8) | u16::from(*byte))).or_default() += 1;
    }
    count
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let sky = of_class(json!({"polygon": [[0, 0.126], [100, 0], [50.5, 40]]}), "sky");
    let outcome = kit(&[task("b/a_1.v2.jpg", &[sky, boxed(10.0, 20.0, 30.0, 40.0)]), task("c.png", &[])]).run::<Cityscapes>("{}");
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    assert_eq!(
        files,
        [
            (
                "gtFine/train/ango/ango_b~~a~1.v2_000000_gtFine_polygons.json",
                "{\"imgHeight\":80,\"imgWidth\":100,\"objects\":[\n\
                 {\"label\":\"sky\",\"polygon\":[[0,0.13],[100,0],[50.5,40]]},\n\
                 {\"label\":\"car\",\"polygon\":[[10,20],[40,20],[40,60],[10,60]]}]}\n"
            ),
            ("gtFine/train/ango/ango_c_000000_gtFine_polygons.json", "{\"imgHeight\":80,\"imgWidth\":100,\"objects\":[]}\n"),
            (
                "images.csv",
                "file,url,width,height\r\n\
                 leftImg8bit/train/ango/ango_b~~a~1.v2_000000_leftImg8bit.png,https://x.test/b/a_1.v2.jpg,100,80\r\n\
                 leftImg8bit/train/ango/ango_c_000000_leftImg8bit.png,https://x.test/c.png,100,80\r\n"
            ),
        ]
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), of_class(json!({"polygon": square(3.0, 3.0, 9.0)}), "sky")];
    let tasks: Vec<Value> = (0..30).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"masks":"train","split":{"by":"ratio","val_ratio":0.3}}"#] {
        let whole = kit(&tasks).run::<Cityscapes>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Cityscapes>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn names_are_taken_apart_at_their_two_underscores() {
    let mut video = task("d_1/v_1.mp4", &[boxed(1.0, 1.0, 9.0, 9.0)]);
    video["metadata"] = json!({"width": 100, "height": 80, "frameTotal": 154, "frameRate": 10});
    video["task"]["tools"][0]["page"] = json!(7);
    video["batches"] = json!(["Berlin Mitte"]);
    let tasks = [video, task("a-b.jpg", &[]), task("a_b.jpg", &[]), task("_.jpg", &[]), task(&"é".repeat(300), &[])];
    for (options, city) in [(r#"{"city":"_"}"#, "city"), (r#"{"cities":"batch"}"#, "Berlin-Mitte"), (r#"{"cities":"folder"}"#, "d-1")] {
        let outcome = kit(&tasks).run::<Cityscapes>(options);
        assert_eq!(outcome.result, Ok(()));
        let names: Vec<&str> = outcome.files.keys().filter_map(|path| path.strip_prefix("gtFine/train/")).collect();
        assert_eq!(names.len(), 5);
        for name in names {
            let (folder, file) = name.split_once('/').unwrap();
            let parts: Vec<&str> = file.split('_').collect();
            assert_eq!((parts.len(), parts[0], parts[2].len()), (5, folder, 6), "{file}");
            assert_eq!(parts[3..], ["gtFine", "polygons.json"]);
        }
        assert!(outcome.files.contains_key(&format!("gtFine/train/{city}/{city}_d~1~~v~1_000007_gtFine_polygons.json")), "{city}");
    }
}

#[test]
fn rings_are_joined_into_one_polygon() {
    let zones = json!({"segmentation": {"zones": [
        {"region": square(0.0, 0.0, 40.0), "holes": [square(10.0, 10.0, 10.0)]}, {"region": square(50.0, 50.0, 20.0)}]}});
    let (file, outcome) = run(std::slice::from_ref(&zones), &json!({}));
    assert_eq!(areas(&file), [1600.0 - 100.0 + 400.0]);
    assert_eq!(outcome.codes(), [("hole-bridged", 1), ("parts-bridged", 1)].into());
    let (file, outcome) = run(std::slice::from_ref(&zones), &json!({"parts": "split"}));
    assert_eq!(areas(&file), [1500.0, 400.0]);
    assert_eq!(outcome.codes(), [("hole-bridged", 1), ("parts-split", 1)].into());
    let many: Vec<Value> = (0..3000).map(|at| json!({"region": square(f64::from(at % 60), f64::from(at / 60), 0.5)})).collect();
    let (file, outcome) = run(&[json!({"segmentation": {"zones": many}})], &json!({}));
    assert!(file["objects"][0]["polygon"].as_array().unwrap().len() <= 8000);
    assert_eq!(outcome.codes(), [("parts-bridged", 1), ("part-dropped", 1)].into());
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90}});
    let (file, outcome) = run(&[turned], &json!({}));
    assert_eq!((areas(&file), outcome.codes()), (vec![800.0], [].into()));
}

#[test]
fn masks_have_the_numbers_of_the_original_data_set_where_classes_are_its_own() {
    let hole = json!({"segmentation": {"zones": [{"region": square(10.0, 10.0, 40.0), "holes": [square(20.0, 20.0, 10.0)]}]}});
    let tools = [
        of_class(boxed(0.0, 0.0, 100.0, 60.0), "road"),
        hole,
        boxed(60.0, 0.0, 10.0, 10.0),
        of_class(boxed(90.0, 70.0, 5.0, 5.0), "license plate"),
        of_class(boxed(95.0, 75.0, 5.0, 5.0), "dynamic"),
        boxed(62.2, 0.0, 0.1, 10.0),
    ];
    let (_, outcome) = run(&tools, &json!({"masks": "train"}));
    let (first, second, road, none) = (1500, 100, 6000 - 1600, 8000 - 6000 - 25);
    assert_eq!(pixels(&outcome, "labelIds"), [(0, none), (5, 25), (7, road), (26, first + second)].into());
    assert_eq!(pixels(&outcome, "instanceIds"), [(0, none), (5, 25), (7, road), (26000, first), (26001, second)].into());
    assert_eq!(pixels(&outcome, "labelTrainIds"), [(0, road), (13, first + second), (255, none + 25)].into());
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap())).collect();
    assert_eq!(lost, [("hole-bridged", "o1"), ("no-pixels", "o3"), ("no-pixels", "o5")]);
    assert_eq!(
        outcome.text("labels.csv").unwrap(),
        "name,id,trainId,hasInstances\r\nroad,7,0,0\r\ncar,26,13,1\r\nlicense plate,-1,255,1\r\ndynamic,5,255,0\r\n"
    );
    let (_, outcome) = run(&tools[..3], &json!({"masks": "ids", "label_ids": "order"}));
    assert_eq!(pixels(&outcome, "instanceIds"), [(0, 8000 - 6000), (1000, road), (2000, first), (2001, second)].into());
    assert!(!outcome.files.keys().any(|path| path.contains("TrainIds")));
    let (_, outcome) = run(&[of_class(boxed(0.0, 0.0, 4.0, 4.0), "Katze")], &json!({"masks": "train"}));
    assert_eq!(pixels(&outcome, "labelTrainIds"), [(0, 16), (255, 8000 - 16)].into());
    assert_eq!(outcome.text("labels.csv").unwrap(), "name,id,trainId,hasInstances\r\nKatze,1,0,1\r\n");
}

#[test]
fn what_masks_cannot_hold_is_said_or_refused() {
    let many: Vec<Value> = (0..1002).map(|at| boxed(f64::from(at % 100), f64::from(at / 100), 1.0, 1.0)).collect();
    let (_, outcome) = run(&many, &json!({"masks": "ids"}));
    let instances = pixels(&outcome, "instanceIds");
    assert_eq!((instances.len(), instances[&26]), (1000 + 2, 2));
    assert_eq!(outcome.codes(), [("instances-merged", 2)].into());
    let classes: Vec<Value> = (0..65).map(|at| of_class(boxed(0.0, 0.0, 9.0, 9.0), &format!("c{at}"))).collect();
    let result = kit(&[task("a.jpg", &classes)]).run::<Cityscapes>(r#"{"masks":"ids"}"#).result;
    assert!(format!("{result:?}").contains("65 classes"), "{result:?}");
    let mut huge = task("h.jpg", &[boxed(0.0, 0.0, 9.0, 9.0)]);
    huge["metadata"] = json!({"width": 4_294_967_295_u32, "height": 4_294_967_295_u32});
    let outcome = kit(&[huge]).run::<Cityscapes>(r#"{"masks":"ids"}"#);
    assert_eq!((outcome.result.clone(), outcome.codes()), (Ok(()), [("mask-too-large", 1)].into()));
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (json!({"polyline": [[1, 2], [3, 4]]}), "geometry-unsupported"),
        (boxed(1.0, 2.0, 0.0, 4.0), "zero-area"),
        (boxed(1.001, 2.0, 0.001, 4.0), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [1, 2]]}), "too-few-points"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
        (boxed(200.0, 2.0, 4.0, 4.0), "out-of-bounds"),
    ] {
        let (file, outcome) = run(std::slice::from_ref(&tool), &json!({"masks": "ids"}));
        assert_eq!((areas(&file).len(), outcome.codes()), (0, [(code, 1)].into()), "{tool}");
    }
    let (file, outcome) = run(&[boxed(-5.0, 0.0, 10.0, 10.0)], &json!({}));
    assert_eq!((areas(&file), outcome.codes()), (vec![50.0], [("clipped", 1)].into()));
    let (file, outcome) = run(&[boxed(-5.0, 0.0, 10.0, 10.0)], &json!({"outside": "keep"}));
    assert_eq!((areas(&file), outcome.codes()), (vec![100.0], [].into()));
    let outcome = kit(&[task("a.jpg", &[boxed(1.0, 2.0, 2.0, 2.0)])]).run::<Cityscapes>(r#"{"min_area":5,"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("below-min-area", 1), ("image-empty", 1)].into());
    assert_eq!(outcome.files.keys().collect::<Vec<_>>(), ["images.csv"]);
    let mut answered = boxed(1.0, 2.0, 2.0, 2.0);
    answered["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "text", "title": "x", "answer": "y"}]);
    assert_eq!(run(&[answered], &json!({})).1.codes(), [("classification-unsupported", 1)].into());
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Cityscapes::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    let tasks = [task("b/a.png", &[json!({"polygon": square(1.0, 1.126, 9.0)})])];
    let default = kit(&tasks).run::<Cityscapes>("{}");
    for (name, property) in schema["properties"].as_object().unwrap() {
        let given = kit(&tasks).run::<Cityscapes>(&json!({ name: property["default"] }).to_string());
        assert_eq!(given.files, default.files, "{name}: its default is what happens without it");
        for value in property["enum"].as_array().into_iter().flatten() {
            assert_eq!(kit(&tasks).run::<Cityscapes>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in [(r#"{"masks":"x"}"#, "/masks"), (r#"{"cities":"x"}"#, "/cities")] {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Cityscapes>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
