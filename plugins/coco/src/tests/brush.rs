use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster::Run as Pixels;
use ango_plugin_sdk::rle::Rle;
use ango_plugin_sdk::{Class, FetchError};

use super::*;

pub(super) const LINK: &str = "https://x.test/brush.png";
const GRASS: u32 = 0x2e_cc71;
const ROAD: u32 = 0x34_495e;

/// A mask of these rectangles (colour, left, top, right, bottom), later ones on top.
pub(super) fn mask(width: u32, height: u32, painted: &[(u32, u32, u32, u32, u32)]) -> Vec<u8> {
    let mut png = MaskPng::new();
    png.start(width, height, Pixel::Rgb);
    for y in 0..height {
        let at =
            |x: u32| painted.iter().rev().find(|(_, x0, y0, x1, y1)| (*x0..*x1).contains(&x) && (*y0..*y1).contains(&y)).map(|painted| painted.0);
        let runs = (0..width).filter_map(|x| Some(Pixels { x0: x, x1: x + 1, label: at(x)? }));
        png.row(runs);
    }
    png.finish().to_vec()
}

fn class(index: u32, title: &str, kind: &str, color: u32) -> Class {
    let color = Some(format!("#{color:06X}"));
    Class { index, schema_id: format!("s-{title}"), title: title.to_owned(), kind: kind.to_owned(), color, options: Vec::new(), parent: None }
}

/// Classes `cat` (a box of the colour of grass), `grass` and `road`, and one image with that brush mask.
pub(super) fn painted(tools: &[Value], png: Result<Vec<u8>, FetchError>) -> TestKit {
    let mut task = task("a.jpg", tools);
    task["task"]["brushDataUrl"] = json!(LINK);
    kit(&[task, super::task("b.jpg", &[])]).asset_bytes(LINK, png).change_project(|project| {
        project.tools = vec![class(0, "cat", "bounding-box", GRASS), class(1, "grass", "brush", GRASS), class(2, "road", "brush", ROAD)];
    })
}

/// Image, class, box, area and run lengths of an annotation.
type Painted = (u64, u64, Value, Value, Vec<u32>);

fn rows(kit: &TestKit, options: Value) -> (Vec<Painted>, Outcome) {
    let outcome = kit.run::<Coco>(&options.to_string());
    assert_eq!(kit.clone().shard_size(1).run::<Coco>(&options.to_string()).files, outcome.files);
    let value = converted(&outcome);
    let row = |row: &Value| {
        assert_eq!((&row["iscrowd"], &row["attributes"]), (&json!(0), &json!({"brush": true})));
        let mask = Rle::from_compressed(row["segmentation"]["counts"].as_str().unwrap(), 100, 80).unwrap();
        assert_eq!(row["area"], json!(mask.area()));
        let counts = mask.counts().to_vec();
        (row["id"].as_u64().unwrap(), row["category_id"].as_u64().unwrap(), row["bbox"].clone(), row["area"].clone(), counts)
    };
    let painted = value["annotations"].as_array().unwrap().iter().filter(|row| row["attributes"].get("brush").is_some()).map(row).collect();
    (painted, outcome)
}

#[test]
fn each_colour_is_an_instance_of_its_class() {
    let boxed = json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}});
    let png = mask(100, 80, &[(GRASS, 10, 10, 12, 14), (ROAD, 98, 78, 100, 80), (GRASS, 20, 0, 21, 1)]);
    let kit = painted(&[boxed], Ok(png));
    let (found, outcome) = rows(&kit, json!({}));
    let id = 1 << 52;
    assert_eq!(
        found,
        [
            (id, 2, json!([10, 0, 11, 14]), json!(9), vec![810, 4, 76, 4, 706, 1, 6399]),
            (id + 1, 3, json!([98, 78, 2, 2]), json!(4), vec![7918, 2, 78, 2]),
        ]
    );
    assert_eq!((converted(&outcome)["annotations"].as_array().unwrap().len(), outcome.lost.len()), (3, 0));

    let (found, outcome) = rows(&kit, json!({"brush": "parts", "min_area": 2, "empty": "drop"}));
    assert_eq!(found.iter().map(|row| (row.0, row.2.clone())).collect::<Vec<_>>(), [(id, json!([10, 10, 2, 4])), (id + 1, json!([98, 78, 2, 2]))]);
    assert_eq!(outcome.codes(), [("below-min-area", 1), ("image-empty", 1)].into());
    let (found, _) = rows(&kit, json!({"classes": {"merge": {"ground": ["grass", "road"]}}}));
    assert_eq!(found.iter().map(|row| (row.1, row.3.clone())).collect::<Vec<_>>(), [(2, json!(13))]);
}

#[test]
fn pixels_and_masks_that_are_nothing_are_reported() {
    let png = mask(100, 80, &[(0x12_3456, 0, 0, 5, 1), (ROAD, 0, 1, 4, 2)]);
    let (found, outcome) = rows(&painted(&[], Ok(png)), json!({"classes": {"exclude": ["road"]}}));
    assert_eq!((found.len(), outcome.codes()), (0, [("brush-color-unknown", 1), ("class-excluded", 1)].into()));
    assert!(outcome.lost[0].detail.contains("5 pixels") && outcome.lost[0].detail.contains("#123456"), "{}", outcome.lost[0].detail);
    for png in [Ok(mask(80, 100, &[])), Ok(mask(1000, 1000, &[])), Ok(b"\x89PNG".to_vec()), Err(FetchError::Denied), Err(FetchError::NotFound)] {
        let (found, outcome) = rows(&painted(&[], png), json!({}));
        assert_eq!((found.len(), outcome.codes()), (0, [("brush-unsupported", 1)].into()));
    }
    for options in [
        json!({"brush": "skip"}),
        json!({"task": "detection"}),
        json!({"task": "captions"}),
        json!({"task": "keypoints", "keypoints": {"names": ["nose"]}}),
    ] {
        let outcome = painted(&[], Ok(mask(100, 80, &[]))).run::<Coco>(&options.to_string());
        assert_eq!(outcome.codes(), [("brush-unsupported", 1)].into(), "{options}");
    }
    // Nobody knows which page was painted.
    let mut kit = painted(&[], Ok(mask(100, 80, &[(GRASS, 0, 0, 5, 5)])));
    kit.tasks_mut()[0].asset.pages = vec!["https://x.test/1".to_owned(), "https://x.test/2".to_owned()];
    let (found, outcome) = rows(&kit, json!({}));
    assert_eq!((found.len(), outcome.codes()["brush-unsupported"]), (0, 1));
}

#[test]
fn a_mask_without_pixels_is_no_instance() {
    let (found, outcome) = rows(&painted(&[], Ok(mask(100, 80, &[]))), json!({}));
    assert_eq!((found.len(), outcome.lost.len()), (0, 0));
}
