//! A store that refuses, fails or comes back: exit code 6 and nothing visible, or success; and never a word about a secret.

use crate::s3::at;
use ango_tests::archive::list;
use ango_tests::cli::{Cli, Run};
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use ango_tests::s3::{Act, BUCKET, FAIL, KEY_ID, SECRET, Seen, Server, contents};
use ango_tests::text::stable;
use std::path::{Path, PathBuf};

/// A project whose export takes several parts.
fn large(folder: &Path) -> PathBuf {
    write(&folder.join("project"), PROJECT, noisy_records(36 << 20).as_bytes())
}

/// Whatever happens, what may let somebody in is not told: not the secret, nor the key id, nor anything that was signed with them.
fn tells_no_secret(run: &Run) {
    for secret in [SECRET, KEY_ID, "wrongSECRET", "AKIAWRONG", "Signature=", "X-Amz-Signature", "AWS4-HMAC-SHA256", "Authorization"] {
        assert!(!run.text().contains(secret), "{secret} is told: {run}");
    }
}

/// What the program says, without what changes: the port and the name of the export.
fn said(run: &Run, folder: &Path) -> String {
    let text = stable(&run.stderr, folder);
    regex::Regex::new(r"127\.0\.0\.1:\d+").unwrap().replace_all(&text, "127.0.0.1:PORT").into_owned()
}

#[test]
fn wrong_credentials() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let small = harbour(&folder.path().join("small"), 20);
    let large = large(folder.path());
    let mut all = String::new();
    for (name, value) in [("AWS_SECRET_ACCESS_KEY", "wrongSECRETwrongSECRETwrongSECRETwrong00"), ("AWS_ACCESS_KEY_ID", "AKIAWRONGWRONGWRONG0")] {
        for project in [&small, &large] {
            for extra in ["--quiet", "--json"] {
                let run = at(&server, Cli::export(project, format!("s3://{BUCKET}/x"))).args(extra).env(name, value).expect(6);
                tells_no_secret(&run);
                assert!(run.text().contains("check the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"), "{run}");
                all.push_str(&said(&run, folder.path()));
            }
        }
        let run =
            at(&server, Cli::convert(format!("s3://{BUCKET}/a.zip"), folder.path().join("out"))).args("--plugin coco").env(name, value).expect(6);
        tells_no_secret(&run);
        all.push_str(&said(&run, folder.path()));
    }
    assert!(contents(&server.bucket()).is_empty());
    insta::assert_snapshot!(all);
}

#[test]
fn a_bucket_or_an_object_that_does_not_exist() {
    // The server would make a bucket that is missing.
    let server = Server::with_plan(|seen| if seen.target.starts_with("/nowhere/") { Act::Answer(404, "NoSuchBucket") } else { Act::Serve });
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let no_bucket = at(&server, Cli::export(&project, "s3://nowhere/x")).arg("--quiet").expect(6);
    let no_object = at(&server, Cli::convert(format!("s3://{BUCKET}/gone.zip"), folder.path().join("out"))).args("--plugin coco --quiet").expect(6);
    tells_no_secret(&no_bucket);
    insta::assert_snapshot!(said(&no_bucket, folder.path()) + &said(&no_object, folder.path()));
    assert_eq!(list(&folder.path().join("out")), Vec::<String>::new());
}

