//! Mirrors: plain folders instead of the network.

use crate::worker::{Work, stable};
use ango_registry::Digest;
use ango_tests::oci::{Door, Registry};
use ango_tests::web::{Act, Server};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Files below a folder and what they hold, in the order of their names.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    ango_tests::archive::list(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    ango_tests::archive::list(folder)
}

/// A layout made by hand, as the specification has it: a plugin under a tag.
fn layout(folder: &Path, tag: &str, wasm: &[u8]) -> String {
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let blob = |content: &[u8], media_type: &str| {
        let digest = Digest::of(content);
        fs::write(blobs.join(digest.as_str().trim_start_matches("sha256:")), content).unwrap();
        json!({ "mediaType": media_type, "digest": digest.as_str(), "size": content.len() })
    };
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(b"{}", "application/vnd.oci.empty.v1+json"), "layers": [blob(wasm, "application/wasm")],
    });
    let mut entry = blob(manifest.to_string().as_bytes(), "application/vnd.oci.image.manifest.v1+json");
    entry["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
    let digest = entry["digest"].as_str().unwrap().to_owned();
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion": "1.0.0"}"#).unwrap();
    fs::write(folder.join("index.json"), json!({ "schemaVersion": 2, "manifests": [entry], "annotations": { "kept": "yes" } }).to_string()).unwrap();
    digest
}

fn mirror_of(address: &str, mirror: &Path, repository: &str) -> PathBuf {
    mirror.join("oci").join(address.replace(':', "%3A")).join(repository)
}

#[test]
fn files_of_web_servers() {
    let server = Server::start(|request| match request.target.split('?').next().unwrap() {
        "/a%20b/..%2f/p.wasm" => Act::file("w"),
        "/a%20b/..%2f/p.wasm.sig" if !request.target.contains('?') => Act::file("{\n\"key\": 1\n}"),
        _ => Act::status(404),
    });
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("new/mirror");
    let url = server.url("/a b/..%2f/p.wasm");
    let first = Work::copy(&url, &mirror).fetched();
    let host = format!("http/127.0.0.1%3A{}/a%20b/..%2f", server.port());
    assert_eq!(names(&mirror), [format!("{host}/p.wasm"), format!("{host}/p.wasm.sig")]);
    let requests = server.targets().len();
    let fetched = Work::fetch(&url).from(&mirror).fetched();
    assert_eq!((&fetched.wasm, &fetched.origin), (&first.wasm, &first.origin));
    assert_eq!(fetched.signatures, [b"{ \"key\": 1 }"]);
    assert_eq!(server.targets().len(), requests, "nothing is asked of the network");
    // The signature is gone, and so it is in the mirror. The query of a link is in no name.
    let second = Work::copy(format!("{url}?X-Amz-Signature=hush"), &mirror).fetched();
    assert_eq!(second.signatures.len(), 0);
    assert_eq!(names(&mirror), [format!("{host}/p.wasm")]);
    Work::copy(&url, &mirror).fetched();
    let before = files(&mirror);
    Work::copy(&url, &mirror).fetched();
    assert_eq!((before.len(), files(&mirror)), (2, before));
}

#[test]
fn artifacts_of_registries() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let address = registry.address();
    let folder = tempfile::tempdir().unwrap();
    let (mirror, name) = (folder.path().join("mirror"), format!("oci://{address}/team/coco"));
    let first = Work::push(format!("{name}:1"), b"one", &["{}"]).digest();
    let there = Work::copy(format!("{name}:1"), &mirror).fetched();
    assert_eq!(there.manifest_digest.as_ref(), Some(&first));
    let before = files(&mirror);
    Work::copy(format!("{name}:1"), &mirror).fetched();
    assert_eq!(files(&mirror), before, "again is the same");
    // The tag moves on; what it meant stays, for those who name it by its digest.
    let second = Work::push(format!("{name}:1"), b"two", &[]).digest();
    Work::copy(format!("{name}:1"), &mirror).fetched();
    Work::copy(format!("{name}@{second}"), &mirror).fetched();
    drop(registry);
    let fetch = |version: &str| Work::fetch(format!("{name}{version}")).from(&mirror).fetched();
    assert_eq!((fetch(":1").wasm, fetch(":1").manifest_digest), (b"two".to_vec(), Some(second.clone())));
    assert_eq!(fetch(&format!("@{first}")), ango_registry::Fetched { origin: format!("{name}@{first}"), ..there });
    let index: Value = serde_json::from_slice(&fs::read(mirror_of(&address, &mirror, "team/coco").join("index.json")).unwrap()).unwrap();
    let entries: Vec<(&str, Option<&str>)> = index["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["digest"].as_str().unwrap(), entry["annotations"]["org.opencontainers.image.ref.name"].as_str()))
        .collect();
    assert_eq!(entries, [(first.as_str(), None), (second.as_str(), Some("1"))]);
}

