//! `validate` lists what is wrong with an export, and `schema v3` says the same to tools that speak JSON Schema.

use ango_tests::cli::Cli;
use serde_json::{Value, json};

const GOOD: &str = r#"{"asset":"https://x.test/a.jpg","externalId":"a.jpg","metadata":{"width":10,"height":10},"batches":[],"task":{"taskId":"t1","tools":[{"point":[1,2],"objectId":"o1","schemaId":"s1"}]}}"#;

#[test]
fn problems_come_by_severity_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.ndjson");
    let outside = GOOD.replace("[1,2]", "[1,99]").replace("t1", "t2");
    let untyped = GOOD.replace("[1,2]", "\"here\"").replace("t1", "t3");
    std::fs::write(&file, [GOOD, &outside, &untyped, "{\"asset\":", GOOD].join("\n")).unwrap();
    let run = Cli::new(["validate"]).arg(&file).expect(5);
    insta::assert_snapshot!(ango_tests::text::stable(&run.text(), folder.path()));

    let events = Cli::new(["validate", "--json"]).arg(&file).expect(5).events();
    let codes: Vec<&str> = events.iter().filter(|event| event["event"] == "problem").map(|event| event["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["outside-image", "bad-point", "not-json", "duplicate-task"]);
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["tasks"], &last["errors"], &last["warnings"]), (&json!("validated"), &json!(5), &json!(2), &json!(2)));

    std::fs::write(&file, [GOOD, &outside].join("\n")).unwrap();
    let run = Cli::new(["validate"]).arg(&file).expect(0);
    assert!(run.text().contains("2 tasks, 0 errors, 1 warnings"), "{run}");
    std::fs::write(&file, &GOOD[..100]).unwrap();
    Cli::new(["validate"]).arg(&file).expect(5);
    Cli::new(["validate"]).arg(folder.path().join("nothing")).expect(2);
}

#[test]
fn many_problems_of_a_kind_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.json");
    let records: Vec<String> = (0..1000).map(|index| GOOD.replace("[1,2]", "[-5,2]").replace("t1", &format!("t{index}"))).collect();
    std::fs::write(&file, format!("[{}]", records.join(","))).unwrap();
    let text = Cli::new(["validate"]).arg(&file).expect(0).text();
    assert_eq!(text.matches("warning[outside-image]").count(), 20);
    assert!(text.contains("1000  warning outside-image (20 shown)") && text.contains("1000 tasks, 0 errors, 1000 warnings"), "{text}");
}

#[test]
fn the_schema_is_a_schema() {
    let schema: Value = serde_json::from_str(&Cli::new(["schema", "v3"]).expect(0).stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["$defs"].as_object().unwrap().len() > 10);
}
