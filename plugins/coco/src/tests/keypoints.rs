//! How points find each other is the SDK's; here is what is written of them.

use ango_plugin_sdk::testkit::RunError;

use super::*;

fn point(class: &str, x: f64, y: f64) -> Value {
    json!({"point": [x, y], "schemaId": format!("s-{class}"), "title": class})
}

fn person(x: f64, y: f64, side: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": side, "height": side}, "schemaId": "s-person", "title": "person"})
}

fn answered(mut tool: Value, title: &str, answer: &str) -> Value {
    tool["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": title, "answer": answer}]);
    tool
}

fn pair(from: &str, to: &str) -> Value {
    json!({"from": from, "to": to, "direction": "straight", "objectId": format!("r-{from}-{to}"), "schemaId": "s-has", "title": "has"})
}

fn related(tools: &[Value], relations: &[Value]) -> Value {
    let mut task = task("a.jpg", tools);
    task["task"]["relations"] = json!(relations);
    task
}

fn keypoints(tasks: &[Value], mut options: Value) -> (Value, Outcome) {
    options["task"] = json!("keypoints");
    let outcome = kit(tasks).run::<Coco>(&options.to_string());
    assert_eq!(kit(tasks).shard_size(1).run::<Coco>(&options.to_string()).files, outcome.files);
    (converted(&outcome), outcome)
}

/// Category, points and count of each annotation.
fn rows(value: &Value) -> Vec<(u64, Vec<f64>, u64)> {
    let numbers = |list: &Value| list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    let row = |row: &Value| (row["category_id"].as_u64().unwrap(), numbers(&row["keypoints"]), row["num_keypoints"].as_u64().unwrap());
    value["annotations"].as_array().unwrap().iter().map(row).collect()
}

fn lost(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap())).collect()
}

#[test]
fn the_whole_file_is_as_written_here() {
    let eye = answered(point("left eye", 15.0, 12.25), "Visible", "no");
    let tools = [person(10.0, 10.0, 20.0), point("nose", 20.0, 20.5), eye, person(50.0, 10.0, 5.0)];
    let outcome = kit(&[task("a.jpg", &tools)]).run::<Coco>(r#"{"task":"keypoints","keypoints":{"skeleton":[["left eye","nose"]]}}"#);
    let want = r#"{"info":{"description":""},
"licenses":[],
"categories":[
{"id":1,"name":"person","supercategory":"","keypoints":["nose","left eye"],"skeleton":[[2,1]]}],
"images":[
{"id":1,"width":100,"height":80,"file_name":"a.jpg","coco_url":"https://x.test/a.jpg","attributes":{"taskId":"t-a.jpg","stage":"Complete"}}
],
"annotations":[
{"id":1,"image_id":1,"category_id":1,"bbox":[10,10,20,20],"area":400,"iscrowd":0,"segmentation":[],"num_keypoints":2,"keypoints":[20,20.5,2,15,12.25,1],"attributes":{"objectId":"o0","keypoints":[{"keypoint":"nose","objectId":"o1"},{"keypoint":"left eye","objectId":"o2","Visible":"no"}]}},
{"id":4,"image_id":1,"category_id":1,"bbox":[50,10,5,5],"area":25,"iscrowd":0,"segmentation":[],"num_keypoints":0,"keypoints":[0,0,0,0,0,0],"attributes":{"objectId":"o3","keypoints":[]}}
]}
"#;
    assert_eq!(outcome.text("annotations/person_keypoints_default.json"), Some(want));
    assert_eq!(outcome.lost, []);
}

#[test]
fn instances_without_an_area_have_the_box_around_their_points() {
    let line = json!({"polyline": [[1, 2], [4, 8]], "schemaId": "s-person", "title": "person"});
    let tools = [point("nose", 20.0, 20.0), point("eye", 25.0, 10.0), answered(line, "Pose", "odd"), point("nose", 60.0, 60.0)];
    let (value, outcome) = keypoints(&[related(&tools, &[pair("o1", "o0")])], json!({"keypoints": {"class": "person"}}));
    assert_eq!(value["categories"][0]["name"], json!("person"));
    assert_eq!(rows(&value), [(1, vec![20.0, 20.0, 2.0, 25.0, 10.0, 2.0], 2), (1, vec![1.0, 2.0, 2.0, 4.0, 8.0, 2.0], 2)]);
    let annotations = &value["annotations"];
    assert_eq!((&annotations[0]["id"], &annotations[0]["bbox"], &annotations[0]["area"]), (&json!(1), &json!([20, 10, 5, 10]), &json!(50)));
    assert_eq!((&annotations[0]["segmentation"], &annotations[1]["id"]), (&json!([]), &json!(3)));
    assert_eq!(annotations[0]["attributes"]["keypoints"][1], json!({"keypoint": "eye", "objectId": "o1"}));
    assert_eq!(annotations[1]["attributes"], json!({"objectId": "o2", "Pose": "odd"}));
    assert_eq!(outcome.codes(), [("box-from-points", 2), ("keypoint-unassigned", 1)].into());
}

