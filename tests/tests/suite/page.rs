//! The page of the service, in a real browser. What is done there is in `tests/page`; here is the service that it is done with.

use ango_tests::archive::{by_name, payload};
use ango_tests::browser;
use ango_tests::cli::{Cli, build_folder};
use ango_tests::hub::Joined;
use ango_tests::project::{PROJECT, harbour, write};
use ango_tests::service::{Home, Service, fetch_headers};
use ango_tests::wasm::{boxes, describing};
use serde_json::{Value, json};

/// A service with the project `harbour` of so many tasks.
fn home(tasks: usize) -> Home {
    let home = Home::new();
    harbour(&home.projects().join("harbour"), tasks);
    home
}

/// Adds the project `street-life` of the demo, whose tasks have shapes of every kind.
fn street_life(home: &Home) {
    let demo = home.path().join("demo");
    Cli::new(["demo"]).arg(&demo).expect(0);
    std::fs::rename(demo.join("project"), home.projects().join("street-life")).unwrap();
}

/// Installs a component.
fn install(home: &Home, wasm: &[u8]) -> String {
    let file = home.path().join("component.wasm");
    std::fs::write(&file, wasm).unwrap();
    let run = home.cli("plugin install --json").arg(file).expect(0);
    let installed = run.events().into_iter().find(|event| event["event"] == "installed").unwrap_or_else(|| panic!("{run}"));
    let digest = installed["report"]["digest"].as_str().unwrap().trim_start_matches("sha256:");
    format!("{}@{}", installed["plugin"]["name"].as_str().unwrap_or("odd"), &digest[..12])
}

/// Runs a check with a service in `home`.
fn check(home: &Home, name: &str) -> bool {
    check_with(home, name, |_| ())
}

/// The same, with something that lives as long as the service does.
fn check_with<T>(home: &Home, name: &str, beside: impl FnOnce(&Service) -> T) -> bool {
    let key = home.key("admin");
    let service = home.start();
    let _beside = beside(&service);
    let downloads = home.path().display().to_string();
    let variables = [("ANGO_PAGE_URL", service.url("")), ("ANGO_PAGE_KEY", key), ("ANGO_PAGE_DOWNLOADS", downloads)];
    browser::check(name, &variables.each_ref().map(|(name, value)| (*name, value.as_str())), build_folder().parent().unwrap())
}

#[test]
fn signing_in_and_out() {
    check(&home(5), "sign-in");
}

#[test]
fn an_export_is_started_followed_downloaded_and_repeated() {
    let home = home(40_000);
    if !check(&home, "export") {
        return;
    }
    let file = |name: &str| home.path().join(name);
    let (name, text) = payload(&file("original.zip"));
    assert!(name.ends_with(".json") && text.starts_with('['), "{name}");
    let yolo = by_name(&file("yolo.zip"));
    assert!(
        yolo.contains_key("data.yaml") && yolo.keys().any(|name| name.starts_with("labels/val/")),
        "{:?}",
        yolo.keys().take(5).collect::<Vec<_>>()
    );
}

/// A schema with what forms are made for, and with what they are not.
const ODD: &str = r##"{
  "type": "object",
  "required": ["name"],
  "properties": {
    "anything": { "type": "object" },
    "share": { "type": "number", "minimum": 0, "exclusiveMaximum": 1 },
    "name": { "type": "string", "minLength": 1 },
    "words": { "type": "array", "items": { "type": "string" } },
    "kinds": { "type": "array", "items": { "enum": ["a", "b"] }, "default": ["a"] },
    "level": { "enum": [1, 2, 3], "default": 1 },
    "quick": { "type": "boolean", "default": true, "description": "<b>Not</b> slow." }
  }
}"##;

#[test]
fn everything_on_the_export_tab_reaches_the_service() {
    let home = home(5);
    let issue = "{\"_id\":\"1\",\"status\":\"Open\",\"content\":\"blurred\",\"createdAt\":\"2024-01-01T00:00:00.000Z\"}\n";
    std::fs::write(home.projects().join("harbour/issues.ndjson"), issue).unwrap();
    let odd = install(&home, &describing("odd", "0.1.0", ODD, false));
    home.cli("plugin approve").arg(odd).expect(0);
    check(&home, "form");
}

#[test]
fn export_storage() {
    let home = home(5);
    let customer = home.path().join("customer").display().to_string();
    home.configure(&format!("[storages.customer]\nurl = {customer:?}\n[storages.broken]\nurl = \"/proc/no\"\n"));
    check(&home, "settings");
}

#[test]
fn a_plugin_is_approved_used_and_revoked() {
    let home = home(5);
    home.configure("[service.plugins.hub-csv]\nname = \"CSV for the warehouse\"\norganisation = \"acme\"\n");
    install(&home, &boxes());
    check(&home, "plugins");
}

