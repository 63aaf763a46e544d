#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Images from outside: a converter that writes one line for each.

use serde_json::{Value, json};

use super::*;
use crate::options::MissingSize;
use crate::testkit::{Outcome, TestKit};
use crate::{Converter, Info};

/// Writes a line for each image: name, size, ids, objects.
struct Lines;

#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
struct Options {
    on_missing_size: MissingSize,
    names: Names,
    frames: Frames,
    empty: Empty,
    stage: String,
    sizeless: bool,
}

impl Converter for Lines {
    type Options = Options;

    fn describe() -> Info {
        Info::new("lines", "1.0.0", "Lines", "lines").with_assets().with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let choice = Choice {
            on_missing_size: (!options.sizeless).then_some(options.on_missing_size),
            names: options.names,
            frames: options.frames,
            stage: options.stage,
        };
        let mut out = run.section("lines", 0, "");
        let mut list = ImageList::new(run, true);
        let mut images = Images::new(run, Format::new("Lines"), choice);
        while let Some(image) = images.next_image()? {
            let objects: Vec<String> = image.objects().map(|(at, object)| format!("{}={}", object.object_id, image.annotation_id(at))).collect();
            if image.is_left_out_empty(run, options.empty, objects.len() as u64) {
                continue;
            }
            list.add(&["x/", image.name].concat(), &image);
            let answers: Vec<&str> = image.classifications().map(|(_, answer)| answer.object_id.as_str()).collect();
            let size = image.size.map_or("?".to_owned(), |(width, height)| format!("{width}x{height}"));
            out.put(format!("{} {} {size} {} {}|{}\n", image.id(), image.name, image.url, objects.join(","), answers.join(",")).as_bytes());
        }
        out.finish();
        list.finish();
        Ok(())
    }
}

fn boxed(id: &str, page: Option<u32>) -> Value {
    let mut object = json!({"bounding-box": {"x": 0, "y": 0, "width": 1, "height": 1}, "objectId": id, "schemaId": "s", "title": "t"});
    if let Some(page) = page {
        object["page"] = json!(page);
    }
    object
}

fn task(name: &str, metadata: Value, objects: &[Value]) -> Value {
    json!({"asset": format!("u/{name}"), "externalId": name, "metadata": metadata, "batches": [],
        "task": {"taskId": name, "stage": "Complete", "tools": objects}})
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&Value::from(tasks).to_string()).unwrap()
}

fn sized() -> Value {
    json!({"width": 4, "height": 3})
}

fn lines(kit: &TestKit, options: &str) -> (String, Outcome) {
    let outcome = kit.run::<Lines>(options);
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(kit.clone().shard_size(1).run::<Lines>(options).files, outcome.files);
    (outcome.text("lines").unwrap().to_owned(), outcome)
}

#[test]
fn images_pages_and_frames_are_images() {
    let mut pages = task("d/p.tif", sized(), &[boxed("o1", Some(1)), boxed("o2", Some(0)), boxed("o3", Some(1))]);
    pages["dataset"] = json!(["u/1.png?x=.gif", "u/2", "u/3.PNG"]);
    pages["task"]["classifications"] = json!([
        {"tool": "radio", "answer": "a", "objectId": "c1", "schemaId": "q", "title": "q", "page": 2}, {"tool": "radio", "answer": "a", "objectId": "c2", "schemaId": "q", "title": "q"}]);
    let mut video = task(
        "v.mp4",
        json!({"width": 8, "height": 6, "frameTotal": 100, "frameRate": 25}),
        &[boxed("t", Some(7)), boxed("t", Some(9)), boxed("t", Some(10))],
    );
    video["task"]["tools"][2]["interpolationStopped"] = json!(true);
    let kit = kit(&[task("a.jpg", sized(), &[boxed("o", None)]), pages, video, task("b.jpg", sized(), &[])]);
    let (text, outcome) = lines(&kit.clone().asset_size("u/2", Ok((5, 5))), "{}");
    let high = |task: u64, page: u64| task + (page << 32);
    let want = [
        "1 a.jpg 4x3 u/a.jpg o=1|".to_owned(),
        "2 d/p.tif/000001.png 4x3 u/1.png?x=.gif o2=3|c2".to_owned(),
        format!("{} d/p.tif/000002.jpg 5x5 u/2 o1=2,o3=4|", high(2, 1)),
        format!("{} d/p.tif/000003.PNG 4x3 u/3.PNG |c1", high(2, 2)),
        format!("{} v.mp4/000008.jpg 8x6 u/v.mp4 t=5|", high(3, 7)),
        format!("{} v.mp4/000010.jpg 8x6 u/v.mp4 t=6|", high(3, 9)),
        "4 b.jpg 4x3 u/b.jpg |".to_owned(),
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), want);
    assert_eq!(outcome.codes(), [("classification-unsupported", 2), ("size-assumed", 1)].into());

    let (text, outcome) = lines(&kit, r#"{"frames":"skip","empty":"drop"}"#);
    assert_eq!(text.lines().count(), 1);
    assert_eq!(outcome.text("images.csv"), Some("file,url,width,height\r\nx/a.jpg,u/a.jpg,4,3\r\n"));
    assert_eq!(outcome.codes()[&"image-empty"], 1);
    assert_eq!((outcome.codes()[&"multi-page-unsupported"], outcome.codes()[&"video-unsupported"]), (1, 1));
}

