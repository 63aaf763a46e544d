//! Export plugins that people wrote with Hub's SDK and run themselves: the real SDK, over both of its connectors, with the service for its Hub.

use ango_tests::archive::original;
use ango_tests::hub::{Joined, connect_to, free_port};
use ango_tests::postgres::Postgres;
use ango_tests::project::harbour;
use ango_tests::service::{Home, Service, fetch, wait_for};
use serde_json::{Value, json};

/// Tasks of the project; every tenth is not complete.
const TASKS: usize = 60;

/// A service that knows the plugins `one` and `two`; `more` is said of `one`.
pub fn home(more: &str) -> Home {
    let home = Home::new().env("ANGO_EXPORT_PLUGIN_SECRET_ONE", "secret-of-one").env("ANGO_EXPORT_PLUGIN_SECRET_TWO", "secret-of-two");
    harbour(&home.projects().join("harbour"), TASKS);
    home.configure(&settings(more));
    home
}

/// The sections of the plugins.
pub fn settings(more: &str) -> String {
    format!(
        "[service.plugins.two]\nname = \"Second\"\norganisation = \"acme\"\n[service.plugins.one]\nname = \"Boxes to text\"\norganisation = \"acme\"\ndefault-config = '{{\"lines\": 2}}'\n{more}"
    )
}

/// Waits until a plugin is online.
pub fn wait_online(service: &Service, key: &str, plugin: &str) {
    wait_for(|| {
        let plugins = service.get(key, "/v1/plugins");
        let found = plugins["plugins"].as_array().unwrap().iter().find(|one| one["name"] == plugin).cloned();
        found.filter(|found| found["state"] == "online" && found["lastSeenAt"].is_string())
    });
}

/// Starts a run of `one` with this configuration. Its id.
pub fn start(service: &Service, key: &str, config: &Value) -> String {
    let answer = service.ask(key, "POST", "/v1/sessions", Some(&json!({ "project": "harbour", "plugin": "one", "config": config })));
    assert_eq!((answer.status, answer.json["title"].as_str()), (202, Some("Boxes to text")), "{}", answer.text);
    answer.json["id"].as_str().unwrap().to_owned()
}

/// Waits until a run has ended.
pub fn ended(service: &Service, key: &str, id: &str) -> Value {
    wait_for(|| {
        let session = service.get(key, &format!("/v1/sessions/{id}"));
        (!["queued", "running"].contains(&session["state"].as_str().unwrap())).then_some(session)
    })
}

/// Runs `one` to its end.
pub fn run(service: &Service, key: &str, config: &Value) -> Value {
    let id = start(service, key, config);
    ended(service, key, &id)
}

/// The lines of a run's log.
pub fn logs(service: &Service, key: &str, session: &Value) -> Vec<String> {
    let logs = service.get(key, &format!("/v1/sessions/{}/logs", session["id"].as_str().unwrap()));
    logs["logs"].as_array().unwrap().iter().map(|line| format!("{} {}", line["level"].as_str().unwrap(), line["message"].as_str().unwrap())).collect()
}

/// What a run's only file holds.
fn result(service: &Service, key: &str, session: &Value) -> Value {
    let links = service.get(key, &format!("/v1/sessions/{}/links", session["id"].as_str().unwrap()));
    let link = &links["links"][0];
    assert_eq!((&link["of"], &link["name"], &link["bytes"]), (&json!("result"), &session["files"][0]["name"], &session["files"][0]["bytes"]));
    let (status, bytes) = fetch(link["url"].as_str().unwrap(), &[]);
    assert_eq!((status, Some(bytes.len() as u64)), (200, link["bytes"].as_u64()));
    serde_json::from_slice(&bytes).unwrap()
}

