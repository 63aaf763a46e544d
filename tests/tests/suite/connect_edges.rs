//! `connect` where something goes wrong: whatever Hub, its storage, the run or the converter do, the session ends with an answer and a line that says why, and the next run works.

use ango_tests::hub::{Hub, Joined, KEY, connect, until};
use ango_tests::project::records;
use serde_json::{Value, json};
use std::fs::write;

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// The lines of a session, of a level.
fn lines<'s>(ended: &'s Value, level: &str) -> Vec<&'s str> {
    let lines = ended["logs"].as_array().unwrap().iter().filter(|line| line["level"] == level);
    lines.map(|line| line["msg"].as_str().unwrap()).collect()
}

/// The session has failed as it should: one line says why, and the answer says that it did.
fn check_failed(ended: &Value, problem: &str) {
    assert_eq!(ended["response"], json!({ "error": true, "session": ended["session"] }), "{problem}: {ended:#}");
    let errors = lines(ended, "ERROR");
    assert!(errors.len() == 1 && errors[0].contains(problem), "{problem}: {errors:?}");
    assert!(!errors[0].contains(KEY) && !errors[0].contains("X-Amz"), "{errors:?}");
}

fn check_well(hub: &Hub, plugin: &str) {
    let ended = hub.run_to_end(plugin, json!({}));
    assert_eq!(ended["response"]["export"], true, "{ended:#}");
}

#[test]
fn whatever_hub_does() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    write(&config, "[connect]\nmax-export-bytes = 1000000\nruns = 20\n").unwrap();
    let hub = Hub::start(&records(20));
    let plugin = Joined::of(connect(&hub).args("--plugin-id one=coco --config").arg(&config).spawn_piped());
    hub.wait_online("one");
    for (name, fault, problem) in [
        // Tried again, each time in vain.
        (
            "export",
            json!({ "status": 500, "message": format!("the key {KEY} broke me") }),
            "the export was not made: HTTP 500 Internal Server Error: the key *** broke me",
        ),
        ("export", json!({ "status": 404 }), "the export was not made: HTTP 404"),
        ("export", json!({ "cut": true }), "the export was not made: the connection failed"),
        ("export", json!({ "raw": "nope" }), "the export was not made: the answer is not JSON"),
        ("export", json!({ "raw": "{\"data\":{}}" }), "the export was not made: the answer holds no data.exportPath"),
        ("export", json!({ "raw": "{\"data\":{\"exportPath\":\"file:///etc/passwd\"}}" }), "data.exportPath is not a link"),
        ("link", json!({ "status": 404 }), "the export was not fetched: HTTP 404"),
        ("link", json!({ "cut": true }), "the export was not fetched: "),
        ("link", json!({ "endless": true }), "the export was not fetched: it is larger than 1000000 bytes"),
        ("link", json!({ "garbage": true }), "the export cannot be read: "),
        ("getUploadUrl", json!({ "status": 403 }), "there is no place for the result: HTTP 403"),
        ("getUploadUrl", json!({ "raw": "{\"data\":7}" }), "there is no place for the result: the answer holds no data.uploadUrl"),
        ("getSignedUrl", json!({ "status": 500 }), "there is no link to the result: HTTP 500"),
        ("put", json!({ "status": 403 }), "the result was not uploaded: HTTP 403 Forbidden"),
        ("put", json!({ "status": 500 }), "the result was not uploaded: HTTP 500"),
        ("put", json!({ "cut": true }), "the result was not uploaded: "),
    ] {
        hub.fault(name, fault);
        let ended = hub.run_to_end("one", json!({}));
        hub.fault(name, Value::Null);
        check_failed(&ended, problem);
    }
    // What passes is waited for.
    for (name, fault) in [
        ("export", json!({ "status": 429, "times": 1, "headers": { "Retry-After": "1" } })),
        ("link", json!({ "cut": true, "times": 2 })),
        ("put", json!({ "status": 503, "times": 2, "headers": { "Retry-After": "0" } })),
        ("put", json!({ "cut": true, "times": 1 })),
        ("getSignedUrl", json!({ "status": 502, "times": 3 })),
    ] {
        hub.fault(name, fault);
        check_well(&hub, "one");
    }
    assert!(!plugin.said().contains(&format!("\"{KEY}\"")) && !plugin.said().contains("X-Amz-"));
}

