use ango_plugin_sdk::rle::Rle;
use ango_plugin_sdk::testkit::RunError;
use ango_plugin_sdk::{FetchError, Geometry};

use super::*;

fn with_hole() -> Value {
    json!({"segmentation": {"zones": [{"region": square(10.0, 10.0, 40.0), "holes": [square(20.0, 20.0, 10.0)]}]}})
}

#[test]
fn the_whole_file_is_as_written_here() {
    let mut first = task(
        "b/a.jpg",
        &[
            json!({"bounding-box": {"x": 1.5, "y": 2, "width": 10, "height": 20.25}, "ocr": {"text": "A \"1\""}, "classifications": [
                {"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Colour", "answer": "red", "classifications": [
                    {"objectId": "d", "schemaId": "r", "tool": "checkbox", "title": "Shade", "answer": ["dark", "dull"], "classifications": []}]}]}),
            json!({"polygon": [[0, 0], [10, 0], [10, 10], [0, 0]], "schemaId": "s-dog", "title": "dog"}),
        ],
    );
    first["batches"] = json!(["b1"]);
    let outcome = kit(&[first, task("c.jpg", &[])])
        .change_project(|project| {
            project.name = "Pets".to_owned();
            project.exported_at = Some(1_714_523_820_060);
        })
        .run::<Coco>("{}");
    let want = r#"{"info":{"description":"Pets","year":2024,"date_created":"2024-05-01T00:37:00.060Z"},
"licenses":[],
"categories":[
{"id":1,"name":"cat","supercategory":""},
{"id":2,"name":"dog","supercategory":""}],
"images":[
{"id":1,"width":100,"height":80,"file_name":"b/a.jpg","coco_url":"https://x.test/b/a.jpg","attributes":{"taskId":"t-b/a.jpg","stage":"Complete","batches":["b1"]}},
{"id":2,"width":100,"height":80,"file_name":"c.jpg","coco_url":"https://x.test/c.jpg","attributes":{"taskId":"t-c.jpg","stage":"Complete"}}
],
"annotations":[
{"id":1,"image_id":1,"category_id":1,"bbox":[1.5,2,10,20.25],"area":202.5,"iscrowd":0,"segmentation":[],"attributes":{"objectId":"o0","ocr":"A \"1\"","Colour":"red","Shade":["dark","dull"]}},
{"id":2,"image_id":1,"category_id":2,"bbox":[0,0,10,10],"area":50,"iscrowd":0,"segmentation":[[0,0,10,0,10,10]],"attributes":{"objectId":"o1"}}
]}
"#;
    assert_eq!(outcome.text("annotations/instances_default.json"), Some(want));
    assert_eq!(outcome.lost, []);
}

#[test]
fn an_empty_export_is_valid() {
    let value = converted(&kit(&[]).run::<Coco>("{}"));
    assert_eq!((&value["images"], &value["annotations"], &value["categories"]), (&json!([]), &json!([]), &json!([])));
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = [json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}}), json!({"point": [1, 2]}), with_hole()];
    let tasks: Vec<Value> = (0..7).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    let whole = kit(&tasks).run::<Coco>("{}");
    for size in [1, 2, 3] {
        let cut = kit(&tasks).shard_size(size).run::<Coco>("{}");
        assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost), "{size} tasks a shard");
    }
    let value = converted(&whole);
    let ids: Vec<u64> = value["annotations"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect();
    // Tasks hold 0, 1, 2, 3, 0, 1, 2 objects; the points, at 3, 5 and 9, are not converted and leave gaps.
    assert_eq!(ids, [1, 2, 4, 6, 7, 8]);
}

