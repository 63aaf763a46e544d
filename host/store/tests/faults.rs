//! Files that are no stores, not of this version, damaged, or out of reach.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use ango_store::{Selection, Store, StoreError};
use common::{Spec, import, lines, mix, read_all};
use std::path::{Path, PathBuf};
use std::process::Command;

fn store_of(tasks: u64) -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let specs: Vec<Spec> = (0..tasks).map(Spec::of).collect();
    import(&path, &specs);
    (folder, path, lines(&specs))
}

/// Neither way of opening takes the file; the message names it.
fn refused(path: &Path) -> StoreError {
    let before = std::fs::read(path).ok();
    let error = Store::open_read(path).map(|_| ()).unwrap_err();
    assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
    let writing = Store::create_or_open(path).map(|_| ()).unwrap_err();
    assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&writing), "{error} | {writing}");
    assert!(before == std::fs::read(path).ok(), "a file that is not ours was changed");
    error
}

#[test]
fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    assert!(matches!(Store::open_read(&path), Err(StoreError::Missing { .. })));
    assert!(!path.exists());
    assert!(matches!(refused(folder.path()), StoreError::NotAStore { .. }));
    std::fs::write(&path, lines(&[Spec::of(1)])).unwrap();
    assert!(matches!(refused(&path), StoreError::NotAStore { .. }));
    std::fs::remove_file(&path).unwrap();
    let foreign = rusqlite::Connection::open(&path).unwrap();
    foreign.execute_batch("CREATE TABLE task (position)").unwrap();
    drop(foreign);
    assert!(matches!(refused(&path), StoreError::NotAStore { .. }));
    std::fs::write(&path, "").unwrap();
    assert!(matches!(Store::open_read(&path), Err(StoreError::NotAStore { .. })));
    // What a process leaves that is killed while it makes a store.
    assert_eq!(Store::create_or_open(&path).unwrap().count(&Selection::default()).unwrap(), 0);
    assert_eq!(read_all(&path).unwrap(), "");
}

#[test]
fn a_newer_store_is_refused() {
    let (_folder, path, _) = store_of(3);
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 3).unwrap();
    let error = refused(&path);
    assert!(matches!(error, StoreError::Newer { found: 3, known: 2, .. }));
    assert!(error.to_string().contains("update the program"), "{error}");
}

#[test]
fn foreign_tables_are_refused() {
    let (_folder, path, _) = store_of(3);
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TRIGGER t AFTER INSERT ON task BEGIN DELETE FROM record; END").unwrap();
    assert!(matches!(refused(&path), StoreError::Damaged { .. }));
}

#[test]
fn a_store_in_another_journal_mode_is_put_right() {
    let (_folder, path, text) = store_of(3);
    let other = rusqlite::Connection::open(&path).unwrap();
    let mode = |connection: &rusqlite::Connection, sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(mode(&other, "PRAGMA journal_mode = DELETE"), "delete");
    drop(other);
    assert_eq!(read_all(&path).unwrap(), text);
    Store::create_or_open(&path).unwrap();
    assert_eq!(mode(&rusqlite::Connection::open(&path).unwrap(), "PRAGMA journal_mode"), "wal");
    assert_eq!(read_all(&path).unwrap(), text);
}

#[test]
fn a_truncated_file_is_an_error() {
    let (_folder, path, text) = store_of(1500);
    let whole = std::fs::read(&path).unwrap();
    for part in [50, 512, 4096, whole.len() / 3, whole.len() / 2, whole.len() - 8192, whole.len() - 1] {
        std::fs::write(&path, &whole[..part]).unwrap();
        match read_all(&path) {
            Err(StoreError::Damaged { .. } | StoreError::NotAStore { .. } | StoreError::Access { .. }) => {}
            Err(error) => panic!("{part}: {error}"),
            // The last page may hold no record, but nothing may be missing.
            Ok(read) => assert!(read == text && part > whole.len() - 8192, "{part}"),
        }
    }
}

#[test]
fn damage_is_an_error_or_harmless_but_never_another_content() {
    let (_folder, path, text) = store_of(1300);
    let whole = std::fs::read(&path).unwrap();
    let mut errors = 0;
    for attempt in 0..150 {
        let mut damaged = whole.clone();
        let at = mix(attempt) as usize % damaged.len();
        let length = if attempt % 2 == 0 { 1 } else { 16 };
        damaged.iter_mut().skip(at).take(length).for_each(|byte| *byte ^= 0x55);
        std::fs::write(&path, &damaged).unwrap();
        match read_all(&path) {
            Ok(read) => assert!(read == text, "byte {at}"),
            Err(error) => {
                errors += 1;
                assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
            }
        }
    }
    assert!(errors > 50, "most of the file is records: {errors}");
}

#[test]
fn forged_positions_do_not_size_memory() {
    let (_folder, path, _) = store_of(3);
    let forge = rusqlite::Connection::open(&path).unwrap();
    forge.execute_batch("UPDATE task SET position = 1 << 60 WHERE position = 3; UPDATE record SET position = 1 << 60 WHERE position = 3").unwrap();
    drop(forge);
    let store = Store::open_read(&path).unwrap();
    assert!(matches!(store.count(&Selection { task_types: Some(vec![]), ..Selection::default() }), Err(StoreError::Damaged { .. })));
}

#[test]
fn messages_do_not_quote_statements() {
    let (_folder, path, _) = store_of(3);
    rusqlite::Connection::open(&path).unwrap().execute_batch("UPDATE record SET data = 'text'; UPDATE task SET bytes = 'x'").unwrap();
    let store = Store::open_read(&path).unwrap();
    for message in [
        read_all(&path).unwrap_err().to_string(),
        store
            .bytes(&Selection { tasks: Some(vec![Spec::of(1).task_id()]), ..Selection::default() })
            .map_or_else(|error| error.to_string(), |_| String::new()),
    ] {
        assert!(!message.to_uppercase().contains("SELECT"), "{message}");
    }
    let error = Store::open_read(&path).unwrap().importer().unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }));
}

/// Permissions do not bind root, so what they allow is looked at by a process of another user.
#[cfg(unix)]
#[test]
fn a_read_only_folder_can_be_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let (folder, path, _) = store_of(5);
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    // The program itself may lie where another user cannot go.
    let program = folder.path().join("program");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    mode(&program, 0o755);
    mode(&path, 0o444);
    mode(folder.path(), 0o555);
    let mut command = Command::new(&program);
    command.args(["--ignored", "--exact", "child_reads_a_read_only_folder", "--nocapture"]).env("ANGO_STORE_TEST", &path).current_dir("/");
    let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&path).unwrap());
    if owner == 0 {
        command.uid(65_534);
    }
    let output = command.output().unwrap();
    mode(folder.path(), 0o755);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
#[ignore = "a part of another test, run by it in a process of its own"]
fn child_reads_a_read_only_folder() {
    let path = PathBuf::from(std::env::var_os("ANGO_STORE_TEST").expect("run by another test"));
    let specs: Vec<Spec> = (0..5).map(Spec::of).collect();
    assert_eq!(read_all(&path).unwrap(), lines(&specs));
    let error = Store::create_or_open(&path).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    let error = Store::create_or_open(path.with_file_name("new")).unwrap_err();
    assert!(matches!(error, StoreError::Access { .. } | StoreError::ReadOnly { .. }), "{error}");
}
