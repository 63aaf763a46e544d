//! A project as Hub describes it. Class ids of converted exports come from the order in which its classes stand there.

use ango_model::ontology::{Batch, Class, Ontology, Project, Stage};
use serde_json::Value;

/// How deep classes may be nested.
const MAX_DEPTH: usize = 32;

/// Reads it. Only what has an id counts; what else is odd is left out. `None` when there are no classes, which is no description.
pub fn read(value: &Value) -> Option<Project> {
    let schema = value.get("categorySchema")?;
    let classes = |name: &str| classes(schema.get(name), 0);
    let ontology = Ontology { tools: classes("tools"), classifications: classes("classifications"), relations: classes("relations") };
    if ontology == Ontology::default() {
        return None;
    }
    let stage = |stage: &Value| Some(Stage { id: text(stage, &["id", "_id"])?, name: text(stage, &["name"])?, kind: text(stage, &["type"]) });
    let batch = |batch: &Value| Some(Batch { id: text(batch, &["_id", "id"])?, name: text(batch, &["name"])? });
    Some(Project {
        name: text(value, &["name"]).unwrap_or_default(),
        ontology,
        stages: list(value.get("stages")).iter().filter_map(stage).collect(),
        batches: list(value.get("batches")).iter().filter_map(batch).collect(),
        task_count: None,
    })
}

fn classes(value: Option<&Value>, depth: usize) -> Vec<Class> {
    if depth >= MAX_DEPTH {
        return Vec::new();
    }
    list(value).iter().filter_map(|value| class(value, depth)).collect()
}

fn class(value: &Value, depth: usize) -> Option<Class> {
    // An option is an object with what it stands for, or the text alone.
    let option = |option: &Value| option.as_str().map(str::to_owned).or_else(|| text(option, &["value", "title"]));
    Some(Class {
        schema_id: text(value, &["schemaId"])?,
        title: text(value, &["title"]).unwrap_or_default(),
        tool: text(value, &["tool"]).unwrap_or_default(),
        color: text(value, &["color"]),
        options: list(value.get("options")).iter().filter_map(option).collect(),
        classifications: classes(value.get("classifications"), depth + 1),
    })
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The first of these that is a text or a number.
fn text(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match value.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn classes_stand_in_the_order_of_the_project() {
        let value = json!({
            "name": "P", "batches": [{ "_id": "b1", "name": "north" }, 7], "stages": [{ "id": "Complete", "name": "Complete", "type": "Complete", "position": { "x": 1 } }],
            "categorySchema": {
                "tools": [{ "schemaId": "z", "title": "Ship", "tool": "bounding-box", "color": "#fff", "required": false, "classifications": [
                    { "schemaId": 3, "title": "Flag", "tool": "radio", "options": [{ "value": "red", "schemaId": "o" }, "blue"] }] },
                    { "schemaId": "a", "title": "Quay" }, { "title": "no id" }],
                "classifications": null,
            },
        });
        let project = read(&value).unwrap_or_default();
        let ids: Vec<&str> = project.ontology.tools.iter().map(|class| class.schema_id.as_str()).collect();
        assert_eq!(ids, ["z", "a"]);
        assert_eq!(project.ontology.tools[0].classifications[0].options, ["red", "blue"]);
        assert_eq!((project.batches.len(), project.stages.len(), project.name.as_str()), (1, 1, "P"));
        for nothing in [json!({}), json!({ "categorySchema": {} }), json!([]), json!({ "categorySchema": { "tools": "x" } })] {
            assert_eq!(read(&nothing), None);
        }
    }
}
