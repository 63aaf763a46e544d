#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Poses. How points find each other is tested in the SDK.

use super::*;

fn person(x: f64, y: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": 50, "height": 40}, "schemaId": "s-person", "title": "person"})
}

fn point(name: &str, x: f64, y: f64) -> Value {
    json!({"point": [x, y], "schemaId": format!("s-{name}"), "title": name})
}

#[test]
fn rows_have_all_keypoints_and_the_head_says_how_many() {
    let tools = [person(0.0, 0.0), point("left eye", 10.0, 8.0), point("right eye", 20.0, 8.0), person(50.0, 40.0), point("nose", 100.0, 80.0)];
    let (rows, outcome) = run(&tools, &json!({"task": "pose"}));
    assert_eq!(
        rows,
        "0 0.250000 0.250000 0.500000 0.500000 0.100000 0.100000 2 0.200000 0.100000 2 0.000000 0.000000 0\n\
         0 0.750000 0.750000 0.500000 0.500000 0.000000 0.000000 0 0.000000 0.000000 0 1.000000 1.000000 2\n"
    );
    assert_eq!(
        outcome.text("data.yaml"),
        Some(
            "train: train.txt\nval: train.txt\nkpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\nnc: 1\nnames:\n  0: \"person\"\nkpt_names:\n  0:\n    - \"left eye\"\n    \
             - \"right eye\"\n    - \"nose\"\n"
        )
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn what_has_no_box_gets_one_and_what_is_left_out_takes_its_points_along() {
    let tools = [point("nose", 10.0, 8.0), point("ear", 30.0, 8.0)];
    let (rows, outcome) = run(&tools, &json!({"task": "pose"}));
    assert_eq!(rows, "0 0.200000 0.100000 0.200000 0.012500 0.100000 0.100000 2 0.300000 0.100000 2\n");
    assert_eq!(outcome.codes(), [("box-from-points", 1)].into());
    // A polygon's row, one that is too small, one that is the same as another, and a relation that joins nothing.
    let polygon = json!({"polygon": square(0.0, 0.0, 20.0), "schemaId": "s-person", "title": "person"});
    let tools = [polygon, point("nose", 10.0, 8.0), person(50.0, 40.0), person(50.0, 40.0), point("nose", 49.0, 49.0)];
    let mut task = task("a.jpg", &tools);
    task["task"]["relations"] = json!([{"group": ["o0", "o2"], "objectId": "r", "schemaId": "s", "title": "t"}]);
    let outcome = kit(&[task]).run::<Yolo>(r#"{"task":"pose","min_area":500}"#);
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        lost,
        [("relation-unsupported", "r"), ("keypoint-unassigned", "o4"), ("below-min-area", "o0"), ("keypoint-unassigned", "o1"), ("duplicate", "o3")]
    );
}
