use ango_plugin_sdk::testkit::RunError;

use super::*;

fn tasks(count: usize) -> Vec<Value> {
    let drawn = json!({"bounding-box": {"x": 1, "y": 2, "width": 10, "height": 20}});
    (0..count)
        .map(|at| {
            let mut task = task(&format!("d/{at}.jpg"), std::slice::from_ref(&drawn));
            task["batches"] = json!([format!("b{}", at % 3)]);
            task
        })
        .collect()
}

fn names(outcome: &Outcome, path: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(outcome.text(path).unwrap()).unwrap();
    let images = value["images"].as_array().unwrap();
    assert_eq!(images.len(), value["annotations"].as_array().unwrap().len());
    images.iter().map(|image| image["file_name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_part_of_a_split_has_a_file() {
    let split = r#""split":{"by":"batch","val":["b1"],"test":["b2"]}"#;
    let outcome = kit(&tasks(7)).run::<Coco>(&format!("{{{split}}}"));
    assert_eq!(
        outcome.files.keys().collect::<Vec<_>>(),
        ["annotations/instances_test.json", "annotations/instances_train.json", "annotations/instances_val.json"]
    );
    assert_eq!(names(&outcome, "annotations/instances_val.json"), ["d/1.jpg", "d/4.jpg"]);
    for options in [format!("{{{split}}}"), format!(r#"{{{split},"layout":"roboflow","names":"flat"}}"#)] {
        let whole = kit(&tasks(7)).run::<Coco>(&options);
        let cut = kit(&tasks(7)).shard_size(1).run::<Coco>(&options);
        assert_eq!(cut.files, whole.files);
    }
    let outcome = kit(&tasks(7)).run::<Coco>(&format!(r#"{{{split},"layout":"roboflow","names":"flat"}}"#));
    assert_eq!(
        outcome.files.keys().collect::<Vec<_>>(),
        ["test/_annotations.coco.json", "train/_annotations.coco.json", "valid/_annotations.coco.json"]
    );
    assert_eq!(names(&outcome, "valid/_annotations.coco.json"), ["d__1.jpg", "d__4.jpg"]);
}

#[test]
fn one_part_is_called_by_its_layout_and_task() {
    for (options, path) in [
        (json!({"task": "detection"}), "annotations/instances_default.json"),
        (json!({"task": "keypoints", "keypoints": {"names": ["nose"]}}), "annotations/person_keypoints_default.json"),
        (json!({"task": "captions"}), "annotations/captions_default.json"),
        (json!({"task": "panoptic"}), "annotations/panoptic_default.json"),
        (json!({"layout": "roboflow"}), "train/_annotations.coco.json"),
        (json!({"layout": "roboflow", "task": "keypoints", "keypoints": {"names": ["nose"]}}), "train/_annotations.coco.json"),
    ] {
        let outcome = kit(&[]).run::<Coco>(&options.to_string());
        assert_eq!(outcome.files.keys().collect::<Vec<_>>(), [path], "{options}");
    }
    let outcome = kit(&[]).run::<Coco>(r#"{"layout":"roboflow","task":"captions"}"#);
    assert!(matches!(&outcome.result, Err(RunError::Failure(Failure::Options(error))) if error.pointer == "/layout"), "{:?}", outcome.result);
}
