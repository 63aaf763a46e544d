#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::collections::BTreeMap;

use ango_plugin_sdk::png::Reader;
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

/// The outcome of one image `a.jpg`.
fn run(tools: &[Value], options: &Value) -> Outcome {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Voc>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    outcome
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn answer(title: &str, answer: Value) -> Value {
    json!({"objectId": "c", "schemaId": format!("q-{title}"), "tool": "radio", "title": title, "answer": answer})
}

fn answered(mut tool: Value, answers: Value) -> Value {
    tool["classifications"] = answers;
    tool
}

/// The texts of the elements of a name, in order.
fn all<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap()).collect()
}

/// xmin, ymin, xmax and ymax of every object.
fn boxes(outcome: &Outcome) -> Vec<[u64; 4]> {
    let xml = outcome.text("Annotations/a.xml").unwrap();
    let of = |name| all(xml, name).into_iter().map(|number| number.parse().unwrap()).collect::<Vec<u64>>();
    let (x0, y0, x1, y1) = (of("xmin"), of("ymin"), of("xmax"), of("ymax"));
    (0..x0.len()).map(|at| [x0[at], y0[at], x1[at], y1[at]]).collect()
}

/// How many pixels of a PNG have each colour; its bits and its colour type.
fn pixels(outcome: &Outcome, path: &str) -> (BTreeMap<[u8; 3], u64>, (u8, u8)) {
    let file = &outcome.files[path];
    let mut count = BTreeMap::new();
    let reader = Reader::new(file, 1 << 20).unwrap();
    assert_eq!(reader.size(), (100, 80));
    reader
        .rows(|_, row| {
            for [r, g, b, _] in row {
                *count.entry([*r, *g, *b]).or_default() += 1;
            }
        })
        .unwrap();
    (count, (file[24], file[25]))
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let dog = json!({"bounding-box": {"x": 10, "y": 20.5, "width": 30, "height": 40}, "schemaId": "s-dog", "title": "<dog & co>"});
    let tasks = [task("b/a.v2.jpg", &[boxed(0.0, 0.0, 100.0, 80.0), dog]), task("c.JPG", &[])];
    let outcome = kit(&tasks).change_project(|project| project.name = "Pets".to_owned()).run::<Voc>("{}");
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    let first = "<annotation>\n\t<folder>JPEGImages</folder>\n\t<filename>b__a.v2.jpg</filename>\n\t<source>\n\t\t<database>Pets</database>\n\
        \t\t<annotation>Ango Hub, pixels from 1, both ends included</annotation>\n\t\t<image>b/a.v2.jpg</image>\n\t</source>\n\t<size>\n\
        \t\t<width>100</width>\n\t\t<height>80</height>\n\t\t<depth>3</depth>\n\t</size>\n\t<segmented>0</segmented>\n\
        \t<object>\n\t\t<name>cat</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n\
        \t\t<occluded>0</occluded>\n\t\t<bndbox>\n\t\t\t<xmin>1</xmin>\n\t\t\t<ymin>1</ymin>\n\t\t\t<xmax>100</xmax>\n\t\t\t<ymax>80</ymax>\n\
        \t\t</bndbox>\n\t</object>\n\
        \t<object>\n\t\t<name>&lt;dog &amp; co&gt;</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n\
        \t\t<occluded>0</occluded>\n\t\t<bndbox>\n\t\t\t<xmin>11</xmin>\n\t\t\t<ymin>21</ymin>\n\t\t\t<xmax>40</xmax>\n\t\t\t<ymax>61</ymax>\n\
        \t\t</bndbox>\n\t</object>\n</annotation>\n";
    let second = "<annotation>\n\t<folder>JPEGImages</folder>\n\t<filename>c.jpg</filename>\n\t<source>\n\t\t<database>Pets</database>\n\
        \t\t<annotation>Ango Hub, pixels from 1, both ends included</annotation>\n\t\t<image>c.JPG</image>\n\t</source>\n\t<size>\n\
        \t\t<width>100</width>\n\t\t<height>80</height>\n\t\t<depth>3</depth>\n\t</size>\n\t<segmented>0</segmented>\n</annotation>\n";
    assert_eq!(
        files,
        [
            ("Annotations/b__a.v2.xml", first),
            ("Annotations/c.xml", second),
            ("ImageSets/Main/train.txt", "b__a.v2\nc\n"),
            ("ImageSets/Main/trainval.txt", "b__a.v2\nc\n"),
            (
                "images.csv",
                "file,url,width,height\r\nJPEGImages/b__a.v2.jpg,https://x.test/b/a.v2.jpg,100,80\r\nJPEGImages/c.jpg,https://x.test/c.JPG,100,80\r\n"
            ),
            ("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:128,0,0::\n<dog & co>:0,128,0::\n"),
        ]
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), json!({"polygon": square(3.0, 3.0, 9.0), "schemaId": "s-dog", "title": "dog"})];
    let tasks: Vec<Value> = (0..30).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"masks":"both","void_border":2,"class_lists":true,"split":{"by":"ratio","val_ratio":0.3,"test_ratio":0.3}}"#] {
        let whole = kit(&tasks).run::<Voc>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Voc>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn every_image_is_in_the_lists_of_its_part_and_has_a_file() {
    let tasks: Vec<Value> = (0..40).map(|at| task(&format!("{at}.jpg"), &[])).collect();
    let outcome = kit(&tasks).run::<Voc>(r#"{"split":{"by":"ratio","val_ratio":0.3,"test_ratio":0.3},"layout":"devkit"}"#);
    let list = |name: &str| -> Vec<String> {
        outcome.text(&format!("VOCdevkit/VOC2012/ImageSets/Main/{name}.txt")).unwrap().lines().map(str::to_owned).collect()
    };
    let (train, val, test) = (list("train"), list("val"), list("test"));
    assert!([&train, &val, &test].into_iter().all(|list| list.len() > 3));
    assert_eq!(list("trainval").len(), train.len() + val.len());
    let mut all = [train, val, test].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 40);
    for stem in all {
        assert!(outcome.text(&format!("VOCdevkit/VOC2012/Annotations/{stem}.xml")).unwrap().contains("<folder>VOC2012</folder>"));
    }
    let none = kit(&[]).run::<Voc>(r#"{"split":{"by":"ratio","val_ratio":0.3},"images_csv":false,"masks":"class"}"#);
    assert_eq!(none.text("ImageSets/Segmentation/val.txt"), Some(""));
    assert!(!none.files.contains_key("ImageSets/Main/test.txt") && !none.files.contains_key("images.csv"));
}

#[test]
fn boxes_are_whole_clamped_and_never_empty() {
    let tools = [
        boxed(0.0, 0.0, 1.0, 1.0),
        boxed(99.5, 79.5, 0.2, 0.2),
        boxed(-10.0, -10.0, 20.0, 20.4),
        json!({"polygon": [[5.5, 5.5], [9.2, 5.5], [9.2, 7.0]]}),
    ];
    let outcome = run(&tools, &json!({}));
    assert_eq!(boxes(&outcome), [[1, 1, 1, 1], [100, 80, 100, 80], [1, 1, 10, 11], [6, 6, 10, 7]]);
    assert_eq!(all(outcome.text("Annotations/a.xml").unwrap(), "truncated"), ["0", "0", "1", "0"]);
    assert_eq!(outcome.codes(), [("clipped", 1), ("shape-reduced-to-box", 1)].into());
    let outcome = run(&tools, &json!({"origin": 0, "outside": "drop"}));
    assert_eq!(boxes(&outcome), [[0, 0, 1, 1], [99, 79, 100, 80], [5, 5, 10, 7]]);
    assert_eq!(all(outcome.text("Annotations/a.xml").unwrap(), "annotation")[1], "Ango Hub, edges from 0");
    assert_eq!(outcome.codes(), [("out-of-bounds", 1), ("shape-reduced-to-box", 1)].into());
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90}});
    let outcome = run(&[turned], &json!({}));
    assert_eq!((boxes(&outcome), outcome.codes()), (vec![[1, 11, 20, 50]], [("rotation-dropped", 1)].into()));
}

