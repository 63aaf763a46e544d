use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster;

use super::*;

fn run(tools: &[Value], options: &Value) -> (Vec<Value>, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<LabelStudio>(&options.to_string());
    (results(&outcome), outcome)
}

#[test]
fn the_whole_files_are_as_written_here() {
    let mut cat = boxed(20.0, 10.0, 50.0, 25.0);
    cat["classifications"] = json!([answer("q-colour", "Colour", "radio", json!("red"), &[])]);
    let mut first = task("b/a.jpg", &[cat]);
    first["task"]["classifications"] = json!([answer("q-weather", "Weather, today", "checkbox", json!(["rain", "wind"]), &[])]);
    let kit = kit(&[first, task("c.png", &[])]).change_project(|project| {
        project.tools = vec![Class { color: Some("#ff0000".to_owned()), ..class("s-cat", "cat", "bounding-box", &[], None) }];
        project.classifications = numbered(vec![
            class("q-colour", "Colour", "radio", &["red", "\"blue\""], Some("s-cat")),
            class("q-weather", "Weather, today", "checkbox", &["rain", "wind"], None),
        ]);
    });
    let outcome = kit.run::<LabelStudio>("{}");
    let text = r##"[
{"id":1,"data":{"image":"https://x.test/b/a.jpg","width":200,"height":100},"meta":{"file_name":"b/a.jpg","taskId":"t-b/a.jpg","stage":"Complete"},"annotations":[{"result":[
{"id":"o0","from_name":"rectangles","to_name":"image","type":"rectanglelabels","original_width":200,"original_height":100,"image_rotation":0,"value":{"x":10,"y":10,"width":25,"height":25,"rotation":0,"rectanglelabels":["cat"]}},
{"id":"o0","from_name":"colour","to_name":"image","type":"choices","value":{"choices":["red"]}},
{"id":"answer-1","from_name":"weather_today","to_name":"image","type":"choices","value":{"choices":["rain","wind"]}}]}]},
{"id":2,"data":{"image":"https://x.test/c.png","width":200,"height":100},"meta":{"file_name":"c.png","taskId":"t-c.png","stage":"Complete"},"annotations":[{"result":[]}]}
]
"##;
    assert_eq!(outcome.text("tasks.json"), Some(text));
    let config = r##"<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="rectangles" toName="image">
    <Label value="cat" background="#ff0000"/>
  </RectangleLabels>
  <Header value="Colour"/>
  <Choices name="colour" toName="image" perRegion="true" visibleWhen="region-selected" whenLabelValue="cat" choice="single">
    <Choice value="red"/>
    <Choice value="&quot;blue&quot;"/>
  </Choices>
  <Header value="Weather, today"/>
  <Choices name="weather_today" toName="image" choice="multiple">
    <Choice value="rain"/>
    <Choice value="wind"/>
  </Choices>
</View>
"##;
    assert_eq!(outcome.text("config.xml"), Some(config));
    assert_eq!((&outcome.lost[..], outcome.files.len()), (&[][..], 2));
    let predictions = kit.run::<LabelStudio>(r#"{"results":"predictions","empty":"drop"}"#);
    let tasks = tasks(&predictions);
    assert_eq!((tasks.len(), &tasks[0]["predictions"][0]["model_version"]), (1, &json!("ango")));
    assert_eq!(predictions.codes(), [("image-empty", 1)].into());
}

