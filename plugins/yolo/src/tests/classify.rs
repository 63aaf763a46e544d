#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! A class for each image.

use super::*;

fn answered(name: &str, answers: &[(&str, Value)]) -> Value {
    let mut task = task(name, &[]);
    let list: Vec<Value> = answers
        .iter()
        .enumerate()
        .map(|(at, (question, answer))| {
            let tool = if *question == "note" { "text" } else { "radio" };
            json!({"objectId": format!("c{at}"), "schemaId": format!("q-{question}"), "tool": tool, "title": question, "answer": answer})
        })
        .collect();
    task["task"]["classifications"] = json!(list);
    task
}

fn weather(tasks: &[Value], options: &[&str]) -> TestKit {
    kit(tasks).change_project(|project| {
        for question in project.classifications.iter_mut().filter(|question| question.title == "weather") {
            question.options = options.iter().map(|option| (*option).to_owned()).collect();
        }
    })
}

fn tasks() -> Vec<Value> {
    vec![
        answered("a/1.jpg", &[("note", json!("x")), ("weather", json!("sun"))]),
        answered("2.jpg", &[("weather", json!(["rain", "sun"]))]),
        answered("3.jpg", &[("weather", json!(null))]),
        answered("4.jpg", &[("weather", json!("hail"))]),
        answered("5.jpg", &[("weather", json!("snow/ice."))]),
    ]
}

#[test]
fn images_belong_into_the_folder_of_their_class() {
    let mut tasks = tasks();
    tasks[0]["task"]["tools"] = task("", &[boxed(1.0, 2.0, 3.0, 4.0)])["task"]["tools"].clone();
    let kit = weather(&tasks, &["sun", "rain", "snow/ice.", "SUN"]);
    let outcome = kit.run::<Yolo>(r#"{"task":"classify"}"#);
    assert_eq!(outcome.text("train.txt"), Some("./train/sun/a/1.jpg\n./train/rain/2.jpg\n./train/snow_ice_/5.jpg\n"));
    assert!(outcome.text("images.csv").unwrap().contains("\r\ntrain/rain/2.jpg,https://x.test/2.jpg,100,80\r\n"));
    assert_eq!(outcome.files.len(), 2);
    assert_eq!(
        outcome.codes(),
        [("geometry-unsupported", 1), ("classification-unsupported", 2), ("image-empty", 2), ("class-unmapped", 1), ("name-changed", 1)].into()
    );
    for options in [r#"{"task":"classify"}"#, r#"{"task":"classify","layout":"ndjson"}"#] {
        assert_eq!(kit.clone().shard_size(1).run::<Yolo>(options).files, kit.run::<Yolo>(options).files);
    }
}

#[test]
fn no_two_classes_have_one_folder() {
    let names = ["a/b", "a:b", "A_B", "..", "con.txt", "n0 x", "n01440764", " lead"];
    let tasks: Vec<Value> = names.iter().enumerate().map(|(at, name)| answered(&format!("{at}.jpg"), &[("weather", json!(name))])).collect();
    let folders = |kit: TestKit| {
        let outcome = kit.run::<Yolo>(r#"{"task":"classify"}"#);
        let list: Vec<String> = outcome.text("train.txt").unwrap().lines().map(|line| line.split('/').nth(2).unwrap().to_owned()).collect();
        let lower: std::collections::BTreeSet<String> = list.iter().map(|folder| folder.to_lowercase()).collect();
        assert_eq!(lower.len(), names.len(), "{list:?}");
        list
    };
    assert_eq!(folders(weather(&tasks, &names)), ["a_b_2", "a_b_3", "A_B", "__", "_con.txt", "_n0 x", "n01440764", " lead"]);
    // Where the project does not say which classes there are, a name that changes gets a hash.
    let list = folders(weather(&tasks, &[]));
    assert!(list[0].starts_with("a_b-") && list[2] == "A_B" && list[6] == "n01440764", "{list:?}");
}

#[test]
fn the_question_and_its_answers_can_be_said() {
    let kit = weather(&tasks(), &[]);
    let outcome = kit.run::<Yolo>(r#"{"task":"classify","question":"q-note","layout":"ndjson","answers":["y","x"],"classes":{"rename":{"x":"z"}}}"#);
    let lines: Vec<&str> = outcome.text("dataset.ndjson").unwrap().lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains(r#""class_names":{"0":"y","1":"z"}"#) && lines[1].contains(r#"{"classification":[1]}"#), "{lines:?}");
    for (options, pointer) in [
        (r#"{"task":"classify","question":"mood"}"#, "/question"),
        (r#"{"task":"classify","layout":"ndjson"}"#, "/answers"),
        (r#"{"task":"classify","answers":["sun"],"classes":{"exclude":["rain"]}}"#, "/classes/exclude/0"),
    ] {
        let Err(RunError::Failure(Failure::Options(error))) = kit.run::<Yolo>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