/// What must be so with either connector.
fn check_runs(home: &Home, service: &Service, plugin: &Joined) {
    let (admin, key) = (home.key("admin"), home.key_for("--role manager"));
    wait_online(service, &key, "one");
    // As it is configured when nobody says anything else; every stage, and a batch by its name.
    let order = json!({ "project": "harbour", "plugin": "one", "stages": null, "batches": ["north"] });
    let answer = service.ask(&key, "POST", "/v1/sessions", Some(&order));
    let session = ended(service, &key, answer.json["id"].as_str().unwrap());
    assert_eq!((&session["state"], &session["config"]), (&json!("succeeded"), &json!({ "lines": 2 })), "{session:#}");
    let made = result(service, &key, &session);
    let data = &made["data"];
    assert_eq!(
        (&data["projectId"], &data["orgId"], &data["runBy"], &data["session"]),
        (&json!("harbour"), &json!("acme"), &json!("tester"), &session["id"])
    );
    assert_eq!((&data["stage"], &data["batches"]), (&json!([]), &json!(["dddddddddddddddddddddd01"])));
    assert_eq!(made["ids"].as_array().map(Vec::len), made["tasks"].as_u64().map(|count| count as usize));
    let logged = logs(service, &key, &session);
    assert_eq!(logged, ["info line 0", "info line 1", "info converted {\"progress\":50}"]);
    // The original export is there as well, as the Export tab shows it.
    let export = service.get(&key, &format!("/v1/exports/{}", session["exportId"].as_str().unwrap()));
    assert_eq!((&export["state"], &export["result"]["tasks"]), (&json!("succeeded"), &made["tasks"]));
    assert!(original(&home.exports().join("acme/harbour")).is_file());

    // A file whose name the SDK does not escape, and the key, which is for this run and for nothing else.
    let session = run(service, &key, &json!({ "file_name": "my out & 1+1.zip", "show_key": true, "notify": ["ada@example.org", "tester"] }));
    assert_eq!(session["state"], "succeeded", "{session:#}");
    let name = session["files"][0]["name"].as_str().unwrap();
    assert!(name.starts_with("my_out___1_1-") && name.ends_with(".zip") && home.exports().join("acme/harbour").join(name).is_file(), "{name}");
    let said = plugin.said();
    let run_key = said.lines().find_map(|line| line.strip_prefix("key ")).unwrap();
    assert_eq!(service.ask(run_key, "GET", "/v1/me", None).status, 401);
    assert_eq!(service.ask(run_key, "GET", "/v2/project/harbour", None).status, 401);
    let logged = logs(service, &key, &session).join("\n");
    assert!(logged.contains("warning my key is ango_...") && !logged.contains(run_key) && !service.log().contains(run_key), "{logged}");
    assert!(logged.contains("\"sent\":2"), "{logged}");
    let told = service.get(&key, "/v1/notifications");
    let kinds: Vec<_> = told["notifications"].as_array().unwrap().iter().map(|one| (&one["kind"], &one["title"])).collect();
    assert_eq!(
        kinds[..2],
        [(&json!("ready"), &json!("Boxes to text: ready")), (&json!("message"), &json!("From the plugin"))],
        "one message was for another"
    );
    assert!(told["notifications"][0]["link"].as_str().unwrap().ends_with(&format!("/#/harbour/runs/{}", session["id"].as_str().unwrap())));

    // What plugins ask besides, with the SDK's own functions.
    let session = run(service, &key, &json!({ "look": true }));
    let looked = logs(service, &key, &session).into_iter().find_map(|line| line.strip_prefix("info looked ").map(str::to_owned));
    let looked: Value = serde_json::from_str(&looked.unwrap_or_else(|| panic!("{session:#}"))).unwrap();
    assert_eq!((&looked["objects"], &looked["project"], &looked["assets"]), (&looked["tools"], &json!("Harbour"), &json!(TASKS)), "{looked}");

    // One that fails says why, and the next one runs.
    let session = run(service, &key, &json!({ "fail": true }));
    assert_eq!(
        (&session["state"], &session["error"]),
        (&json!("failed"), &json!("Plugin callback failed: the converter does not like it")),
        "{session:#}"
    );
    assert_eq!(run(service, &key, &json!({}))["state"], "succeeded");
    let done = service.get(&admin, "/v1/audit?limit=100").to_string();
    assert!(done.contains("session.start") && done.contains("session.links"), "{done}");
}

#[test]
fn a_plugin_of_the_sdk_runs_over_its_websocket() {
    let home = home("");
    let service = home.start();
    let plugin = Joined::sdk(&service.url(""), "one", "WS", 0);
    check_runs(&home, &service, &plugin);
}

#[test]
fn a_plugin_of_the_sdk_runs_over_requests() {
    let port = free_port();
    let home = home(&format!("url = \"http://127.0.0.1:{port}\"\n"));
    let service = home.start();
    let plugin = Joined::sdk(&service.url(""), "one", "REST", port);
    check_runs(&home, &service, &plugin);
}

