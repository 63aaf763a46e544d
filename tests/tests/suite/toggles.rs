//! Each toggle, alone and with all others, in every format: what is off is gone, and nothing else is.
//!
//! The record of what an export holds is the test data itself. `every-kind.marked` has one asset of each kind, and marks around the parts that an export has only
//! sometimes (see its README), so that what is expected of an export is plain text with parts cut out: nothing of the program decides it.

use ango_tests::archive::{entries, original, payload};
use ango_tests::cli::Cli;
use ango_tests::json::{compact, elements, member, spaced};
use ango_tests::project::{PROJECT, write};
use std::path::Path;

const MARKED: &str = include_str!("../../data/every-kind.marked");
const LEGACY: &str = include_str!("../../data/every-kind.legacy");

/// The toggles of an export.
#[derive(Debug, Clone, Copy)]
struct Toggles {
    metadata: bool,
    history: bool,
    idle: bool,
    only_key_frames: bool,
}

impl Toggles {
    fn all() -> impl Iterator<Item = Self> {
        let on = |bits: usize, bit: usize| bits >> bit & 1 == 1;
        (0..16).map(move |bits| Self { metadata: on(bits, 0), history: on(bits, 1), idle: on(bits, 2), only_key_frames: on(bits, 3) })
    }

    fn args(self) -> String {
        let flags = [(self.metadata, "--metadata"), (self.history, "--history"), (self.idle, "--idle"), (self.only_key_frames, "--only-key-frames")];
        flags.into_iter().filter(|(on, _)| *on).fold("--all-stages".to_owned(), |args, (_, flag)| format!("{args} {flag}"))
    }

    /// The assets as an export has them.
    fn expected(self) -> Vec<String> {
        self.cut("AO")
    }

    /// The assets without the parts that are off; of the marks that no toggle is for, those of `others` stay.
    fn cut(self, others: &str) -> Vec<String> {
        let toggled = [(self.metadata, 'M'), (self.history, 'H'), (self.idle, 'D'), (!self.only_key_frames, 'F')];
        let on = |mark| toggled.contains(&(true, mark)) || others.contains(mark);
        elements(&"AIOSMHDF".chars().fold(compact(MARKED), |text, mark| cut(&text, mark, on(mark))))
    }
}

/// Every toggle so that an export has the most in it.
const MOST: Toggles = Toggles { metadata: true, history: true, idle: true, only_key_frames: false };

/// The text with the parts of one mark or without them.
fn cut(text: &str, mark: char, stays: bool) -> String {
    let (open, close) = (format!("⟦{mark}"), format!("{mark}⟧"));
    let mut parts = text.split(&open);
    let mut cut = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, after) = part.split_once(&close).unwrap_or_else(|| panic!("{open} is not closed: {part}"));
        if stays {
            cut.push_str(inside);
        }
        cut.push_str(after);
    }
    assert!(!cut.contains(&close), "{close} is not opened");
    cut
}

/// The records of the project: with everything that is known, key frames only, boxes as they were drawn.
fn records() -> Vec<String> {
    Toggles { only_key_frames: true, ..MOST }.cut("AIS")
}

/// The assets as a legacy export has them. Whether history or durations are asked for does not matter to it.
fn expected_legacy(toggles: Toggles) -> Vec<String> {
    let answers_without_ids = toggles.cut("O");
    let fill = |(legacy, v3): (String, String)| {
        let task = member(&v3, "task").unwrap();
        ["tools", "classifications", "relations"]
            .iter()
            .fold(legacy, |legacy, key| legacy.replace(&format!("@{key}"), &member(&task, key).unwrap_or_else(|| "[]".to_owned())))
    };
    elements(LEGACY).into_iter().zip(answers_without_ids).map(fill).collect()
}

fn assert_same(found: &[&str], expected: &[String], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let at = found.bytes().zip(expected.bytes()).take_while(|(found, expected)| found == expected).count();
        assert!(found == expected, "{what}, byte {at}\nfound    {}\nexpected {}", from(found, at), from(expected, at));
    }
}

/// What stands from a little before this byte.
fn from(text: &str, at: usize) -> String {
    String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(60)..text.len().min(at + 200)]).into_owned()
}

fn export(source: &Path, storage: &Path, args: &str) -> Vec<String> {
    Cli::export(source, storage).args(args).expect(0);
    entries(&original(storage)).into_iter().map(|(_, data)| String::from_utf8(data).unwrap()).collect()
}

