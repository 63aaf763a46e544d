//! Records of every kind go from format to format through the program and come back byte for byte.

mod records;

use ango_tests::archive::{entries, only, original};
use ango_tests::cli::Cli;
use ango_tests::json::{member, spaced};
use ango_tests::text::stable;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::path::{Path, PathBuf};

/// Records of a case: enough for several files of a split export.
const RECORDS: usize = 60;

/// A case runs the program several times.
fn few_cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() }
}

fn array(records: &[String]) -> String {
    format!("[{}]", records.join(",\n"))
}

/// Exports everything that the source holds, nothing computed. Returns the archive, and its entries as text.
fn export(source: &Path, to: PathBuf, args: &str) -> (PathBuf, Vec<String>) {
    Cli::export(source, &to).args("--all-stages --metadata --history --idle --only-key-frames").args(args).expect(0);
    let zip = original(&to);
    let texts = entries(&zip).into_iter().map(|(_, data)| String::from_utf8(data).unwrap()).collect();
    (zip, texts)
}

/// The first record that is another one, so that a failure can be read.
fn same<S: AsRef<str>>(found: &[S], expected: &[String]) -> TestCaseResult {
    for (found, expected) in found.iter().zip(expected) {
        prop_assert_eq!(found.as_ref(), expected);
    }
    prop_assert_eq!(found.len(), expected.len());
    Ok(())
}

fn lines(parts: &[String]) -> Vec<&str> {
    parts.iter().flat_map(|part| part.split('\n')).collect()
}

proptest! {
    #![proptest_config(few_cases(24))]

    #[test]
    fn a_record_goes_through_every_format_and_comes_back(records in records::records(RECORDS)) {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        // White space goes at once, and nothing but it.
        std::fs::write(path("records.json"), spaced(&array(&records)))?;
        let (json, texts) = export(&path("records.json"), path("json"), "--format json");
        same(&texts[0][1..texts[0].len() - 1].split(",\n").collect::<Vec<_>>(), &records)?;
        let (ndjson, texts) = export(&json, path("ndjson"), "--format ndjson");
        same(&lines(&texts), &records)?;
        let (split, texts) = export(&ndjson, path("split"), "--format split --split-tasks 7");
        prop_assert_eq!(texts.len(), RECORDS.div_ceil(7));
        same(&lines(&texts), &records)?;
        // A store packs records; what comes out is the same.
        Cli::new(["project", "import"]).arg(&split).arg("--into").arg(path("store.db")).expect(0);
        let (_, texts) = export(&path("store.db"), path("from-store"), "--format ndjson");
        same(&lines(&texts), &records)?;
        let (again, texts) = export(&split, path("again"), "--format json");
        prop_assert_eq!(&texts[0], &array(&records));
        let bytes = |zip: &Path| entries(zip).into_iter().map(|(_, data)| data).collect::<Vec<_>>();
        prop_assert!(bytes(&again) == bytes(&json), "the first and the last export");
    }

    /// A box that was drawn from another corner is written from its top-left one, and then stays as it is.
    #[test]
    fn a_box_is_normalised_once(boxes in prop::collection::vec([records::number(), records::number(), records::number(), records::number()], RECORDS)) {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let record = |(index, [x, y, width, height]): (usize, &[String; 4])| {
            format!(
                r#"{{"asset":"a","task":{{"tools":[{{"objectId":"o","schemaId":"s","bounding-box":{{"width":{width},"y":{y},"new":-1,"x":{x},"height":{height}}}}}],"taskId":"{index}"}}}}"#
            )
        };
        let given: Vec<String> = boxes.iter().enumerate().map(record).collect();
        std::fs::write(path("records.ndjson"), given.join("\n"))?;
        let (first, once) = export(&path("records.ndjson"), path("once"), "--format ndjson");
        let (_, twice) = export(&first, path("twice"), "--format ndjson");
        prop_assert_eq!(&twice, &once);
        for ((line, given), numbers) in lines(&once).iter().zip(&given).zip(&boxes) {
            let before: Vec<f64> = numbers.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
            if before[2] >= 0.0 && before[3] >= 0.0 {
                prop_assert_eq!(line, given);
                continue;
            }
            let (start, rest) = line.split_once("\"bounding-box\":").ok_or_else(|| TestCaseError::fail(line.to_string()))?;
            let bounds = &rest[..=rest.find('}').unwrap_or(0)];
            let now = |key: &str| member(bounds, key).and_then(|text| text.parse::<f64>().ok());
            prop_assert_eq!(now("x"), Some(before[0] + before[2].min(0.0)));
            prop_assert_eq!(now("y"), Some(before[1] + before[3].min(0.0)));
            prop_assert_eq!((now("width"), now("height"), now("new")), (Some(before[2].abs()), Some(before[3].abs()), Some(-1.0)));
            prop_assert!(given.starts_with(start) && given.ends_with(&rest[bounds.len()..]), "{line}");
        }
    }

    /// What is read from an export is what was read from the records: a converter makes the same of both.
    #[test]
    fn converters_make_the_same_of_the_records_and_of_their_export(records in records::records(RECORDS)) {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("records.json"), spaced(&array(&records)))?;
        let (split, _) = export(&path("records.json"), path("split"), "--format split --split-tasks 7");
        // Converted files name what they were made from.
        std::fs::copy(split, path("records.zip"))?;
        let (first, last) = (converted(&path("records.json"), &path("first")), converted(&path("records.zip"), &path("last")));
        for ((name, first), (other, last)) in first.iter().zip(&last) {
            prop_assert_eq!(name, other);
            // An export's id is that of its input.
            let text = |data: &[u8]| stable(&String::from_utf8_lossy(data), folder.path());
            for (first, last) in text(first).lines().zip(text(last).lines()) {
                prop_assert_eq!(first, last, "{}", name);
            }
            prop_assert_eq!(text(first).len(), text(last).len(), "{}", name);
        }
        prop_assert!(first.len() == last.len() && !first.is_empty());
    }
}

/// The files that converters make of an export.
fn converted(source: &Path, to: &Path) -> Vec<(String, Vec<u8>)> {
    let run = Cli::convert(source, to).args("--plugin coco --plugin yolo --exported-at 2024-05-01T00:00:00Z").run();
    assert!([0, 3].contains(&run.code), "{run}");
    [".coco.zip", ".yolo.zip"].iter().flat_map(|suffix| entries(&only(to, suffix))).collect()
}
