#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::io::Cursor;

use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
use ango_plugin_sdk::{FetchError, Project};
use serde_json::{Value, json};

use super::*;

mod images;

/// One task with these tools, of an image of 10 × 8 pixels.
fn task(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .enumerate()
        .map(|(at, tool)| {
            let mut tool = tool.clone();
            let fields = tool.as_object_mut().unwrap();
            let title = fields.get("title").cloned().unwrap_or(json!("cat"));
            for (key, value) in
                [("objectId", json!(format!("o{at}"))), ("schemaId", json!(format!("s-{}", title.as_str().unwrap()))), ("title", title)]
            {
                fields.entry(key).or_insert(value);
            }
            tool
        })
        .collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 10, "height": 8}, "batches": [],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn polygon(title: &str, x: f64, y: f64, side: f64) -> Value {
    json!({"polygon": square(x, y, side), "title": title})
}

/// Runs over one image, and checks that cutting into shards changes nothing.
fn run(tools: &[Value], options: Value) -> Outcome {
    run_kit(&kit(&[task("a.jpg", tools)]), options)
}

fn run_kit(kit: &TestKit, options: Value) -> Outcome {
    let outcome = kit.run::<Mask>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let cut = kit.clone().shard_size(1).run::<Mask>(&options.to_string());
    assert_eq!((&cut.files, &cut.lost), (&outcome.files, &outcome.lost));
    outcome
}

/// A mask as an independent reader sees it: rows of values, and its colour type and depth.
fn read(outcome: &Outcome, path: &str) -> (Vec<Vec<u32>>, png::ColorType, png::BitDepth) {
    let file = outcome.files.get(path).unwrap_or_else(|| panic!("{path} is not in {:?}", outcome.files.keys()));
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    let bytes = info.color_type.samples() * if info.bit_depth == png::BitDepth::Sixteen { 2 } else { 1 };
    let rows = data.chunks(info.line_size).map(|row| match info.bit_depth {
        png::BitDepth::One => (0..info.width as usize).map(|x| u32::from(row[x / 8] >> (7 - x % 8) & 1)).collect(),
        _ => row.chunks(bytes).map(|pixel| pixel.iter().fold(0, |value, &byte| value << 8 | u32::from(byte))).collect(),
    });
    (rows.collect(), info.color_type, info.bit_depth)
}

/// A mask of small values as text: one character a pixel, 0 as a dot.
fn picture(outcome: &Outcome, path: &str) -> Vec<String> {
    let digit = |value: &u32| if *value == 0 { '.' } else { char::from_digit(*value, 36).unwrap_or('#') };
    read(outcome, path).0.iter().map(|row| row.iter().map(digit).collect()).collect()
}

fn mapping(outcome: &Outcome) -> Value {
    serde_json::from_str(outcome.text("class_mapping.json").unwrap()).unwrap()
}

fn lost(outcome: &Outcome) -> Vec<(&str, Option<&str>)> {
    outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref())).collect()
}

fn with_colors(kit: TestKit, colors: &'static [(&'static str, &'static str)]) -> TestKit {
    kit.change_project(|project: &mut Project| {
        for (at, (title, color)) in colors.iter().enumerate() {
            let known = project.tools.iter().position(|tool| tool.title == *title);
            let place = known.unwrap_or_else(|| {
                let mut tool = project.tools.first().cloned().unwrap();
                (tool.index, tool.title, tool.schema_id, tool.kind) =
                    (project.tools.len() as u32, (*title).to_owned(), format!("s-{title}-{at}"), "brush".to_owned());
                project.tools.push(tool);
                project.tools.len() - 1
            });
            project.tools[place].color = Some((*color).to_owned());
        }
    })
}

#[test]
fn classes_are_numbered_and_what_is_drawn_later_lies_on_top() {
    let outcome = run(&[polygon("cat", 1.0, 1.0, 4.0), polygon("dog", 3.0, 3.0, 4.0)], json!({}));
    assert_eq!(
        picture(&outcome, "masks/a.png"),
        ["..........", ".1111.....", ".1111.....", ".112222...", ".112222...", "...2222...", "...2222...", ".........."]
    );
    assert_eq!(read(&outcome, "masks/a.png").1, png::ColorType::Grayscale);
    assert_eq!(
        outcome.text("class_mapping.json").unwrap(),
        r#"{"task":"semantic","class_mapping_type":"single_channel_sequential","bit_depth":8,"background":0,"outline":null,
"classes":[
{"id":1,"name":"cat","color":[31,119,180],"value":1},
{"id":2,"name":"dog","color":[255,127,14],"value":2}
]}
"#
    );
    assert_eq!(outcome.text("images.csv").unwrap(), "file,url,width,height\r\nimages/a.jpg,https://x.test/a.jpg,10,8\r\n");
    assert_eq!((outcome.files.len(), outcome.lost.len()), (3, 0));
}

