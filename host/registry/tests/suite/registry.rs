//! A real registry: Debian's `docker-registry`. Left out, with a word about it, where it is not installed.

use crate::worker::{Work, stable};
use ango_registry::Digest;
use ango_tests::oci::{Door, PASSWORD, Registry, USER};
use serde_json::json;

const WASM: &[u8] = b"\0asm\x0d\0\x01\0";
const SIGNATURES: [&str; 2] = ["{\"key\":\"a\"}", "{\"key\":\"b\"}"];

/// With the right user and password.
fn known(work: Work) -> Work {
    work.env("ANGO_REGISTRY_USER", USER).env("ANGO_REGISTRY_PASSWORD", PASSWORD)
}

fn said(registry: &Registry, error: &str) -> String {
    assert!(!error.contains(PASSWORD), "{error}");
    stable(error, &[(&registry.address(), "REGISTRY")])
}

/// Bytes that do not compress, as many as are wanted.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let bytes = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    });
    bytes.take(length).collect()
}

#[test]
fn there_and_back_by_tag_and_by_digest() {
    for door in [Door::Open, Door::Password, Door::Token] {
        let Some(registry) = Registry::start(door) else { return };
        let name = format!("oci://{}/team/coco", registry.address());
        let let_in = |work: Work| if door == Door::Open { work } else { known(work) };
        let digest = let_in(Work::push(format!("{name}:1.0"), WASM, &SIGNATURES)).digest();
        assert!(Digest::parse(&digest).is_some());
        for version in [":1.0".to_owned(), format!("@{digest}"), format!(":whatever@{digest}")] {
            let fetched = let_in(Work::fetch(format!("{name}{version}"))).fetched();
            assert_eq!((fetched.wasm.as_slice(), fetched.manifest_digest.as_ref()), (WASM, Some(&digest)), "{version}");
            assert_eq!(fetched.signatures, SIGNATURES.map(|text| text.as_bytes().to_vec()));
            assert_eq!(fetched.origin, format!("{name}{version}"));
        }
        // Again is the same, and so is another tag of it.
        for tag in ["1.0", "stable"] {
            assert_eq!(let_in(Work::push(format!("{name}:{tag}"), WASM, &SIGNATURES)).digest(), digest);
        }
        assert_eq!(let_in(Work::fetch(format!("{name}:stable"))).fetched().wasm, WASM);
    }
}

#[test]
fn a_large_plugin_goes_in_pieces() {
    let Some(registry) = Registry::start(Door::Password) else { return };
    let wasm = noise(21 << 20);
    let name = format!("oci://{}/team/large", registry.address());
    known(Work::push(&name, &wasm, &[])).digest();
    assert!(known(Work::fetch(&name)).fetched().wasm == wasm);
    let text = known(Work::fetch(&name).limit("max-bytes", 20 << 20)).error();
    assert_eq!(said(&registry, &text), "oci://REGISTRY/team/large:latest: limit 'max-bytes' reached: the plugin has 21 MiB, and 20 MiB is allowed");
}

#[test]
fn a_tag_that_moved_is_seen() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let name = format!("oci://{}/team/coco:1", registry.address());
    let first = Work::push(&name, b"one", &[]).digest();
    let second = Work::push(&name, b"two", &[]).digest();
    assert_ne!(first, second);
    assert_eq!(Work::fetch(&name).fetched().manifest_digest, Some(second));
    assert_eq!(Work::fetch(format!("{name}@{first}")).fetched().wasm, b"one");
}

