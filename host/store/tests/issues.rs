//! Issues go into a store beside the tasks, come out in their order, and leave a store without them as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use ango_store::{Added, Imported, Store, StoreError};
use common::{Spec, import, read_all, text};
use std::path::Path;

fn issue(id: u64, content: &str) -> String {
    format!(r#"{{"_id":"i{id}","labelTask":"t{id}","weight":1.50,"content":"{content}","createdAt":"2024-01-01T00:00:00.000Z"}}"#)
}

fn issues(path: &Path) -> String {
    text(Store::open_read(path).unwrap().read_issues().unwrap())
}

fn add(path: &Path, texts: &[String]) -> Imported {
    let mut importer = Store::create_or_open(path).unwrap().importer().unwrap();
    for text in texts {
        importer.add_issue(text).unwrap();
    }
    let done = importer.issues();
    assert_eq!(importer.finish().unwrap(), Imported::default(), "no task");
    done
}

#[test]
fn issues_come_back_in_the_order_of_their_first_import() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let specs: Vec<Spec> = (0..1200).map(Spec::of).collect();
    import(&path, &specs);
    let tasks = read_all(&path).unwrap();
    // More than what is made ready at a time, ids in no order.
    let mut all: Vec<String> = (0..5000).map(|number| issue(number * 7919 % 5000, &"too wide ".repeat(9))).collect();
    assert_eq!(add(&path, &all), Imported { inserted: 5000, updated: 0, unchanged: 0 });
    assert_eq!(issues(&path), all.join("\n") + "\n");
    assert_eq!(Store::open_read(&path).unwrap().issue_bytes().unwrap(), issues(&path).len() as u64);
    all[3] = issue(3 * 7919 % 5000, "better");
    let mut again = all.clone();
    again.reverse();
    again.push(issue(5000, "new"));
    assert_eq!(add(&path, &again), Imported { inserted: 1, updated: 1, unchanged: 4999 });
    all.push(issue(5000, "new"));
    assert_eq!(issues(&path), all.join("\n") + "\n");
    assert_eq!(read_all(&path).unwrap(), tasks);
}

#[test]
fn a_store_without_issues_is_one_of_the_first_version_until_some_are_expected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let version = || rusqlite::Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap();
    import(&path, &[Spec::of(1)]);
    let store = Store::open_read(&path).unwrap();
    assert_eq!((store.has_issues().unwrap(), store.issue_bytes().unwrap(), version()), (false, 0, 1));
    assert_eq!(issues(&path), "");
    let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
    importer.expect_issues().unwrap();
    importer.finish().unwrap();
    // Also for who opened it before.
    assert_eq!((store.has_issues().unwrap(), store.issue_bytes().unwrap(), version()), (true, 0, 2));
    assert_eq!(issues(&path), "");
    let before = std::fs::read(&path).unwrap();
    let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
    importer.expect_issues().unwrap();
    importer.finish().unwrap();
    assert!(before == std::fs::read(&path).unwrap(), "the file was written to");
}

#[test]
fn an_import_that_is_dropped_leaves_no_room_half_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    import(&path, &[Spec::of(1)]);
    let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
    importer.add_issue(&issue(1, "x")).unwrap();
    drop(importer);
    assert!(!Store::open_read(&path).unwrap().has_issues().unwrap());
    assert_eq!(add(&path, &[issue(1, "x")]).inserted, 1);
}

#[test]
fn a_malformed_issue_is_named_and_the_import_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
    assert_eq!(importer.add_issue(&issue(1, "x")).unwrap(), Added::Inserted);
    let error = importer.add_issue(r#"{"_id":"i2","labelTask":"t2","createdAt":"soon"}"#).unwrap_err();
    assert!(matches!(&error, StoreError::Issue { fault, .. } if fault.number == 2 && fault.field == "createdAt"));
    assert!(error.to_string().contains("issue 2, id i2, task t2, field createdAt: 'soon' is not a time"), "{error}");
    assert!(matches!(importer.add_issue("{").unwrap_err(), StoreError::Issue { fault, .. } if fault.number == 3 && fault.issue.is_none()));
    assert_eq!(importer.add_issue(" {\"_id\" : \"i3\",\n\"x\":1.0}").unwrap(), Added::Inserted);
    importer.finish().unwrap();
    assert_eq!(issues(&path), format!("{}\n{{\"_id\":\"i3\",\"x\":1.0}}\n", issue(1, "x")));
}

#[test]
fn a_missing_issue_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    add(&path, &[issue(1, "x"), issue(2, "y"), issue(3, "z")]);
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM issue WHERE position = 2", []).unwrap();
    let mut records = Store::open_read(&path).unwrap().read_issues().unwrap();
    let error = std::io::Read::read_to_end(&mut records, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.contains("is damaged (a record is missing)"), "{error}");
}
