//! HTTPS without a reverse proxy.

use ango_tests::project::harbour;
use ango_tests::service::{Home, Service, runtime, wait_for};
use ango_tests::tls::{Authority, Issued};
use reqwest::{Client, Version};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;

/// Puts a certificate and its key where the service looks for them.
fn put(home: &Home, certificate: &str, key: &str) {
    std::fs::write(home.path().join("certificate.pem"), certificate).unwrap();
    let file = home.path().join("key.pem");
    std::fs::write(&file, key).unwrap();
    permit(&file, 0o600);
}

fn permit(file: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A service with a certificate of this authority, and a project of so many tasks.
fn home(authority: &Authority, tasks: usize) -> Home {
    let home = Home::new().secure(authority);
    let file = |name: &str| home.path().join(name).display().to_string();
    home.configure(&format!("[service.tls]\ncertificate = {:?}\nkey = {:?}\n", file("certificate.pem"), file("key.pem")));
    let Issued { certificate, key } = authority.issue(4000);
    put(&home, &certificate, &key);
    harbour(&home.projects().join("harbour"), tasks);
    home
}

/// Fetches something: the version of HTTP, the status, the body, and the certificate that was seen.
fn fetch(client: &Client, url: &str, key: &str) -> (Version, u16, Vec<u8>, Vec<u8>) {
    runtime().block_on(async {
        let response = client.get(url).bearer_auth(key).send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        let seen = response.extensions().get::<reqwest::tls::TlsInfo>().unwrap().peer_certificate().unwrap().to_vec();
        let (version, status) = (response.version(), response.status().as_u16());
        (version, status, response.bytes().await.unwrap().to_vec(), seen)
    })
}

/// The certificate that somebody sees who comes now.
fn seen(authority: &Authority, service: &Service) -> Vec<u8> {
    fetch(&authority.client().build().unwrap(), &service.url("/healthz"), "").3
}

#[test]
fn https_in_both_versions_of_http() {
    let authority = Authority::new();
    let home = home(&authority, 30);
    let key = home.key("manager");
    let service = home.start();
    let export = service.export(&key, &json!({ "project": "harbour" }));
    let id = export["id"].as_str().unwrap();
    let link = service.links(&key, id)["original"].clone();
    assert!(link.starts_with(&format!("https://{}/files/", service.address)), "{link}");
    let clients = [(authority.client().http1_only().build().unwrap(), Version::HTTP_11), (authority.client().build().unwrap(), Version::HTTP_2)];
    for (client, expected) in &clients {
        let (version, status, archive, _) = fetch(client, &link, "");
        assert_eq!((version, status, archive.get(..4)), (*expected, 200, Some(b"PK\x03\x04".as_slice())));
        assert_eq!(archive.len() as u64, export["result"]["original"]["bytes"].as_u64().unwrap());
        // The stream of an export that runs ends with the export, and what else is asked over the same connection does not wait for it.
        let next = service.start_export(&key, &json!({ "project": "harbour", "plugins": [{ "name": "yolo" }] }));
        let (version, _, events, _) = fetch(client, &service.url(&format!("/v1/exports/{next}/events")), &key);
        assert!(String::from_utf8(events).unwrap().contains("\"state\":\"succeeded\""));
        assert_eq!(version, *expected);
    }
    // Connections are open on which nothing is asked: they do not keep it from ending.
    service.signal("TERM");
    assert_eq!(service.wait(), 0);
    drop(clients);
}

#[test]
fn http_in_the_open_is_told_what_is_spoken_here() {
    let authority = Authority::new();
    let home = home(&authority, 1);
    let service = home.start();
    let said = |sent: &[u8]| {
        let mut stream = TcpStream::connect(&service.address).unwrap();
        stream.write_all(sent).unwrap();
        let mut text = Vec::new();
        // The end of the connection: without one, the test does not end either.
        let end = stream.read_to_end(&mut text);
        (String::from_utf8_lossy(&text).into_owned(), end.is_ok())
    };
    for request in ["GET /v1/me HTTP/1.1\r\nhost: x\r\n\r\n", "POST /v1/exports HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{\"a\": 1 }"] {
        let (text, ended) = said(request.as_bytes());
        assert!(ended && text.starts_with("HTTP/1.1 400 ") && text.ends_with("its address begins with https://\n"), "{text}");
    }
    // What is neither has nothing to read, and ends as well.
    let (text, _) = said(b"\x00\x01\x02 no TLS and no HTTP either");
    assert!(!text.contains("HTTP"), "{text}");
}

#[test]
fn a_renewed_certificate_is_taken_while_connections_go_on() {
    let authority = Authority::new();
    let home = home(&authority, 1);
    let key = home.key("viewer");
    let service = home.start();
    let early = authority.client().build().unwrap();
    let (_, status, _, first) = fetch(&early, &service.url("/v1/me"), &key);
    assert_eq!(status, 200);
    let renewed = authority.issue(4000);
    put(&home, &renewed.certificate, &renewed.key);
    assert_eq!(seen(&authority, &service), first, "nobody told it");
    service.signal("HUP");
    let second = wait_for(|| Some(seen(&authority, &service)).filter(|seen| *seen != first));
    // A connection from before shows the certificate from before: it is still the same one.
    let (_, status, _, kept) = fetch(&early, &service.url("/v1/me"), &key);
    assert_eq!((status, kept == first), (200, true));
    // One that cannot be used changes nothing.
    put(&home, &authority.issue(4000).certificate, &renewed.key);
    service.signal("HUP");
    wait_for(|| service.log().contains("is not the key of the certificate").then_some(()));
    assert_eq!(seen(&authority, &service), second);
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_at_start() {
    let authority = Authority::new();
    let home = home(&authority, 1);
    let key_file = home.path().join("key.pem");
    let (good, other, old) = (authority.issue(4000), authority.issue(4000), authority.issue(2020));
    let wrong = |problem: &str| {
        let run = home.cli("serve").expect(2);
        assert!(run.stderr.contains(problem), "{problem}: {run}");
    };
    put(&home, &good.certificate, &good.key);
    for mode in [0o644, 0o604, 0o660] {
        permit(&key_file, mode);
        wrong("key.pem: others can read this key: chmod 600 it");
    }
    put(&home, &good.certificate, &other.key);
    wrong("key.pem: is not the key of the certificate in ");
    put(&home, &old.certificate, &old.key);
    wrong("certificate.pem: the certificate has expired on 2020-01-01T00:00:00.000Z");
    put(&home, "no certificate", &good.key);
    wrong("certificate.pem: holds no certificate (PEM)");
    put(&home, &good.certificate, "no key");
    wrong("key.pem: ");
    put(&home, &good.certificate, &good.key);
    std::fs::remove_file(&key_file).unwrap();
    wrong("key.pem: ");
    std::fs::remove_file(home.path().join("certificate.pem")).unwrap();
    wrong("certificate.pem: ");
}

#[test]
fn a_stalled_handshake_holds_nobody_up() {
    let authority = Authority::new();
    let home = home(&authority, 1);
    let key = home.key("viewer");
    let service = home.start();
    // Some say nothing, some begin a handshake and say no more.
    let stalled: Vec<TcpStream> = (0..200)
        .map(|index| {
            let mut stream = TcpStream::connect(&service.address).unwrap();
            if index % 2 == 0 {
                stream.write_all(b"\x16\x03\x01\x02\x00\x01").unwrap();
            }
            stream
        })
        .collect();
    assert_eq!(service.get(&key, "/v1/me")["organisation"], "acme");
    drop(stalled);
}
