//! Starting exports, following them, and fetching what they saved.

use ango_tests::archive::{list, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use ango_tests::service::{Home, fetch, fetch_headers, wait_for};
use serde_json::{Value, json};

/// A service with the project `harbour` of 30 tasks.
fn home() -> Home {
    let home = Home::new();
    harbour(&home.projects().join("harbour"), 30);
    home
}

/// Writes what a link gives into a file and reads its payload.
fn payload_of(home: &Home, bytes: &[u8]) -> (String, String) {
    let file = home.path().join("fetched.zip");
    std::fs::write(&file, bytes).unwrap();
    payload(&file)
}

#[test]
fn an_export_is_what_the_command_line_makes() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    for (index, (order, args)) in [
        (json!({}), ""),
        (
            json!({ "format": "ndjson", "stages": ["Review"], "metadata": true, "history": true }),
            "--format ndjson --stage Review --metadata --history",
        ),
        (json!({ "stages": [], "batches": ["north"], "onlyKeyFrames": true }), "--all-stages --batch north --only-key-frames"),
        (
            json!({ "format": "legacy", "stages": null, "updatedAfter": "2024-01-01T00:00:00Z" }),
            "--format legacy --all-stages --updated-after 2024-01-01T00:00:00Z",
        ),
        (json!({ "format": "split", "splitTasks": 7, "stages": null }), "--format split --split-tasks 7 --all-stages"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut order = order;
        order["project"] = json!("harbour");
        let export = service.export(&key, &order);
        assert_eq!(export["state"], "succeeded", "{export}");
        let links = service.links(&key, export["id"].as_str().unwrap());
        let (status, bytes) = fetch(&links["original"], &[]);
        assert_eq!(status, 200);
        let out = home.path().join(format!("out{index}"));
        Cli::new(["export", "--project"]).arg(home.projects().join("harbour")).arg("--storage").arg(&out).args(args).expect(0);
        assert_eq!(payload_of(&home, &bytes).1, payload(&original(&out)).1, "{args}");
    }
}

#[test]
fn a_converted_export_and_its_losses() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    let order =
        json!({ "project": "harbour", "stages": null, "plugins": [{ "name": "coco" }, { "name": "yolo", "options": { "task": "segment" } }] });
    let export = service.export(&key, &order);
    assert_eq!(export["state"], "succeeded", "{export}");
    let conversions = export["result"]["conversions"].as_array().unwrap();
    assert_eq!(conversions.len(), 2);
    let id = export["id"].as_str().unwrap();
    let links = service.links(&key, id);
    assert_eq!(links.keys().map(String::as_str).collect::<Vec<_>>(), ["coco", "coco report", "original", "report", "yolo", "yolo report"]);
    for conversion in conversions {
        let name = conversion["plugin"].as_str().unwrap();
        let (status, bytes) = fetch(&links[name], &[]);
        assert_eq!((status, bytes.len() as u64), (200, conversion["output"]["bytes"].as_u64().unwrap()));
        let counted: u64 = conversion["codes"].as_array().unwrap().iter().map(|code| code["count"].as_u64().unwrap()).sum();
        assert_eq!(conversion["losses"].as_u64(), Some(counted));
    }
    let report = service.get(&key, &format!("/v1/exports/{id}/report"));
    assert_eq!(report["exportId"], *id);
    assert_eq!(report["plugins"].as_array().unwrap().len(), 2);
    // In the folder of the organisation and the project lies exactly this export.
    let saved = list(&home.exports());
    assert_eq!(saved.len(), 6, "{saved:?}");
    assert!(saved.iter().all(|name| name.starts_with("acme/harbour/Harbour-task-export-") && name.contains(id)), "{saved:?}");
}

