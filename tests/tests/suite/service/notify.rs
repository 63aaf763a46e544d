//! Who is told that an export is ready or failed.

use ango_tests::project::harbour;
use ango_tests::service::{Home, wait_for};
use ango_tests::web::{Act, Request, Server};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A server that takes what it is told, after it failed so many times.
fn receiver(failures: usize) -> (Server, Arc<Mutex<Vec<Request>>>) {
    let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
    let told = Arc::clone(&seen);
    let server = Server::start(move |request| {
        told.lock().unwrap().push(request.clone());
        if request.count < failures { Act::status(503) } else { Act::status(204) }
    });
    (server, seen)
}

/// The HMAC that a receiver computes, with another program than ours.
fn hmac(secret: &str, text: &str) -> String {
    use std::io::Write;
    let mut python = std::process::Command::new("python3")
        .args(["-c", "import hmac,sys;print(hmac.new(sys.argv[1].encode(),sys.stdin.buffer.read(),'sha256').hexdigest())", secret])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

#[test]
fn a_webhook_is_signed_and_tried_until_it_is_taken() {
    let (server, seen) = receiver(2);
    let home = Home::new().env("ANGO_EXPORT_WEBHOOK_SECRET_CI", "hush-hush-hush");
    home.configure(&format!(
        "public-url = \"https://exports.example.com\"\n[service.webhooks.ci]\nurl = {:?}\norganisation = \"acme\"\n",
        server.url("/hook?token=t0ken")
    ));
    harbour(&home.projects().join("harbour"), 10);
    let key = home.key("manager");
    let service = home.start();
    let export = service.export(&key, &json!({ "project": "harbour" }));
    service.export(&key, &json!({ "project": "harbour", "notify": { "silent": true } }));
    // It failed twice, and came the third time; each time it was the same delivery.
    wait_for(|| (seen.lock().unwrap().len() == 3).then_some(()));
    let requests = seen.lock().unwrap().clone();
    let deliveries: Vec<&str> = requests.iter().map(|request| request.header("x-ango-delivery").unwrap()).collect();
    assert!(deliveries.iter().all(|delivery| *delivery == deliveries[0]), "{deliveries:?}");
    let request = &requests[2];
    let body = String::from_utf8(request.body.clone()).unwrap();
    let (time, signature) = request.header("x-ango-signature").unwrap().split_once(",v1=").unwrap();
    assert_eq!(signature, hmac("hush-hush-hush", &format!("{}.{body}", time.strip_prefix("t=").unwrap())));
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&told["event"], &told["export"]), (&json!("export.ready"), &export["id"]));
    assert!(told["page"].as_str().unwrap().starts_with("https://exports.example.com/#/harbour/exports/"), "{told}");
    let failed = service.export(&key, &json!({ "project": "harbour", "stages": ["Nonsense"] }));
    wait_for(|| (seen.lock().unwrap().len() == 4).then_some(()));
    let told: Value = serde_json::from_slice(&seen.lock().unwrap()[3].body).unwrap();
    assert_eq!((&told["event"], &told["export"]), (&json!("export.failed"), &failed["id"]));
    assert!(!service.log().contains("t0ken") && !service.log().contains("hush"), "no secret is in the log: {}", service.log());
    assert!(service.ask_with(&[], "GET", "/metrics", None).text.contains("ango_export_deliveries_total{state=\"webhook retried\"} 2"));
}

#[test]
fn what_was_to_be_told_is_told_after_a_crash() {
    let home = Home::new().env("ANGO_EXPORT_WEBHOOK_SECRET_CI", "hush");
    // Nobody listens there yet.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    home.configure(&format!("[service.webhooks.ci]\nurl = \"http://127.0.0.1:{port}/hook\"\norganisation = \"acme\"\n"));
    harbour(&home.projects().join("harbour"), 10);
    let key = home.key("manager");
    let service = home.start();
    let export = service.export(&key, &json!({ "project": "harbour" }));
    service.kill();
    let (server, seen) = receiver(0);
    home.configure(&format!("[service.webhooks.ci]\nurl = {:?}\norganisation = \"acme\"\n", server.url("/hook")));
    let _service = home.start();
    wait_for(|| (!seen.lock().unwrap().is_empty()).then_some(()));
    let told: Value = serde_json::from_slice(&seen.lock().unwrap()[0].body).unwrap();
    assert_eq!(told["export"], export["id"]);
}
