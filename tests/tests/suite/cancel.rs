//! Ctrl-C, whatever the program waits for just then: it ends with exit code 130, nothing is visible of what it did not finish, and the next run works.

use crate::s3::at;
use ango_tests::archive::{list, original};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use ango_tests::s3::{Act, BUCKET, Seen, Server, contents};
use ango_tests::wasm::sequential;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// After this a program that was interrupted counts as one that does not listen.
const DEAF: Duration = Duration::from_secs(120);

/// Interrupts a program, which must end of it.
fn interrupt(mut child: Child) {
    assert!(child.try_wait().unwrap().is_none(), "the program ended before it could be interrupted");
    let sent = std::process::Command::new("kill").arg("-INT").arg(child.id().to_string()).status().unwrap();
    assert!(sent.success());
    let started = Instant::now();
    let ended = loop {
        match child.try_wait().unwrap() {
            Some(ended) => break ended,
            None if started.elapsed() > DEAF => {
                child.kill().unwrap();
                panic!("the program does not listen");
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert_eq!(ended.code(), Some(130));
}

/// Interrupts a program as soon as something is so.
fn interrupt_when(mut child: Child, mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        assert!(child.try_wait().unwrap().is_none(), "the program ended before it could be interrupted");
        std::thread::sleep(Duration::from_millis(2));
    }
    interrupt(child);
}

/// Interrupts a run with `--json` when it has told twice that it converts. An honest plugin is done with so few tasks long before: it waits for its plugin.
fn interrupt_converting(cli: Cli) {
    let mut child = cli.arg("--json").spawn_piped();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = 0;
    while told < 2 {
        let line = lines.next().expect("the program ended before it could be interrupted").unwrap();
        let event: serde_json::Value = serde_json::from_str(&line).unwrap();
        told += usize::from(event["event"] == "progress" && event["phase"] == "convert");
    }
    interrupt(child);
    let left: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(!left.iter().any(|line| line.contains("\"report\"")), "nothing is reported as done: {left:?}");
}

/// The project is exported as if nothing had been.
fn the_next_run_works(project: &Path, storage: &Path) {
    Cli::export(project, storage).arg("--plugin").arg(HOSTILE).run();
    assert!(original(storage).is_file());
    assert_eq!(list(storage).iter().filter(|name| name.ends_with(".hostile.zip")).count(), 1);
}

#[test]
fn while_a_plugin_computes_or_waits_for_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    for evil in ["infinite-loop", "poll-forever", "sleep-hour"] {
        let storage = folder.path().join(evil);
        let cli = Cli::export(&project, &storage).arg("--plugin").arg(HOSTILE).arg("--option").arg(format!("evil={evil}"));
        // Nothing but the signal ends it.
        interrupt_converting(cli.args("--limit fuel-base=1000000000000000000 --limit wall-time=100000"));
        assert_eq!(list(&storage), Vec::<String>::new(), "{evil}");
        the_next_run_works(&project, &storage);
    }
}

#[test]
fn while_the_bucket_that_is_read_does_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    let silent = Arc::new(AtomicBool::new(false));
    let hangs = Arc::clone(&silent);
    let server = Server::with_plan(move |seen| if seen.method == "GET" && hangs.load(Ordering::SeqCst) { Act::Hang } else { Act::Serve });
    at(&server, Cli::export(&project, format!("s3://{BUCKET}/in"))).expect(0);
    let name = original(&server.bucket().join("in"));
    let url = format!("s3://{BUCKET}/in/{}", name.file_name().unwrap().display());
    let to = folder.path().join("out");
    let temporary = folder.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let convert = || at(&server, Cli::convert(&url, &to)).arg("--plugin").arg(HOSTILE).env("TMPDIR", &temporary);

    silent.store(true, Ordering::SeqCst);
    interrupt_when(convert().spawn(), || server.seen().iter().any(|seen| seen.method == "GET"));
    assert_eq!((list(&to), list(&temporary)), (Vec::new(), Vec::new()), "nor is there a copy of what was read");

    silent.store(false, Ordering::SeqCst);
    convert().expect(0);
    assert_eq!(list(&to).len(), 2);
}

/// The upload holds up the reader, and so the plugin waits as well: for the host's answer to its call for the next tasks.
#[test]
fn while_a_part_is_uploaded_and_a_plugin_waits_for_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(&folder.path().join("project"), PROJECT, noisy_records(48 << 20).as_bytes());
    let waits = folder.path().join("waits.wasm");
    std::fs::write(&waits, sequential()).unwrap();
    let silent = Arc::new(AtomicBool::new(true));
    let hangs = Arc::clone(&silent);
    let server = Server::with_plan(move |seen| if seen.is_part() && hangs.load(Ordering::SeqCst) { Act::Hang } else { Act::Serve });
    let export = || at(&server, Cli::export(&project, format!("s3://{BUCKET}"))).args("--format ndjson --plugin").arg(&waits);
    interrupt_converting(export());
    assert!(server.seen().iter().any(Seen::is_part), "an upload had begun");
    assert!(contents(&server.bucket()).is_empty(), "{:?}", list(&server.bucket()));
    assert!(server.seen().iter().any(Seen::is_abort), "the upload is aborted");
    assert_eq!(server.leftovers(), Vec::<String>::new());

    silent.store(false, Ordering::SeqCst);
    let report = export().report(0);
    assert_eq!(report["plugins"][0]["result"], "ok");
    // The original, what the plugin did not write, and their reports.
    assert_eq!(contents(&server.bucket()).len(), 4);
}
