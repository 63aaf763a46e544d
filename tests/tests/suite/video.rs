//! Videos: a record holds key frames, and its export all frames.

use ango_tests::archive::{entries, only, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, write};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// A tool on a frame.
fn tool(object: &str, page: u64, geometry: Value) -> Value {
    let mut tool = json!({"objectId": object, "schemaId": "aaaaaaaaaaaaaaaaaaaaaa1", "title": "Ship", "page": page,
        "metadata": {"createdAt": 1, "createdBy": "a@b.test"}, "classifications": [], "lock": true});
    tool.as_object_mut().unwrap().extend(geometry.as_object().unwrap().clone());
    tool
}

fn bounds(x: f64) -> Value {
    json!({"bounding-box": {"x": x, "y": 5, "width": 10, "height": 20}})
}

fn stopped(mut tool: Value) -> Value {
    tool["interpolationStopped"] = json!(true);
    tool
}

fn answer(page: u64, answer: &str) -> Value {
    json!({"objectId": "answer", "schemaId": "bbbbbbbbbbbbbbbbbbbbbb1", "title": "Weather", "tool": "radio", "answer": answer, "page": page, "classifications": []})
}

fn record(id: &str, metadata: &Value, tools: &[Value], answers: &[Value], history: &Value) -> Value {
    json!({"asset": format!("https://x.test/{id}.mp4"), "externalId": format!("{id}.mp4"), "metadata": metadata, "batches": [], "task": {
        "taskId": id, "stage": "Complete", "tools": tools, "classifications": answers, "relations": [], "stageHistory": history}})
}

/// A video of 20 frames with two ships, one of which leaves and comes back, and a question about some frames.
fn video() -> Value {
    let tools = [
        tool("far", 12, bounds(112.0)),
        tool("near", 0, bounds(0.0)),
        tool("near", 4, bounds(10.0)),
        stopped(tool("near", 6, bounds(10.0))),
        tool("near", 9, bounds(50.0)),
        tool("far", 2, bounds(102.0)),
    ];
    let visit = json!([{"stage": "Label", "duration": 1, "completedAt": "2024-01-01T00:00:00Z", "tools": [tool("near", 0, bounds(0.0)), tool("near", 2, bounds(4.0))],
        "classifications": [], "relations": []}]);
    record("v1", &json!({"width": 640, "height": 480, "frameTotal": 20, "frameRate": 25}), &tools, &[answer(3, "fog"), answer(18, "clear")], &visit)
}

/// Two images, so that a chunk holds both kinds, with pages that are no frames.
fn pages() -> Value {
    let mut record = record("p1", &json!({"frameTotal": 9}), &[tool("o", 0, bounds(1.0)), tool("o", 7, bounds(2.0))], &[], &json!([]));
    record["dataset"] = json!(["https://x.test/0.png", "https://x.test/1.png"]);
    record
}

fn project(folder: &Path, records: &[Value]) -> PathBuf {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    write(&folder.join("project"), PROJECT, lines.join("\n").as_bytes())
}

fn exported(storage: &Path) -> Vec<Value> {
    serde_json::from_str(&payload(&original(storage)).1).unwrap()
}

/// `objectId`, `page` and x of each box.
fn places(tools: &Value) -> Vec<(String, u64, f64)> {
    let place =
        |tool: &Value| (tool["objectId"].as_str().unwrap().to_owned(), tool["page"].as_u64().unwrap(), tool["bounding-box"]["x"].as_f64().unwrap());
    tools.as_array().unwrap().iter().map(place).collect()
}

