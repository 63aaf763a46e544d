//! Who may do what. No key, no data.

use ango_tests::project::harbour;
use ango_tests::service::{Home, wait_for};
use serde_json::{Value, json};

fn home() -> Home {
    let home = Home::new();
    harbour(&home.projects().join("harbour"), 10);
    harbour(&home.projects().join("quay"), 10);
    home
}

#[test]
fn every_route_wants_a_key() {
    let home = home();
    let key = home.key("admin");
    let service = home.start();
    let description = service.ask_with(&[], "GET", "/v1/openapi.json", None);
    assert_eq!(description.status, 200);
    let mut count = 0;
    for (path, methods) in description.json["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{id}", "1").replace("{project}", "harbour").replace("{name}", "coco");
            let method = method.to_uppercase();
            for headers in [&[][..], &[("authorization", "Basic x")]] {
                let answer = service.ask_with(headers, &method, &path, None);
                assert_eq!(answer.status, 401, "{method} {path} {headers:?}: {}", answer.text);
            }
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
    for headers in [("authorization", "Bearer ango_00000000_wrong"), ("authorization", "Bearer "), ("apikey", ""), ("apikey", "ango_0")] {
        assert_eq!(service.ask_with(&[headers], "GET", "/v1/me", None).status, 401, "{headers:?}");
    }
    for path in ["/v2/export?project=harbour", "/v2/exportV3?project=harbour", "/v2/project/harbour", "/v2/listProjects", "/v2/storages"] {
        let answer = service.ask_with(&[], "GET", path, None);
        assert_eq!((answer.status, answer.json["status"].as_str()), (401, Some("fail")), "{path}");
    }
    // One digit of the secret is wrong.
    let last = if key.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{last}", &key[..key.len() - 1]);
    assert_eq!(service.ask(&wrong, "GET", "/v1/me", None).status, 401);
    assert_eq!(service.get(&key, "/v1/me")["organisation"], "acme");
    assert!(!service.log().contains(&key[14..]) && !service.log().contains(&wrong[14..]), "no secret is in the log");
}

#[test]
fn roles() {
    let home = home();
    let admin = home.key("admin");
    let viewer = home.key_for("--role viewer --project harbour");
    let manager = home.key_for("--role manager --project harbour");
    let service = home.start();
    let order = json!({ "project": "harbour" });
    assert_eq!(service.ask(&viewer, "POST", "/v1/exports", Some(&order)).status, 403);
    let export = service.export(&manager, &order);
    let id = export["id"].as_str().unwrap();
    let status = |key: &str, method: &str, path: &str, body: Option<&Value>| service.ask(key, method, path, body).status;
    // A viewer looks, and takes nothing away.
    assert_eq!(status(&viewer, "GET", &format!("/v1/exports/{id}"), None), 200);
    assert_eq!(status(&viewer, "GET", &format!("/v1/exports/{id}/report"), None), 200);
    assert_eq!(status(&viewer, "GET", &format!("/v1/exports/{id}/preview"), None), 200);
    assert_eq!(status(&viewer, "GET", &format!("/v1/exports/{id}/links"), None), 403);
    assert_eq!(status(&viewer, "POST", &format!("/v1/exports/{id}/cancel"), None), 403);
    assert_eq!(status(&viewer, "GET", "/v1/projects/harbour/settings", None), 403);
    // Of a project that a key has no role in, it learns nothing.
    let other = service.export(&admin, &json!({ "project": "quay" }));
    let other = other["id"].as_str().unwrap();
    for key in [&viewer, &manager] {
        assert_eq!(status(key, "GET", "/v1/projects/quay", None), 404);
        assert_eq!(status(key, "GET", &format!("/v1/exports/{other}"), None), 404);
        assert_eq!(status(key, "GET", "/v1/exports?project=quay", None), 404);
        let seen = service.get(key, "/v1/exports");
        assert_eq!(seen["exports"].as_array().unwrap().len(), 1);
        assert_eq!(service.get(key, "/v1/projects")["projects"].as_array().unwrap().len(), 1);
        let told = service.get(key, "/v1/notifications");
        assert!(told["notifications"].as_array().unwrap().iter().all(|one| one["project"] == "harbour"), "{told}");
    }
    // What is the admins'.
    for key in [&viewer, &manager] {
        assert_eq!(status(key, "GET", "/v1/keys", None), 403);
        assert_eq!(status(key, "GET", "/v1/audit", None), 403);
        assert_eq!(status(key, "POST", "/v1/plugins/coco/approve", Some(&json!({ "digest": "0".repeat(64) }))), 403);
    }
    assert_eq!(status(&admin, "GET", "/v1/keys", None), 200);
}

