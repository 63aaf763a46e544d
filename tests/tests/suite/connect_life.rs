//! `connect` over time: connections that are lost, runs beside and after each other, and the end of the program.

use ango_tests::hub::{Hub, Joined, connect, until};
use ango_tests::project::records;
use serde_json::{Value, json};
use std::fs::write;
use std::time::Duration;

#[test]
fn a_wrong_secret_is_put_out_and_tried_again() {
    let hub = Hub::start("");
    let plugin =
        Joined::of(connect(&hub).env("ANGO_EXPORT_PLUGIN_SECRET_ONE", "wrong").args("--plugin-id one=coco --plugin-id two=coco").spawn_piped());
    plugin.wait("it is put out", |event| {
        event["event"] == "disconnected" && event["plugin"] == "one" && event["problem"].as_str().unwrap().contains("secret")
    });
    until("it tries again", || hub.seen("heartbeat").iter().filter(|beat| beat["id"] == "one" && beat["good"] == false).count() > 1);
    // The other one has nothing to do with it.
    hub.wait_online("two");
    assert!(!plugin.said().contains("secret-of-two"));
}

#[test]
fn a_hub_that_refuses_the_namespace_is_tried_again() {
    let hub = Hub::start(&records(5));
    hub.fault("connect", json!({ "message": "not now", "times": 2 }));
    let plugin = Joined::ours(&hub, "--plugin-id one=coco");
    plugin.wait("it is refused", |event| event["event"] == "disconnected" && event["problem"].as_str().unwrap().contains("not now"));
    hub.wait_online("one");
}

#[test]
fn a_hub_that_is_started_again_gets_its_plugins_back() {
    let mut hub = Hub::start(&records(5));
    let plugin = Joined::ours(&hub, "--plugin-id one=coco");
    hub.wait_online("one");
    // Beyond its pings, which are a second apart here.
    let first = hub.seen("connect").len();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(hub.seen("connect").len(), first, "a connection that is answered stays");
    hub.stop();
    plugin.wait("it is lost", |event| event["event"] == "disconnected");
    hub.restart();
    hub.teach(&records(5));
    hub.wait_online("one");
    assert_eq!(hub.run_to_end("one", json!({}))["response"]["export"], true);
    assert!(hub.seen("heartbeat").iter().any(|beat| beat["good"] == true));
}

#[test]
fn a_connection_lost_during_a_run_does_not_lose_its_answer() {
    let hub = Hub::start(&records(5));
    let plugin = Joined::ours(&hub, "--plugin-id one=coco");
    hub.wait_online("one");
    hub.fault("getUploadUrl", json!({ "seconds": 2, "times": 1 }));
    let session = hub.run("one", json!({}));
    until("it is on its way", || hub.seen("request").iter().any(|request| request["name"] == "getUploadUrl"));
    hub.control("drop", &json!({}));
    plugin.wait("it is lost", |event| event["event"] == "disconnected");
    assert_eq!(hub.ended(&session)["response"]["export"], true);
}

#[test]
fn one_session_runs_once_however_often_it_is_asked_for() {
    let hub = Hub::start(&records(5));
    let plugin = Joined::ours(&hub, "--plugin-id one=coco --connector both --listen 127.0.0.1:0");
    hub.wait_online("one");
    hub.fault("export", json!({ "seconds": 1, "times": 1 }));
    for _ in 0..3 {
        hub.run("one", json!({ "session": "S" }));
    }
    let first = hub.ended("S");
    assert_eq!(first["response"]["export"], true, "{first:#}");
    // Afterwards its answer is told again: who asks has not heard it.
    let told = || hub.seen("response").iter().filter(|seen| seen["response"] == first["response"]).count();
    hub.run("one", json!({ "session": "S" }));
    until("it is told again", || told() > 1);
    hub.run("one", json!({ "session": "S", "url": format!("http://127.0.0.1:{}", plugin.port()) }));
    until("the request is answered", || !hub.session("S")["http"].is_null());
    assert_eq!(hub.session("S")["http"]["status"], 200);
    assert_eq!(hub.seen("request").iter().filter(|request| request["name"] == "export").count(), 1);
    assert_eq!(hub.seen("put").len(), 1);
}