/// Exports the large project into a server that does so; it must fail, and nothing may be visible.
fn fails(plan: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> (Server, String) {
    let server = Server::with_plan(plan);
    let folder = tempfile::tempdir().unwrap();
    let project = large(folder.path());
    let run = at(&server, Cli::export(&project, format!("s3://{BUCKET}"))).args("--quiet --format ndjson").expect(6);
    tells_no_secret(&run);
    assert!(contents(&server.bucket()).is_empty(), "{:?}", list(&server.bucket()));
    assert!(run.stderr.starts_with("error: ") && run.stderr.lines().count() == 1, "{run}");
    let text = said(&run, folder.path());
    (server, text)
}

#[test]
fn a_server_that_fails_from_the_second_part_on() {
    let (server, text) = fails(|seen| if seen.is_part() && seen.count >= 1 { FAIL } else { Act::Serve });
    assert!(server.seen().iter().any(Seen::is_abort), "the upload is aborted");
    assert_eq!(server.leftovers(), Vec::<String>::new());
    assert!(text.contains("Harbour-task-export-2024-05-01-00_00_00_GMT-ID.zip") && text.contains("500"), "{text}");
}

#[test]
fn a_server_that_closes_the_connection_from_the_third_part_on() {
    let (server, _) = fails(|seen| if seen.is_part() && seen.count >= 2 { Act::Drop } else { Act::Serve });
    assert!(server.seen().iter().any(Seen::is_abort), "the upload is aborted");
    assert_eq!(server.leftovers(), Vec::<String>::new());
}

#[test]
fn a_server_that_fails_for_good() {
    let dead = std::sync::atomic::AtomicBool::new(false);
    let (server, _) =
        fails(move |seen| if dead.fetch_or(seen.is_part() && seen.count >= 1, std::sync::atomic::Ordering::SeqCst) { Act::Drop } else { Act::Serve });
    assert!(!server.leftovers().is_empty(), "nobody could clean up, so this test tests what it says");
}

#[test]
fn a_server_that_does_not_complete_an_upload() {
    let (server, _) = fails(|seen| if seen.is_completion() { FAIL } else { Act::Serve });
    assert!(server.seen().iter().any(Seen::is_abort), "the upload is aborted");
    assert_eq!(server.leftovers(), Vec::<String>::new());
}

#[test]
fn a_server_that_does_not_take_a_small_object() {
    let server = Server::with_plan(|seen| if seen.is_put() { FAIL } else { Act::Serve });
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let run = at(&server, Cli::export(&project, format!("s3://{BUCKET}"))).args("--quiet --plugin coco").expect(6);
    tells_no_secret(&run);
    assert!(contents(&server.bucket()).is_empty());
}

#[test]
fn a_server_that_fails_twice_and_then_works() {
    for act in [FAIL, Act::Drop] {
        let server = Server::with_plan(move |seen| if seen.count < 2 { act } else { Act::Serve });
        let folder = tempfile::tempdir().unwrap();
        let large = large(folder.path());
        let run = at(&server, Cli::export(&large, format!("s3://{BUCKET}"))).args("--format ndjson").expect(0);
        tells_no_secret(&run);
        Cli::export(&large, folder.path().join("out")).args("--format ndjson").expect(0);
        let zips = |folder: &Path| contents(folder).into_iter().filter(|(name, _)| name.ends_with(".zip")).collect::<Vec<_>>();
        assert!(zips(&server.bucket()) == zips(&folder.path().join("out")), "{act:?}");
        assert_eq!(server.leftovers(), Vec::<String>::new());
        assert!(server.seen().iter().filter(|seen| seen.is_put() && seen.target.ends_with(".json")).count() == 3, "{act:?}");
    }
}

#[test]
fn a_bucket_that_may_be_read_only() {
    let server = Server::with_plan(|seen| if seen.method == "GET" { Act::Serve } else { Act::Answer(403, "AccessDenied") });
    let folder = tempfile::tempdir().unwrap();
    let small = harbour(&folder.path().join("small"), 20);
    let large = large(folder.path());
    for project in [small, large] {
        let run = at(&server, Cli::export(&project, format!("s3://{BUCKET}"))).arg("--quiet").expect(6);
        assert!(run.stderr.contains("denied") && run.stderr.contains("check the credentials"), "{run}");
    }
}

#[test]
fn no_server_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let server = Server::start();
    let env = server.env();
    drop(server);
    let cli = Cli::export(&project, format!("s3://{BUCKET}")).arg("--quiet");
    let run = env.into_iter().fold(cli, |cli, (name, value)| cli.env(name, value)).expect(6);
    tells_no_secret(&run);
    assert!(run.stderr.contains("127.0.0.1"), "{run}");
}

#[test]
fn plain_http_is_refused_except_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 2);
    let cli = Cli::export(&project, format!("s3://{BUCKET}")).arg("--quiet");
    let cli = cli.env("AWS_ENDPOINT_URL", "http://store.invalid:9000").env("AWS_ACCESS_KEY_ID", KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
    let run = cli.run();
    assert!([2, 6].contains(&run.code), "{run}");
    tells_no_secret(&run);
}