#[test]
fn answers_fill_the_fields() {
    let tools = [
        answered(
            boxed(0.0, 0.0, 9.0, 9.0),
            json!([answer("Truncated", json!(true)), answer("DIFFICULT", json!("yes")), answer("pose", json!("Left"))]),
        ),
        answered(boxed(-1.0, 0.0, 9.0, 9.0), json!([answer("truncated", json!("no")), answer("occluded", json!(["occluded"]))])),
        answered(
            boxed(1.0, 0.0, 9.0, 9.0),
            json!([answer("colour", json!("red")), answer("occluded", json!("partly")), answer("pose", json!(["a", "b"]))]),
        ),
        answered(boxed(1.0, 0.0, 9.0, 9.0), json!([answer("difficult", Value::Null)])),
    ];
    let outcome = run(&tools, &json!({}));
    let xml = outcome.text("Annotations/a.xml").unwrap();
    let fields = ["truncated", "difficult", "occluded", "pose"].map(|name| all(xml, name));
    assert_eq!(fields[0], ["1", "0", "0", "0"]);
    assert_eq!(fields[1], ["1", "0", "0", "0"]);
    assert_eq!(fields[2], ["0", "1", "0", "0"]);
    assert_eq!(fields[3], ["Left", "Unspecified", "Unspecified", "Unspecified"]);
    assert_eq!(outcome.codes(), [("clipped", 1), ("classification-unsupported", 3)].into());
    let options = json!({"questions": {"difficult": "colour", "truncated": ""}});
    let outcome = run(&[answered(boxed(0.0, 0.0, 9.0, 9.0), json!([answer("colour", json!("1")), answer("truncated", json!("yes"))]))], &options);
    assert_eq!(all(outcome.text("Annotations/a.xml").unwrap(), "difficult"), ["1"]);
    assert_eq!(outcome.codes(), [("classification-unsupported", 1)].into());
}

