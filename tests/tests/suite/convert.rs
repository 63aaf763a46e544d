//! `convert`: plugins on an export that somebody has; and how every command ends.

use ango_tests::archive::{by_name, list, original};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, records};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn exported() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("harbour.ndjson");
    std::fs::write(&export, records(50)).unwrap();
    (folder, export)
}

fn coco(folder: &Path) -> Value {
    let (_, data) = by_name(&ango_tests::archive::only(folder, ".coco.zip")).into_iter().next().unwrap();
    serde_json::from_slice(&data).unwrap()
}

#[test]
fn one_pass_converts_with_two_plugins() {
    let (folder, export) = exported();
    let to = folder.path().join("out");
    let run = Cli::convert(&export, &to).args("--plugin coco --plugin yolo").expect(3);
    assert_eq!(list(&to), ["harbour.coco.report.json", "harbour.coco.zip", "harbour.yolo.report.json", "harbour.yolo.zip"]);
    assert_eq!(run.stdout.lines().count(), 2, "a line for each: {run}");
    assert_eq!(coco(&to)["images"].as_array().unwrap().len(), 50);
    let yolo = by_name(&to.join("harbour.yolo.zip"));
    assert_eq!(yolo.keys().filter(|name| name.starts_with("labels/")).count(), 50);
}

#[test]
fn options_reach_the_plugin_they_are_for() {
    let (folder, export) = exported();
    let convert = |to: &str, args: &str| {
        let to = folder.path().join(to);
        Cli::convert(&export, &to).args(args).run();
        to
    };
    let keep = convert("keep", "--plugin coco");
    let drop = convert("drop", "--plugin coco -o empty=drop");
    assert_eq!(coco(&keep)["images"].as_array().unwrap().len(), 50);
    assert_eq!(coco(&drop)["images"].as_array().unwrap().len(), 43, "every seventh has no object");
    let both = convert("both", "--plugin coco --plugin yolo -o coco.empty=drop -o yolo.task=segment");
    assert_eq!(coco(&both), coco(&drop));
    // A row of an outline has more than a class and four numbers.
    let yolo = by_name(&ango_tests::archive::only(&both, ".yolo.zip"));
    let rows = yolo.iter().filter(|(name, _)| name.starts_with("labels/")).flat_map(|(_, text)| std::str::from_utf8(text).unwrap().lines());
    assert!(rows.clone().count() > 100 && rows.clone().all(|row| row.split(' ').count() > 5));
}

#[test]
fn with_its_project_an_export_has_the_projects_classes_in_their_order() {
    let (folder, export) = exported();
    let project = folder.path().join("project.json");
    // Another order than that of the ids, and a class that does not occur.
    let text = PROJECT.replace(
        "\"tools\": [",
        r#""tools": [{ "schemaId": "zzz", "title": "Buoy", "tool": "bounding-box" }, { "schemaId": "000", "title": "Crane", "tool": "polygon" },"#,
    );
    std::fs::write(&project, text).unwrap();
    let names = |to: &str, args: &[&std::ffi::OsStr]| {
        let to = folder.path().join(to);
        let cli = args.iter().fold(Cli::convert(&export, &to).args("--plugin coco"), |cli, arg| cli.arg(arg));
        cli.run();
        coco(&to)["categories"].as_array().unwrap().iter().map(|class| class["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("with", &["--project".as_ref(), project.as_os_str()]), ["Buoy", "Crane", "Ship", "Quay"]);
    assert_eq!(names("without", &[]), ["Ship", "Quay"]);
}

#[test]
fn an_export_and_its_conversion_from_the_zip_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let project = harbour(&path("project"), 200);
    Cli::export(&project, path("direct")).args("--plugin coco --all-stages --metadata --history").expect(3);
    let export = original(&path("direct"));
    Cli::convert(&export, path("later")).args("--plugin coco --project").arg(&project).expect(3);
    assert_eq!(coco(&path("direct")), coco(&path("later")));
}

#[test]
fn compressed_exports_are_read_as_they_are() {
    use std::io::Write;
    let (folder, export) = exported();
    // The name of the export stands in the archive.
    let packed = folder.path().join("harbour.ndjson.gz");
    let mut encoder = flate2::write::GzEncoder::new(std::fs::File::create(&packed).unwrap(), flate2::Compression::fast());
    encoder.write_all(&std::fs::read(&export).unwrap()).unwrap();
    encoder.finish().unwrap();
    let archive = |export: &Path, to: &str| {
        Cli::convert(export, folder.path().join(to)).args("--plugin coco").expect(3);
        std::fs::read(folder.path().join(to).join("harbour.coco.zip")).unwrap()
    };
    assert!(archive(&packed, "a") == archive(&export, "b"));
}

#[test]
fn events_are_json_lines_that_end_with_a_report() {
    let (folder, export) = exported();
    for (args, code, name) in [("--plugin coco", 3, "ok-with-losses"), ("--plugin coco -o holes=fill -o outside=keep --stage Start", 0, "ok")] {
        let run = Cli::convert(&export, folder.path().join("out")).args(args).arg("--json").expect(code);
        assert!(run.stderr.is_empty(), "{run}");
        let events = run.events();
        assert!(events.iter().all(|event| event["event"].is_string()), "{run}");
        let last = events.last().unwrap();
        assert_eq!((last["event"].as_str(), last["exit"].as_str(), last["code"].as_i64()), (Some("report"), Some(name), Some(code.into())));
        let input = &last["report"]["input"];
        assert_eq!((input["read"].as_u64(), input["name"].as_str()), (Some(50), export.to_str()));
    }
    let failed = Cli::convert(folder.path().join("nothing.zip"), folder.path().join("out")).args("--plugin coco --json").expect(2);
    let events = failed.events();
    assert_eq!((events.len(), events[0]["event"].as_str(), events[0]["exit"].as_str()), (1, Some("error"), Some("bad-configuration")), "{failed}");
}

#[test]
fn a_quiet_run_says_nothing() {
    let (folder, export) = exported();
    let run = Cli::convert(&export, folder.path().join("out")).args("--plugin coco --quiet").expect(3);
    assert_eq!(run.text(), "");
}

#[test]
fn the_report_in_the_storage_is_the_one_that_is_told() {
    let (folder, export) = exported();
    let to = folder.path().join("out");
    let told = Cli::convert(&export, &to).args("--plugin yolo").report(3);
    let saved: Value = serde_json::from_slice(&std::fs::read(to.join("harbour.yolo.report.json")).unwrap()).unwrap();
    assert_eq!(told["plugins"][0], saved);
    assert_eq!(saved["result"], "ok-with-losses");
    let archive = std::fs::read(to.join("harbour.yolo.zip")).unwrap();
    assert_eq!(saved["output"]["bytes"], archive.len());
    assert_eq!(saved["output"]["entries"], by_name(&to.join("harbour.yolo.zip")).len());
    assert_eq!(
        saved["losses"]["total"].as_u64().unwrap(),
        saved["losses"]["codes"].as_array().unwrap().iter().map(|code| code["count"].as_u64().unwrap()).sum::<u64>()
    );
}
