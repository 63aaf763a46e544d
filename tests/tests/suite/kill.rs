//! A process that is killed leaves nothing behind that looks like an export, and the next run works.

use ango_tests::archive::{list, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, noisy_records, write};
use ango_tests::s3::{Act, BUCKET, Server, contents};
use std::path::Path;
use std::time::Duration;

/// Objects with names that somebody would take for an export or its report.
fn visible(folder: &Path) -> Vec<String> {
    list(folder).into_iter().filter(|name| name.ends_with(".zip") || name.ends_with(".json")).collect()
}

#[test]
fn killed_while_it_writes_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let records = noisy_records(64 << 20);
    let project = write(&folder.path().join("project"), PROJECT, records.as_bytes());
    // Killed as soon as the folder holds this many bytes: at the first part, and in the middle.
    for (run, bytes) in [1, 20 << 20].into_iter().enumerate() {
        let storage = folder.path().join(run.to_string());
        let written = || list(&storage).iter().filter_map(|name| storage.join(name).metadata().ok()).map(|file| file.len()).sum::<u64>();
        let mut child = Cli::export(&project, &storage).args("--format ndjson").spawn();
        while written() < bytes && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        assert!(ended.code().is_none(), "the program was too quick to be killed: give it more to do");
        assert!(written() >= bytes, "there is something half-written");
        assert_eq!(visible(&storage), Vec::<String>::new());

        Cli::export(&project, &storage).args("--format ndjson").expect(0);
        assert_eq!(visible(&storage).len(), 2);
        assert!(payload(&original(&storage)).1 == records.trim_end(), "the second run is complete");
    }
}

#[test]
fn killed_while_it_writes_into_s3() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(&folder.path().join("project"), PROJECT, noisy_records(24 << 20).as_bytes());
    // The second part is never answered, until the server is told that its client is dead.
    let dead = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let told = dead.clone();
    let server =
        Server::with_plan(
            move |seen| {
                if seen.is_part() && seen.count >= 1 && !told.load(std::sync::atomic::Ordering::SeqCst) { Act::Hang } else { Act::Serve }
            },
        );
    let export = || {
        let cli = Cli::export(&project, format!("s3://{BUCKET}")).args("--format ndjson");
        server.env().into_iter().fold(cli, |cli, (name, value)| cli.env(name, value))
    };
    let mut child = export().spawn();
    while server.seen().iter().filter(|seen| seen.is_part()).count() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "the program ended before it could be killed");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(contents(&server.bucket()).is_empty(), "{:?}", list(&server.bucket()));

    dead.store(true, std::sync::atomic::Ordering::SeqCst);
    export().expect(0);
    assert_eq!(contents(&server.bucket()).len(), 2);
}

#[cfg(unix)]
#[test]
fn interrupted_it_takes_back_what_it_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(&folder.path().join("project"), PROJECT, noisy_records(64 << 20).as_bytes());
    let storage = folder.path().join("out");
    let mut child = Cli::export(&project, &storage).args("--format ndjson").spawn();
    while list(&storage).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "the program was too quick to be interrupted");
        std::thread::sleep(Duration::from_micros(200));
    }
    let sent = std::process::Command::new("kill").arg("-INT").arg(child.id().to_string()).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(list(&storage), Vec::<String>::new());
}
