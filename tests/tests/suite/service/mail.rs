//! E-mail, handed in at a real mail server.

use ango_tests::mail::{Mailbox, Security, Settings};
use ango_tests::project::{PROJECT, harbour, records, write};
use ango_tests::service::{Home, Service, fetch, wait_for};
use ango_tests::tls::Authority;
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery staple";

/// What the service is told about a mail server on this machine.
fn smtp(port: u16, security: Security, more: &str) -> String {
    format!(
        "[service.smtp]\nhost = \"localhost\"\nport = {port}\nfrom = \"Exports <exports@example.com>\"\nsecurity = \"{}\"\n{more}",
        security.name()
    )
}

fn home() -> Home {
    let home = Home::new();
    harbour(&home.projects().join("harbour"), 10);
    home
}

/// A manager's key, named by an address.
fn key_of(home: &Home, name: &str) -> String {
    home.cli("key create --organisation acme --role manager").arg("--name").arg(name).expect(0).stdout.trim().to_owned()
}

/// An export as Hub's clients ask for it.
fn hub_export(service: &Service, key: &str, more: &str) -> Value {
    let answer = service.ask_with(&[("apikey", key)], "GET", &format!("/v2/export?project=harbour&format=json&type=task{more}"), None);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json["data"].clone()
}

/// Waits for so many mails.
fn mails(mailbox: &Mailbox, count: usize) -> Vec<Value> {
    wait_for(|| Some(mailbox.mails()).filter(|mails| mails.len() >= count))
}

fn header(mail: &Value, name: &str) -> String {
    let headers = mail["headers"].as_array().unwrap();
    let found: Vec<&str> = headers.iter().filter(|header| header[0] == name).map(|header| header[1].as_str().unwrap()).collect();
    assert_eq!(found.len(), 1, "{name}: {mail}");
    found[0].to_owned()
}

/// The link in a mail to what an export saved.
fn link(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| *line == "original").unwrap_or_else(|| panic!("there is no link: {text}"));
    lines[at + 1].to_owned()
}

#[test]
fn a_mail_has_a_link_that_opens_however_it_is_handed_in() {
    let authority = Authority::new();
    let issued = authority.issue(4000);
    for (security, login) in [(Security::None, None), (Security::StartTls, Some(("exports", PASSWORD))), (Security::Tls, Some(("exports", PASSWORD)))]
    {
        let mailbox = Mailbox::start(Settings { security, certificate: Some(&issued), login, ..Settings::default() });
        let home = home();
        let trusted = home.path().join("authority.pem");
        std::fs::write(&trusted, &authority.pem).unwrap();
        let home = home.env("SSL_CERT_FILE", trusted.to_str().unwrap()).env("ANGO_EXPORT_SMTP_PASSWORD", PASSWORD);
        home.configure(&smtp(mailbox.port, security, if login.is_some() { "user = \"exports\"\n" } else { "" }));
        let (key, robot) = (key_of(&home, ADA), key_of(&home, "nightly robot"));
        let service = home.start();
        // Silent ones, one that asks for no mail, and one of somebody who has no address.
        hub_export(&service, &key, "&sendEmail=true&doNotNotify=true");
        hub_export(&service, &key, "&doNotNotify=true");
        hub_export(&service, &key, "");
        hub_export(&service, &robot, "&sendEmail=true");
        let first = hub_export(&service, &key, "&sendEmail=true");
        mails(&mailbox, 1);
        let second = service.export(&key, &json!({ "project": "harbour", "plugins": [{ "name": "coco" }], "notify": { "email": true } }));
        let mails = mails(&mailbox, 2);
        assert_eq!(mails.len(), 2, "{security:?}: {mails:?}");
        for (mail, id) in mails.iter().zip([&first["exportId"], &second["id"]]) {
            assert_eq!((&mail["from"], &mail["to"]), (&json!("exports@example.com"), &json!([ADA])), "{mail}");
            assert_eq!(header(mail, "To"), ADA);
            assert!(header(mail, "Message-ID").contains(id.as_str().unwrap()), "{mail}");
            assert_eq!((&mail["encrypted"], mail["user"].as_str()), (&json!(security != Security::None), login.map(|(user, _)| user)), "{mail}");
            let (status, archive) = fetch(&link(mail), &[]);
            assert_eq!((status, archive.get(..4)), (200, Some(b"PK\x03\x04".as_slice())), "{mail}");
        }
        let subjects = [header(&mails[0], "Subject"), header(&mails[1], "Subject")];
        assert_eq!(subjects, ["Export ready: harbour", "Export ready; a converted export does not hold everything: harbour"]);
        assert!(mails[1]["text"].as_str().unwrap().contains("9 tasks, converted by coco (8 losses)"), "{}", mails[1]);
    }
}

