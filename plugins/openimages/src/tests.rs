#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ango_plugin_sdk::Class;
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

/// The rows of boxes of one image without the header, and the outcome.
fn run(tools: &[Value], options: &Value) -> (String, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<OpenImages>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let (_, rows) = outcome.text("train-annotations-bbox.csv").unwrap().split_once("\r\n").unwrap();
    (rows.to_owned(), outcome)
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn answer(title: &str, kind: &str, answer: Value) -> Value {
    json!({"objectId": format!("c-{title}"), "schemaId": format!("q-{title}"), "tool": kind, "title": title, "answer": answer})
}

fn question(title: &str, kind: &str, options: &[&str]) -> Class {
    Class {
        index: 0,
        schema_id: format!("q-{title}"),
        title: title.to_owned(),
        kind: kind.to_owned(),
        color: None,
        options: options.iter().map(|&option| option.to_owned()).collect(),
        parent: None,
    }
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let dog = json!({"bounding-box": {"x": 10, "y": 20, "width": 30, "height": 40}, "schemaId": "s-dog", "title": "=dog, \"big\""});
    let outcome = kit(&[task("b/a.v2.jpg", &[boxed(0.0, 0.0, 100.0, 80.0), dog]), task("-c.png", &[])]).run::<OpenImages>(r#"{"labels":"name"}"#);
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    assert_eq!(
        files,
        [
            ("class-descriptions-boxable.csv", "cat,cat\r\n\"=dog, \"\"big\"\"\",\"=dog, \"\"big\"\"\"\r\n"),
            (
                "image_ids_and_rotation.csv",
                "ImageID,Subset,OriginalURL,OriginalLandingURL,License,AuthorProfileURL,Author,Title,OriginalSize,OriginalMD5,Thumbnail300KURL,Rotation\r\n\
                 b__a.v2,train,https://x.test/b/a.v2.jpg,,,,,b/a.v2.jpg,,,,\r\n-c,train,https://x.test/-c.png,,,,,-c.png,,,,\r\n"
            ),
            (
                "images.csv",
                "file,url,width,height\r\nimages/train/b__a.v2.jpg,https://x.test/b/a.v2.jpg,100,80\r\n\
                 images/train/-c.png,https://x.test/-c.png,100,80\r\n"
            ),
            ("oidv6-class-descriptions.csv", "LabelName,DisplayName\r\ncat,cat\r\n\"=dog, \"\"big\"\"\",\"=dog, \"\"big\"\"\"\r\n"),
            (
                "train-annotations-bbox.csv",
                "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\r\n\
                 b__a.v2,ango,cat,1,0.000000,1.000000,0.000000,1.000000,-1,-1,-1,-1,-1\r\n\
                 b__a.v2,ango,\"=dog, \"\"big\"\"\",1,0.100000,0.400000,0.250000,0.750000,-1,-1,-1,-1,-1\r\n"
            ),
            ("train-annotations-human-imagelabels.csv", "ImageID,Source,LabelName,Confidence\r\n"),
        ]
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), json!({"polygon": square(3.0, 3.0, 9.0)})];
    let tasks: Vec<Value> = (0..30).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    for options in ["{}", r#"{"masks":true,"split":{"by":"ratio","val_ratio":0.3}}"#] {
        let whole = kit(&tasks).run::<OpenImages>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<OpenImages>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn identifiers_come_from_names_and_tools_of_one_title_share_them() {
    let dog = json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "schemaId": "s-dog", "title": "dog"});
    let twin = json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "schemaId": "s-twin", "title": "cat"});
    let (rows, outcome) = run(&[boxed(1.0, 2.0, 3.0, 4.0), dog, twin], &json!({}));
    let ids: Vec<&str> = rows.lines().map(|row| row.split(',').nth(2).unwrap()).collect();
    assert_eq!((ids[0], ids[0] == ids[1]), (ids[2], false));
    assert!(ids.iter().all(|id| id.starts_with("/m/ango") && id.len() == 19), "{ids:?}");
    assert_eq!(outcome.text("class-descriptions-boxable.csv").unwrap(), format!("{},cat\r\n{},dog\r\n", ids[0], ids[1]));
}