#[test]
fn holes_are_run_lengths_with_float_area() {
    let (value, outcome) = run(&[with_hole()], json!({}));
    let row = &value["annotations"][0];
    assert_eq!((&row["bbox"], &row["area"], &row["iscrowd"]), (&json!([10, 10, 40, 40]), &json!(1500), &json!(0)));
    assert_eq!(row["segmentation"]["size"], json!([80, 100]));
    let mask = Rle::from_compressed(row["segmentation"]["counts"].as_str().unwrap(), 100, 80).unwrap();
    assert_eq!(mask.area(), 1500);
    assert_eq!(outcome.lost, []);

    let (value, _) = run(&[with_hole()], json!({"rle": "uncompressed"}));
    assert_eq!(value["annotations"][0]["segmentation"]["counts"], json!(mask.counts()));

    let (value, outcome) = run(&[with_hole()], json!({"holes": "fill"}));
    assert_eq!(value["annotations"][0]["segmentation"], json!([[10, 10, 50, 10, 50, 50, 10, 50]]));
    assert_eq!(value["annotations"][0]["area"], json!(1600));
    assert_eq!(outcome.codes(), [("hole-filled", 1)].into());

    let (value, outcome) = run(&[with_hole()], json!({"holes": "drop"}));
    assert_eq!(value["annotations"], json!([]));
    assert_eq!(outcome.codes(), [("hole-unsupported", 1)].into());
}

#[test]
fn parts_are_rings_and_rotated_boxes_their_corners() {
    let parts = json!({"segmentation": {"zones": [{"region": square(0.0, 0.0, 4.0)}, {"region": square(10.0, 10.0, 2.0)}]}});
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 4, "height": 2, "rotation": 90,
                        "corners": [[20, 10], [18, 10], [18, 14], [20, 14]]}});
    let (value, outcome) = run(&[parts, turned], json!({}));
    assert_eq!(value["annotations"][0]["segmentation"], json!([[0, 0, 4, 0, 4, 4, 0, 4], [10, 10, 12, 10, 12, 12, 10, 12]]));
    assert_eq!((&value["annotations"][0]["area"], &value["annotations"][0]["bbox"]), (&json!(20), &json!([0, 0, 12, 12])));
    assert_eq!(value["annotations"][1]["segmentation"], json!([[20, 10, 18, 10, 18, 14, 20, 14]]));
    assert_eq!((&value["annotations"][1]["area"], &value["annotations"][1]["bbox"]), (&json!(8), &json!([18, 10, 2, 4])));
    assert_eq!(outcome.lost, []);
}

#[test]
fn objects_that_leave_the_image_follow_the_option() {
    let out = [json!({"bounding-box": {"x": 90, "y": 70, "width": 20, "height": 20}}), json!({"polygon": square(-5.0, 0.0, 10.0)})];
    let (value, outcome) = run(&out, json!({}));
    assert_eq!(value["annotations"][0]["bbox"], json!([90, 70, 10, 10]));
    assert_eq!((&value["annotations"][1]["bbox"], &value["annotations"][1]["area"]), (&json!([0, 0, 5, 10]), &json!(50)));
    assert_eq!(outcome.codes(), [("clipped", 2)].into());

    let (value, outcome) = run(&out, json!({"outside": "keep"}));
    assert_eq!(value["annotations"][1]["segmentation"], json!([[-5, 0, 5, 0, 5, 10, -5, 10]]));
    assert_eq!(outcome.lost, []);

    let (value, outcome) = run(&out, json!({"outside": "drop"}));
    assert_eq!(value["annotations"], json!([]));
    assert_eq!(outcome.codes(), [("out-of-bounds", 2)].into());

    let edge = json!({"polygon": [[-4e-10, 0], [100.0000000005, 0], [50, 80]]});
    let (value, outcome) = run(&[edge], json!({"precision": 15}));
    assert_eq!(value["annotations"][0]["segmentation"], json!([[-4e-10, 0, 100.0000000005, 0, 50, 80]]));
    assert_eq!(outcome.lost, []);
}

#[test]
fn boxes_become_polygons_and_numbers_are_rounded_on_request() {
    let drawn = json!({"bounding-box": {"x": 1.23456, "y": 2, "width": 10, "height": 20.005}});
    let (value, _) = run(&[drawn], json!({"boxes_as_polygons": true, "precision": 2, "attributes": false}));
    let row = &value["annotations"][0];
    assert_eq!(row["segmentation"], json!([[1.23, 2, 11.23, 2, 11.23, 22.01, 1.23, 22.01]]));
    assert_eq!((&row["bbox"], &row["area"]), (&json!([1.23, 2, 10, 20.01]), &json!(200.05)));
    assert_eq!((row.get("attributes"), value["images"][0].get("attributes")), (None, None));
}