#[test]
fn holes_are_cut_within_their_object() {
    let ring =
        json!({"segmentation": {"zones": [{"region": square(0.0, 0.0, 6.0), "holes": [square(1.0, 1.0, 4.0)]}, {"region": square(8.0, 0.0, 2.0)}]}});
    let outcome = run(&[polygon("dog", 3.0, 3.0, 3.0), ring], json!({"classes": {"order": ["cat"]}}));
    assert_eq!(
        picture(&outcome, "masks/a.png"),
        ["111111..11", "1....1..11", "1....1....", "1..221....", "1..221....", "111111....", "..........", ".........."]
    );
}

#[test]
fn the_modes_of_the_official_converter_have_its_values() {
    let tools = [polygon("cat", 0.0, 0.0, 1.0), polygon("dog", 1.0, 0.0, 1.0), polygon("cow", 2.0, 0.0, 1.0), polygon("hen", 3.0, 0.0, 1.0)];
    let row = |mode: &str| {
        let outcome =
            run_kit(&with_colors(kit(&[task("a.jpg", &tools)]), &[("cat", "#010203"), ("hen", "#FF8000")]), json!({"class_mapping_type": mode}));
        let (rows, color, _) = read(&outcome, "masks/a.png");
        let values: Vec<Value> = mapping(&outcome)["classes"].as_array().unwrap().iter().map(|class| class["value"].clone()).collect();
        (rows[0][..5].to_vec(), color, values)
    };
    let grey = png::ColorType::Grayscale;
    assert_eq!(row("single_channel_sequential"), (vec![1, 2, 3, 4, 0], grey, vec![json!(1), json!(2), json!(3), json!(4)]));
    assert_eq!(row("single_channel_diverging"), (vec![255, 128, 192, 64, 0], grey, vec![json!(255), json!(128), json!(192), json!(64)]));
    let (values, color, said) = row("multi_channel_qualitative");
    assert_eq!((values, color), (vec![0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0], png::ColorType::Rgb));
    assert_eq!(said[3], json!([214, 39, 40]));
    let (values, _, said) = row("project_colors");
    assert_eq!((values[0], values[3], &said[3]), (0x010203, 0xff8000, &json!([255, 128, 0])));
    let (values, color, said) = row("palette");
    assert_eq!((values, color, &said[1]), (vec![1, 2, 3, 4, 0], png::ColorType::Indexed, &json!(2)));
}

#[test]
fn classes_without_a_colour_of_their_own_get_one_and_that_is_logged() {
    let tools = [polygon("cat", 0.0, 0.0, 1.0), polygon("dog", 1.0, 0.0, 1.0), polygon("cow", 2.0, 0.0, 1.0), polygon("hen", 3.0, 0.0, 1.0)];
    let colors = &[("cat", "#1f77b4"), ("dog", "#1F77B4"), ("cow", "#000000"), ("hen", "red")];
    let outcome = run_kit(&with_colors(kit(&[task("a.jpg", &tools)]), colors), json!({"class_mapping_type": "project_colors"}));
    assert_eq!(read(&outcome, "masks/a.png").0[0][..5], [0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0]);
    let messages: Vec<&str> = outcome.logs.iter().map(|log| log.message.as_str()).collect();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[0], "class \"dog\" has no colour of its own in the project and gets #ff7f0e");
}

