//! Converted exports in the eyes of somebody else: pycocotools, and a reader of YOLO data sets that shares no line with the plugins.
//!
//! Runs when `ANGO_VALIDATORS` names a Python that has what `tests/validate/requirements.txt` lists.

use ango_tests::archive::only;
use ango_tests::cli::Cli;
use ango_tests::project::{harbour, records};
use std::path::{Path, PathBuf};
use std::process::Command;

fn python() -> Option<PathBuf> {
    let python = std::env::var_os("ANGO_VALIDATORS").filter(|value| !value.is_empty()).map(PathBuf::from);
    if python.is_none() {
        println!("ANGO_VALIDATORS is not set, so nothing is validated: see tests/validate/requirements.txt");
    }
    python
}

fn validate(python: &Path, source: &Path, to: &Path, extra: &[&str]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/validate/validate.py");
    let output = Command::new(python).arg(script).arg(source).arg(only(to, ".coco.zip")).arg(only(to, ".yolo.zip")).args(extra).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    println!("{text}");
}

#[test]
fn drawn_by_rule() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("harbour.ndjson");
    std::fs::write(&export, records(300)).unwrap();
    for (run, options, extra) in [
        ("plain", "-o coco.out_of_bounds=keep -o coco.holes=rle", &["--out-of-bounds", "keep"] as &[&str]),
        ("split", "-o yolo.task=segment -o yolo.val_ratio=0.25", &["--out-of-bounds", "clip"]),
    ] {
        let to = folder.path().join(run);
        Cli::convert(&export, &to).args("--plugin coco --plugin yolo").args(options).run();
        validate(&python, &export, &to, extra);
    }
}

#[test]
fn the_demo() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    Cli::new(["demo", "--quiet"]).arg(folder.path()).expect(0);
    let project = folder.path().join("project");
    validate(&python, &project.join("records.ndjson"), &folder.path().join("exports"), &["--out-of-bounds", "clip"]);
    // Nothing that the demo shows is in the way of a project that tests share.
    assert!(harbour(&folder.path().join("other"), 1).is_dir());
}
