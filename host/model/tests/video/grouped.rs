//! The grouped form.

use ango_model::json::Document;
use ango_model::video::flatten;
use proptest::prelude::*;

const VIDEO: &str = r#""metadata":{"frameRate":30}"#;

fn flat(record: &str) -> Option<String> {
    flatten(&Document::parse(record).unwrap().root())
}

fn flat_tools(tools: &str) -> Option<String> {
    let flat = flat(&format!(r#"{{{VIDEO},"task":{{"tools":[{tools}],"x":1.50}},"last":0}}"#))?;
    let flat = flat.strip_prefix(&format!(r#"{{{VIDEO},"task":{{"tools":["#)).unwrap();
    Some(flat.strip_suffix(r#"],"x":1.50},"last":0}"#).unwrap().to_owned())
}

#[test]
fn a_list_of_frames_becomes_flat_members() {
    let tools = r#"{"objectId":"a","classifications":[],"title":"t", "keyframes":[{"page":0,"point":[1,2.0]},{"frame":7,"classifications":[1],"interpolationStopped":true}],"z":0}"#;
    let expected = concat!(
        r#"{"objectId":"a","classifications":[],"title":"t","z":0,"page":0,"point":[1,2.0]},"#,
        r#"{"objectId":"a","classifications":[1],"title":"t","z":0,"page":7,"interpolationStopped":true}"#
    );
    assert_eq!(flat_tools(tools).as_deref(), Some(expected));
}

#[test]
fn an_object_of_frames_is_sorted_by_number() {
    let tools =
        r#"null,{"objectId":"a","frames":{"10":{"point":[1,1]},"9":{"point":[0,0],"page":9},"11":{"frame":11}}},{"point":[1,1],"objectId":"b"}"#;
    let expected = r#"null,{"objectId":"a","point":[0,0],"page":9},{"objectId":"a","point":[1,1],"page":10},{"objectId":"a","page":11},{"point":[1,1],"objectId":"b"}"#;
    assert_eq!(flat_tools(tools).as_deref(), Some(expected));
}

#[test]
fn a_stop_is_what_each_frame_says() {
    let tools = r#"{"interpolationStopped":false,"objectId":"a","f":[{"page":1},{"interpolationStopped":true,"page":2}]}"#;
    assert_eq!(flat_tools(tools).as_deref(), Some(r#"{"objectId":"a","page":1},{"interpolationStopped":true,"objectId":"a","page":2}"#));
}

#[test]
fn there_is_one_page_in_a_flat_member() {
    let tools = r#"{"objectId":"a","frame":0,"f":[{"frame":3},{"page":4,"frame":5},{"page":6,"page":7}]}"#;
    let expected = r#"{"objectId":"a","page":3},{"objectId":"a","frame":5,"page":4},{"objectId":"a","frame":0,"page":6}"#;
    assert_eq!(flat_tools(tools).as_deref(), Some(expected));
}

#[test]
fn answers_and_stage_visits_are_flattened_too() {
    let grouped = r#"[{"schemaId":"q","frames":[{"page":1,"answer":"x"}]}]"#;
    let record = format!(
        r#"{{{VIDEO},"task":{{"classifications":{grouped},"stageHistory":[null,{{"stage":"Label","tools":{grouped},"relations":{grouped}}}]}}}}"#
    );
    let expected = r#"[{"schemaId":"q","page":1,"answer":"x"}]"#;
    let expected = format!(
        r#"{{{VIDEO},"task":{{"classifications":{expected},"stageHistory":[null,{{"stage":"Label","tools":{expected},"relations":{grouped}}}]}}}}"#
    );
    assert_eq!(flat(&record), Some(expected));
}

#[test]
fn what_fits_no_shape_stays() {
    for tools in [
        r#"{"objectId":"a","page":1,"frames":[{"page":1}]}"#,
        r#"{"objectId":"a","point":[0,0],"frames":[{"page":1}]}"#,
        r#"{"objectId":"a","frames":[]}"#,
        r#"{"objectId":"a","frames":{}}"#,
        r#"{"objectId":"a","frames":[{"page":1},{"page":1.5}]}"#,
        r#"{"objectId":"a","frames":[{"page":1},{}]}"#,
        r#"{"objectId":"a","frames":[{"page":"1","frame":1}]}"#,
        r#"{"objectId":"a","frames":[{"page":4294967296}]}"#,
        r#"{"objectId":"a","frames":{"1":{},"x":{}}}"#,
        r#"{"objectId":"a","frames":{"1":{},"2":[]}}"#,
        r#"{"objectId":"a","frames":{"1":{},"4294967296":{}}}"#,
        r#"{"objectId":"a","frames":[{"page":1}],"more":[{"page":1}]}"#,
        r#"{"objectId":"a","interpolationStopped":true,"frames":[{"page":1}]}"#,
        r#"{"objectId":"a","classifications":[{"page":1}],"metadata":{"1":{}},"ocr":{"1":{}}}"#,
        r#"[{"page":1}],7,"x""#,
    ] {
        assert_eq!(flat_tools(tools), None, "{tools}");
    }
}

#[test]
fn only_videos_are_flattened() {
    let task = r#""task":{"tools":[{"objectId":"a","frames":[{"page":1}]}]}"#;
    assert_eq!(flat(&format!("{{\"metadata\":{{}},{task}}}")), None);
    assert_eq!(flat(&format!("{{{VIDEO},\"dataset\":[\"p\"],{task}}}")), None);
    assert!(flat(&format!("{{{VIDEO},\"dataset\":[],{task}}}")).is_some());
    // Without a frame rate, a stop tells.
    let stopped = task.replace("{\"page\":1}", "{\"page\":1,\"interpolationStopped\":true}");
    assert!(flat(&format!("{{{stopped}}}")).is_some());
}

#[test]
fn a_record_that_would_grow_beyond_measure_stays() {
    let frames = vec!["{\"page\":1}"; 20_000].join(",");
    let grouped = |common: usize| format!(r#"{{"title":"{}","frames":[{frames}]}}"#, "x".repeat(common));
    assert_eq!(flat_tools(&grouped(100_000)), None);
    assert!(flat_tools(&grouped(100)).is_some());
}

proptest! {
    /// What is put together from flat members comes apart into the same.
    #[test]
    fn flattening_undoes_grouping(pages in prop::collection::vec((0..50u32, "[a-z]{0,4}"), 1..8), list: bool, name in "[a-z]{1,5}s") {
        let mut pages = pages;
        pages.sort();
        pages.dedup_by_key(|(page, _)| *page);
        let frames = pages.iter().map(|(page, text)| if list { format!(r#"{{"page":{page},"v":"{text}"}}"#) } else { format!(r#""{page}":{{"page":{page},"v":"{text}"}}"#) });
        let frames = frames.collect::<Vec<_>>().join(",");
        let frames = if list { format!("[{frames}]") } else { format!("{{{frames}}}") };
        let expected = pages.iter().map(|(page, text)| format!(r#"{{"objectId":"a","n":{{"k":[1e2]}},"page":{page},"v":"{text}"}}"#)).collect::<Vec<_>>().join(",");
        prop_assert_eq!(flat_tools(&format!(r#"{{"objectId":"a","n":{{"k":[1e2]}},"{name}":{frames}}}"#)), Some(expected));
    }
}