#[test]
fn what_cannot_be_carried_out_is_said_at_once() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    for (order, status, problem) in [
        (json!({ "project": "nowhere" }), 404, "project 'nowhere' does not exist"),
        (json!({ "project": "../harbour" }), 404, "does not exist"),
        (json!({ "project": "harbour", "format": "xml" }), 422, "unknown variant `xml`"),
        (json!({ "project": "harbour", "surprise": 1 }), 422, "unknown field `surprise`"),
        (json!({ "project": "harbour", "type": "issue" }), 400, "does not say what issues there are"),
        (json!({ "project": "harbour", "plugins": [{ "name": "tfrecord" }] }), 400, "plugin 'tfrecord' does not exist"),
        (json!({ "project": "harbour", "plugins": [{ "name": "/etc/passwd.wasm" }] }), 400, "is not the name of a plugin"),
        (json!({ "project": "harbour", "plugins": [{ "name": "yolo", "options": { "task": "dance" } }] }), 400, "task"),
        (json!({ "project": "harbour", "createdAfter": "soon" }), 400, "createdAfter: expected a time"),
    ] {
        let answer = service.ask(&key, "POST", "/v1/exports", Some(&order));
        assert_eq!(answer.status, status, "{order}: {}", answer.text);
        let message = answer.json["error"]["message"].as_str().unwrap();
        assert!(message.contains(problem), "{order}: {message}");
    }
    assert_eq!(service.get(&key, "/v1/exports")["exports"], json!([]), "nothing was queued");
    // A stage that does not exist is found when the project is read, and says what there is.
    let export = service.export(&key, &json!({ "project": "harbour", "stages": ["Nonsense"] }));
    assert_eq!((export["state"].as_str(), export["error"]["class"].as_str()), (Some("failed"), Some("request")));
    assert!(export["error"]["message"].as_str().unwrap().contains("Review"), "{export}");
    let id = export["id"].as_str().unwrap();
    assert_eq!(service.ask(&key, "GET", &format!("/v1/exports/{id}/links"), None).status, 409);
    assert_eq!(service.get(&key, &format!("/v1/exports/{id}/logs"))["logs"][0]["level"], "error");
    assert_eq!(list(&home.exports()), Vec::<String>::new());
}

#[test]
fn the_same_request_again_is_the_same_export() {
    let home = home();
    let (key, other) = (home.key("manager"), home.key("manager"));
    let service = home.start();
    let order = json!({ "project": "harbour" });
    let ask = |key: &str, order: &Value| service.ask_with(&[("apikey", key), ("idempotency-key", "monday")], "POST", "/v1/exports", Some(order));
    let first = ask(&key, &order);
    assert_eq!(first.status, 202);
    let again = ask(&key, &order);
    assert_eq!((again.status, &again.json["id"]), (200, &first.json["id"]));
    assert_eq!(ask(&key, &json!({ "project": "harbour", "format": "ndjson" })).status, 409);
    // A key of somebody else's is another key.
    assert_ne!(ask(&other, &order).json["id"], first.json["id"]);
    service.wait_for(&key, first.json["id"].as_str().unwrap());
}

#[test]
fn following_an_export() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    let id = service.start_export(&key, &json!({ "project": "harbour", "plugins": [{ "name": "yolo" }] }));
    // The stream ends by itself when the export has.
    let answer = service.ask(&key, "GET", &format!("/v1/exports/{id}/events"), None);
    assert_eq!(answer.status, 200);
    let events: Vec<(&str, Value)> = answer
        .text
        .split("\n\n")
        .filter_map(|event| {
            Some((event.lines().next()?.strip_prefix("event: ")?, serde_json::from_str(event.lines().nth(1)?.strip_prefix("data: ")?).unwrap()))
        })
        .collect();
    let states: Vec<&str> = events.iter().filter(|(name, _)| *name == "export").map(|(_, export)| export["state"].as_str().unwrap()).collect();
    assert_eq!(states.last(), Some(&"succeeded"), "{states:?}");
    assert!(states.is_sorted_by_key(|state| ["queued", "running", "succeeded"].iter().position(|known| known == state)), "{states:?}");
}

#[test]
fn links_open_what_they_are_for_and_nothing_else() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    let export = service.export(&key, &json!({ "project": "harbour" }));
    let link = service.links(&key, export["id"].as_str().unwrap())["original"].clone();
    let (_, whole) = fetch(&link, &[]);
    // Downloads are resumed, and fetched in parts.
    let (status, rest) = fetch(&link, &[("range", "bytes=100-")]);
    assert_eq!((status, rest.as_slice()), (206, &whole[100..]));
    let (status, part) = fetch(&link, &[("range", "bytes=0-3")]);
    assert_eq!((status, part.as_slice()), (206, b"PK\x03\x04".as_slice()));
    assert_eq!(fetch(&link, &[("range", &format!("bytes={}-", whole.len() + 10))]).0, 416);
    let (_, headers) = fetch_headers(&link, &[]);
    assert_eq!(headers["accept-ranges"], "bytes");
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"Harbour-task-export-"));
    // One character less, one more, or another one.
    let token = link.split('/').nth(4).unwrap();
    for bad in [&token[1..], &token[..token.len() - 1], &token.replace('.', ""), &format!("{token}A"), "..%2f..%2fetc"] {
        assert_eq!(fetch(&link.replace(token, bad), &[]).0, 403, "{bad}");
    }
    // What is gone is said to be gone.
    std::fs::remove_file(original(&home.exports())).unwrap();
    assert_eq!(fetch(&link, &[]).0, 404);
}

