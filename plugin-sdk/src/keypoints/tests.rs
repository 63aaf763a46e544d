#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Keypoints from outside: a converter that writes a line for each instance.

use serde_json::{Value, json};

use super::*;
use crate::images::{Choice, Format, Images};
use crate::testkit::{Outcome, RunError, TestKit};
use crate::{Converter, Info};

struct Lines;

#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
struct Options {
    keypoints: KeypointOptions,
    classes: ClassOptions,
}

impl Converter for Lines {
    type Options = Options;

    fn describe() -> Info {
        Info::new("lines", "1.0.0", "Lines", "lines")
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let mut keypoints = Keypoints::new(run, &options.keypoints, &options.classes)?;
        let mut out = run.section("lines", 0, "");
        let mut images = Images::new(run, Format::new("Lines").with_relations(), Choice::default());
        while let Some(image) = images.next_image()? {
            keypoints.open(run, &image);
            for (position, object) in image.objects() {
                let (class, found) = match keypoints.role(position) {
                    Role::Part => continue,
                    Role::Area(_) if object.title == "broken" => {
                        run.lost(image.task.index, Some(&object.object_id), "broken", "");
                        keypoints.abandon(run, &image, position);
                        continue;
                    }
                    Role::Area(found) => (object.title.clone(), found),
                    Role::Loose(loose) => {
                        let Extent { x0, y0, x1, y1 } = loose.extent;
                        (format!("{}[{x0} {y0} {x1} {y1}]", keypoints.classes().name(loose.class)), loose.keypoints)
                    }
                };
                let found: Vec<String> = found.iter().map(|point| format!("{},{},{}", point.x, point.y, point.visibility)).collect();
                out.put(format!("{} {class}: {}\n", object.object_id, found.join(" ")).as_bytes());
            }
        }
        let names = keypoints.names();
        out.put(format!("{:?} {:?} {:?}\n", names.all(), names.skeleton(), names.flip()).as_bytes());
        out.finish();
        Ok(())
    }
}

fn point(id: &str, title: &str, x: f64, y: f64) -> Value {
    json!({"point": [x, y], "objectId": id, "schemaId": format!("s-{title}"), "title": title})
}

fn boxed(id: &str, title: &str, x: f64, y: f64, side: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": side, "height": side}, "objectId": id, "schemaId": format!("s-{title}"), "title": title})
}

fn pair(id: &str, source: &str, target: &str) -> Value {
    json!({"objectId": id, "schemaId": "r", "title": "r", "direction": "straight", "from": source, "to": target})
}

fn group(id: &str, members: &[&str]) -> Value {
    json!({"objectId": id, "schemaId": "g", "title": "g", "group": members})
}

fn kit(objects: &[Value], relations: &[Value]) -> TestKit {
    let task = json!({"asset": "u", "externalId": "a.jpg", "metadata": {"width": 100, "height": 80}, "batches": [],
        "task": {"taskId": "t", "stage": "Complete", "tools": objects, "relations": relations}});
    TestKit::from_json(&task.to_string()).unwrap()
}

/// The lines of instances, and what was lost.
fn run(objects: &[Value], relations: &[Value], options: &str) -> (Vec<String>, Outcome) {
    let outcome = kit(objects, relations).run::<Lines>(options);
    assert_eq!(outcome.result, Ok(()));
    let mut lines: Vec<String> = outcome.text("lines").unwrap().lines().map(str::to_owned).collect();
    lines.pop();
    (lines, outcome)
}

fn lost(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap_or(""))).collect()
}

#[test]
fn points_are_of_the_smallest_object_around_them_that_lacks_them() {
    let objects = [
        point("n", "nose", 25.0, 25.0),
        boxed("big", "person", 0.0, 0.0, 60.0),
        boxed("small", "person", 20.0, 20.0, 20.0),
        point("m", "nose", 26.0, 26.0),
        point("e", "eye", 5.0, 5.0),
        point("far", "eye", 90.0, 70.0),
        boxed("none", "person", 70.0, 0.0, 10.0),
        point("third", "nose", 27.0, 27.0),
    ];
    let (lines, outcome) = run(&objects, &[], "{}");
    assert_eq!(lines, ["big person: 26,26,2 5,5,2", "small person: 25,25,2 0,0,0", "none person: 0,0,0 0,0,0"]);
    assert_eq!(
        lost(&outcome),
        [("keypoint-guessed", "n"), ("keypoint-guessed", "m"), ("keypoint-unassigned", "far"), ("keypoint-repeated", "third")]
    );
}