#[test]
fn what_is_not_there() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let name = format!("oci://{}/team/coco", registry.address());
    Work::push(format!("{name}:1"), WASM, &[]).digest();
    let mut all = String::new();
    let none = Digest::of(b"nothing");
    for origin in [format!("{name}:2"), name.clone(), format!("oci://{}/team/other:1", registry.address()), format!("{name}@{none}")] {
        all.push_str(&said(&registry, &Work::fetch(origin).error()));
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn who_is_not_let_in() {
    let mut all = String::new();
    for door in [Door::Password, Door::Token] {
        let Some(registry) = Registry::start(door) else { return };
        let name = format!("oci://{}/team/coco:1", registry.address());
        known(Work::push(&name, WASM, &[])).digest();
        let config = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("config.json"), text.replace("REGISTRY", &registry.address())).unwrap();
            folder
        };
        let bad = config(r#"{"auths":{"REGISTRY":{"auth":"YW5nbzpodXNo"}}}"#); // ango:hush
        let broken = config("hush");
        let mut note = |who: &str, work: Work| {
            let outcome = work.run();
            let text = outcome.error.map_or_else(|| "let in".to_owned(), |error| said(&registry, &error));
            assert!(!text.contains("hush") && !outcome.said.contains("hush") && !outcome.said.contains("panicked"), "{text} {}", outcome.said);
            let text = stable(&text, &[(bad.path().to_str().unwrap(), "BAD"), (broken.path().to_str().unwrap(), "BROKEN")]);
            all.push_str(&format!("{door:?}, {who}: {text}\n"));
        };
        for (who, user, password) in [("nobody", "", ""), ("wrong password", USER, "hush"), ("wrong user", "hush", PASSWORD), ("half", USER, "")] {
            let act = |work: Work| work.env("ANGO_REGISTRY_USER", user).env("ANGO_REGISTRY_PASSWORD", password);
            note(&format!("{who}, pull"), act(Work::fetch(&name)));
            note(&format!("{who}, push"), act(Work::push(&name, b"evil", &[])));
        }
        for (who, folder) in [("wrong login", &bad), ("broken configuration", &broken)] {
            note(&format!("{who}, pull"), Work::fetch(&name).env("DOCKER_CONFIG", folder.path().to_str().unwrap()));
        }
        note("credentials for another registry, pull", known(Work::fetch(&name)).env("ANGO_REGISTRY_HOST", "ghcr.io"));
        assert_eq!(known(Work::fetch(&name)).fetched().wasm, WASM);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_login_of_dockers() {
    let Some(registry) = Registry::start(Door::Password) else { return };
    let name = format!("oci://{}/team/coco:1", registry.address());
    known(Work::push(&name, WASM, &[])).digest();
    let folder = tempfile::tempdir().unwrap();
    let docker = folder.path().join(".docker");
    std::fs::create_dir(&docker).unwrap();
    // ango:hush-hush
    let login = json!({ "auths": { registry.address(): { "auth": "YW5nbzpodXNoLWh1c2g=" } } });
    std::fs::write(docker.join("config.json"), login.to_string()).unwrap();
    assert_eq!(Work::fetch(&name).env("HOME", folder.path().to_str().unwrap()).fetched().wasm, WASM);
    assert_eq!(Work::fetch(&name).env("DOCKER_CONFIG", docker.to_str().unwrap()).fetched().wasm, WASM);
    // A helper is a program that is asked.
    let helper = folder.path().join("docker-credential-tests");
    std::fs::write(
        &helper,
        format!(
            "#!/bin/sh\nread registry\n[ \"$registry\" = {} ] && echo '{{\"Username\":\"{USER}\",\"Secret\":\"{PASSWORD}\"}}'\n",
            registry.address()
        ),
    )
    .unwrap();
    assert!(std::process::Command::new("chmod").arg("+x").arg(&helper).status().unwrap().success());
    std::fs::write(docker.join("config.json"), r#"{"credsStore":"tests"}"#).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    assert_eq!(Work::fetch(&name).env("DOCKER_CONFIG", docker.to_str().unwrap()).env("PATH", path).fetched().wasm, WASM);
}

#[test]
fn what_was_changed_on_the_registrys_disk() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let name = format!("oci://{}/team/coco:1", registry.address());
    let wasm = noise(100_000);
    let manifest = Work::push(&name, &wasm, &["{\"key\":1}"]).digest();
    let blob = registry.blob(Digest::of(&wasm).as_str());
    let mut all = String::new();
    let mut note = |what: &str| {
        all.push_str(&format!("{what}: {}\n", said(&registry, &Work::fetch(&name).error())));
    };
    let mut changed = wasm.clone();
    changed[5000] ^= 1;
    std::fs::write(&blob, &changed).unwrap();
    note("a bit flipped");
    std::fs::write(&blob, &wasm[..50_000]).unwrap();
    note("cut in half");
    std::fs::write(&blob, [wasm.as_slice(), b"more"].concat()).unwrap();
    note("longer");
    std::fs::remove_file(&blob).unwrap();
    note("removed");
    std::fs::write(&blob, &wasm).unwrap();
    let file = registry.blob(&manifest);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\\\"key\\\":1", "\\\"key\\\":2")).unwrap();
    let by_tag = Work::fetch(&name).run();
    // The registry looks at manifests itself, and does not give out what changed.
    assert!(by_tag.error.is_some() || by_tag.fetched.unwrap().manifest_digest != Some(manifest.clone()));
    let by_digest = said(&registry, &Work::fetch(format!("{name}@{manifest}")).error());
    assert!(by_digest.contains("digest") || by_digest.contains("answers 500") || by_digest.contains("does not have"), "{by_digest}");
    std::fs::write(&file, text).unwrap();
    assert_eq!(Work::fetch(format!("{name}@{manifest}")).fetched().wasm, wasm);
    insta::assert_snapshot!(all);
}

#[test]
fn a_registry_that_is_killed_in_the_middle() {
    let wasm = noise(8 << 20);
    // While we pull.
    let Some(registry) = Registry::start(Door::Open) else { return };
    Work::push(format!("oci://{}/team/coco:1", registry.address()), &wasm, &[]).digest();
    let through = registry.killed_after(4 << 20);
    let text = Work::fetch(format!("oci://{through}/team/coco:1")).error();
    assert!(text.starts_with(&format!("oci://{through}/team/coco:1: {through} ")), "{text}");
    assert!(text.contains("cuts the connection") || text.contains("cannot be reached"), "{text}");
    // While we push.
    let Some(registry) = Registry::start(Door::Open) else { return };
    let through = registry.killed_after(4 << 20);
    let text = Work::push(format!("oci://{through}/team/coco:1"), &wasm, &[]).error();
    assert!(
        text.starts_with(&format!("oci://{through}/team/coco:1: the registry cannot be reached, or goes away, while it is sent the plugin: ")),
        "{text}"
    );
}

#[test]
fn what_cannot_be_pushed() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let name = format!("oci://{}/team/coco", registry.address());
    let digest = Digest::of(WASM);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(16 << 10));
    let mut all = String::new();
    for work in [
        Work::push(format!("{name}@{digest}"), WASM, &[]),
        Work::push(&name, WASM, &["not json"]),
        Work::push(&name, WASM, &["{}"; 9]),
        Work::push(&name, WASM, &[&long]),
        Work::push(&name, WASM, &[]).annotations(json!({ "ai.ango.plugin.signatures.v1": "{}" })),
        Work::push(&name, WASM, &[]).annotations(json!({ "a": "x".repeat(5 << 20) })),
    ] {
        all.push_str(&said(&registry, &work.error()));
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}
