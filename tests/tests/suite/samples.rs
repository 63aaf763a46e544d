//! Every sample that is published of the format is read, and written back as it was: key order, numbers and texts.

use ango_tests::archive::{original, payload};
use ango_tests::cli::Cli;
use ango_tests::json::{compact, elements, members, spaced};

const PUBLISHED: &str = include_str!("../../data/published.json");
const WHOLE: &str = include_str!("../../data/v3-samples.json");

/// The sample with the keys that a part of an asset has at least, where it does not show them.
fn with_keys(sample: &str, keys: &[(&str, &str)]) -> String {
    let mut members = members(sample);
    for (key, value) in keys {
        if members.iter().all(|(name, _)| name != key) {
            members.push(((*key).to_owned(), (*value).to_owned()));
        }
    }
    let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// The sample in an asset.
fn in_asset(kind: &str, sample: &str) -> String {
    let ids = [("objectId", "\"o\""), ("schemaId", "\"s\"")];
    let list = match kind {
        "asset" => return with_keys(sample, &[("asset", "\"a\""), ("task", r#"{"taskId":"t","stage":"Complete"}"#)]),
        "tool" => "tools",
        "answer" => "classifications",
        "relation" => "relations",
        other => panic!("there are no samples of {other}"),
    };
    let task = format!(r#"{{"taskId":"t","stage":"Complete","{list}":[{}]}}"#, with_keys(sample, &ids));
    format!(r#"{{"asset":"a","externalId":"e","metadata":{{}},"batches":[],"task":{task}}}"#)
}

/// Every sample as an asset, with the page that it is from.
fn samples() -> Vec<(String, String)> {
    let mut samples: Vec<(String, String)> = elements(PUBLISHED)
        .iter()
        .map(|entry| {
            let [(_, page), (kind, sample)] = <[_; 2]>::try_from(members(entry)).unwrap();
            (page, in_asset(&kind, &sample))
        })
        .collect();
    samples.push(("Exporting Annotations, sample of Export V3".to_owned(), elements(WHOLE).swap_remove(0)));
    samples
}

fn export(input: &str, args: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("samples.json");
    std::fs::write(&source, input).unwrap();
    Cli::export(&source, folder.path().join("out")).args("--all-stages --metadata --history --idle --only-key-frames").args(args).expect(0);
    payload(&original(&folder.path().join("out"))).1
}

#[test]
fn every_published_sample_is_written_as_it_was_read() {
    let samples = samples();
    let array = format!("[{}]", samples.iter().map(|(_, sample)| sample.as_str()).collect::<Vec<_>>().join(","));
    for input in [array.clone(), spaced(&array)] {
        let lines = export(&input, "--format ndjson");
        assert_eq!(lines.lines().count(), samples.len());
        for (line, (page, sample)) in lines.lines().zip(&samples) {
            assert_eq!(line, sample, "{page}");
        }
        assert_eq!(compact(&export(&lines, "")), array, "back again");
    }
    // The comparison would be worth nothing if it did not come to where the numbers and texts are.
    for text in ["559.1259640102828", "-40.97173633351486", "Trunk / Branch 1 / Leaf", "194e870c-…", "Consensus_2"] {
        assert!(array.contains(text), "{text}");
    }
}

/// What is exported is what the program itself says the format is.
#[test]
fn every_published_sample_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    for (index, (page, sample)) in samples().iter().enumerate() {
        let file = folder.path().join(format!("{index}.ndjson"));
        std::fs::write(&file, sample).unwrap();
        let run = Cli::new(["validate"]).arg(&file).run();
        assert_eq!(run.code, 0, "{page}: {run}");
    }
}