#[test]
fn masks_are_indexes_into_the_palette() {
    let hole = json!({"segmentation": {"zones": [{"region": square(10.0, 10.0, 40.0), "holes": [square(20.0, 20.0, 10.0)]}]}, "schemaId": "s-dog", "title": "dog"});
    let tools = [boxed(0.0, 0.0, 100.0, 30.0), hole, boxed(0.0, 0.0, 5.0, 5.0)];
    let outcome = run(&tools, &json!({"masks": "both"}));
    let (class, header) = pixels(&outcome, "SegmentationClass/a.png");
    assert_eq!(header, (8, 3), "eight bits, a palette");
    // The hole shows the box below, not the background.
    let dog = 1600 - 100;
    let cat = 3000 - (40 * 20 - 100);
    assert_eq!(class, [([0, 0, 0], 8000 - dog - cat), ([128, 0, 0], cat), ([0, 128, 0], dog)].into());
    let (object, _) = pixels(&outcome, "SegmentationObject/a.png");
    assert_eq!(object, [([0, 0, 0], 8000 - dog - cat), ([128, 0, 0], cat - 25), ([0, 128, 0], dog), ([128, 128, 0], 25)].into());
    assert_eq!(all(outcome.text("Annotations/a.xml").unwrap(), "segmented"), ["1"]);
    assert_eq!(outcome.text("ImageSets/Segmentation/trainval.txt"), Some("a\n"));
    assert_eq!(outcome.codes(), [].into(), "a shape is in the masks as it is");

    let outcome = run(&tools, &json!({"masks": "class", "void_border": 2}));
    let (class, _) = pixels(&outcome, "SegmentationClass/a.png");
    let void = class[&[224, 224, 192]];
    // Outlines of the three, two pixels wide, where they are in the image.
    assert!((600..900).contains(&void), "{void}");
    assert!(!outcome.files.contains_key("SegmentationObject/a.png"));
}

