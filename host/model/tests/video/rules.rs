//! The rules by example.

use super::{as_it_is, full, full_tools};
use ango_model::json::Document;
use ango_model::video::{Entry, FullList, Kind, MAX_FRAMES, Video};

#[test]
fn frames_between_two_key_frames_move() {
    let list = r#"[{"point":[0,10.5],"objectId":"a","page":3,"title":"p"},{"point":[9,10.5],"objectId":"a","page":6}]"#;
    let expected = concat!(
        r#"[{"point":[0,10.5],"objectId":"a","page":3,"title":"p"},{"point":[3,10.5],"objectId":"a","page":4,"title":"p"},"#,
        r#"{"point":[6,10.5],"objectId":"a","page":5,"title":"p"},{"point":[9,10.5],"objectId":"a","page":6}]"#
    );
    assert_eq!(full_tools(list, None), expected);
}

#[test]
fn a_stop_ends_a_track_and_its_geometry_does_not_count() {
    let list = r#"[{"point":[0,0],"objectId":"a","page":0},{"point":[8,8],"objectId":"a","page":2,"interpolationStopped":true},{"point":[5,5],"objectId":"a","page":5}]"#;
    let expected = concat!(
        r#"[{"point":[0,0],"objectId":"a","page":0},{"point":[0,0],"objectId":"a","page":1},"#,
        r#"{"point":[8,8],"objectId":"a","page":2,"interpolationStopped":true},{"point":[5,5],"objectId":"a","page":5},{"point":[5,5],"objectId":"a","page":6}]"#
    );
    assert_eq!(full_tools(list, Some(7)), expected);
}

#[test]
fn the_last_key_frame_is_held_to_the_end_of_the_video() {
    let list = r#"[{"page":1,"objectId":"a","polyline":[[1,2.50]]},{"page":9,"objectId":"b"}]"#;
    assert_eq!(full_tools(list, None), list);
    assert_eq!(full_tools(list, Some(0)), list);
    assert_eq!(
        full_tools(list, Some(3)),
        r#"[{"page":1,"objectId":"a","polyline":[[1,2.50]]},{"page":2,"objectId":"a","polyline":[[1,2.50]]},{"page":9,"objectId":"b"}]"#
    );
}

#[test]
fn a_false_stop_is_none_and_a_page_may_have_a_fraction_of_zeros() {
    let list = r#"[{"page":0.0,"objectId":"a","interpolationStopped":false}]"#;
    let expected = r#"[{"page":0.0,"objectId":"a","interpolationStopped":false},{"page":1,"objectId":"a","interpolationStopped":false}]"#;
    assert_eq!(full_tools(list, Some(2)), expected);
}

#[test]
fn two_entries_on_one_page_stay_in_their_order_and_the_later_one_goes_on() {
    let list = r#"[{"objectId":"a","page":2,"n":1},{"objectId":"a","page":0,"n":2},{"objectId":"a","page":2,"n":3}]"#;
    assert_eq!(
        full_tools(list, Some(4)),
        r#"[{"objectId":"a","page":2,"n":1},{"objectId":"a","page":0,"n":2},{"objectId":"a","page":1,"n":2},{"objectId":"a","page":2,"n":3},{"objectId":"a","page":3,"n":3}]"#
    );
}

#[test]
fn what_is_no_key_frame_is_passed_on_once() {
    let list = r#"[null,7,"x",[],{},{"objectId":"a"},{"objectId":"a","page":-1},{"objectId":"a","page":1.5},{"objectId":"a","page":4294967296},{"objectId":"","page":0},{"page":0}]"#;
    assert_eq!(full_tools(list, Some(100)), list);
    for other in ["null", "{}", "3", "\"x\"", "[]"] {
        assert_eq!(full_tools(other, Some(100)), other);
    }
}

#[test]
fn answers_are_held_and_known_by_their_question_without_an_id() {
    let list = r#"[{"schemaId":"q","answer":"x","page":0},{"schemaId":"q","answer":"y","page":2},{"schemaId":7,"answer":["z"],"page":3}]"#;
    let expected = concat!(
        r#"[{"schemaId":"q","answer":"x","page":0},{"schemaId":"q","answer":"x","page":1},{"schemaId":"q","answer":"y","page":2},"#,
        r#"{"schemaId":"q","answer":"y","page":3},{"schemaId":"q","answer":"y","page":4},{"schemaId":7,"answer":["z"],"page":3},{"schemaId":7,"answer":["z"],"page":4}]"#
    );
    assert_eq!(full(list, Kind::Classifications, Some(5)), expected);
    // Tools of one class are different objects.
    assert_eq!(full_tools(list, Some(5)), list);
}

