//! Voxels and where they are.

use proptest::prelude::*;
use serde_json::json;

use super::files::{Nrrd, gzip, zip};
use super::{Volume, convert};

/// Labels as the bytes of a type.
fn stored(labels: &[i64], kind: &str, big_endian: bool) -> Vec<u8> {
    let bytes = |label: i64| -> Vec<u8> {
        match kind {
            "int8" | "uint8" => vec![label as u8],
            "int16" | "ushort" => (label as u16).to_be_bytes().into(),
            "int" | "uint32" => (label as u32).to_be_bytes().into(),
            "longlong" | "uint64" => (label as u64).to_be_bytes().into(),
            "float" => (label as f32).to_be_bytes().into(),
            _ => (label as f64).to_be_bytes().into(),
        }
    };
    labels
        .iter()
        .flat_map(|&label| {
            let mut bytes = bytes(label);
            if !big_endian {
                bytes.reverse();
            }
            bytes
        })
        .collect()
}

const KINDS: [&str; 10] = ["int8", "uint8", "int16", "ushort", "int", "uint32", "longlong", "uint64", "float", "double"];

#[test]
fn every_type_byte_order_and_encoding_gives_the_same_labels() {
    // Longer than the pieces that are decoded at a time, with runs across their ends.
    let labels: Vec<i64> = (0..150_000).map(|at: i64| if at % 1000 < 700 { 0 } else { at / 30_000 + 1 + at % 1000 / 990 }).collect();
    let plain = Nrrd::new([500, 300, 1]);
    for kind in KINDS {
        for big_endian in [false, true] {
            let data = stored(&labels, kind, big_endian);
            let header = plain.clone().field("type", kind).field("endian", if big_endian { "big" } else { "little" });
            let (one, two) = data.split_at(data.len() / 3);
            let members = header.clone().field("encoding", "gz").raw(&[gzip(one), gzip(two), b"\n".to_vec()].concat());
            for file in [header.raw(&data), header.clone().gzip(&data), members, zip("x/A.NRRD", &header.clone().gzip(&data), 8)] {
                for options in [json!({}), json!({"compress": false})] {
                    let outcome = convert(&file, &[1], &options);
                    let path = outcome.files.keys().find(|path| path.starts_with("a.nii")).unwrap();
                    let volume = Volume::read(&outcome, path);
                    assert!(volume.labels() == labels, "{kind} {big_endian} {options}");
                    assert_eq!(outcome.codes(), [("label-unnamed", 5)].into());
                }
            }
        }
    }
    let text: String = labels.iter().map(|label| format!("{label}\n")).collect();
    let outcome = convert(&plain.field("encoding", "ascii").raw(text.trim_end().as_bytes()), &[], &json!({}));
    assert!(Volume::read(&outcome, "a.nii.gz").labels() == labels);
}

#[test]
fn compressed_data_that_stay_the_same_are_not_compressed_again() {
    let labels = [0, 1, 2, 200, 200, 0, 0, 7];
    let compressed = gzip(&labels);
    let stream = &compressed[10..compressed.len() - 8];
    let file = Nrrd::new([2, 2, 2]).field("encoding", "gzip").raw(&compressed);
    let is_copied = |file: &[u8], options| {
        let outcome = convert(file, &[], &options);
        let volume = Volume::read(&outcome, "a.nii.gz");
        (outcome.files["a.nii.gz"].windows(stream.len()).any(|window| window == stream), volume.data_type(), volume.labels())
    };
    assert_eq!(is_copied(&file, json!({})), (true, 2, vec![0, 1, 2, 200, 200, 0, 0, 7]));
    assert_eq!(is_copied(&zip("a.nrrd", &file, 0), json!({})), (true, 2, vec![0, 1, 2, 200, 200, 0, 0, 7]));
    // As signed bytes some of them are no labels.
    let signed = Nrrd::new([2, 2, 2]).field("type", "int8").field("encoding", "gzip").raw(&compressed);
    assert_eq!(is_copied(&signed, json!({})), (false, 2, vec![0, 1, 2, 0, 0, 0, 0, 7]));
    // With an empty member in front the stream alone would not be the data.
    let empty_first = Nrrd::new([2, 2, 2]).field("encoding", "gzip").raw(&[gzip(b""), compressed.clone()].concat());
    let outcome = convert(&empty_first, &[], &json!({}));
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [0, 1, 2, 200, 200, 0, 0, 7]);
    for (kind, largest, want) in [("int16", 900, 4), ("uint16", 900, 4), ("uint16", 60_000, 512), ("uint32", 60_000, 8), ("int32", 5, 8)] {
        let file = Nrrd::new([1, 2, 1]).field("type", kind).field("endian", "little").gzip(&stored(
            &[1, largest],
            if kind.ends_with("16") { "ushort" } else { "int" },
            false,
        ));
        let volume = Volume::read(&convert(&file, &[], &json!({})), "a.nii.gz");
        assert_eq!((volume.data_type(), volume.labels()), (want, vec![1, largest]), "{kind}");
    }
}