#[test]
fn a_box_is_turned_about_its_corner() {
    let corners =
        |points: [[f64; 2]; 4]| json!({"rotated-bounding-box": {"x": 0, "y": 0, "width": 1, "height": 1, "rotation": 0, "corners": points}});
    let (found, outcome) = run(
        &[corners([[70.0, 20.0], [50.0, 20.0], [50.0, 50.0], [70.0, 50.0]]), corners([[190.0, 40.0], [180.0, 50.0], [210.0, 80.0], [220.0, 70.0]])],
        &json!({}),
    );
    let value = &found[0]["value"];
    assert_eq!(value, &json!({"x": 35, "y": 20, "width": 15, "height": 20, "rotation": 90, "rectanglelabels": ["cat"]}));
    // Turned back in pixels, the corners are those of the source.
    let at = |across: f64, down: f64| {
        let [x, y, width, height, turn] = ["x", "y", "width", "height", "rotation"].map(|key| value[key].as_f64().unwrap());
        let (sin, cos) = turn.to_radians().sin_cos();
        let (a, d) = (across * width * 2.0, down * height);
        [(x * 2.0 + a * cos - d * sin).round(), (y + a * sin + d * cos).round()]
    };
    assert_eq!([at(0.0, 0.0), at(0.0, 1.0), at(1.0, 1.0), at(1.0, 0.0)], [[70.0, 20.0], [50.0, 20.0], [50.0, 50.0], [70.0, 50.0]]);
    // What is cut is a polygon.
    assert_eq!(found[1]["type"], json!("polygonlabels"));
    assert_eq!(outcome.codes(), [("clipped", 1)].into());
    assert_eq!(
        tags(&outcome)[2..],
        ["RectangleLabels name=rectangles toName=image", "Label value=cat", "PolygonLabels name=polygons toName=image", "Label value=cat"]
    );
}

/// The alpha of each pixel, unpacked by the rules of `@thi.ng/rle-pack`.
fn unpack(rle: &Value) -> Vec<u8> {
    let bits: Vec<u32> = rle.as_array().unwrap().iter().flat_map(|byte| (0..8).rev().map(|at| (byte.as_u64().unwrap() >> at & 1) as u32)).collect();
    let mut at = 0;
    let mut read = |count: usize| {
        at += count;
        bits[at - count..at].iter().fold(0_u32, |number, bit| number << 1 | bit) as usize
    };
    let words = read(32);
    let word = read(5) + 1;
    let sizes = [0; 4].map(|_| read(4) + 1);
    let mut out = Vec::new();
    while out.len() < words {
        assert_eq!(read(1), 1);
        let size = sizes[read(2)];
        let length = read(size) + 1;
        let value = read(word) as u8;
        out.extend(std::iter::repeat_n(value, length));
    }
    assert_eq!(out.len(), words);
    assert!(bits.len() - at < 8);
    out.chunks_exact(4)
        .map(|pixel| {
            assert!(pixel.iter().all(|word| *word == pixel[3]));
            pixel[3]
        })
        .collect()
}

#[test]
fn a_shape_with_a_hole_is_a_brush_mask() {
    let shape = zones(&[(square(10.0, 20.0, 40.0), &[square(20.0, 30.0, 10.0)]), (square(190.0, 90.0, 10.0), &[])]);
    let (found, outcome) = run(std::slice::from_ref(&shape), &json!({}));
    assert_eq!((&found[0]["type"], &found[0]["value"]["format"]), (&json!("brushlabels"), &json!("rle")));
    let pixels = unpack(&found[0]["value"]["rle"]);
    assert_eq!(pixels.len(), 200 * 100);
    let is_set = |x: usize, y: usize| pixels[y * 200 + x] == 255;
    let want = |x: usize, y: usize| {
        let within = |left: usize, top: usize, side: usize| (left..left + side).contains(&x) && (top..top + side).contains(&y);
        (within(10, 20, 40) && !within(20, 30, 10)) || within(190, 90, 10)
    };
    assert!((0..100).all(|y| (0..200).all(|x| is_set(x, y) == want(x, y))));
    assert_eq!(outcome.lost, []);
    let (filled, outcome) = run(std::slice::from_ref(&shape), &json!({"holes": "fill"}));
    assert_eq!(filled.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), ["o0", "o0-2"]);
    assert_eq!(outcome.codes(), [("hole-filled", 1), ("parts-split", 1)].into());
    assert_eq!(run(&[shape], &json!({"holes": "drop"})).1.codes(), [("hole-unsupported", 1)].into());
    let hidden = zones(&[(square(10.1, 20.1, 0.3), &[square(10.2, 20.2, 0.1)])]);
    assert_eq!(run(&[hidden], &json!({})).1.codes(), [("no-pixels", 1)].into());
    let outside = zones(&[(square(190.0, 70.0, 60.0), &[square(192.0, 72.0, 4.0)])]);
    assert_eq!(run(&[outside], &json!({"outside": "keep"})).1.codes(), [("clipped", 1)].into());
    let mut huge = task("a.jpg", &[zones(&[(square(10.0, 20.0, 40.0), &[square(20.0, 30.0, 10.0)])])]);
    huge["metadata"] = json!({"width": 40_000, "height": 30_000});
    assert_eq!(kit(&[huge]).run::<LabelStudio>("{}").codes(), [("mask-too-large", 1)].into());
}

