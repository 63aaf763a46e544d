#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod images;
mod video;

use ango_plugin_sdk::testkit::{Outcome, TestKit};
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::*;

/// One task with these tools, of an image of 100 × 80 pixels.
fn task(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = (0..).zip(tools).map(|(at, tool)| named(tool.clone(), at)).collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": [],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

/// The tool as an object `o{at}` of class `cat`, where it does not say another.
fn named(mut tool: Value, at: usize) -> Value {
    let fields = tool.as_object_mut().unwrap();
    for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-cat".to_owned()), ("title", "cat".to_owned())] {
        fields.entry(key).or_insert(value.into());
    }
    tool
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

fn answer(schema_id: &str, title: &str, answer: Value, nested: &[Value]) -> Value {
    json!({"objectId": format!("a-{schema_id}"), "schemaId": schema_id, "title": title, "tool": "radio", "answer": answer, "classifications": nested})
}

/// An element: its name, its attributes, its text, and what is in it.
#[derive(Debug, Default, PartialEq, Clone)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn one(&self, name: &str) -> &Element {
        let all: Vec<&Element> = self.children.iter().filter(|child| child.name == name).collect();
        assert_eq!(all.len(), 1, "{name} in {}", self.name);
        all[0]
    }
}

/// Reads XML by somebody else's parser.
fn parse(text: &str) -> Element {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = vec![Element::default()];
    let start = |tag: &quick_xml::events::BytesStart<'_>| Element {
        name: String::from_utf8(tag.name().as_ref().to_vec()).unwrap(),
        attributes: tag
            .attributes()
            .map(|attribute| attribute.unwrap())
            .map(|attribute| {
                (
                    String::from_utf8(attribute.key.as_ref().to_vec()).unwrap(),
                    attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned(),
                )
            })
            .collect(),
        ..Element::default()
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => open.push(start(&tag)),
            Event::Empty(tag) => open.last_mut().unwrap().children.push(start(&tag)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text.decode().unwrap()),
            Event::GeneralRef(entity) => {
                let resolved = match entity.resolve_char_ref().unwrap() {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&entity.decode().unwrap()).unwrap().to_owned(),
                };
                open.last_mut().unwrap().text.push_str(&resolved);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1);
    open.remove(0).children.remove(0)
}

fn labels(root: &Element) -> &Element {
    root.one("meta").one("task").one("labels")
}

#[test]
fn the_schema_says_what_the_options_are() {
    let schema: Value = serde_json::from_str(&Cvat::describe().options_schema).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let defaults: serde_json::Map<String, Value> =
        properties.iter().filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone()))).collect();
    let options: Options = serde_json::from_value(Value::Object(defaults)).unwrap();
    assert_eq!(format!("{options:?}"), format!("{:?}", Options::default()));
    assert!(properties.values().all(|property| property["description"].is_string()));
}
