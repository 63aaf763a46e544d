#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod images;
mod texts;
mod videos;

use ango_plugin_sdk::Class;
use ango_plugin_sdk::testkit::{Outcome, TestKit};
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::*;

/// One task with these tools, of an image of 200 × 100 pixels.
fn task(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .enumerate()
        .map(|(at, tool)| {
            let mut tool = tool.clone();
            let fields = tool.as_object_mut().unwrap();
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-cat".to_owned()), ("title", "cat".to_owned())] {
                fields.entry(key).or_insert(value.into());
            }
            tool
        })
        .collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 200, "height": 100}, "batches": [],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn square(x: f64, y: f64, side: f64) -> Value {
    json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
}

fn zones(zones: &[(Value, &[Value])]) -> Value {
    let zones: Vec<Value> = zones.iter().map(|(region, holes)| json!({"region": region, "holes": holes})).collect();
    json!({"segmentation": {"zones": zones}})
}

fn answer(schema_id: &str, title: &str, kind: &str, answer: Value, nested: &[Value]) -> Value {
    json!({"objectId": format!("a-{schema_id}"), "schemaId": schema_id, "title": title, "tool": kind, "answer": answer, "classifications": nested})
}

fn class(schema_id: &str, title: &str, kind: &str, options: &[&str], parent: Option<&str>) -> Class {
    let options = options.iter().map(|&option| option.to_owned()).collect();
    Class { index: 0, schema_id: schema_id.into(), title: title.into(), kind: kind.into(), color: None, options, parent: parent.map(str::to_owned) }
}

/// With these classes, numbered.
fn numbered(classes: Vec<Class>) -> Vec<Class> {
    (0..).zip(classes).map(|(index, class)| Class { index, ..class }).collect()
}

fn tasks(outcome: &Outcome) -> Vec<Value> {
    let value: Value = serde_json::from_str(outcome.text("tasks.json").unwrap()).unwrap();
    value.as_array().unwrap().clone()
}

/// The results of the only task.
fn results(outcome: &Outcome) -> Vec<Value> {
    assert_eq!(outcome.result, Ok(()));
    let tasks = tasks(outcome);
    assert_eq!(tasks.len(), 1);
    tasks[0]["annotations"][0]["result"].as_array().unwrap().clone()
}

/// Start tags with their attributes, in order, by somebody else's parser: `Label value=cat`.
fn tags(outcome: &Outcome) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(outcome.text("config.xml").unwrap());
    let mut tags = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let mut text = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                for attribute in tag.attributes().map(Result::unwrap) {
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap();
                    text.push_str(&format!(" {}={value}", String::from_utf8_lossy(attribute.key.as_ref())));
                }
                tags.push(text);
            }
            Event::Eof => return tags,
            _ => {}
        }
    }
}

#[test]
fn the_schema_says_what_the_options_are() {
    let schema: Value = serde_json::from_str(&LabelStudio::describe().options_schema).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let defaults: serde_json::Map<String, Value> =
        properties.iter().filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone()))).collect();
    let options: Options = serde_json::from_value(Value::Object(defaults)).unwrap();
    assert_eq!(format!("{options:?}"), format!("{:?}", Options::default()));
    assert!(properties.values().all(|property| property["description"].is_string()));
}

#[test]
fn shards_do_not_change_a_byte() {
    let on = |page: u32, x: f64| {
        let mut tool = boxed(x, 1.0, 20.0, 20.0);
        (tool["page"], tool["objectId"]) = (json!(page), json!("track"));
        tool
    };
    let mut video = task("v.mp4", &[on(0, 1.0), on(1, 2.0), on(2, 9.0)]);
    video["metadata"]["frameRate"] = json!(5);
    let tools = [boxed(1.0, 2.0, 3.0, 4.0), json!({"ner": {"start": 1, "end": 3}}), zones(&[(square(3.0, 3.0, 20.0), &[square(8.0, 8.0, 5.0)])])];
    let mut all: Vec<Value> = (0..12).map(|at| task(&format!("{at}.jpg"), &tools[..at % 4])).collect();
    all.insert(5, video);
    for options in ["{}", r#"{"tasks":"videos","empty":"drop"}"#, r#"{"tasks":"texts","results":"predictions"}"#] {
        let whole = kit(&all).run::<LabelStudio>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&all).shard_size(size).run::<LabelStudio>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
    assert_eq!(tasks(&kit(&[]).run::<LabelStudio>("{}")), [] as [Value; 0]);
}
