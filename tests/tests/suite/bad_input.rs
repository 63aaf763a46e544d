//! Input that cannot be read: one clear error that names the place, exit code 5, and nothing in the storage.

use ango_tests::archive::{list, original, payload, zipped};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, records, write};
use ango_tests::text::stable;
use std::io::Write;
use std::path::Path;

/// A good record, to be spoilt. Its place in a file is always line 2.
const RECORD: &str = r#"{"asset":"a.png","externalId":"a","metadata":{"width":9,"height":9},"batches":[],"task":{"taskId":"t1","stage":"Complete","tools":[{"bounding-box":{"x":1,"y":2,"width":3,"height":4},"objectId":"o1","schemaId":"s1","title":"T","classifications":[]}],"classifications":[],"relations":[]}}"#;

/// Exports the file, which must fail as bad input and leave nothing; gives what the program said.
fn refused(folder: &Path, name: &str, input: &[u8]) -> String {
    match read(folder, name, input) {
        (5, said) => said,
        (code, said) => panic!("{name}: exit code {code}: {said}"),
    }
}

/// The exit code, and what the program said.
fn read(folder: &Path, name: &str, input: &[u8]) -> (i32, String) {
    let file = folder.join(name);
    std::fs::write(&file, input).unwrap();
    let storage = folder.join("out");
    let exported = Cli::export(&file, &storage).args("--plugin coco --quiet").run();
    let converted = Cli::convert(&file, &storage).args("--plugin coco --quiet --workers 4").run();
    std::fs::remove_file(&file).unwrap();
    if exported.code == 5 {
        assert_eq!(list(&storage), Vec::<String>::new(), "{name}: {exported}");
        assert_eq!((exported.stdout.as_str(), converted.stdout.as_str()), ("", ""));
    }
    assert_eq!((exported.code, &exported.stderr), (converted.code, &converted.stderr), "{name}");
    (exported.code, stable(&exported.stderr, folder))
}

/// What the program says about each case, for one snapshot.
fn table(cases: impl IntoIterator<Item = (&'static str, &'static str, Vec<u8>)>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let said = cases.into_iter().map(|(case, name, input)| {
        let (code, said) = read(folder.path(), name, &input);
        assert_eq!(code, 5, "{case}: {said}");
        assert_eq!(said.matches("error: ").count(), 1, "{case}: one error: {said}");
        format!("{case}\n    {said}")
    });
    said.collect()
}

/// The record with one piece of its text replaced, on the second line.
fn spoilt(from: &str, to: &str) -> Vec<u8> {
    assert!(RECORD.contains(from), "{from}");
    format!("{}\n{}\n", RECORD.replace("t1", "t0"), RECORD.replacen(from, to, 1)).into_bytes()
}