#[test]
fn who_is_not_known_gets_no_mail_to_send() {
    let mailbox = Mailbox::start(Settings { security: Security::StartTls, certificate: Some(&Authority::new().issue(4000)), ..Settings::default() });
    let home = home();
    let trusted = home.path().join("authority.pem");
    std::fs::write(&trusted, &Authority::new().pem).unwrap();
    let home = home.env("SSL_CERT_FILE", trusted.to_str().unwrap());
    home.configure(&smtp(mailbox.port, Security::StartTls, ""));
    let key = key_of(&home, ADA);
    let service = home.start();
    hub_export(&service, &key, "&sendEmail=true");
    wait_for(|| service.log().contains("not delivered yet").then_some(()));
    assert!(service.log().contains("certificate"), "{}", service.log());
    assert_eq!(mailbox.said(), Vec::<Value>::new());
}

#[test]
fn a_failed_export_says_why_and_no_name_becomes_a_header() {
    let mailbox = Mailbox::start(Settings::default());
    let home = Home::new();
    home.configure(&smtp(mailbox.port, Security::None, ""));
    let smuggling = "Harbour\\r\\nBcc: eve@example.com\\r\\n\\r\\n<h1>Pay here</h1>";
    let project = PROJECT.replace("\"Harbour\"", &format!("\"{smuggling}\""));
    assert_ne!(project, PROJECT);
    write(&home.projects().join("harbour"), &project, records(10).as_bytes());
    let key = key_of(&home, ADA);
    // A key is named in one line, whoever makes it.
    let two_lines = "ada@example.com\r\nBcc: eve@example.com";
    let refused = home.cli("key create --organisation acme --role manager").arg("--name").arg(two_lines).expect(2);
    assert!(refused.stderr.contains("in one line"), "{refused}");
    let admin = home.key("admin");
    let service = home.start();
    let new = json!({ "name": two_lines, "roles": [{ "project": "*", "role": "manager" }] });
    assert_eq!(service.ask(&admin, "POST", "/v1/keys", Some(&new)).status, 400);
    let wanted = json!({ "project": "harbour", "notify": { "email": true } });
    let stage = json!({ "project": "harbour", "stages": ["Nonsense\r\nBcc: eve@example.com"], "notify": { "email": true } });
    assert_eq!(service.export(&key, &wanted)["state"], "succeeded");
    mails(&mailbox, 1);
    assert_eq!(service.export(&key, &stage)["state"], "failed");
    let mails = mails(&mailbox, 2);
    for mail in &mails {
        assert_eq!(mail["to"], json!([ADA]));
        let mut names: Vec<&str> = mail["headers"].as_array().unwrap().iter().map(|header| header[0].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"], "{mail}");
    }
    assert_eq!((header(&mails[0], "Subject"), header(&mails[1], "Subject")), ("Export ready: harbour".into(), "Export failed: harbour".into()));
    assert_eq!(fetch(&link(&mails[0]), &[]).0, 200);
    let text = mails[1]["text"].as_str().unwrap();
    assert!(text.contains("Nonsense") && text.contains("Review"), "it says which stage, and which ones there are: {text}");
}

#[test]
fn a_server_that_is_busy_or_gone_is_tried_again_and_the_mail_comes_once() {
    let busy = Mailbox::start(Settings { refuse: &["451 4.3.0 come back later"], ..Settings::default() });
    let home = home();
    home.configure(&smtp(busy.port, Security::None, ""));
    let key = key_of(&home, ADA);
    let service = home.start();
    hub_export(&service, &key, "&sendEmail=true");
    mails(&busy, 1);
    assert_eq!(busy.said()[0], json!({ "refused": "451 4.3.0 come back later" }));
    // Nobody listens there any more, and later somebody does.
    let port = busy.port;
    let before = busy.mails();
    drop(busy);
    let export = hub_export(&service, &key, "&sendEmail=true");
    wait_for(|| (service.log().matches("not delivered yet").count() >= 2).then_some(()));
    let back = Mailbox::start(Settings { port, ..Settings::default() });
    let came = mails(&back, 1);
    wait_for(|| service.ask_with(&[], "GET", "/metrics", None).text.contains("state=\"email delivered\"} 2").then_some(()));
    assert_eq!((before.len(), back.mails().len()), (1, 1));
    assert!(header(&came[0], "Message-ID").contains(export["exportId"].as_str().unwrap()));
}

#[test]
fn a_mail_that_is_refused_for_good_is_given_up() {
    let mailbox = Mailbox::start(Settings { refuse: &["554 5.7.1 never"], ..Settings::default() });
    let home = home();
    home.configure(&smtp(mailbox.port, Security::None, ""));
    let key = key_of(&home, ADA);
    let service = home.start();
    hub_export(&service, &key, "&sendEmail=true");
    let log = wait_for(|| Some(service.log()).filter(|log| log.contains("\"not delivered\"")));
    assert!(log.contains("refuses it") && log.contains("5.7.1 never"), "{log}");
    // The next one is taken, so the first one would have come too.
    hub_export(&service, &key, "&sendEmail=true");
    mails(&mailbox, 1);
    assert!(service.ask_with(&[], "GET", "/metrics", None).text.contains("state=\"email given-up\"} 1"));
}

#[cfg(unix)]
#[test]
fn a_wrong_password_is_said_and_put_right_without_a_secret_in_the_log() {
    use std::os::unix::fs::PermissionsExt;
    let authority = Authority::new();
    let issued = authority.issue(4000);
    let settings = Settings { security: Security::Tls, certificate: Some(&issued), login: Some(("exports", PASSWORD)), ..Settings::default() };
    let mailbox = Mailbox::start(settings);
    let home = home();
    let (trusted, file) = (home.path().join("authority.pem"), home.path().join("password"));
    std::fs::write(&trusted, &authority.pem).unwrap();
    std::fs::write(&file, "hunter2hunter2").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let home = home.env("SSL_CERT_FILE", trusted.to_str().unwrap());
    home.configure(&smtp(mailbox.port, Security::Tls, &format!("user = \"exports\"\npassword-file = {:?}\n", file.display().to_string())));
    let key = key_of(&home, ADA);
    let service = home.start();
    hub_export(&service, &key, "&sendEmail=true");
    let log = wait_for(|| Some(service.log()).filter(|log| log.contains("does not let exports in")));
    // Neither as it is nor as it was sent: `\0exports\0hunter2hunter2` in base64, cut so that no byte before it counts.
    assert!(!log.contains("hunter2") && !log.contains("aHVudGVyMmh1bnRlcjI"), "{log}");
    assert!(mailbox.said().iter().any(|said| said.get("wrong").is_some()) && mailbox.mails().is_empty());
    std::fs::write(&file, PASSWORD).unwrap();
    assert_eq!(mails(&mailbox, 1)[0]["user"], "exports");
    assert!(!service.log().contains("battery"));
}

#[test]
fn a_sender_that_is_none_is_said_at_start() {
    let home = home();
    home.configure("[service.smtp]\nhost = \"localhost\"\nfrom = \"exports at example.com\"\n");
    let run = home.cli("serve").expect(2);
    assert!(run.stderr.contains("service: smtp: from 'exports at example.com': expected an address"), "{run}");
}