#[test]
fn the_space_decides_about_signs() {
    for (space, signs, code) in [
        ("left-posterior-superior", [-1.0, -1.0, 1.0], 1),
        ("LPS", [-1.0, -1.0, 1.0], 1),
        ("right-anterior-superior", [1.0, 1.0, 1.0], 1),
        ("LAS", [-1.0, 1.0, 1.0], 1),
        ("scanner-xyz", [-1.0, -1.0, 1.0], 2),
    ] {
        let file = Nrrd::new([1, 1, 2])
            .field("space", space)
            .field("space directions", "(0,0,-2) (0.5,0,0) (0,3,0)")
            .field("space origin", "(-10, 20.5, 30)");
        let outcome = convert(&file.raw(&[1, 1]), &[1], &json!({}));
        let volume = Volume::read(&outcome, "a.nii.gz");
        let want = [[0.0, 0.5, 0.0, -10.0], [0.0, 0.0, 3.0, 20.5], [-2.0, 0.0, 0.0, 30.0]];
        let want = [0, 1, 2].map(|row| want[row].map(|number| number * signs[row] + 0.0));
        assert_eq!((volume.sform(), volume.qform()), (want, Some(want)), "{space}");
        assert_eq!((volume.int(252, 2), volume.int(254, 2)), (code, code), "{space}");
        assert_eq!(outcome.codes().contains_key("geometry-assumed"), code == 2);
    }
}

#[test]
fn a_file_without_a_geometry_gets_that_of_itk_and_it_is_reported() {
    let bare = Nrrd::new([1, 1, 2]).without("space").without("space directions").without("space origin").without("kinds");
    for (file, steps) in [
        (bare.clone(), [1.0; 3]),
        (bare.clone().field("spacings", "0.5 0.25 2"), [0.5, 0.25, 2.0]),
        (bare.field("spacings", "0.5 0 inf"), [1.0; 3]),
        (Nrrd::new([1, 1, 2]).field("space directions", "(1,0,0) (2,0,0) (0,0,1)"), [1.0; 3]),
        (Nrrd::new([1, 1, 2]).field("space directions", "(1,0,nan) (0,1,0) (0,0,1)"), [1.0; 3]),
        (Nrrd::new([1, 1, 2]).field("space origin", "(1e30,0,0)"), [1.0; 3]),
    ] {
        let outcome = convert(&file.raw(&[1, 1]), &[1], &json!({}));
        let volume = Volume::read(&outcome, "a.nii.gz");
        assert_eq!(volume.sform(), [[-steps[0], 0.0, 0.0, 0.0], [0.0, -steps[1], 0.0, 0.0], [0.0, 0.0, steps[2], 0.0]]);
        assert_eq!((volume.int(254, 2), outcome.codes()), (2, [("geometry-assumed", 1)].into()));
    }
}