#[test]
fn what_a_brush_painted_is_a_region_for_each_class() {
    let mut png = MaskPng::new();
    png.start(200, 100, Pixel::Rgb);
    for y in 0..100 {
        png.row([raster::Run { x0: 10, x1: 13, label: 0x00ff_8000 }].into_iter().filter(|_| (5..7).contains(&y)));
    }
    let mut brushed = task("a.jpg", &[]);
    brushed["task"]["brushDataUrl"] = json!("u/brush.png");
    let kit = kit(&[brushed]).asset_bytes("u/brush.png", Ok(png.finish().to_vec())).change_project(|project| {
        project.tools = vec![Class { color: Some("#ff8000".to_owned()), ..class("s", "grass", "brush", &[], None) }];
    });
    let outcome = kit.run::<LabelStudio>("{}");
    let found = results(&outcome);
    assert_eq!((&found[0]["id"], &found[0]["value"]["brushlabels"]), (&json!("brush-1"), &json!(["grass"])));
    assert_eq!(unpack(&found[0]["value"]["rle"]).iter().filter(|alpha| **alpha == 255).count(), 6);
    assert_eq!(outcome.lost, []);
    assert_eq!(tags(&outcome)[2..], ["BrushLabels name=brush toName=image", "Label value=grass background=#ff8000"]);
}

#[test]
fn every_other_drawing_is_there_or_told() {
    let tools = [
        json!({"polygon": [[0, 0], [100, 0], [100, 50]]}),
        json!({"polyline": [[0, 50], [100, 50], [100, 100]]}),
        json!({"spline": {"points": [[0, 0], [20, 10]], "closed": false}}),
        json!({"point": [50, 25]}),
        json!({"point": [500, 25]}),
        json!({"ner": {"start": 1, "end": 2}}),
        boxed(1.0, 1.0, 1e-9, 5.0),
    ];
    let (found, outcome) = run(&tools, &json!({"precision": 3}));
    let kinds: Vec<&str> = found.iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["polygonlabels", "vectorlabels", "vectorlabels", "keypointlabels"]);
    assert_eq!(found[0]["value"], json!({"points": [[0, 0], [50, 0], [50, 50]], "closed": true, "polygonlabels": ["cat"]}));
    let vertices = json!([
        {"id": "1", "x": 0, "y": 50, "prevPointId": null, "isBezier": false},
        {"id": "2", "x": 50, "y": 50, "prevPointId": "1", "isBezier": false},
        {"id": "3", "x": 50, "y": 100, "prevPointId": "2", "isBezier": false},
    ]);
    assert_eq!(found[1]["value"], json!({"vertices": vertices, "closed": false, "vectorlabels": ["cat"]}));
    assert_eq!(found[3]["value"], json!({"x": 25, "y": 25, "width": 0.5, "keypointlabels": ["cat"]}));
    // The class is one of polygons, as its first object was drawn.
    let want = [("label-undeclared", 3), ("spline-straightened", 1), ("out-of-bounds", 1), ("geometry-unsupported", 1), ("zero-area", 1)];
    assert_eq!(outcome.codes(), want.into());
}

