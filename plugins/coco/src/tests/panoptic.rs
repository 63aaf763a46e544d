use ango_plugin_sdk::png::Reader;
use ango_plugin_sdk::testkit::RunError;

use super::brush::{mask, painted};
use super::*;

const FOLDER: &str = "annotations/panoptic_default";

fn convert(kit: &TestKit, options: &Value) -> (Value, Outcome) {
    let mut options = options.clone();
    options["task"] = json!("panoptic");
    let outcome = kit.run::<Coco>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    let cut = kit.clone().shard_size(1).run::<Coco>(&options.to_string());
    assert_eq!((&cut.files, &cut.lost), (&outcome.files, &outcome.lost));
    let value: Value = serde_json::from_str(outcome.text(&format!("{FOLDER}.json")).unwrap()).unwrap();
    for row in value["annotations"].as_array().unwrap() {
        check(&outcome, row);
    }
    (value, outcome)
}

/// How many pixels of each id the PNG has, and where: as the format's own tools demand, those of the row and no others.
fn check(outcome: &Outcome, row: &Value) {
    let file = &outcome.files[&format!("{FOLDER}/{}", row["file_name"].as_str().unwrap())];
    let mut pixels = std::collections::BTreeMap::<u64, (u64, [u32; 4])>::new();
    let reader = Reader::new(file, 1 << 20).unwrap();
    reader
        .rows(|y, row| {
            for (x, [red, green, blue, alpha]) in (0..).zip(row) {
                assert_eq!(*alpha, 255);
                let id = u64::from(*red) + 256 * u64::from(*green) + 65536 * u64::from(*blue);
                let (count, [x0, y0, x1, y1]) = pixels.entry(id).or_insert((0, [x, y, x, y]));
                (*count, *x0, *y0, *x1, *y1) = (*count + 1, x.min(*x0), y.min(*y0), x.max(*x1), y.max(*y1));
            }
        })
        .unwrap();
    pixels.remove(&0);
    let want: std::collections::BTreeMap<u64, (u64, Value)> =
        pixels.into_iter().map(|(id, (count, [x0, y0, x1, y1]))| (id, (count, json!([x0, y0, x1 - x0 + 1, y1 - y0 + 1])))).collect();
    let segments = row["segments_info"].as_array().unwrap();
    let said =
        segments.iter().map(|segment| (segment["id"].as_u64().unwrap(), (segment["area"].as_u64().unwrap(), segment["bbox"].clone()))).collect();
    assert_eq!(want, said);
}

fn polygon(class: &str, x: f64, y: f64, side: f64) -> Value {
    json!({"polygon": square(x, y, side), "schemaId": format!("s-{class}"), "title": class})
}

#[test]
fn segments_of_the_png_are_those_of_the_row() {
    let tools = [
        polygon("sky", 0.0, 0.0, 20.0),
        polygon("cat", 10.0, 10.0, 20.0),
        polygon("sky", 60.0, 0.0, 10.0),
        polygon("cat", 12.0, 12.0, 4.0),
        polygon("dog", 40.0, 40.0, 5.0),
        polygon("cat", 39.0, 39.0, 10.0),
        polygon("dog", 50.2, 50.2, 0.2),
    ];
    let kit = kit(&[task("d/a.jpg", &tools), task("b.png", &[])]);
    let (value, outcome) = convert(&kit, &json!({"stuff": ["sky"]}));
    assert_eq!(
        value["categories"],
        json!([{"id": 1, "name": "sky", "supercategory": "", "isthing": 0, "color": [158, 55, 121]},
               {"id": 2, "name": "cat", "supercategory": "", "isthing": 1, "color": [60, 110, 242]},
               {"id": 3, "name": "dog", "supercategory": "", "isthing": 1, "color": [218, 166, 107]}])
    );
    let rows = &value["annotations"];
    assert_eq!((&rows[0]["file_name"], &rows[1]["file_name"], &rows[1]["segments_info"]), (&json!("d/a.png"), &json!("b.png"), &json!([])));
    let segments: Vec<_> =
        rows[0]["segments_info"].as_array().unwrap().iter().map(|s| (s["category_id"].clone(), s["area"].clone(), s["attributes"].clone())).collect();
    assert_eq!(
        segments,
        [
            (json!(1), json!(400 - 100 + 100), json!({"objects": [{"objectId": "o0"}, {"objectId": "o2"}]})),
            (json!(2), json!(400 - 16), json!({"objectId": "o1"})),
            (json!(2), json!(16), json!({"objectId": "o3"})),
            (json!(2), json!(100), json!({"objectId": "o5"})),
        ]
    );
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref().unwrap())).collect();
    assert_eq!(lost, [("zero-area", "o6"), ("object-covered", "o4")]);
    assert_eq!(value["images"].as_array().unwrap().len(), 2);
}

