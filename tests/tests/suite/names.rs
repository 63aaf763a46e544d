//! Names in the storage: unique, safe, and nothing is ever overwritten.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, records, write};
use ango_tests::text::stable;
use std::path::Path;

fn export(project: &Path, storage: &Path) -> Vec<String> {
    Cli::export(project, storage).args("--plugin coco").expect(3);
    list(storage)
}

#[test]
fn two_exports_in_one_second_are_two_sets_of_objects() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let storage = folder.path().join("out");
    let first = export(&project, &storage);
    let kept: Vec<Vec<u8>> = first.iter().map(|name| std::fs::read(storage.join(name)).unwrap()).collect();
    let kinds: Vec<String> = first.iter().map(|name| stable(name, &storage)).collect();
    insta::assert_snapshot!("names_of_an_export", kinds.join("\n"));
    let both = export(&project, &storage);
    assert_eq!(both.len(), 2 * first.len(), "{both:?}");
    for (name, bytes) in first.iter().zip(kept) {
        assert!(std::fs::read(storage.join(name)).unwrap() == bytes, "{name} was touched");
    }
}

#[test]
fn exports_at_the_same_time_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 500);
    let storage = folder.path().join("out");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Cli::export(&project, &storage).args("--plugin coco --plugin yolo").expect(3));
        }
    });
    assert_eq!(list(&storage).len(), 4 * 6, "{:?}", list(&storage));
}

#[test]
fn converting_into_a_folder_that_has_the_name_gets_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("harbour.ndjson");
    std::fs::write(&export, records(20)).unwrap();
    let to = folder.path().join("out");
    let convert = || Cli::convert(&export, &to).args("--plugin coco").expect(3);
    convert();
    assert_eq!(list(&to), ["harbour.coco.report.json", "harbour.coco.zip"]);
    let first = std::fs::read(to.join("harbour.coco.zip")).unwrap();
    // A report alone takes the name, too.
    std::fs::remove_file(to.join("harbour.coco.zip")).unwrap();
    convert();
    std::fs::write(to.join("harbour.coco.zip"), &first).unwrap();
    convert();
    let names: Vec<String> = list(&to).iter().map(|name| stable(name, &to)).collect();
    let (report, zip) = ("harbour-ID.coco.report.json", "harbour-ID.coco.zip");
    assert_eq!(names.iter().filter(|name| *name == report).count(), 2, "{names:?}");
    assert_eq!(names.iter().filter(|name| *name == zip).count(), 2, "{names:?}");
    assert!(std::fs::read(to.join("harbour.coco.zip")).unwrap() == first);
}

#[test]
fn a_path_in_the_storage_is_made_and_may_have_slashes_at_its_ends() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 2);
    for path in ["exports/2023", "/exports/2023/", ""] {
        Cli::export(&project, folder.path().join("out")).arg("--path").arg(path).expect(0);
    }
    let names = list(&folder.path().join("out"));
    assert_eq!(names.iter().filter(|name| name.starts_with("exports/2023/Harbour-")).count(), 4, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.starts_with("Harbour-")).count(), 2, "{names:?}");
}

#[test]
fn the_project_says_where_its_exports_go_unless_the_command_line_does() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    let storage = format!(r#""exportStorage": {{ "storage": "file://{}", "path": "a/b" }}, "name""#, own.display());
    let project = write(&folder.path().join("project"), &PROJECT.replacen("\"name\"", &storage, 1), records(2).as_bytes());
    Cli::new(["export", "--project"]).arg(&project).expect(0);
    Cli::new(["export", "--path", "c", "--project"]).arg(&project).expect(0);
    Cli::export(&project, folder.path().join("other")).expect(0);
    assert_eq!(list(&own.join("a/b")).len(), 2);
    assert_eq!(list(&own.join("c")).len(), 2);
    assert_eq!(list(&folder.path().join("other")).len(), 2);
}

#[test]
fn a_project_name_with_slashes_and_dots_stays_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../../up", "a/b\\\\c", "..", "", "Häfen & Kähne: 2024", "\\u0000\\u202e"] {
        let named = PROJECT.replacen("\"Harbour\"", &format!("\"{name}\""), 1);
        let project = write(&folder.path().join("project"), &named, records(2).as_bytes());
        Cli::export(&project, folder.path().join("out/deep")).args("--plugin yolo").run();
    }
    let names = list(&folder.path().join("out"));
    assert!(names.iter().all(|name| name.starts_with("deep/") && name.matches('/').count() == 1), "{names:?}");
    assert_eq!(names.len(), 6 * 4);
    let mut stems: Vec<String> = names.iter().map(|name| stable(name, folder.path())).collect();
    stems.dedup();
    insta::assert_snapshot!("names_of_odd_projects", stems.join("\n"));
}

#[test]
fn the_url_that_an_export_tells_leads_to_it() {
    let folder = tempfile::tempdir().unwrap();
    for (name, storage) in [("Harbour", "plain"), ("Harbour", "with space"), ("Häfen", "plain"), ("Häfen", "Kähne 100%")] {
        let named = PROJECT.replacen("\"Harbour\"", &format!("\"{name}\""), 1);
        let project = write(&folder.path().join("project"), &named, records(2).as_bytes());
        let report = Cli::export(&project, folder.path().join(storage)).report(0);
        let url = report["original"]["url"].as_str().unwrap();
        let run = Cli::convert(url, folder.path().join("converted")).args("--plugin coco").run();
        assert_eq!(run.code, 3, "{name} in '{storage}': {url}: {run}");
    }
}
