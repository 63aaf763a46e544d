#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The converter from outside: NRRD files in, NIfTI files out.

mod files;
mod hostile;
mod labels;
mod voxels;

use std::io::Read;

use ango_plugin_sdk::testkit::{Outcome, TestKit};
use serde_json::{Value, json};

use crate::Nifti;
use files::Nrrd;

fn link(name: &str) -> String {
    format!("https://x.test/{name}.seg.nrrd")
}

/// A task with a voxel brush, and brushes of these labels with an answer each.
fn task(name: &str, labels: &[i64]) -> Value {
    let answer = json!({"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Certain", "answer": "yes"});
    let tools: Vec<Value> = labels
        .iter()
        .map(|label| json!({"medical-brush": true, "objectId": format!("o{label}"), "schemaId": label.to_string(), "title": format!("class {label}"), "classifications": [answer]}))
        .collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {}, "batches": ["b"],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools, "medicalBrushDataUrl": link(name)}})
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

/// Converts one volume, called `a.nrrd`.
fn convert(file: &[u8], labels: &[i64], options: &Value) -> Outcome {
    let outcome = kit(&[task("a.nrrd", labels)]).asset_bytes(&link("a.nrrd"), Ok(file.to_vec())).run::<Nifti>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    outcome
}

/// A NIfTI file, read by the book.
struct Volume {
    header: Vec<u8>,
    voxels: Vec<u8>,
}

impl Volume {
    fn read(outcome: &Outcome, path: &str) -> Self {
        let bytes = outcome.files.get(path).unwrap_or_else(|| panic!("no {path}, but {:?}; {:?}", outcome.files.keys(), outcome.lost));
        let mut plain = bytes.clone();
        if path.ends_with(".gz") {
            plain.clear();
            // One member and nothing else: some readers know no others.
            let mut rest = &bytes[..];
            flate2::bufread::GzDecoder::new(&mut rest).read_to_end(&mut plain).unwrap();
            assert_eq!(rest, b"");
        }
        let voxels = plain.split_off(352);
        let volume = Self { header: plain, voxels };
        assert_eq!((volume.int(0, 4), &volume.header[344..]), (348, &b"n+1\0\0\0\0\0"[..]));
        assert_eq!((volume.float(108), volume.float(112), volume.float(116)), (352.0, 1.0, 0.0));
        assert_eq!(volume.voxels.len() as i64, volume.size().iter().product::<i64>() * volume.int(72, 2) / 8);
        volume
    }

    fn int(&self, at: usize, length: usize) -> i64 {
        let mut word = [0; 8];
        word[..length].copy_from_slice(&self.header[at..at + length]);
        i64::from_le_bytes(word)
    }

    fn float(&self, at: usize) -> f64 {
        f32::from_le_bytes(self.header[at..at + 4].try_into().unwrap()).into()
    }

    fn size(&self) -> [i64; 3] {
        assert_eq!(self.int(40, 2), 3);
        [42, 44, 46].map(|at| self.int(at, 2))
    }

    fn data_type(&self) -> i64 {
        self.int(70, 2)
    }

    fn labels(&self) -> Vec<i64> {
        let label = |voxel: &[u8]| voxel.iter().rev().fold(0, |label, byte| (label << 8) | i64::from(*byte));
        self.voxels.chunks(self.int(72, 2) as usize / 8).map(label).collect()
    }

    fn sform(&self) -> [[f64; 4]; 3] {
        assert!(self.int(254, 2) > 0);
        [0, 1, 2].map(|row| [0, 1, 2, 3].map(|column| self.float(280 + 16 * row + 4 * column)))
    }

    /// The matrix of the quaternion, by the formula of the format's header file.
    fn qform(&self) -> Option<[[f64; 4]; 3]> {
        if self.int(252, 2) == 0 {
            return None;
        }
        let [b, c, d, x, y, z] = [256, 260, 264, 268, 272, 276].map(|at| self.float(at));
        let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
        let [handedness, one, two, three] = [76, 80, 84, 88].map(|at| self.float(at));
        let steps = [one, two, three * handedness];
        let rotation = [
            [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), 2.0 * (b * d + a * c)],
            [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d - a * b)],
            [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ];
        let row = |row: usize, origin: f64| [rotation[row][0] * steps[0], rotation[row][1] * steps[1], rotation[row][2] * steps[2], origin];
        Some([row(0, x), row(1, y), row(2, z)])
    }
}

