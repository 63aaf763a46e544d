//! Several processes and one store: imports that are killed, exports while somebody imports, two imports at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use ango_store::{Imported, Selection, Store, StoreError};
use common::{Spec, import, lines, read_all, text};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

const TASKS: u64 = 2500;
const BATCH: u64 = 400;

fn child(test: &str, path: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", test, "--nocapture"])
        .env("ANGO_STORE_TEST", path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

fn store_of_the_parent() -> std::path::PathBuf {
    std::env::var_os("ANGO_STORE_TEST").expect("run by another test").into()
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "a part of the tests of this file, run by them in a process of its own"]
fn child_imports() {
    let mut importer = Store::create_or_open(store_of_the_parent()).unwrap().importer().unwrap().with_batch(BATCH, usize::MAX);
    say("added 0");
    for id in 0..TASKS {
        importer.add(&Spec::of(id).text()).unwrap();
        if (id + 1).is_multiple_of(50) {
            say(&format!("added {}", id + 1));
        }
    }
    importer.finish().unwrap();
    say("finished");
}

#[test]
fn a_killed_import_is_resumed() {
    let specs: Vec<Spec> = (0..TASKS).map(Spec::of).collect();
    let expected = lines(&specs);
    // In the first batch; about a commit; about the commit that trains the dictionary (1,200); at the end. Then twice into the same store.
    for moments in [
        vec!["added 0"],
        vec!["added 250"],
        vec!["added 400"],
        vec!["added 1150"],
        vec!["added 1200"],
        vec!["added 2500"],
        vec!["added 850", "added 1650"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("project.store");
        for moment in &moments {
            let (mut child, out) = child("child_imports", &path);
            assert!(out.lines().map_while(Result::ok).any(|line| line.ends_with(moment)), "the import ended before '{moment}'");
            child.kill().unwrap();
            child.wait().unwrap();
            // What is there is whole batches from the front, and no less than was committed when the line was printed.
            let store = Store::open_read(&path).unwrap();
            let count = store.count(&Selection::default()).unwrap();
            let said: u64 = moment.trim_start_matches("added ").parse().unwrap();
            assert!(count.is_multiple_of(BATCH) || count == TASKS, "{moment}: {count}");
            assert!(count >= said / BATCH * BATCH, "{moment}: {count}");
            assert!(text(store.read(&Selection::default()).unwrap()) == lines(&specs[..count as usize]), "{moment}");
        }
        let before = Store::open_read(&path).unwrap().count(&Selection::default()).unwrap();
        assert_eq!(import(&path, &specs), Imported { inserted: TASKS - before, updated: 0, unchanged: before });
        assert!(read_all(&path).unwrap() == expected, "{moments:?}");
    }
}

#[test]
#[ignore = "a part of the tests of this file, run by them in a process of its own"]
fn child_revises() {
    let store = Store::create_or_open(store_of_the_parent()).unwrap();
    for revision in 1..=25 {
        let mut importer = store.importer().unwrap();
        for id in 0..300 {
            importer.add(&Spec { revision, ..Spec::of(id) }.text()).unwrap();
        }
        importer.finish().unwrap();
        say(&format!("revision {revision}"));
    }
}

#[test]
fn an_export_sees_one_state_while_somebody_imports() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let specs: Vec<Spec> = (0..300).map(Spec::of).collect();
    let at = |revision| lines(&specs.iter().map(|spec| Spec { revision, ..spec.clone() }).collect::<Vec<_>>());
    let states: Vec<String> = (0..=25).map(at).collect();
    import(&path, &specs);
    let (mut child, mut out) = child("child_revises", &path);
    // Begun now, read after many imports.
    let mut slow = Store::open_read(&path).unwrap().read(&Selection::default()).unwrap();
    let mut slow_text = vec![0; 1000];
    slow.read_exact(&mut slow_text).unwrap();
    let mut newest = 0;
    let mut line = String::new();
    while !line.contains("revision 20") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "the import ended early");
        let state = read_all(&path).expect("a reader is never locked out");
        let revision = states.iter().position(|known| *known == state).expect("one state, not a mixture");
        assert!(revision >= newest, "{revision} after {newest}");
        newest = revision;
    }
    assert!(newest >= 20);
    slow.read_to_end(&mut slow_text).unwrap();
    let slow_text = String::from_utf8(slow_text).unwrap();
    assert!(states.iter().position(|known| *known == slow_text).expect("one state, not a mixture") < 20);
    drop(slow);
    std::io::copy(&mut out, &mut std::io::sink()).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(read_all(&path).unwrap() == states[25]);
}

#[test]
fn a_second_import_waits_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let store = Store::create_or_open(&path).unwrap();
    let mut first = store.importer().unwrap();
    first.add(&Spec::of(1).text()).unwrap();
    let mut impatient = store.importer().unwrap().with_wait(Duration::from_millis(20)).unwrap();
    let error = impatient.add(&Spec::of(2).text()).unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }));
    assert!(error.to_string().contains("another import"), "{error}");
    assert!(matches!(impatient.finish(), Err(StoreError::GivenUp { .. })));
    let waiting = std::thread::spawn(move || {
        let mut patient = Store::create_or_open(&path).unwrap().importer().unwrap();
        patient.add(&Spec::of(2).text()).unwrap();
        patient.finish().unwrap();
    });
    std::thread::sleep(Duration::from_millis(50));
    first.finish().unwrap();
    waiting.join().unwrap();
    assert_eq!(text(store.read(&Selection::default()).unwrap()), lines(&[Spec::of(1), Spec::of(2)]));
}

#[test]
fn many_make_the_same_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    std::thread::scope(|scope| {
        for id in 0..8 {
            let path = &path;
            scope.spawn(move || import(path, &[Spec::of(id)]));
        }
    });
    assert_eq!(Store::open_read(&path).unwrap().count(&Selection::default()).unwrap(), 8);
}