#[test]
fn what_is_not_converted_is_reported_with_its_code() {
    for (tool, code) in [
        (json!({"point": [1, 2]}), "geometry-unsupported"),
        (json!({"polyline": [[1, 2], [3, 4], [9, 9]]}), "geometry-unsupported"),
        (json!({"circle": {"r": 1}}), "geometry-unsupported"),
        (json!({"medical-brush": true}), "geometry-unsupported"),
        (json!({"bounding-box": {"x": 1, "y": 2, "width": 0, "height": 4}}), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [5, 6]]}), "zero-area"),
        (json!({"polygon": [[1, 2], [3, 4], [1, 2]]}), "too-few-points"),
        (json!({"segmentation": {"zones": []}}), "too-few-points"),
        (json!({"bounding-box": {"x": 200, "y": 2, "width": 5, "height": 4}}), "out-of-bounds"),
        (json!({"polygon": [[1e300, 2], [3, 4], [1, 9]]}), "coordinates-unusable"),
        (json!({"bounding-box": {"x": -1e308, "y": 2, "width": 1e308, "height": 4}}), "coordinates-unusable"),
    ] {
        let (value, outcome) = run(std::slice::from_ref(&tool), json!({}));
        assert_eq!(value["annotations"], json!([]), "{tool}");
        assert_eq!(value["images"].as_array().unwrap().len(), 1);
        assert_eq!(outcome.codes(), [(code, 1)].into(), "{tool}");
        assert_eq!(outcome.lost[0].object.as_deref(), Some("o0"));
    }
}

#[test]
fn numbers_that_are_not_finite_are_reported() {
    let mut kit = kit(&[task("a.jpg", &[json!({"polygon": square(0.0, 0.0, 5.0)})])]);
    let Geometry::Polygon(path) = &mut kit.tasks_mut()[0].annotations.objects[0].geometry else { panic!() };
    path[2] = f64::NAN;
    assert_eq!(kit.run::<Coco>("{}").codes(), [("coordinates-unusable", 1)].into());
}

#[test]
fn classes_outside_the_ontology_and_small_objects_are_reported() {
    let tools = [json!({"bounding-box": {"x": 1, "y": 2, "width": 2, "height": 2}})];
    let outcome = kit(&[task("a.jpg", &tools)]).change_project(|project| project.tools.clear()).run::<Coco>("{}");
    assert_eq!(outcome.codes(), [("class-unmapped", 1)].into());
    let (_, outcome) = run(&tools, json!({"min_area": 4.5}));
    assert_eq!(outcome.codes(), [("below-min-area", 1)].into());
    let (value, outcome) = run(&tools, json!({"min_area": 4.5, "empty": "drop"}));
    assert_eq!(value["images"], json!([]));
    assert_eq!(outcome.codes(), [("below-min-area", 1), ("image-empty", 1)].into());
}

#[test]
fn a_part_without_area_is_reported_and_the_rest_stays() {
    let parts = json!({"segmentation": {"zones": [{"region": square(0.0, 0.0, 4.0)}, {"region": []}]}});
    let (value, outcome) = run(&[parts], json!({}));
    assert_eq!(value["annotations"][0]["area"], json!(16));
    assert_eq!(outcome.codes(), [("part-dropped", 1)].into());
}