#[test]
fn the_whole_output_is_as_written_here() {
    let file = Nrrd::new([3, 2, 1]).key("Segment0_LabelValue", "2").gzip(&[0, 1, 2, 2, 2, 0]);
    let outcome = kit(&[task("d/a.nrrd", &[2])])
        .asset_bytes(&link("d/a.nrrd"), Ok(file))
        .change_project(|project| {
            let mut liver = project.tools[0].clone();
            (liver.index, liver.schema_id, liver.title, liver.color) = (1, "1".into(), "Liver \"left\"\nlobe".into(), Some("#dd8265".into()));
            project.tools.push(liver);
        })
        .run::<Nifti>("{}");
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(
        outcome.files.keys().map(String::as_str).collect::<Vec<_>>(),
        ["d/a.nii.gz", "labels.ctbl", "labels.json", "labels.txt", "volumes.jsonl"]
    );
    assert_eq!(
        outcome.text("labels.json").unwrap(),
        "[\n{\"value\":1,\"name\":\"Liver \\\"left\\\"\\nlobe\",\"color\":\"#dd8265\"},\n{\"value\":2,\"name\":\"class 2\",\"color\":\"#beff64\"}\n]\n"
    );
    let snap = outcome.text("labels.txt").unwrap();
    let rows: Vec<&str> = snap.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        rows,
        [
            "    0     0    0    0        0  0  0    \"Clear Label\"",
            "    1   221  130  101        1  1  1    \"Liver 'left' lobe\"",
            "    2   190  255  100        1  1  1    \"class 2\""
        ]
    );
    assert_eq!(
        outcome.text("labels.ctbl").unwrap(),
        "# Color table file labels.ctbl\n0 Background 0 0 0 0\n1 Liver_\"left\"_lobe 221 130 101 255\n2 class_2 190 255 100 255\n"
    );
    assert_eq!(
        outcome.text("volumes.jsonl").unwrap(),
        "{\"file\":\"d/a.nii.gz\",\"task_id\":\"t-d/a.nrrd\",\"source\":\"d/a.nrrd\",\"stage\":\"Complete\",\"batches\":[\"b\"],\"data_type\":\"uint8\",\
         \"size\":[3,2,1],\"voxel_size\":[1,1,1],\"labels\":[{\"value\":1,\"name\":\"Liver \\\"left\\\"\\nlobe\",\"voxels\":1},\
         {\"value\":2,\"name\":\"class 2\",\"voxels\":3}],\"objects\":[{\"object_id\":\"o2\",\"class\":\"class 2\",\"value\":2,\
         \"answers\":{\"Certain\":\"yes\"}}],\"answers\":{}}\n"
    );
    let volume = Volume::read(&outcome, "d/a.nii.gz");
    assert_eq!((volume.size(), volume.data_type(), volume.voxels.as_slice()), ([3, 2, 1], 2, &[0, 1, 2, 2, 2, 0][..]));
    assert_eq!(volume.sform(), [[-1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
    assert_eq!((volume.int(68, 2), volume.int(123, 1), volume.int(252, 2), volume.int(254, 2)), (1002, 2, 1, 1));
    assert_eq!(outcome.lost, []);
}

#[test]
fn shards_do_not_change_a_byte() {
    let names: Vec<String> = (0..6).map(|at| format!("{at}.nrrd")).collect();
    let mut all = kit(&names.iter().map(|name| task(name, &[1, 9])).collect::<Vec<_>>());
    for (at, name) in (0..).zip(&names[..5]) {
        all = all.asset_bytes(&link(name), Ok(Nrrd::new([4, 4, 4]).gzip(&[at; 64])));
    }
    for options in ["{}", r#"{"values":"index","empty":"drop"}"#] {
        let whole = all.run::<Nifti>(options);
        let cut = all.clone().shard_size(1).run::<Nifti>(options);
        assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost));
        assert_eq!(whole.text("volumes.jsonl").unwrap().lines().count(), 6);
    }
}