#[test]
fn relations_say_more_than_places() {
    let objects = [
        boxed("a", "person", 0.0, 0.0, 30.0),
        boxed("b", "person", 0.0, 0.0, 60.0),
        point("n", "nose", 10.0, 10.0),
        point("e", "eye", 70.0, 70.0),
        point("l", "nose", 50.0, 10.0),
        point("m", "eye", 52.0, 12.0),
        point("both", "eye", 1.0, 1.0),
        point("alone", "eye", 12.0, 12.0),
    ];
    let relations = [
        group("g1", &["b", "n", "missing"]),
        pair("p1", "e", "n"),
        pair("p2", "l", "m"),
        pair("x", "a", "b"),
        group("g2", &["both", "a", "b"]),
        pair("p3", "alone", "missing"),
    ];
    let (lines, outcome) = run(&objects, &relations, "{}");
    assert_eq!(lines, ["a person: 0,0,0 12,12,2", "b person: 10,10,2 70,70,2", "l person[50 10 52 12]: 50,10,2 52,12,2"]);
    assert_eq!(
        lost(&outcome),
        [
            ("relation-unsupported", "x"),
            ("relation-unsupported", "p3"),
            ("box-from-points", "l"),
            ("keypoint-ambiguous", "both"),
            ("keypoint-guessed", "alone"),
        ]
    );
    let (lines, outcome) = run(&objects, &relations, r#"{"keypoints":{"group":"relation"}}"#);
    assert_eq!(lines[0], "a person: 0,0,0 0,0,0");
    assert!(lost(&outcome).contains(&("keypoint-unassigned", "alone")));
    let (_, outcome) = run(&objects, &relations, r#"{"keypoints":{"group":"inside"}}"#);
    assert_eq!(outcome.codes()["relation-unsupported"], 6);
}

#[test]
fn an_image_of_points_alone_is_one_instance() {
    let objects = [point("n", "nose", 0.5, 80.0), point("m", "nose", 9.0, 9.0), point("out", "eye", 101.0, 5.0)];
    let (lines, outcome) = run(&objects, &[], "{}");
    assert_eq!(lines, ["n object[0 79 1 80]: 0.5,80,2 0,0,0"]);
    assert_eq!(lost(&outcome), [("out-of-bounds", "out"), ("keypoint-repeated", "m"), ("box-from-points", "n")]);
    let (lines, _) = run(&objects, &[], r#"{"keypoints":{"class":"face"}}"#);
    assert!(lines[0].starts_with("n face["), "{lines:?}");
    let (lines, outcome) = run(&objects, &[], r#"{"keypoints":{"group":"inside"}}"#);
    assert!(lines.is_empty());
    assert_eq!(outcome.codes(), [("out-of-bounds", 1), ("keypoint-unassigned", 2)].into());
}

#[test]
fn points_without_an_object_need_a_class_when_there_are_several() {
    let objects = [point("n", "nose", 5.0, 5.0), point("e", "eye", 6.0, 6.0), boxed("a", "cat", 30.0, 30.0, 5.0), boxed("b", "dog", 30.0, 30.0, 5.0)];
    let relations = [pair("p", "n", "e")];
    let (lines, outcome) = run(&objects, &relations, "{}");
    assert_eq!((lines.len(), outcome.codes()), (2, [("keypoint-unassigned", 2)].into()));
    for (options, class) in [(r#"{"keypoints":{"class":"s-dog"}}"#, "dog"), (r#"{"keypoints":{"class":"new"}}"#, "new")] {
        let (lines, _) = run(&objects, &relations, options);
        assert_eq!(lines[0], format!("n {class}[5 5 6 6]: 5,5,2 6,6,2"));
    }
}

#[test]
fn lines_of_as_many_points_are_instances() {
    let line = |id: &str, points: Value| json!({"polyline": points, "objectId": id, "schemaId": "s-pose", "title": "pose"});
    let objects =
        [line("a", json!([[1, 2], [30, 40], [200, 3]])), line("b", json!([[1, 2], [3, 4]])), line("c", json!([[-1, 2], [300, 4], [0, 90]]))];
    let (lines, outcome) = run(&objects, &[], r#"{"keypoints":{"names":["head","hip","foot"]}}"#);
    assert_eq!(lines, ["a pose[1 2 30 40]: 1,2,2 30,40,2 0,0,0", "b pose: 0,0,0 0,0,0 0,0,0"]);
    assert_eq!(lost(&outcome), [("clipped", "a"), ("box-from-points", "a"), ("out-of-bounds", "c")]);
}

#[test]
fn answers_say_what_can_be_seen() {
    let mut hidden = point("n", "nose", 5.0, 5.0);
    hidden["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Seen?", "answer": "no"}]);
    let mut seen = point("e", "eye", 5.0, 5.0);
    seen["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Seen?", "answer": "yes"},
        {"objectId": "d", "schemaId": "r", "tool": "text", "title": "Note", "answer": "x"}]);
    let objects = [boxed("a", "cat", 0.0, 0.0, 9.0), hidden, seen];
    let (lines, outcome) = run(&objects, &[], r#"{"keypoints":{"visibility":"Seen?","hidden":["no"]}}"#);
    assert_eq!(lines, ["a cat: 5,5,1 5,5,2"]);
    assert_eq!(lost(&outcome), [("classification-unsupported", "e")]);
}

#[test]
fn points_of_what_is_left_out_are_reported() {
    let objects = [boxed("a", "broken", 0.0, 0.0, 9.0), point("n", "nose", 5.0, 5.0), point("e", "eye", 6.0, 6.0)];
    let (lines, outcome) = run(&objects, &[], r#"{"keypoints":{"names":["eye"]}}"#);
    assert_eq!((lines.len(), lost(&outcome)), (0, vec![("class-excluded", "n"), ("broken", "a"), ("keypoint-unassigned", "e")]));
}

#[test]
fn names_are_chosen_ordered_joined_and_mirrored() {
    let objects = [point("a", "Left eye", 1.0, 1.0), point("b", "nose", 1.0, 1.0), point("c", "right eye", 1.0, 1.0)];
    let header = |options: &str| {
        let outcome = kit(&objects, &[]).run::<Lines>(options);
        assert_eq!(outcome.result, Ok(()));
        outcome.text("lines").unwrap().lines().last().unwrap().to_owned()
    };
    assert_eq!(header("{}"), r#"["Left eye", "nose", "right eye"] [] Some([2, 1, 0])"#);
    assert_eq!(header(r#"{"keypoints":{"names":["s-nose","Left eye"],"skeleton":[["Left eye","nose"]]}}"#), r#"["nose", "Left eye"] [[1, 0]] None"#);
    assert_eq!(header(r#"{"keypoints":{"flip":[["nose","Left eye"]]}}"#), r#"["Left eye", "nose", "right eye"] [] Some([1, 0, 2])"#);
    for (options, pointer) in [
        (r#"{"keypoints":{"names":["nose","ear"]}}"#, "/keypoints/names/1"),
        (r#"{"keypoints":{"names":["nose","s-nose"]}}"#, "/keypoints/names/1"),
        (r#"{"keypoints":{"flip":[["nose","ear"]]}}"#, "/keypoints/flip/0/1"),
        (r#"{"keypoints":{"skeleton":[["ear","nose"]]}}"#, "/keypoints/skeleton/0/0"),
        (r#"{"keypoints":{"skeleton":[["nose"]]}}"#, "/keypoints/skeleton/0"),
    ] {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&objects, &[]).run::<Lines>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
    let Err(RunError::Failure(Failure::Options(error))) = kit(&[], &[]).run::<Lines>("{}").result else { panic!() };
    assert_eq!(error.pointer, "/keypoints/names");
}