#[test]
fn a_program_is_run_followed_stopped_and_its_file_downloaded() {
    let home = home(5).env("ANGO_EXPORT_PLUGIN_SECRET_ONE", "secret-of-one");
    home.configure(
        "[service.plugins.one]\nname = \"Warehouse\"\norganisation = \"acme\"\ndefault-config = '{\"file_name\":\"result.json\"}'\n\
        [service.plugins.two]\nname = \"Away\"\norganisation = \"acme\"\n",
    );
    if !check_with(&home, "sessions", |service| Joined::sdk(&service.url(""), "one", "WS", 0)) {
        return;
    }
    let result: Value = serde_json::from_slice(&std::fs::read(home.path().join("result")).unwrap()).unwrap();
    let ids = result["ids"].as_array().unwrap();
    assert!(!ids.is_empty() && result["tasks"] == ids.len(), "{result}");
    assert_eq!(result["data"]["batches"], json!(["dddddddddddddddddddddd01"]));
}

#[test]
fn keys_and_the_audit_log() {
    check(&home(5), "keys");
}

/// Names and addresses as nobody should have them, shapes at the edge of what is allowed, and a video.
fn odd_records() -> String {
    let picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let tool = |geometry: &str, value: Value, object: usize| json!({ geometry: value, "objectId": format!("{object:023x}"), "schemaId": "aaaaaaaaaaaaaaaaaaaaaa1", "title": "<b>Ship</b>", "classifications": [] });
    let on = |page: u32, mut tool: Value| {
        tool["page"] = json!(page);
        tool
    };
    let square = |x: f64| json!({ "x": x, "y": 10.0, "width": 20.0, "height": 20.0 });
    let record = |index: usize, asset: &str, name: &str, metadata: Value, tools: Vec<Value>| {
        json!({ "asset": asset, "assetId": format!("{index:024x}"), "externalId": name, "metadata": metadata, "batches": [],
            "task": { "taskId": format!("{:024x}", index + 100), "stage": "Complete", "stageId": "Complete", "updatedAt": "2024-04-30T12:00:00.000Z", "updatedBy": "ann@example.net",
                "tools": tools, "classifications": [], "relations": [] } })
    };
    let records = [
        record(
            1,
            picture,
            "<img src=x onerror=window.hidden=1>",
            json!({ "width": 100, "height": 50 }),
            vec![
                tool("bounding-box", json!({ "x": 60.0, "y": 40.0, "width": -50.0, "height": -30.0 }), 1),
                tool("rotated-bounding-box", json!({ "x": 10.0, "y": 10.0, "width": 20.0, "height": 10.0, "rotation": 90.0 }), 2),
            ],
        ),
        record(
            2,
            "javascript:window.hidden=2",
            "clip.mp4",
            json!({ "width": 100, "height": 50, "frameTotal": 20, "frameRate": 30 }),
            vec![
                on(3, tool("bounding-box", square(5.0), 3)),
                on(7, tool("bounding-box", square(50.0), 3)),
                on(7, tool("bounding-box", square(70.0), 4)),
            ],
        ),
        record(
            3,
            "images/../../secret.png",
            "nothing",
            json!({}),
            vec![
                tool("ner", json!({ "start": 3, "end": 7, "selection": "<script>window.hidden=3</script>" }), 5),
                tool("polygon", json!([]), 6),
                tool("segmentation", json!({ "zones": [] }), 7),
                tool("message", json!({ "x": [1, 2] }), 8),
                tool("cuboid-of-tomorrow", json!({ "position": [1, 2, 3] }), 9),
            ],
        ),
    ];
    records.iter().map(|record| format!("{record}\n")).collect()
}

#[test]
fn the_preview_draws_what_is_there_and_runs_nothing() {
    let home = home(5);
    street_life(&home);
    write(&home.projects().join("odd"), PROJECT, odd_records().as_bytes());
    check(&home, "preview");
}

#[test]
fn every_view_can_be_used_by_everybody() {
    let home = home(5);
    street_life(&home);
    install(&home, &boxes());
    check(&home, "access");
}

#[test]
fn the_page_may_do_little_and_is_sent_once() {
    let home = home(1);
    let service = home.start();
    let (status, headers) = fetch_headers(&service.url("/"), &[]);
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!((status, text("content-type").as_str(), text("cache-control").as_str()), (200, "text/html; charset=utf-8", "no-cache"));
    let policy = text("content-security-policy");
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!((text("x-content-type-options").as_str(), text("referrer-policy").as_str()), ("nosniff", "no-referrer"));
    assert_eq!(fetch_headers(&service.url("/"), &[("if-none-match", &text("etag"))]).0, 304);
    for (name, status) in [("main.js", 200), ("page.css", 200), ("index.html", 404), ("..%2fpage.rs", 404), ("", 404)] {
        assert_eq!(fetch_headers(&service.url(&format!("/assets/{name}")), &[]).0, status, "{name}");
    }
}
