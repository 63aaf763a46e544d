//! A service that dies at any moment, and one that is stopped: every export ends in one whole result, or one clear failure.

use ango_tests::archive::{entries, list};
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use ango_tests::s3::{BUCKET, Server};
use ango_tests::service::{Home, wait_for};
use serde_json::json;
use std::time::Duration;

/// Everything that could be taken for an export is whole, and there is one of it.
fn is_whole(folder: &std::path::Path, export: &serde_json::Value) {
    let names: Vec<String> = list(folder).into_iter().filter(|name| name.ends_with(".zip")).collect();
    let original = export["result"]["original"]["name"].as_str().unwrap();
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(names[0].ends_with(original), "{names:?}");
    let whole = entries(&folder.join(&names[0]));
    assert_eq!(whole.len(), 1);
}

#[test]
fn killed_at_many_moments_each_export_ends_once() {
    let home = Home::new();
    home.configure("lease-seconds = 1\njobs = 1\nclean-up-seconds = 1\n");
    write(&home.projects().join("noisy"), PROJECT, noisy_records(24 << 20).as_bytes());
    let key = home.key("manager");
    // How long an export takes here, undisturbed.
    let lone = {
        let service = home.start();
        let export = service.export(&key, &json!({ "project": "noisy", "format": "ndjson" }));
        export["result"]["milliseconds"].as_u64().unwrap().max(50)
    };
    for round in 0..20_u64 {
        std::fs::remove_dir_all(home.exports()).unwrap();
        let service = home.start();
        let id = service.start_export(&key, &json!({ "project": "noisy", "format": "ndjson" }));
        // From before it begins to after its end.
        std::thread::sleep(Duration::from_millis(lone * round / 16));
        service.kill();
        let service = home.start();
        let export = service.wait_for(&key, &id);
        assert_eq!(export["state"], "succeeded", "round {round}: {export}");
        is_whole(&home.exports(), &export);
        // What was half-written is cleaned up.
        wait_for(|| list(&home.exports()).iter().all(|name| !name.contains('#')).then_some(()));
        service.kill();
    }
}

#[test]
fn killed_while_it_writes_into_s3_nothing_is_left_behind() {
    let server = Server::start();
    let home = server.env().iter().fold(Home::new(), |home, (name, value)| home.env(name, value));
    home.configure(&format!("lease-seconds = 2\njobs = 1\nclean-up-seconds = 1\nstorage = \"s3://{BUCKET}\"\n"));
    write(&home.projects().join("noisy"), PROJECT, noisy_records(40 << 20).as_bytes());
    let key = home.key("manager");
    let service = home.start();
    let id = service.start_export(&key, &json!({ "project": "noisy", "format": "ndjson" }));
    wait_for(|| server.seen().iter().any(|seen| seen.is_part()).then_some(()));
    service.kill();
    let service = home.start();
    let export = service.wait_for(&key, &id);
    assert_eq!((export["state"].as_str(), export["attempt"].as_u64()), (Some("succeeded"), Some(2)), "{export}");
    is_whole(&server.bucket(), &export);
    wait_for(|| server.leftovers().is_empty().then_some(()));
    let links = service.links(&key, &id);
    assert!(links["original"].contains("X-Amz-Signature"), "{links:?}");
    let (status, bytes) = ango_tests::service::fetch(&links["original"], &[]);
    assert_eq!((status, bytes.len() as u64), (200, export["result"]["original"]["bytes"].as_u64().unwrap()));
}

#[test]
fn too_many_deaths_are_a_failure() {
    let home = Home::new();
    home.configure("lease-seconds = 1\njobs = 1\nattempts = 2\n");
    harbour(&home.projects().join("large"), 200_000);
    let key = home.key("manager");
    let mut id = None;
    for attempt in 1..=2 {
        let service = home.start();
        let id = id.get_or_insert_with(|| service.start_export(&key, &json!({ "project": "large", "plugins": [{ "name": "coco" }] })));
        wait_for(|| {
            let export = service.get(&key, &format!("/v1/exports/{id}"));
            (export["attempt"] == attempt && export["progress"]["tasks"].as_u64() > Some(0)).then_some(())
        });
        service.kill();
    }
    let service = home.start();
    let export = service.wait_for(&key, &id.unwrap());
    assert_eq!((export["state"].as_str(), export["error"]["class"].as_str()), (Some("failed"), Some("interrupted")), "{export}");
    // Nobody who worked on it lived to tell; it is told all the same.
    let told = wait_for(|| service.get(&key, "/v1/notifications")["notifications"].get(0).cloned());
    assert_eq!((&told["kind"], &told["exportId"]), (&json!("failed"), &export["id"]));
    assert!(list(&home.exports()).iter().all(|name| !name.ends_with(".zip")));
}

#[cfg(unix)]
#[test]
fn stopped_it_finishes_or_hands_back() {
    let home = Home::new();
    home.configure("jobs = 1\nshutdown-seconds = 1\n");
    harbour(&home.projects().join("small"), 10);
    harbour(&home.projects().join("large"), 200_000);
    let key = home.key("manager");
    let service = home.start();
    let large = service.start_export(&key, &json!({ "project": "large", "plugins": [{ "name": "coco" }] }));
    wait_for(|| (service.get(&key, &format!("/v1/exports/{large}"))["progress"]["tasks"].as_u64() > Some(0)).then_some(()));
    let small = service.start_export(&key, &json!({ "project": "small" }));
    service.signal("TERM");
    assert_eq!(service.wait(), 0);
    assert!(list(&home.exports()).iter().all(|name| !name.ends_with(".zip")), "nothing half-done is visible");
    let service = home.start();
    // Handed back, it did not have to wait for a lease to end; and it counts as no failure.
    let export = service.wait_for(&key, &large);
    assert_eq!((export["state"].as_str(), export["attempt"].as_u64()), (Some("succeeded"), Some(2)), "{export}");
    assert_eq!(service.wait_for(&key, &small)["state"], "succeeded");
}
