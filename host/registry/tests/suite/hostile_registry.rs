//! Registries that do what no registry should.

use crate::worker::{Work, stable};
use ango_registry::Digest;
use ango_tests::web::{Act, Request, Server};
use serde_json::{Value, json};

const USER: &str = "ango";
const PASSWORD: &str = "hush-hush";

fn manifest_of(wasm: &[u8], size: u64) -> Value {
    json!({
        "schemaVersion": 2,
        "config": { "mediaType": "application/vnd.wasm.config.v0+json", "digest": Digest::of(b"{}").as_str(), "size": 2 },
        "layers": [{ "mediaType": "application/wasm", "digest": Digest::of(wasm).as_str(), "size": size, "urls": ["http://127.0.0.1:1/hush"] }],
    })
}

/// A registry that gives out one plugin, unless the test says something else.
fn registry(plan: impl Fn(&Request) -> Option<Act> + Send + Sync + 'static) -> Server {
    let manifest = manifest_of(b"w", 1).to_string();
    Server::start(move |request| {
        plan(request).unwrap_or_else(|| match request.target.as_str() {
            "/v2/" => Act::file("{}"),
            target if target.contains("/manifests/") => Act::file(manifest.clone()),
            target if target.ends_with(Digest::of(b"{}").as_str()) => Act::file("{}"),
            target if target.contains("/blobs/sha256:") => Act::file("w"),
            _ => Act::status(404),
        })
    })
}

fn name(server: &Server) -> String {
    format!("oci://{}/team/coco:1", server.address())
}

fn fetch(server: &Server) -> Work {
    Work::fetch(name(server)).env("ANGO_REGISTRY_USER", USER).env("ANGO_REGISTRY_PASSWORD", PASSWORD)
}

fn push(server: &Server) -> Work {
    Work::push(name(server), b"w", &[]).env("ANGO_REGISTRY_USER", USER).env("ANGO_REGISTRY_PASSWORD", PASSWORD)
}

fn said(server: &Server, error: &str) -> String {
    assert!(!error.contains("hush") && !error.contains('\u{1b}') && error.len() < 600, "{error}");
    stable(error, &[(&server.address(), "REGISTRY")])
}

/// A registry that sends askers to a token server.
fn with_tokens(realm: impl Fn(&Request) -> String + Send + Sync + 'static, token: Act) -> Server {
    registry(move |request| match request.target.as_str() {
        "/v2/" => Some(Act::Answer(401, vec![("www-authenticate", format!("Bearer realm=\"{}\",service=\"s\"", realm(request)))], Vec::new())),
        target if target.starts_with("/token") => Some(token.clone()),
        _ => None,
    })
}

fn here(request: &Request) -> String {
    format!("http://{}/token", request.header("host").unwrap())
}

#[test]
fn the_good_one_works() {
    let server = registry(|_| None);
    let fetched = fetch(&server).fetched();
    assert_eq!(
        (fetched.wasm.as_slice(), fetched.manifest_digest),
        (&b"w"[..], Some(Digest::of(manifest_of(b"w", 1).to_string().as_bytes()).to_string()))
    );
    // Nobody asked who we are, so nobody was told.
    assert!(server.seen().iter().all(|request| request.header("authorization").is_none()));
}

#[test]
fn what_never_ends() {
    let endless = || Act::Endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(), true);
    let mut all = String::new();
    for at in ["/v2/", "/manifests/", "/blobs/"] {
        let server = registry(move |request| (request.target.contains(at) && (at != "/v2/" || request.target == at)).then(endless));
        let outcome = fetch(&server).run();
        all.push_str(&format!("{at}: {}\n", outcome.error.as_deref().map_or("let through".into(), |error| said(&server, error))));
        assert!(outcome.peak < 80 << 20, "{at}: {} MiB", outcome.peak >> 20);
    }
    let server = with_tokens(here, endless());
    let outcome = fetch(&server).run();
    all.push_str(&format!("token: {}\n", said(&server, &outcome.error.unwrap())));
    assert!(outcome.peak < 80 << 20, "{} MiB", outcome.peak >> 20);
    insta::assert_snapshot!(all.replace(Digest::of(b"w").as_str(), "DIGEST"));
}

#[test]
fn manifests_that_are_none_or_of_something_else() {
    let long = format!("{}{}", manifest_of(b"w", 1), " ".repeat(4 << 20));
    let deep = "[".repeat(1 << 20);
    let huge = manifest_of(b"w", 1 << 40).to_string();
    let twice = json!({ "schemaVersion": 2, "manifests": [{ "digest": Digest::of(b"a").as_str() }, { "digest": "hush" }] }).to_string();
    let mut all = String::new();
    for manifest in ["", "<html>hush", "null", &deep, &long, &huge, &twice] {
        let body = manifest.to_owned();
        let server = registry(move |request| request.target.contains("/manifests/").then(|| Act::file(body.clone())));
        all.push_str(&said(&server, &fetch(&server).error()));
        all.push('\n');
    }
    // The right answer to another question.
    let server = registry(|_| None);
    let other = Digest::of(b"other");
    all.push_str(&said(&server, &Work::fetch(format!("oci://{}/team/coco@{other}", server.address())).error()));
    insta::assert_snapshot!(all);
}

