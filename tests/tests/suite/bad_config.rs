//! What is asked for wrongly: exit code 2, one sentence that says what there is instead, and nothing in the storage.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, records, write};
use ango_tests::text::stable;
use std::path::Path;

/// Runs what must be refused, and gives what the program said. `DIR` in an argument is the test's folder.
fn refused(folder: &Path, line: &str) -> String {
    ends_with(2, folder, line)
}

fn ends_with(code: i32, folder: &Path, line: &str) -> String {
    let args: Vec<String> = line.split(' ').map(|arg| arg.replace("DIR", &folder.display().to_string()).replace("%20", " ")).collect();
    let run = Cli::new(&args).expect(code);
    assert_eq!(list(&folder.join("out")), Vec::<String>::new(), "{line}");
    format!("{line}\n    {}", stable(&run.text(), folder).trim_end().replace('\n', "\n    "))
}

fn table(folder: &Path, lines: &[&str]) -> String {
    lines.iter().map(|line| refused(folder, line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn plugins_options_and_limits() {
    let folder = tempfile::tempdir().unwrap();
    harbour(&folder.path().join("project"), 3);
    const EXPORT: &str = "export --project DIR/project --storage DIR/out";
    let asks = [
        "--plugin tfrecord",
        "--plugin DIR/nothing.wasm",
        "--plugin DIR",
        "--plugin coco --plugin coco",
        "--plugin coco -o hole=rle",
        "--plugin coco -o holes=square",
        "--plugin coco -o holes=1",
        "--plugin coco -o min_area=-1",
        "--plugin coco -o min_area=large",
        "--plugin coco -o precision=1.5",
        "--plugin yolo -o split.by=ratio -o split.val_ratio=2",
        "--plugin coco -o holes",
        "--plugin coco -o yolo.task=segment",
        "--plugin coco --plugin yolo -o task=segment",
        "--plugin coco -o empty=drop -o coco.empty=keep",
        "-o task=segment",
        "--plugin coco --limit memory=much",
        "--plugin coco --limit speed=9",
        "--plugin coco --limit memory",
        "--stage Finished",
        "--stage Complete --stage Finished --stage Nowhere",
        "--exported-at yesterday",
        "--path ../x",
    ];
    let lines: Vec<String> = asks.iter().map(|ask| format!("{EXPORT} {ask}")).collect();
    let text = table(folder.path(), &lines.iter().map(String::as_str).collect::<Vec<_>>());
    insta::assert_snapshot!(text.replace(&format!("{EXPORT} "), ""));
}

#[test]
fn sources_and_storages() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    harbour(&path("project"), 3);
    std::fs::create_dir(path("bare")).unwrap();
    std::fs::create_dir(path("described")).unwrap();
    std::fs::write(path("described/project.json"), PROJECT).unwrap();
    std::fs::write(path("file.json"), "[]").unwrap();
    std::fs::write(path("archive.7z"), b"7z\xbc\xaf\x27\x1c").unwrap();
    insta::assert_snapshot!(table(
        folder.path(),
        &[
            "export --project DIR/nothing --storage DIR/out",
            "export --project DIR/bare --storage DIR/out",
            "export --project DIR/described --storage DIR/out",
            "export --project DIR/archive.7z --storage DIR/out",
            "export --project DIR/project",
            "export --project DIR/project --storage gopher://x",
            "export --project DIR/project --storage file://relative/x",
            "export --project DIR/project --storage s3://",
            "export --project DIR/project --storage s3://key:hush@bucket/x",
            "convert DIR/nothing.zip --to DIR/out --plugin coco",
            "convert DIR/file.json --to DIR/out",
            "convert DIR/file.json --to DIR/out --plugin coco --project DIR/bare",
            "convert DIR/file.json --to DIR/out --plugin coco --project DIR/file.json",
            "project check DIR/nothing",
            "plugin inspect nothing",
        ],
    ));
}

#[cfg(target_os = "linux")]
#[test]
fn a_storage_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    harbour(&folder.path().join("project"), 3);
    std::fs::write(folder.path().join("file.json"), "[]").unwrap();
    let storages = ["DIR/file.json", "DIR/file.json/below", "file://DIR/file.json", "/proc/exports"];
    let said = storages.map(|storage| ends_with(6, folder.path(), &format!("export --project DIR/project --storage {storage}")));
    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(std::fs::read(folder.path().join("file.json")).unwrap(), b"[]");
}

#[test]
fn a_project_description_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("no JSON", PROJECT.replacen("\"tools\": [", "\"tools\": [[", 1)),
        ("cut off", PROJECT[..PROJECT.len() / 2].to_owned()),
        ("empty", String::new()),
        ("no name", PROJECT.replacen("\"name\": \"Harbour\",", "", 1)),
        ("a name that is a number", PROJECT.replacen("\"Harbour\"", "7", 1)),
        ("tools that are an object", PROJECT.replacen("\"tools\": [", "\"tools\": {}, \"x\": [", 1)),
        ("a schema id that occurs twice", PROJECT.replace("aaaaaaaaaaaaaaaaaaaaaa2", "aaaaaaaaaaaaaaaaaaaaaa1")),
        ("a schema id that occurs twice in two groups", PROJECT.replace("bbbbbbbbbbbbbbbbbbbbbb1", "aaaaaaaaaaaaaaaaaaaaaa1")),
        ("a class without a schema id", PROJECT.replacen("\"schemaId\": \"aaaaaaaaaaaaaaaaaaaaaa1\", ", "", 1)),
        ("a schema id of no letters", PROJECT.replacen("aaaaaaaaaaaaaaaaaaaaaa1", "", 1)),
    ];
    let said = cases.map(|(case, project)| {
        assert_ne!(project, PROJECT, "{case}");
        write(&folder.path().join("project"), &project, records(3).as_bytes());
        let said = refused(folder.path(), "export --project DIR/project --storage DIR/out");
        format!("{case}{}", &said[said.find('\n').unwrap()..])
    });
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn the_command_line_is_a_manual() {
    let help = |args: &[&str]| Cli::new(args.iter().chain(&["--help"])).expect(0).stdout;
    let top = help(&[]);
    for word in ["export", "convert", "plugin", "project", "demo", "Exit codes:", "AWS_SECRET_ACCESS_KEY", "SOURCE_DATE_EPOCH"] {
        assert!(top.contains(word), "{word}");
    }
    assert!(help(&["export"]).contains("--max-record-mib") && help(&["convert"]).contains("--project"));
    // Nothing asked for is no success.
    Cli::new::<&str>([]).expect(2);
    Cli::new(["export", "--secret", "x"]).expect(2);
}