/// Rows 3 and 4 to 7 of the sharp edges, and what else a payload can hold.
#[test]
fn whatever_a_run_asks_for() {
    let hub = Hub::start(&records(20));
    let plugin = Joined::ours(&hub, "--plugin-id one=yolo --plugin-id two=coco");
    hub.wait_online("one");
    for (how, problem) in [
        (json!({ "with": { "configJSON": "" } }), "configJSON: is empty"),
        (json!({ "with": { "configJSON": "{oops" } }), "configJSON: is not JSON"),
        (json!({ "with": { "configJSON": "[1]" } }), "configJSON: expected an object"),
        (json!({ "with": { "configJSON": 7 } }), "configJSON: expected a text"),
        (json!({ "with": { "configJSON": "{\"include_key_frames_only\":\"yes\"}" } }), "include_key_frames_only: expected true or false"),
        (json!({ "with": { "configJSON": "{\"storageId\":[]}" } }), "storageId: expected the id of a storage"),
        (json!({ "with": { "configJSON": "{\"task\":\"sing\"}" } }), "plugin yolo: "),
        (json!({ "with": { "stage": "Complete" } }), "stage: expected a list"),
        (json!({ "with": { "batches": [7] } }), "batches: expected a list of texts"),
        (json!({ "with": { "pluginId": "two" } }), "pluginId: the run is for the plugin \"two\", which is not served here"),
        (json!({ "with": { "projectId": "P404" } }), "the export was not made: HTTP 404 Not Found: there is no such project"),
        (json!({ "with": { "projectId": "../listProjects?a" } }), "the export was not made: HTTP 404"),
        (json!({ "with": { "apiKey": "a\nb" } }), "apiKey: is not one"),
        (json!({ "with": { "apiKey": "WRONG" } }), "the export was not made: HTTP 401 Unauthorized: the key *** is not known"),
        (json!({ "without": ["projectId"] }), "projectId: is missing"),
        (json!({ "without": ["apiKey"] }), "apiKey: is missing"),
        (json!({ "with": { "configJSON": format!("{{\"a\":\"{}\"}}", "x".repeat(300 << 10)) } }), "configJSON: is longer than 256 KiB"),
    ] {
        check_failed(&hub.run_to_end("one", how), problem);
    }
    // Nobody to answer but an answer all the same.
    for raw in [json!("text"), json!([1]), json!({}), Value::Null] {
        let before = hub.seen("response").len();
        hub.run("one", json!({ "session": "", "raw": raw }));
        until("it is answered", || hub.seen("response").len() > before);
        assert_eq!(hub.seen("response").pop().unwrap()["response"], json!({ "error": true, "session": "" }), "{raw}");
    }
    // No organisation, no user, a number as session: it runs.
    let ended = hub.run_to_end(
        "one",
        json!({ "session": "77", "with": { "session": 77, "configJSON": null, "batches": null, "stage": null }, "without": ["orgId", "runBy"] }),
    );
    assert_eq!(ended["response"]["export"], true, "{ended:#}");
    hub.control("binary", &json!({ "plugin": "one" }));
    plugin.wait("binary data is left out", |event| event["event"] == "warning" && event["message"].as_str().unwrap().contains("binary"));
    // Too much for a frame: the connection ends, and is made again.
    let before = hub.seen("heartbeat").len();
    hub.run("one", json!({ "session": "huge", "with": { "configJSON": "x".repeat(9 << 20) } }));
    plugin.wait("the connection ends", |event| {
        event["event"] == "disconnected" && event["problem"].as_str().unwrap().contains("more than 8388608 bytes")
    });
    until("it is made again", || hub.seen("heartbeat").len() > before);
    hub.wait_online("one");
    check_well(&hub, "one");
    check_well(&hub, "two");
}

#[test]
fn whatever_the_converter_does() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    let limits = "[connect.plugins.one.limits]\nmemory = \"160MiB\"\nfuel-base = 200000000\nfuel-per-byte = 100\nwall-time = 8\n";
    let text = format!("[connect]\n[connect.plugins.one]\nconverter = '{HOSTILE}'\n{limits}[connect.plugins.two]\nconverter = \"coco\"\n");
    write(&config, text).unwrap();
    let hub = Hub::start(&records(20));
    let _plugin = Joined::of(connect(&hub).args("--runs 1 --config").arg(&config).spawn_piped());
    hub.wait_online("one");
    hub.wait_online("two");
    for (evil, problem) in [
        ("panic", "converter hostile failed (trap): "),
        ("infinite-loop", "converter hostile failed (fuel): "),
        ("sleep-hour", "converter hostile failed (wall-time): "),
        ("memory-growth", "converter hostile failed (memory): "),
        ("path-parent", "converter hostile failed (path): "),
    ] {
        let config = json!({ "evil": evil }).to_string();
        check_failed(&hub.run_to_end("one", json!({ "with": { "configJSON": config } })), problem);
        // Another plugin has nothing to do with it.
        check_well(&hub, "two");
    }
}

#[test]
fn a_storage_that_never_answers_costs_a_run_no_more_than_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    write(&config, "[connect]\ntime-limit = 3\nruns = 1\n").unwrap();
    let hub = Hub::start(&records(20));
    let _plugin = Joined::of(connect(&hub).args("--plugin-id one=coco --config").arg(&config).spawn_piped());
    hub.wait_online("one");
    for name in ["put", "export", "link", "getUploadUrl"] {
        hub.fault(name, json!({ "seconds": 3600 }));
        let ended = hub.run_to_end("one", json!({}));
        hub.fault(name, Value::Null);
        check_failed(&ended, "the run was stopped: it took longer than 3 s");
    }
    check_well(&hub, "one");
}

#[test]
fn losses_stand_in_the_log_by_their_code() {
    let hub = Hub::start(&records(20));
    let _plugin = Joined::ours(&hub, "--plugin-id one=yolo");
    hub.wait_online("one");
    let ended = hub.run_to_end("one", json!({}));
    let warnings = lines(&ended, "WARNING");
    assert!(warnings.iter().any(|warning| warning.starts_with("the result does not hold ")), "{ended:#}");
}
