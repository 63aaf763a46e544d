use super::*;

fn on(frame: u32, id: &str, mut shape: Value) -> Value {
    (shape["page"], shape["objectId"]) = (json!(frame), json!(id));
    shape
}

fn stop(mut tool: Value) -> Value {
    tool["interpolationStopped"] = json!(true);
    tool
}

fn video(tools: &[Value]) -> Value {
    let mut task = task("v.mp4", tools);
    task["metadata"] = json!({"width": 200, "height": 100, "frameTotal": 20, "frameRate": 5});
    task
}

fn run(tools: &[Value]) -> (Vec<Value>, Outcome) {
    let outcome = kit(&[video(tools)]).run::<LabelStudio>(r#"{"tasks":"videos"}"#);
    (results(&outcome), outcome)
}

/// Frames of the key frames of a region, those that end with a bar.
fn frames(region: &Value) -> String {
    let frame = |key: &Value| [key["frame"].to_string().as_str(), if key["enabled"] == json!(true) { "" } else { "|" }].concat();
    region["value"]["sequence"].as_array().unwrap().iter().map(frame).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_track_is_a_sequence_of_key_frames() {
    let x = |frame: u32| if frame < 5 { f64::from(frame) * 4.0 } else { 16.0 + f64::from(frame - 4) };
    let mut tools: Vec<Value> = (0..10).map(|frame| on(frame, "a", boxed(x(frame), 10.0, 20.0, 20.0))).collect();
    tools.push(stop(on(10, "a", boxed(25.0, 10.0, 20.0, 20.0))));
    let (found, outcome) = run(&tools);
    assert_eq!((found.len(), &found[0]["id"], &found[0]["type"], &found[0]["from_name"]), (1, &json!("a"), &json!("videorectangle"), &json!("box")));
    let value = &found[0]["value"];
    assert_eq!((&value["framesCount"], &value["duration"], &value["labels"]), (&json!(20), &json!(4), &json!(["cat"])));
    // The last frame on which it is there says that nothing follows.
    assert_eq!(frames(&found[0]), "1 5 10|");
    assert_eq!(value["sequence"][1], json!({"frame": 5, "enabled": true, "x": 8, "y": 10, "width": 10, "height": 20, "rotation": 0, "time": 1}));
    assert_eq!(tasks(&outcome)[0]["data"], json!({"video": "https://x.test/v.mp4", "width": 200, "height": 100, "framerate": 5}));
    let tags = tags(&outcome);
    let want = [
        "Video name=video value=$video framerate=$framerate",
        "VideoRectangle name=box toName=video",
        "Labels name=labels toName=video",
        "Label value=cat",
    ];
    assert_eq!(tags[1..], want);
    assert_eq!(outcome.lost, []);
}

#[test]
fn tracks_end_and_begin_again() {
    let tools = [
        on(0, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(1, "a", boxed(900.0, 1.0, 5.0, 5.0)),
        on(2, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        stop(on(3, "a", boxed(1.0, 1.0, 5.0, 5.0))),
        on(19, "b", boxed(1.0, 1.0, 5.0, 5.0)),
        on(4, "c", boxed(1.0, 1.0, 5.0, 5.0)),
        stop(on(4, "never there", boxed(1.0, 1.0, 5.0, 5.0))),
    ];
    let (found, outcome) = run(&tools);
    assert_eq!(found.iter().map(frames).collect::<Vec<_>>(), ["1| 3|", "20", "5|"]);
    assert_eq!(outcome.codes(), [("out-of-bounds", 1)].into());
    // Of key frames only, what is not said to be gone stays.
    let (found, outcome) =
        run(&[on(0, "a", boxed(1.0, 1.0, 5.0, 5.0)), on(6, "a", boxed(9.0, 1.0, 5.0, 5.0)), on(3, "b", boxed(1.0, 1.0, 5.0, 5.0))]);
    assert_eq!(found.iter().map(frames).collect::<Vec<_>>(), ["1 7", "4"]);
    assert_eq!(outcome.codes(), [("track-gap", 1)].into());
}

#[test]
fn a_turn_goes_on() {
    let turned = |degrees: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let at = |x: f64, y: f64| [100.0 + x * cos - y * sin, 50.0 + x * sin + y * cos];
        json!({"rotated-bounding-box": {"x": 1, "y": 1, "width": 20, "height": 10, "rotation": degrees, "corners": [at(0.0, 0.0), at(0.0, 10.0), at(20.0, 10.0), at(20.0, 0.0)]}})
    };
    let tools: Vec<Value> = (0..4).map(|frame| on(frame, "a", turned(350.0 + 10.0 * f64::from(frame)))).collect();
    let (found, outcome) = run(&tools);
    let turns: Vec<&Value> = found[0]["value"]["sequence"].as_array().unwrap().iter().map(|key| &key["rotation"]).collect();
    assert_eq!(turns, [&json!(350), &json!(380)]);
    assert_eq!(outcome.lost, []);
}

#[test]
fn what_is_no_box_is_told() {
    let mut asked = on(0, "a", boxed(1.0, 1.0, 5.0, 5.0));
    asked["classifications"] = json!([answer("q", "Parked", "text", json!("no"), &[])]);
    let mut changed = on(1, "a", boxed(1.0, 1.0, 5.0, 5.0));
    changed["classifications"] = json!([answer("q", "Parked", "text", json!("yes"), &[])]);
    let tools = [
        asked,
        changed,
        on(1, "a", boxed(1.0, 1.0, 5.0, 5.0)),
        on(0, "p", json!({"polygon": square(1.0, 1.0, 10.0)})),
        on(0, "k", json!({"point": [1, 2]})),
    ];
    let mut task = video(&tools);
    let mut of_frame = answer("w", "Weather", "text", json!("rain"), &[]);
    of_frame["page"] = json!(3);
    task["task"]["classifications"] = json!([answer("s", "Site", "text", json!("A"), &[]), of_frame]);
    task["task"]["relations"] = json!([{"objectId": "r", "schemaId": "r", "title": "x", "from": "p", "to": "a", "direction": "straight"}]);
    let outcome = kit(&[task, super::task("a.jpg", &[])]).run::<LabelStudio>(r#"{"tasks":"videos"}"#);
    let found = results(&outcome);
    let kinds: Vec<(&str, &str)> = found.iter().map(|one| (one["type"].as_str().unwrap(), one["from_name"].as_str().unwrap_or(""))).collect();
    assert_eq!(kinds, [("videorectangle", "box"), ("textarea", "parked"), ("videorectangle", "box"), ("textarea", "site"), ("relation", "")]);
    assert_eq!(found[1]["value"], json!({"text": ["no"]}));
    let want = [("classification-unsupported", 2), ("duplicate", 1), ("shape-reduced-to-box", 1), ("geometry-unsupported", 1), ("not-a-video", 1)];
    assert_eq!(outcome.codes(), want.into());
}
