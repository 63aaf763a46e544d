//! How geometries move.

use super::full_tools;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The geometries on the frames between `a` on frame 0 and `b` on frame `steps`, which has the geometry key `other`.
fn between_keys(key: &str, a: &str, other: &str, b: &str, steps: usize) -> Vec<Json> {
    let list = format!(r#"[{{"{key}":{a},"objectId":"t","page":0}},{{"{other}":{b},"objectId":"t","page":{steps}}}]"#);
    let text = full_tools(&list, None);
    let list: Vec<Json> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    assert_eq!(list.len(), steps + 1);
    list[1..steps].iter().map(|member| member[key].clone()).collect()
}

fn between(key: &str, a: &str, b: &str, steps: usize) -> Vec<Json> {
    between_keys(key, a, key, b, steps)
}

#[test]
fn boxes_are_normalised_before_they_move_and_unknown_members_stay() {
    let frames = between("bounding-box", r#"{"x":10,"note":[1.50],"y":20,"width":-10,"height":-20}"#, r#"{"height":40,"width":30,"x":6,"y":3}"#, 4);
    assert_eq!(frames[1], json!({"x": 3, "note": [1.5], "y": 1.5, "width": 20, "height": 30}));
}

#[test]
fn what_changed_its_form_is_held() {
    let ring = "[[0,0],[9,0],[9,9]]";
    for (key, a, other, b) in [
        ("polygon", ring, "polygon", "[[0,0],[9,0]]"),
        ("polygon", ring, "polygon", r#"[[0,0],[9,0],[9,"9"]]"#),
        ("polygon", ring, "polygon", "[[0,0],[9,0],[9,1e300]]"),
        ("polygon", ring, "segmentation", r#"{"zones":[]}"#),
        ("polyline", ring, "polyline", "[[1,1],[9,0],[9,9]]"),
        ("spline", ring, "spline", "[[1,1],[9,0],[9,9]]"),
        ("circle", r#"{"x":1}"#, "circle", r#"{"x":5}"#),
        ("point", "[1,2]", "point", "[1]"),
        ("point", "[1,2]", "point", "null"),
        ("bounding-box", r#"{"x":1,"y":1,"width":1,"height":1}"#, "bounding-box", r#"{"x":5,"y":5,"width":5}"#),
        ("bounding-box", r#"{"x":1,"x":2,"y":1,"width":1,"height":1}"#, "bounding-box", r#"{"x":5,"y":5,"width":5,"height":1}"#),
        ("segmentation", r#"{"zones":[{"region":[[0,0]]}]}"#, "segmentation", r#"{"zones":[{"region":[[5,5]]},{"region":[]}]}"#),
        ("segmentation", r#"{"zones":[{"region":[[0,0]],"holes":[]}]}"#, "segmentation", r#"{"zones":[{"region":[[5,5]],"holes":[[[1,1]]]}]}"#),
        (
            "rotated-bounding-box",
            r#"{"x":1,"y":1,"width":1,"height":1,"rotation":0}"#,
            "rotated-bounding-box",
            r#"{"corners":[[1,1]],"width":1,"height":1,"rotation":9}"#,
        ),
    ] {
        let expected: Json = serde_json::from_str(a).unwrap();
        assert_eq!(between_keys(key, a, other, b, 3), [expected.clone(), expected], "{key} {b}");
    }
}

#[test]
fn two_geometries_in_one_object_are_held() {
    let list = r#"[{"point":[0,0],"polygon":[],"objectId":"t","page":0},{"point":[2,2],"objectId":"t","page":2}]"#;
    assert!(full_tools(list, None).contains(r#"{"point":[0,0],"polygon":[],"objectId":"t","page":1}"#));
}

#[test]
fn segmentations_move_part_by_part() {
    let frames = between(
        "segmentation",
        r#"{"zones":[{"region":[[0,0],[4,0]],"holes":[[[1,1]]],"id":5},{"region":[]}],"n":1}"#,
        r#"{"zones":[{"holes":[[[3,1]]],"region":[[2,2],[4,1]]},{"region":null,"holes":[]}]}"#,
        2,
    );
    assert_eq!(frames[0], json!({"zones": [{"region": [[1, 1], [4, 0.5]], "holes": [[[2, 1]]], "id": 5}, {"region": []}], "n": 1}));
}

#[test]
fn a_box_turns_the_shorter_way_round() {
    let at = |rotation: f64| format!(r#"{{"x":0,"y":0,"width":4,"height":2,"rotation":{rotation}}}"#);
    for (from, to, middle) in
        [(170.0, -170.0, 180.0), (-170.0, 170.0, 180.0), (10.0, 350.0, 0.0), (0.0, 180.0, 90.0), (-90.0, 90.0, 0.0), (720.0, 10.0, 5.0)]
    {
        let frames = between("rotated-bounding-box", &at(from), &at(to), 2);
        assert_eq!(frames[0]["rotation"].as_f64(), Some(middle), "{from} {to}");
    }
}

#[test]
fn numbers_have_no_exponent_and_no_negative_zero() {
    let list = r#"[{"point":[-1e-7,-2],"objectId":"t","page":0},{"point":[0,2],"objectId":"t","page":2}]"#;
    let text = full_tools(list, None);
    assert!(text.contains(r#"{"point":[-0.00000005,0],"objectId":"t","page":1}"#), "{text}");
}

/// A rotated box as an export has it: `x`, `y`, `width`, `height`, `rotation` and the corners by the formula of the export.
fn rotated(x: f64, y: f64, width: f64, height: f64, rotation: f64) -> Json {
    let (sin, cos) = rotation.to_radians().sin_cos();
    let corner = |w: f64, h: f64| json!([x + w * cos - h * sin, y + w * sin + h * cos]);
    let corners = [corner(0.0, 0.0), corner(0.0, height), corner(width, height), corner(width, 0.0)];
    json!({"x": x, "y": y, "width": width, "height": height, "rotation": rotation, "corners": corners})
}

fn numbers(value: &Json, keys: &[&str]) -> Vec<f64> {
    keys.iter().map(|key| value[*key].as_f64().unwrap()).collect()
}

fn centre(value: &Json) -> [f64; 2] {
    let mean = |axis: usize| (0..4).map(|corner| value["corners"][corner][axis].as_f64().unwrap()).sum::<f64>() / 4.0;
    [mean(0), mean(1)]
}

proptest! {
    #[test]
    fn boxes_move_evenly(a in [-500.0..500.0f64, -500.0..500.0, -90.0..90.0, -90.0..90.0], b in [-500.0..500.0f64, -500.0..500.0, -90.0..90.0, -90.0..90.0], steps in 2..40usize) {
        let text = |[x, y, width, height]: [f64; 4]| json!({"x": x, "y": y, "width": width, "height": height}).to_string();
        let upright = |[x, y, width, height]: [f64; 4]| [x + width.min(0.0), y + height.min(0.0), width.abs(), height.abs()];
        for (index, frame) in between("bounding-box", &text(a), &text(b), steps).iter().enumerate() {
            let t = (index + 1) as f64 / steps as f64;
            for ((a, b), found) in upright(a).into_iter().zip(upright(b)).zip(numbers(frame, &["x", "y", "width", "height"])) {
                prop_assert!((a * (1.0 - t) + b * t - found).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_turning_box_stays_a_rectangle_of_the_sizes_on_the_way(
        a in [-500.0..500.0f64, -500.0..500.0, 1.0..90.0, 1.0..90.0, -180.0..180.0],
        b in [-500.0..500.0f64, -500.0..500.0, 1.0..90.0, 1.0..90.0, -180.0..180.0],
        steps in 2..30usize,
        with_corners: bool,
    ) {
        let (a, b) = (rotated(a[0], a[1], a[2], a[3], a[4]), rotated(b[0], b[1], b[2], b[3], b[4]));
        let mut written = a.clone();
        let corners = written.as_object_mut().unwrap().remove("corners").unwrap();
        if with_corners {
            // The corners are the truth where they are.
            written["x"] = json!(-9999);
            written["corners"] = corners;
        }
        let frames = between("rotated-bounding-box", &written.to_string(), &b.to_string(), steps);
        let mut last = a.clone();
        for (index, frame) in frames.iter().enumerate() {
            let t = (index + 1) as f64 / steps as f64;
            let [x, y, width, height, rotation] = numbers(frame, &["x", "y", "width", "height", "rotation"])[..] else { unreachable!("five numbers") };
            let expected = rotated(x, y, width, height, rotation);
            for (key, found) in [("width", width), ("height", height)] {
                let way = a[key].as_f64().unwrap() * (1.0 - t) + b[key].as_f64().unwrap() * t;
                prop_assert!((way - found).abs() < 1e-9);
            }
            prop_assert!(rotation > -180.0 && rotation <= 180.0);
            prop_assert_eq!(frame.get("corners").is_some(), with_corners);
            if with_corners {
                prop_assert!(super::close(&expected["corners"], &frame["corners"]), "{} {}", expected, frame);
            }
            for axis in 0..2 {
                let way = centre(&a)[axis] * (1.0 - t) + centre(&b)[axis] * t;
                prop_assert!((way - centre(&expected)[axis]).abs() < 1e-9);
            }
            // Never more than an even share of half a turn at once, and the last step ends at `b`.
            let turn = |from: &Json, to: &Json| {
                let turn = (to["rotation"].as_f64().unwrap() - from["rotation"].as_f64().unwrap()).rem_euclid(360.0);
                turn.min(360.0 - turn)
            };
            prop_assert!(turn(&last, frame) <= 180.0 / steps as f64 + 1e-6);
            if index + 2 == steps {
                prop_assert!(turn(frame, &b) <= 180.0 / steps as f64 + 1e-6);
            }
            last = frame.clone();
        }
    }

    #[test]
    fn computed_numbers_are_the_shortest_that_read_back(from in -1e6..1e6f64, to in -1e6..1e6f64, steps in 2..20usize) {
        let list = format!(r#"[{{"point":[{from},0],"objectId":"t","page":0}},{{"point":[{to},0],"objectId":"t","page":{steps}}}]"#);
        let text = full_tools(&list, None);
        for part in text.split("\"point\":[").skip(2).take(steps - 1) {
            let number = part.split(',').next().unwrap();
            prop_assert_eq!(format!("{}", number.parse::<f64>().unwrap()), number);
        }
    }
}
