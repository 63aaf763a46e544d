//! A service that dies at any moment, and one that is stopped: every export ends in one whole result, or one clear failure.

use ango_tests::archive::{entries, list};
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use ango_tests::s3::{Act, BUCKET, Server};
use ango_tests::service::{Home, Service, wait_for};
use serde_json::json;
use std::time::Duration;

/// Everything that could be taken for an export is whole, and there is one of it, as long as the service says.
fn is_whole(folder: &std::path::Path, export: &serde_json::Value) {
    let names: Vec<String> = list(folder).into_iter().filter(|name| name.ends_with(".zip")).collect();
    let original = export["result"]["original"]["name"].as_str().unwrap();
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(names[0].ends_with(original), "{names:?}");
    let whole = entries(&folder.join(&names[0]));
    assert_eq!(whole.len(), 1);
    assert_eq!(export["result"]["original"]["bytes"], std::fs::metadata(folder.join(&names[0])).unwrap().len());
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

/// How many times a service is killed while it writes into S3.
const KILLS: usize = 20;
/// How long the server takes for each request, so that there is a middle of it.
const LATE: Duration = Duration::from_millis(60);

#[test]
fn killed_at_many_moments_while_it_writes_into_s3_each_export_ends_once() {
    let server = Server::with_plan(|_| Act::Late(LATE));
    let home = server.env().iter().fold(Home::new(), |home, (name, value)| home.env(name, value));
    let attempts = |attempts: u32| {
        home.configure(&format!("lease-seconds = 1\njobs = 1\nclean-up-seconds = 1\nattempts = {attempts}\nstorage = \"s3://{BUCKET}\"\n"));
    };
    attempts(5);
    write(&home.projects().join("noisy"), PROJECT, noisy_records(40 << 20).as_bytes());
    let key = home.key("manager");
    let order = json!({ "project": "noisy", "format": "ndjson" });
    let mut service = home.start();
    let begin = server.seen().len();
    service.export(&key, &order);
    let requests = server.seen().len() - begin;
    assert!(server.seen().iter().filter(|seen| seen.is_part()).count() >= 4, "it is a large one");
    let mut ends = [0, 0];
    for round in 0..KILLS {
        for name in list(&server.bucket()) {
            std::fs::remove_file(server.bucket().join(name)).unwrap();
        }
        let begin = server.seen().len();
        let id = service.start_export(&key, &order);
        // From before its first request to after its last one; while one is under way, and before and after it.
        let enough = begin + requests * round / (KILLS - 1);
        let ended = |service: &Service| service.get(&key, &format!("/v1/exports/{id}"))["state"] == "succeeded";
        wait_for(|| (server.seen().len() >= enough || ended(&service)).then_some(()));
        std::thread::sleep(LATE * u32::try_from(round % 4).unwrap() / 3);
        service.kill();
        // What is there at the moment of death is whole.
        for name in list(&server.bucket()).iter().filter(|name| name.ends_with(".zip")) {
            assert_eq!(entries(&server.bucket().join(name)).len(), 1, "round {round}: {name}");
        }
        // Every other time nobody tries again: it is a failure then, and nothing is left of it at all.
        attempts(if round % 2 == 0 { 5 } else { 1 });
        service = home.start();
        let export = service.wait_for(&key, &id);
        if export["state"] == "succeeded" {
            is_whole(&server.bucket(), &export);
            ends[0] += 1;
        } else {
            assert_eq!(
                (export["state"].as_str(), export["error"]["class"].as_str()),
                (Some("failed"), Some("interrupted")),
                "round {round}: {export}"
            );
            assert_eq!(round % 2, 1, "round {round}: {export}");
            wait_for(|| list(&server.bucket()).is_empty().then_some(()));
            ends[1] += 1;
        }
        wait_for(|| server.leftovers().is_empty().then_some(()));
    }
    println!("{} exports were saved, {} failed", ends[0], ends[1]);
    assert!(ends[0] >= KILLS / 2 && ends[1] >= 3, "it was killed in the middle: {ends:?}");
}

#[test]
fn what_cannot_be_cleaned_up_is_said_and_tried_again() {
    // What the next attempt tries first, and what the cleaning up does after it.
    let server = Server::with_plan(|seen| if seen.is_abort() && seen.count < 2 { Act::Answer(403, "AccessDenied") } else { Act::Serve });
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
    wait_for(|| server.leftovers().is_empty().then_some(()));
    is_whole(&server.bucket(), &export);
    let log = service.log();
    assert_eq!(log.matches("cannot be cleaned up: it is tried again").count(), 2, "{log}");
    let metrics = service.ask(&key, "GET", "/metrics", None).text;
    assert!(metrics.contains("ango_export_unswept_uploads_total 2\n"), "{metrics}");
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
