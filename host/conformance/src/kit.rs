//! The exports that every converter must bear: what people have in their projects, and what nobody thinks of.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// An export of the kit.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// One record per line.
    pub(crate) text: String,
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let case = |name, records: Vec<Value>| Case { name, text: records.iter().map(|record| format!("{record}\n")).collect() };
    vec![
        Case { name: "no tasks", text: "[]".to_owned() },
        case("tasks without annotations", (0..3).map(|index| record(index, "plain.jpg", &[], &[])).collect()),
        case("every tool", vec![record(0, "tools.jpg", &every_tool(), &every_answer())]),
        case("every answer, nested", vec![record(1, "answers.jpg", &[nested()], &every_answer())]),
        case("coordinates outside, huge, tiny and without area", vec![record(2, "far.jpg", &far(), &[])]),
        case("images that nobody has measured", vec![unmeasured()]),
        case("names", names()),
        case("a video and a multi-page asset", vec![video(), pages()]),
        Case { name: "many tasks", text: many(2000) },
    ]
}

fn record(index: usize, name: &str, tools: &[Value], answers: &[Value]) -> Value {
    json!({"asset": format!("https://assets.example.com/{index}.jpg"), "assetId": format!("{index:024x}"), "externalId": name,
        "metadata": {"width": 640, "height": 480}, "batches": ["north", null], "task": {"taskId": format!("task-{index}"), "stage": "Complete", "stageId": "Complete",
        "updatedAt": "2024-05-01T00:00:00.000Z", "updatedBy": "a@example.com", "totalDuration": 5, "tools": tools, "classifications": answers, "relations": []}})
}

fn tool(number: usize, key: &str, geometry: Value) -> Value {
    let mut tool = json!({"objectId": format!("object-{number}"), "schemaId": format!("class-{key}"), "title": key, "classifications": []});
    tool[key] = geometry;
    tool
}

fn every_tool() -> Vec<Value> {
    let rotated = json!({"x": 172.98, "y": 101.79, "width": 6.1, "height": 92.03, "rotation": -40.97, "corners": [[172.98, 101.79], [233.32, 171.28], [237.93, 167.28], [177.58, 97.79]]});
    let pdf = json!({"position": {"boundingRect": {"x1": 1, "y1": 2, "x2": 30, "y2": 20, "width": 300, "height": 700}, "rects": [], "pageNumber": 1}, "content": {"text": "a \"word\""}});
    let hole = json!([[10, 10], [20, 10], [20, 20]]);
    [
        ("bounding-box", json!({"x": 1.5, "y": 2, "width": 30, "height": 40})),
        ("bounding-box", json!({"x": 100, "y": 90, "width": -30.5, "height": -40})),
        ("rotated-bounding-box", rotated),
        ("polygon", json!([[1, 2], [50, 4], [30, 60.25]])),
        ("polyline", json!([[1, 2], [3, 4]])),
        ("segmentation", json!({"zones": [{"region": [[0, 0], [90, 0], [90, 90], [0, 90]], "holes": [hole]}, {"region": [[200, 200], [220, 200], [210, 220]], "holes": []}]})),
        ("segmentation", json!({"zones": [{"region": [], "holes": []}]})),
        ("point", json!([5, 6.5])),
        ("spline", json!({"points": [[1, 2], [3, 4], [5, 2]], "closed": true})),
        ("ner", json!({"start": 3, "end": 7, "selection": "some"})),
        ("pdf", pdf),
        ("medical-brush", json!(true)),
        ("circle", json!({"x": 1, "y": 2, "radius": 3})),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (key, geometry))| tool(number, key, geometry))
    .collect()
}

fn answer(kind: &str, answer: Value) -> Value {
    json!({"objectId": format!("answer-{kind}"), "schemaId": format!("question-{kind}"), "tool": kind, "title": format!("Question, \"{kind}\""), "answer": answer, "classifications": []})
}

fn every_answer() -> Vec<Value> {
    vec![
        answer("radio", json!("yes")),
        answer("checkbox", json!(["a", null, "b, c"])),
        answer("text", json!("two\nlines: 1e5")),
        answer("tree-dropdown", json!(["Trunk", "Trunk / Branch / Leaf"])),
        answer("boolean", json!(false)),
        answer("rank", json!(["first", "second"])),
        answer("single-dropdown", Value::Null),
        answer("instance", json!({"anything": [1, 2.5, null]})),
    ]
}