#[test]
fn keys_are_made_expire_and_are_revoked() {
    let home = home();
    let admin = home.key("admin");
    let service = home.start();
    let new = json!({ "name": "ada@example.com", "roles": [{ "project": "harbour", "role": "manager" }], "expiresAt": "2999-01-01T00:00:00Z" });
    let made = service.ask(&admin, "POST", "/v1/keys", Some(&new));
    assert_eq!(made.status, 201, "{}", made.text);
    let secret = made.json["secret"].as_str().unwrap();
    let id = made.json["key"]["id"].as_str().unwrap();
    assert_eq!(service.get(secret, "/v1/me")["key"]["name"], "ada@example.com");
    let listed = service.get(&admin, "/v1/keys").to_string();
    assert!(listed.contains(id) && !listed.contains(&secret[14..]), "the secret is shown once");
    assert_eq!(service.ask(&admin, "DELETE", &format!("/v1/keys/{id}"), None).status, 204);
    assert_eq!(service.ask(secret, "GET", "/v1/me", None).status, 401, "at once");
    assert_eq!(service.ask(&admin, "DELETE", &format!("/v1/keys/{id}"), None).status, 404);
    let own = service.get(&admin, "/v1/me")["key"]["id"].as_str().unwrap().to_owned();
    assert_eq!(service.ask(&admin, "DELETE", &format!("/v1/keys/{own}"), None).status, 409);
    for (wrong, problem) in [
        (json!({ "name": "", "roles": [{ "project": "*", "role": "viewer" }] }), "name"),
        (json!({ "name": "x", "roles": [] }), "roles"),
        (json!({ "name": "x", "roles": [{ "project": "*", "role": "king" }] }), "viewer, manager, admin"),
        (json!({ "name": "x", "roles": [{ "project": "../x", "role": "viewer" }] }), "project"),
        (json!({ "name": "x", "roles": [{ "project": "*", "role": "viewer" }], "expiresAt": "2001-01-01T00:00:00Z" }), "in the future"),
    ] {
        let answer = service.ask(&admin, "POST", "/v1/keys", Some(&wrong));
        assert!(answer.status == 400 && answer.text.contains(problem), "{wrong}: {}", answer.text);
    }
    // What a key on the command line does counts for a running service too.
    let another = home.key("viewer");
    assert_eq!(service.ask(&another, "GET", "/v1/me", None).status, 200);
    home.cli(&format!("key revoke --organisation acme {}", &another[5..13])).expect(0);
    wait_for(|| (service.ask(&another, "GET", "/v1/me", None).status == 401).then_some(()));
}

#[test]
fn who_did_what() {
    let home = home();
    let admin = home.key("admin");
    let service = home.start();
    let export = service.export(&admin, &json!({ "project": "harbour", "plugins": [{ "name": "coco" }] }));
    let id = export["id"].as_str().unwrap();
    service.links(&admin, id);
    let entries = service.get(&admin, "/v1/audit");
    let entries = entries["entries"].as_array().unwrap();
    let actions: Vec<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["export.links", "export.start", "key.create"], "the newest first");
    let start = &entries[1];
    assert_eq!((&start["project"], &start["target"], &start["detail"]["plugins"]), (&json!("harbour"), &json!(id), &json!(["coco"])));
    assert!(start["actor"].as_str().unwrap().starts_with("tester (") && start["from"] == "127.0.0.1", "{start}");
}

#[test]
fn who_shows_too_many_wrong_keys_waits() {
    let home = home();
    let key = home.key("viewer");
    let service = home.start();
    let wrong = |index: usize| service.ask(&format!("ango_{index:08x}_{}", "0".repeat(64)), "GET", "/v1/me", None).status;
    let answers: Vec<u16> = (0..40).map(wrong).collect();
    assert!(answers.iter().take(30).all(|status| *status == 401) && answers.iter().skip(30).all(|status| *status == 429), "{answers:?}");
    assert_eq!(service.ask(&key, "GET", "/v1/me", None).status, 429, "nobody at that address can go on trying");
}

#[test]
fn who_asks_too_often_waits() {
    let home = home();
    home.configure("requests-per-second = 5\n");
    let (key, other) = (home.key("viewer"), home.key("viewer"));
    let service = home.start();
    let answers: Vec<_> = (0..30).map(|_| service.ask(&key, "GET", "/v1/me", None)).collect();
    let refused = answers.iter().find(|answer| answer.status == 429).expect("too many are refused");
    assert_eq!(refused.json["error"]["code"], "too-many-requests");
    assert_eq!(service.ask(&other, "GET", "/v1/me", None).status, 200, "another key is not held to account");
    // Large bodies and long headers are refused before anybody looks at them.
    let large = json!({ "project": "x".repeat(2 << 20) });
    assert_eq!(service.ask(&other, "POST", "/v1/exports", Some(&large)).status, 413);
}
