use super::*;

/// A video of 100 × 80 pixels and 20 frames.
fn video(name: &str, tools: &[Value]) -> Value {
    let mut task = task(name, tools);
    task["metadata"] = json!({"width": 100, "height": 80, "frameTotal": 20, "frameRate": 5});
    task
}

fn on(frame: u32, id: &str, mut shape: Value) -> Value {
    (shape["page"], shape["objectId"]) = (json!(frame), json!(id));
    shape
}

fn stop(mut tool: Value) -> Value {
    tool["interpolationStopped"] = json!(true);
    tool
}

/// The tracks of the only video, and the outcome.
fn run(tools: &[Value], options: &Value) -> (Vec<Element>, Outcome) {
    let mut options = options.clone();
    options["format"] = json!("video");
    let outcome = kit(&[video("v.mp4", tools)]).run::<Cvat>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    (parse(outcome.text("v.xml").unwrap()).all("track").cloned().collect(), outcome)
}

/// Frame, key frame and outside of each shape: `3k`, `4`, `5ko`.
fn frames(track: &Element) -> String {
    let frame = |shape: &Element| {
        let flag = |name: &str, letter: &str| if shape.attribute(name) == "1" { letter.to_owned() } else { String::new() };
        [shape.attribute("frame"), &flag("keyframe", "k"), &flag("outside", "o")].concat()
    };
    track.children.iter().map(frame).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_whole_file_is_as_written_here() {
    let mut tools: Vec<Value> = (2..5).map(|frame| on(frame, "a", boxed(f64::from(frame) * 2.0, 3.0, 10.5, 10.0))).collect();
    tools.push(stop(on(5, "a", boxed(8.0, 3.0, 10.5, 10.0))));
    let outcome = kit(&[video("d/v.mp4", &tools)]).run::<Cvat>(r#"{"format":"video"}"#);
    let text = r##"<?xml version="1.0"?>
<annotations>
<version>1.1</version>
<meta>
<task>
<name>d/v.mp4</name>
<size>20</size>
<mode>interpolation</mode>
<overlap>0</overlap>
<start_frame>0</start_frame>
<stop_frame>19</stop_frame>
<labels>
<label><name>cat</name><type>any</type><attributes></attributes></label>
</labels>
<original_size>
<width>100</width>
<height>80</height>
</original_size>
<source>d/v.mp4</source>
</task>
</meta>
<track id="0" label="cat" source="manual">
<box frame="2" keyframe="1" outside="0" occluded="0" xtl="4" ytl="3" xbr="14.5" ybr="13" z_order="0"/>
<box frame="3" keyframe="0" outside="0" occluded="0" xtl="6" ytl="3" xbr="16.5" ybr="13" z_order="0"/>
<box frame="4" keyframe="1" outside="0" occluded="0" xtl="8" ytl="3" xbr="18.5" ybr="13" z_order="0"/>
<box frame="5" keyframe="1" outside="1" occluded="0" xtl="8" ytl="3" xbr="18.5" ybr="13" z_order="0"/>
</track>
</annotations>
"##;
    assert_eq!(outcome.text("d/v.xml"), Some(text));
    assert_eq!(outcome.text("images.csv"), Some("file,url,width,height\r\nd/v.mp4,https://x.test/d/v.mp4,100,80\r\n"));
    assert_eq!(outcome.lost, []);
}

#[test]
fn key_frames_are_where_the_way_bends() {
    let x = |frame: u32| if frame < 10 { f64::from(frame) * 3.0 } else { 27.0 - f64::from(frame - 9) };
    let tools: Vec<Value> = (0..20).map(|frame| on(frame, "a", boxed(x(frame), 3.0, 10.0, 10.0))).collect();
    let keys = |options: Value| {
        let (tracks, _) = run(&tools, &options);
        frames(&tracks[0]).split(' ').filter(|frame| frame.ends_with('k')).map(str::to_owned).collect::<Vec<_>>()
    };
    // The track goes on until the end of the video, beyond which there is no frame.
    assert_eq!(keys(json!({})), ["0k", "9k", "19k"]);
    assert_eq!(keys(json!({"keyframes": "all"})).len(), 20);
}

#[test]
fn a_track_ends_where_it_says_or_where_it_is_not_seen() {
    let tools = [
        on(3, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(4, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        // Beside the image.
        on(5, "a", boxed(200.0, 1.0, 5.0, 5.0)),
        on(6, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        stop(on(7, "a", boxed(1.0, 1.0, 5.0, 5.0))),
        on(9, "a", boxed(2.0, 1.0, 5.0, 5.0)),
        on(10, "b", boxed(1.0, 1.0, 5.0, 5.0)),
        on(19, "c", boxed(1.0, 1.0, 5.0, 5.0)),
        stop(on(4, "never there", boxed(1.0, 1.0, 5.0, 5.0))),
    ];
    let (tracks, outcome) = run(&tools, &json!({}));
    assert_eq!(tracks.iter().map(frames).collect::<Vec<_>>(), ["3k 4k 5ko 6k 7ko 9k 10ko", "10k 11ko", "19k"]);
    assert_eq!(tracks.iter().map(|track| track.attribute("id")).collect::<Vec<_>>(), ["0", "1", "2"]);
    assert_eq!(outcome.codes(), [("out-of-bounds", 1)].into());
}

#[test]
fn of_key_frames_only_the_others_are_left_to_cvat() {
    let tools = [
        on(0, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(6, "a", boxed(8.0, 1.0, 5.0, 5.0)),
        stop(on(9, "a", boxed(8.0, 1.0, 5.0, 5.0))),
        on(3, "b", boxed(1.0, 1.0, 5.0, 5.0)),
    ];
    let (tracks, outcome) = run(&tools, &json!({}));
    // An object that is not said to be gone stays.
    assert_eq!(tracks.iter().map(frames).collect::<Vec<_>>(), ["0k 6k 9ko", "3k"]);
    assert_eq!(outcome.codes(), [("track-gap", 1)].into());
    assert!(outcome.lost[0].detail.starts_with("7 frames"));
}

#[test]
fn frames_beyond_the_end_would_break_the_file() {
    let tools = [
        on(18, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(19, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(20, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(u32::MAX, "a", boxed(1.0, 1.0, 5.0, 5.0)),
    ];
    let (tracks, outcome) = run(&tools, &json!({}));
    assert_eq!(frames(&tracks[0]), "18k 19k");
    assert_eq!(outcome.codes()["frame-beyond-end"], 2);
    let mut unknown = video("v.mp4", &tools[3..]);
    unknown["metadata"]["frameTotal"] = json!(null);
    let outcome = kit(&[unknown]).run::<Cvat>(r#"{"format":"video"}"#);
    assert_eq!(frames(parse(outcome.text("v.xml").unwrap()).one("track")), "4294967295k");
}

#[test]
fn between_polygons_nothing_is_left_to_cvat_but_rest() {
    let ring = |x: f64| json!({"polygon": square(x, 1.0, 10.0)});
    let tools: Vec<Value> = (0..8).map(|frame| on(frame, "a", ring(if frame < 4 { 1.0 } else { f64::from(frame) }))).collect();
    assert_eq!(frames(&run(&tools, &json!({})).0[0]), "0k 1 2 3k 4k 5k 6k 7k 8ko");
}

#[test]
fn a_turn_goes_the_shorter_way() {
    let turned = |degrees: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let at = |x: f64, y: f64| [50.0 + x * cos - y * sin, 40.0 + x * sin + y * cos];
        json!({"rotated-bounding-box": {"x": 1, "y": 1, "width": 20, "height": 10, "rotation": degrees,
               "corners": [at(-10.0, -5.0), at(-10.0, 5.0), at(10.0, 5.0), at(10.0, -5.0)]}})
    };
    let tools: Vec<Value> = (0..10).map(|frame| on(frame, "a", turned(350.0 + 4.0 * f64::from(frame)))).collect();
    let (tracks, outcome) = run(&tools, &json!({}));
    assert_eq!(frames(&tracks[0]), "0k 1 2 3 4 5 6 7 8 9k 10ko");
    let rotations: Vec<&str> = tracks[0].children.iter().map(|shape| shape.attribute("rotation")).collect();
    assert_eq!(rotations, ["350", "354", "358", "2", "6", "10", "14", "18", "22", "26", "26"]);
    assert_eq!(outcome.lost, []);
    // Ten times 30 degrees are more than half a turn.
    let tools: Vec<Value> = (0..10).map(|frame| on(frame, "a", turned(30.0 * f64::from(frame)))).collect();
    assert_eq!(frames(&run(&tools, &json!({})).0[0]), "0k 1 2 3 4 5k 6 7 8 9k 10ko");
}

#[test]
fn answers_hold_from_one_key_frame_to_the_next() {
    let tools: Vec<Value> = (0..6)
        .map(|frame| {
            let mut tool = on(frame, "a", boxed(1.0, 1.0, 5.0, 5.0));
            tool["classifications"] = json!([answer("q", "Parked", json!(if frame < 3 { "no" } else { "yes" }), &[])]);
            tool
        })
        .collect();
    let (tracks, outcome) = run(&tools, &json!({}));
    assert_eq!(frames(&tracks[0]), "0k 1 2 3k 4 5k 6ko");
    assert_eq!(tracks[0].children[3].children[0].text, "yes");
    let root = parse(outcome.text("v.xml").unwrap());
    assert_eq!(labels(&root).one("label").one("attributes").one("attribute").one("mutable").text, "True");
    assert_eq!(outcome.lost, []);
}

#[test]
fn holes_and_parts_are_joined_to_one_polygon() {
    let shape = zones(&[(square(10.0, 10.0, 20.0), &[square(15.0, 15.0, 5.0)]), (square(50.0, 10.0, 5.0), &[])]);
    let tools = [on(0, "a", shape.clone()), on(1, "a", json!({"polygon": square(10.0, 10.0, 20.0)}))];
    let (tracks, outcome) = run(&tools, &json!({}));
    assert_eq!((tracks.len(), frames(&tracks[0]).as_str()), (1, "0k 1k 2ko"));
    assert_eq!(tracks[0].children[0].attribute("points").split(';').count(), 4 + 4 + 4 + 2 * 2);
    assert_eq!(outcome.codes(), [("hole-bridged", 1), ("parts-bridged", 1)].into());
    assert_eq!(run(&tools, &json!({"holes": "fill"})).1.codes(), [("hole-filled", 1), ("parts-bridged", 1)].into());
    assert_eq!(run(&tools, &json!({"holes": "drop"})).1.codes(), [("hole-unsupported", 1)].into());
}

#[test]
fn a_track_is_of_one_tool_and_once_on_a_frame() {
    let tools = [
        on(0, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(0, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(1, "a", json!({"point": [1, 2]})),
        on(2, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(0, "p", json!({"point": [1, 2]})),
        on(0, "l", json!({"polyline": [[1, 2], [3, 4]]})),
        on(0, "n", json!({"ner": {"start": 1, "end": 2}})),
    ];
    let (tracks, outcome) = run(&tools, &json!({}));
    assert_eq!(tracks.iter().map(frames).collect::<Vec<_>>(), ["0k 1ko 2k 3ko", "0k 1ko", "0k 1ko"]);
    assert_eq!(tracks.iter().map(|track| track.children[0].name.as_str()).collect::<Vec<_>>(), ["box", "points", "polyline"]);
    assert_eq!(outcome.codes(), [("duplicate", 1), ("geometry-unsupported", 1), ("shape-changed", 1)].into());
}

#[test]
fn pages_are_a_video_and_an_image_is_none() {
    let mut pages = task("p.tif", &[on(1, "a", boxed(1.0, 1.0, 5.0, 5.0))]);
    pages["dataset"] = json!(["u/1.png", "u/2.png", "u/3.png"]);
    let kit = kit(&[pages, task("a.jpg", &[]), video("empty.mp4", &[])]);
    let outcome = kit.run::<Cvat>(r#"{"format":"video","on_missing_size":"skip","empty":"drop"}"#);
    assert!(outcome.text("p.xml").unwrap().contains("<size>3</size>"));
    assert_eq!(outcome.codes(), [("not-a-video", 1), ("image-empty", 1), ("size-assumed", 1)].into());
    let skipped = kit.run::<Cvat>(r#"{"format":"video","on_missing_size":"skip","pages":"skip"}"#);
    assert_eq!(skipped.codes()["multi-page-unsupported"], 1);
    assert_eq!(skipped.files.into_keys().collect::<Vec<_>>(), ["empty.xml", "images.csv"]);
}
