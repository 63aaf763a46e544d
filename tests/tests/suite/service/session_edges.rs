//! Runs of connected plugins where something goes wrong: each ends, says why, and leaves the service and the next run as they were.

use super::sessions::{ended, home, logs, run, settings, start, wait_online};
use ango_tests::hub::{Joined, free_port, script};
use ango_tests::service::{Home, Service, fetch, runtime};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A service with a plugin of the SDK that is online; `more` is said of it.
fn connected(more: &str) -> (Home, Service, String, Joined) {
    let home = home(more);
    let service = home.start();
    let key = home.key("manager");
    let plugin = Joined::sdk(&service.url(""), "one", "WS", 0);
    wait_online(&service, &key, "one");
    (home, service, key, plugin)
}

fn check_failed(session: &Value, problem: &str) {
    assert_eq!(session["state"], "failed", "{session:#}");
    assert!(session["error"].as_str().unwrap().contains(problem), "{problem}: {session:#}");
}

#[test]
fn what_the_sdk_says_nothing_of_ends_the_run() {
    let (home, service, key, _plugin) = connected("max-upload-mib = 1\n");
    check_failed(&run(&service, &key, &json!({ "storage_id": "nowhere" })), "storage 'nowhere' does not exist");
    let session = run(&service, &key, &json!({ "size": 2 << 20 }));
    check_failed(&session, "HTTP error occurred: 413");
    assert!(!session.to_string().contains(".zip?") && !session["error"].as_str().unwrap().contains("/v2/upload/ey"), "{session:#}");
    // Nothing of it is in the bucket.
    let stored: Vec<_> = std::fs::read_dir(home.exports().join("acme/harbour")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(stored.iter().all(|name| !name.to_string_lossy().starts_with("result")), "{stored:?}");
    // An export that cannot be made.
    let record = home.projects().join("harbour");
    let data = std::fs::read_dir(&record)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|kind| kind == "ndjson"))
        .unwrap();
    let good = std::fs::read(&data).unwrap();
    std::fs::write(&data, b"{\"this is\": no record\n").unwrap();
    check_failed(&run(&service, &key, &json!({})), "Error calling sdk.export");
    std::fs::write(&data, good).unwrap();
    assert_eq!(run(&service, &key, &json!({}))["state"], "succeeded");
    // One that is caught by the callback, which goes on to fail by itself.
    check_failed(&run(&service, &key, &json!({ "export_again": true })), "Plugin callback failed: ");
}

#[test]
fn a_plugin_that_gives_no_answer_is_not_waited_for() {
    let (_home, service, key, _plugin) = connected("time-limit = 3\n");
    let session = run(&service, &key, &json!({ "tuple": true }));
    assert_eq!(session["state"], "lost", "{session:#}");
    assert!(session["error"].as_str().unwrap().contains("no answer in 3 s"), "{session:#}");
    // What it says when its time is over counts for nothing.
    let session = run(&service, &key, &json!({ "wait": 5 }));
    assert_eq!(session["state"], "lost", "{session:#}");
    std::thread::sleep(std::time::Duration::from_secs(3));
    let after = service.get(&key, &format!("/v1/sessions/{}", session["id"].as_str().unwrap()));
    assert_eq!((&after["state"], &after["files"]), (&json!("lost"), &json!([])), "{after:#}");
}

#[test]
fn a_request_that_ends_without_an_answer_is_one() {
    let port = free_port();
    let home = home(&format!("url = \"http://127.0.0.1:{port}/\"\n"));
    let service = home.start();
    let key = home.key("manager");
    let offline = service.ask(&key, "POST", "/v1/sessions", Some(&json!({ "project": "harbour", "plugin": "one" })));
    assert_eq!((offline.status, offline.text.contains("is offline: start it")), (409, true), "{}", offline.text);
    let plugin = Joined::sdk(&service.url(""), "one", "REST", port);
    wait_online(&service, &key, "one");
    check_failed(&run(&service, &key, &json!({ "tuple": true })), "the plugin failed with HTTP 500");
    check_failed(&run(&service, &key, &json!({ "fail": true })), "the converter does not like it");
    drop(plugin);
    // Nobody has noticed yet.
    check_failed(&run(&service, &key, &json!({})), "the plugin cannot be reached");
}

/// A program whose server closes a connection as it is used again, which any server may do that kept it for a while. Says how many runs arrived.
fn forgetful(port: u16) -> Arc<AtomicUsize> {
    let runs = Arc::new(AtomicUsize::new(0));
    let (listener, counted) = (TcpListener::bind(("127.0.0.1", port)).unwrap(), Arc::clone(&runs));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, runs) = (stream.unwrap(), Arc::clone(&counted));
            std::thread::spawn(move || {
                let mut request = [0; 8192];
                let length = stream.read(&mut request).unwrap_or(0);
                runs.fetch_add(usize::from(request[..length].starts_with(b"POST /plugin")), Ordering::Relaxed);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\nnull");
                // What comes now is read, and has no answer.
                let _ = stream.read(&mut request);
            });
        }
    });
    runs
}

