//! The whole program with each provider: what a folder would hold, and never a word about a secret.

use super::everywhere_far;
use super::place::{Place, content, secrets, swept};
use ango_tests::archive::list;
use ango_tests::cli::{Cli, Run};
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use std::path::Path;

everywhere_far!(an_export_is_that_of_a_folder, an_export_in_parts_is_that_of_a_folder, credentials_that_are_wrong, links_to_assets);

/// Lets a run find the server and be let in.
fn at(place: &Place, cli: Cli) -> Cli {
    place.settings().into_iter().fold(cli, |cli, (name, value)| cli.env(name, value))
}

/// Where a run saved an object that ends so, without the bucket's address.
fn saved(run: &Run, place: &Place, end: &str) -> String {
    let begin = format!("{}/{}/", place.url(), place.path());
    let found = run.text().split('\n').find_map(|line| Some(line[line.find(&begin)? + begin.len()..].split(end).next()?.to_owned() + end));
    found.unwrap_or_else(|| panic!("{end} in {run}"))
}

fn bytes(folder: &Path, end: &str) -> Vec<u8> {
    let name = list(folder).into_iter().find(|name| name.ends_with(end) && (end != ".zip" || !name.ends_with(".coco.zip"))).unwrap();
    std::fs::read(folder.join(name)).unwrap()
}

fn an_export_is_that_of_a_folder(place: &mut Place) {
    let project = harbour(&place.folder().join("project"), 100);
    let out = place.folder().join("out");
    let to = |cli: Cli| cli.args("--plugin coco --path").arg(place.path());
    let run = at(place, to(Cli::export(&project, place.url()))).expect(3);
    place.tells_no_secret(&run.text());
    Cli::export(&project, &out).args("--plugin coco").expect(3);
    let bucket = place.bucket();
    let original = saved(&run, place, ".zip");
    let converted = format!("{}.coco.zip", original.trim_end_matches(".zip"));
    assert!(content(&bucket, &original) == bytes(&out, ".zip"));
    assert!(content(&bucket, &converted) == bytes(&out, ".coco.zip"));
    for report in [".report.json", ".coco.report.json"] {
        let text = content(&bucket, &format!("{}{report}", original.trim_end_matches(".zip")));
        place.tells_no_secret(&String::from_utf8(text).unwrap());
    }
    // From there into a folder, and back into the bucket.
    let url = bucket.url(&original);
    let again = place.folder().join("again");
    let run = at(place, Cli::convert(&url, &again)).args("--plugin coco").expect(3);
    place.tells_no_secret(&run.text());
    let run = at(place, Cli::convert(&url, format!("{}/{}/converted", place.url(), place.path()))).args("--plugin coco").expect(3);
    place.tells_no_secret(&run.text());
    let stem = original.trim_end_matches(".zip");
    assert!(content(&bucket, &format!("converted/{stem}.coco.zip")) == bytes(&again, ".coco.zip"));
    let run = at(place, Cli::new(["validate"])).arg(&url).run();
    assert!([0, 3].contains(&run.code), "{run}");
}

fn an_export_in_parts_is_that_of_a_folder(place: &mut Place) {
    let project = write(&place.folder().join("project"), PROJECT, noisy_records(24 << 20).as_bytes());
    let out = place.folder().join("out");
    let run = at(place, Cli::export(&project, place.url())).args("--format ndjson --path").arg(place.path()).expect(0);
    Cli::export(&project, &out).args("--format ndjson").expect(0);
    let bucket = place.bucket();
    assert!(content(&bucket, &saved(&run, place, ".zip")) == bytes(&out, ".zip"));
    assert_eq!(swept(bucket.sweep(std::time::Duration::ZERO, &|_| false)), 0);
}

fn credentials_that_are_wrong(place: &mut Place) {
    let project = harbour(&place.folder().join("project"), 3);
    let wrong = place.server().wrong();
    for extra in ["--quiet", "--json"] {
        let cli = at(place, Cli::export(&project, place.url())).arg(extra);
        let run = wrong.iter().fold(cli, |cli, (name, value)| cli.env(name, value)).expect(6);
        place.tells_no_secret(&run.text());
        assert!(run.text().contains("check the credentials") && run.text().contains(wrong[0].0), "{run}");
    }
    // None at all, in a file: those of the machine are not taken.
    let file = secrets(place.folder(), &place.settings().into_iter().take(1).collect::<Vec<_>>());
    let config = place.folder().join("c.toml");
    std::fs::write(&config, format!("[storages.a]\nurl = {:?}\nsecrets = {:?}\n", place.url(), file.display().to_string())).unwrap();
    let run = at(place, Cli::export(&project, "a")).arg("--config").arg(&config).expect(2);
    place.tells_no_secret(&run.text());
    assert!(run.stderr.contains("there are no credentials: set "), "{run}");
}

fn links_to_assets(place: &mut Place) {
    let bucket = place.bucket();
    super::place::save(&bucket, "0.png", b"the picture").unwrap();
    let asset = bucket.url("0.png");
    let record = serde_json::json!({"asset": asset, "externalId": "0.png", "metadata": {"width": 4, "height": 4}, "batches": [], "task": {"taskId": "t1", "stage": "Complete"}});
    let project = write(&place.folder().join("project"), PROJECT, format!("{record}\n").as_bytes());
    // By a URL, whose credentials are the environment's, and by a name, whose credentials are a file's.
    let file = secrets(place.folder(), &place.settings());
    let config = place.folder().join("c.toml");
    std::fs::write(&config, format!("[storages.assets]\nurl = {:?}\nsecrets = {:?}\nsign-links = true\n", place.url(), file.display().to_string()))
        .unwrap();
    let by_url = at(place, Cli::export(&project, place.folder().join("one"))).arg("--sign-assets").arg(place.url());
    let by_name = Cli::export(&project, place.folder().join("two")).arg("--config").arg(&config);
    for (cli, out) in [(by_url, "one"), (by_name, "two")] {
        cli.expect(0);
        let (_, text) = ango_tests::archive::payload(&ango_tests::archive::original(&place.folder().join(out)));
        let tasks: serde_json::Value = serde_json::from_str(&text).unwrap();
        let link = tasks[0]["asset"].as_str().unwrap();
        assert_eq!(super::links::get(link), (200, b"the picture".to_vec()), "{link}");
    }
}