#[test]
fn records_that_break_the_format() {
    let cases: [(&str, &str, &str); 26] = [
        ("a text where a number belongs", r#""x":1"#, r#""x":"1""#),
        ("no number at all", r#""x":1"#, r#""x":NaN"#),
        ("an infinite number", r#""x":1"#, r#""x":Infinity"#),
        ("a number too large for one", r#""x":1"#, r#""x":1e999"#),
        ("a number with a leading zero", r#""x":1"#, r#""x":01"#),
        ("a missing coordinate", r#""x":1,"#, ""),
        ("a list where an object belongs", r#"{"x":1,"y":2,"width":3,"height":4}"#, "[1,2,3,4]"),
        ("tools are an object", r#""tools":["#, r#""tools":{},"z":["#),
        ("a tool is a text", r#""tools":[{"#, r#""tools":["x",{"#),
        ("batches are a text", r#""batches":[]"#, r#""batches":"b""#),
        ("a negative width of the asset", r#"{"width":9"#, r#"{"width":-9"#),
        ("an id is a list", r#""taskId":"t1""#, r#""taskId":["t1"]"#),
        ("no task id", r#""taskId":"t1","#, ""),
        ("no object id", r#""objectId":"o1","#, ""),
        ("no schema id", r#""schemaId":"s1","#, ""),
        ("no asset", r#""asset":"a.png","#, ""),
        ("no task", r#""task":"#, r#""tusk":"#),
        ("the task is null", r#""task":{"#, r#""task":null,"z":{"#),
        ("the legacy format", r#""task":{"#, r#""tasks":[],"z":{"#),
        ("a missing comma", r#""a","metadata""#, r#""a" "metadata""#),
        ("a missing quote", r#""externalId":"a""#, r#""externalId":"a"#),
        ("single quotes", r#""externalId":"a""#, "\"externalId\":'a'"),
        ("a line break in a text", r#""externalId":"a""#, "\"externalId\":\"a\u{1}b\""),
        ("an escape that does not exist", r#""externalId":"a""#, r#""externalId":"\x41""#),
        ("text after the record", r#""relations":[]}}"#, r#""relations":[]}} []"#),
        ("brackets that do not match", r#""classifications":[],"relations""#, r#""classifications":[},"relations""#),
    ];
    insta::assert_snapshot!(table(cases.map(|(case, from, to)| (case, "in.ndjson", spoilt(from, to)))));
}

#[test]
fn files_that_are_no_export() {
    let zip = zipped("x.ndjson", records(200).as_bytes());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(records(200).as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let mut not_utf8 = spoilt("a.png", "X.png");
    let at = not_utf8.iter().position(|byte| *byte == b'X').unwrap();
    not_utf8[at] = 0xff;
    let cases = [
        ("an empty file", "in.json", Vec::new()),
        ("white space", "in.json", b" \n\n ".to_vec()),
        ("prose", "in.json", b"Dear Sir or Madam,\n".to_vec()),
        ("one value that is no object", "in.json", b"42".to_vec()),
        ("an array of numbers", "in.json", b"[1,2]".to_vec()),
        ("an array that is not closed", "in.json", format!("[{RECORD},\n{RECORD}").into_bytes()),
        ("a record that is not closed", "in.json", format!("[{RECORD},\n{}", &RECORD[..80]).into_bytes()),
        ("an array without a comma", "in.json", format!("[{RECORD}\n{RECORD}]").into_bytes()),
        ("an array with a comma too many", "in.json", format!("[{RECORD},\n]").into_bytes()),
        ("text after the array", "in.json", format!("[{RECORD}]\n{RECORD}").into_bytes()),
        ("lines of which one is not an object", "in.ndjson", format!("{RECORD}\n[]\n").into_bytes()),
        ("not UTF-8", "in.ndjson", not_utf8),
        ("a zip that lacks its end", "in.zip", zip[..zip.len() - 10].to_vec()),
        ("a zip that lacks its second half", "in.zip", zip[..zip.len() / 2].to_vec()),
        ("a zip without entries", "in.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec()),
        ("a zip in a zip", "in.zip", zipped("in.zip", &zip)),
        ("a zip of something else", "in.zip", zipped("readme.txt", b"hello")),
        ("gzip that lacks its second half", "in.json.gz", gzip[..gzip.len() / 2].to_vec()),
        ("gzip of nothing", "in.json.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0".to_vec()),
    ];
    insta::assert_snapshot!(table(cases));
}

#[test]
fn one_changed_byte_in_a_zip_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let text = records(300);
    let zip = zipped("x.ndjson", text.as_bytes());
    // Byte 30 is where the name begins, 38 where the data do; the directory is at the end.
    for at in (38..zip.len() - 80).step_by(zip.len() / 23) {
        let mut changed = zip.clone();
        changed[at] ^= 0x10;
        let said = refused(folder.path(), "in.zip", &changed);
        assert!(said.contains("in.zip"), "{said}");
    }
    // Data that are not compressed stay readable, and only the checksum tells.
    let mut stored = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    stored.start_file("x.ndjson", zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
    stored.write_all(text.as_bytes()).unwrap();
    let mut stored = stored.finish().unwrap().into_inner();
    let digit = stored.windows(20).position(|window| window == b"\"bounding-box\":{\"x\":").unwrap() + 20;
    stored[digit] ^= 1;
    insta::assert_snapshot!(refused(folder.path(), "in.zip", &stored), @"error: DIR/in.zip: x.ndjson: the zip entry's checksum is wrong: the file is damaged");
}

/// A line that is as short as a line can be, so that there can be many.
fn short(index: usize) -> String {
    format!(r#"{{"asset":"{index}","task":{{"taskId":"{index}","stage":"Complete"}}}}"#)
}

#[test]
fn broken_json_in_the_middle_of_very_many_lines() {
    const LINES: usize = 300_000;
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for index in 1..=LINES {
        let line = short(index);
        // Two are broken; the first one counts, whoever finds it.
        text.push_str(if index == LINES / 2 || index == LINES - 5 { &line[..line.len() - 1] } else { &line });
        text.push('\n');
    }
    let said = refused(folder.path(), "in.ndjson", text.as_bytes());
    assert!(said.contains("line 150000, ") && said.contains("task 150000"), "{said}");
    insta::assert_snapshot!(said);
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let long = spoilt("a.png", &"x".repeat(100 << 20));
    insta::assert_snapshot!(refused(folder.path(), "in.ndjson", &long), @"error: DIR/in.ndjson: line 2, byte 287: a record of more than 64 MiB: is a bracket or a line break missing? (--max-record-mib allows more)");
    // It is a record like any other for who asks for it.
    let file = folder.path().join("long.ndjson");
    std::fs::write(&file, &long).unwrap();
    Cli::export(&file, folder.path().join("allowed")).args("--max-record-mib 101 --format ndjson").expect(0);
    assert!(payload(&original(&folder.path().join("allowed"))).1.len() + 1 == long.len());
    // The same in an array, without a line break anywhere.
    let second = long.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let array = [b"[".as_slice(), &long[second..long.len() - 1], b"]"].concat();
    assert!(refused(folder.path(), "in.json", &array).contains("a record of more than 64 MiB"));
}

#[test]
fn nesting_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let said: Vec<String> = [
        ("in.ndjson", spoilt(r#""width":9"#, &format!(r#""z":{}"#, "[".repeat(1_000_000)))),
        ("in.ndjson", spoilt(r#""width":9"#, &format!(r#""z":{}1{}"#, "[".repeat(200_000), "]".repeat(200_000)))),
        ("in.json", format!("[{}", r#"{"a":"#.repeat(1_000_000)).into_bytes()),
        ("in.json", "[".repeat(1_000_000).into_bytes()),
        (
            "in.ndjson",
            spoilt(
                r#""classifications":[],"relations""#,
                &format!(
                    r#""classifications":{}{},"relations""#,
                    r#"[{"objectId":"o","schemaId":"s","tool":"radio","title":"t","answer":"a","classifications":"#.repeat(5000),
                    "[]".to_owned() + &"}]".repeat(5000)
                ),
            ),
        ),
    ]
    .iter()
    .map(|(name, input)| refused(folder.path(), name, input))
    .collect();
    insta::assert_snapshot!(said.concat());
}

#[test]
fn the_first_error_wins_with_any_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    let all = records(9000);
    let mut lines: Vec<&str> = all.lines().collect();
    for broken in [4000, 4001, 8500] {
        lines[broken] = "{";
    }
    let file = folder.path().join("in.ndjson");
    std::fs::write(&file, lines.join("\n")).unwrap();
    for workers in ["1", "2", "4", "16"] {
        let run = Cli::export(&file, folder.path().join("out")).args("--quiet --plugin yolo --workers").arg(workers).expect(5);
        assert!(run.stderr.contains("in.ndjson: line 4001, "), "{run}");
        assert_eq!(list(&folder.path().join("out")), Vec::<String>::new());
    }
}

#[test]
fn an_export_of_no_tasks_is_a_valid_export() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let inputs: [(&str, Vec<u8>); 4] = [
        ("array.json", b"[]".to_vec()),
        ("spaced.json", b" [ \n ] ".to_vec()),
        ("entry.zip", zipped("x.ndjson", b"")),
        ("bom.json", "\u{feff}[]".into()),
    ];
    for (name, input) in inputs {
        std::fs::write(path(name), input).unwrap();
        let storage = path("out").join(name);
        let run = Cli::export(&path(name), &storage).args("--plugin coco --plugin yolo").expect(0);
        assert!(run.stderr.contains("warning: there is no task: the export is valid and empty"), "{name}: {run}");
        assert_eq!(payload(&original(&storage)).1, "[]", "{name}");
        assert_eq!(list(&storage).len(), 6, "{name}");
    }
    let project = write(&path("project"), PROJECT, records(20).as_bytes());
    let run = Cli::export(&project, path("filtered")).args("--stage Start").expect(0);
    assert!(run.stderr.contains("warning: no task of 20 is in the stage Start: the export is valid and empty"), "{run}");
}

#[test]
fn a_broken_record_in_a_stage_that_is_not_exported_is_still_an_error_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.ndjson");
    let line = RECORD.replace("Complete", "Review");
    std::fs::write(&file, format!("{RECORD}\n{}", &line[..line.len() - 1])).unwrap();
    let run = Cli::export(&file, folder.path().join("out")).arg("--quiet").expect(5);
    assert!(run.stderr.contains("line 2, ") && run.stderr.contains("task t1"), "{run}");
    assert_eq!(list(&folder.path().join("out")), Vec::<String>::new());
}
