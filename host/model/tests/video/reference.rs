//! Against a second implementation, which is slow and plain.

use super::{close, full};
use ango_model::json::Document;
use ango_model::video::{FullList, Kind};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// A member of a list: which track, which page (often none, or shared), whether it stops, and a geometry.
fn member() -> impl Strategy<Value = Json> {
    let number = (-40..40i32).prop_map(|number| f64::from(number) / 4.0);
    let point = prop::array::uniform2(number.clone());
    let ring = prop::collection::vec(point.clone(), 2..4);
    let geometry = prop_oneof![
        4 => prop::array::uniform4(number).prop_map(|[x, y, w, h]| json!({"bounding-box": {"x": x, "y": y, "width": w, "height": h, "k": [1]}})),
        2 => point.prop_map(|point| json!({"point": point})),
        2 => ring.clone().prop_map(|ring| json!({"polygon": ring})),
        1 => ring.clone().prop_map(|ring| json!({"polyline": ring})),
        2 => (ring.clone(), prop::collection::vec(ring, 0..2)).prop_map(|(region, holes)| json!({"segmentation": {"zones": [{"region": region, "holes": holes}]}})),
        1 => Just(json!({"circle": {"x": 1}})),
    ];
    let page = prop_oneof![8 => (0..25u32).prop_map(|page| json!(page)), 1 => Just(Json::Null), 1 => Just(json!("4")), 1 => Just(json!(-2))];
    (0..4usize, page, prop::bool::weighted(0.2), geometry).prop_map(|(track, page, stop, mut member)| {
        let object = member.as_object_mut().unwrap();
        object.insert("page".into(), page);
        object.insert(if track == 3 { "schemaId" } else { "objectId" }.into(), json!(["a", "b", "c", "s"][track]));
        if stop {
            object.insert("interpolationStopped".into(), json!(true));
        }
        member
    })
}

fn members() -> impl Strategy<Value = Vec<Json>> {
    // Each is marked, so that it can be told where a computed one comes from.
    prop::collection::vec(prop_oneof![12 => member(), 1 => Just(Json::Null)], 0..14).prop_map(|mut members| {
        for (index, member) in members.iter_mut().enumerate().filter(|(_, member)| member.is_object()) {
            member["mark"] = json!(index);
        }
        members
    })
}

fn page(member: &Json) -> Option<u64> {
    member["page"].as_u64()
}

/// The list by the rules, word for word.
fn expected(list: &[Json], kind: Kind, total: Option<u64>) -> Vec<Json> {
    let track = |member: &Json| match (member.get("objectId"), member.get("schemaId"), kind) {
        (Some(id), _, _) => Some(("object", id.clone())),
        (None, Some(id), Kind::Classifications) => Some(("schema", id.clone())),
        _ => None,
    };
    let mut out = Vec::new();
    for (index, member) in list.iter().enumerate() {
        out.push(member.clone());
        let (Some(id), Some(from)) = (track(member), page(member)) else { continue };
        if member["interpolationStopped"] == json!(true) {
            continue;
        }
        let later = list
            .iter()
            .enumerate()
            .filter(|(at, other)| track(other).as_ref() == Some(&id) && page(other).is_some_and(|page| (page, *at) > (from, index)));
        let next = later.min_by_key(|(at, other)| (page(other), *at)).map(|(_, other)| other);
        let end = next.and_then(page).or(total).unwrap_or(0);
        for frame in from + 1..end {
            let mut computed = member.clone();
            computed["page"] = json!(frame);
            if let Some(next) = next.filter(|next| kind == Kind::Tools && next["interpolationStopped"] != json!(true)) {
                let t = (frame - from) as f64 / (end - from) as f64;
                for key in ["bounding-box", "point", "polygon", "segmentation"] {
                    if let (Some(a), Some(b)) = (member.get(key), next.get(key))
                        && let Some(moved) = moved(&upright(a), &upright(b), t)
                    {
                        computed[key] = moved;
                    }
                }
            }
            out.push(computed);
        }
    }
    out
}

fn upright(geometry: &Json) -> Json {
    let mut upright = geometry.clone();
    for (origin, size) in [("x", "width"), ("y", "height")] {
        if let (Some(x), Some(length)) = (geometry[origin].as_f64(), geometry[size].as_f64()) {
            upright[origin] = json!(x + length.min(0.0));
            upright[size] = json!(length.abs());
        }
    }
    upright
}

/// Every number on its way, where both have the same form.
fn moved(a: &Json, b: &Json, t: f64) -> Option<Json> {
    Some(match (a, b) {
        (Json::Number(a), Json::Number(b)) => json!(a.as_f64()? * (1.0 - t) + b.as_f64()? * t),
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => a.iter().zip(b).map(|(a, b)| moved(a, b, t)).collect::<Option<Vec<_>>>()?.into(),
        (Json::Object(a), Json::Object(b)) => {
            Json::Object(a.iter().map(|(key, a)| Some((key.clone(), moved(a, b.get(key)?, t)?))).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_full_list_is_that_of_the_rules(list in members(), total in prop::option::of(0..30u32), tools: bool) {
        let kind = if tools { Kind::Tools } else { Kind::Classifications };
        let text = full(&json!(list).to_string(), kind, total);
        let found: Vec<Json> = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        let expected = expected(&list, kind, total.map(u64::from));
        prop_assert_eq!(found.len(), expected.len(), "{}", text);
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(close(found, expected), "{} instead of {}", found, expected);
        }
    }

    #[test]
    fn without_the_computed_frames_it_is_the_record_s_list_byte_for_byte(list in members(), total in prop::option::of(0..30u32)) {
        let text = json!(list).to_string();
        let full = full(&text, Kind::Tools, total);
        let document = Document::parse(&full).unwrap();
        let (mut kept, mut last) = (Vec::new(), None);
        for member in document.root().elements() {
            // Frames follow the key frame that they come from, and have its mark.
            let mark = member.get("mark").map(|mark| mark.raw());
            if mark.is_none() || mark != last {
                kept.push(member.literal());
            }
            last = mark;
        }
        prop_assert_eq!(format!("[{}]", kept.join(",")), text.clone());
        let document = Document::parse(&text).unwrap();
        let count = FullList::plan(document.root(), Kind::Tools, total).unwrap().count();
        prop_assert_eq!(count as usize, Document::parse(&full).unwrap().root().elements().count());
    }
}