#[test]
fn cancelling() {
    let home = Home::new();
    home.configure("jobs = 1\n");
    harbour(&home.projects().join("large"), 60_000);
    let key = home.key("manager");
    let service = home.start();
    let order = json!({ "project": "large", "plugins": [{ "name": "coco" }] });
    let (first, second) = (service.start_export(&key, &order), service.start_export(&key, &order));
    wait_for(|| (service.get(&key, &format!("/v1/exports/{first}"))["state"] == "running").then_some(()));
    let cancel = |id: &str| service.ask(&key, "POST", &format!("/v1/exports/{id}/cancel"), None).json;
    assert_eq!(cancel(&second)["state"], "cancelled", "one that waits is cancelled at once");
    assert_eq!(cancel(&first)["cancelRequested"], true);
    assert_eq!(service.wait_for(&key, &first)["state"], "cancelled");
    assert_eq!(cancel(&first)["state"], "cancelled", "what has ended stays as it is");
    assert_eq!(list(&home.exports()), Vec::<String>::new(), "nothing of it is left");
}

#[test]
fn some_tasks_of_an_export_for_drawing() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    for format in ["json", "ndjson", "split"] {
        let export = service.export(&key, &json!({ "project": "harbour", "format": format }));
        let id = export["id"].as_str().unwrap();
        let preview = service.get(&key, &format!("/v1/exports/{id}/preview?from=2&tasks=3"));
        let names: Vec<&str> = preview["tasks"].as_array().unwrap().iter().map(|task| task["externalId"].as_str().unwrap()).collect();
        assert_eq!(names, ["north/2.png", "south/3.png", "north/4.png"]);
        assert_eq!(preview["total"], 27);
    }
}

#[test]
fn lists_come_in_pages_the_newest_first() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    let ids: Vec<String> = (0..5).map(|_| service.start_export(&key, &json!({ "project": "harbour" }))).collect();
    ids.iter().for_each(|id| assert_eq!(service.wait_for(&key, id)["state"], "succeeded"));
    let (mut found, mut before) = (Vec::new(), String::new());
    loop {
        let page = service.get(&key, &format!("/v1/exports?project=harbour&state=succeeded&limit=2{before}"));
        found.extend(page["exports"].as_array().unwrap().iter().map(|export| export["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    found.reverse();
    // Of two in one millisecond, the ids say which is first.
    let (mut sorted, mut asked) = (found.clone(), ids.clone());
    sorted.sort();
    asked.sort();
    assert_eq!((found.len(), sorted), (5, asked));
    assert_eq!(service.ask(&key, "GET", "/v1/exports?before=nonsense", None).status, 400);
    assert_eq!(service.ask(&key, "GET", "/v1/exports?state=done", None).status, 400);
}

#[test]
fn a_small_export_goes_before_large_ones_of_other_projects() {
    let home = Home::new();
    home.configure("jobs = 1\n");
    let large = ["a", "b", "c", "d", "e"];
    large.iter().for_each(|project| drop(harbour(&home.projects().join(project), 20_000)));
    harbour(&home.projects().join("small"), 5);
    let key = home.key("manager");
    let service = home.start();
    let order = |project: &str| json!({ "project": project, "stages": null, "plugins": [{ "name": "coco" }] });
    let ids: Vec<String> = large.iter().map(|project| service.start_export(&key, &order(project))).collect();
    let small = service.start_export(&key, &order("small"));
    let begun = |id: &str| {
        let export = service.wait_for(&key, id);
        assert_eq!(export["state"], "succeeded", "{export}");
        export["startedAt"].as_str().unwrap().to_owned()
    };
    let small = begun(&small);
    let later = ids.iter().filter(|id| begun(id) > small).count();
    // One ran when it came; the machine may be so slow that it is not the only one.
    assert!(later >= 2, "only {later} of the large ones waited for it");
}
