use ango_plugin_sdk::Class;
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster;

use super::*;

/// The elements of the only image, and the outcome.
fn run(tools: &[Value], options: &Value) -> (Vec<Element>, Outcome) {
    let outcome = kit(&[task("a.jpg", tools)]).run::<Cvat>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    (parse(outcome.text("annotations.xml").unwrap()).one("image").children.clone(), outcome)
}

fn class(schema_id: &str, title: &str, kind: &str, options: &[&str], parent: Option<&str>) -> Class {
    let options = options.iter().map(|&option| option.to_owned()).collect();
    let color = (kind == "bounding-box").then(|| "#ff0000".to_owned());
    Class { index: 0, schema_id: schema_id.into(), title: title.into(), kind: kind.into(), color, options, parent: parent.map(str::to_owned) }
}

#[test]
fn the_whole_file_is_as_written_here() {
    let mut cat = boxed(1.25, 2.0, 30.126, 40.0);
    cat["classifications"] = json!([answer("q-colour", "Colour", json!("red & \"blue\""), &[])]);
    let mut first = task("b/a.jpg", &[cat]);
    first["task"]["classifications"] = json!([answer("q-weather", "Weather", json!("sunny"), &[])]);
    let kit = kit(&[first, task("c.png", &[])]).change_project(|project| {
        project.name = "A < B".to_owned();
        project.exported_at = Some(1_700_000_000_000);
        project.tools = vec![class("s-cat", "cat", "bounding-box", &[], None)];
        project.classifications = vec![
            class("q-colour", "Colour", "radio", &["red & \"blue\"", "green"], Some("s-cat")),
            class("q-weather", "Weather", "checkbox", &["sunny", "rain"], None),
        ];
    });
    let outcome = kit.run::<Cvat>("{}");
    let text = r##"<?xml version="1.0"?>
<annotations>
<version>1.1</version>
<meta>
<task>
<name>A &lt; B</name>
<mode>annotation</mode>
<overlap>0</overlap>
<start_frame>0</start_frame>
<labels>
<label><name>cat</name><color>#ff0000</color><type>any</type><attributes>
<attribute><name>Colour</name><mutable>False</mutable><input_type>radio</input_type><default_value></default_value><values>red &amp; "blue"
green</values></attribute></attributes></label>
<label><name>Weather</name><type>tag</type><attributes>
<attribute><name>Weather</name><mutable>False</mutable><input_type>text</input_type><default_value></default_value><values></values></attribute></attributes></label>
</labels>
</task>
<dumped>2023-11-14T22:13:20.000Z</dumped>
</meta>
<image id="0" name="b/a.jpg" width="100" height="80">
<box label="cat" source="manual" occluded="0" xtl="1.25" ytl="2" xbr="31.38" ybr="42" z_order="0"><attribute name="Colour">red &amp; "blue"</attribute></box>
<tag label="Weather" source="manual"><attribute name="Weather">sunny</attribute></tag>
</image>
<image id="1" name="c.png" width="100" height="80">
</image>
</annotations>
"##;
    assert_eq!(outcome.text("annotations.xml"), Some(text));
    let list = "file,url,width,height\r\nimages/b/a.jpg,https://x.test/b/a.jpg,100,80\r\nimages/c.png,https://x.test/c.png,100,80\r\n";
    assert_eq!(outcome.text("images.csv"), Some(list));
    assert_eq!((&outcome.lost[..], &outcome.logs[..], outcome.files.len()), (&[][..], &[][..], 2));
}

