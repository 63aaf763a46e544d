//! Files that are damaged, or made to harm.

use proptest::prelude::*;
use serde_json::json;

use super::convert;
use super::files::{Nrrd, gzip, zip};

/// What is said of a file that cannot be read; nothing is written of it.
fn reason(file: &[u8]) -> String {
    let outcome = convert(file, &[1], &json!({}));
    assert_eq!(outcome.files.keys().filter(|path| path.contains(".nii")).count(), 0);
    assert_eq!(outcome.codes(), [("voxel-brush-unreadable", 2)].into(), "{:?}", outcome.lost);
    outcome.lost[0].detail.strip_prefix("voxel brush ").unwrap().to_owned()
}

#[test]
fn what_cannot_be_read_is_said_by_name() {
    let good = Nrrd::new([2, 2, 2]);
    let data = [1; 8];
    for (file, want) in [
        (Vec::new(), "is no NRRD file"),
        (b"<Error>expired</Error>".to_vec(), "is no NRRD file"),
        (b"NRRD0009\ntype: uchar\n\n".to_vec(), "is no NRRD file of versions 1 to 5"),
        (b"NRRD0004\ntype: uchar\n".to_vec(), "has a header without an end"),
        (b"NRRD0004\nno field\n\n".to_vec(), "has the line \"no field\" in its header, which is neither a field nor a key"),
        (good.clone().without("type").raw(&data), "has no field `type`"),
        (good.clone().field("type", "block").raw(&data), "has values of type \"block\""),
        (good.clone().field("type", "short").raw(&data), "has the byte order \"\""),
        (good.clone().field("type", "short").field("endian", "middle").raw(&data), "has the byte order \"middle\""),
        (good.clone().field("encoding", "bzip2").raw(&data), "has the encoding \"bzip2\": raw, gzip and ascii can be read"),
        (good.clone().field("data file", "other.raw").raw(&data), "has the field `data file`: only data that follow the header can be read"),
        (good.clone().field("BYTESKIP", "-1").raw(&data), "has the field `byte skip`: only data that follow the header can be read"),
        (good.clone().field("dimension", "2").raw(&data), "has 3 sizes, and another dimension"),
        (good.clone().field("sizes", "2 2 0").raw(&data), "has impossible sizes: \"2 2 0\""),
        (good.clone().field("sizes", "2 2 -2").raw(&data), "has impossible sizes: \"2 2 -2\""),
        (good.clone().field("sizes", "99999999999999999999 1 1").raw(&data), "has impossible sizes: \"99999999999999999999 1 1\""),
        (good.clone().field("sizes", "4294967296 4294967296 2").raw(&data), "has impossible sizes: [4294967296, 4294967296, 2]"),
        (
            good.clone().field("type", "double").field("endian", "big").field("sizes", "4294967296 2147483648 1").raw(&data),
            "has impossible sizes: [4294967296, 2147483648, 1]",
        ),
        (
            good.clone().field("sizes", "2 4").field("dimension", "2").raw(&data),
            "has the axes [2, 4]: three in space can be read, and before them one of layers",
        ),
        (Nrrd::layered(9999, [1, 1, 1]).raw(&data), "has 9999 layers"),
        (
            Nrrd::layered(2, [2, 2, 1])
                .field("space directions", "(1,0,0) (0,1,0) (0,0,1) none")
                .field("kinds", "domain domain domain list")
                .raw(&data),
            "has the axes [2, 2, 2, 1]: three in space can be read, and before them one of layers",
        ),
        (good.raw(&data[1..]), "ends too early"),
        (good.raw(&[1; 9]), "has more data than the sizes in its header say"),
        (good.clone().gzip(&data[1..]), "ends too early"),
        (good.clone().gzip(&[1; 9]), "has more data than the sizes in its header say"),
        (good.clone().field("encoding", "gzip").raw(&[1; 20]), "has damaged compressed data"),
        (good.clone().field("encoding", "gzip").raw(&gzip(&data)[..20]), "ends too early"),
        (good.clone().field("encoding", "ascii").raw(b"1 1 1 1 1 1 1"), "ends too early"),
        (good.clone().field("encoding", "ascii").raw(b"1 1 1 1 1 1 1 1 1"), "has more data than the sizes in its header say"),
        (good.clone().field("encoding", "ascii").raw(b"1 1 1 one 1 1 1 1"), "has something in its data that is no number"),
        (good.clone().field("encoding", "ascii").raw(&[b'1'; 9000]), "has something in its data that is no number"),
        (zip("a.txt", &good.raw(&data), 8), "is a zip archive without an .nrrd file"),
        (zip("__MACOSX/._a.nrrd", &good.raw(&data), 8), "is a zip archive without an .nrrd file"),
        (zip("a.nrrd", &good.raw(&data), 12), "is a zip archive with compression 12: deflate can be read"),
        (b"PK\x03\x04".to_vec(), "is a damaged zip archive"),
    ] {
        assert_eq!(reason(&file), want);
    }
    let mut wrong_sum = gzip(&data);
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    assert_eq!(reason(&good.clone().field("encoding", "gzip").raw(&wrong_sum)), "has damaged compressed data");
    let too_wide = convert(&Nrrd::new([40_000, 1, 1]).gzip(&[0; 40_000]), &[], &json!({}));
    assert_eq!(too_wide.codes(), [("mask-too-large", 1)].into());
    // Nothing is kept for voxels that a header only talks of.
    assert_eq!(reason(&Nrrd::new([32_000, 32_000, 32_000]).gzip(&data)), "ends too early");
    let measurements: Vec<u8> = (0..70_000u32).flat_map(u32::to_le_bytes).collect();
    let file = Nrrd::new([7, 100, 100]).field("type", "uint32").field("endian", "little").gzip(&measurements);
    assert_eq!(reason(&file), "has more than 4096 different values, which are no labels");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_damage_breaks_the_converter(at in 0..400usize, byte in any::<u8>(), cut in 0..400usize, form in 0..4usize) {
        let header = Nrrd::layered(2, [3, 2, 2]).key("Segment0_LabelValue", "1").key("Segment0_Name", "a");
        let data = [0, 1, 2, 2, 0, 0, 0, 0, 1, 1, 3, 0, 0, 1, 2, 2, 0, 0, 0, 0, 1, 1, 3, 0];
        let mut file = match form {
            0 => header.raw(&data),
            1 => header.gzip(&data),
            2 => zip("a.nrrd", &header.gzip(&data), 8),
            _ => zip("a.nrrd", &header.raw(&data), 0),
        };
        let length = file.len();
        file[at * length / 400] = byte;
        file.truncate(length - cut * length / 800);
        let outcome = convert(&file, &[1], &json!({}));
        // Something came out, or it is said why not.
        prop_assert!(outcome.files.contains_key("a.nii.gz") || !outcome.lost.is_empty());
    }
}
