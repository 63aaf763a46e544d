#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::types::{BoundingBox, Geometry};

fn task(tools: &str, classifications: &str) -> Task {
    let text = format!(
        r#"{{"asset":"https://x.test/a.jpg","externalId":"a.jpg","metadata":{{"width":10,"height":20.0,"dpi":300}},"batches":["b",null],"newKey":1,
            "task":{{"taskId":"t","stage":"Complete","updatedAt":"2023-09-01T13:02:49.271Z","tools":[{tools}],"classifications":[{classifications}],
            "brushDataUrl":"","consensusAverage":50}}}}"#
    );
    read_tasks(&text).unwrap().remove(0)
}

fn geometry(tool: &str) -> Geometry {
    task(&format!(r#"{{{tool},"objectId":"o","schemaId":7,"title":"x"}}"#), "").annotations.objects.remove(0).geometry
}

#[test]
fn what_the_types_do_not_know_travels_in_extra() {
    let task = task(r#"{"point":[1,2],"objectId":"o","schemaId":7,"title":"x","lock":true}"#, "");
    assert_eq!(task.asset.extra.as_deref(), Some(r#"{"metadata":{"dpi":300},"newKey":1}"#));
    assert_eq!(task.extra.as_deref(), Some(r#"{"consensusAverage":50}"#));
    assert_eq!(task.annotations.objects[0].extra.as_deref(), Some(r#"{"lock":true}"#));
    assert_eq!(task.annotations.objects[0].schema_id, "7");
    assert_eq!((task.asset.width, task.asset.height), (Some(10), Some(20)));
    assert_eq!(task.asset.batches, ["b"]);
    assert_eq!(task.annotations.brush, None);
}

#[test]
fn boxes_are_normalised_and_corners_computed() {
    let expected = BoundingBox { x: 1.0, y: 2.0, width: 4.0, height: 3.0 };
    assert_eq!(geometry(r#""bounding-box":{"x":5,"y":5,"width":-4,"height":-3}"#), Geometry::BoundingBox(expected));
    let Geometry::RotatedBox(turned) = geometry(r#""rotated-bounding-box":{"x":10,"y":0,"width":4,"height":2,"rotation":90}"#) else { panic!() };
    for (got, want) in turned.corners.iter().zip([10.0, 0.0, 8.0, 0.0, 8.0, 4.0, 10.0, 4.0]) {
        assert!((got - want).abs() < 1e-12, "{:?}", turned.corners);
    }
}

#[test]
fn every_documented_geometry_has_its_type() {
    assert_eq!(geometry(r#""polyline":[[1,2],[3.5,4]]"#), Geometry::Polyline(vec![1.0, 2.0, 3.5, 4.0]));
    assert_eq!(geometry(r#""segmentation":{"zones":[{"region":[]}]}"#).kind(), "segmentation");
    assert_eq!(geometry(r#""ner":{"start":3,"end":7,"selection":"abcd"}"#).kind(), "ner");
    assert_eq!(geometry(r#""spline":[[0,0],[1,1]]"#), Geometry::Spline(vec![0.0, 0.0, 1.0, 1.0]));
    assert_eq!(geometry(r#""spline":{"points":[[0,0],[1,1]],"closed":true}"#), Geometry::Spline(vec![0.0, 0.0, 1.0, 1.0]));
    assert_eq!(geometry(r#""spline":{"k":1}"#), Geometry::Spline(Vec::new()));
    assert_eq!(geometry(r#""medical-brush":true"#), Geometry::VoxelBrush);
    assert_eq!(geometry(r#""circle":{"r":1}"#), Geometry::Other(r#"{"circle":{"r":1}}"#.to_owned()));
    let nested =
        r#""pdf":{"position":{"boundingRect":{"x1":1,"y1":2,"x2":3,"y2":4,"width":5,"height":6},"rects":[],"pageNumber":2},"content":{"text":"t"}}"#;
    let flat = r#""pdf":{"x1":1,"y1":2,"x2":3,"y2":4,"width":5,"height":6,"pageNumber":2,"text":"t"}"#;
    assert_eq!(geometry(nested), geometry(flat));
}

#[test]
fn nested_classifications_are_flat_in_pre_order() {
    let class = |title: &str, answer: &str, nested: &str| {
        format!(r#"{{"objectId":"c","schemaId":"s","tool":"radio","title":"{title}","answer":{answer},"classifications":[{nested}]}}"#)
    };
    let inner = class("b", r#"["x",null,"y"]"#, &class("c", "null", ""));
    let list = task("", &format!("{},{}", class("a", "true", &inner), class("d", r#"{"k":1}"#, ""))).annotations.classifications;
    let seen: Vec<_> = list.iter().map(|c| (c.title.as_str(), c.parent, c.answer.clone())).collect();
    assert_eq!(
        seen,
        [
            ("a", None, Answer::Flag(true)),
            ("b", Some(0), Answer::Choices(vec!["x".into(), "y".into()])),
            ("c", Some(1), Answer::Empty),
            ("d", None, Answer::Other(r#"{"k":1}"#.into())),
        ]
    );
}

#[test]
fn times_come_as_numbers_and_as_texts() {
    let tool = |at: &str| format!(r#"{{"point":[1,2],"objectId":"o","schemaId":"s","title":"x","metadata":{{"createdAt":{at}}}}}"#);
    let read = |at: &str| task(&tool(at), "").annotations.objects[0].provenance.clone().unwrap().created_at;
    assert_eq!(read("1686656626604"), Some(1_686_656_626_604));
    assert_eq!(read(r#""2023-06-13T11:43:46.604Z""#), Some(1_686_656_626_604));
}

#[test]
fn malformed_tasks_are_errors_that_name_the_key() {
    for (text, fragment) in [
        ("{}", "`task` is missing"),
        ("[1]", "not an object"),
        (r#"{"task":{"tools":[{"polygon":[[1]]}]}}"#, "polygon"),
        (r#"{"task":{"tools":[{"bounding-box":{"x":1}}]}}"#, "is missing"),
        (r#"{"task":{"tools":{}}}"#, "tools"),
        ("{", "EOF"),
    ] {
        let error = read_tasks(text).unwrap_err();
        assert!(error.to_string().contains(fragment), "{text}: {error}");
    }
}

#[test]
fn indexes_and_offsets_count_tasks_and_objects() {
    let one = r#"{"asset":"u","externalId":"a.jpg","task":{"taskId":"t","tools":[{"point":[1,2]},{"point":[1,2]}]}}"#;
    let tasks = read_tasks(&format!("{one}\n{one}\n")).unwrap();
    assert_eq!((tasks[1].index, tasks[1].object_offset), (1, 2));
    assert_eq!((tasks[0].asset.file_name.as_str(), tasks[1].asset.file_name.as_str()), ("a.jpg", "a-t.jpg"));
}