#[test]
fn an_export_has_the_frames_between_and_key_frames_alone_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), &[video(), pages()]);
    let report = Cli::export(&project, folder.path().join("all")).args("--metadata --history").report(0);
    let all = exported(&folder.path().join("all"));
    let task = &all[0]["task"];
    let of = |object: &str| -> Vec<(u64, f64)> {
        places(&task["tools"]).into_iter().filter(|(id, ..)| id == object).map(|(_, page, x)| (page, x)).collect()
    };
    let near = [(0, 0.0), (1, 2.5), (2, 5.0), (3, 7.5), (4, 10.0), (5, 10.0), (6, 10.0), (9, 50.0)];
    assert_eq!(of("near")[..8], near);
    // Nothing ends it, so it is held to the end of the video.
    assert_eq!(of("near")[8..], (10..20).map(|page| (page, 50.0)).collect::<Vec<_>>());
    let mut far = of("far");
    far.sort_by_key(|(page, _)| *page);
    assert_eq!(far, (2..20).map(|page| (page, 100.0 + page.min(12) as f64)).collect::<Vec<_>>());
    let stops = task["tools"].as_array().unwrap().iter().filter(|tool| tool["interpolationStopped"] == true).count();
    assert_eq!(stops, 1);
    // A computed frame is its key frame in another place.
    let third = task["tools"].as_array().unwrap().iter().find(|tool| tool["objectId"] == "near" && tool["page"] == 3).unwrap();
    assert_eq!(third, &tool("near", 3, bounds(7.5)));
    let answers: Vec<(u64, &str)> =
        task["classifications"].as_array().unwrap().iter().map(|a| (a["page"].as_u64().unwrap(), a["answer"].as_str().unwrap())).collect();
    assert_eq!(answers, (3..20).map(|page| (page, if page < 18 { "fog" } else { "clear" })).collect::<Vec<_>>());
    assert_eq!(
        places(&task["stageHistory"][0]["tools"]).iter().map(|(_, page, x)| (*page, *x)).take(3).collect::<Vec<_>>(),
        [(0, 0.0), (1, 2.0), (2, 4.0)]
    );
    assert_eq!(all[1], pages(), "pages of an asset are no frames");
    assert_eq!(report["input"]["objects"], task["tools"].as_array().unwrap().len() + 2);

    Cli::export(&project, folder.path().join("keys")).args("--metadata --history --only-key-frames").expect(0);
    assert_eq!(exported(&folder.path().join("keys")), [video(), pages()]);
}

/// The tasks as the plugin saw them.
fn seen(to: &Path) -> String {
    let entry = entries(&only(to, ".hostile.zip")).into_iter().find(|entry| entry.0 == "tasks.txt").unwrap();
    String::from_utf8(entry.1).unwrap()
}

#[test]
fn a_plugin_sees_the_frames_that_the_original_export_has() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), &[pages(), video(), pages()]);
    let path = |name: &str| folder.path().join(name);
    for evil in ["show-typed", "next-packed-max"] {
        let plugin = |cli: Cli| cli.arg("--plugin").arg(HOSTILE).arg("--option").arg(format!("evil={evil}"));
        plugin(Cli::export(&project, path(&format!("all-{evil}")))).args("--metadata --history").expect(0);
        // The export holds every frame, and is taken as it is.
        let export = original(&path(&format!("all-{evil}")));
        plugin(Cli::convert(&export, path(&format!("again-{evil}")))).expect(0);
        assert_eq!(seen(&path(&format!("all-{evil}"))), seen(&path(&format!("again-{evil}"))));
    }
    // An export of key frames can be given its frames again.
    let plugin = |cli: Cli| cli.arg("--plugin").arg(HOSTILE).args("--option evil=show-typed");
    Cli::export(&project, path("keys")).args("--metadata --history --only-key-frames").expect(0);
    plugin(Cli::convert(original(&path("keys")), path("bare"))).expect(0);
    plugin(Cli::convert(original(&path("keys")), path("full"))).arg("--interpolate").expect(0);
    assert_eq!(seen(&path("full")), seen(&path("all-show-typed")));
    assert_ne!(seen(&path("bare")), seen(&path("full")));
}

#[test]
fn the_grouped_form_is_read_and_exported_flat() {
    let folder = tempfile::tempdir().unwrap();
    let mut grouped = video();
    let frames = json!([{"page": 0, "bounding-box": {"x": 0, "y": 5, "width": 10, "height": 20}},
        {"page": 4, "bounding-box": {"x": 8, "y": 5, "width": 10, "height": 20}, "interpolationStopped": true}]);
    grouped["task"]["tools"] =
        json!([{"schemaId": "aaaaaaaaaaaaaaaaaaaaaa1", "objectId": "o", "title": "Ship", "classifications": [], "frames": frames}]);
    let project = project(folder.path(), &[grouped]);
    Cli::export(&project, folder.path().join("out")).args("--plugin yolo").run();
    let tools = exported(&folder.path().join("out"))[0]["task"]["tools"].clone();
    // A stop's own geometry does not count.
    assert_eq!(places(&tools).iter().map(|(_, page, x)| (*page, *x)).collect::<Vec<_>>(), [(0, 0.0), (1, 0.0), (2, 0.0), (3, 0.0), (4, 8.0)]);
    assert!(tools.as_array().unwrap().iter().all(|tool| tool["title"] == "Ship" && tool.get("frames").is_none()));
}