#[test]
fn a_run_does_not_depend_on_a_connection_that_was_kept() {
    let port = free_port();
    let home = home(&format!("url = \"http://127.0.0.1:{port}\"\n"));
    let runs = forgetful(port);
    let service = home.start();
    let key = home.key("manager");
    wait_online(&service, &key, "one");
    for count in 1..=2 {
        check_failed(&run(&service, &key, &json!({})), "ended its run without an answer");
        assert_eq!(runs.load(Ordering::Relaxed), count);
    }
}

/// The SDK sends each line by a request of its own, and takes one that is refused for a failure of the callback.
#[test]
fn a_plugin_that_says_much_is_not_refused() {
    let port = free_port();
    let home = home("");
    home.configure(&format!("requests-per-second = 150\n{}", settings(&format!("url = \"http://127.0.0.1:{port}\"\n"))));
    let service = home.start();
    let key = home.key("manager");
    let _plugin = Joined::sdk(&service.url(""), "one", "REST", port);
    wait_online(&service, &key, "one");
    let session = run(&service, &key, &json!({ "lines": 900 }));
    assert_eq!(session["state"], "succeeded", "{session:#}");
    assert_eq!(logs(&service, &key, &session).len(), 901);
}

#[test]
fn a_run_that_is_cancelled_is_over() {
    let (_home, service, key, plugin) = connected("");
    let id = start(&service, &key, &json!({ "wait": 2, "show_key": true }));
    plugin_key(&plugin);
    let answer = service.ask(&key, "POST", &format!("/v1/sessions/{id}/cancel"), None);
    assert_eq!((answer.status, &answer.json["state"]), (200, &json!("cancelled")), "{}", answer.text);
    assert_eq!(service.ask(&plugin_key(&plugin), "GET", "/v2/project/harbour", None).status, 401);
    // The program is not stopped by that; the next run finds it as it was.
    assert_eq!(run(&service, &key, &json!({}))["state"], "succeeded");
    assert_eq!(ended(&service, &key, &id)["state"], "cancelled");
    // Once more changes nothing.
    assert_eq!(service.ask(&key, "POST", &format!("/v1/sessions/{id}/cancel"), None).json["state"], "cancelled");
}

/// The key that a plugin was given, which it says.
fn plugin_key(plugin: &Joined) -> String {
    ango_tests::service::wait_for(|| plugin.said().lines().find_map(|line| line.strip_prefix("key ").map(str::to_owned)))
}

#[test]
fn the_key_of_a_run_opens_what_the_run_needs() {
    let (home, service, key, plugin) = connected("");
    home.key("manager");
    let id = start(&service, &key, &json!({ "wait": 4, "show_key": true }));
    let run_key = plugin_key(&plugin);
    let ask = |method: &str, path: &str, body: Option<Value>| service.ask(&run_key, method, path, body.as_ref());
    assert_eq!(ask("GET", "/v1/me", None).status, 403);
    assert_eq!(ask("GET", "/v2/project/harbour", None).status, 200);
    assert_eq!(ask("GET", "/v2/project/another", None).status, 404);
    assert_eq!(ask("GET", "/v2/listProjects", None).json["data"]["total"], 1);
    // Both shapes of a line, and one of another run.
    assert_eq!(
        ask("POST", "/v2/pluginLog", Some(json!({ "pluginId": "one", "level": "info", "message": "published", "metadata": { "a": 1 } }))).status,
        200
    );
    assert_eq!(ask("POST", "/v2/pluginLog", Some(json!({ "session": "another", "msg": "x" }))).status, 403);
    assert_eq!(ask("POST", "/v2/pluginResponse", Some(json!({ "session": "another", "error": true }))).status, 403);
    for (body, problem) in [
        (json!({ "receivers": [], "message": "m" }), "receivers"),
        (json!({ "receivers": ["a"], "message": "m".repeat(1001) }), "message"),
        (json!({ "receivers": ["a"], "message": "m", "title": "t".repeat(201) }), "title"),
        (json!({ "receivers": ["a"], "message": "m", "clickableLink": "javascript:alert(1)" }), "clickableLink"),
        (json!({ "receivers": vec!["a"; 101], "message": "m" }), "receivers"),
    ] {
        let answer = ask("POST", "/v2/notifications", Some(body));
        assert_eq!((answer.status, answer.text.contains(problem)), (400, true), "{}", answer.text);
    }
    // Addresses are for one thing each.
    let address = ask("GET", "/v2/getUploadUrl?name=a.txt&project=harbour&type=exports", None).json["data"]["uploadUrl"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&address, &[]).0, 405);
    let look = ask("GET", &format!("/v2/getSignedUrl?name={address}?X-Amz-Date=1&X-Amz-Key=2&project=harbour&type=exports"), None);
    let look = look.json["data"]["signedUrl"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&look, &[]).0, 404, "there is nothing yet");
    let put = |url: &str, text: &str| {
        let (url, text) = (url.to_owned(), text.to_owned());
        runtime().block_on(async move { reqwest::Client::new().put(url).body(text).send().await.unwrap().status().as_u16() })
    };
    assert_eq!(put(&look.replace("/files/", "/v2/upload/"), "x"), 403);
    assert_eq!(put(&address.replace("/v2/upload/", "/v2/upload/x"), "x"), 403);
    assert_eq!(put(&address, "one"), 200);
    assert_ne!(put(&address, "two"), 200, "what is there stays as it is");
    assert_eq!(fetch(&look, &[]), (200, b"one".to_vec()));
    assert_eq!(fetch(&address.replace("/v2/upload/", "/files/"), &[]).0, 403);
    // Kinds of files that are not of exports, and too many of those that are.
    assert_eq!(ask("GET", "/v2/getUploadUrl?name=a.png&project=harbour&type=assets", None).status, 400);
    // The answer, in the published shape.
    assert_eq!(
        ask("POST", "/v2/pluginResponse", Some(json!({ "pluginId": "one", "taskId": null, "response": look, "status": "success" }))).status,
        200
    );
    let session = ended(&service, &key, &id);
    assert_eq!((&session["state"], &session["files"][0]["ready"]), (&json!("succeeded"), &json!(true)), "{session:#}");
    assert!(logs(&service, &key, &session).contains(&"info published {\"a\":1}".to_owned()));
    assert_eq!(put(&address, "late"), 409);
}