#[test]
fn several_that_fill_one_mirror_at_once() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let name = format!("oci://{}/team/coco", registry.address());
    let folder = tempfile::tempdir().unwrap();
    for tag in 0..6 {
        Work::push(format!("{name}:{tag}"), format!("plugin {tag}").as_bytes(), &[]).digest();
    }
    std::thread::scope(|scope| {
        let works: Vec<_> = (0..6).map(|tag| Work::copy(format!("{name}:{tag}"), folder.path())).collect();
        for work in works {
            scope.spawn(move || work.fetched());
        }
    });
    drop(registry);
    for tag in 0..6 {
        let fetched = Work::fetch(format!("{name}:{tag}")).from(folder.path()).fetched();
        assert_eq!(fetched.wasm, format!("plugin {tag}").as_bytes());
    }
}

#[test]
fn layouts_that_others_made() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path();
    let digest = layout(&mirror.join("oci/ghcr.io/team/coco"), "1.0", b"w");
    for version in [":1.0".to_owned(), format!("@{digest}")] {
        let fetched = Work::fetch(format!("oci://GHCR.io/team/coco{version}")).from(mirror).fetched();
        assert_eq!((fetched.wasm, fetched.manifest_digest.as_ref()), (b"w".to_vec(), Some(&digest)));
    }
    // What else is in an index stays when something is added.
    let Some(registry) = Registry::start(Door::Open) else { return };
    let name = format!("oci://{}/team/coco", registry.address());
    Work::push(format!("{name}:2"), b"two", &[]).digest();
    layout(&mirror_of(&registry.address(), mirror, "team/coco"), "1.0", b"one");
    Work::copy(format!("{name}:2"), mirror).fetched();
    let index: Value = serde_json::from_slice(&fs::read(mirror_of(&registry.address(), mirror, "team/coco").join("index.json")).unwrap()).unwrap();
    assert_eq!((&index["annotations"]["kept"], index["manifests"].as_array().unwrap().len()), (&json!("yes"), 2));
    assert_eq!(Work::fetch(format!("{name}:1.0")).from(mirror).fetched().wasm, b"one");
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path();
    let coco = mirror.join("oci/ghcr.io/team/coco");
    let digest = layout(&coco, "1.0", b"w");
    let none = Digest::of(b"nothing");
    let mut all = String::new();
    let mut note = |origin: &str, from: &Path| {
        let text = stable(&Work::fetch(origin).from(from).error(), &[(mirror.to_str().unwrap(), "MIRROR"), (&digest, "DIGEST")]);
        all.push_str(&text);
        all.push('\n');
    };
    note("https://example.com/p.wasm", mirror);
    note("https://example.com/p.wasm?id=5", mirror);
    note("https://example.com//p.wasm", mirror);
    note("oci://ghcr.io/team/other:1.0", mirror);
    note("oci://ghcr.io/team/coco:2.0", mirror);
    note(&format!("oci://ghcr.io/team/coco@{none}"), mirror);
    let blob = coco.join("blobs/sha256").join(Digest::of(b"w").as_str().trim_start_matches("sha256:"));
    fs::write(&blob, b"x").unwrap();
    note("oci://ghcr.io/team/coco:1.0", mirror);
    fs::write(&blob, b"longer").unwrap();
    note("oci://ghcr.io/team/coco:1.0", mirror);
    fs::remove_file(&blob).unwrap();
    note("oci://ghcr.io/team/coco:1.0", mirror);
    for index in ["hush", "{}", r#"{"manifests":[{"annotations":{"org.opencontainers.image.ref.name":"1.0"},"digest":"sha256:../../x"}]}"#] {
        fs::write(coco.join("index.json"), index).unwrap();
        note("oci://ghcr.io/team/coco:1.0", mirror);
    }
    note("https://example.com/p.wasm", &mirror.join("gone"));
    note("https://example.com/p.wasm", &coco.join("index.json"));
    insta::assert_snapshot!(all);
}