#[test]
fn our_connector_is_a_plugin_like_any_other() {
    let home = home("");
    let service = home.start();
    let key = home.key("manager");
    let _plugin = Joined::of(connect_to(&service.url("")).args("--plugin-id one=coco").spawn_piped());
    wait_online(&service, &key, "one");
    let session = run(&service, &key, &json!({}));
    assert_eq!(session["state"], "succeeded", "{session:#}");
    let links = service.get(&key, &format!("/v1/sessions/{}/links", session["id"].as_str().unwrap()));
    let (status, bytes) = fetch(links["links"][0]["url"].as_str().unwrap(), &[]);
    assert!(status == 200 && bytes.starts_with(b"PK"), "an archive");
    let logged = logs(&service, &key, &session);
    assert!(logged.iter().any(|line| line.contains("progress")), "{logged:#?}");
    // What is wrong with its options is said in the run.
    let session = run(&service, &key, &json!({ "holes": "nonsense" }));
    assert!(session["state"] == "failed" && session["error"].as_str().unwrap().contains("holes"), "{session:#}");
}

#[test]
fn many_runs_at_once_do_not_meet() {
    let home = home("");
    let service = home.start();
    let key = home.key("manager");
    let _plugin = Joined::sdk(&service.url(""), "one", "WS", 0);
    wait_online(&service, &key, "one");
    let ids: Vec<String> = (0..12).map(|index| start(&service, &key, &json!({ "lines": 30, "fail": index % 4 == 3, "wait": 0.2 }))).collect();
    for (index, id) in ids.iter().enumerate() {
        let session = ended(&service, &key, id);
        assert_eq!(session["state"], if index % 4 == 3 { "failed" } else { "succeeded" }, "{session:#}");
        let logged = logs(&service, &key, &session);
        assert_eq!(logged.len(), 31, "{logged:#?}");
        assert!(logged[..30].iter().enumerate().all(|(number, line)| *line == format!("info line {number}")), "{logged:#?}");
        if session["state"] == "succeeded" {
            assert_eq!(result(&service, &key, &session)["data"]["session"], **id);
        }
    }
    let listed = service.get(&key, "/v1/sessions?project=harbour&limit=5");
    let second = service.get(&key, &format!("/v1/sessions?limit=50&before={}", listed["next"].as_str().unwrap()));
    let count = |list: &Value| list["sessions"].as_array().unwrap().len();
    assert_eq!((count(&listed), count(&second), &second["next"]), (5, 7, &Value::Null));
}

#[test]
fn a_run_is_followed_while_it_goes_on() {
    let home = home("");
    let service = home.start();
    let key = home.key("viewer");
    let manager = home.key("manager");
    let _plugin = Joined::sdk(&service.url(""), "one", "WS", 0);
    wait_online(&service, &key, "one");
    let id = start(&service, &manager, &json!({ "lines": 3, "wait": 1 }));
    let text = service.ask(&key, "GET", &format!("/v1/sessions/{id}/events"), None).text;
    let of = |name: &str| text.matches(&format!("event: {name}\n")).count();
    assert!(of("session") >= 2 && of("log") == 4 && text.contains("\"state\":\"succeeded\""), "{text}");
    // A viewer looks, and does nothing.
    for (method, path) in [("POST", "cancel"), ("GET", "links")] {
        assert_eq!(service.ask(&key, method, &format!("/v1/sessions/{id}/{path}"), None).status, 403);
    }
    let order = json!({ "project": "harbour", "plugin": "one" });
    assert_eq!(service.ask(&key, "POST", "/v1/sessions", Some(&order)).status, 403);
}

#[test]
fn a_node_hands_over_what_another_was_asked_for() {
    let Some(postgres) = Postgres::start() else { return };
    let home = home("").env("ANGO_EXPORT_DATABASE_URL", &postgres.database());
    home.configure(&format!("database = \"postgres\"\n{}", settings("")));
    let (first, second) = (home.start(), home.start());
    let key = home.key("manager");
    let plugin = Joined::sdk(&first.url(""), "one", "WS", 0);
    wait_online(&second, &key, "one");
    let session = run(&second, &key, &json!({}));
    assert_eq!(session["state"], "succeeded", "{session:#} {}", plugin.said());
    assert_eq!(result(&first, &key, &session)["tasks"], 54);
}

/// Every call of an export plugin that is about its run.
#[test]
fn what_is_of_runs_is_for_runs() {
    let home = home("");
    let service = home.start();
    let key = home.key("admin");
    for (method, path) in [
        ("GET", "/v2/getUploadUrl?name=a.zip&project=harbour&type=exports"),
        ("GET", "/v2/getSignedUrl?name=a.zip&project=harbour&type=exports"),
        ("POST", "/v2/pluginLog"),
        ("POST", "/v2/pluginResponse"),
    ] {
        let answer = service.ask(&key, method, path, Some(&json!({})));
        assert_eq!((answer.status, answer.json["status"].as_str()), (403, Some("fail")), "{path}: {}", answer.text);
        assert!(answer.text.contains("runs of plugins"), "{}", answer.text);
    }
}
