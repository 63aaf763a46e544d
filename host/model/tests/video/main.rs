//! Videos from outside: what a list of key frames looks like with its frames, in how much memory, and what becomes of the grouped form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod geometry;
mod grouped;
mod hostile;
mod memory;
mod reference;
mod rules;

use ango_model::json::{Document, Value};
use ango_model::video::{FullList, Kind};
use proptest::prelude::*;
use serde_json::Value as Json;

/// The text of a member as it stands.
fn as_it_is(out: &mut Vec<u8>, value: &Value<'_, '_>) {
    value.write(out);
}

/// The list with its frames.
fn full(list: &str, kind: Kind, frame_total: Option<u32>) -> String {
    let document = Document::parse(list).unwrap_or_else(|error| panic!("{error:?} in {list}"));
    let plan = FullList::plan(document.root(), kind, frame_total).unwrap();
    let mut out = Vec::new();
    plan.write(&mut out, &as_it_is);
    String::from_utf8(out).unwrap()
}

fn full_tools(list: &str, frame_total: Option<u32>) -> String {
    full(list, Kind::Tools, frame_total)
}

/// Members of a list that need not be key frames: every known key with right and wrong values, at random.
fn any_member() -> impl Strategy<Value = String> {
    let keys = [
        "objectId",
        "schemaId",
        "page",
        "page",
        "frame",
        "frames",
        "keyframes",
        "0",
        "1",
        "07",
        "interpolationStopped",
        "bounding-box",
        "rotated-bounding-box",
        "polygon",
        "segmentation",
        "point",
        "zones",
        "region",
        "holes",
        "corners",
        "x",
        "y",
        "width",
        "height",
        "rotation",
        "classifications",
        "answer",
        "title",
        "x y",
    ];
    let leaf = prop_oneof![
        proptest::sample::select(vec![
            "null",
            "true",
            "false",
            "-1",
            "0",
            "1",
            "2",
            "5",
            "7.0",
            "1.5",
            "1e300",
            "-0",
            "4294967296",
            "4294967295",
            "\"a\"",
            "\"\"",
            "\"\\u0041\""
        ])
        .prop_map(String::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|elements| format!("[{}]", elements.join(","))),
            prop::collection::vec((proptest::sample::select(keys.to_vec()), inner), 0..7)
                .prop_map(|members| format!("{{{}}}", members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect::<Vec<_>>().join(","))),
        ]
    })
}

/// Whether two values are the same but for rounding.
fn close(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-9 * (1.0 + a.abs())
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b)),
        (Json::Object(a), Json::Object(b)) => a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| close(a, b))),
        _ => a == b,
    }
}
