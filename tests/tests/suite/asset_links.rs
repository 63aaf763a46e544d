//! Links to assets in a private storage are signed; all others are given out as they are.

use crate::s3::at;
use ango_tests::archive::{entries, only, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, write};
use ango_tests::s3::{BUCKET, KEY_ID, SECRET, Server};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

/// What a browser gets that is given nothing but the link: status and body.
fn get(url: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
}

/// An asset by its address in the bucket, with two pages and masks, one that lies elsewhere, and a plain image in the bucket.
fn project(folder: &Path, more: &str) -> PathBuf {
    let record = json!({"asset": format!("s3://{BUCKET}/private/sea & sky/0.png"), "dataset": [format!("s3://{BUCKET}/private/sea & sky/0.png"), "https://x.test/1.png"],
        "externalId": "0.png", "metadata": {"width": 10, "height": 10}, "batches": [], "task": {"taskId": "t1", "stage": "Complete", "tools": [], "classifications": [], "relations": [],
        "brushDataUrl": format!("s3://{BUCKET}/private/mask.png"), "medicalBrushDataUrl": null,
        "stageHistory": [{"stage": "Label", "completedAt": "2024-01-01T00:00:00Z", "tools": [], "classifications": [], "relations": [], "brushDataUrl": format!("s3://{BUCKET}/private/old.png")}]}});
    let public = json!({"asset": format!("https://x.test/{BUCKET}/private/2.png"), "externalId": "2.png", "metadata": {}, "batches": [], "task": {"taskId": "t2", "stage": "Complete"}});
    let single = json!({"asset": format!("s3://{BUCKET}/private/3.png"), "externalId": "3.png", "metadata": {"width": 4, "height": 4}, "batches": [], "task": {"taskId": "t3", "stage": "Complete"}});
    let description = PROJECT.replacen('{', &format!("{{{more}"), 1);
    write(&folder.join("project"), &description, format!("{record}\n{public}\n{single}\n").as_bytes())
}

fn exported(storage: &Path) -> Vec<Value> {
    serde_json::from_str(&payload(&original(storage)).1).unwrap()
}

#[test]
fn a_signed_link_opens_for_anybody_and_an_unsigned_one_does_not() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let assets = server.bucket().join("private/sea & sky");
    std::fs::create_dir_all(&assets).unwrap();
    std::fs::write(assets.join("0.png"), "the picture").unwrap();
    std::fs::write(server.bucket().join("private/3.png"), "another").unwrap();
    let project = project(folder.path(), "");
    let out = folder.path().join("out");
    let run = at(&server, Cli::export(&project, &out)).args("--history --plugin coco --sign-assets").arg(format!("s3://{BUCKET}/private")).run();
    assert!([0, 3].contains(&run.code), "{run}");
    assert!(!run.text().contains(SECRET));
    let all = exported(&out);
    let url = all[0]["asset"].as_str().unwrap();
    assert!(url.contains("X-Amz-Expires=120000") && url.contains(KEY_ID) && !url.contains(SECRET), "{url}");
    assert_eq!(get(url), (200, "the picture".to_owned()));
    assert_eq!(get(url.split('?').next().unwrap()).0, 403);
    let is_signed = |value: &Value| value.as_str().unwrap().contains("X-Amz-Signature=");
    let task = &all[0]["task"];
    assert!(is_signed(&all[0]["dataset"][0]) && is_signed(&task["brushDataUrl"]) && is_signed(&task["stageHistory"][0]["brushDataUrl"]));
    assert_eq!((&all[0]["dataset"][1], &task["medicalBrushDataUrl"]), (&json!("https://x.test/1.png"), &Value::Null));
    assert_eq!(all[1]["asset"], format!("https://x.test/{BUCKET}/private/2.png"));
    // The converted export has a link that opens as well.
    let coco: Value = serde_json::from_slice(&entries(&only(&out, ".coco.zip"))[0].1).unwrap();
    let url = coco["images"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|image| image["coco_url"].as_str().filter(|url| url.contains("3.png?") && url.contains("X-Amz-Signature")))
        .unwrap();
    assert_eq!(get(url), (200, "another".to_owned()));
}

#[test]
fn the_configuration_says_which_storages_are_signed() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    // A project may not: whoever wrote it could ask for links into every bucket that the credentials open.
    let project = project(folder.path(), &format!("\"assetStorages\": [\"s3://{BUCKET}\"],"));
    let out = folder.path().join("out");
    let config = folder.path().join("c.toml");
    let text =
        format!("[storages.a]\nurl = \"s3://{BUCKET}\"\npath = \"private/sea & sky\"\nsign-links = true\n[storages.b]\nurl = \"s3://{BUCKET}\"\n");
    std::fs::write(&config, text).unwrap();
    at(&server, Cli::export(&project, &out)).arg("--config").arg(&config).expect(0);
    let all = exported(&out);
    assert!(all[0]["asset"].as_str().unwrap().contains("X-Amz-Signature="));
    // In another folder of the bucket, which nobody has named.
    assert_eq!(all[0]["task"]["brushDataUrl"], format!("s3://{BUCKET}/private/mask.png"));
    assert_eq!(all[2]["asset"], format!("s3://{BUCKET}/private/3.png"));
}

#[test]
fn links_stay_as_they_are_unless_somebody_asks() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "");
    Cli::export(&project, folder.path().join("out")).expect(0);
    assert_eq!(exported(&folder.path().join("out"))[0]["asset"], format!("s3://{BUCKET}/private/sea & sky/0.png"));
}

#[test]
fn what_cannot_be_signed_for_is_said_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "");
    let run = Cli::export(&project, folder.path().join("out")).args("--sign-assets https://x.test/bucket").expect(2);
    assert!(run.stderr.contains("asset storage 'https://x.test/bucket': links are signed for s3://bucket"), "{run}");
    let run = Cli::export(&project, folder.path().join("out")).arg("--sign-assets").arg(format!("s3://key:{SECRET}@bucket")).expect(2);
    assert!(!run.text().contains(SECRET), "{run}");
}
