#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::collections::BTreeMap;

use ango_plugin_sdk::testkit::{Outcome, RunError, TestKit};
use ango_plugin_sdk::{Class, Geometry, Span};
use serde_json::{Value, json};

use super::*;

mod time;
use time::worked;

/// One task with these tools, of an image of 100 × 80 pixels.
fn task(name: &str, tools: &[Value]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .enumerate()
        .map(|(at, tool)| {
            let mut tool = tool.clone();
            let fields = tool.as_object_mut().unwrap();
            for (key, value) in [("objectId", format!("o{at}")), ("schemaId", "s-cat".to_owned()), ("title", "cat".to_owned())] {
                fields.entry(key).or_insert(value.into());
            }
            tool
        })
        .collect();
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {"width": 100, "height": 80}, "batches": ["North", "b,2"],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn answer(id: &str, schema: &str, answer: Value, nested: &[Value]) -> Value {
    json!({"objectId": id, "schemaId": schema, "tool": "radio", "title": format!("Q {schema}"), "answer": answer, "classifications": nested})
}

fn boxed() -> Value {
    json!({"bounding-box": {"x": 1.5, "y": 2, "width": 10, "height": 20.25}})
}

/// Every geometry that an export can have.
fn every_geometry() -> Vec<Value> {
    let square = |x: i32, side: i32| json!([[x, x], [x + side, x], [x + side, x + side], [x, x + side]]);
    vec![
        boxed(),
        json!({"rotated-bounding-box": {"x": 30, "y": 10, "width": 20, "height": 10, "rotation": 90, "corners": [[30, 10], [20, 10], [20, 30], [30, 30]]}}),
        json!({"polygon": square(0, 10)}),
        json!({"polyline": [[1, 2], [3.125, 4]]}),
        json!({"segmentation": {"zones": [{"region": square(0, 10), "holes": [square(2, 4)]}, {"region": square(40, 5), "holes": []}, {"region": [], "holes": []},
            {"region": [[70, 70], [90, 90], [70, 70]], "holes": []}]}}),
        json!({"point": [5, 6.5]}),
        json!({"spline": [[1, 1], [2, 3], [5, 8]]}),
        json!({"ner": {"start": 4, "end": 9, "selection": "brown"}}),
        json!({"pdf": {"position": {"boundingRect": {"x1": 10, "y1": 20, "x2": 60, "y2": 30, "width": 100, "height": 200},
            "rects": [{"x1": 10, "y1": 20, "x2": 30, "y2": 30, "width": 100, "height": 200}], "pageNumber": 2}, "content": {"text": "Post AG"}}}),
        json!({"medical-brush": true}),
        json!({"cuboid": {"center": [1, 2, 3]}, "extraKey": {"x": [1]}}),
    ]
}

fn kit(tasks: &[Value]) -> TestKit {
    TestKit::from_json(&json!(tasks).to_string()).unwrap()
}

fn run(tasks: &[Value], options: Value) -> Outcome {
    let outcome = kit(tasks).run::<Table>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    outcome
}

/// The rows of a CSV or TSV file by the rules of RFC 4180, each by its column's name.
fn rows(outcome: &Outcome, path: &str) -> Vec<BTreeMap<String, String>> {
    let separator = if path.ends_with(".tsv") { '\t' } else { ',' };
    let text = outcome.text(path).unwrap_or_else(|| panic!("{path} of {:?}", outcome.files.keys()));
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            c if c == separator && !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.next_if_eq(&'\n').is_some() => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty(), "{path} ends within a row");
    let head: Vec<String> = rows.remove(0);
    rows.into_iter()
        .map(|row| {
            assert_eq!(row.len(), head.len(), "{path}");
            head.iter().cloned().zip(row).collect()
        })
        .collect()
}

fn column(rows: &[BTreeMap<String, String>], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].clone()).collect()
}