/// A tool with questions in questions.
fn nested() -> Value {
    let mut inner = answer("text", json!("the innermost"));
    for depth in 0..20 {
        let mut outer = answer("radio", json!(format!("level {depth}")));
        outer["classifications"] = json!([inner]);
        inner = outer;
    }
    let mut tool = tool(0, "bounding-box", json!({"x": 1, "y": 1, "width": 2, "height": 2}));
    tool["classifications"] = json!([inner]);
    tool
}

fn far() -> Vec<Value> {
    [
        ("bounding-box", json!({"x": -50, "y": -50, "width": 1000, "height": 1000})),
        ("bounding-box", json!({"x": 700, "y": 500, "width": 10, "height": 10})),
        ("bounding-box", json!({"x": 10, "y": 10, "width": 0, "height": 0})),
        ("bounding-box", json!({"x": 1e300, "y": -1e300, "width": 1e308, "height": 1e308})),
        ("bounding-box", json!({"x": 1e-300, "y": 5e-324, "width": 1e-12, "height": 1e-12})),
        ("polygon", json!([[1, 1], [1, 1], [1, 1]])),
        ("polygon", json!([[5, 5]])),
        ("polygon", json!([])),
        ("polygon", json!([[0, 0], [640, 480], [640, 0], [0, 480]])),
        ("polyline", json!([[-1e9, 0], [1e9, 0]])),
        ("point", json!([-1, 1e18])),
        ("segmentation", json!({"zones": []})),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (key, geometry))| tool(number, key, geometry))
    .collect()
}

fn unmeasured() -> Value {
    let mut record = record(3, "unmeasured.jpg", &every_tool(), &[]);
    record["metadata"] = json!({});
    record
}

/// Names of files, classes and ids with everything in them that some format gives a meaning.
fn names() -> Vec<Value> {
    let long = "n".repeat(4000);
    [
        "",
        " ",
        "a/b/c.jpg",
        "a/b/C.JPG",
        "../../etc/passwd",
        "C:\\x\\y.png",
        "con.txt",
        "semi;colon,comma\ttab",
        "line\nbreak",
        "\"quoted\" 'too'",
        "yes",
        "1e5",
        "été 🚢.png",
        "-- {{}} %s ${x} <b>&amp;",
        &long,
        "plain.jpg",
        "plain.jpg",
    ]
    .iter()
    .enumerate()
    .map(|(index, name)| {
        let mut tool = tool(index, "bounding-box", json!({"x": 1, "y": 2, "width": 3, "height": 4}));
        tool["title"] = json!(name);
        tool["objectId"] = json!(format!("{name}#{index}"));
        record(100 + index, name, &[tool], &[answer("text", json!(name))])
    })
    .collect()
}

fn video() -> Value {
    let frame = |page: usize, stopped: bool| {
        let mut tool = tool(0, "bounding-box", json!({"x": page, "y": 2, "width": 30, "height": 40}));
        tool["page"] = json!(page);
        if stopped {
            tool["interpolationStopped"] = json!(true);
        }
        tool
    };
    let mut record = record(4, "video.mp4", &[frame(0, false), frame(1, false), frame(2, true)], &[]);
    record["metadata"] = json!({"width": 640, "height": 480, "frameTotal": 10, "frameRate": 30});
    record
}

fn pages() -> Value {
    let mut on_page = tool(0, "polygon", json!([[1, 2], [50, 4], [30, 60]]));
    on_page["page"] = json!(1);
    let mut record = record(5, "pages", &[on_page], &[]);
    record["dataset"] = json!(["https://assets.example.com/p0.jpg", "https://assets.example.com/p1.jpg"]);
    record
}

pub(crate) fn many(tasks: usize) -> String {
    let mut text = String::new();
    for index in 0..tasks {
        let tools = [
            tool(index, "bounding-box", json!({"x": index % 600, "y": 2.5, "width": 3, "height": 4})),
            tool(index + 1, "polygon", json!([[1, 2], [50, 4], [30, index % 400]])),
        ];
        // A string takes everything.
        let _ = writeln!(text, "{}", record(1000 + index, &format!("many/{index}.jpg"), &tools, &[]));
    }
    text
}