#[test]
fn shards_do_not_change_a_byte() {
    let mut pages = task("p.tif", &[boxed(1.0, 1.0, 5.0, 5.0)]);
    pages["dataset"] = json!(["u/1.png", "u/2.png", "u/3.png"]);
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"point": [1, 2]}), zones(&[(square(3.0, 3.0, 20.0), &[square(8.0, 8.0, 5.0)])])];
    let mut tasks: Vec<Value> = (0..20).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    tasks.insert(7, pages);
    for options in ["{}", r#"{"format":"video"}"#, r#"{"empty":"drop","holes":"fill","names":"flat"}"#] {
        let whole = kit(&tasks).run::<Cvat>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Cvat>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn images_are_numbered_from_0_and_pages_after_them() {
    let ids = |tasks: &[Value], known: bool| {
        let outcome = kit(tasks).change_project(|project| project.task_count = project.task_count.filter(|_| known)).run::<Cvat>("{}");
        parse(outcome.text("annotations.xml").unwrap()).all("image").map(|image| image.attribute("id").parse::<u64>().unwrap()).collect::<Vec<_>>()
    };
    let mut pages = task("p.tif", &[]);
    pages["dataset"] = json!(["u/1.png", "u/2.png", "u/3.png"]);
    let tasks = [task("a.jpg", &[]), pages, task("b.jpg", &[])];
    assert_eq!(ids(&tasks, true), [0, 1, 4, 7, 2]);
    assert_eq!(ids(&tasks, false), [0, 1, 1 + (1 << 32), 1 + (2 << 32), 2]);
}

#[test]
fn a_rotated_box_turns_about_its_centre() {
    let corners =
        |points: [[f64; 2]; 4]| json!({"rotated-bounding-box": {"x": 0, "y": 0, "width": 1, "height": 1, "rotation": 0, "corners": points}});
    let tools = [
        corners([[70.0, 20.0], [50.0, 20.0], [50.0, 50.0], [70.0, 50.0]]),
        corners([[20.0, 20.0], [20.0, 30.0], [60.0, 30.0], [60.0, 20.0]]),
        // No rectangle, and one that leaves the image.
        corners([[20.0, 20.0], [20.0, 30.0], [60.0, 40.0], [60.0, 20.0]]),
        corners([[90.0, 40.0], [80.0, 50.0], [110.0, 80.0], [120.0, 70.0]]),
    ];
    let (shapes, outcome) = run(&tools, &json!({}));
    let numbers = |shape: &Element| ["xtl", "ytl", "xbr", "ybr", "rotation"].map(|name| shape.attribute(name).to_owned()).join(" ");
    assert_eq!(numbers(&shapes[0]), "45 25 75 45 90");
    assert_eq!(numbers(&shapes[1]), "20 20 60 30 ");
    assert_eq!((shapes[2].name.as_str(), shapes[2].attribute("points")), ("polygon", "20,20;20,30;60,40;60,20"));
    assert_eq!((shapes[3].name.as_str(), shapes[3].attribute("points").split(';').count()), ("polygon", 4));
    assert_eq!(outcome.codes(), [("clipped", 1)].into());
}

/// The pixels of a mask by CVAT's rule, in the image.
fn pixels(mask: &Element) -> Vec<(u32, u32)> {
    let [left, top, width, height] = ["left", "top", "width", "height"].map(|name| mask.attribute(name).parse::<u32>().unwrap());
    let counts: Vec<u32> = mask.attribute("rle").split(", ").map(|count| count.parse().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u32>(), width * height);
    let values = counts.iter().enumerate().flat_map(|(at, &count)| std::iter::repeat_n(at % 2 == 1, count as usize));
    let set: Vec<(u32, u32)> = (0..).zip(values).filter(|(_, set)| *set).map(|(at, _)| (left + at % width, top + at / width)).collect();
    // The box is tight.
    for (edge, is_at) in [(left, 0), (top, 1)] {
        assert!(set.iter().any(|&(x, y)| [x, y][is_at] == edge));
    }
    for (edge, is_at) in [(left + width - 1, 0), (top + height - 1, 1)] {
        assert!(set.iter().any(|&(x, y)| [x, y][is_at] == edge));
    }
    set
}

#[test]
fn a_shape_with_a_hole_is_a_mask_row_by_row() {
    let shape = zones(&[(square(10.0, 20.0, 4.0), &[square(11.0, 21.0, 2.0)]), (square(20.0, 22.0, 1.0), &[])]);
    let (shapes, outcome) = run(std::slice::from_ref(&shape), &json!({}));
    assert_eq!(shapes[0].name, "mask");
    let want: Vec<(u32, u32)> = (20..24)
        .flat_map(|y| (10..21).map(move |x| (x, y)))
        .filter(|&(x, y)| ((10..14).contains(&x) && !((11..13).contains(&x) && (21..23).contains(&y))) || (x, y) == (20, 22))
        .collect();
    assert_eq!(pixels(&shapes[0]), want);
    assert_eq!(shapes[0].attribute("rle"), "0, 4, 7, 1, 2, 1, 7, 1, 2, 1, 6, 5, 7");
    assert_eq!(outcome.lost, []);
    let (shapes, outcome) = run(std::slice::from_ref(&shape), &json!({"holes": "fill"}));
    assert_eq!(shapes.iter().map(|shape| shape.name.as_str()).collect::<Vec<_>>(), ["polygon", "polygon"]);
    assert_eq!(outcome.codes(), [("hole-filled", 1)].into());
    assert_eq!(run(&[shape], &json!({"holes": "drop"})).1.codes(), [("hole-unsupported", 1)].into());
}

#[test]
fn masks_end_at_the_image_and_can_be_too_small_or_too_large() {
    let hidden = zones(&[(square(10.1, 20.1, 0.3), &[square(10.2, 20.2, 0.1)])]);
    assert_eq!(run(&[hidden], &json!({})).1.codes(), [("no-pixels", 1)].into());
    let outside = zones(&[(square(90.0, 70.0, 30.0), &[square(92.0, 72.0, 4.0)])]);
    let (shapes, outcome) = run(std::slice::from_ref(&outside), &json!({"outside": "keep"}));
    assert_eq!(pixels(&shapes[0]).len(), 100 - 16);
    assert_eq!(outcome.codes(), [("clipped", 1)].into());
    let mut huge = task("a.jpg", &[zones(&[(json!([[0, 0], [4e6, 0], [4e6, 3e6], [0, 3e6]]), &[square(5.0, 5.0, 5.0)])])]);
    huge["metadata"] = json!({"width": 4_000_000, "height": 3_000_000});
    assert_eq!(kit(&[huge]).run::<Cvat>("{}").codes(), [("mask-too-large", 1)].into());
}

#[test]
fn parts_are_a_group_or_a_mask() {
    let shape = zones(&[(square(1.0, 1.0, 5.0), &[]), (square(20.0, 1.0, 5.0), &[])]);
    let tools = [boxed(0.0, 0.0, 5.0, 5.0), shape];
    let (shapes, _) = run(&tools, &json!({}));
    let groups: Vec<(&str, &str)> = shapes.iter().map(|shape| (shape.name.as_str(), shape.attribute("group_id"))).collect();
    assert_eq!(groups, [("box", ""), ("polygon", "2"), ("polygon", "2")]);
    let (shapes, outcome) = run(&tools, &json!({"parts": "mask"}));
    assert_eq!(pixels(&shapes[1]).len(), 50);
    assert_eq!(outcome.lost, []);
}

#[test]
fn lines_and_points_are_there_and_what_is_neither_is_told() {
    let tools = [
        json!({"polyline": [[-10, 5], [50, 5], [50, 20]]}),
        json!({"spline": {"points": [[1, 2], [3, 4], [5, 2]], "closed": false}}),
        json!({"point": [99.994, 1]}),
        json!({"point": [150, 1]}),
        json!({"ner": {"start": 1, "end": 2}}),
        json!({"circle": {"x": 1, "y": 2, "radius": 3}}),
        boxed(1.0, 1.0, 0.004, 5.0),
        json!({"polygon": [[1, 1], [2, 2]]}),
    ];
    let (shapes, outcome) = run(&tools, &json!({}));
    let points: Vec<(&str, &str)> = shapes.iter().map(|shape| (shape.name.as_str(), shape.attribute("points"))).collect();
    assert_eq!(points, [("polyline", "0,5;50,5;50,20"), ("polyline", "1,2;3,4;5,2"), ("points", "99.99,1")]);
    let want =
        [("clipped", 1), ("spline-straightened", 1), ("out-of-bounds", 1), ("geometry-unsupported", 2), ("zero-area", 1), ("too-few-points", 1)];
    assert_eq!(outcome.codes(), want.into());
}

#[test]
fn answers_are_attributes_and_those_of_one_title_are_one() {
    let mut cat = boxed(1.0, 1.0, 5.0, 5.0);
    cat["ocr"] = json!({"text": "AB-123"});
    cat["classifications"] = json!([
        answer("q1", "Kind", json!("big"), &[answer("q2", "Note", json!("line 1\nline <2>"), &[]), answer("q3", "Tags", json!(["a", "b; c"]), &[])]),
        answer("q4", "Note", json!("other\u{1}"), &[]),
        answer("q5", "Sold", json!(true), &[]),
        answer("q6", "Age", json!(1.5), &[]),
        answer("q7", "Empty", json!(null), &[]),
        answer("q8", "Order", json!({"x": 1}), &[]),
    ]);
    let (shapes, outcome) = run(&[cat], &json!({}));
    let attributes: Vec<(&str, &str)> = shapes[0].children.iter().map(|attribute| (attribute.attribute("name"), attribute.text.as_str())).collect();
    let want = [
        ("Kind", "big"),
        ("Note", "line 1\nline <2>; other\u{fffd}"),
        ("Tags", "a; b; c"),
        ("Sold", "true"),
        ("Age", "1.5"),
        ("Order", r#"{"x":1}"#),
    ];
    assert_eq!(attributes, want);
    let declared: Vec<String> = labels(&parse(outcome.text("annotations.xml").unwrap()))
        .one("label")
        .one("attributes")
        .all("attribute")
        .map(|attribute| attribute.one("name").text.clone())
        .collect();
    assert_eq!(declared.join(" "), "Kind Note Tags Sold Age Empty Order");
    assert_eq!(outcome.codes(), [("text-changed", 1), ("ocr-unsupported", 1)].into());
}

#[test]
fn what_is_not_declared_is_told() {
    let mut cat = boxed(1.0, 1.0, 5.0, 5.0);
    cat["classifications"] = json!([answer("q1", "Kind", json!("big"), &[]), answer("q2", "Old", json!("x"), &[])]);
    let mut image = task("a.jpg", &[cat]);
    image["task"]["classifications"] = json!([
        answer("q3", "Gone", json!("x"), &[]),
        answer("q4", "Weather", json!(null), &[]),
        answer("q4", "Weather", json!(null), &[answer("q5", "Strength", json!("weak"), &[])]),
    ]);
    let kit = kit(&[image]).change_project(|project| project.classifications.retain(|question| !["q2", "q3"].contains(&question.schema_id.as_str())));
    // What a bare export nests in another question is of the question here.
    let kit = kit.change_project(|project| {
        project.classifications = vec![
            class("q1", "Kind", "radio", &["big"], Some("s-cat")),
            class("q4", "Weather", "radio", &["rain"], None),
            class("q5", "Strength", "single-dropdown", &["weak"], Some("q4")),
        ];
    });
    let outcome = kit.run::<Cvat>("{}");
    let root = parse(outcome.text("annotations.xml").unwrap());
    let image = root.one("image");
    assert_eq!(image.one("box").children.len(), 1);
    assert_eq!((image.one("tag").attribute("label"), image.one("tag").children[0].attribute("name")), ("Weather", "Strength"));
    assert_eq!(outcome.codes(), [("classification-unsupported", 2)].into());
}

#[test]
fn tags_are_on_the_page_of_their_question() {
    let mut pages = task("p.tif", &[]);
    pages["dataset"] = json!(["u/1.png", "u/2.png"]);
    let mut second = answer("q1", "Weather", json!("rain"), &[answer("q2", "Strength", json!("weak"), &[])]);
    second["page"] = json!(1);
    pages["task"]["classifications"] = json!([answer("q3", "Caption", json!("x"), &[]), second]);
    let outcome = kit(&[pages]).run::<Cvat>("{}");
    let root = parse(outcome.text("annotations.xml").unwrap());
    let tags: Vec<Vec<(&str, usize)>> =
        root.all("image").map(|image| image.all("tag").map(|tag| (tag.attribute("label"), tag.children.len())).collect()).collect();
    assert_eq!(tags[0], [("Caption", 1)]);
    assert_eq!(tags[1][0].0, "Weather");
}

#[test]
fn names_survive_and_same_names_are_one_label() {
    let names = ["yes", " around ", "<b>&amp;</b>]]>", "say \"hi\"", "a\tb\nc", "🚗 車", "car", "car", "", "bell\u{7}"];
    let tools: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let mut tool = boxed(at as f64, 1.0, 5.0, 5.0);
            (tool["title"], tool["schemaId"]) = (json!(name), json!(format!("s{at}")));
            tool
        })
        .collect();
    let (shapes, outcome) = run(&tools, &json!({}));
    let written: Vec<&str> = shapes.iter().map(|shape| shape.attribute("label")).collect();
    assert_eq!(written[..8], names[..8]);
    assert_eq!(written[8..], ["unnamed", "bell\u{fffd}"]);
    let root = parse(outcome.text("annotations.xml").unwrap());
    let declared: Vec<&str> = labels(&root).all("label").map(|label| label.one("name").text.as_str()).collect();
    assert_eq!(declared.len(), 9);
    assert!(written.iter().all(|name| declared.contains(name)));
    assert_eq!(outcome.codes(), [("name-changed", 2)].into());
}