#[test]
fn the_files_are_as_written_here() {
    let mut first = task("b/a.jpg", &[boxed()]);
    first["task"]["classifications"] = json!([answer("c1", "Day", json!("yes"), &[answer("c2", "How", json!(["a", "b"]), &[])])]);
    first["task"]["relations"] = json!([{"from": "o0", "to": "o9", "objectId": "r", "schemaId": "s-r", "title": "near", "direction": "reverse"}]);
    first["task"]["totalDuration"] = json!(61_500);
    first["task"]["updatedAt"] = json!("2023-06-13T11:43:46.604Z");
    let outcome = run(&[first, task("c.jpg", &[])], json!({}));
    let objects =
        "task_id,external_id,file_name,stage,batches,object_id,schema_id,class,geometry,page,interpolation_stopped,image_width,image_height,\
x,y,width,height,rotation,area,points,start,end,text,ocr,created_at,created_by,created_in,updated_at,updated_by,updated_in,extra\r
t-b/a.jpg,b/a.jpg,b/a.jpg,Complete,\"North | b,2\",o0,s-cat,cat,bounding-box,,false,100,80,1.5,2,10,20.25,0,202.5,,,,,,,,,,,,\r\n";
    assert_eq!(outcome.text("objects.csv"), Some(objects));
    let classifications = "task_id,external_id,file_name,stage,batches,page,Q Day,Q How\r
t-b/a.jpg,b/a.jpg,b/a.jpg,Complete,\"North | b,2\",,yes,a | b\r
t-c.jpg,c.jpg,c.jpg,Complete,\"North | b,2\",,,\r\n";
    assert_eq!(outcome.text("classifications.csv"), Some(classifications));
    let relations = "task_id,external_id,file_name,relation_id,schema_id,relation,kind,source,target,direction,members,page\r
t-b/a.jpg,b/a.jpg,b/a.jpg,r,s-r,near,pair,o0,o9,reverse,\"[\"\"o0\"\",\"\"o9\"\"]\",\r\n";
    assert_eq!(outcome.text("relations.csv"), Some(relations));
    let tasks = rows(&outcome, "tasks.csv");
    assert_eq!((&*tasks[0]["duration_sec"], &*tasks[0]["updated_at"], &*tasks[0]["objects"]), ("61.5", "2023-06-13T11:43:46.604Z", "1"));
    let answers = rows(&outcome, "answers.csv");
    assert_eq!(column(&answers, "question"), ["Q Day", "Q Day / Q How"]);
    assert_eq!(column(&answers, "answer"), ["yes", "[\"a\",\"b\"]"]);
    assert_eq!(
        outcome.files.keys().collect::<Vec<_>>(),
        ["answers.csv", "classifications.csv", "object_classifications.csv", "objects.csv", "relations.csv", "tasks.csv"]
    );
    assert_eq!(outcome.lost, []);
}