#[test]
fn every_object_is_in_a_row_with_voxels_or_is_reported() {
    let file = Nrrd::new([2, 2, 1]).gzip(&[1, 2, 3, 3]);
    let mut mixed = task("a.nrrd", &[1, 2, 7]);
    let tools = mixed["task"]["tools"].as_array_mut().unwrap();
    tools.push(json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "objectId": "box", "schemaId": "b", "title": "box"}));
    tools.push(json!({"medical-brush": true, "objectId": "odd", "schemaId": "abc", "title": "odd"}));
    mixed["task"]["relations"] = json!([{"group": ["o1"], "objectId": "r", "schemaId": "s", "title": "t"}]);
    mixed["task"]["classifications"] = json!([{"objectId": "q", "schemaId": "q", "tool": "text", "title": "Note", "answer": "blurred"}]);
    mixed["task"]["brushDataUrl"] = json!("https://x.test/brush.png");
    let outcome = kit(&[mixed, task("none", &[1])]).asset_bytes(&link("a.nrrd"), Ok(file)).run::<Nifti>(r#"{"classes":{"exclude":["class 2"]}}"#);
    assert_eq!(outcome.result, Ok(()));
    let lost: Vec<(u64, Option<&str>, &str)> = outcome.lost.iter().map(|lost| (lost.task, lost.object.as_deref(), lost.code.as_str())).collect();
    assert_eq!(
        lost,
        [
            (0, Some("r"), "relation-unsupported"),
            (0, None, "brush-unsupported"),
            (0, None, "class-excluded"),
            (0, None, "label-unnamed"),
            (0, Some("o2"), "class-excluded"),
            (0, Some("o7"), "zero-area"),
            (0, Some("box"), "geometry-unsupported"),
            (0, Some("odd"), "class-unmapped"),
            (1, None, "voxel-brush-unreadable"),
            (1, Some("o1"), "voxel-brush-unreadable"),
        ]
    );
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [1, 0, 3, 3]);
    let rows: Vec<Value> = outcome.text("volumes.jsonl").unwrap().lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!((&rows[0]["answers"], &rows[0]["objects"].as_array().unwrap().len()), (&json!({"Note": "blurred"}), &4));
    assert_eq!((&rows[1]["file"], &rows[1]["objects"][0]["answers"]), (&Value::Null, &json!({"Certain": "yes"})));
}

#[test]
fn a_volume_that_nobody_may_fetch_is_reported() {
    let outcome = kit(&[task("a.nrrd", &[])]).run::<Nifti>("{}");
    assert_eq!(outcome.codes(), [("voxel-brush-unreadable", 1)].into());
    assert!(outcome.lost[0].detail.contains("Denied"), "{:?}", outcome.lost);
    let mut bare = task("a.nrrd", &[]);
    bare["task"]["medicalBrushDataUrl"] = Value::Null;
    assert_eq!(kit(&[bare]).run::<Nifti>("{}").codes(), [("image-empty", 1)].into());
}

#[test]
fn volumes_are_called_like_their_assets() {
    let names = ["a/b.nrrd", "c.nii.gz", "d.NII.GZ", "e.nii", "f", "g.v2.dcm", ".gz"];
    let mut all = kit(&names.map(|name| task(name, &[])));
    for name in names {
        all = all.asset_bytes(&link(name), Ok(Nrrd::new([2, 1, 1]).raw(&[1, 1])));
    }
    let paths = |options: &str| {
        let outcome = all.run::<Nifti>(options);
        let files: Vec<String> = outcome.files.keys().filter(|path| path.contains(".nii")).cloned().collect();
        files.join(" ")
    };
    assert_eq!(paths("{}"), ".gz.nii.gz a/b.nii.gz c.nii.gz d.nii.gz e.nii.gz f.nii.gz g.v2.nii.gz");
    assert_eq!(paths(r#"{"names":"flat","compress":false}"#), ".gz.nii a__b.nii c.nii d.nii e.nii f.nii g.v2.nii");
}

#[test]
fn empty_volumes_are_kept_dropped_or_none_at_all() {
    let empty = Nrrd::new([2, 2, 2]).gzip(&[0; 8]);
    assert_eq!(Volume::read(&convert(&empty, &[], &json!({})), "a.nii.gz").labels(), [0; 8]);
    let outcome = convert(&empty, &[4], &json!({"empty": "drop"}));
    assert_eq!(outcome.codes(), [("image-empty", 2)].into());
    assert!(!outcome.files.contains_key("a.nii.gz"));
    assert_eq!(convert(&Nrrd::new([1, 1, 1]).raw(&[0]), &[], &json!({})).codes(), [("image-empty", 1)].into());
    assert!(convert(&Nrrd::new([1, 1, 1]).raw(&[5]), &[5], &json!({})).files.contains_key("a.nii.gz"));
}

#[test]
fn a_stage_has_its_own_volume() {
    let mut staged = task("a.nrrd", &[1]);
    staged["task"]["stageHistory"] = json!([{"stage": "Review", "stageId": "r", "duration": 1, "tools": [], "classifications": [], "relations": [],
        "medicalBrushDataUrl": "https://x.test/review.nrrd"}]);
    let kit = kit(&[staged]).asset_bytes("https://x.test/review.nrrd", Ok(Nrrd::new([2, 1, 1]).raw(&[1, 1])));
    let outcome = kit.run::<Nifti>(r#"{"stage":"Review"}"#);
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [1, 1]);
    assert_eq!(kit.run::<Nifti>(r#"{"stage":"Other"}"#).codes(), [("stage-missing", 1)].into());
}
