//! Two services on one PostgreSQL and one bucket: what one leaves, the other does, once.

use ango_tests::archive::{entries, list};
use ango_tests::postgres::Postgres;
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use ango_tests::s3::{Act, BUCKET, Seen, Server, contents};
use ango_tests::service::{Home, wait_for};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

#[test]
fn what_a_killed_node_had_is_done_by_the_other_once() {
    let Some(postgres) = Postgres::start() else { return };
    let home = Home::new().env("ANGO_EXPORT_DATABASE_URL", &postgres.database());
    home.configure("database = \"postgres\"\nlease-seconds = 3\njobs = 1\n");
    one_is_killed(&home, &home.exports());
}

#[test]
fn what_a_killed_node_had_is_done_by_the_other_once_in_s3() {
    let Some(postgres) = Postgres::start() else { return };
    // Slow enough that both are in the middle of something.
    let server = Server::with_plan(|_| Act::Late(Duration::from_millis(30)));
    let home = in_s3(&server, &postgres);
    home.configure(&format!("database = \"postgres\"\nlease-seconds = 3\njobs = 1\nclean-up-seconds = 1\nstorage = \"s3://{BUCKET}\"\n"));
    one_is_killed(&home, &server.bucket());
    wait_for(|| server.leftovers().is_empty().then_some(()));
}

/// A home whose services share a database, and an S3.
fn in_s3(server: &Server, postgres: &Postgres) -> Home {
    let home = Home::new().env("ANGO_EXPORT_DATABASE_URL", &postgres.database());
    server.env().iter().fold(home, |home, (name, value)| home.env(name, value))
}

fn one_is_killed(home: &Home, bucket: &Path) {
    for project in ["north", "south", "east"] {
        harbour(&home.projects().join(project), 20_000);
    }
    let key = home.key("manager");
    let (first, second) = (home.start(), home.start());
    let order = |project: &str| json!({ "project": project, "plugins": [{ "name": "coco" }] });
    let ids: Vec<String> =
        ["north", "south", "east", "north", "south", "east"].iter().map(|project| first.start_export(&key, &order(project))).collect();
    // Both work: two are running, one on each.
    wait_for(|| {
        let running = second.get(&key, "/v1/exports?state=running");
        (running["exports"].as_array().unwrap().len() == 2).then_some(())
    });
    first.kill();
    let ended: Vec<_> = ids.iter().map(|id| second.wait_for(&key, id)).collect();
    assert!(ended.iter().all(|export| export["state"] == "succeeded"), "{ended:?}");
    assert!(ended.iter().any(|export| export["attempt"] == 2), "one was the killed node's");
    // Each has one original and one converted archive, all of them whole, and there is nothing else.
    let named: BTreeSet<String> = ended
        .iter()
        .flat_map(|export| {
            let result = &export["result"];
            [result["original"]["name"].clone(), result["conversions"][0]["output"]["name"].clone()]
        })
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let archives: Vec<String> = list(bucket).into_iter().filter(|name| name.ends_with(".zip")).collect();
    let found: BTreeSet<String> = archives.iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!((found, archives.len()), (named, 12));
    archives.iter().for_each(|archive| assert!(!entries(&bucket.join(archive)).is_empty()));
    // Links that one node signs, another opens: so they do after a restart. Those into a bucket are the provider's.
    let third = home.start();
    let link = second.links(&key, &ids[0])["original"].clone();
    assert_eq!(ango_tests::service::fetch(&link.replace(&second.address, &third.address), &[]).0, 200);
}

/// A node is stopped at a moment, and goes on when another has its export: while that one is at it, or when it is done.
fn one_sleeps(postgres: &Postgres, moment: fn(&Seen) -> bool, goes_on_early: bool) {
    let server = Server::with_plan(|_| Act::Late(Duration::from_millis(150)));
    let home = in_s3(&server, postgres);
    home.configure(&format!("database = \"postgres\"\nlease-seconds = 2\njobs = 1\nclean-up-seconds = 1\nstorage = \"s3://{BUCKET}\"\n"));
    write(&home.projects().join("noisy"), PROJECT, noisy_records(40 << 20).as_bytes());
    let key = home.key("manager");
    let first = home.start();
    let id = first.start_export(&key, &json!({ "project": "noisy", "format": "ndjson" }));
    wait_for(|| server.seen().iter().any(moment).then_some(()));
    first.signal("STOP");
    let before = server.seen().len();
    let second = home.start();
    // It has taken it over, and is in the middle of it.
    wait_for(|| server.seen()[before..].iter().any(Seen::is_part).then_some(()));
    if goes_on_early {
        first.signal("CONT");
    }
    let export = second.wait_for(&key, &id);
    assert_eq!((export["state"].as_str(), export["attempt"].as_u64()), (Some("succeeded"), Some(2)), "{export}");
    let saved = contents(&server.bucket());
    assert_eq!(saved.len(), 2, "an archive and its report");
    if !goes_on_early {
        first.signal("CONT");
    }
    // It finds out that it is too late, and changes nothing any more.
    wait_for(|| first.log().lines().any(|line| line.contains(&id) && line.contains("ended")).then_some(()));
    assert!(first.log().contains("\"lost\"") || first.log().contains("\"handed-back\""), "{}", first.log());
    wait_for(|| server.leftovers().is_empty().then_some(()));
    assert!(contents(&server.bucket()) == saved, "what the other saved is as it was");
    assert_eq!(second.get(&key, &format!("/v1/exports/{id}")), export);
    let archives: Vec<String> = list(&server.bucket()).into_iter().filter(|name| name.ends_with(".zip")).collect();
    assert_eq!((archives.len(), entries(&server.bucket().join(&archives[0])).len()), (1, 1));
    assert_eq!(std::fs::metadata(server.bucket().join(&archives[0])).unwrap().len(), export["result"]["original"]["bytes"]);
}

#[cfg(unix)]
#[test]
fn a_node_that_slept_longer_than_its_lease_harms_nothing() {
    let Some(postgres) = Postgres::start() else { return };
    let moments: [fn(&Seen) -> bool; 3] = [Seen::is_part, Seen::is_completion, |seen| seen.is_put() && seen.target.contains("report.json")];
    for moment in moments {
        one_sleeps(&postgres, moment, true);
        one_sleeps(&postgres, moment, false);
    }
}
