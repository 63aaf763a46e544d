#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Turned boxes.

use super::*;

fn turned(rows: &str) -> Vec<Vec<f64>> {
    rows.lines()
        .map(|row| {
            let numbers: Vec<f64> = row.split(' ').skip(1).map(|number| number.parse().unwrap()).collect();
            assert_eq!(numbers.len(), 8, "{row}");
            assert!(is_accepted(&numbers), "{row}");
            numbers
        })
        .collect()
}

/// What the loader asks of four corners: that the upright box around them has its centre in the image, and is no larger than it.
fn is_accepted(numbers: &[f64]) -> bool {
    (0..2).all(|axis| {
        let along: Vec<f64> = numbers.iter().skip(axis).step_by(2).copied().collect();
        let (low, high) = (along.iter().copied().fold(f64::MAX, f64::min), along.iter().copied().fold(f64::MIN, f64::max));
        (0.0..=1.0).contains(&((low + high) / 2.0)) && (0.0..=1.0).contains(&(high - low))
    })
}

fn pixels(numbers: &[f64]) -> Vec<f64> {
    numbers.chunks_exact(2).flat_map(|point| [point[0] * 100.0, point[1] * 80.0]).collect()
}

#[test]
fn rotated_boxes_keep_their_corners_and_boxes_are_upright() {
    let drawn = json!({"rotated-bounding-box": {"x": 40, "y": 20, "width": 20, "height": 10, "rotation": 30,
                       "corners": [[40, 20], [35, 28.66], [52.32, 38.66], [57.32, 30]]}});
    let (rows, outcome) = run(&[drawn, boxed(10.0, 8.0, 40.0, 40.0)], &json!({"task": "obb"}));
    assert_eq!(
        rows,
        "0 0.400000 0.250000 0.573200 0.375000 0.523200 0.483250 0.350000 0.358250\n\
         0 0.100000 0.100000 0.500000 0.100000 0.500000 0.600000 0.100000 0.600000\n"
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn other_shapes_become_the_rectangle_of_least_area() {
    let diamond = json!({"polygon": [[50, 20], [60, 30], [50, 40], [45, 35], [40, 30]]});
    let zones = json!({"segmentation": {"zones": [{"region": square(0.0, 0.0, 4.0)}, {"region": square(16.0, 8.0, 4.0), "holes": [square(17.0, 9.0, 1.0)]}]}});
    let (rows, outcome) = run(&[diamond, zones], &json!({"task": "obb"}));
    let found = turned(&rows);
    assert!((ango_plugin_sdk::geometry::area(&pixels(&found[0])) - 200.0).abs() < 0.01);
    assert!(ango_plugin_sdk::geometry::area(&pixels(&found[1])) < 20.0 * 12.0);
    assert_eq!(outcome.codes(), [("shape-reduced-to-box", 2)].into());
}

#[test]
fn what_leaves_the_image_keeps_its_direction_as_far_as_the_loader_takes_it() {
    let rotated = |x: f64, y: f64, size: f64| json!({"rotated-bounding-box": {"x": x, "y": y - size, "width": size * 1.5, "height": size * 1.5, "rotation": 45}});
    // At an edge: what is in the image has two corners beyond it.
    let (rows, outcome) = run(&[rotated(0.0, 40.0, 10.0)], &json!({"task": "obb"}));
    let found = turned(&rows).remove(0);
    let corners = pixels(&found);
    let side = [corners[2] - corners[0], corners[3] - corners[1]];
    assert!((side[0] - side[1]).abs() < 0.001, "still turned by 45 degrees: {corners:?}");
    assert!(found.iter().any(|number| *number < 0.0));
    assert_eq!(outcome.codes(), [("clipped", 1)].into());
    // Far out no turned box around what is in the image would be taken.
    let wide = json!({"rotated-bounding-box": {"x": 50, "y": -60, "width": 140, "height": 140, "rotation": 45}});
    let (rows, outcome) = run(&[wide], &json!({"task": "obb"}));
    assert_eq!(rows, "0 0.000000 0.000000 1.000000 0.000000 1.000000 1.000000 0.000000 1.000000\n");
    assert_eq!(outcome.codes(), [("clipped", 1), ("rotation-dropped", 1)].into());
    let (rows, outcome) = run(&[json!({"polygon": [[-200, 80], [100, 80], [100, -200]]})], &json!({"task": "obb"}));
    assert_eq!(turned(&rows).len(), 1);
    assert_eq!(outcome.codes(), [("clipped", 1), ("shape-reduced-to-box", 1)].into());
}

#[test]
fn every_turned_box_is_one_that_the_loader_takes() {
    let mut tools = Vec::new();
    for at in 0..400_u32 {
        let (x, y) = (f64::from(at * 7 % 160) - 30.0, f64::from(at * 13 % 140) - 30.0);
        let (width, height) = (f64::from(at % 23) * 9.0 + 0.001, f64::from(at % 19) * 7.0 + 0.001);
        tools.push(json!({"rotated-bounding-box": {"x": x, "y": y, "width": width, "height": height, "rotation": f64::from(at) * 0.91 - 180.0}}));
        tools.push(json!({"polygon": [[x, y], [x + width, y + 3.0], [x - height, y + height]]}));
    }
    let (rows, outcome) = run(&tools, &json!({"task": "obb"}));
    let lost = ["out-of-bounds", "zero-area", "duplicate"].iter().filter_map(|code| outcome.codes().get(code).copied()).sum::<usize>();
    assert_eq!(turned(&rows).len() + lost, tools.len());
    assert!(turned(&rows).len() > 400);
    let (rows, outcome) = run(&tools, &json!({"task": "obb", "outside": "drop"}));
    assert!(turned(&rows).iter().flatten().all(|number| (-0.5..=1.5).contains(number)));
    assert!(!outcome.codes().contains_key("clipped"));
}
