#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::collections::BTreeMap;

use ango_plugin_sdk::rle::Rle;
use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
use serde_json::{Value, json};

use super::*;

/// A video of 320 × 240 pixels and 10 frames at 5 a second.
fn video(name: &str, tools: &[Value]) -> Value {
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "batches": [],
           "metadata": {"width": 320, "height": 240, "frameTotal": 10, "frameRate": 5},
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

/// A shape of a track on a frame.
fn on(frame: u32, id: &str, title: &str, shape: Value) -> Value {
    let mut tool = shape;
    for (key, value) in [("page", json!(frame)), ("objectId", json!(id)), ("schemaId", json!(format!("s-{title}"))), ("title", json!(title))] {
        tool[key] = value;
    }
    tool
}

fn boxed(x: f64, y: f64, width: f64, height: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": y, "width": width, "height": height}})
}

fn polygon(points: &[[f64; 2]]) -> Value {
    json!({"polygon": points})
}

fn stop(mut tool: Value) -> Value {
    tool["interpolationStopped"] = json!(true);
    tool
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

fn run(tools: &[Value], options: &Value) -> Outcome {
    let outcome = kit(&[video("street.mp4", tools)]).run::<Mot>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    outcome
}

fn rows(outcome: &Outcome) -> Vec<&str> {
    outcome.text("train/street/gt/gt.txt").unwrap().lines().collect()
}

#[test]
fn the_whole_data_set_is_as_written_here() {
    let tools = [
        on(1, "a", "Pedestrian", boxed(20.0, 30.0, 40.0, 50.5)),
        on(0, "b", "car", boxed(0.0, 0.0, 320.0, 240.0)),
        on(0, "a", "Pedestrian", boxed(10.0, 20.0, 40.0, 50.0)),
        on(2, "a", "Pedestrian", boxed(30.125, 40.0, 40.0, 50.0)),
        stop(on(3, "a", "Pedestrian", boxed(30.0, 40.0, 40.0, 50.0))),
    ];
    let outcome = kit(&[video("day 1/street.mp4", &tools)]).run::<Mot>("{}");
    let files: Vec<(&str, &str)> = outcome.files.keys().map(|path| (path.as_str(), outcome.text(path).unwrap())).collect();
    assert_eq!(
        files,
        [
            ("images.csv", "file,url,width,height\r\ntrain/day 1__street/img1/%06d.jpg,https://x.test/day 1/street.mp4,320,240\r\n"),
            ("seqmaps/MOT16-train.txt", "name\nday 1__street\n"),
            ("train/day 1__street/gt/gt.txt", "1,1,11,21,40,50,1,1,1\n1,2,1,1,320,240,1,3,1\n2,1,21,31,40,50.5,1,1,1\n3,1,31.125,41,40,50,1,1,1\n"),
            (
                "train/day 1__street/seqinfo.ini",
                "[Sequence]\nname=day 1__street\nimDir=img1\nframeRate=5\nseqLength=10\nimWidth=320\nimHeight=240\nimExt=.jpg\n"
            ),
        ]
    );
    assert_eq!((&outcome.lost[..], &outcome.logs[..]), (&[][..], &[][..]));
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools = |at: u32| {
        let mut tools: Vec<Value> = (0..at).map(|frame| on(frame, "a", "car", boxed(f64::from(frame), 2.0, 30.0, 40.0))).collect();
        tools.push(on(at, "b", "dog", polygon(&[[1.0, 1.0], [50.0, 1.0], [20.0, 60.0]])));
        tools.push(on(at, "c", "dog", json!({"point": [1, 2]})));
        tools
    };
    let tasks: Vec<Value> = (0..9).map(|at| video(&format!("{at}.mp4"), &tools(at))).collect();
    for options in [r#"{"split":{"by":"ratio","val_ratio":0.4}}"#, r#"{"class_ids":"own"}"#, r#"{"format":"mots","png":true}"#] {
        let whole = kit(&tasks).run::<Mot>(options);
        assert_eq!(whole.result, Ok(()));
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Mot>(options);
            assert_eq!((&cut.files, &cut.lost, &cut.logs), (&whole.files, &whole.lost, &whole.logs), "{size} tasks a shard");
        }
    }
}

#[test]
fn ids_are_once_on_a_frame_and_a_stop_is_no_row() {
    let outcome = run(
        &[
            on(4, "a", "car", boxed(1.0, 1.0, 5.0, 5.0)),
            on(4, "a", "car", boxed(9.0, 1.0, 5.0, 5.0)),
            stop(on(5, "a", "car", boxed(1.0, 1.0, 5.0, 5.0))),
            on(7, "a", "car", boxed(3.0, 1.0, 5.0, 5.0)),
            stop(on(2, "never there", "car", boxed(1.0, 1.0, 5.0, 5.0))),
        ],
        &json!({"origin": 0}),
    );
    assert_eq!(rows(&outcome), ["5,1,1,1,5,5,1,3,1", "8,1,3,1,5,5,1,3,1"]);
    assert_eq!(outcome.codes(), [("duplicate", 1)].into());
}

#[test]
fn class_ids_are_those_of_the_benchmark_or_listed() {
    let tools = [on(0, "a", "Person_on-vehicle", boxed(1.0, 1.0, 5.0, 5.0)), on(0, "b", "dog", boxed(1.0, 1.0, 5.0, 5.0))];
    let ids = |tools: &[Value], options: Value| {
        let outcome = run(tools, &options);
        let ids: Vec<String> = rows(&outcome).iter().map(|row| row.split(',').skip(6).take(2).collect::<Vec<_>>().join(" ")).collect();
        (ids, outcome.text("train/street/gt/labels.txt").map(str::to_owned), outcome)
    };
    let own = ids(&tools, json!({}));
    assert_eq!((own.0, own.1.as_deref()), (vec!["1 1".to_owned(), "1 2".to_owned()], Some("Person_on-vehicle\ndog\n")));
    assert_eq!(own.2.logs.len(), 1);
    assert_eq!(ids(&tools[..1], json!({})).0, ["1 2"]);
    assert_eq!(ids(&tools[..1], json!({"class_ids": "own"})).0, ["1 1"]);
    let official = ids(&tools, json!({"class_ids": "official"}));
    assert_eq!((official.0, official.1), (vec!["1 2".to_owned()], None));
    assert_eq!(official.2.codes(), [("class-unmapped", 1)].into());
    assert_eq!(ids(&tools, json!({"classes": {"rename": {"dog": "reflection"}}, "ignored": ["reflection"]})).0, ["1 2", "0 12"]);
    // Two tools of one title, and a title that is not one line.
    let same = [
        on(0, "a", "dog", boxed(1.0, 1.0, 5.0, 5.0)),
        json!({"bounding-box": {"x": 1, "y": 1, "width": 3, "height": 3}, "page": 0, "objectId": "b",
                "schemaId": "s-other", "title": "dog"}),
        on(0, "c", " a\nb ", boxed(1.0, 1.0, 5.0, 5.0)),
    ];
    assert_eq!(ids(&same, json!({})).1.unwrap(), "dog\na b\n");
    let unknown = kit(&[video("a.mp4", &tools)]).run::<Mot>(r#"{"ignored":["cat"]}"#);
    assert!(matches!(unknown.result, Err(RunError::Failure(Failure::Options(error))) if error.pointer == "/ignored/0"));
}

#[test]
fn a_class_without_area_does_not_make_the_others_unofficial() {
    let tools = [on(0, "a", "car", boxed(1.0, 1.0, 5.0, 5.0)), on(0, "b", "nose", json!({"point": [1, 2]}))];
    let outcome = run(&tools, &json!({}));
    assert_eq!(rows(&outcome), ["1,1,2,2,5,5,1,3,1"]);
    assert_eq!(outcome.codes(), [("geometry-unsupported", 1)].into());
}

#[test]
fn what_is_no_box_is_the_box_around_it() {
    let corners = [[10.0, 0.0], [0.0, 10.0], [10.0, 20.0], [20.0, 10.0]];
    let turned = json!({"rotated-bounding-box": {"x": 10, "y": 0, "width": 14.14, "height": 14.14, "rotation": 45, "corners": corners}});
    let outcome = run(
        &[
            on(0, "a", "car", turned),
            on(0, "b", "car", polygon(&[[300.0, 200.0], [340.0, 200.0], [300.0, 230.0]])),
            on(0, "c", "car", boxed(5.0, 5.0, 1e-4, 5.0)),
            on(0, "d", "car", boxed(5.0, 5.0, 1e12, 5.0)),
        ],
        &json!({}),
    );
    assert_eq!(rows(&outcome), ["1,1,1,1,20,20,1,3,1", "1,2,301,201,20,30,1,3,1"]);
    let want = [("clipped", 1), ("coordinates-unusable", 1), ("rotation-dropped", 1), ("shape-reduced-to-box", 1), ("zero-area", 1)];
    assert_eq!(outcome.codes(), want.into());
}

#[test]
fn gaps_are_told_once_a_track() {
    let tools = [
        on(0, "a", "car", boxed(0.0, 0.0, 10.0, 10.0)),
        on(2, "a", "car", boxed(4.0, 0.0, 10.0, 10.0)),
        on(4, "a", "car", boxed(40.0, 8.0, 14.0, 10.0)),
        stop(on(5, "a", "car", boxed(40.0, 8.0, 14.0, 10.0))),
        on(8, "a", "car", boxed(30.0, 0.0, 10.0, 10.0)),
        on(3, "b", "car", boxed(31.0, 0.0, 10.0, 10.0)),
    ];
    let outcome = run(&tools, &json!({}));
    assert_eq!(rows(&outcome).len(), 5);
    assert_eq!(outcome.codes(), [("track-gap", 1)].into());
    assert_eq!((outcome.lost[0].object.as_deref(), &outcome.lost[0].detail[..8]), (Some("a"), "2 frames"));
}

#[test]
fn what_the_export_does_not_say_of_the_sequence_is_told() {
    let tools = [on(12, "a", "car", boxed(1.0, 1.0, 5.0, 5.0)), on(u32::MAX, "z", "car", boxed(1.0, 1.0, 5.0, 5.0))];
    let info = |metadata: Value, tools: &[Value]| {
        let mut task = video("street.mp4", tools);
        task["metadata"] = metadata;
        let outcome = kit(&[task]).run::<Mot>("{}");
        let info = outcome.text("train/street/seqinfo.ini").map(|text| text.split('\n').skip(3).take(2).collect::<Vec<_>>().join(" "));
        (info, outcome.codes().into_keys().map(str::to_owned).collect::<Vec<_>>().join(" "))
    };
    let size = |more: Value| {
        let mut metadata = json!({"width": 320, "height": 240});
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        metadata
    };
    for (metadata, tools, want, codes) in [
        (size(json!({"frameRate": 29.97, "frameTotal": 20})), &tools[..1], "frameRate=30 seqLength=20", "frame-rate-rounded"),
        (size(json!({"frameRate": 25})), &tools[..1], "frameRate=25 seqLength=13", "frame-count-assumed"),
        (size(json!({"frameRate": 25, "frameTotal": 9})), &tools[..1], "frameRate=25 seqLength=13", "frame-count-exceeded"),
        (size(json!({"frameTotal": 99})), &tools[..1], "frameRate=30 seqLength=99", "frame-rate-assumed size-assumed"),
        (size(json!({"frameRate": 25})), &[][..], "frameRate=25 seqLength=1", "frame-count-assumed"),
        (
            size(json!({"frameRate": 1e300, "frameTotal": 2})),
            &tools[1..],
            "frameRate=30 seqLength=4294967296",
            "frame-count-exceeded frame-rate-rounded",
        ),
    ] {
        assert_eq!(info(metadata, tools), (Some(want.to_owned()), codes.to_owned()));
    }
    assert_eq!(info(json!({"frameRate": 25}), &tools[..1]), (None, "size-missing".to_owned()));
}

#[test]
fn pages_are_a_sequence_and_an_image_is_none() {
    let mut pages = video("scan.v2.tif", &[on(1, "a", "car", boxed(1.0, 1.0, 5.0, 5.0))]);
    pages["metadata"] = json!({"width": 100, "height": 80});
    pages["dataset"] = json!(["https://x.test/1.png", "https://x.test/2.png"]);
    let mut image = video("a.jpg", &[]);
    image["metadata"] = json!({"width": 100, "height": 80});
    let tasks = kit(&[pages, image]).asset_size("https://x.test/2.png", Ok((100, 80)));
    let outcome = tasks.run::<Mot>("{}");
    assert_eq!(outcome.text("train/scan.v2/gt/gt.txt"), Some("2,1,2,2,5,5,1,3,1\n"));
    assert!(outcome.text("train/scan.v2/seqinfo.ini").unwrap().contains("frameRate=30\nseqLength=2\nimWidth=100\nimHeight=80\nimExt=.png\n"));
    let list = "file,url,width,height\r\ntrain/scan.v2/img1/000001.png,https://x.test/1.png,100,80\r\n\
                train/scan.v2/img1/000002.png,https://x.test/2.png,100,80\r\n";
    assert_eq!(outcome.text("images.csv"), Some(list));
    assert_eq!(outcome.codes(), [("frame-rate-assumed", 1), ("not-a-video", 1)].into());
    let skipped = tasks.run::<Mot>(r#"{"pages":"skip","images_csv":false}"#);
    assert_eq!(skipped.codes(), [("multi-page-unsupported", 1), ("not-a-video", 1)].into());
    assert_eq!(skipped.files.into_keys().collect::<Vec<_>>(), ["seqmaps/MOT16-train.txt"]);
}

#[test]
fn folders_are_portable_and_unique() {
    let names = ["a.mp4", "a .mp4", "a..mp4", "x/a.mp4", "x__a.mp4", "a, \"b\".mp4", "CON.mp4", ".hidden", "A.avi", ""];
    let outcome = kit(&names.map(|name| video(name, &[]))).run::<Mot>("{}");
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(outcome.files.keys().filter(|path| path.ends_with("gt.txt")).count(), names.len());
    assert!(outcome.text("seqmaps/MOT16-train.txt").unwrap().contains("\n\"a, _b_\"\n"));
}

/// The masks of every frame by id, which must not overlap.
fn masks(outcome: &Outcome) -> BTreeMap<(u32, u32), (u32, Vec<bool>)> {
    let mut masks: BTreeMap<(u32, u32), (u32, Vec<bool>)> = BTreeMap::new();
    let mut taken: BTreeMap<u32, Vec<bool>> = BTreeMap::new();
    for row in rows(outcome) {
        let columns: Vec<&str> = row.split(' ').collect();
        let [frame, id, class, height, width] = [0, 1, 2, 3, 4].map(|at: usize| columns[at].parse::<u32>().unwrap());
        let pixels = Rle::from_compressed(columns[5], width, height).unwrap().pixels();
        let taken = taken.entry(frame).or_insert_with(|| vec![false; pixels.len()]);
        for (taken, set) in taken.iter_mut().zip(&pixels).filter(|(_, set)| **set) {
            assert!(!std::mem::replace(taken, *set), "{row}");
        }
        assert!(masks.insert((frame, id), (class, pixels)).is_none(), "{row}");
    }
    masks
}

fn count(mask: &(u32, Vec<bool>)) -> usize {
    mask.1.iter().filter(|set| **set).count()
}

#[test]
fn masks_do_not_overlap_and_what_is_on_top_stays() {
    let ring = |x: f64, y: f64, side: f64| json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side]]);
    let holed = json!({"segmentation": {"zones": [{"region": ring(10.0, 10.0, 40.0), "holes": [ring(20.0, 20.0, 10.0)]}, {"region": ring(100.0, 10.0, 5.0), "holes": []}]}});
    let outcome = run(
        &[
            on(0, "a", "pedestrian", holed),
            on(0, "b", "car", boxed(30.0, 30.0, 100.0, 20.0)),
            on(0, "c", "car", boxed(60.0, 35.0, 10.0, 10.0)),
            on(0, "below", "car", boxed(62.0, 37.0, 2.0, 2.0)),
            on(0, "d", "car", boxed(60.0, 35.0, 10.0, 10.0)),
            on(1, "c", "car", boxed(0.1, 0.1, 0.2, 0.2)),
            on(1, "a", "pedestrian", boxed(300.0, 200.0, 50.0, 60.0)),
        ],
        &json!({"format": "mots"}),
    );
    let masks = masks(&outcome);
    let sizes: Vec<(u32, u32, u32, usize)> = masks.iter().map(|((frame, id), mask)| (*frame, *id, mask.0, count(mask))).collect();
    assert_eq!(sizes, [(1, 1001, 1, 2000 - 100), (1, 1004, 1, 100), (1, 2001, 2, 1600 - 100 + 25 - 400), (2, 2001, 2, 20 * 40)]);
    // Column by column: pixel (300, 200) is set, and its left and upper neighbours are not.
    let (_, pixels) = &masks[&(2, 2001)];
    assert!(pixels[300 * 240 + 200] && !pixels[299 * 240 + 200] && !pixels[300 * 240 + 199]);
    assert_eq!(outcome.codes(), [("clipped", 1), ("no-pixels", 1), ("object-covered", 2), ("overlap-cut", 2)].into());
    assert!(outcome.files.contains_key("seqmaps/MOTS-train.txt"));
}