#[test]
fn regions_have_ids_of_their_own() {
    let mut twice = boxed(1.0, 1.0, 5.0, 5.0);
    twice["objectId"] = json!("o0");
    let mut nameless = boxed(1.0, 1.0, 5.0, 5.0);
    nameless["objectId"] = json!("");
    let parts = zones(&[(square(1.0, 1.0, 5.0), &[]), (square(20.0, 1.0, 5.0), &[])]);
    let (found, outcome) = run(&[parts, twice, nameless.clone(), nameless], &json!({}));
    let ids: Vec<&str> = found.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["o0", "o0-2", "o0@2", "@3", "@4"]);
    assert_eq!(outcome.codes()["parts-split"], 1);
}

#[test]
fn answers_are_in_the_form_of_their_control() {
    let mut cat = boxed(1.0, 1.0, 5.0, 5.0);
    cat["ocr"] = json!({"text": "AB-123"});
    cat["classifications"] = json!([
        answer("radio", "Kind", "radio", json!("big"), &[answer("tree", "Place", "tree-dropdown", json!(["A", "A / B / C"]), &[])]),
        answer("text", "Note", "text", json!("x\n\u{1}"), &[]),
        answer("text", "Note", "text", json!("y"), &[]),
        answer("flag", "Sold", "boolean", json!(true), &[]),
        answer("number", "Age", "number", json!(1.5), &[]),
        answer("bare", "Bare", "radio", json!("z"), &[]),
        answer("empty", "Empty", "text", json!(null), &[]),
        answer("gone", "Gone", "text", json!("w"), &[]),
    ]);
    let kit = kit(&[task("a.jpg", &[cat])]).change_project(|project| {
        let nested = |id: &str, title: &str, kind: &str, options: &[&str]| class(id, title, kind, options, Some("s-cat"));
        project.classifications = numbered(vec![
            nested("radio", "Kind", "radio", &["big", "small"]),
            class("tree", "Place", "tree-dropdown", &["A", "A / B", "A / B / C", "D"], Some("radio")),
            nested("text", "Note", "text", &[]),
            nested("flag", "Sold", "boolean", &[]),
            nested("number", "Age", "number", &[]),
            nested("bare", "Bare", "radio", &[]),
            nested("empty", "Note", "text", &[]),
            nested("japanese", "注", "single-dropdown", &["a,b"]),
        ]);
    });
    let outcome = kit.run::<LabelStudio>("{}");
    let found = results(&outcome);
    let answers: Vec<(&str, &Value)> = found[1..].iter().map(|one| (one["from_name"].as_str().unwrap(), &one["value"])).collect();
    let want = [
        ("kind", json!({"choices": ["big"]})),
        ("place", json!({"taxonomy": [["A"], ["A", "B", "C"]]})),
        ("note", json!({"text": ["x\n\u{1}", "y"]})),
        ("sold", json!({"choices": ["true"]})),
        ("age", json!({"text": ["1.5"]})),
        ("bare", json!({"text": ["z"]})),
    ];
    assert_eq!(answers, want.iter().map(|(name, value)| (*name, value)).collect::<Vec<_>>());
    assert!(found.iter().all(|one| one["id"] == json!("o0")));
    assert_eq!(found[0]["meta"], json!({"text": ["AB-123"]}));
    assert_eq!(outcome.codes(), [("classification-unsupported", 1)].into());
    let tags = tags(&outcome);
    let tree = tags.iter().position(|tag| tag.starts_with("Taxonomy name=place")).unwrap();
    assert_eq!(tags[tree + 1..tree + 5], ["Choice value=A", "Choice value=B", "Choice value=C", "Choice value=D"]);
    assert!(tags.iter().any(|tag| tag.starts_with("TextArea name=note_2")) && tags.iter().any(|tag| tag.starts_with("Choices name=question ")));
}

