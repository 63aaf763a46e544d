//! Records of every kind, drawn at random as text: known keys with values that the format allows, in any order, and unknown ones among them at every level.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

/// JSON as text.
type Text = BoxedStrategy<String>;

/// A key of an object, how often it is there, and its value.
type Known = (&'static str, f64, Text);

const ALWAYS: f64 = 1.0;
const OFTEN: f64 = 0.7;
const RARELY: f64 = 0.2;

/// As many records as this, each with an id of its own.
pub fn records(count: usize) -> impl Strategy<Value = Vec<String>> {
    vec(asset(), count).prop_map(|records| {
        let own = |(index, record): (usize, String)| record.replacen("\"@task\"", &format!(r#""{index} 🚢\u00e9 \ud83d""#), 1);
        records.into_iter().enumerate().map(own).collect()
    })
}

/// A number as people and programs write it.
pub fn number() -> Text {
    let odd = ["1.50", "1e3", "-0", "0.10E-7", "12345678901234567", "0.12345678901234567", "-0.0e+0", "5E+2", "-273.15", "0", "33.333333333333336"];
    prop_oneof![4 => select(odd.to_vec()).prop_map(String::from), 1 => (-1e4f64..1e4).prop_map(|number| number.to_string())].boxed()
}

/// A number that is not below zero.
pub fn size() -> Text {
    number().prop_map(|text| if text == "-0" { text } else { text.trim_start_matches('-').to_owned() }).boxed()
}

fn count() -> Text {
    select(vec!["0", "1", "7", "3.0", "1e1", "-0", "507", "4294967295", "null"]).prop_map(String::from).boxed()
}

fn text() -> Text {
    let odd = [
        r#""""#,
        r#""\u0041\/""#,
        r#""\ud83d\ude80""#,
        r#""\udc00 half a pair \ud83d""#,
        r#""\\""#,
        r#""],\"metadata\":{""#,
        r#""\b\f\n\r\t\u0000""#,
        "\"🚢 e\u{301}\u{2028}\u{7f}\"",
        r#""null""#,
    ];
    prop_oneof![2 => select(odd.to_vec()).prop_map(String::from), 1 => ".{0,6}".prop_map(|text| serde_json::Value::String(text).to_string())].boxed()
}

fn optional_text() -> Text {
    prop_oneof![4 => text(), 1 => Just("null".to_owned())].boxed()
}

/// An id that is not empty.
fn id() -> Text {
    text().prop_map(|text| format!("\"o{}", &text[1..])).boxed()
}

fn schema_id() -> Text {
    prop_oneof![3 => text(), 1 => select(vec!["1", "42", "3.0"]).prop_map(String::from)].boxed()
}

fn flag() -> Text {
    select(vec!["true", "false", "null"]).prop_map(String::from).boxed()
}

/// Milliseconds.
fn duration() -> Text {
    select(vec!["0", "18069", "1.50", "1e3", "-0", "8999999999999999", "null"]).prop_map(String::from).boxed()
}

fn time() -> Text {
    let times = ["1686656626604", "1.5e12", "-0", r#""2023-09-01T13:02:49.271Z""#, r#""2023-09-01T13:02:49\u002e5Z""#, r#""""#, "null"];
    select(times.to_vec()).prop_map(String::from).boxed()
}

/// A key that the format does not have, also one that only looks as if. Numbers are none: frames would be under them.
fn unknown_key() -> impl Strategy<Value = String> {
    let odd = ["", "new", r"n\u0065w", r"p\u0061ge", "ключ 🚢", "a b", r#"q\""#, r"\\", "Metadata", "tools[0].x", "isNew", r"\ud83d"];
    select(odd.to_vec()).prop_map(String::from)
}

/// Anything.
fn json() -> Text {
    let scalar = prop_oneof![number(), text(), flag()];
    let known =
        select(vec!["metadata", "tools", "stageHistory", "idleDuration", "task", "type", "classifications", "createdAt"]).prop_map(String::from);
    let key = prop_oneof![2 => unknown_key(), 1 => known];
    let tree = scalar.prop_recursive(3, 12, 3, move |inner| {
        let member = (key.clone(), inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        prop_oneof![
            vec(inner, 0..4).prop_map(|elements| format!("[{}]", elements.join(","))),
            vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    });
    tree.boxed()
}

/// An object with these keys and unknown ones, in any order.
fn object(known: Vec<Known>) -> Text {
    let maybe = |(key, often, value): Known| {
        let member = value.prop_map(move |value| (key.to_owned(), value));
        if often < ALWAYS { prop::option::weighted(often, member).boxed() } else { member.prop_map(Some).boxed() }
    };
    let known: Vec<_> = known.into_iter().map(maybe).collect();
    let unknown = prop_oneof![1 => Just(Vec::new()), 1 => vec((unknown_key(), json()), 1..3)];
    let members = (known, unknown).prop_map(|(known, unknown)| known.into_iter().flatten().chain(unknown).collect::<Vec<_>>());
    let text = |members: Vec<(String, String)>| {
        let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    };
    members.prop_shuffle().prop_map(text).boxed()
}

/// A list of at most so many, among them `null`; or `null` itself.
fn list(element: Text, most: usize) -> Text {
    let element = prop_oneof![9 => element, 1 => Just("null".to_owned())];
    prop_oneof![9 => vec(element, 0..=most).prop_map(|elements| format!("[{}]", elements.join(","))), 1 => Just("null".to_owned())].boxed()
}

fn exactly(element: Text, count: usize) -> Text {
    vec(element, count).prop_map(|elements| format!("[{}]", elements.join(","))).boxed()
}

fn point() -> Text {
    prop_oneof![9 => exactly(number(), 2), 1 => exactly(number(), 3)].boxed()
}

fn path() -> Text {
    prop_oneof![9 => vec(point(), 0..5).prop_map(|points| format!("[{}]", points.join(","))), 1 => Just("null".to_owned())].boxed()
}

fn rectangle() -> Text {
    object(["x1", "y1", "x2", "y2", "width", "height"].map(|key| (key, ALWAYS, number())).to_vec())
}

/// Every geometry under its key.
fn geometries() -> Vec<Known> {
    let zone = object(vec![("region", OFTEN, path()), ("holes", OFTEN, list(path(), 2))]);
    let position = object(vec![("boundingRect", ALWAYS, rectangle()), ("rects", OFTEN, list(rectangle(), 2)), ("pageNumber", OFTEN, count())]);
    let turned = ["x", "y", "width", "height", "rotation"].map(|key| (key, ALWAYS, number()));
    let geometries = vec![
        ("bounding-box", object(vec![("x", ALWAYS, number()), ("y", ALWAYS, number()), ("width", ALWAYS, size()), ("height", ALWAYS, size())])),
        ("rotated-bounding-box", object(turned.into_iter().chain([("corners", OFTEN, exactly(point(), 4))]).collect())),
        ("polygon", path()),
        ("polyline", path()),
        ("segmentation", object(vec![("zones", OFTEN, list(zone, 3))])),
        ("point", point()),
        ("ner", object(vec![("start", ALWAYS, number()), ("end", ALWAYS, number()), ("selection", OFTEN, optional_text())])),
        ("pdf", object(vec![("position", ALWAYS, position), ("content", OFTEN, object(vec![("text", OFTEN, optional_text())]))])),
        ("spline", path()),
        ("spline", object(vec![("points", OFTEN, path()), ("closed", OFTEN, flag())])),
        ("medical-brush", flag()),
        ("cuboid", object(vec![("position", OFTEN, object(vec![("z", ALWAYS, number())]))])),
    ];
    geometries.into_iter().map(|(key, geometry)| (key, ALWAYS, geometry)).collect()
}

/// Who made an annotation.
fn metadata() -> Text {
    let keys = [
        ("createdAt", time()),
        ("createdBy", optional_text()),
        ("createdIn", optional_text()),
        ("updatedAt", time()),
        ("updatedBy", text()),
        ("updatedIn", text()),
    ];
    let metadata = object(keys.map(|(key, value)| (key, OFTEN, value)).to_vec());
    prop_oneof![4 => metadata, 1 => Just("null".to_owned())].boxed()
}

/// An answer with others nested in it.
fn answer(depth: usize) -> Text {
    let mut keys = vec![
        ("objectId", OFTEN, optional_text()),
        ("schemaId", ALWAYS, schema_id()),
        ("tool", OFTEN, optional_text()),
        ("title", OFTEN, optional_text()),
        ("answer", OFTEN, prop_oneof![2 => json(), 1 => text(), 2 => list(text(), 3)].boxed()),
        ("metadata", OFTEN, metadata()),
        ("page", RARELY, count()),
        ("interpolationStopped", RARELY, flag()),
        ("columnField", RARELY, flag()),
    ];
    if depth > 0 {
        keys.push(("classifications", 0.5, list(answer(depth - 1), 2)));
    }
    object(keys)
}

fn tool() -> Text {
    let nested = list(answer(1), 2);
    let tool = |geometry: Known| {
        object(vec![
            geometry,
            ("objectId", ALWAYS, id()),
            ("schemaId", ALWAYS, schema_id()),
            ("title", OFTEN, optional_text()),
            ("classifications", 0.4, nested.clone()),
            ("metadata", OFTEN, metadata()),
            ("page", RARELY, count()),
            ("interpolationStopped", RARELY, flag()),
            ("ocr", RARELY, object(vec![("text", OFTEN, optional_text())])),
            ("lock", RARELY, json()),
        ])
    };
    Union::new(geometries().into_iter().map(tool)).boxed()
}

fn relation() -> Text {
    let direction = select(vec!["\"straight\"", "\"reverse\"", "\"bidirectional\"", "null"]).prop_map(String::from).boxed();
    let common = || {
        vec![
            ("objectId", OFTEN, optional_text()),
            ("schemaId", OFTEN, schema_id()),
            ("title", OFTEN, optional_text()),
            ("page", RARELY, count()),
            ("metadata", RARELY, metadata()),
        ]
    };
    let pair = [("from", ALWAYS, id()), ("to", ALWAYS, id()), ("direction", OFTEN, direction)];
    prop_oneof![
        object(common().into_iter().chain(pair).collect()),
        object(common().into_iter().chain([("group", ALWAYS, list(text(), 3))]).collect())
    ]
    .boxed()
}

/// What a task and a stage visit share.
fn annotations() -> Vec<Known> {
    vec![
        ("tools", OFTEN, list(tool(), 4)),
        ("classifications", OFTEN, list(answer(2), 2)),
        ("relations", OFTEN, list(relation(), 2)),
        ("brushDataUrl", RARELY, optional_text()),
        ("medicalBrushDataUrl", RARELY, optional_text()),
        ("stage", OFTEN, optional_text()),
        ("stageId", OFTEN, optional_text()),
        ("duration", OFTEN, duration()),
        ("idleDuration", RARELY, duration()),
        ("blurDuration", RARELY, json()),
    ]
}

fn visit() -> Text {
    let own = [
        ("completedAt", OFTEN, time()),
        ("completedBy", OFTEN, optional_text()),
        ("reviewStatus", RARELY, optional_text()),
        ("type", RARELY, json()),
    ];
    object(annotations().into_iter().chain(own).collect())
}

fn task() -> Text {
    let own = [
        ("taskId", ALWAYS, Just("\"@task\"".to_owned()).boxed()),
        ("updatedAt", OFTEN, time()),
        ("updatedBy", OFTEN, optional_text()),
        ("totalDuration", OFTEN, duration()),
        ("totalIdleDuration", RARELY, json()),
        ("totalBlurDuration", RARELY, json()),
        ("consensusAverage", RARELY, json()),
        ("consensusDetailed", RARELY, json()),
        ("stageHistory", OFTEN, list(visit(), 2)),
    ];
    object(annotations().into_iter().chain(own).collect())
}

fn asset() -> Text {
    let metadata = object(["width", "height", "frameTotal", "frameRate"].map(|key| (key, 0.4, count())).to_vec());
    object(vec![
        ("asset", ALWAYS, text()),
        ("assetId", OFTEN, optional_text()),
        ("externalId", OFTEN, optional_text()),
        ("dataset", RARELY, list(text(), 3)),
        ("batches", OFTEN, list(text(), 2)),
        ("contextData", RARELY, json()),
        ("attachments", RARELY, json()),
        ("metadata", OFTEN, metadata),
        ("task", ALWAYS, task()),
    ])
}
