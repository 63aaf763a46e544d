//! Which label is which class.

use ango_plugin_sdk::testkit::RunError;
use ango_plugin_sdk::{Converter, Failure};
use serde_json::{Value, json};

use super::files::Nrrd;
use super::{Volume, convert, kit, link, task};
use crate::Nifti;

#[test]
fn indexes_count_the_classes_of_voxel_brushes() {
    let file = Nrrd::new([4, 1, 1]).key("Segment3_LabelValue", "40").key("Segment3_Name", "new").gzip(&[0, 30, 20, 40]);
    let mut mixed = task("a.nrrd", &[30, 20]);
    mixed["task"]["tools"].as_array_mut().unwrap().insert(0, json!({"point": [1, 2], "objectId": "p", "schemaId": "7", "title": "point"}));
    let outcome = kit(&[mixed]).asset_bytes(&link("a.nrrd"), Ok(file)).run::<Nifti>(r#"{"values":"index"}"#);
    // The point's schema id could be a label, but its kind says that it is none.
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [0, 1, 2, 0]);
    let table: Value = serde_json::from_str(outcome.text("labels.json").unwrap()).unwrap();
    assert_eq!(
        (&table[0]["name"], &table[0]["value"], &table[1]["name"], table.as_array().unwrap().len()),
        (&json!("class 30"), &json!(1), &json!("class 20"), 2)
    );
    assert_eq!(outcome.codes(), [("class-unmapped", 1), ("geometry-unsupported", 1)].into());
    assert!(outcome.lost[0].detail.starts_with("label 40 (segment \"new\")"), "{:?}", outcome.lost);
}

#[test]
fn classes_are_chosen_merged_ordered_and_renamed() {
    let file = Nrrd::new([4, 1, 1]).gzip(&[1, 2, 3, 4]);
    let labels = |options: Value| Volume::read(&convert(&file, &[1, 2, 3, 4], &options), "a.nii.gz").labels();
    let merge = json!({"merge": {"both": ["class 2", "class 4"]}});
    assert_eq!(labels(json!({"classes": merge})), [1, 2, 3, 2]);
    assert_eq!(labels(json!({"classes": merge, "values": "index"})), [1, 2, 3, 2]);
    assert_eq!(labels(json!({"classes": {"include": ["class 3", "1"]}, "values": "index"})), [1, 0, 2, 0]);
    let outcome = convert(&file, &[1, 2, 3, 4], &json!({"classes": {"order": ["last"], "rename": {"4": "last"}}, "values": "index"}));
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [2, 3, 4, 1]);
    assert!(outcome.text("labels.ctbl").unwrap().contains("\n1 last "));
}

#[test]
fn values_that_are_no_labels_are_background_and_reported() {
    let data: Vec<u8> = [1.0f32, 0.5, -3.0, f32::NAN, 3e9, 2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let outcome = convert(&Nrrd::new([6, 1, 1]).field("type", "float").field("endian", "little").gzip(&data), &[1, 2], &json!({}));
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [1, 0, 0, 0, 0, 2]);
    let details: Vec<&str> = outcome.lost.iter().map(|lost| lost.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            "2 voxels whose value is no whole number are background",
            "label -3 is no number from 1 to 2147483647: 1 voxels are background",
            "label 3000000000 is no number from 1 to 2147483647: 1 voxels are background",
        ]
    );
    let large: Vec<u8> = [70_000u32, 1].iter().flat_map(|value| value.to_be_bytes()).collect();
    let volume = Volume::read(&convert(&Nrrd::new([2, 1, 1]).field("type", "uint").field("endian", "big").gzip(&large), &[], &json!({})), "a.nii.gz");
    assert_eq!((volume.data_type(), volume.labels()), (8, vec![70_000, 1]));
}

#[test]
fn tables_take_any_name() {
    let kit = kit(&[task("a.nrrd", &[1, 2])]).change_project(|project| {
        project.tools[0].title = "\u{0} 🫀\t\r\n\"x\"".repeat(400);
        project.tools[1].title = String::new();
        project.tools[1].color = Some("#12345é".to_owned());
    });
    let outcome = kit.run::<Nifti>("{}");
    assert_eq!(outcome.text("labels.ctbl").unwrap().lines().count(), 4);
    assert!(outcome.text("labels.txt").unwrap().lines().all(|line| line.len() < 1000));
    let table: Value = serde_json::from_str(outcome.text("labels.json").unwrap()).unwrap();
    assert_eq!(table.as_array().unwrap().len(), 2);
    assert_eq!(kit.change_project(|project| project.tools.clear()).run::<Nifti>("{}").text("labels.json"), Some("[]\n"));
}

#[test]
fn options_agree_with_their_schema() {
    let schema: Value = serde_json::from_str(&Nifti::describe().options_schema).unwrap();
    assert_eq!(schema["additionalProperties"], json!(false));
    for (name, property) in schema["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{name}");
        for value in property["enum"].as_array().cloned().unwrap_or_else(|| vec![property["default"].clone()]) {
            assert_eq!(kit(&[]).run::<Nifti>(&json!({ name: value }).to_string()).result, Ok(()), "{name}: {value}");
        }
    }
    for (options, pointer) in [(r#"{"values":"name"}"#, "/values"), (r#"{"classes":{"include":["x"]}}"#, "/classes/include/0")] {
        let Err(RunError::Failure(Failure::Options(error))) = kit(&[]).run::<Nifti>(options).result else { panic!("{options}") };
        assert_eq!(error.pointer, pointer);
    }
}
