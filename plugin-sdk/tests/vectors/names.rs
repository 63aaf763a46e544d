//! File names. The host is what they follow, and its tests read the file as well; so the kit is compared with it and never writes it.

use ango_plugin_sdk::testkit::read_tasks;
use serde_json::{Value, json};

#[test]
fn file_names_are_those_of_the_host() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/names.json")).unwrap();
    for case in vectors["name"].as_array().unwrap() {
        let assets = case["assets"].as_array().unwrap();
        let export: Vec<Value> =
            assets.iter().map(|asset| json!({"externalId": asset[0], "asset": asset[1], "task": {"taskId": asset[2], "tools": []}})).collect();
        let tasks = read_tasks(&json!(export).to_string()).unwrap();
        assert_eq!(tasks.len(), assets.len());
        for (task, asset) in tasks.iter().zip(assets) {
            assert_eq!(json!(task.asset.file_name), asset[3], "{}: {asset}", case["about"]);
        }
    }
}
