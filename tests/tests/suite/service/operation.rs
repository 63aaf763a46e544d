//! What whoever runs the service sees and says: health, metrics, its configuration, settings of projects, plugins.

use ango_tests::archive::list;
use ango_tests::project::harbour;
use ango_tests::service::{Home, wait_for};
use serde_json::json;

fn home() -> Home {
    let home = Home::new();
    harbour(&home.projects().join("harbour"), 10);
    home
}

#[test]
fn health_and_metrics() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    assert_eq!(service.ask_with(&[], "GET", "/healthz", None).text, "ok\n");
    assert_eq!(service.ask_with(&[], "GET", "/readyz", None).text, "ready\n");
    service.export(&key, &json!({ "project": "harbour", "stages": null, "plugins": [{ "name": "yolo" }] }));
    let text = wait_for(|| {
        let text = service.ask_with(&[], "GET", "/metrics", None).text;
        text.contains("ango_export_exports_total{state=\"succeeded\"} 1").then_some(text)
    });
    for line in [
        "ango_export_tasks_total 10",
        "ango_export_losses_total{plugin=\"yolo\",what=",
        "ango_export_export_duration_seconds_count 1",
        "ango_export_http_requests_total{method=\"POST\",route=\"/v1/exports\",status=\"202\"} 1",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
    assert!(!text.contains("harbour"), "no project is named");
}