#[test]
fn shapes_are_those_of_instances_and_take_their_points_along() {
    let zones = json!({"segmentation": {"zones": [{"region": square(10.0, 10.0, 40.0), "holes": [square(20.0, 20.0, 10.0)]}]}, "schemaId": "s-blob", "title": "blob"});
    let tools = [zones, point("nose", 15.0, 15.0), json!({"circle": {"r": 1}, "schemaId": "s-c", "title": "c"})];
    let (value, outcome) = keypoints(&[task("a.jpg", &tools)], json!({}));
    assert!(value["annotations"][0]["segmentation"]["counts"].is_string());
    assert_eq!((rows(&value), outcome.codes()), (vec![(1, vec![15.0, 15.0, 2.0], 1)], [("geometry-unsupported", 1)].into()));
    let (value, outcome) = keypoints(&[task("a.jpg", &tools[..2])], json!({"holes": "drop"}));
    assert_eq!((rows(&value), lost(&outcome)), (vec![], vec![("hole-unsupported", "o0"), ("keypoint-unassigned", "o1")]));
}

#[test]
fn without_attributes_answers_about_points_are_lost_and_said_so() {
    let tools =
        [person(10.0, 10.0, 20.0), answered(point("nose", 20.0, 20.5), "Colour", "red"), answered(point("eye", 20.0, 20.0), "Occluded", "yes")];
    let (value, outcome) = keypoints(&[task("a.jpg", &tools)], json!({"attributes": false}));
    assert_eq!(rows(&value)[0].1, [20.0, 20.5, 2.0, 20.0, 20.0, 1.0]);
    assert_eq!(lost(&outcome), [("classification-unsupported", "o1")]);
    let (_, outcome) = keypoints(&[task("a.jpg", &[tools[0].clone(), answered(point("nose", 20.0, 20.5), "Visibility", "absent")])], json!({}));
    assert_eq!(lost(&outcome), [("keypoint-absent", "o1")]);
}

#[test]
fn skeletons_of_a_video_are_joined_on_every_frame() {
    let on = |mut tool: Value, id: &str, page: u32| {
        tool["objectId"] = json!(id);
        tool["page"] = json!(page);
        tool
    };
    let frame = |page: u32| {
        let x = f64::from(page);
        [on(person(x, 0.0, 40.0), "a", page), on(person(x + 5.0, 0.0, 40.0), "b", page), on(point("nose", x + 10.0, 10.0), "n", page)]
    };
    let mut video = related(&[frame(0), frame(1)].concat(), &[pair("b", "n")]);
    video["metadata"]["frameRate"] = json!(30);
    let (value, outcome) = keypoints(&[video], json!({}));
    assert_eq!(rows(&value).iter().map(|row| row.2).collect::<Vec<_>>(), [0, 1, 0, 1]);
    let tracks: Vec<u64> = value["annotations"].as_array().unwrap().iter().map(|row| row["track_id"].as_u64().unwrap()).collect();
    assert_eq!((tracks, outcome.lost), (vec![1, 2, 1, 2], vec![]));
}

#[test]
fn a_class_nested_in_another_keeps_its_parent() {
    let kit = kit(&[task("a.jpg", &[point("nose", 1.0, 1.0), person(0.0, 0.0, 5.0)])]);
    let kit = kit.change_project(|project| project.tools[1].parent = Some("s-nose".to_owned()));
    let value = converted(&kit.run::<Coco>(r#"{"task":"keypoints"}"#));
    assert_eq!(value["categories"][0]["supercategory"], json!("nose"));
}

#[test]
fn a_project_without_points_has_no_keypoints() {
    let outcome = kit(&[task("a.jpg", &[person(0.0, 0.0, 5.0)])]).run::<Coco>(r#"{"task":"keypoints"}"#);
    assert!(
        matches!(&outcome.result, Err(RunError::Failure(Failure::Options(error))) if error.pointer == "/keypoints/names"),
        "{:?}",
        outcome.result
    );
}