#[test]
fn blobs_that_are_others() {
    let mut all = String::new();
    for (what, body) in [("other", "x"), ("longer", "ww"), ("empty", "")] {
        let server = registry(move |request| request.target.ends_with(Digest::of(b"w").as_str()).then(|| Act::file(body)));
        all.push_str(&format!("{what}: {}\n", said(&server, &fetch(&server).error())));
    }
    let lying = manifest_of(b"w", 2).to_string();
    let server = registry(move |request| request.target.contains("/manifests/").then(|| Act::file(lying.clone())));
    all.push_str(&format!("another size: {}\n", said(&server, &fetch(&server).error())));
    let gone = registry(|request| request.target.ends_with(Digest::of(b"w").as_str()).then(|| Act::status(404)));
    all.push_str(&format!("gone: {}\n", said(&gone, &fetch(&gone).error())));
    insta::assert_snapshot!(all);
    // Whoever made the manifest does not make us ask elsewhere.
    assert!(gone.targets().iter().all(|target| !target.contains("hush")));
}

#[test]
fn doors_that_are_none() {
    let with = |status, header: Option<&'static str>| {
        registry(move |request| {
            let headers = header.map(|text| ("www-authenticate", text.to_owned())).into_iter().collect();
            (request.target == "/v2/").then(|| Act::Answer(status, headers, b"hush \x1b[2J".to_vec()))
        })
    };
    let mut all = String::new();
    for (status, header) in [
        (404, None),
        (403, None),
        (401, None),
        (401, Some("Digest realm=\"hush\", nonce=\"x\"")),
        (401, Some("Bearer")),
        (401, Some("Bearer realm=\"not a url hush\"")),
        (401, Some("Bearer realm=\"http://example.com/token?hush\"")),
        (401, Some("Bearer realm=\"https://me:hush@example.com/token\"")),
        (401, Some("Bearer realm=\"file:///etc/hush\"")),
        (401, Some(",,,=\"")),
    ] {
        let server = with(status, header);
        all.push_str(&format!("{status} {header:?}\n    {}\n", said(&server, &fetch(&server).error())));
        assert_eq!(server.targets(), ["/v2/"]);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn tokens_that_are_none() {
    let mut all = String::new();
    for (what, token) in [
        ("a line break", Act::file("{\"token\":\"a\\nX-Evil: hush\"}")),
        ("no token", Act::file("{\"hush\":1}")),
        ("a number", Act::file("{\"token\":1}")),
        ("a page", Act::file("<html>hush")),
        ("refused", Act::Answer(401, Vec::new(), b"hush".to_vec())),
        ("elsewhere", Act::redirect("http://example.com/hush")),
        ("broken", Act::status(418)),
    ] {
        let server = with_tokens(here, token);
        for work in [fetch(&server), push(&server)] {
            all.push_str(&format!("{what}: {}\n", said(&server, &work.error())));
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn credentials_go_to_nobody_else() {
    let other = Server::start(|_| Act::file("w"));
    let (elsewhere, token_server) = (other.url("/blob"), other.url("/token?x=y"));
    // A token server redirects to another.
    let redirecting = with_tokens(here, Act::redirect(token_server));
    fetch(&redirecting).run();
    // A registry keeps its blobs elsewhere.
    let basic = registry(move |request| match request.target.as_str() {
        "/v2/" => Some(Act::Answer(401, vec![("www-authenticate", "Basic realm=\"r\"".into())], Vec::new())),
        target if target.ends_with(Digest::of(b"w").as_str()) => Some(Act::redirect(elsewhere.clone())),
        _ => None,
    });
    assert_eq!(fetch(&basic).fetched().wasm, b"w");
    assert!(basic.seen().iter().skip(1).all(|request| request.header("authorization") == Some("Basic YW5nbzpodXNoLWh1c2g=")));
    assert_eq!(other.targets(), ["/token?x=y", "/blob"]);
    assert!(other.seen().iter().all(|request| request.header("authorization").is_none()), "{:?}", other.seen());
}

#[test]
fn a_registry_that_says_what_it_was_told() {
    let server = registry(|request| {
        let told = request.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
        let errors = json!({ "errors": [{ "code": "DENIED", "message": told, "detail": "\u{1b}[2Jhush" }] }).to_string();
        match request.target.as_str() {
            "/v2/" => Some(Act::Answer(401, vec![("www-authenticate", "Basic realm=\"r\"".into())], Vec::new())),
            _ => Some(Act::Answer(418, Vec::new(), errors.into_bytes())),
        }
    });
    insta::assert_snapshot!(format!("{}\n{}", said(&server, &fetch(&server).error()), said(&server, &push(&server).error())));
}

#[test]
fn uploads_that_lead_nowhere() {
    let mut all = String::new();
    let upload = |status: u16, location: Option<&'static str>| {
        registry(move |request| {
            let headers = location.map(|location| ("location", location.to_owned())).into_iter().collect();
            match request.method.as_str() {
                "GET" => None,
                "HEAD" => Some(Act::status(404)),
                "PUT" => Some(Act::Answer(400, Vec::new(), b"{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"hush\"}]}".to_vec())),
                _ => Some(Act::Answer(status, headers, b"{\"errors\":[{\"code\":\"hush\\u001b\"}]}".to_vec())),
            }
        })
    };
    for (status, location) in [
        (202, Some("/v2/team/coco/blobs/uploads/x?_state=hush")),
        (202, Some("http://127.0.0.1:1/hush")),
        (202, None),
        (202, Some("::not a url::")),
        (200, Some("::not a url::")),
        (201, Some("/x?_state=hush")),
        (400, None),
        (405, None),
        (503, None),
    ] {
        let server = upload(status, location);
        all.push_str(&format!("{status} {location:?}\n    {}\n", said(&server, &push(&server).error())));
    }
    insta::assert_snapshot!(all);
}