#[test]
fn export_storage_is_set_tested_and_used() {
    let home = home();
    let other = home.path().join("elsewhere");
    home.configure(&format!("[storages.other]\nurl = {:?}\n[storages.broken]\nurl = \"/proc/no\"\n", other.display().to_string()));
    let key = home.key("manager");
    let service = home.start();
    let path = "/v1/projects/harbour/settings";
    assert_eq!(service.get(&key, path), json!({ "exportStorage": null }));
    let settings = json!({ "exportStorage": { "storage": "other", "path": "exports/2023" } });
    let tested = service.ask(&key, "POST", &format!("{path}/test"), Some(&settings)).json;
    assert_eq!(tested["ok"], true, "{tested}");
    let steps: Vec<&str> = tested["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["open", "write", "read", "link", "delete"]);
    assert_eq!(list(&other), Vec::<String>::new(), "a test leaves nothing");
    assert_eq!(service.ask(&key, "PUT", path, Some(&settings)).status, 200);
    assert_eq!(service.get(&key, path)["exportStorage"]["path"], "exports/2023");
    let export = service.export(&key, &json!({ "project": "harbour" }));
    assert_eq!(export["state"], "succeeded", "{export}");
    assert!(list(&other).iter().all(|name| name.starts_with("exports/2023/Harbour-task-export-")) && list(&other).len() == 2);
    // Links open the old place after the project was given a new one.
    assert_eq!(service.ask(&key, "PUT", path, Some(&json!({ "exportStorage": null }))).status, 200);
    let links = service.links(&key, export["id"].as_str().unwrap());
    assert_eq!(ango_tests::service::fetch(&links["original"], &[]).0, 200);
    for (wrong, problem) in [
        (json!({ "exportStorage": { "storage": "/etc", "path": "" } }), "storage '/etc' does not exist: there are broken, main, other"),
        (json!({ "exportStorage": { "storage": "other", "path": "../x" } }), "path"),
        (json!({ "exportStorage": { "storage": "other", "bucket": "b", "path": "x" } }), "bucket"),
    ] {
        let answer = service.ask(&key, "PUT", path, Some(&wrong));
        assert!(answer.status == 400 && answer.text.contains(problem), "{wrong}: {}", answer.text);
    }
    let tested = service.ask(&key, "POST", &format!("{path}/test"), Some(&json!({ "exportStorage": { "storage": "broken", "path": "" } }))).json;
    assert_eq!((&tested["ok"], &tested["steps"][0]["step"]), (&json!(false), &json!("open")), "{tested}");
}

#[test]
fn the_configuration_is_read_again() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    home.configure("[storages.second]\nurl = \"/tmp\"\n");
    service.signal("HUP");
    wait_for(|| (service.get(&key, "/v1/storages")["storages"].as_array().unwrap().len() == 2).then_some(()));
    // A wrong one changes nothing, and the log says what is wrong with it.
    std::fs::write(home.config(), "[service]\nlisten = 5\n").unwrap();
    service.signal("HUP");
    wait_for(|| service.log().contains("the configuration is wrong").then_some(()));
    assert_eq!(service.get(&key, "/v1/storages")["storages"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_set_wrongly_is_said_before_it_listens() {
    let home = home();
    for (more, problem) in [
        ("database = \"postgres\"\n", "ANGO_EXPORT_DATABASE_URL"),
        ("listen = \"127.0.0.1:0\"\n", "duplicate key"),
        ("[service.tls]\ncertificate = \"/nowhere.pem\"\nkey = \"/nowhere.pem\"\n", "/nowhere.pem"),
        ("[service.webhooks.x]\nurl = \"https://x\"\norganisation = \"other\"\n", "organisation 'other' does not exist"),
    ] {
        home.configure(more);
        let run = home.cli("serve").expect(2);
        assert!(run.stderr.contains(problem), "{more}: {run}");
    }
    home.configure("");
    std::fs::write(home.path().join("data").join("jobs.db"), "this is no database, however long it may be, and it is longer than a header")
        .unwrap_or_else(|_| {
            std::fs::create_dir_all(home.path().join("data")).unwrap();
            std::fs::write(home.path().join("data").join("jobs.db"), "this is no database, however long it may be, and it is longer than a header")
                .unwrap();
        });
    let run = home.cli("serve").expect(2);
    assert!(run.stderr.contains("jobs.db") && run.stderr.contains("not a database"), "{run}");
}

#[test]
fn plugins_are_approved_and_revoked() {
    let home = home();
    let admin = home.key("admin");
    let component = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/contracts/0.1/boxes-csv.wasm");
    home.cli("plugin install").arg(component).expect(0);
    let service = home.start();
    let find = || {
        let plugins = service.get(&admin, "/v1/plugins");
        plugins["plugins"].as_array().unwrap().iter().find(|plugin| plugin["name"] == "boxes-csv").expect("it is listed").clone()
    };
    let waiting = find();
    assert_eq!((&waiting["kind"], &waiting["state"]), (&json!("installed"), &json!("waiting")), "{waiting}");
    assert!(waiting["optionsSchema"].is_object() && waiting["conformance"]["passed"].as_u64() > Some(0), "{waiting}");
    let order = json!({ "project": "harbour", "plugins": [{ "name": "boxes-csv" }] });
    assert_eq!(service.ask(&admin, "POST", "/v1/exports", Some(&order)).status, 400, "it runs for nobody");
    let digest = waiting["digest"].as_str().unwrap();
    let body = json!({ "digest": digest, "limits": ["memory=256MiB"], "note": "tried it" });
    let approved = service.ask(&admin, "POST", "/v1/plugins/boxes-csv/approve", Some(&body));
    assert_eq!((approved.status, &approved.json["state"]), (200, &json!("active")), "{}", approved.text);
    assert_eq!(approved.json["limits"]["memory"], 256 << 20);
    assert_eq!(service.export(&admin, &order)["result"]["conversions"][0]["plugin"], "boxes-csv");
    let revoked = service.ask(&admin, "POST", "/v1/plugins/boxes-csv/revoke", Some(&json!({ "digest": digest, "note": "wrong ids" })));
    assert_eq!((revoked.status, &revoked.json["state"]), (200, &json!("revoked")), "{}", revoked.text);
    assert_eq!(service.ask(&admin, "POST", "/v1/exports", Some(&order)).status, 400);
    for (body, status) in
        [(json!({ "digest": "abc" }), 400), (json!({ "digest": "0".repeat(64) }), 404), (json!({ "digest": digest, "grants": ["network"] }), 400)]
    {
        assert_eq!(service.ask(&admin, "POST", "/v1/plugins/boxes-csv/approve", Some(&body)).status, status, "{body}");
    }
}

#[test]
fn notifications_are_there_unless_nobody_wants_them() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    let export = service.export(&key, &json!({ "project": "harbour" }));
    service.export(&key, &json!({ "project": "harbour", "notify": { "silent": true } }));
    let failed = service.export(&key, &json!({ "project": "harbour", "stages": ["Nonsense"] }));
    let told = service.get(&key, "/v1/notifications");
    let told = told["notifications"].as_array().unwrap();
    let seen: Vec<(&str, &str)> = told.iter().map(|one| (one["kind"].as_str().unwrap(), one["exportId"].as_str().unwrap())).collect();
    assert_eq!(seen, [("failed", failed["id"].as_str().unwrap()), ("ready", export["id"].as_str().unwrap())]);
    let id = told[1]["id"].as_i64().unwrap();
    assert_eq!(service.ask(&key, "POST", &format!("/v1/notifications/{id}/read"), None).status, 204);
    assert_eq!(service.get(&key, "/v1/notifications")["notifications"][1]["read"], true);
    assert_eq!(service.get(&key, &format!("/v1/notifications?after={id}"))["notifications"].as_array().unwrap().len(), 1);
}
