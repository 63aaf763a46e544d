//! `connect`: the program stands in for plugins that were written with Hub's SDK. Each is run through the same Hub, over both connectors, and must look the same from there; and the Hub itself is
//! judged by the real client.

use ango_tests::archive::only;
use ango_tests::cli::Cli;
use ango_tests::hub::{Hub, Joined, KEY, PROJECT, connect, free_port, http, script, until};
use ango_tests::project::{PROJECT as PROJECT_JSON, records, write};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::Path;

const TASKS: usize = 60;

#[test]
fn the_hub_of_these_tests_satisfies_the_real_client() {
    let hub = Hub::start(&records(TASKS));
    let output = script("client.py", &[&hub.url(), PROJECT]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let out: Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = |name: &str| out[name].as_array().map_or(0, Vec::len);
    // Every tenth task is not complete.
    assert_eq!((count("json"), count("ndjson"), count("zip ids"), count("all stages"), count("batches")), (54, 54, 54, 60, 30), "{out:#}");
    assert_eq!(
        (&out["count"], &out["no history"], &out["issues"], &out["after"]),
        (&json!(54), &json!(false), &json!([{ "_id": "i1" }]), &json!([]))
    );
    assert_eq!((&out["project"], &out["storages"], &out["wrong key"]), (&json!("Harbour"), &json!(["STO1"]), &json!("HTTPError")));
    assert_eq!(out["zip"], json!(["Harbour-task-export-2024-09-10-12_44_40_GMT.json"]));
}

/// What Hub must see of a run that went well, whoever stands behind the plugin.
fn check_run(hub: &Hub, ended: &Value, how: &str) {
    let session = &ended["session"];
    let response = &ended["response"];
    assert_eq!((&response["export"], &response["session"]), (&json!(true), session), "{ended:#}");
    assert_eq!(response.as_object().map(serde_json::Map::len), Some(3), "{response}");
    assert!(hub.result(ended).is_file(), "the link leads somewhere: {ended:#}");
    let logs = ended["logs"].as_array().unwrap();
    assert!(!logs.is_empty());
    for line in logs {
        let fields = ["level", "organization", "pluginId", "runBy", "session", "msg"]
            .map(|name| line[name].as_str().unwrap_or_else(|| panic!("{name}: {line}")));
        assert_eq!([fields[1], fields[2], fields[3], fields[4]], ["ORG", "one", "user@example.com", session.as_str().unwrap()]);
        assert_eq!(line["how"], how, "{line}");
    }
    assert!(logs.iter().any(|line| line["progress"].is_number()), "{ended:#}");
}

/// What Hub must see of the requests of a run.
fn check_requests(hub: &Hub) {
    let requests = hub.seen("request");
    let of = |name: &str| requests.iter().filter(|request| request["name"] == name).collect::<Vec<_>>();
    for request in of("export") {
        let query = request["query"].as_str().unwrap();
        for part in [
            "format=ndjson",
            "includeMetadata=true",
            "includeHistory=true",
            "doNotNotify=true",
            "sendEmail=false",
            "type=task",
            "project=P1",
            "stage=%5B%22Complete%22%5D",
        ] {
            assert!(query.split('&').any(|given| given == part), "{part}: {query}");
        }
    }
    assert!(requests.iter().all(|request| request["key"] == KEY), "the key of who runs it: {requests:#?}");
    assert!(!of("getUploadUrl").is_empty() && of("getUploadUrl").len() == of("getSignedUrl").len());
    // A link is all that its storage needs; a key would be given to somebody else.
    for link in hub.seen("link") {
        assert_eq!((&link["key"], &link["secret"]), (&Value::Null, &Value::Null), "{link}");
    }
    for put in hub.seen("put") {
        assert_eq!((&put["key"], &put["type"], &put["chunked"]), (&Value::Null, &Value::Null, &Value::Null), "{put}");
    }
}

fn heartbeat(hub: &Hub, url: &str, secret: Option<&str>) -> Value {
    hub.control("heartbeat", &json!({ "url": url, "secret": secret }))
}

/// What Hub must see of a REST connector, whoever stands behind it.
fn check_rest(hub: &Hub, url: &str) {
    until("the plugin listens", || heartbeat(hub, url, Some("secret-of-one"))["status"] == 200);
    assert_eq!(heartbeat(hub, url, Some("secret-of-one"))["text"], "\"ok\"");
    for wrong in [None, Some("wrong"), Some("")] {
        let answer = heartbeat(hub, url, wrong);
        assert_eq!((&answer["status"], &answer["text"]), (&json!(401), &json!("{\"detail\":\"Unauthorized\"}")), "{wrong:?}");
    }
    let session = hub.run("one", json!({ "url": url, "secret": "wrong" }));
    until("the run is refused", || !hub.session(&session)["http"].is_null());
    let refused = hub.session(&session);
    assert_eq!((&refused["http"]["status"], &refused["response"]), (&json!(401), &Value::Null), "{refused:#}");

    let session = hub.run("one", json!({ "url": url }));
    hub.ended(&session);
    until("the request is answered", || !hub.session(&session)["http"].is_null());
    let ended = hub.session(&session);
    check_run(hub, &ended, "http");
    assert_eq!(ended["http"], json!({ "status": 200, "text": "null" }));
}

#[test]
fn a_plugin_written_with_the_sdk_by_both_connectors() {
    let hub = Hub::start(&records(TASKS));
    {
        let _plugin = Joined::sdk(&hub.url(), "one", "WS", 0);
        hub.wait_online("one");
        let ended = hub.run_to_end("one", json!({}));
        check_run(&hub, &ended, "socket");
        let failed = hub.run_to_end("one", json!({ "with": { "configJSON": "{\"fail\":true}" } }));
        assert_eq!(failed["response"], json!({ "error": true, "session": failed["session"] }));
    }
    let port = free_port();
    let _plugin = Joined::sdk(&hub.url(), "one", "REST", port);
    // The wrong key that the client logs in with is not part of this.
    check_rest(&hub, &format!("http://127.0.0.1:{port}"));
    check_requests(&hub);
}

#[test]
fn the_program_by_both_connectors() {
    let hub = Hub::start(&records(TASKS));
    let plugin = Joined::ours(&hub, "--plugin-id one=coco --connector both --listen 127.0.0.1:0");
    hub.wait_online("one");
    let ended = hub.run_to_end("one", json!({}));
    check_run(&hub, &ended, "socket");
    check_rest(&hub, &format!("http://127.0.0.1:{}", plugin.port()));
    check_requests(&hub);
    plugin.terminate();
    let (code, said) = plugin.end();
    assert_eq!(code, Some(0), "{said}");
    for secret in [format!("\"{KEY}\""), "secret-of-one".into(), "X-Amz-Signature".into()] {
        assert!(!said.contains(&secret), "{secret}: {said}");
    }
}

/// What `convert` makes of the export that Hub gave last.
fn converted(hub: &Hub, folder: &Path, args: &str) -> Vec<u8> {
    let mut exports: Vec<_> = std::fs::read_dir(hub.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    exports.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("export-"));
    exports.sort_by_key(|path| path.metadata().unwrap().modified().unwrap());
    let run = Cli::convert(exports.last().unwrap(), folder).args(args).run();
    assert!(matches!(run.code, 0 | 3), "{run}");
    std::fs::read(only(folder, ".zip")).unwrap()
}

#[test]
fn results_are_those_of_the_command_line_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(&folder.path().join("project"), PROJECT_JSON, b"").join("project.json");
    let hub = Hub::start(&records(TASKS));
    let _plugin = Joined::ours(&hub, "--plugin-id one=coco --plugin-id two=yolo");
    for (plugin, converter) in [("one", "coco"), ("two", "yolo")] {
        hub.wait_online(plugin);
        let ended = hub.run_to_end(plugin, json!({}));
        let result = std::fs::read(hub.result(&ended)).unwrap();
        let expected = converted(&hub, &folder.path().join(converter), &format!("--plugin {converter} --project {}", project.display()));
        assert!(result == expected, "{converter}: {} and {} bytes", result.len(), expected.len());
    }
    // Without the project, class ids come from the export, and the log says so.
    hub.fault("project", json!({ "status": 404, "message": "no" }));
    let ended = hub.run_to_end("one", json!({}));
    let warned = |ended: &Value, text: &str| {
        ended["logs"].as_array().unwrap().iter().any(|line| line["level"] == "WARNING" && line["msg"].as_str().unwrap().contains(text))
    };
    assert!(warned(&ended, "class ids come from the export"), "{ended:#}");
    let expected = converted(&hub, &folder.path().join("derived"), "--plugin coco");
    assert!(std::fs::read(hub.result(&ended)).unwrap() == expected);
}