#[test]
fn images_without_annotations_can_be_left_out() {
    let mut tagged = task("b.jpg", &[]);
    tagged["task"]["classifications"] = json!([answer("q1", "Weather", json!("rain"), &[])]);
    let outcome = kit(&[task("a.jpg", &[]), tagged]).run::<Cvat>(r#"{"empty":"drop","images_csv":false}"#);
    let root = parse(outcome.text("annotations.xml").unwrap());
    assert_eq!(root.one("image").attribute("id"), "1");
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
    assert_eq!(outcome.files.len(), 1);
}

#[test]
fn what_a_brush_painted_is_a_mask_for_each_class() {
    let mut png = MaskPng::new();
    png.start(100, 80, Pixel::Rgb);
    for y in 0..80 {
        let runs = [(10, 13, 0x00ff_0000), (20, 21, 0x0000_ff00)].map(|(x0, x1, label)| raster::Run { x0, x1, label });
        png.row(runs.into_iter().filter(|_| (5..7).contains(&y)));
    }
    let mut brushed = task("a.jpg", &[]);
    brushed["task"]["brushDataUrl"] = json!("u/brush.png");
    let kit = kit(&[brushed]).asset_bytes("u/brush.png", Ok(png.finish().to_vec())).change_project(|project| {
        let brush = |index: u32, title: &str, color: &str| Class { index, color: Some(color.to_owned()), ..class(title, title, "brush", &[], None) };
        project.tools = vec![brush(0, "road", "#00ff00"), brush(1, "grass", "#ff0000")];
    });
    let outcome = kit.run::<Cvat>(r#"{"empty":"drop"}"#);
    let root = parse(outcome.text("annotations.xml").unwrap());
    let masks: Vec<(&str, &str, usize)> =
        root.one("image").all("mask").map(|mask| (mask.attribute("label"), mask.attribute("rle"), pixels(mask).len())).collect();
    assert_eq!(masks, [("road", "0, 2", 2), ("grass", "0, 6", 6)]);
    assert_eq!(outcome.lost, []);
}