#[test]
fn who_connects_is_nobody_until_a_secret_is_shown() {
    let (_home, service, key, _plugin) = connected("");
    let odd = |what: &str, session: &str| -> Value {
        let output = script("odd.py", &[&service.url(""), what, session]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for what in ["wrong secret", "unknown", "odd heartbeats", "too large", "two names"] {
        let out = odd(what, "");
        assert_eq!((&out["disconnected"], &out["runs"]), (&json!(true), &json!(0)), "{what}: {out}");
    }
    for what in ["polling", "namespace"] {
        assert!(odd(what, "")["refused"].is_string(), "{what}");
    }
    let id = start(&service, &key, &json!({ "wait": 12 }));
    for what in ["another's run", "nobody"] {
        let out = odd(what, &id);
        assert_eq!((&out["connected"], &out["runs"]), (&json!(true), &json!(0)), "{what}: {out}");
    }
    let session = service.get(&key, &format!("/v1/sessions/{id}"));
    assert_eq!((&session["state"], logs(&service, &key, &session).len()), (&json!("running"), 0), "{session:#}");
    assert_eq!(ended(&service, &key, &id)["state"], "succeeded");
    let log = service.log();
    assert!(log.contains("its id or its secret is wrong") && log.contains("a run that is not its own"), "{log}");
    assert!(!log.contains("secret-of-") && !log.contains("guess"), "{log}");
}

#[test]
fn a_run_of_a_service_that_was_killed_ends_after_its_restart() {
    let (home, service, key, plugin) = connected("time-limit = 5\n");
    let id = start(&service, &key, &json!({ "wait": 30 }));
    ango_tests::service::wait_for(|| (service.get(&key, &format!("/v1/sessions/{id}"))["state"] == "running").then_some(()));
    service.kill();
    // As the SDK does: it tries to connect once more, and ends.
    assert_ne!(plugin.end().0, Some(0));
    let service = home.start();
    let session = ended(&service, &key, &id);
    assert_eq!(session["state"], "lost", "{session:#}");
    let _plugin = Joined::sdk(&service.url(""), "one", "WS", 0);
    wait_online(&service, &key, "one");
    let id = start(&service, &key, &json!({}));
    assert_eq!(ended(&service, &key, &id)["state"], "succeeded");
}

#[test]
fn what_cannot_be_a_run_is_refused() {
    let home = home("");
    let service = home.start();
    let key = home.key("manager");
    for (order, status, problem) in [
        (json!({ "project": "harbour", "plugin": "three" }), 400, "plugin 'three' is not connected here"),
        (json!({ "project": "nowhere", "plugin": "one" }), 404, "does not exist"),
        (json!({ "project": "harbour", "plugin": "one" }), 409, "is offline"),
        (json!({ "project": "harbour", "plugin": "one", "stages": ["Nope"] }), 400, "there is no stage 'Nope'"),
        (json!({ "project": "harbour", "plugin": "one", "batches": ["nope"] }), 400, "there is no batch 'nope'"),
        (json!({ "project": "harbour", "plugin": "one", "config": [1] }), 422, "config"),
        (json!({ "project": "harbour", "plugin": "one", "config": { "a": "x".repeat(300_000) } }), 400, "longer than 256 KiB"),
        (json!({ "project": "harbour", "plugin": "one", "surprise": 1 }), 422, "surprise"),
    ] {
        let answer = service.ask(&key, "POST", "/v1/sessions", Some(&order));
        assert_eq!((answer.status, answer.text.contains(problem)), (status, true), "{}", answer.text);
    }
    assert_eq!(service.ask(&key, "GET", "/v1/sessions/nope", None).status, 404);
    let other = home.key_for("--role manager --project elsewhere");
    assert_eq!(service.ask(&other, "GET", "/v1/sessions?project=harbour", None).status, 404);
}
