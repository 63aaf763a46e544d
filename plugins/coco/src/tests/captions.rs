use ango_plugin_sdk::testkit::RunError;

use super::*;

fn answer(title: &str, kind: &str, answer: Value) -> Value {
    json!({"objectId": "c", "schemaId": format!("q-{title}"), "tool": kind, "title": title, "answer": answer})
}

fn captioned() -> Vec<Value> {
    let mut first = task("a.jpg", &[]);
    first["task"]["classifications"] = json!([
        answer("Weather", "radio", json!("rain")),
        answer("Caption", "text", json!("A wet \"street\"\n🚗")),
        answer("Note", "text", json!("blurred")),
        answer("Empty", "text", json!(" "))
    ]);
    let mut second = task("b.jpg", &[json!({"point": [1, 2]})]);
    second["metadata"] = json!({});
    second["task"]["classifications"] = json!([answer("Caption", "text", json!("Two")), answer("Caption", "text", json!("Three"))]);
    vec![first, second, task("c.jpg", &[])]
}

#[test]
fn every_text_is_a_caption() {
    let outcome = kit(&captioned()).run::<Coco>(r#"{"task":"captions"}"#);
    assert_eq!(kit(&captioned()).shard_size(1).run::<Coco>(r#"{"task":"captions"}"#).files, outcome.files);
    let value = converted(&outcome);
    let high = 1 << 24;
    assert_eq!(
        value["annotations"],
        json!([
            {"id": 2, "image_id": 1, "caption": "A wet \"street\"\n🚗"},
            {"id": 3, "image_id": 1, "caption": "blurred"},
            {"id": high + 1, "image_id": 2, "caption": "Two"},
            {"id": high + 2, "image_id": 2, "caption": "Three"}
        ])
    );
    // Readers that find categories look for the category of each caption.
    assert_eq!(value.get("categories"), None);
    assert_eq!(value["images"].as_array().unwrap().len(), 3);
    assert_eq!((value["images"][1].get("width"), &value["images"][0]["width"]), (None, &json!(100)));
    assert_eq!(value["images"][0]["attributes"], json!({"taskId": "t-a.jpg", "stage": "Complete", "Weather": "rain", "Empty": " "}));
    assert_eq!(outcome.codes(), [("geometry-unsupported", 1)].into());
}

#[test]
fn questions_are_chosen_by_title_or_id() {
    let options = json!({"task": "captions", "caption": ["q-Note", "Weather"], "empty": "drop"});
    let outcome = kit(&captioned()).run::<Coco>(&options.to_string());
    let value = converted(&outcome);
    let captions: Vec<&str> = value["annotations"].as_array().unwrap().iter().map(|row| row["caption"].as_str().unwrap()).collect();
    assert_eq!(captions, ["rain", "blurred"]);
    assert_eq!(value["images"][0]["attributes"]["Caption"], json!("A wet \"street\"\n🚗"));
    assert_eq!(outcome.codes(), [("geometry-unsupported", 1), ("image-empty", 2)].into());
    let outcome = kit(&captioned()).run::<Coco>(r#"{"task":"captions","caption":["Caption","Titel"]}"#);
    let Err(RunError::Failure(Failure::Options(error))) = outcome.result else { panic!("{:?}", outcome.result) };
    assert_eq!((error.pointer.as_str(), error.reason.contains("`Caption`, `Note`")), ("/caption/1", true), "{}", error.reason);
}
