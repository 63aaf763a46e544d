//! Files that are no plugin, or not one for this host: refused before anything runs, in words that say what to do.

use ango_tests::archive::{list, original};
use ango_tests::cli::{Cli, Run};
use ango_tests::project::harbour;
use ango_tests::text::stable;
use ango_tests::wasm::large_section;
use std::path::Path;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/bad-plugins");

/// Those that are odd but harmless: what they say is shown, cleaned.
const HARMLESS: [&str; 4] = ["destructor-never-runs", "exports-extra", "good", "grants-flood"];

/// What a person sees holds nothing that could move a cursor.
fn is_harmless(run: &Run) -> bool {
    run.text().chars().all(|c| c == '\n' || !c.is_control())
}

/// Tries a file in each way in which a plugin can be named, and gives what the program says.
fn refused(folder: &Path, file: &Path) -> String {
    let project = harbour(&folder.join("project"), 2);
    let storage = folder.join("out");
    let exported = Cli::export(&project, &storage).arg("--plugin").arg(file).expect(2);
    let inspected = Cli::new(["plugin", "inspect"]).arg(file).expect(2);
    assert_eq!(exported.text(), inspected.text());
    assert!(is_harmless(&exported), "{exported}");
    assert_eq!(list(&storage), Vec::<String>::new(), "not even the original: the run was asked for wrongly");
    let text = stable(&exported.text(), file.parent().unwrap());
    // Frames hang on the tool that made the fixture.
    text.split("\n  in the plugin:").next().unwrap().trim_end().to_owned() + "\n"
}

/// The fixtures as a host is given them: name and bytes.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for name in list(Path::new(FIXTURES)) {
        let file = Path::new(FIXTURES).join(&name);
        match name.rsplit_once('.').unwrap() {
            (stem, "wat") => {
                all.push((stem.to_owned(), wat::parse_file(&file).unwrap_or_else(|error| panic!("{error}"))));
                if stem == "text" {
                    all.push(("text-as-it-stands".to_owned(), std::fs::read(&file).unwrap()));
                }
            }
            (stem, "wasm" | "bin") => all.push((stem.to_owned(), std::fs::read(&file).unwrap())),
            _ => {}
        }
    }
    all
}

#[test]
fn bad_components_are_refused_and_odd_ones_are_shown_harmlessly() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = fixtures();
    assert!(fixtures.len() >= 40, "{} fixtures", fixtures.len());
    let mut said = String::new();
    for (name, bytes) in fixtures {
        let file = folder.path().join(format!("{name}.wasm"));
        std::fs::write(&file, bytes).unwrap();
        if HARMLESS.contains(&name.as_str()) {
            let run = Cli::new(["plugin", "inspect"]).arg(&file).expect(0);
            assert!(is_harmless(&run), "{run}");
            let title = run.stdout.lines().next().unwrap();
            let grants = run.stdout.lines().find(|line| line.starts_with("  grants ")).unwrap();
            said.push_str(&format!("{name} loads as\n    {title}\n  {grants}\n"));
        } else {
            said.push_str(&refused(folder.path(), &file));
        }
    }
    insta::assert_snapshot!(said);
}

/// The first line of a backtrace is the innermost function: what stands there is the plugin's word, and must look like it.
#[test]
fn names_of_functions_cannot_pass_for_words_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(Path::new(FIXTURES).join("function-names.wat")).unwrap();
    // As it stands, and with so much behind it that the component is nearly as large as one may be.
    for rest in [0, 50 << 20] {
        let wasm = wat::parse_str(text.replacen("\\u{202e}\"", &format!("\\u{{202e}}{}\"", "x".repeat(rest)), 1)).unwrap();
        let file = folder.path().join("names.wasm");
        std::fs::write(&file, wasm).unwrap();
        let run = Cli::new(["plugin", "inspect"]).arg(&file).expect(2);
        let (_, frames) = run.stderr.split_once("\n  in the plugin:\n").unwrap();
        let frames: Vec<&str> = frames.lines().collect();
        assert!(frames[0].starts_with("    \u{fffd}[31mred error: all is lost\u{fffd}") && frames[0].len() < 250, "{run}");
        assert_eq!(frames[1..], ["    function 1"], "{run}");
    }
}

#[test]
fn other_files_are_refused_as_well() {
    let folder = tempfile::tempdir().unwrap();
    // The last one has a record type with a field whose name turns the terminal red: the compiler's parser quotes it.
    let cases: [(&str, &[u8]); 5] = [
        ("prose", b"hello"),
        ("future", b"\0asm\x0e\0\x01\0"),
        ("zip", b"PK\x03\x04"),
        ("nonsense", b"\0asm\x0d\0\x01\0\xee\xee\xee\xee"),
        ("red", b"\0asm\x0d\0\x01\0\x07\x0a\x01\x72\x01\x05\x1b[31m\x7f"),
    ];
    let said = cases.map(|(name, bytes)| {
        let file = folder.path().join(format!("{name}.wasm"));
        std::fs::write(&file, bytes).unwrap();
        refused(folder.path(), &file)
    });
    insta::assert_snapshot!(said.concat());
}

#[test]
fn a_plugin_that_loads_and_crashes_leaves_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("good.wasm");
    std::fs::write(&file, wat::parse_file(Path::new(FIXTURES).join("good.wat")).unwrap()).unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let storage = folder.path().join("out");
    let report = Cli::export(&project, &storage).arg("--plugin").arg(&file).report(4);
    assert_eq!(report["plugins"][0]["error"]["class"], "trap");
    assert!(original(&storage).is_file());
    assert_eq!(list(&storage).len(), 3, "the original, its report, and the plugin's report");
}

/// What no engine looks at: any bytes, and tables of names that tell of megabytes and hold none.
#[test]
fn custom_sections_take_no_more_memory_than_they_are_large() {
    let folder = tempfile::tempdir().unwrap();
    let good = wat::parse_file(Path::new(FIXTURES).join("good.wat")).unwrap();
    let file = folder.path().join("padded.wasm");
    for (section, content) in [
        ("padding", vec![b'x'; 40 << 20]),
        ("component-name", [&[1u8, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f][..], &vec![0; 40 << 20]].concat()),
    ] {
        std::fs::write(&file, [&good[..], &large_section(section, &content)].concat()).unwrap();
        let run = Cli::new(["plugin", "inspect"]).arg(&file).expect(0);
        assert!(is_harmless(&run), "{run}");
        assert!(run.peak_memory.is_none_or(|peak| peak < 256 << 20), "{} MiB", run.peak_memory.unwrap_or(0) >> 20);
    }
}

#[test]
fn a_component_that_is_too_large() {
    let folder = tempfile::tempdir().unwrap();
    // A custom section may hold anything.
    let mut bytes = b"\0asm\x0d\0\x01\0\0\x80\x80\x80\x28\x04name".to_vec();
    bytes.resize(80 << 20, b'x');
    let file = folder.path().join("large.wasm");
    std::fs::write(&file, bytes).unwrap();
    insta::assert_snapshot!(refused(folder.path(), &file), @"error: plugin DIR/large.wasm: is 80 MB large, allowed are 64 MB");
}