#[test]
fn axes_askew_have_a_matrix_but_no_rotation_and_units_are_kept() {
    let file = Nrrd::new([1, 1, 2]).field("space directions", "(1,0,0) (0.5,1,0) (0,0,1)").field("space units", "\"um\" \"um\" \"um\"");
    let volume = Volume::read(&convert(&file.raw(&[1, 1]), &[1], &json!({})), "a.nii.gz");
    assert_eq!((volume.qform(), volume.int(123, 1)), (None, 3));
    assert_eq!(volume.sform(), [[-1.0, -0.5, 0.0, 0.0], [0.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
}

#[test]
fn the_last_layer_is_on_top() {
    // Per voxel: below, above.
    let data = [0, 0, 1, 0, 0, 2, 1, 2, 1, 2, 1, 1, 3, 0, 3, 2];
    let file = Nrrd::layered(2, [2, 2, 2]).gzip(&data);
    let outcome = convert(&file, &[1, 2, 3], &json!({}));
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [0, 1, 2, 2, 2, 1, 3, 2]);
    let hidden: Vec<&str> = outcome.lost.iter().map(|lost| lost.detail.split(": ").next().unwrap()).collect();
    assert_eq!(hidden, ["2 voxels of label 1 are under another label", "1 voxels of label 3 are under another label"]);
    // What is left out hides nothing.
    let outcome = convert(&file, &[1, 2, 3], &json!({"classes": {"exclude": ["class 2"]}}));
    assert_eq!(Volume::read(&outcome, "a.nii.gz").labels(), [0, 1, 0, 1, 1, 1, 3, 3]);
    assert_eq!(outcome.codes(), [("class-excluded", 2)].into());
}

/// A rotation by a unit quaternion, as columns.
fn rotation(parts: [f64; 4]) -> [[f64; 3]; 3] {
    let length = parts.iter().map(|part| part * part).sum::<f64>().sqrt();
    let [a, b, c, d] = parts.map(|part| part / length);
    [
        [1.0 - 2.0 * (c * c + d * d), 2.0 * (b * c + a * d), 2.0 * (b * d - a * c)],
        [2.0 * (b * c - a * d), 1.0 - 2.0 * (b * b + d * d), 2.0 * (c * d + a * b)],
        [2.0 * (b * d + a * c), 2.0 * (c * d - a * b), 1.0 - 2.0 * (b * b + c * c)],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_orientation_is_the_same_as_matrix_and_as_rotation(
        parts in prop::array::uniform4(-1.0..1.0f64), flips in prop::array::uniform3(any::<bool>()), spacings in prop::array::uniform3(0.05..6.0f64),
        origin in prop::array::uniform3(-500.0..500.0f64)
    ) {
        prop_assume!(parts.iter().map(|part| part * part).sum::<f64>() > 1e-3);
        let columns = rotation(parts);
        let steps = [0, 1, 2].map(|axis| columns[axis].map(|number| number * spacings[axis] * if flips[axis] { -1.0 } else { 1.0 }));
        let vector = |[x, y, z]: [f64; 3]| format!("({x},{y},{z})");
        let file = Nrrd::new([2, 1, 1]).field("space directions", &steps.map(vector).join(" ")).field("space origin", &vector(origin));
        let volume = Volume::read(&convert(&file.raw(&[1, 0]), &[1], &json!({})), "a.nii.gz");
        let (sform, qform) = (volume.sform(), volume.qform().unwrap());
        for row in 0..3 {
            let sign = if row < 2 { -1.0 } else { 1.0 };
            for column in 0..4 {
                let want = sign * if column < 3 { steps[column][row] } else { origin[row] };
                prop_assert!((sform[row][column] - want).abs() <= want.abs() * 1e-7, "{row} {column}: {} is not {want}", sform[row][column]);
                prop_assert!((qform[row][column] - want).abs() < 6e-3, "{row} {column}: {} is not {want}", qform[row][column]);
            }
        }
    }

    #[test]
    fn runs_of_any_length_come_out_as_they_went_in(runs in prop::collection::vec((0..4u8, 1..40usize), 1..40), layers in 1..4usize) {
        let data: Vec<u8> = runs.iter().flat_map(|&(value, count)| std::iter::repeat_n(value, count * layers)).collect();
        let voxels = data.len() / layers;
        let header = if layers == 1 { Nrrd::new([voxels, 1, 1]) } else { Nrrd::layered(layers, [voxels, 1, 1]) };
        let want: Vec<i64> = data.chunks(layers).map(|values| values.iter().rev().find(|value| **value > 0).copied().unwrap_or(0).into()).collect();
        for file in [header.raw(&data), header.clone().gzip(&data)] {
            prop_assert_eq!(&Volume::read(&convert(&file, &[], &json!({})), "a.nii.gz").labels(), &want);
        }
    }
}