#[test]
fn the_smaller_object_is_on_top_if_asked_and_hidden_ones_are_named() {
    let tools = [boxed(10.0, 10.0, 5.0, 5.0), boxed(0.0, 0.0, 50.0, 50.0), boxed(60.6, 0.0, 0.3, 9.0)];
    let outcome = run(&tools, &json!({"masks": "both"}));
    assert_eq!(pixels(&outcome, "SegmentationObject/a.png").0, [([0, 0, 0], 8000 - 2500), ([0, 128, 0], 2500)].into());
    let hidden: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap())).collect();
    assert_eq!(hidden, [("no-pixels", "o0"), ("no-pixels", "o2")]);
    let outcome = run(&tools, &json!({"masks": "both", "overlap": "area"}));
    assert_eq!(pixels(&outcome, "SegmentationObject/a.png").0, [([0, 0, 0], 8000 - 2500), ([128, 0, 0], 25), ([0, 128, 0], 2475)].into());
    assert_eq!(outcome.codes(), [("no-pixels", 1)].into());
}

#[test]
fn what_a_palette_cannot_hold_is_wider_or_refused() {
    let many: Vec<Value> = (0..300).map(|at| boxed(f64::from(at % 20) * 5.0, f64::from(at / 20) * 5.0, 4.0, 4.0)).collect();
    let outcome = run(&many, &json!({"masks": "both"}));
    assert_eq!(pixels(&outcome, "SegmentationObject/a.png").1, (16, 0));
    assert_eq!(pixels(&outcome, "SegmentationClass/a.png").1, (8, 3));
    assert_eq!(outcome.codes(), [("mask-16-bit", 1)].into());
    let classes: Vec<Value> = (0..255)
        .map(|at| json!({"bounding-box": {"x": 0, "y": 0, "width": 9, "height": 9}, "schemaId": format!("s{at}"), "title": format!("c{at}")}))
        .collect();
    let outcome = kit(&[task("a.jpg", &classes)]).run::<Voc>(r#"{"masks":"class"}"#);
    assert!(format!("{:?}", outcome.result).contains("255 classes"), "{:?}", outcome.result);
    assert_eq!(kit(&[task("a.jpg", &classes[1..])]).run::<Voc>(r#"{"masks":"class"}"#).result, Ok(()));
    let mut huge = task("h.jpg", &[boxed(0.0, 0.0, 9.0, 9.0)]);
    huge["metadata"] = json!({"width": 4_294_967_295_u32, "height": 4_294_967_295_u32});
    let outcome = kit(&[huge]).run::<Voc>(r#"{"masks":"both"}"#);
    assert_eq!((outcome.result.clone(), outcome.codes()), (Ok(()), [("mask-too-large", 1)].into()));
    assert_eq!(all(outcome.text("Annotations/h.xml").unwrap(), "segmented"), ["0"]);
    assert_eq!(outcome.text("ImageSets/Segmentation/train.txt"), Some(""));
}

#[test]
fn class_lists_say_where_a_class_is() {
    let dog = json!({"bounding-box": {"x": 0, "y": 0, "width": 9, "height": 9}, "schemaId": "s-dog", "title": "Cat"});
    let difficult = answered(dog.clone(), json!([answer("difficult", json!("yes"))]));
    // A second tool of the same title is the same class.
    let twin = json!({"polygon": square(0.0, 0.0, 9.0), "schemaId": "s-twin", "title": "cat"});
    let tasks = [task("1.jpg", &[boxed(0.0, 0.0, 9.0, 9.0), difficult.clone()]), task("2 b.jpg", &[difficult, dog]), task("3.jpg", &[twin])];
    let outcome = kit(&tasks).run::<Voc>(r#"{"class_lists":true,"masks":"class"}"#);
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(outcome.text("ImageSets/Main/cat_train.txt"), Some("1  1\n2 b -1\n3  1\n"));
    assert_eq!(outcome.text("ImageSets/Main/Cat_2_trainval.txt"), Some("1  0\n2 b  1\n3 -1\n"));
    assert_eq!(outcome.files.keys().filter(|path| path.starts_with("ImageSets/Main/")).count(), 2 + 4);
    assert!(outcome.text("labelmap.txt").unwrap().ends_with("cat:128,0,0::\nCat:0,128,0::\n"));
}

#[test]
fn names_that_the_format_cannot_hold_are_changed_and_said() {
    let mut tool = boxed(0.0, 0.0, 9.0, 9.0);
    (tool["title"], tool["schemaId"]) = (json!("a\u{1}b"), json!("s1"));
    let mut other = boxed(0.0, 0.0, 9.0, 9.0);
    (other["title"], other["schemaId"]) = (json!("x:y"), json!("s2"));
    let outcome = kit(&[task("#1.jpg", &[tool, other]), task(" x .png", &[]), task("x.png", &[])]).run::<Voc>("{}");
    assert_eq!(outcome.result, Ok(()));
    let list = outcome.text("ImageSets/Main/train.txt").unwrap();
    for (line, begin) in list.lines().zip(["_1-", "_x_-", "x"]) {
        assert!(line.starts_with(begin) && line.trim() == line, "{line}");
        let xml = outcome.text(&format!("Annotations/{line}.xml")).unwrap();
        assert_eq!(all(xml, "filename"), [format!("{line}.jpg")]);
    }
    let first = outcome.files.keys().find(|path| path.starts_with("Annotations/_1")).unwrap();
    assert_eq!(all(outcome.text(first).unwrap(), "name"), ["a\u{fffd}b", "x:y"]);
    assert_eq!(outcome.codes(), [("name-changed", 1), ("file-name-changed", 3)].into());
    assert_eq!(outcome.logs.len(), 2, "{:?}", outcome.logs);
    let kept = kit(&[task("d/x.png", &[])]).run::<Voc>(r#"{"image_suffix":"keep","names":"path"}"#);
    assert_eq!(all(kept.text("Annotations/d/x.xml").unwrap(), "filename"), ["d/x.png"]);
    assert_eq!(kept.lost, []);
    let long = task(&format!("{}/{}.c", "d".repeat(150), "é".repeat(70)), &[]);
    let outcome = kit(&[long]).run::<Voc>(r#"{"masks":"class"}"#);
    assert_eq!(outcome.result, Ok(()), "names keep within what file systems take");
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (json!({"polyline": [[1, 2], [3, 4]]}), "geometry-unsupported"),
        (boxed(1.0, 2.0, 0.0, 4.0), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [1, 2]]}), "too-few-points"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
        (boxed(200.0, 2.0, 4.0, 4.0), "out-of-bounds"),
    ] {
        let outcome = run(std::slice::from_ref(&tool), &json!({"masks": "both"}));
        assert_eq!(boxes(&outcome), Vec::<[u64; 4]>::new(), "{tool}");
        assert_eq!(outcome.codes(), [(code, 1)].into(), "{tool}");
    }
    let outcome = run(&[boxed(1.0, 2.0, 2.0, 2.0)], &json!({"min_area": 5, "empty": "drop"}));
    assert_eq!(outcome.codes(), [("below-min-area", 1), ("image-empty", 1)].into());
    assert_eq!((outcome.text("Annotations/a.xml"), outcome.text("ImageSets/Main/train.txt")), (None, Some("")));
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Voc::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    let tasks = [task("b/a.png", &[answered(boxed(1.0, 1.0, 9.0, 9.0), json!([answer("pose", json!("Left"))]))])];
    let default = kit(&tasks).run::<Voc>("{}");
    for (name, property) in schema["properties"].as_object().unwrap() {
        let given = kit(&tasks).run::<Voc>(&json!({ name: property["default"] }).to_string());
        assert_eq!(given.files, default.files, "{name}: its default is what happens without it");
        for value in property["enum"].as_array().into_iter().flatten() {
            assert_eq!(kit(&tasks).run::<Voc>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in
        [(r#"{"masks":"all"}"#, "/masks"), (r#"{"void_border":-1}"#, "/void_border"), (r#"{"questions":{"x":"y"}}"#, "/questions")]
    {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Voc>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