#[test]
fn a_video_of_more_frames_than_there_can_be_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let endless = record("v9", &json!({"frameTotal": 4_000_000_000u32, "frameRate": 30}), &[tool("o", 0, bounds(1.0))], &[], &json!([]));
    let project = project(folder.path(), &[video(), endless]);
    let run = Cli::export(&project, folder.path().join("out")).expect(5);
    assert!(run.stderr.contains("line 2") && run.stderr.contains("task v9") && run.stderr.contains("task.tools"), "{run}");
    assert!(run.stderr.contains("frames of a video list come to 3999999999") && run.stderr.contains("frameTotal"), "{run}");
    assert!(ango_tests::archive::list(&folder.path().join("out")).is_empty());
    Cli::export(&project, folder.path().join("keys")).arg("--only-key-frames").expect(0);
}

#[test]
fn a_few_bytes_do_not_become_more_than_a_disk_holds() {
    let folder = tempfile::tempdir().unwrap();
    let ring: Vec<[u32; 2]> = (0..20_000).map(|index| [index, index]).collect();
    let endless = record("v9", &json!({"frameTotal": 40_000_000, "frameRate": 30}), &[tool("o", 0, json!({"polygon": ring}))], &[], &json!([]));
    let project = project(folder.path(), &[endless]);
    let run = Cli::export(&project, folder.path().join("out")).expect(5);
    assert!(run.stderr.contains("task v9") && run.stderr.contains("GiB with all its frames: export the key frames only"), "{run}");
}

#[test]
fn many_frames_are_saved_though_no_plugin_could_hold_them() {
    let folder = tempfile::tempdir().unwrap();
    // 300,000 frames of some 250 bytes, from one key frame.
    let long = record("long", &json!({"frameTotal": 300_000, "frameRate": 30}), &[tool("o", 0, bounds(1.0))], &[], &json!([]));
    let project = project(folder.path(), &[long, video()]);
    let run = Cli::export(&project, folder.path().join("out")).args("--metadata --format ndjson --max-record-mib 8 --plugin coco").run();
    assert_eq!(run.code, 4, "{run}");
    assert!(run.stderr.contains("task long takes more than 8 MiB with its computed frames") && run.stderr.contains("--only-key-frames"), "{run}");
    let (_, text) = payload(&original(&folder.path().join("out")));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    let long: Value = serde_json::from_str(lines[0]).unwrap();
    let tools = long["task"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 300_000);
    assert!((0..).zip(tools).all(|(page, tool)| tool["page"] == page));
}

#[test]
fn frames_do_not_depend_on_workers_or_on_what_else_is_in_a_chunk() {
    let folder = tempfile::tempdir().unwrap();
    // Each becomes half a MiB, so that a chunk of them is several portions.
    let many: Vec<Value> = (0..60)
        .map(|index| record(&format!("t{index}"), &json!({"frameTotal": 3000, "frameRate": 30}), &[tool("o", index, bounds(1.5))], &[], &json!([])))
        .collect();
    let project = project(folder.path(), &many);
    let zips = |name: &str, args: &str| {
        let storage = folder.path().join(name);
        Cli::export(&project, &storage).args("--metadata --plugin").arg(HOSTILE).args("--option evil=show-typed").args(args).expect(0);
        (std::fs::read(original(&storage)).unwrap(), seen(&storage))
    };
    let (one, tasks) = zips("one", "--workers 1");
    let (four, same) = zips("four", "--workers 4");
    assert!(one == four && tasks == same);
    let all = exported(&folder.path().join("one"));
    assert_eq!(all.len(), 60);
    assert!((0..).zip(&all).all(|(index, record)| record["task"]["tools"].as_array().unwrap().len() == 3000 - index));
}