#[test]
fn links_do_not_lead_out_of_a_mirror() {
    let server = Server::start(|request| if request.target.ends_with(".wasm") { Act::file("new") } else { Act::status(404) });
    let folder = tempfile::tempdir().unwrap();
    let (mirror, outside) = (folder.path().join("mirror"), folder.path().join("outside"));
    fs::create_dir_all(outside.join("folder")).unwrap();
    fs::write(outside.join("p.wasm"), "outside").unwrap();
    let host = format!("127.0.0.1%3A{}", server.port());
    let mut all = String::new();
    let parts = [(&*folder.path().canonicalize().unwrap().display().to_string(), "DIR"), (&*format!("127.0.0.1%3A{}", server.port()), "HOST")];
    // A folder that is a link.
    fs::create_dir_all(mirror.join("http")).unwrap();
    symlink(&outside, mirror.join("http").join(&host)).unwrap();
    for work in [
        Work::fetch(server.url("/p.wasm")).from(&mirror),
        Work::copy(server.url("/p.wasm"), &mirror),
        Work::copy(server.url("/folder/p.wasm"), &mirror),
    ] {
        all.push_str(&stable(&work.error(), &parts));
        all.push('\n');
    }
    assert_eq!(files(&outside), [("p.wasm".to_owned(), b"outside".to_vec())]);
    // A file that is one: reading is refused, and writing replaces the link.
    fs::remove_file(mirror.join("http").join(&host)).unwrap();
    fs::create_dir(mirror.join("http").join(&host)).unwrap();
    symlink(outside.join("p.wasm"), mirror.join("http").join(&host).join("p.wasm")).unwrap();
    all.push_str(&stable(&Work::fetch(server.url("/p.wasm")).from(&mirror).error(), &parts));
    Work::copy(server.url("/p.wasm"), &mirror).fetched();
    assert_eq!(files(&outside), [("p.wasm".to_owned(), b"outside".to_vec())]);
    assert_eq!(Work::fetch(server.url("/p.wasm")).from(&mirror).fetched().wasm, b"new");
    // A link to a place inside is as good as a folder, and the mirror itself may be one.
    fs::rename(mirror.join("http").join(&host), mirror.join("http/elsewhere")).unwrap();
    symlink("elsewhere", mirror.join("http").join(&host)).unwrap();
    symlink(&mirror, folder.path().join("link")).unwrap();
    assert_eq!(Work::fetch(server.url("/p.wasm")).from(&folder.path().join("link")).fetched().wasm, b"new");
    Work::copy(server.url("/q.wasm"), &folder.path().join("link")).fetched();
    assert_eq!(fs::read(mirror.join("http/elsewhere/q.wasm")).unwrap(), b"new");
    insta::assert_snapshot!(all);
}

#[test]
fn what_fails_leaves_a_mirror_as_it_was() {
    let server = Server::start(|request| match (request.target.as_str(), request.count) {
        ("/p.wasm", 0) => Act::file("good"),
        ("/p.wasm", 1) => Act::file(vec![0; 3 << 20]),
        ("/p.wasm", _) => Act::status(404),
        _ => Act::status(404),
    });
    let folder = tempfile::tempdir().unwrap();
    let copy = || Work::copy(server.url("/p.wasm"), folder.path()).limit("max-bytes", 1 << 20);
    copy().fetched();
    let before = files(folder.path());
    assert_eq!(before.len(), 1);
    assert!(copy().error().contains("'max-bytes'"));
    assert!(copy().error().contains("no such file"));
    assert_eq!(files(folder.path()), before);
    // A file where a folder is needed.
    let in_the_way = folder.path().join(format!("http/127.0.0.1%3A{}/p.wasm", server.port()));
    assert!(in_the_way.is_file());
    let nested = Server::start(|request| if request.target == "/p.wasm" { Act::file("w") } else { Act::status(404) });
    fs::write(folder.path().join(format!("http/127.0.0.1%3A{}", nested.port())), "in the way").unwrap();
    let text = Work::copy(nested.url("/p.wasm"), folder.path()).error();
    assert!(text.ends_with("is a file, where a folder is needed"), "{text}");
}
