//! Archives can be read by what people have: `unzip`, `7z`, Python, the `zip` crate, and a reader that sees a stream only.

use ango_tests::archive::{entries, entries_of_stream, list, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{harbour, noisy_records, records, write};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Archives of every size that is written differently: an export with its conversions, one that is too long to wait for its sizes, and an empty one.
fn archives() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let usual = harbour(&path("usual"), 4000);
    Cli::export(&usual, path("out")).args("--plugin coco --plugin yolo").expect(3);
    let large = write(&path("large"), ango_tests::project::PROJECT, noisy_records(12 << 20).as_bytes());
    Cli::export(&large, path("out")).args("--format ndjson").expect(0);
    let empty = write(&path("empty"), ango_tests::project::PROJECT, b"[]");
    Cli::export(&empty, path("out")).args("--plugin coco --plugin yolo").expect(0);
    let zips: Vec<PathBuf> = list(&path("out")).iter().filter(|name| name.ends_with(".zip")).map(|name| path("out").join(name)).collect();
    (folder, zips)
}

#[test]
fn archives_are_read_from_front_to_back_and_through_their_directory_alike() {
    let (_folder, archives) = archives();
    assert_eq!(archives.len(), 7, "three originals and two pairs of conversions: {archives:?}");
    for archive in archives {
        let found = entries(&archive);
        assert!(!found.is_empty());
        let stream = entries_of_stream(&std::fs::read(&archive).unwrap());
        assert!(found == stream, "{} differs without its directory", archive.display());
    }
}

/// Runs a program that tests a zip; when it is not installed, says so.
fn tested_by<S: AsRef<OsStr>>(program: &str, args: &[S], archive: &Path) {
    match Command::new(program).args(args).arg(archive).output() {
        Err(error) => println!("{program} is not installed, so nothing is tested with it: {error}"),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{program} finds fault with {}: {text}", archive.display());
        }
    }
}

#[test]
fn other_programs_find_no_fault() {
    const PYTHON: &str = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; assert z.namelist()";
    let (_folder, archives) = archives();
    for archive in archives {
        tested_by("unzip", &["-tqq"], &archive);
        tested_by("7z", &["t"], &archive);
        tested_by("python3", &["-c", PYTHON], &archive);
    }
}

#[test]
fn the_payload_is_the_first_entry_and_called_as_on_hub() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    for format in ["json", "ndjson"] {
        let storage = folder.path().join(format);
        Cli::export(&project, &storage).args("--all-stages --format").arg(format).expect(0);
        assert_eq!(entries(&original(&storage)).len(), 1);
        let (name, text) = payload(&original(&storage));
        assert_eq!(name, format!("Harbour-task-export-2024-05-01-00_00_00_GMT.{format}"));
        // Old clients count newlines to know the number of tasks.
        assert_eq!(text.matches('\n').count(), 19, "{format}");
    }
}

#[test]
fn an_export_in_parts_is_read_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let all = records(30);
    let lines: Vec<&str> = all.lines().collect();
    let project = write(&folder.path().join("project"), ango_tests::project::PROJECT, b"");
    std::fs::remove_file(project.join("records.ndjson")).unwrap();
    std::fs::write(project.join("records-00002.ndjson"), lines[10..].join("\n")).unwrap();
    std::fs::write(project.join("records-00001.json"), format!("[{}]", lines[..10].join(","))).unwrap();
    let storage = folder.path().join("out");
    Cli::export(&project, &storage).args("--all-stages --metadata --history --format ndjson").expect(0);
    assert_eq!(payload(&original(&storage)).1, lines.join("\n"));
}