#[test]
fn an_id_is_what_it_stands_for_and_not_how_it_is_written() {
    let list = r#"[{"objectId":"a","page":0},{"objectId":"\u0061","page":2}]"#;
    assert_eq!(full_tools(list, None), r#"[{"objectId":"a","page":0},{"objectId":"a","page":1},{"objectId":"\u0061","page":2}]"#);
}

#[test]
fn what_is_left_out_of_a_key_frame_is_left_out_of_its_frames() {
    let list = r#"[ {"metadata" : {"page":1}, "point": [0, 0],"objectId":"a","page":0}, {"point":[4,2],"objectId":"a","page":2,"metadata":{}}]"#;
    let document = Document::parse(list).unwrap();
    let plan = FullList::plan(document.root(), Kind::Tools, None).unwrap();
    assert_eq!((plan.count(), plan.computed()), (3, 1));
    let mut out = Vec::new();
    plan.write(&mut out, &|out, value| {
        let members = value.members().filter(|member| member.key != "metadata").map(|member| {
            let mut text = Vec::new();
            member.write(&mut text);
            String::from_utf8(text).unwrap()
        });
        out.extend_from_slice(format!("{{{}}}", members.collect::<Vec<_>>().join(",")).as_bytes());
    });
    let expected = r#"[{"point":[0,0],"objectId":"a","page":0},{"point":[2,1],"objectId":"a","page":1},{"point":[4,2],"objectId":"a","page":2}]"#;
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn too_many_frames_are_refused_before_anything_is_written() {
    let list = r#"[{"objectId":"b","page":7,"interpolationStopped":true},{"objectId":"b","page":5},{"objectId":"long","page":4294967295},{"objectId":"long","page":0}]"#;
    let document = Document::parse(list).unwrap();
    let error = FullList::plan(document.root(), Kind::Tools, Some(u32::MAX)).unwrap_err();
    assert_eq!((error.object.as_str(), error.frames), ("long", 4_294_967_295));
    assert!(error.to_string().contains("frameTotal"), "{error}");
    let list = format!(r#"[{{"objectId":"a","page":0}},{{"objectId":"a","page":{},"interpolationStopped":true}}]"#, MAX_FRAMES + 1);
    let document = Document::parse(&list).unwrap();
    assert_eq!(FullList::plan(document.root(), Kind::Tools, None).unwrap().computed(), MAX_FRAMES);
}

#[test]
fn an_error_of_the_visitor_ends_the_walk() {
    let document = Document::parse(r#"[{"objectId":"a","page":0}]"#).unwrap();
    let plan = FullList::plan(document.root(), Kind::Tools, Some(1000)).unwrap();
    let mut seen = 0;
    let result = plan.for_each(&as_it_is, &mut |entry| {
        seen += 1;
        if matches!(entry, Entry::Computed(_)) { Err("enough") } else { Ok(()) }
    });
    assert_eq!((result, seen), (Err("enough"), 2));
}

#[test]
fn a_video_has_a_frame_rate_or_a_stop_and_no_pages() {
    for (record, expected) in [
        (r#"{"metadata":{"frameRate":30,"frameTotal":5}}"#, true),
        (r#"{"metadata":{"frameRate":30},"dataset":[]}"#, true),
        (r#"{"metadata":{"frameRate":30},"dataset":["a","b"]}"#, false),
        (r#"{"metadata":{"frameRate":null,"frameTotal":5}}"#, false),
        (r#"{"metadata":{},"task":{"tools":[{"page":1},null,{"page":3,"interpolationStopped":true}]}}"#, true),
        (r#"{"task":{"classifications":[{"page":3,"interpolationStopped":true}]}}"#, true),
        (r#"{"task":{"tools":[{"page":3,"interpolationStopped":false}],"title":"interpolationStopped"}}"#, false),
        (r#"{"task":{"tools":[],"stageHistory":[null,{"tools":[{"page":3,"interpolationStopped":true}]}]}}"#, true),
        (r#"{"task":{"stageHistory":[{"relations":[{"interpolationStopped":true}],"tools":[{"interpolationStopped":false}]}]}}"#, false),
        (r#"{"dataset":["a"],"task":{"stageHistory":[{"tools":[{"page":3,"interpolationStopped":true}]}]}}"#, false),
        (r#"{"dataset":["a"],"task":{"tools":[{"page":3,"interpolationStopped":true}]}}"#, false),
        (r#"[1]"#, false),
        (r#"{"task":[{"tools":1}]}"#, false),
    ] {
        let document = Document::parse(record).unwrap();
        assert_eq!(Video::of(&document.root()).is_some(), expected, "{record}");
    }
    for (metadata, expected) in
        [("\"frameTotal\":507", Some(507)), ("\"frameTotal\":4294967296", None), ("\"frameTotal\":\"5\"", None), ("\"width\":1", None)]
    {
        let record = format!("{{\"metadata\":{{\"frameRate\":30,{metadata}}}}}");
        let video = Video::of(&Document::parse(&record).unwrap().root());
        assert_eq!(video.map(|video| video.frame_total), Some(expected), "{record}");
    }
}