#[test]
fn so_many_at_a_time_and_the_others_wait() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    write(&config, "[connect]\nruns = 2\nmax-queued = 18\n").unwrap();
    let hub = Hub::start(&records(5));
    let plugin = Joined::of(connect(&hub).args("--plugin-id one=coco --config").arg(&config).spawn_piped());
    hub.wait_online("one");
    // The first two hold their slots until all have been asked for.
    hub.fault("export", json!({ "seconds": 3, "times": 2 }));
    let sessions: Vec<String> = (0..20).map(|number| hub.run("one", json!({ "session": format!("Q{number}") }))).collect();
    until("18 wait", || plugin.said().lines().filter(|line| line.contains("\"state\":\"queued\"")).count() == 18);
    let refused = hub.run_to_end("one", json!({ "session": "too-many" }));
    assert_eq!(refused["response"]["error"], true, "{refused:#}");
    let mut links = std::collections::HashSet::new();
    for session in &sessions {
        let ended = hub.ended(session);
        assert_eq!(ended["response"]["export"], true, "{ended:#}");
        assert!(links.insert(ended["response"]["response"].to_string()), "each has a result of its own");
    }
    let waited = hub.ended("Q19");
    assert!(
        waited["logs"].as_array().unwrap().iter().any(|line| line["msg"].as_str().unwrap().starts_with("the run waits: 2 are running")),
        "{waited:#}"
    );
    // Never more than two at once.
    let (mut now, mut most) = (0_i32, 0);
    for event in plugin
        .said()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|event| event["event"] == "run" && event["session"] != "too-many")
    {
        match event["state"].as_str().unwrap() {
            "running" => now += 1,
            "succeeded" | "failed" => now -= 1,
            _ => {}
        }
        most = most.max(now);
    }
    // A slot is free a moment before its run has said so.
    assert!((2..=4).contains(&most), "{most}");
    let peak = plugin.peak_memory().unwrap_or_default();
    assert!(peak < 400 << 20, "{} MiB", peak >> 20);
}

#[test]
fn a_program_that_is_stopped_answers_every_run_and_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    write(&config, "[connect]\nruns = 1\nshutdown-seconds = 20\n").unwrap();
    let hub = Hub::start(&records(5));
    let plugin = Joined::of(connect(&hub).args("--plugin-id one=coco --config").arg(&config).spawn_piped());
    hub.wait_online("one");
    hub.fault("export", json!({ "seconds": 2, "times": 1 }));
    let running = hub.run("one", json!({}));
    let waiting = hub.run("one", json!({}));
    plugin.wait("one waits", |event| event["state"] == "queued");
    plugin.terminate();
    // What has begun ends well; what waits does not begin.
    let waited = hub.ended(&waiting);
    assert_eq!(waited["response"]["error"], true, "{waited:#}");
    assert_eq!(hub.ended(&running)["response"]["export"], true);
    let (code, said) = plugin.end();
    assert_eq!(code, Some(0), "{said}");
    until("Hub sees it leave", || !hub.seen("disconnect").is_empty());
}

#[test]
fn a_run_that_does_not_end_in_time_is_answered_when_the_program_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    write(&config, "[connect]\nshutdown-seconds = 1\n").unwrap();
    let hub = Hub::start(&records(5));
    for connector in ["ws", "rest"] {
        let plugin = Joined::of(
            connect(&hub).args(&format!("--plugin-id one=coco --connector {connector} --listen 127.0.0.1:0 --config")).arg(&config).spawn_piped(),
        );
        hub.fault("export", json!({ "seconds": 3600, "times": 1 }));
        let how = if connector == "ws" {
            hub.wait_online("one");
            json!({})
        } else {
            json!({ "url": format!("http://127.0.0.1:{}", plugin.port()) })
        };
        let session = hub.run("one", how);
        plugin.wait("it runs", |event| event["state"] == "running");
        plugin.terminate();
        let ended = hub.ended(&session);
        assert_eq!(ended["response"]["error"], true, "{ended:#}");
        let (code, said) = plugin.end();
        assert_eq!(code, Some(0), "{said}");
    }
}