#[test]
fn a_missing_size_is_fetched_skipped_or_an_error() {
    let kit = kit(&[task("a.jpg", json!({}), &[boxed("o", None)]), task("b.jpg", sized(), &[])]);
    let (text, outcome) = lines(&kit, "{}");
    assert_eq!((text.as_str(), outcome.codes()), ("2 b.jpg 4x3 u/b.jpg |\n", [("size-missing", 1)].into()));
    let granted = kit.clone().asset_size("u/a.jpg", Ok((9, 9)));
    assert!(lines(&granted, "{}").0.starts_with("1 a.jpg 9x9"));
    assert_eq!(lines(&granted, r#"{"on_missing_size":"skip"}"#).1.codes(), [("size-missing", 1)].into());
    let outcome = kit.run::<Lines>(r#"{"on_missing_size":"error"}"#);
    assert!(format!("{:?}", outcome.result).contains("task a.jpg: the export does not say the size"), "{:?}", outcome.result);
    let (text, outcome) = lines(&kit, r#"{"sizeless":true}"#);
    assert!(text.starts_with("1 a.jpg ? "), "{text}");
    assert_eq!(outcome.text("images.csv").unwrap().lines().nth(1), Some("x/a.jpg,u/a.jpg,,"));
    assert_eq!(outcome.codes(), [].into());
}

#[test]
fn what_is_no_image_is_reported_whether_sizes_are_asked_for_or_not() {
    let entity = |id: &str| json!({"ner": {"start": 1, "end": 2}, "objectId": id, "schemaId": "s", "title": "t"});
    let tasks = [
        task("call.mp3", json!({}), &[]),
        task("text", json!({}), &[entity("e")]),
        task("volume.nii.gz", json!({}), &[boxed("o", None)]),
        task("odd", json!({}), &[entity("e"), boxed("o", None)]),
        task("sized.txt", sized(), &[]),
    ];
    for options in ["{}", r#"{"sizeless":true}"#, r#"{"on_missing_size":"skip"}"#] {
        let (text, outcome) = lines(&kit(&tasks).asset_size("u/odd", Ok((1, 1))), options);
        assert_eq!((text.contains("sized.txt"), outcome.codes()["asset-unsupported"]), (true, 3), "{options}");
        assert_eq!(text.contains(" odd "), options != r#"{"on_missing_size":"skip"}"#);
    }
}

#[test]
fn pages_without_a_size_lose_their_objects_by_name() {
    let mut pages = task("p.tif", json!({}), &[boxed("o1", Some(0)), boxed("o2", Some(1))]);
    pages["dataset"] = json!(["u/1", "u/2", "u/3"]);
    let (text, outcome) = lines(&kit(&[pages]).asset_size("u/1", Ok((5, 5))), "{}");
    assert_eq!(text.lines().count(), 1);
    let lost: Vec<_> = outcome.lost.iter().map(|lost| (lost.code.as_str(), lost.object.as_deref())).collect();
    assert_eq!(lost, [("size-missing", Some("o2")), ("page-left-out", None)]);
}

#[test]
fn a_stage_is_taken_from_the_history_by_its_last_visit() {
    let visit = |stage: &str, id: &str, objects: &[Value]| json!({"stage": stage, "stageId": id, "duration": 1, "tools": objects, "classifications": [], "relations": []});
    let mut first = task("a.jpg", sized(), &[boxed("final", None)]);
    first["task"]["stageHistory"] = json!([
        visit("C_1", "i1", &[boxed("old", None)]),
        visit("C_2", "i2", &[]),
        visit("C_1", "i1", &[boxed("x", None), boxed("y", None), boxed("z", None)])
    ]);
    let mut now = task("b.jpg", sized(), &[boxed("current", None)]);
    now["task"]["stage"] = json!("C_1");
    let kit = kit(&[first, now, task("c.jpg", sized(), &[boxed("o", None)])]);
    for stage in [r#"{"stage":"C_1"}"#, r#"{"stage":"i1"}"#] {
        let (text, outcome) = lines(&kit, stage);
        assert!(text.contains("x=4294967297,y=4294967298,z=4294967299"), "{text}");
        let by_name = stage.contains("C_1");
        assert_eq!(text.contains("current=8589934593"), by_name, "{text}");
        assert_eq!(outcome.codes(), [("stage-missing", if by_name { 1 } else { 2 })].into());
    }
    assert!(lines(&kit, "{}").0.contains("final=1"));
}

#[test]
fn flat_names_have_no_folders() {
    let mut pages = task("d/p.tif", sized(), &[]);
    pages["dataset"] = json!(["u/1.png", "u/2.png"]);
    let (text, _) = lines(&kit(&[pages, task("a/b/c.jpg", sized(), &[])]), r#"{"names":"flat"}"#);
    let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(names, ["d__p.tif__000001.png", "d__p.tif__000002.png", "a__b__c.jpg"]);
}

#[test]
fn answers_end_where_they_hold_no_longer_and_come_by_page() {
    let answer = |id: &str, page: Option<u32>, stops: bool| json!({"tool": "radio", "answer": "a", "objectId": id, "schemaId": "q", "title": "q", "page": page, "interpolationStopped": stops});
    let mut video = task("v.mp4", json!({"width": 8, "height": 6, "frameRate": 25}), &[boxed("t", Some(2))]);
    video["task"]["classifications"] = json!([
        answer("c3", Some(3), false),
        answer("c1", None, false),
        answer("c4", Some(4), true),
        answer("c2", Some(2), false),
        answer("d3", Some(3), false)
    ]);
    let mut single = task("a.jpg", sized(), &[]);
    single["task"]["classifications"] = json!([answer("b", Some(5), false)]);
    // A page that an answer is about makes the asset one of pages.
    let (text, _) = lines(&kit(&[video, single]), "{}");
    let rows: Vec<&str> = text.lines().filter_map(|line| line.split_once(' ')).map(|(_, row)| row).collect();
    assert_eq!(rows, ["v.mp4/000003.jpg 8x6 u/v.mp4 t=1|c1,c2", "v.mp4/000004.jpg 8x6 u/v.mp4 |c3,d3", "a.jpg/000006.jpg 4x3 u/a.jpg |b"]);
}

#[test]
fn pages_of_a_document_have_the_size_that_its_areas_carry() {
    let area = |id: &str, page: u32, width: f64| json!({"pdf": {"x1": 1, "y1": 1, "x2": 2, "y2": 2, "width": width, "height": 20.4, "pageNumber": page}, "objectId": id, "schemaId": "s", "title": "t"});
    let document = task("d.pdf", json!({}), &[area("o1", 2, 10.5), area("o2", 1, 0.25), area("o3", 3, -4.0)]);
    let (text, outcome) = lines(&kit(std::slice::from_ref(&document)), "{}");
    let sizes: Vec<&str> = text.lines().filter_map(|line| line.split(' ').nth(2)).collect();
    assert_eq!((sizes, outcome.codes()), (vec!["1x20", "11x20"], [("size-missing", 1)].into()));
    let mut said = document;
    said["metadata"] = json!({"width": 7, "height": 8});
    assert!(lines(&kit(&[said]), "{}").0.contains(" 7x8 "));
}

/// Writes a line for each run of pixels that a brush painted.
struct Runs;

impl Converter for Runs {
    type Options = Options;

    fn describe() -> Info {
        Info::new("runs", "1.0.0", "Runs", "runs").with_assets()
    }

    fn convert(_: Options, run: &Run) -> Result<(), Failure> {
        let format = Format::new("Runs").with_brush();
        let mut brush = Brush::new(run, &crate::ClassTable::new(&run.project().tools, &crate::options::ClassOptions::default())?);
        let mut images = Images::new(run, format, Choice { on_missing_size: Some(MissingSize::Skip), ..Choice::default() });
        let mut out = run.section("lines", 0, "");
        while let Some(image) = images.next_image()? {
            for run in brush.read(run, &image, format) {
                out.put(format!("{} {} {}-{} {}\n", run.class, run.y, run.x0, run.x1, image.extra_id(3) - (1 << 52)).as_bytes());
            }
        }
        out.finish();
        Ok(())
    }
}

#[test]
fn a_brush_mask_is_read_by_exact_colours_where_it_is_not_transparent() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 4, 3);
    encoder.set_color(png::ColorType::Rgba);
    let (red, blue, clear, black) = ([255, 0, 0, 255], [0, 0, 255, 255], [255, 0, 0, 0], [0, 0, 0, 255]);
    let pixels = [[red, red, blue, clear], [black, [255, 0, 0, 128], [255, 0, 1, 255], red], [blue, clear, blue, blue]].concat().concat();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    let mut painted = task("a.jpg", sized(), &[]);
    painted["task"]["brushDataUrl"] = json!("u/brush");
    let class = |index: u32, kind: &str, color: &str| crate::Class {
        index,
        schema_id: format!("s{index}"),
        title: format!("t{index}"),
        kind: kind.to_owned(),
        color: Some(color.to_owned()),
        options: Vec::new(),
        parent: None,
    };
    let kit = kit(&[task("b.jpg", sized(), &[]), painted]).asset_bytes("u/brush", Ok(file)).change_project(|project| {
        project.tools = vec![class(0, "polygon", "#ff0000"), class(1, "brush", "#0000FF"), class(2, "brush", "#ff0000")];
    });
    let outcome = kit.run::<Runs>("{}");
    let want = "1 0 2-3 1048579\n1 2 0-1 1048579\n1 2 2-4 1048579\n2 0 0-2 1048579\n2 1 1-2 1048579\n2 1 3-4 1048579\n";
    assert_eq!((outcome.text("lines"), outcome.codes()), (Some(want), [("brush-color-unknown", 1)].into()));
    assert!(outcome.lost[0].detail.starts_with("1 pixels") && outcome.lost[0].detail.contains("#ff0001"), "{}", outcome.lost[0].detail);
}