#[test]
fn relations_join_regions() {
    let tools = [boxed(1.0, 1.0, 5.0, 5.0), boxed(10.0, 1.0, 5.0, 5.0), boxed(20.0, 1.0, 5.0, 5.0), json!({"point": [900, 1]})];
    let mut image = task("a.jpg", &tools);
    let pair = |id: &str, from: &str, to: &str, direction: &str| json!({"objectId": id, "schemaId": "r", "title": "pulls", "from": from, "to": to, "direction": direction});
    image["task"]["relations"] = json!([
        pair("r1", "o0", "o1", "straight"),
        pair("r2", "o1", "o0", "reverse"),
        pair("r3", "o0", "o3", "straight"),
        pair("r4", "nobody", "o0", "straight"),
        {"objectId": "r5", "schemaId": "g", "title": "team", "group": ["o0", "o1", "o2", "o3"]},
        {"objectId": "r6", "schemaId": "g", "title": "team", "group": ["o0"]},
    ]);
    let outcome = kit(&[image]).run::<LabelStudio>("{}");
    let found: Vec<Value> = results(&outcome).into_iter().filter(|one| one["type"] == json!("relation")).collect();
    let ends: Vec<String> = found.iter().map(|one| format!("{} {} {} {}", one["from_id"], one["to_id"], one["direction"], one["labels"])).collect();
    let want = [r#""o0" "o1" "right" ["pulls"]"#, r#""o1" "o0" "left" ["pulls"]"#, r#""o0" "o1" "bi" ["team"]"#, r#""o0" "o2" "bi" ["team"]"#];
    assert_eq!(ends, want);
    let want = [("out-of-bounds", 1), ("relation-unsupported", 3), ("relation-split", 1), ("relation-member-missing", 1), ("label-undeclared", 0)];
    assert_eq!(outcome.codes(), want.into_iter().filter(|(_, count)| *count > 0).collect());
    assert!(tags(&outcome).contains(&"Relation value=pulls".to_owned()));
}

#[test]
fn pages_are_tasks_and_videos_are_not() {
    let mut second = boxed(1.0, 1.0, 5.0, 5.0);
    second["page"] = json!(1);
    let mut pages = task("p.tif", &[boxed(1.0, 1.0, 5.0, 5.0), second]);
    pages["dataset"] = json!(["u/1.png", "u/2.png"]);
    pages["task"]["relations"] = json!([{"objectId": "r", "schemaId": "r", "title": "x", "from": "o1", "to": "o0", "direction": "straight"}]);
    let mut video = task("v.mp4", &[]);
    video["metadata"]["frameRate"] = json!(5);
    let outcome = kit(&[pages, video]).asset_size("u/2.png", Ok((50, 100))).run::<LabelStudio>("{}");
    let tasks = tasks(&outcome);
    let rows: Vec<(&Value, &Value, &Value)> =
        tasks.iter().map(|task| (&task["data"]["image"], &task["meta"]["file_name"], &task["meta"]["page"])).collect();
    assert_eq!(rows, [(&json!("u/1.png"), &json!("p.tif/000001.png"), &json!(0)), (&json!("u/2.png"), &json!("p.tif/000002.png"), &json!(1))]);
    assert_eq!(tasks[1]["annotations"][0]["result"][0]["value"]["width"], json!(10));
    // A relation from page to page has no place.
    assert_eq!(outcome.codes(), [("video-unsupported", 1), ("relation-unsupported", 1)].into());
}

#[test]
fn hostile_names_stay_json_and_xml() {
    let names = ["yes", "a,b", "<b>&amp;</b>", "say \"hi\"", "a\tb\nc", "", "bell\u{7}"];
    let tools: Vec<Value> = (0..)
        .zip(names)
        .map(|(at, name)| {
            let mut tool = boxed(1.0, 1.0, 5.0, 5.0);
            (tool["title"], tool["schemaId"], tool["objectId"]) = (json!(name), json!(format!("s{at}")), json!(format!("\"{at}\n")));
            tool
        })
        .collect();
    let (found, outcome) = run(&tools, &json!({}));
    let written: Vec<&str> = found.iter().map(|one| one["value"]["rectanglelabels"][0].as_str().unwrap()).collect();
    assert_eq!(written, ["yes", "a,b", "<b>&amp;</b>", "say \"hi\"", "a\tb\nc", "unnamed", "bell\u{fffd}"]);
    let declared: Vec<String> = tags(&outcome).into_iter().filter_map(|tag| tag.strip_prefix("Label value=").map(str::to_owned)).collect();
    assert_eq!(declared, written);
    assert_eq!(outcome.codes(), [("name-changed", 2)].into());
}
