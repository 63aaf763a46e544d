//! Two services on one PostgreSQL and one bucket: what one leaves, the other does, once.

use ango_tests::archive::{entries, list};
use ango_tests::postgres::Postgres;
use ango_tests::project::harbour;
use ango_tests::service::{Home, wait_for};
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn what_a_killed_node_had_is_done_by_the_other_once() {
    let Some(postgres) = Postgres::start() else { return };
    let home = Home::new().env("ANGO_EXPORT_DATABASE_URL", &postgres.database());
    home.configure("database = \"postgres\"\nlease-seconds = 3\njobs = 1\n");
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
    let archives: Vec<String> = list(&home.exports()).into_iter().filter(|name| name.ends_with(".zip")).collect();
    let found: BTreeSet<String> = archives.iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!((found, archives.len()), (named, 12));
    archives.iter().for_each(|archive| assert!(!entries(&home.exports().join(archive)).is_empty()));
    // Links that one node signs, another opens: so they do after a restart.
    let third = home.start();
    let link = second.links(&key, &ids[0])["original"].clone();
    assert_eq!(ango_tests::service::fetch(&link.replace(&second.address, &third.address), &[]).0, 200);
}