#[test]
fn each_toggle_takes_out_its_parts_alone_and_with_others_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(&folder.path().join("project"), PROJECT, records().join("\n").as_bytes());
    for toggles in Toggles::all() {
        let run = |format: &str| {
            let args = format!("{} --format {format}", toggles.args());
            export(&project, &folder.path().join(args.replace(' ', "")), &args)
        };
        let expected = toggles.expected();

        let array = run("json");
        assert_same(&[&array[0]], &[format!("[{}]", expected.join(",\n"))], &format!("{toggles:?}, json"));
        assert_same(&run("ndjson")[0].split('\n').collect::<Vec<_>>(), &expected, &format!("{toggles:?}, ndjson"));
        let parts = run("split --split-tasks 2");
        assert_eq!(parts.len(), expected.len().div_ceil(2));
        assert_same(&parts.iter().flat_map(|part| part.split('\n')).collect::<Vec<_>>(), &expected, &format!("{toggles:?}, split"));
        let legacy = run("legacy");
        let legacy = legacy[0].strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap();
        assert_same(&legacy.split(",\n").collect::<Vec<_>>(), &expected_legacy(toggles), &format!("{toggles:?}, legacy"));
    }
}

#[test]
fn white_space_and_where_records_lie_do_not_matter_to_the_toggles() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let bare = path("bare.json");
    std::fs::write(&bare, spaced(&format!("[{}]", records().join(",")))).unwrap();
    let project = write(&path("project"), PROJECT, records().join("\n").as_bytes());
    let store = path("store.db");
    Cli::new(["project", "import"]).arg(&project).arg("--into").arg(&store).expect(0);
    for toggles in Toggles::all() {
        for source in [&bare, &store] {
            let what = format!("{} {}", source.file_name().unwrap().display(), toggles.args());
            let lines = export(source, &path(&what.replace(' ', "")), &format!("{} --format ndjson", toggles.args()));
            assert_same(&lines[0].split('\n').collect::<Vec<_>>(), &toggles.expected(), &what);
        }
    }
}

/// What a second export takes out of a first one is what one export takes out at once, but for frames: an export that has them all is taken for key frames.
#[test]
fn toggles_of_an_export_of_an_export_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let everything = Toggles { only_key_frames: true, ..MOST };
    let project = write(&path("project"), PROJECT, records().join("\n").as_bytes());
    export(&project, &path("first"), &everything.args());
    let first = original(&path("first"));
    for toggles in Toggles::all().filter(|toggles| toggles.only_key_frames) {
        let lines = export(&first, &path(&toggles.args().replace(' ', "")), &format!("{} --format ndjson", toggles.args()));
        assert_same(&lines[0].split('\n').collect::<Vec<_>>(), &toggles.expected(), &format!("{toggles:?}"));
    }
    // Every frame is there, so nothing is left to compute.
    export(&project, &path("full"), &MOST.args());
    let full = original(&path("full"));
    export(&full, &path("full again"), &MOST.args());
    assert_eq!(payload(&original(&path("full again"))).1, payload(&full).1);
}

/// The data would prove nothing if a part that a toggle takes out were not there, or if it took all of a kind.
#[test]
fn the_data_has_something_for_every_toggle_and_something_like_it_that_stays() {
    let all = MOST.expected().join("\n");
    for (toggles, gone, stays) in [
        (Toggles { metadata: false, ..MOST }, r#""metadata":{"createdAt":1686656626604"#, r#""metadata":{"width":1920"#),
        (Toggles { history: false, ..MOST }, r#""stage":"Consensus_2""#, r#""stageHistory":[7]"#),
        (Toggles { idle: false, ..MOST }, r#""totalBlurDuration":7"#, r#""totalDuration":2000,"duration":10"#),
        (Toggles { only_key_frames: true, ..MOST }, r#"[[2,0],[4,2],[4,4]]"#, r#""interpolationStopped":true"#),
    ] {
        let less = toggles.expected().join("\n");
        assert!(all.contains(gone) && !less.contains(gone) && less.contains(stays), "{toggles:?}");
        assert!(serde_json::from_str::<serde_json::Value>(&format!("[{}]", less.replace('\n', ","))).is_ok(), "{toggles:?}");
    }
    assert!(!all.contains("\"type\":\"default\"") && records()[0].contains("\"type\":\"default\""), "what only a store knows");
    assert!(records()[0].contains(r#""height":-20.25"#) && all.contains(r#""height":20.25"#));
}