#[test]
fn pages_and_frames_are_images_or_reported() {
    let drawn = json!({"bounding-box": {"x": 1, "y": 2, "width": 2, "height": 2}});
    let mut video = task("v.mp4", &[]);
    video["metadata"]["frameRate"] = json!(30);
    let mut pages = task("p.tif", &[]);
    pages["dataset"] = json!(["https://x.test/1", "https://x.test/2"]);
    let mut paged = drawn.clone();
    paged["page"] = json!(3);
    let kit = kit(&[video, pages, task("q.pdf", &[paged])]);
    let outcome = kit.run::<Coco>(r#"{"frames":"skip"}"#);
    assert_eq!(converted(&outcome)["images"], json!([]));
    assert_eq!(outcome.codes(), [("video-unsupported", 1), ("multi-page-unsupported", 2)].into());
    assert!(outcome.lost.iter().all(|lost| lost.object.is_none()));
    let value = converted(&kit.run::<Coco>("{}"));
    let names: Vec<&str> = value["images"].as_array().unwrap().iter().map(|image| image["file_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["v.mp4/000001.jpg", "p.tif/000001.jpg", "p.tif/000002.jpg", "q.pdf/000004.jpg"]);
}

#[test]
fn a_missing_size_is_asked_for_then_follows_the_option() {
    let drawn = json!({"bounding-box": {"x": 90, "y": 2, "width": 20, "height": 2}});
    let mut unsized_task = task("a.jpg", &[drawn, with_hole()]);
    unsized_task["metadata"] = json!({});
    let kit = kit(&[unsized_task]);
    let outcome = kit.run::<Coco>("{}");
    assert_eq!(converted(&outcome)["images"], json!([]));
    assert_eq!(outcome.codes(), [("size-missing", 1)].into());

    let outcome = kit.run::<Coco>(r#"{"on_missing_size":"error"}"#);
    assert!(matches!(&outcome.result, Err(RunError::Failure(Failure::Input(reason))) if reason.contains("t-a.jpg")), "{:?}", outcome.result);

    let outcome = kit.clone().asset_size("https://x.test/a.jpg", Ok((100, 80))).run::<Coco>("{}");
    assert_eq!(converted(&outcome)["annotations"][0]["bbox"], json!([90, 2, 10, 2]));
    assert_eq!(
        kit.clone().asset_size("https://x.test/a.jpg", Ok((100, 80))).run::<Coco>(r#"{"on_missing_size":"skip"}"#).codes(),
        [("size-missing", 1)].into()
    );
    let outcome = kit.asset_size("https://x.test/a.jpg", Err(FetchError::TooLarge)).run::<Coco>("{}");
    assert!(outcome.lost[0].detail.contains("TooLarge"));
}

#[test]
fn relations_brushes_and_changed_names_are_reported() {
    let mut first = task("a.jpg", &[]);
    first["task"]["relations"] = json!([{"from": "x", "to": "y", "objectId": "r", "schemaId": "s", "title": "t", "direction": "straight"}]);
    first["task"]["brushDataUrl"] = json!("https://x.test/brush.png");
    first["task"]["medicalBrushDataUrl"] = json!("https://x.test/brush.nrrd");
    let outcome = kit(&[first, task("a.png", &[])]).run::<Coco>("{}");
    assert_eq!(
        outcome.codes(),
        [("relation-unsupported", 1), ("brush-unsupported", 1), ("voxel-brush-unsupported", 1), ("file-name-changed", 1)].into()
    );
    let value = converted(&outcome);
    assert_eq!(value["images"][1]["file_name"], json!("a-tapng.png"));
    assert_eq!(value["images"][1]["attributes"]["externalId"], json!("a.png"));
}

#[test]
fn answers_with_one_title_are_a_list_and_hide_nothing() {
    let answer = |title: &str, answer: Value| json!({"objectId": "c", "schemaId": "q", "tool": "text", "title": title, "answer": answer});
    let mut first = task("a.jpg", &[]);
    first["task"]["classifications"] = json!([
        answer("b", json!(1.5)),
        answer("a", json!("x")),
        answer("b", json!(true)),
        answer("none", json!(null)),
        answer("taskId", json!({"k": 1}))
    ]);
    let outcome = kit(&[first]).run::<Coco>("{}");
    let image = &converted(&outcome)["images"][0]["attributes"];
    assert_eq!(*image, json!({"taskId": "t-a.jpg", "stage": "Complete", "b": [1.5, true], "a": "x", "classification:taskId": {"k": 1}}));
}

#[test]
fn a_mask_of_an_image_that_is_too_large_is_a_loss() {
    let mut huge = task("a.jpg", &[with_hole()]);
    huge["metadata"] = json!({"width": 100_000, "height": 100_000});
    let outcome = kit(&[huge]).run::<Coco>("{}");
    assert_eq!(outcome.codes(), [("mask-too-large", 1)].into());
}

#[test]
fn texts_of_people_cannot_break_the_file() {
    let mut nasty = task("a\"\n\u{0}\\.jpg", &[json!({"bounding-box": {"x": 1, "y": 2, "width": 2, "height": 2}, "title": "</\"\u{1}"})]);
    nasty["batches"] = json!(["\"", "\\"]);
    let value = converted(&kit(&[nasty]).run::<Coco>("{}"));
    assert_eq!(value["images"][0]["attributes"]["externalId"], json!("a\"\n\u{0}\\.jpg"));
    assert_eq!(value["categories"][0]["name"], json!("</\"\u{1}"));
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Coco::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        let values = property["enum"].as_array().cloned().or_else(|| property.get("default").map(|value| vec![value.clone()]));
        for value in values.unwrap_or_else(|| vec![json!(3)]) {
            let mut options = json!({ name: value });
            if value == "keypoints" {
                options["keypoints"] = json!({"names": ["nose"]});
            }
            assert_eq!(kit(&[]).run::<Coco>(&options.to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in
        [(r#"{"holes":"bridge"}"#, "/holes"), (r#"{"task":"pose"}"#, "/task"), (r#"{"keypoints":{"group":"by colour"}}"#, "/keypoints/group")]
    {
        let outcome = kit(&[]).run::<Coco>(options);
        let Err(RunError::Failure(Failure::Options(error))) = outcome.result else { panic!("{options}: {:?}", outcome.result) };
        assert_eq!(error.pointer, pointer);
    }
    // What options were called once.
    for options in [r#"{"out_of_bounds":"clip"}"#, r#"{"missing_size":"skip"}"#] {
        let outcome = kit(&[]).run::<Coco>(options);
        assert!(
            matches!(&outcome.result, Err(RunError::Failure(Failure::Options(error))) if error.reason.contains("unknown")),
            "{:?}",
            outcome.result
        );
    }
}

#[test]
fn detection_has_boxes_alone_and_says_what_that_leaves_out() {
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 4, "height": 2, "rotation": 90,
                        "corners": [[20, 10], [18, 10], [18, 14], [20, 14]]}});
    let tools = [
        json!({"bounding-box": {"x": 1.5, "y": 2, "width": 10, "height": 20}}),
        json!({"polygon": [[0, 0], [10, 0], [10, 10]]}),
        turned,
        with_hole(),
    ];
    let (value, outcome) = run(&tools, json!({"task": "detection"}));
    let rows: Vec<_> = value["annotations"].as_array().unwrap().iter().map(|row| (row["bbox"].clone(), row["area"].clone())).collect();
    assert_eq!(
        rows,
        [
            (json!([1.5, 2, 10, 20]), json!(200)),
            (json!([0, 0, 10, 10]), json!(100)),
            (json!([18, 10, 2, 4]), json!(8)),
            (json!([10, 10, 40, 40]), json!(1600))
        ]
    );
    assert!(value["annotations"].as_array().unwrap().iter().all(|row| row["segmentation"] == json!([]) && row["iscrowd"] == json!(0)));
    assert_eq!(outcome.codes(), [("rotation-dropped", 1), ("shape-reduced-to-box", 2)].into());
    let (value, _) = run(&tools[1..2], json!({"task": "detection", "boxes_as_polygons": true}));
    assert_eq!(value["annotations"][0]["segmentation"], json!([[0, 0, 10, 0, 10, 10, 0, 10]]));
}

#[test]
fn what_rounds_to_nothing_is_nothing() {
    let sliver = json!({"bounding-box": {"x": 50, "y": 20, "width": 0.004, "height": 20}});
    for (options, written) in
        [(json!({}), 1), (json!({"precision": 2}), 0), (json!({"task": "detection", "precision": 2}), 0), (json!({"precision": 3}), 1)]
    {
        let (value, outcome) = run(std::slice::from_ref(&sliver), options.clone());
        assert_eq!(value["annotations"].as_array().unwrap().len(), written, "{options}");
        assert_eq!(outcome.codes().get("zero-area").copied().unwrap_or(0), 1 - written, "{options}");
    }
    let hair = json!({"polygon": [[99.999_999_999_9, 20], [100, 20], [100, 40], [99.999_999_999_9, 40]]});
    assert_eq!(run(&[hair], json!({})).1.codes(), [("zero-area", 1)].into());
}

#[test]
fn frames_of_a_video_have_tracks() {
    let at = |id: &str, page: u32| json!({"bounding-box": {"x": page, "y": 2, "width": 10, "height": 20}, "objectId": id, "page": page});
    let mut gone = at("b", 3);
    gone["interpolationStopped"] = json!(true);
    let mut video = task("v.mp4", &[at("a", 0), at("b", 1), at("a", 1), at("b", 2), gone, at("a", 2)]);
    video["metadata"]["frameRate"] = json!(30);
    let answer = |title: &str, page: u32, answer: &str| json!({"objectId": "c", "schemaId": title, "tool": "radio", "title": title, "answer": answer, "page": page});
    let mut stopped = answer("Weather", 1, "rain");
    stopped["interpolationStopped"] = json!(true);
    video["task"]["classifications"] = json!([answer("Weather", 0, "sun"), stopped, answer("frame", 2, "last")]);
    let tasks = [task("a.jpg", &[at("a", 0)]), video];
    let outcome = kit(&tasks).run::<Coco>("{}");
    assert_eq!(kit(&tasks).shard_size(1).run::<Coco>("{}").files, outcome.files);
    let value = converted(&outcome);
    let rows = value["annotations"].as_array().unwrap();
    let tracks: Vec<_> = rows.iter().map(|row| (row["id"].as_u64().unwrap(), row.get("track_id").and_then(Value::as_u64))).collect();
    assert_eq!(tracks, [(1, None), (2, Some(2)), (3, Some(3)), (4, Some(2)), (5, Some(3)), (7, Some(2))]);
    let images: Vec<_> = value["images"].as_array().unwrap().iter().map(|image| image["attributes"].clone()).collect();
    let frame = |frame: u32, title: &str, answer: &str| {
        let mut attributes = json!({"taskId": "t-v.mp4", "externalId": "v.mp4", "stage": "Complete", "frame": frame});
        if !title.is_empty() {
            attributes[title] = json!(answer);
        }
        attributes
    };
    assert_eq!(images[1..], [frame(0, "Weather", "sun"), frame(1, "", ""), frame(2, "classification:frame", "last")]);
    assert_eq!(rows[1]["image_id"], value["images"][1]["id"]);
    assert_eq!(outcome.lost, []);
}

#[test]
fn without_attributes_answers_are_lost_and_said_so() {
    let answer = json!({"objectId": "c", "schemaId": "q", "tool": "text", "title": "x", "answer": "y"});
    let mut first = task("a.jpg", &[json!({"polygon": square(0.0, 0.0, 5.0), "classifications": [answer]})]);
    first["task"]["classifications"] = json!([answer]);
    let outcome = kit(&[first]).run::<Coco>(r#"{"attributes":false}"#);
    assert_eq!(outcome.codes(), [("classification-unsupported", 2)].into());
    assert!(outcome.lost[1].detail.contains("without `attributes`"), "{}", outcome.lost[1].detail);
}

#[test]
fn categories_are_the_chosen_classes() {
    let dog = json!({"polygon": square(0.0, 0.0, 5.0), "schemaId": "s-dog", "title": "dog"});
    let tools = [json!({"polygon": square(0.0, 0.0, 6.0)}), dog];
    let (value, outcome) = run(&tools, json!({"classes": {"exclude": ["cat"], "rename": {"dog": "wolf"}}}));
    assert_eq!(value["categories"], json!([{"id": 1, "name": "wolf", "supercategory": ""}]));
    assert_eq!((&value["annotations"][0]["category_id"], &value["annotations"][0]["area"]), (&json!(1), &json!(25)));
    assert_eq!(outcome.codes(), [("class-excluded", 1)].into());
    let (value, _) = run(&tools, json!({"classes": {"merge": {"animal": ["dog", "cat"]}}}));
    assert_eq!((&value["categories"][0]["name"], value["annotations"].as_array().unwrap().len()), (&json!("animal"), 2));
}
