//! The project as its readers will find it.

#![allow(clippy::unwrap_used)]

use super::*;
use serde_json::Value;
use std::path::PathBuf;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ango-demo-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn records(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.0.join("records.ndjson")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_project_is_the_same_each_time_and_complete() {
    let (first, second) = (Folder::new("first"), Folder::new("second"));
    write_project(&first.0).unwrap();
    write_project(&second.0).unwrap();
    let records = first.records();
    for name in ["project.json", "records.ndjson"] {
        assert_eq!(fs::read(first.0.join(name)).unwrap(), fs::read(second.0.join(name)).unwrap(), "{name}");
    }
    for record in &records {
        let asset = record["asset"].as_str().unwrap();
        let bytes = fs::read(first.0.join(asset)).unwrap();
        assert_eq!(bytes, fs::read(second.0.join(asset)).unwrap(), "{asset}");
        // The IHDR chunk: width and height are big-endian at bytes 16 and 20.
        let side = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        assert_eq!(record["metadata"]["width"], side(16));
        assert_eq!(record["metadata"]["height"], side(20));
    }
    promises(&records);
    classes(&first, &records);
}

/// What the demo is there to show.
fn promises(records: &[Value]) {
    let stages: Vec<&str> = records.iter().filter_map(|record| record["task"]["stage"].as_str()).collect();
    assert!(stages.contains(&"Complete") && stages.contains(&"Review"));
    assert!(records.iter().any(|record| record["task"]["tools"].as_array().unwrap().is_empty()));
    let mut names: Vec<&str> = records.iter().filter_map(|record| record["externalId"].as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() < count, "no name occurs twice");
    let tools: Vec<&Value> = records.iter().flat_map(|record| record["task"]["tools"].as_array().unwrap()).collect();
    for key in ["bounding-box", "rotated-bounding-box", "polygon", "polyline", "segmentation", "point", "circle"] {
        assert!(tools.iter().any(|tool| tool.get(key).is_some()), "no {key}");
    }
    assert!(tools.iter().any(|tool| tool["bounding-box"]["x"].as_f64().is_some_and(|x| x < 0.0)));
    assert!(tools.iter().any(|tool| tool.pointer("/segmentation/zones/0/holes/0").is_some()));
    assert!(tools.iter().any(|tool| tool.pointer("/segmentation/zones/1").is_some()));
    let history = records[0]["task"]["stageHistory"].as_array().unwrap();
    let names: Vec<&str> = history.iter().filter_map(|stage| stage["stage"].as_str()).collect();
    assert_eq!(names, ["Start", "Consensus_1", "Consensus_2", "Review"]);
    assert_ne!(history[1]["tools"], history[2]["tools"]);
    assert!(history[3]["reviewStatus"].is_string());
    let relations: Vec<&Value> = records.iter().flat_map(|record| record["task"]["relations"].as_array().unwrap()).collect();
    assert!(relations.iter().any(|relation| relation.get("from").is_some()));
    assert!(relations.iter().any(|relation| relation.get("group").is_some()));
}

/// Every schema id is in the ontology, at least one class is unused, and object ids are unique.
fn classes(folder: &Folder, records: &[Value]) {
    let project: Value = serde_json::from_slice(&fs::read(folder.0.join("project.json")).unwrap()).unwrap();
    let known: Vec<&str> = project["ontology"]["tools"].as_array().unwrap().iter().filter_map(|tool| tool["schemaId"].as_str()).collect();
    let mut used = std::collections::HashSet::new();
    for record in records {
        let mut ids = std::collections::HashSet::new();
        for tool in record["task"]["tools"].as_array().unwrap() {
            let schema = tool["schemaId"].as_str().unwrap();
            assert!(known.contains(&schema), "{schema} is not in the ontology");
            used.insert(schema);
            assert!(ids.insert(tool["objectId"].as_str().unwrap()), "an object id occurs twice");
        }
    }
    assert!(used.len() < known.len(), "every class is used");
}