#[test]
fn every_object_is_a_row() {
    let outcome = run(&[task("a.jpg", &every_geometry())], json!({"precision": 2}));
    let objects = rows(&outcome, "objects.csv");
    let places: Vec<String> =
        objects.iter().map(|row| ["x", "y", "width", "height", "rotation", "area"].map(|name| row[name].as_str()).join(" ")).collect();
    assert_eq!(
        places,
        [
            "1.5 2 10 20.25 0 202.5",
            "20 10 10 20 90 200",
            "0 0 10 10  100",
            "1 2 2.13 2  ",
            "0 0 45 45  109",
            "5 6.5 0 0  ",
            "1 1 4 7  ",
            "     ",
            "10 20 50 10  500",
            "     ",
            "     ",
        ]
    );
    let points = column(&objects, "points");
    assert_eq!(points[1], "[[30,10],[20,10],[20,30],[30,30]]");
    assert_eq!(points[3], "[[1,2],[3.13,4]]");
    assert_eq!(
        points[4],
        "[[[[0,0],[10,0],[10,10],[0,10]],[[2,2],[6,2],[6,6],[2,6]]],[[[40,40],[45,40],[45,45],[40,45]]],[[]],[[[70,70],[90,90],[70,70]]]]"
    );
    assert_eq!((&*points[8], &*points[10]), ("[[10,20,30,30]]", r#"{"cuboid":{"center":[1,2,3]}}"#));
    assert_eq!((&*objects[7]["start"], &*objects[7]["end"], &*objects[7]["text"]), ("4", "9", "brown"));
    assert_eq!((&*objects[8]["page"], &*objects[8]["image_height"], &*objects[8]["text"]), ("1", "200", "Post AG"));
    assert_eq!(objects[10]["extra"], r#"{"extraKey":{"x":[1]}}"#);
    assert_eq!(outcome.codes(), [("voxel-brush-unsupported", 1)].into());
}

#[test]
fn shards_do_not_change_a_byte() {
    let geometries = every_geometry();
    let tasks: Vec<Value> = (0..9)
        .map(|at| {
            let mut task = task(&format!("{at}.jpg"), &geometries[..at]);
            task["task"]["classifications"] = json!([answer("c", &format!("Q{}", at % 4), json!("=x | y"), &[])]);
            task["task"]["stageHistory"] =
                json!([{"stage": "Label", "duration": 5, "completedBy": "a@x.test", "completedAt": "2023-01-01T00:00:00Z"}]);
            task
        })
        .collect();
    let all = json!(["tasks", "objects", "answers", "classifications", "object_classifications", "relations", "history", "time", "issues", "fields"]);
    for options in [json!({"what": all}), json!({"what": all, "format": "jsonl"}), json!({"layout": "tfod", "split": {"by": "ratio"}})] {
        let whole = run(&tasks, options.clone());
        for size in [1, 4] {
            let cut = kit(&tasks).shard_size(size).run::<Table>(&options.to_string());
            assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost), "{size} tasks a shard");
        }
    }
}

#[test]
fn questions_are_columns_in_project_order_and_others_are_reported() {
    let class = |id: &str, parent: Option<&str>| Class {
        index: 0,
        schema_id: id.to_owned(),
        title: format!("Q {}", &id[..1]),
        kind: "radio".to_owned(),
        color: None,
        options: Vec::new(),
        parent: parent.map(str::to_owned),
    };
    let colour = answer("c1", "a", json!("red"), &[answer("c2", "b", json!(true), &[]), answer("c3", "b", json!(2.5), &[])]);
    let mut first = task("a.jpg", &[json!({"point": [1, 2], "classifications": [colour, answer("c4", "z", json!("?"), &[])]}), boxed()]);
    first["task"]["classifications"] =
        json!([answer("c5", "b1", json!("x"), &[]), answer("c6", "b2", json!(null), &[]), answer("c7", "y", json!(1), &[])]);
    let outcome = kit(&[first])
        .change_project(|project| {
            // Nested twice, under one title, and not at all asked.
            project.classifications = vec![
                class("b2", None),
                class("b1", None),
                class("n", None),
                class("n", Some("n")),
                class("a", Some("s-cat")),
                class("b", Some("a")),
                class("b", Some("n")),
            ];
        })
        .run::<Table>("{}");
    let of_objects = "task_id,external_id,file_name,object_id,class,page,cat / Q a,cat / Q a / Q b\r\nt-a.jpg,a.jpg,a.jpg,o0,cat,,red,true | 2.5\r\n";
    assert_eq!(outcome.text("object_classifications.csv"), Some(of_objects));
    let head = outcome.text("classifications.csv").unwrap().lines().next().unwrap();
    assert!(head.ends_with(",page,Q b,Q b [b1],Q n,Q n / Q n,Q n / Q n / Q b"), "{head}");
    let of_tasks = rows(&outcome, "classifications.csv");
    assert_eq!((&*of_tasks[0]["Q b"], &*of_tasks[0]["Q b [b1]"]), ("", "x"));
    // In `answers` nothing is missing.
    assert_eq!(column(&rows(&outcome, "answers.csv"), "answer"), ["red", "true", "2.5", "?", "x", "", "1"]);
    assert_eq!(outcome.codes(), [("class-unmapped", 2)].into());
    assert_eq!(outcome.lost.iter().map(|lost| lost.object.as_deref().unwrap()).collect::<Vec<_>>(), ["c4", "c7"]);
}

#[test]
fn answers_of_pages_are_rows_of_their_own() {
    let on = |id: &str, text: &str, page: u32, stopped: bool| json!({"objectId": id, "schemaId": "w", "tool": "radio", "title": "Weather", "answer": text, "page": page, "interpolationStopped": stopped});
    let mut video = task("a.mp4", &[]);
    video["task"]["classifications"] =
        json!([on("c1", "sun", 7, false), on("c2", "rain", 3, false), on("c3", "fog", 3, false), on("c4", "sun", 9, true)]);
    let outcome = run(&[video.clone()], json!({"what": ["classifications"]}));
    let found = rows(&outcome, "classifications.csv");
    assert_eq!(
        (column(&found, "page"), column(&found, "Weather")),
        (vec!["3".into(), "7".into(), "9".into()], vec!["rain | fog".into(), "sun".into(), String::new()])
    );
    assert_eq!(outcome.codes(), [("interpolation-stopped", 1)].into());
    assert_eq!(run(&[video], json!({})).lost, []);
}

#[test]
fn lines_of_json_have_every_key_and_keep_types() {
    let mut first = task("a.jpg", &every_geometry());
    first["task"]["classifications"] = json!([answer("c1", "n", json!(2.5), &[]), answer("c2", "l", json!(["=a"]), &[])]);
    let options = json!({"format": "jsonl", "what": ["objects", "classifications", "relations"]});
    let outcome = run(&[first, task("b.jpg", &[])], options);
    let lines = |path: &str| -> Vec<Value> { outcome.text(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect() };
    let objects = lines("objects.jsonl");
    assert_eq!(objects.len(), 11);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(objects.iter().all(|object| keys(object) == keys(&objects[0])));
    assert_eq!((&objects[0]["x"], &objects[0]["page"], &objects[0]["batches"]), (&json!(1.5), &Value::Null, &json!(["North", "b,2"])));
    assert_eq!((&objects[3]["points"], &objects[10]["points"]), (&json!([[1, 2], [3.125, 4]]), &json!({"cuboid": {"center": [1, 2, 3]}})));
    let answers = lines("classifications.jsonl");
    assert_eq!((&answers[0]["Q n"], &answers[0]["Q l"], &answers[1]["Q n"]), (&json!(2.5), &json!(["=a"]), &Value::Null));
    assert_eq!(outcome.text("relations.jsonl"), Some(""));
    assert_eq!(outcome.codes(), [("voxel-brush-unsupported", 1)].into());
}

#[test]
fn cells_are_quoted_and_formulas_are_escaped_and_reported() {
    let names = ["=cmd()", "a\"b,c\td\r\ne", "-5", "\u{0}\u{1F600}"];
    let tasks: Vec<Value> = names.iter().map(|name| task(name, &[])).collect();
    let options = |formulas: &str, format: &str| json!({"what": ["tasks"], "formulas": formulas, "format": format});
    for format in ["csv", "tsv"] {
        let outcome = run(&tasks, options("escape", format));
        let found = column(&rows(&outcome, &format!("tasks.{format}")), "external_id");
        assert_eq!(found, ["'=cmd()", names[1], names[2], names[3]]);
        // The file is called like the asset.
        assert_eq!(outcome.codes(), [("formula-escaped", 1)].into());
        let outcome = run(&tasks, options("keep", format));
        assert_eq!((column(&rows(&outcome, &format!("tasks.{format}")), "external_id"), &outcome.lost), (names.map(str::to_owned).to_vec(), &vec![]));
    }
    let outcome = run(&[], json!({"bom": true, "what": ["relations"]}));
    assert!(outcome.text("relations.csv").unwrap().starts_with("\u{feff}task_id,"));
    let mut ambiguous = task("a.jpg", &[]);
    ambiguous["batches"] = json!(["a;b", "c"]);
    let outcome = run(&[ambiguous], json!({"what": ["tasks"], "join": ";"}));
    assert_eq!(outcome.codes(), [("join-ambiguous", 1)].into());
}

#[test]
fn issues_are_those_of_the_record() {
    let mut first = task("a.jpg", &[]);
    first["task"]["issues"] =
        json!([{"_id": "i1", "status": "Open", "createdBy": {"name": "A"}, "content": "too \"wide\"", "page": null, "position": "[1, 2]"}, {}]);
    let outcome = run(&[first, task("b.jpg", &[])], json!({"what": ["issues"]}));
    let issues = rows(&outcome, "issues.csv");
    assert_eq!(column(&issues, "issue_id"), ["i1", ""]);
    assert_eq!((&*issues[0]["content"], &*issues[0]["created_by"], &*issues[0]["page"]), ("too \"wide\"", r#"{"name":"A"}"#, ""));
    assert_eq!(serde_json::from_str::<Value>(&issues[0]["issue"]).unwrap()["status"], "Open");
    assert_eq!(outcome.codes(), [("issues-missing", 1)].into());
}

#[test]
fn fields_of_a_document_are_by_class() {
    let mut tools = every_geometry();
    tools[8]["title"] = json!("Total");
    tools[8]["schemaId"] = json!("s-total");
    tools[0]["ocr"] = json!({"text": "A 1"});
    tools[0]["classifications"] = json!([answer("c1", "q", json!("x"), &[]), answer("c2", "q", json!("y"), &[])]);
    let mut first = task("b/a.pdf", &[tools[0].clone(), tools[8].clone(), tools[7].clone(), tools[0].clone()]);
    first["task"]["relations"] = json!([{"objectId": "g1", "schemaId": "s-g", "title": "line", "group": ["o1", "o0"]}]);
    first["contextData"] = json!({"original": "x.pdf"});
    let outcome = run(&[first], json!({"what": ["fields"]}));
    let value: Value = serde_json::from_str(outcome.text("fields/b/a.pdf.json").unwrap()).unwrap();
    assert_eq!(value["context_data"], json!({"original": "x.pdf"}));
    let cats = value["fields"]["cat"].as_array().unwrap();
    assert_eq!(cats.len(), 3);
    let want = json!({"object_id": "o0", "group_ids": ["g1"], "text": "A 1", "page": 1, "ltwh": [0.015, 0.025, 0.1, 0.253125], "answers": {"Q q": ["x", "y"]}});
    assert_eq!(cats[0], want);
    assert_eq!((&cats[1]["text"], &cats[1]["ltwh"]), (&json!("brown"), &Value::Null));
    let want = json!([{"object_id": "o1", "group_ids": ["g1"], "text": "Post AG", "page": 2, "ltwh": [0.1, 0.1, 0.5, 0.05], "answers": {}}]);
    assert_eq!(value["fields"]["Total"], want);
    assert_eq!(outcome.codes(), [("geometry-unsupported", 1)].into());
}

#[test]
fn boxes_for_tensorflow_are_one_table() {
    let tools = [every_geometry(), vec![json!({"bounding-box": {"x": 90, "y": 70, "width": 20, "height": 20}, "schemaId": "s-dog", "title": "dog"})]]
        .concat();
    let outcome = run(&[task("b/a.jpg", &tools), task("c.jpg", &[])], json!({"layout": "tfod", "names": "flat", "precision": 1}));
    let want = "filename,width,height,class,xmin,ymin,xmax,ymax\r
b__a.jpg__000001.jpg,100,80,cat,1.5,2,11.5,22.3\r
b__a.jpg__000001.jpg,100,80,cat,20,10,30,30\r
b__a.jpg__000001.jpg,100,80,cat,0,0,10,10\r
b__a.jpg__000001.jpg,100,80,cat,0,0,45,45\r
b__a.jpg__000001.jpg,100,80,dog,90,70,100,80\r\n";
    assert_eq!(outcome.text("labels.csv").unwrap(), want);
    assert_eq!(rows(&outcome, "images.csv").len(), 3);
    let codes = outcome.codes();
    assert_eq!(
        (codes["geometry-unsupported"], codes["clipped"], codes["rotation-dropped"], codes["shape-reduced-to-box"]),
        (7, 1, 1, 2),
        "{codes:?}"
    );
    let outcome = run(&[task("a.jpg", &[boxed()])], json!({"layout": "tfod", "split": {"by": "batch", "test": ["North"]}, "images_csv": false}));
    assert_eq!(outcome.files.keys().collect::<Vec<_>>(), ["test.csv", "train.csv"]);
    assert_eq!(rows(&outcome, "test.csv").len(), 1);
}

#[test]
fn classes_names_empty_and_split_are_chosen() {
    let tasks = [task("b/a.jpg", &[boxed(), json!({"point": [1, 2], "schemaId": "s-dog", "title": "dog"})]), task("c.jpg", &[])];
    let options = json!({"classes": {"rename": {"cat": "pet"}, "exclude": ["dog"]}, "names": "flat", "empty": "drop", "split": {"by": "batch", "val": ["North"]}});
    let outcome = run(&tasks, options);
    let objects = rows(&outcome, "objects.csv");
    assert_eq!((column(&objects, "class"), &*objects[0]["file_name"], &*objects[0]["split"]), (vec!["pet".to_owned()], "b__a.jpg", "val"));
    assert_eq!(rows(&outcome, "tasks.csv").len(), 1);
    assert_eq!(outcome.codes(), [("class-excluded", 1), ("image-empty", 1)].into());
    // A class that the ontology does not have is no trouble for a table.
    let outcome = kit(&tasks).change_project(|project| project.tools.clear()).run::<Table>("{}");
    assert_eq!((column(&rows(&outcome, "objects.csv"), "class"), &outcome.lost), (vec!["cat".to_owned(), "dog".to_owned()], &vec![]));
}

#[test]
fn hostile_input_is_survived() {
    let mut kit = kit(&[task("a.jpg", &every_geometry())]);
    for (at, bad) in [f64::NAN, 1e300, f64::NEG_INFINITY].into_iter().enumerate() {
        let objects = &mut kit.tasks_mut()[0].annotations.objects;
        objects[at].geometry = Geometry::Polygon(vec![1.0, bad, 2.0]);
        objects[at + 3].geometry = Geometry::Entity(Span { start: bad, end: 1.0, selection: None });
        objects[at].page = Some(u32::MAX);
    }
    kit.tasks_mut()[0].asset.frame_rate = Some(f64::NAN);
    for format in ["csv", "jsonl"] {
        let outcome = kit.run::<Table>(&json!({"format": format, "what": ["tasks", "objects", "fields"]}).to_string());
        assert_eq!(outcome.result, Ok(()));
        assert_eq!(outcome.codes()["coordinates-unusable"], 5);
        for (path, bytes) in &outcome.files {
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(!text.contains("NaN") && !text.contains("nan") && !text.contains("inf"), "{path}");
            if path.ends_with("jsonl") {
                assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
            }
        }
    }
    assert_eq!(rows(&kit.run::<Table>("{}"), "objects.csv").len(), 11);
}

#[test]
fn the_schema_says_the_defaults() {
    let schema: Value = serde_json::from_str(&Table::describe().options_schema).unwrap();
    let defaults: serde_json::Map<String, Value> =
        schema["properties"].as_object().unwrap().iter().map(|(name, property)| (name.clone(), property["default"].clone())).collect();
    let tasks = [worked(), task("b.jpg", &every_geometry())];
    let (said, real) = (run(&tasks, defaults.into()), run(&tasks, json!({})));
    assert_eq!((said.files, said.lost), (real.files, real.lost));
}
