//! Exports into an S3-compatible store: what arrives is what a folder would hold.

use ango_tests::archive::{list, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, noisy_records, write};
use ango_tests::s3::{BUCKET, Server, contents};
use std::path::Path;

/// Lets a run find the server and be let in.
pub fn at(server: &Server, cli: Cli) -> Cli {
    server.env().into_iter().fold(cli, |cli, (name, value)| cli.env(name, value))
}

/// The archives of a folder, without the reports, which tell of ids and times.
fn archives(folder: &Path) -> Vec<(String, Vec<u8>)> {
    contents(folder).into_iter().filter(|(name, _)| name.ends_with(".zip")).collect()
}

#[test]
fn small_archives_are_those_of_a_folder() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 300);
    let plugins = "--plugin coco --plugin yolo";
    let run = at(&server, Cli::export(&project, format!("s3://{BUCKET}/exports/2023"))).args(plugins).expect(3);
    assert!(run.stdout.contains(&format!("original  s3://{BUCKET}/exports/2023/Harbour-task-export-")), "{run}");
    Cli::export(&project, folder.path().join("out")).args(plugins).expect(3);
    let saved = server.bucket().join("exports/2023");
    assert_eq!(list(&saved).len(), 6);
    assert!(archives(&saved) == archives(&folder.path().join("out")));
    assert!(server.seen().iter().all(|seen| !seen.is_part()));
}

#[test]
fn large_archives_go_in_parts_and_are_those_of_a_folder() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let records = noisy_records(36 << 20);
    let project = write(&folder.path().join("project"), PROJECT, records.as_bytes());
    let report = at(&server, Cli::export(&project, format!("s3://{BUCKET}"))).args("--path a/b --format ndjson").report(0);
    Cli::export(&project, folder.path().join("out")).args("--format ndjson").expect(0);
    let saved = server.bucket().join("a/b");
    assert!(archives(&saved) == archives(&folder.path().join("out")));
    assert!(payload(&original(&saved)).1 == records.trim_end());
    assert_eq!(report["original"]["bytes"], std::fs::metadata(original(&saved)).unwrap().len());
    let parts = server.seen().iter().filter(|seen| seen.is_part()).count();
    assert!(parts >= 4, "{parts} parts");
    assert_eq!(server.leftovers(), Vec::<String>::new());
}

#[test]
fn an_export_in_a_bucket_is_converted_into_a_folder_and_back_into_the_bucket() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 50);
    at(&server, Cli::export(&project, format!("s3://{BUCKET}/in"))).expect(0);
    let name = original(&server.bucket().join("in"));
    let url = format!("s3://{BUCKET}/in/{}", name.file_name().unwrap().display());
    let local = folder.path().join("out");
    at(&server, Cli::convert(&url, &local)).args("--plugin coco").expect(3);
    let run = at(&server, Cli::convert(&url, format!("s3://{BUCKET}/out"))).args("--plugin coco").expect(3);
    assert!(run.stdout.contains(&format!("s3://{BUCKET}/out/Harbour-task-export-")), "{run}");
    assert_eq!(list(&local).len(), 2);
    assert!(archives(&local) == archives(&server.bucket().join("out")));
    // Again, and it has the name already.
    at(&server, Cli::convert(&url, format!("s3://{BUCKET}/out"))).args("--plugin coco").expect(3);
    assert_eq!(list(&server.bucket().join("out")).len(), 4);
}

#[test]
fn two_exports_in_one_second_do_not_meet_in_a_bucket() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| at(&server, Cli::export(&project, format!("s3://{BUCKET}"))).expect(0));
        }
    });
    assert_eq!(list(&server.bucket()).len(), 6);
}
