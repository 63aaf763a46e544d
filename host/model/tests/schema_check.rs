//! The checker from outside: broken records and what is said about them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ango_model::json::Document;
use ango_model::schema::{Checker, MAX_PROBLEMS, Problem, Severity};

fn problems_of(checker: &mut Checker, text: &str) -> Vec<Problem> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?} in {text}"));
    let mut problems = Vec::new();
    checker.check(&document.root(), &mut |problem| problems.push(problem));
    problems
}

fn problems(text: &str) -> Vec<Problem> {
    problems_of(&mut Checker::new(), text)
}

/// One line per problem: `error wrong-type task.tools`.
fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {} {}", problem.severity, problem.code, problem.field).trim_end().to_owned()).collect()
}

/// A record with these members in its asset and its task.
fn record(asset: &str, task: &str) -> String {
    let metadata = if asset.contains("\"metadata\"") { "" } else { r#""metadata":{"width":100,"height":50},"# };
    format!(r#"{{"asset":"u",{metadata}{asset}"task":{{"taskId":"t",{task}"stage":"Complete"}}}}"#)
}

fn tool(geometry: &str) -> String {
    record("", &format!(r#""tools":[{{"objectId":"o","schemaId":"s",{geometry}}}],"#))
}

fn classification(members: &str) -> String {
    record("", &format!(r#""classifications":[{{"schemaId":"q",{members}}}],"#))
}

fn expect(text: &str, expected: &[&str]) {
    assert_eq!(lines(&problems(text)), expected, "{text}");
}

#[test]
fn records_that_cannot_be_read() {
    expect("7", &["error wrong-type"]);
    expect("{}", &["error missing-key", "error missing-key"]);
    expect(&record(r#""tasks":[],"#, ""), &["error legacy-format tasks"]);
    expect(
        r#"{"asset":1,"batches":{},"metadata":{"width":"9","height":-1,"frameRate":1e999},"task":{"taskId":null,"updatedAt":"noon","totalDuration":-1,"tools":7}}"#,
        &[
            "error wrong-type asset",
            "error wrong-type batches",
            "error wrong-type metadata.width",
            "error out-of-range metadata.height",
            "error out-of-range metadata.frameRate",
            "error bad-time task.updatedAt",
            "error out-of-range task.totalDuration",
            "error wrong-type task.tools",
            "error missing-key task",
        ],
    );
    expect(
        &record("", r#""tools":[null,{"bounding-box":{"x":"1","width":2,"height":3}}],"#),
        &[
            "error wrong-type task.tools[1].bounding-box.x",
            "error missing-key task.tools[1].bounding-box",
            "error missing-key task.tools[1]",
            "error missing-key task.tools[1]",
        ],
    );
    expect(
        &tool(r#""polygon":[[1,2],[3],[4,"5"],6,[7,8]]"#),
        &["error bad-point task.tools[0].polygon[1]", "error wrong-type task.tools[0].polygon[2][1]", "error bad-point task.tools[0].polygon[3]"],
    );
    expect(
        &tool(r#""rotated-bounding-box":{"width":1,"height":1,"rotation":0,"corners":[[0,0]]}"#),
        &["error corner-count task.tools[0].rotated-bounding-box.corners"],
    );
    expect(&tool(r#""pdf":{"position":null}"#), &["error wrong-type task.tools[0].pdf.position"]);
    expect(
        &classification(r#""answer":"x","metadata":{"createdAt":true},"classifications":[{"answer":"y"}]"#),
        &["error wrong-type task.classifications[0].metadata.createdAt", "error missing-key task.classifications[0].classifications[0]"],
    );
    expect(
        &record("", r#""relations":[{"from":"","direction":"up"}],"#),
        &["error unexpected-value task.relations[0].direction", "error missing-key task.relations[0]", "error missing-key task.relations[0]"],
    );
}

#[test]
fn assets_and_tasks_that_are_suspicious() {
    expect(&record("", ""), &[]);
    expect(
        &record(r#""contextData":"x","#, r#""consensusAverage":"high","#),
        &["warning unexpected-type contextData", "warning unexpected-type task.consensusAverage"],
    );
    expect(
        &record(r#""n":{"a":[{"b":1,"\u0062":2}]},"asset":"v","#, ""),
        &["warning duplicate-key n.a[0].\\u0062", "warning duplicate-key asset"].iter().rev().copied().collect::<Vec<_>>(),
    );
    let point = r#""tools":[{"objectId":"o","schemaId":"s","point":[1,1]}],"#;
    expect(&record(r#""metadata":{},"#, point), &["warning no-image-size metadata"]);
    expect(&record(r#""metadata":{"width":0,"height":5},"#, point), &["warning no-image-size metadata"]);
    expect(&format!(r#"{{"asset":"u","task":{{"taskId":"t",{point}"x":1}}}}"#), &["warning no-image-size"]);
    expect(&record(r#""metadata":{},"#, ""), &[]);
    expect(
        &record(
            "",
            r#""stageHistory":[{"completedAt":"2024-01-02"},{"completedAt":"2024-01-01"},{"completedAt":null},{"completedAt":1704153600000}],"#,
        ),
        &["warning history-order task.stageHistory[1].completedAt"],
    );
    expect(
        &record(r#""dataset":["a","b"],"#, r#""classifications":[{"schemaId":"q","answer":"x","page":2},{"schemaId":"q","answer":"x","page":1}],"#),
        &["warning page-out-of-range task.classifications[0].page"],
    );
    expect(&record(r#""metadata":{"frameTotal":3},"dataset":["a","b"],"#, r#""relations":[{"group":[],"page":2}],"#), &[]);
}

#[test]
fn a_task_that_occurs_twice_is_told_once_per_repetition() {
    let mut checker = Checker::new();
    assert_eq!(lines(&problems_of(&mut checker, &record("", ""))), [""; 0]);
    assert_eq!(lines(&problems_of(&mut checker, &record("", "").replace("\"t\"", "\"other\""))), [""; 0]);
    let again = problems_of(&mut checker, &record("", "").replace("\"t\"", "\"\\u0074\""));
    assert_eq!(lines(&again), ["warning duplicate-task task.taskId"]);
    assert_eq!(again[0].task.as_deref(), Some("t"));
}

#[test]
fn annotations_that_are_suspicious() {
    let point = |id: &str, more: &str| format!(r#"{{"objectId":"{id}","schemaId":"s","point":[1,1]{more}}}"#);
    let tools = [point("a", ""), point("a", r#","page":1"#), point("b", ""), point("a", r#","page":0"#), point("b", "")].join(",");
    expect(
        &record("", &format!(r#""tools":[{tools}],"#)),
        &["warning duplicate-object task.tools[3].objectId", "warning duplicate-object task.tools[4].objectId"],
    );
    expect(
        &record("", &format!(r#""stageHistory":[{{"tools":[{0}]}},{{"tools":[{0},{0}]}}],"#, point("a", ""))),
        &["warning duplicate-object task.stageHistory[1].tools[1].objectId"],
    );
    expect(
        &record("", &format!(r#""tools":[{}],"relations":[{{"from":"a","to":"z"}},{{"group":["a","y",null]}}],"#, point("a", ""))),
        &["warning missing-member task.relations[0].to", "warning missing-member task.relations[1].group[1]"],
    );
    for (members, expected) in [
        (r#""tool":"radio""#, "warning no-answer task.classifications[0]"),
        (r#""tool":"radio","answer":null"#, "warning no-answer task.classifications[0].answer"),
        (r#""tool":"checkbox","answer":[null]"#, "warning no-answer task.classifications[0].answer"),
        (r#""tool":"radio","answer":["a"]"#, "warning answer-type task.classifications[0].answer"),
        (r#""tool":"checkbox","answer":"a""#, "warning answer-type task.classifications[0].answer"),
        (r#""tool":"multi-dropdown","answer":["a",1]"#, "warning answer-type task.classifications[0].answer"),
        (r#""tool":"boolean","answer":"true""#, "warning answer-type task.classifications[0].answer"),
    ] {
        expect(&classification(members), &[expected]);
    }
    expect(&classification(r#""tool":"tree-dropdown","answer":"a / b""#), &[]);
    expect(&classification(r#""tool":"tomorrow","answer":{"a":1}"#), &[]);
}

#[test]
fn geometries_that_are_suspicious() {
    for (geometry, expected) in [
        (r#""cuboid":{"center":[1,2,3]}"#, &["warning unknown-tool task.tools[0].cuboid"] as &[&str]),
        (r#""lock":true"#, &["warning no-geometry task.tools[0]"]),
        (r#""medical-brush":true"#, &[]),
        (r#""point":[1,1],"polyline":[[1,1,9],[2,2,9]]"#, &["warning several-geometries task.tools[0]"]),
        (r#""point":[1,1],"future":{"x":1}"#, &[]),
        (r#""bounding-box":{"x":9,"y":9,"width":-2,"height":3}"#, &["warning negative-size task.tools[0].bounding-box.width"]),
        (r#""bounding-box":{"x":90,"y":9,"width":11,"height":3}"#, &[]),
        (r#""bounding-box":{"x":90,"y":9,"width":11.5,"height":3}"#, &["warning outside-image task.tools[0].bounding-box"]),
        (r#""point":[-1.5,0]"#, &["warning outside-image task.tools[0].point"]),
        (r#""polyline":[[1,1]]"#, &["warning few-points task.tools[0].polyline"]),
        (r#""polygon":[[1,1],[2,2]]"#, &["warning few-points task.tools[0].polygon"]),
        (r#""polygon":[[1,1],[2,2],[2,1],[1,1]]"#, &["warning closed-ring task.tools[0].polygon[3]"]),
        (r#""polygon":[[1,1],[200,2],[2,99]]"#, &["warning outside-image task.tools[0].polygon[1]"]),
        (r#""segmentation":{}"#, &["warning empty-region task.tools[0].segmentation"]),
        (
            r#""segmentation":{"zones":[{"region":[]},{"holes":[[[1,1],[2,2],[2,1]]]},{"region":[[1,1],[9,1],[9,9]],"holes":[[]]}]}"#,
            &[
                "warning empty-region task.tools[0].segmentation.zones[0]",
                "warning hole-without-region task.tools[0].segmentation.zones[1]",
                "warning few-points task.tools[0].segmentation.zones[2].holes[0]",
            ],
        ),
        (r#""rotated-bounding-box":{"x":20,"y":10,"width":4,"height":6,"rotation":90,"corners":[[20,10],[14,10],[14,14],[20,14]]}"#, &[]),
        (
            r#""rotated-bounding-box":{"x":20,"y":10,"width":4,"height":6,"rotation":90,"corners":[[20,10],[14,10],[14,14],[20,14.001]]}"#,
            &["warning corners-mismatch task.tools[0].rotated-bounding-box.corners"],
        ),
        (
            r#""rotated-bounding-box":{"x":2,"y":10,"width":4,"height":6,"rotation":90}"#,
            &["warning outside-image task.tools[0].rotated-bounding-box"],
        ),
        (r#""spline":{"points":[[1,1],[200,3]]}"#, &[]),
        (r#""ner":{"start":1000,"end":2000}"#, &[]),
    ] {
        expect(&tool(geometry), expected);
    }
    // Of several images only the first one's size is known.
    let far = r#""tools":[{"objectId":"o","schemaId":"s","point":[500,1],"page":PAGE}],"#;
    expect(&record(r#""dataset":["a","b"],"#, &far.replace("PAGE", "1")), &[]);
    expect(&record(r#""dataset":["a","b"],"#, &far.replace("PAGE", "0")), &["warning outside-image task.tools[0].point"]);
}

#[test]
fn offsets_point_at_the_value_and_the_task_is_named() {
    let text = tool(r#""bounding-box":{"x":9,"y":9,"width":"wide","height":3}"#);
    let problems = problems(&text);
    assert_eq!(problems.len(), 1);
    assert!(text[problems[0].offset..].starts_with("wide"), "{}", problems[0]);
    assert_eq!(problems[0].task.as_deref(), Some("t"));
    assert_eq!(problems[0].text, "expected a number, found a string");
}

#[test]
fn problems_of_a_record_are_capped_and_the_rest_is_counted() {
    let points = |count: usize| vec!["[1]"; count].join(",");
    let full = problems(&tool(&format!(r#""polyline":[{}]"#, points(MAX_PROBLEMS))));
    assert_eq!(full.len(), MAX_PROBLEMS);
    let over = problems(&tool(&format!(r#""polyline":[{}]"#, points(5000))));
    assert_eq!(over.len(), MAX_PROBLEMS + 1);
    let last = over.last().unwrap();
    assert_eq!((last.severity, last.code), (Severity::Error, "too-many-problems"));
    assert_eq!(last.text, "4900 more problems of this record are not listed, 4900 of them errors");
}

#[test]
fn the_samples_have_warnings_but_no_errors() {
    for (file, expected) in [
        ("every-field.ndjson", &["answer-type", "missing-member", "negative-size", "no-answer", "unknown-tool"] as &[&str]),
        ("v3-samples.json", &["corners-mismatch", "empty-region", "negative-size", "no-answer", "no-image-size", "unknown-tool"]),
    ] {
        let text = std::fs::read_to_string(format!("{}/../../tests/data/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        // Lines are made an array, so that both are read in the same way.
        let array = if text.starts_with('[') { text } else { format!("[{}]", text.trim().replace('\n', ",")) };
        let document = Document::parse(&array).unwrap();
        let (mut checker, mut all) = (Checker::new(), Vec::new());
        for record in document.root().elements() {
            checker.check(&record, &mut |problem| all.push(problem));
        }
        assert!(all.iter().all(|problem| problem.severity == Severity::Warning), "{all:?}");
        let mut codes: Vec<&str> = all.iter().map(|problem| problem.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, expected, "{file}");
    }
}
