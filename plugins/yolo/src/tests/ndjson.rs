#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! One file of records.

use super::*;

fn records(outcome: &Outcome) -> Vec<Value> {
    assert_eq!(outcome.result, Ok(()));
    outcome.text("dataset.ndjson").unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_whole_file_is_as_written_here() {
    let tasks = [task("b/a.v2.jpg", &[boxed(0.0, 0.0, 100.0, 80.0), boxed(10.0, 20.0, 30.0, 40.0)]), task("c.png", &[])];
    let outcome = kit(&tasks).change_project(|project| project.name = "Pets \"1\"".to_owned()).run::<Yolo>(r#"{"layout":"ndjson"}"#);
    let want = r#"{"type":"dataset","task":"detect","name":"Pets \"1\"","class_names":{"0":"cat"}}
{"type":"image","file":"b/a.v2.jpg","url":"https://x.test/b/a.v2.jpg","width":100,"height":80,"split":"train","annotations":{"boxes":[[0,0.500000,0.500000,1.000000,1.000000],[0,0.250000,0.500000,0.300000,0.500000]]}}
{"type":"image","file":"c.png","url":"https://x.test/c.png","width":100,"height":80,"split":"train","annotations":{"boxes":[]}}
"#;
    assert_eq!(outcome.text("dataset.ndjson"), Some(want));
    assert_eq!((outcome.files.len(), outcome.lost.len(), outcome.logs.len()), (1, 0, 1));
}

#[test]
fn each_task_has_its_key() {
    let outcome = everything().run::<Yolo>(r#"{"layout":"ndjson","task":"pose"}"#);
    let lines = records(&outcome);
    assert_eq!((&lines[0]["kpt_shape"], &lines[0]["class_names"]), (&json!([1, 3]), &json!({"0": "cat"})));
    assert_eq!(lines[1]["annotations"]["pose"][0].as_array().unwrap().len(), 8);
    for (task, key, columns) in [("segment", "segments", 9), ("obb", "obb", 9)] {
        let lines = records(&everything().run::<Yolo>(&json!({"layout": "ndjson", "task": task}).to_string()));
        assert_eq!(lines[0]["task"], task);
        assert_eq!(lines[1]["annotations"][key][0].as_array().unwrap().len(), columns);
    }
    let lines = records(&everything().run::<Yolo>(r#"{"layout":"ndjson","task":"classify"}"#));
    assert_eq!((&lines[0]["class_names"], &lines[1]["annotations"]), (&json!({"0": "rain", "1": "sun"}), &json!({"classification": [1]})));
}

#[test]
fn images_that_cannot_be_fetched_are_left_out_or_lie_in_a_folder() {
    let mut video = task("v.mp4", &[boxed(1.0, 2.0, 3.0, 4.0)]);
    video["metadata"]["frameRate"] = json!(30);
    let mut pages = task("p.tif", &[]);
    pages["metadata"]["frameTotal"] = json!(3);
    let mut bucket = task("d/b.jpg", &[]);
    bucket["asset"] = json!("s3://bucket/b.jpg");
    let kit = kit(&[video, pages, bucket, task("a.jpg", &[])]);
    let outcome = kit.run::<Yolo>(r#"{"layout":"ndjson"}"#);
    assert_eq!(records(&outcome).len(), 2);
    assert_eq!(outcome.codes(), [("video-unsupported", 1), ("page-left-out", 1), ("link-unsupported", 1)].into());
    let outcome = kit.run::<Yolo>(r#"{"layout":"ndjson","path":"pictures/","names":"path"}"#);
    let lines = records(&outcome);
    assert_eq!((lines.len(), &lines[0]["path"]), (5, &json!("pictures/")));
    assert_eq!(lines[3]["file"], "d__b.jpg");
    assert!(outcome.text("images.csv").unwrap().contains("\r\npictures/images/train/d__b.jpg,s3://bucket/b.jpg,100,80\r\n"));
    assert_eq!(outcome.codes(), [].into());
}