#[test]
fn more_than_255_classes_have_16_bits_or_are_refused() {
    let tools: Vec<Value> = (0..300).map(|at| polygon(&format!("c{at}"), f64::from(at % 10), f64::from(at / 10 % 8), 1.0)).collect();
    let kit = kit(&[task("a.jpg", &tools)]);
    let outcome = kit.run::<Mask>("{}");
    let (rows, _, depth) = read(&outcome, "masks/a.png");
    assert_eq!((rows[0][3], depth), (244, png::BitDepth::Sixteen));
    assert_eq!(rows[5][9], 300);
    assert_eq!(mapping(&outcome)["bit_depth"], json!(16));
    for mode in ["single_channel_diverging", "palette"] {
        let outcome = kit.run::<Mask>(&json!({"class_mapping_type": mode}).to_string());
        let Err(RunError::Failure(Failure::Options(error))) = outcome.result else { panic!("{mode}") };
        assert_eq!(error.pointer, "/class_mapping_type");
        assert!(error.reason.contains("255 classes, the project has 300"), "{}", error.reason);
    }
    assert!(kit.run::<Mask>(r#"{"class_mapping_type": "multi_channel_qualitative"}"#).result.is_ok());
}

#[test]
fn objects_that_are_not_visible_are_reported() {
    let tools = [polygon("cat", 2.0, 2.0, 2.0), polygon("dog", 1.0, 1.0, 5.0), polygon("dog", 9.6, 7.6, 0.3), polygon("dog", 7.1, 1.0, 0.8)];
    let outcome = run(&tools, json!({}));
    assert_eq!(lost(&outcome), [("zero-area", Some("o2")), ("object-covered", Some("o0"))]);
    // The smaller one on top, or the class that matters.
    for options in [json!({"overlap": "area"}), json!({"priority": ["cat"]}), json!({"task": "binary"}), json!({"task": "object"})] {
        assert_eq!(lost(&run(&tools, options)), [("zero-area", Some("o2"))]);
    }
    let outcome = run(&tools, json!({"priority": ["dog", "cat"]}));
    assert_eq!(lost(&outcome)[1], ("object-covered", Some("o0")));
    let outcome = kit(&[task("a.jpg", &tools)]).run::<Mask>(r#"{"priority": ["cat", "owl"]}"#);
    assert!(matches!(outcome.result, Err(RunError::Failure(Failure::Options(error))) if error.pointer == "/priority/1"));
}

#[test]
fn outlines_part_neighbours() {
    let tools = [polygon("cat", 0.0, 0.0, 4.0), polygon("cat", 4.0, 0.0, 4.0)];
    let outcome = run(&tools, json!({"outlines": 1, "outline_value": 9}));
    // Centred on the border, to the left of and above a border between pixels.
    assert_eq!(picture(&outcome, "masks/a.png")[..5], ["11191119..", "11191119..", "11191119..", "99999999..", ".........."]);
}

#[test]
fn outlines_do_not_look_like_a_class() {
    let kit = kit(&[task("a.jpg", &[polygon("cat", 0.0, 0.0, 4.0)])]);
    for (options, pointer) in [
        (json!({"outlines": 1, "outline_value": 1}), "/outline_value"),
        (json!({"outlines": 1, "outline_value": 256}), "/outline_value"),
        (json!({"outlines": 1, "class_mapping_type": "single_channel_diverging"}), "/outlines"),
        (json!({"outlines": 1, "class_mapping_type": "multi_channel_qualitative", "outline_color": "#1f77b4"}), "/outline_color"),
        (json!({"outlines": 1, "task": "binary"}), "/outlines"),
        (json!({"outline_color": "white"}), "/outline_color"),
        (json!({"one_bit": true}), "/one_bit"),
        (json!({"task": "object", "class_mapping_type": "palette"}), "/class_mapping_type"),
    ] {
        let outcome = kit.run::<Mask>(&options.to_string());
        let Err(RunError::Failure(Failure::Options(error))) = outcome.result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer, "{options}");
    }
}

#[test]
fn objects_have_numbers_and_a_line_each() {
    let tools = [polygon("cat", 0.0, 0.0, 2.0), json!({"point": [5, 5]}), polygon("dog", 1.0, 1.0, 2.0)];
    let outcome = run(&tools, json!({"task": "instance", "point_size": 1}));
    assert_eq!(picture(&outcome, "masks/a.png")[..3], ["11........", "133.......", ".33......."]);
    assert_eq!(read(&outcome, "masks/a.png").2, png::BitDepth::Sixteen);
    assert_eq!(
        outcome.text("instances.ndjson").unwrap(),
        r#"{"mask":"masks/a.png","value":1,"object_id":"o0","class_id":1,"class":"cat","pixels":3}
{"mask":"masks/a.png","value":2,"object_id":"o1","class_id":1,"class":"cat","pixels":1}
{"mask":"masks/a.png","value":3,"object_id":"o2","class_id":2,"class":"dog","pixels":4}
"#
    );
    assert!(mapping(&outcome)["classes"][0].get("value").is_none());
    let colored = run(&tools, json!({"task": "instance", "class_mapping_type": "multi_channel_qualitative"}));
    let (rows, color, _) = read(&colored, "masks/a.png");
    assert_eq!((rows[0][0], color), (0x9e3779, png::ColorType::Rgb));
    assert!(colored.text("instances.ndjson").unwrap().contains("\"value\":[158,55,121],\"object_id\":\"o0\""));
}

#[test]
fn the_number_of_outlines_is_passed_over() {
    let tools = [polygon("cat", 0.0, 0.0, 2.0), polygon("cat", 4.0, 0.0, 2.0)];
    let outcome = run(&tools, json!({"task": "instance", "outlines": 1, "outline_value": 1}));
    let rows = outcome.text("instances.ndjson").unwrap_or_default();
    assert!(rows.contains("\"value\":2,\"object_id\":\"o0\"") && rows.contains("\"value\":3,\"object_id\":\"o1\""), "{rows}");
}

#[test]
fn objects_and_classes_have_files_of_their_own() {
    let mut odd = polygon("a/b: ü", 2.0, 0.0, 1.0);
    odd["objectId"] = json!("../x");
    let mut twin = polygon("cat", 3.0, 0.0, 1.0);
    twin["objectId"] = json!("O0");
    let mut reserved = polygon("cat", 4.0, 0.0, 1.0);
    reserved["objectId"] = json!("Com1");
    let tools = [polygon("cat", 0.0, 0.0, 2.0), polygon("cat", 1.0, 1.0, 2.0), odd, twin, reserved];
    let outcome = run(&tools, json!({"task": "object"}));
    let paths: Vec<&str> = outcome.files.keys().map(String::as_str).filter(|path| path.starts_with("masks/")).collect();
    assert_eq!(paths, ["masks/a/O0-2.png", "masks/a/o0.png", "masks/a/o1.png", "masks/a/object-3.png", "masks/a/object-5.png"]);
    assert_eq!(read(&outcome, "masks/a/o1.png").0[1][..4], [0, 255, 255, 0]);
    let rows: Vec<Value> = outcome.text("instances.ndjson").unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows[2], json!({"mask": "masks/a/object-3.png", "value": 255, "object_id": "../x", "class_id": 2, "class": "a/b: ü", "pixels": 1}));

    let outcome = run(&tools, json!({"task": "binary", "one_bit": true}));
    let paths: Vec<&str> = outcome.files.keys().map(String::as_str).filter(|path| path.starts_with("masks/")).collect();
    assert_eq!(paths, ["masks/1_cat/a.png", "masks/2_a_b___/a.png"]);
    assert_eq!(picture(&outcome, "masks/1_cat/a.png")[..3], ["11.11.....", "111.......", ".11......."]);
    assert_eq!(mapping(&outcome)["classes"][1]["folder"], json!("masks/2_a_b___"));
}

#[test]
fn lines_and_points_have_a_thickness() {
    let tools = [
        json!({"polyline": [[1.5, 1.5], [5.5, 1.5]]}),
        json!({"point": [3.5, 5.5], "title": "dog"}),
        json!({"spline": {"points": [[8.5, 1], [8.5, 7]], "closed": false}, "title": "cow"}),
        json!({"polyline": [[5, 5]]}),
        json!({"point": [11, 5]}),
        json!({"polyline": [[-5, -5], [-1, -9]]}),
        json!({"polyline": [[5.5, 6.5], [50, 6.5]], "title": "dog"}),
    ];
    let outcome = run(&tools, json!({"line_width": 1, "point_size": 3}));
    assert_eq!(
        picture(&outcome, "masks/a.png"),
        ["..........", ".11111..3.", "........3.", "........3.", "..222...3.", "..222...3.", "..222222222".get(..10).unwrap(), ".........."]
    );
    assert_eq!(
        lost(&outcome),
        [
            ("spline-straightened", Some("o2")),
            ("too-few-points", Some("o3")),
            ("out-of-bounds", Some("o4")),
            ("out-of-bounds", Some("o5")),
            ("clipped", Some("o6"))
        ]
    );
    assert_eq!(lost(&run(&tools[6..], json!({"outside": "drop"}))), [("out-of-bounds", Some("o0"))]);
}

#[test]
fn too_large_images_and_other_batches_are_left_out() {
    let mut other = task("b.jpg", &[polygon("cat", 0.0, 0.0, 1.0)]);
    other["batches"] = json!(["b2"]);
    let kit = kit(&[task("a.jpg", &[polygon("cat", 0.0, 0.0, 1.0)]), other]);
    let outcome = run_kit(&kit, json!({"batch_names": ["b2"]}));
    assert_eq!(lost(&outcome), [("batch-excluded", None)]);
    assert!(outcome.files.contains_key("masks/b.png") && !outcome.files.contains_key("masks/a.png"));
    let outcome = run_kit(&kit, json!({"max_pixels": 79}));
    assert_eq!(outcome.codes(), [("mask-too-large", 2)].into());
    assert_eq!(outcome.files.len(), 2);
    assert!(run_kit(&kit, json!({"max_pixels": 80})).lost.is_empty());
    let mut huge = kit.clone();
    (huge.tasks_mut()[0].asset.width, huge.tasks_mut()[0].asset.height) = (Some(u32::MAX), Some(u32::MAX));
    assert_eq!(run_kit(&huge, json!({})).codes(), [("mask-too-large", 1)].into());
    (huge.tasks_mut()[0].asset.width, huge.tasks_mut()[0].asset.height) = (Some(1), Some(1 << 23));
    assert!(run_kit(&huge, json!({})).lost[0].detail.contains("at most 4194304 on a side"));
}

#[test]
fn images_without_objects_have_empty_masks_unless_they_are_not_wanted() {
    let kit = kit(&[task("a.jpg", &[]), task("b.jpg", &[polygon("cat", 0.0, 0.0, 1.0)])]);
    let outcome = run_kit(&kit, json!({"verbose_frequency": 2}));
    assert!(picture(&outcome, "masks/a.png").iter().all(|row| row == ".........."));
    let outcome = run_kit(&kit, json!({"empty": "drop"}));
    assert_eq!(lost(&outcome), [("image-empty", None)]);
    assert!(!outcome.files.contains_key("masks/a.png"));
    let log = kit.run::<Mask>(r#"{"verbose_frequency": 2}"#).logs;
    assert_eq!((log.len(), log[0].message.as_str()), (1, "2 images written, the last one \"b.jpg\""));
}

#[test]
fn everything_else_is_reported() {
    let mut task = task(
        "a.jpg",
        &[
            polygon("cat", 0.0, 0.0, 4.0),
            json!({"ner": {"start": 0, "end": 1}}),
            json!({"polygon": [[1, 1], [2, 2]]}),
            json!({"polygon": [[0, 0], [1e300, 0], [1, 1]]}),
            polygon("cat", 20.0, 20.0, 4.0),
            polygon("cat", -3.0, 4.0, 4.0),
            polygon("cat", 5.0, 5.0, 0.5),
        ],
    );
    task["task"]["tools"][0]["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "q", "answer": "a"}]);
    task["task"]["medicalBrushDataUrl"] = json!("v");
    task["task"]["relations"] = json!([{"objectId": "r", "schemaId": "s", "title": "t", "from": "o0", "to": "o1", "direction": "straight"}]);
    let mut kit = kit(&[task]);
    kit.tasks_mut()[0].annotations.objects[6].schema_id = "gone".to_owned();
    let outcome = run_kit(&kit, json!({"min_area": 0.2}));
    assert_eq!(
        lost(&outcome),
        [
            ("relation-unsupported", Some("r")),
            ("voxel-brush-unsupported", None),
            ("classification-unsupported", Some("o0")),
            ("geometry-unsupported", Some("o1")),
            ("too-few-points", Some("o2")),
            ("coordinates-unusable", Some("o3")),
            ("out-of-bounds", Some("o4")),
            ("clipped", Some("o5")),
            ("class-unmapped", Some("o6"))
        ]
    );
}

#[test]
fn an_empty_export_has_its_classes() {
    let outcome = kit(&[]).run::<Mask>("{}");
    assert_eq!((outcome.result, outcome.files.len()), (Ok(()), 2));
}

#[test]
fn what_it_says_of_itself_can_be_read() {
    let info = Mask::describe();
    let schema: Value = serde_json::from_str(&info.options_schema).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    // The defaults of the schema are those of the options.
    let defaults: serde_json::Map<String, Value> = properties.iter().map(|(name, property)| (name.clone(), property["default"].clone())).collect();
    let options: Options = serde_json::from_value(Value::Object(defaults)).unwrap();
    assert_eq!(format!("{options:?}"), format!("{:?}", Options::default()));
    assert!(properties.values().all(|property| property["description"].is_string()));
}