#[test]
fn stages_batches_and_options_are_those_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "secret-of-two\n").unwrap();
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let hub = Hub::start(&records(TASKS));
    let text = format!(
        "[connect]\nhub = \"{}\"\n[connect.plugins.two]\nconverter = \"yolo\"\nsecret-file = \"secret\"\ntime-limit = 100\n[connect.plugins.two.options]\ntask = \"segment\"\n[connect.plugins.two.limits]\nmemory = \"512MiB\"\n",
        hub.url()
    );
    std::fs::write(&file, text).unwrap();
    let checked = Cli::new(["config", "check", "--config"]).arg(&file).expect(0);
    assert!(checked.stdout.contains("connect.hub") && !checked.stdout.contains("secret-of-two"), "{checked}");
    let _plugin = Joined::of(Cli::new(["connect", "--json", "--config"]).arg(&file).spawn_piped());
    hub.wait_online("two");
    let config =
        json!({ "split": { "by": "ratio", "val_ratio": 0.5 }, "speed": 7, "include_key_frames_only": true, "storageId": "STO 1&x" }).to_string();
    let ended = hub.run_to_end("two", json!({ "with": { "configJSON": config, "stage": [], "batches": ["dddddddddddddddddddddd01"] } }));
    assert_eq!(ended["response"]["export"], true, "{ended:#}");
    let request = hub.seen("request").into_iter().find(|request| request["name"] == "export").unwrap();
    let query = request["query"].as_str().unwrap();
    assert!(
        query.contains("batches=%5B%22dddddddddddddddddddddd01%22%5D") && query.contains("includeOnlyKeyFrames=true") && !query.contains("&stage="),
        "{query}"
    );
    let place = hub.seen("upload-url").pop().unwrap();
    assert_eq!((&place["storage"], &place["type"]), (&json!("STO 1&x"), &json!("exports")));
    let warnings: Vec<&str> =
        ended["logs"].as_array().unwrap().iter().filter(|line| line["level"] == "WARNING").map(|line| line["msg"].as_str().unwrap()).collect();
    assert_eq!(
        warnings.iter().filter(|warning| warning.contains("configJSON")).collect::<Vec<_>>(),
        [&"configJSON: 'speed' is no option of yolo: it has no effect"]
    );
    assert!(
        ended["logs"].as_array().unwrap().iter().any(|line| line["progress"] == 100 && line["msg"].as_str().unwrap().contains("30 tasks")),
        "{ended:#}"
    );
    // The file's own options hold, where the run says nothing else.
    let names: Vec<String> = ango_tests::archive::entries(&hub.result(&ended)).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|name| name.contains("val")), "{names:?}");
}