#[test]
fn what_a_brush_painted_is_stuff_under_all() {
    let boxed = json!({"bounding-box": {"x": 0, "y": 0, "width": 10, "height": 10}});
    let kit = painted(&[boxed], Ok(mask(100, 80, &[(0x2e_cc71, 5, 5, 15, 15), (0x2e_cc71, 50, 50, 52, 52), (0x34_495e, 1, 1, 2, 2)])));
    let (value, outcome) = convert(&kit, &json!({}));
    let kinds: Vec<_> =
        value["categories"].as_array().unwrap().iter().map(|category| (category["isthing"].clone(), category["color"].clone())).collect();
    assert_eq!(kinds, [(json!(1), json!([46, 204, 113])), (json!(0), json!([46, 204, 113])), (json!(0), json!([52, 73, 94]))]);
    let segments = |value: &Value| -> Vec<(u64, u64)> {
        let segments = value["annotations"][0]["segments_info"].as_array().unwrap();
        segments.iter().map(|s| (s["category_id"].as_u64().unwrap(), s["area"].as_u64().unwrap())).collect()
    };
    assert_eq!((segments(&value), outcome.lost.len()), (vec![(2, 75 + 4), (1, 100)], 0));
    let (value, _) = convert(&kit, &json!({"brush": "parts"}));
    assert_eq!(segments(&value), [(2, 75), (2, 4), (1, 100)]);
    let (value, outcome) = convert(&kit, &json!({"brush": "skip", "attributes": false}));
    assert_eq!((segments(&value), outcome.codes()), (vec![(1, 100)], [("brush-unsupported", 1)].into()));
}

#[test]
fn pixels_outside_the_image_there_are_none() {
    let kit = kit(&[task("a.jpg", &[polygon("cat", 90.0, 70.0, 20.0)])]);
    let (value, outcome) = convert(&kit, &json!({"outside": "keep"}));
    assert_eq!((&value["annotations"][0]["segments_info"][0]["area"], outcome.codes()), (&json!(100), [("clipped", 1)].into()));
    let (value, outcome) = convert(&kit, &json!({"outside": "drop", "empty": "drop"}));
    assert_eq!((&value["annotations"], outcome.codes()), (&json!([]), [("out-of-bounds", 1), ("image-empty", 1)].into()));
    assert_eq!(outcome.files.len(), 1);
    let mut huge = task("a.jpg", &[]);
    huge["metadata"] = json!({"width": 100_000, "height": 100_000});
    let (value, outcome) = convert(&super::kit(&[huge]), &json!({}));
    assert_eq!((&value["images"], outcome.codes()), (&json!([]), [("mask-too-large", 1)].into()));
}

#[test]
fn stuff_must_exist() {
    let outcome = kit(&[task("a.jpg", &[polygon("cat", 0.0, 0.0, 20.0)])]).run::<Coco>(r#"{"task":"panoptic","stuff":["cat","sky"]}"#);
    let Err(RunError::Failure(Failure::Options(error))) = outcome.result else { panic!("{:?}", outcome.result) };
    assert_eq!((error.pointer.as_str(), error.reason.as_str()), ("/stuff/1", "there is no class `sky`; there are `cat`"));
}