#[test]
fn ignored_objects_are_one_region_of_a_frame() {
    let tools = [
        on(0, "a", "car", boxed(0.0, 0.0, 10.0, 10.0)),
        on(0, "x", "crowd", boxed(20.0, 0.0, 10.0, 10.0)),
        on(0, "y", "crowd", boxed(40.0, 0.0, 10.0, 10.0)),
    ];
    let outcome = run(&tools, &json!({"format": "mots", "ignored": ["crowd"], "png": true}));
    let masks = masks(&outcome);
    assert_eq!(masks.keys().copied().collect::<Vec<_>>(), [(1, 1001), (1, 10_000)]);
    assert_eq!(count(&masks[&(1, 10_000)]), 200);
    assert_eq!(outcome.lost, []);
    let reader = ango_plugin_sdk::png::Reader::new(&outcome.files["train/street/instances/000001.png"], 1 << 20).unwrap();
    assert_eq!(reader.size(), (320, 240));
}

#[test]
fn there_is_room_for_999_instances_and_for_ids_of_16_bits() {
    let tools: Vec<Value> =
        (0..1001).map(|at| on(0, &format!("o{at}"), "car", boxed(f64::from(at % 40) * 8.0, f64::from(at / 40) * 8.0, 8.0, 8.0))).collect();
    let outcome = run(&tools, &json!({"format": "mots"}));
    assert_eq!(masks(&outcome).len(), 999);
    assert_eq!(outcome.codes(), [("too-many-instances", 2)].into());
    let tools: Vec<Value> = (0..70).map(|at| on(0, &format!("o{at}"), &format!("class {at}"), boxed(f64::from(at), 0.0, 1.0, 1.0))).collect();
    let own = run(&tools, &json!({"format": "mots"}));
    // Class 10 is the region to ignore, so that no class of one's own has this id.
    assert!(masks(&own).values().all(|(class, _)| *class != 10));
    assert_eq!(masks(&own).len(), 70);
    assert_eq!(own.text("train/street/gt/labels.txt").unwrap().lines().nth(9), Some("ignored"));
    let png = run(&tools, &json!({"format": "mots", "png": true}));
    assert_eq!(png.codes(), [("mask-id-too-large", 6)].into());
}

#[test]
fn an_image_beyond_run_lengths_is_told() {
    let mut task = video("street.mp4", &[on(0, "a", "car", boxed(0.0, 0.0, 10.0, 10.0))]);
    task["metadata"]["width"] = json!(4_000_000_000_u32);
    let outcome = kit(&[task]).run::<Mot>(r#"{"format":"mots"}"#);
    assert_eq!((outcome.result.clone(), outcome.codes()), (Ok(()), [("mask-too-large", 1)].into()));
}

#[test]
fn the_schema_says_what_the_options_are() {
    let schema: Value = serde_json::from_str(&Mot::describe().options_schema).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let defaults: serde_json::Map<String, Value> =
        properties.iter().filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone()))).collect();
    let options: Options = serde_json::from_value(Value::Object(defaults)).unwrap();
    assert_eq!(format!("{options:?}"), format!("{:?}", Options::default()));
    assert!(properties.values().all(|property| property["description"].is_string()));
}