#[test]
fn parts_have_the_names_of_the_original_data_set() {
    let tasks: Vec<Value> = (0..40).map(|at| task(&format!("{at}.jpg"), &[boxed(1.0, 2.0, 3.0, 4.0)])).collect();
    let outcome = kit(&tasks).run::<OpenImages>(r#"{"split":{"by":"ratio","val_ratio":0.4,"test_ratio":0.3}}"#);
    let rows = |part: &str| outcome.text(&format!("{part}-annotations-bbox.csv")).unwrap().lines().count() - 1;
    assert!(rows("validation") > 3 && rows("test") > 3);
    assert_eq!(rows("train") + rows("validation") + rows("test"), 40);
    let images = outcome.text("image_ids_and_rotation.csv").unwrap();
    assert_eq!(images.lines().filter(|row| row.contains(",validation,")).count(), rows("validation"));
    assert_eq!(outcome.text("images.csv").unwrap().matches("images/validation/").count(), rows("validation"));
}

#[test]
fn answers_fill_the_columns() {
    let answered = |mut tool: Value, answers: Value| {
        tool["classifications"] = answers;
        tool
    };
    let tools = [
        answered(boxed(0.0, 0.0, 9.0, 9.0), json!([answer("Occluded", "boolean", json!(true)), answer("group of", "radio", json!("no"))])),
        answered(boxed(-1.0, 0.0, 9.0, 9.0), json!([answer("colour", "radio", json!("red")), answer("inside", "radio", json!("perhaps"))])),
        answered(
            boxed(-1.0, 0.0, 9.0, 9.0),
            json!([answer("truncated", "radio", json!("no")), answer("depiction", "checkbox", json!(["depiction"]))]),
        ),
    ];
    let (rows, outcome) = run(&tools, &json!({}));
    let columns: Vec<&str> = rows.lines().map(|row| row.splitn(9, ',').nth(8).unwrap()).collect();
    assert_eq!(columns, ["1,-1,0,-1,-1", "-1,1,-1,-1,-1", "-1,0,-1,1,-1"]);
    assert_eq!(outcome.codes(), [("clipped", 2), ("classification-unsupported", 2)].into());
}

#[test]
fn answers_about_images_are_labels() {
    let mut image = task("a.jpg", &[]);
    image["task"]["classifications"] = json!([
        answer("Weather", "radio", json!("sunny")),
        answer("Things", "checkbox", json!(["cat", "a, b"])),
        answer("Night", "boolean", json!(false)),
        answer("Note", "text", json!("hello")),
        answer("Other", "radio", json!("x")),
        answer("Nothing", "radio", Value::Null),
    ]);
    let kit = kit(&[image]).change_project(|project| {
        project.classifications = vec![
            question("Weather", "radio", &["sunny", "rainy"]),
            question("Things", "checkbox", &["cat", "a, b"]),
            question("Night", "boolean", &[]),
        ];
    });
    let outcome = kit.run::<OpenImages>(r#"{"labels":"name"}"#);
    assert_eq!(
        outcome.text("train-annotations-human-imagelabels.csv").unwrap(),
        "ImageID,Source,LabelName,Confidence\r\na,ango,Weather: sunny,1\r\na,ango,Things: cat,1\r\na,ango,\"Things: a, b\",1\r\na,ango,Night,0\r\n\
         a,ango,Other: x,1\r\n"
    );
    assert_eq!(outcome.text("oidv6-class-descriptions.csv").unwrap().lines().count(), 1 + 5);
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap())).collect();
    assert_eq!(lost, [("classification-unsupported", "c-Note"), ("label-undescribed", "c-Other")]);
    let outcome = kit.run::<OpenImages>(r#"{"empty":"drop"}"#);
    let described = outcome.text("oidv6-class-descriptions.csv").unwrap();
    for row in outcome.text("train-annotations-human-imagelabels.csv").unwrap().lines().skip(1).take(4) {
        let id = row.split(',').nth(2).unwrap();
        assert!(described.contains(&format!("\r\n{id},")), "{row}");
    }
}

#[test]
fn shapes_are_masks_if_asked() {
    let hole = json!({"segmentation": {"zones": [{"region": square(10.0, 10.0, 40.0), "holes": [square(20.0, 20.0, 10.0)]}]}});
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 40, "height": 20, "rotation": 90}});
    let thin = json!({"polygon": [[60.6, 1], [60.9, 1], [60.9, 30]]});
    let tools = [boxed(0.0, 0.0, 5.0, 5.0), hole, turned, thin];
    let (rows, outcome) = run(&tools, &json!({}));
    assert_eq!(rows.lines().count(), 4);
    assert_eq!(outcome.codes(), [("shape-reduced-to-box", 2), ("rotation-dropped", 1)].into());
    let (_, outcome) = run(&tools, &json!({"masks": true, "labels": "name"}));
    assert_eq!(outcome.codes(), [("no-pixels", 1)].into());
    assert_eq!(
        outcome.text("train-annotations-object-segmentation.csv").unwrap(),
        "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks\r\n\
         a_00000002.png,a,cat,00000002,0.100000,0.500000,0.125000,0.625000,,\r\n\
         a_00000003.png,a,cat,00000003,0.000000,0.200000,0.125000,0.625000,,\r\n"
    );
    let mut white = 0;
    let reader = Reader::new(&outcome.files["masks/train/a_00000002.png"], 1 << 20).unwrap();
    assert_eq!(reader.size(), (100, 80));
    reader.rows(|_, row| white += row.iter().filter(|pixel| pixel[0] == 255).count()).unwrap();
    assert_eq!(white, 1600 - 100);
    let mut huge = task("h.jpg", &[json!({"polygon": square(0.0, 0.0, 9e8)})]);
    huge["metadata"] = json!({"width": 4_294_967_295_u32, "height": 4_294_967_295_u32});
    let outcome = kit(&[huge]).run::<OpenImages>(r#"{"masks":true}"#);
    assert_eq!((outcome.result.clone(), outcome.codes()), (Ok(()), [("mask-too-large", 1)].into()));
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (boxed(1.0, 2.0, 0.0, 4.0), "zero-area"),
        (boxed(1.0, 2.0, 0.00001, 4.0), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [1, 2]]}), "too-few-points"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
        (boxed(200.0, 2.0, 4.0, 4.0), "out-of-bounds"),
    ] {
        for masks in [false, true] {
            let (rows, outcome) = run(std::slice::from_ref(&tool), &json!({ "masks": masks }));
            assert_eq!((rows.as_str(), outcome.codes()), ("", [(code, 1)].into()), "{tool}");
        }
    }
    let outcome = kit(&[task("a.jpg", &[boxed(1.0, 2.0, 2.0, 2.0)])]).run::<OpenImages>(r#"{"min_area":5,"empty":"drop"}"#);
    assert_eq!(outcome.codes(), [("below-min-area", 1), ("image-empty", 1)].into());
    assert_eq!(outcome.text("image_ids_and_rotation.csv").unwrap().lines().count(), 1);
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&OpenImages::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    let tasks = [task("b/a.png", &[json!({"polygon": square(1.0, 1.0, 9.0)})])];
    let default = kit(&tasks).run::<OpenImages>("{}");
    for (name, property) in schema["properties"].as_object().unwrap() {
        let given = kit(&tasks).run::<OpenImages>(&json!({ name: property["default"] }).to_string());
        assert_eq!(given.files, default.files, "{name}: its default is what happens without it");
        for value in property["enum"].as_array().into_iter().flatten() {
            assert_eq!(kit(&tasks).run::<OpenImages>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in [(r#"{"labels":"x"}"#, "/labels"), (r#"{"questions":{"x":"y"}}"#, "/questions")] {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<OpenImages>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
