//! What a guest is given: every field of the contract, the same in each form in which tasks can be asked for.

use ango_tests::archive::{entries, only};
use ango_tests::cli::Cli;
use std::path::Path;

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// A task with something in every field, one with every kind of geometry, and one with next to nothing.
const TASKS: &str = include_str!("../../data/every-field.ndjson");

/// The tasks as the plugin saw them.
fn seen(folder: &Path, export: &Path, evil: &str) -> String {
    let to = folder.join(evil);
    Cli::convert(export, &to).arg("--plugin").arg(HOSTILE).arg("--option").arg(format!("evil={evil}")).expect(0);
    let entry = entries(&only(&to, ".hostile.zip")).into_iter().find(|entry| entry.0 == "tasks.txt").unwrap();
    String::from_utf8(entry.1).unwrap()
}

#[test]
fn every_field_arrives_the_same_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.ndjson");
    std::fs::write(&export, TASKS).unwrap();
    let typed = seen(folder.path(), &export, "show-typed");
    insta::assert_snapshot!(typed);
    assert_eq!(seen(folder.path(), &export, "next-packed-max"), typed);
    assert_eq!(seen(folder.path(), &export, "next-packed-zero"), typed);
    assert_eq!(seen(folder.path(), &export, "next-packed-rounded"), typed);
}