#[test]
fn settings_that_are_wrong() {
    let hub = Hub::start("");
    let said = |cli: Cli| cli.expect(2).stdout;
    for (args, problem) in [
        ("", "connect as which plugin?"),
        ("--plugin-id one", "converts with what?"),
        ("--plugin-id one=nothing", "plugin one: plugin 'nothing' does not exist"),
        ("--plugin-id one=coco --plugin-id one=yolo", "given twice"),
        ("--plugin-id three=coco", "there is no secret: set ANGO_EXPORT_PLUGIN_SECRET_THREE"),
    ] {
        let said = said(connect(&hub).args(args));
        assert!(said.contains(problem), "{args}: {said}");
    }
    let shared = connect(&hub)
        .env("ANGO_EXPORT_PLUGIN_SECRET_TWO", "secret-of-one")
        .args("--connector rest --listen 127.0.0.1:0 --plugin-id one=coco --plugin-id two=yolo");
    assert!(said(shared).contains("has the secret of another one"));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    assert!(said(connect(&hub).args(&format!("--plugin-id one=coco --connector rest --listen {address}"))).contains(&address.to_string()));
    assert!(said(Cli::new(["connect", "--json", "--plugin-id", "one=coco"])).contains("which Hub?"));
    assert!(said(Cli::new(["connect", "--json", "--hub", "hub", "--plugin-id", "one=coco"])).contains("expected https://"));
}

#[test]
fn the_rest_connector_refuses_what_is_no_run() {
    let hub = Hub::start(&records(10));
    let plugin = Joined::ours(&hub, "--plugin-id one=coco --plugin-id two=yolo --connector rest --listen 127.0.0.1:0");
    let port = plugin.port();
    let post = |secret: &str, body: &str, length: usize| {
        http(port, &format!("POST /plugin HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSecret: {secret}\r\nContent-Length: {length}\r\n\r\n{body}"))
    };
    for (secret, body, length, status) in [
        ("secret-of-one", "[]", 2, "422"),
        ("secret-of-one", "{oops", 5, "422"),
        ("secret-of-one", "", 3 << 20, "413"),
        ("wrong", "", 3 << 20, "401"),
    ] {
        let answer = post(secret, body, length);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{body}: {answer}");
    }
    // The secret says which plugin is meant.
    let url = format!("http://127.0.0.1:{port}");
    for (plugin, end) in [("one", ".coco.zip"), ("two", ".yolo.zip")] {
        let ended = hub.run_to_end(plugin, json!({ "url": url }));
        assert!(hub.result(&ended).display().to_string().ends_with(end), "{ended:#}");
    }
}
