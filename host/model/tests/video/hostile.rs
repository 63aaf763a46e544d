//! Lists that nobody means.

use super::{any_member, as_it_is};
use ango_model::json::Document;
use ango_model::v3::Asset;
use ango_model::video::{Entry, FullList, Kind, Video, flatten, may_be_grouped};
use proptest::prelude::*;

/// Keys of groups and of their frames.
fn key() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "title",
        "title",
        "page",
        "frame",
        "interpolationStopped",
        "schemaId",
        "point",
        "classifications",
        "frameList",
        "other",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_list_comes_out_as_json_with_its_members(members in prop::collection::vec(any_member(), 0..6), total in prop::option::of(0..20u32)) {
        let list = format!("[{}]", members.join(","));
        let document = Document::parse(&list).unwrap();
        for kind in [Kind::Tools, Kind::Classifications] {
            let Ok(plan) = FullList::plan(document.root(), kind, total) else { continue };
            // A frame number at the far end makes a list of millions.
            if plan.count() > 1000 {
                continue;
            }
            let mut out = Vec::new();
            plan.write(&mut out, &as_it_is);
            let text = String::from_utf8(out).unwrap();
            let written = Document::parse(&text);
            prop_assert!(written.is_ok(), "{}", text);
            prop_assert_eq!(written.unwrap().root().elements().count() as u64, plan.count());
            let (mut stored, mut computed) = (Vec::new(), 0);
            let _ = plan.for_each(&as_it_is, &mut |entry| -> Result<(), ()> {
                match entry {
                    Entry::Stored(value) => stored.push(value.literal().to_owned()),
                    Entry::Computed(_) => computed += 1,
                }
                Ok(())
            });
            prop_assert_eq!(computed, plan.computed());
            prop_assert_eq!(&stored, &members);
        }
    }

    #[test]
    fn any_record_is_looked_at_without_harm(record in any_member(), tools in prop::collection::vec(any_member(), 0..4)) {
        let wrapped = format!(r#"{{"asset":"a","metadata":{{"frameRate":1}},"task":{{"taskId":"t","tools":[{}],"stageHistory":[{record}]}}}}"#, tools.join(","));
        for text in [&record, &wrapped] {
            let document = Document::parse(text).unwrap();
            let root = document.root();
            let video = Video::of(&root);
            if let Ok(asset) = Asset::read(&root) {
                prop_assert_eq!(Video::of_asset(&asset), video);
                prop_assert!(flatten(&root).is_none() || may_be_grouped(&asset));
            }
            if let Some(flat) = flatten(&root) {
                prop_assert!(Document::parse(&flat).is_ok(), "{}", flat);
            }
        }
    }

    #[test]
    fn any_group_comes_out_as_json_with_a_member_for_each_frame(
        common in prop::collection::vec((key(), any_member()), 0..4),
        frames in prop::collection::vec((0..9u32, prop::collection::vec((key(), any_member()), 0..4)), 1..4),
        spelt in proptest::sample::select(vec!["page", "frame"]),
    ) {
        let members = |members: &[(&str, String)]| members.iter().map(|(key, value)| format!(",\"{key}\":{value}")).collect::<String>();
        let list = frames.iter().map(|(page, own)| format!("{{\"{spelt}\":{page}{}}}", members(own))).collect::<Vec<_>>().join(",");
        let record = format!(r#"{{"asset":"a","metadata":{{"frameRate":1}},"task":{{"taskId":"t","tools":[{{"id":0{},"frameList":[{list}]}}]}}}}"#, members(&common));
        let document = Document::parse(&record).unwrap();
        // What looks like frames itself, or changes the number of a frame, may be taken for another group or keep this one from being flattened.
        let is_doubtful =
            |(key, value): &(&str, String)| *key != "title" || value.contains("page") || value.contains("frame") || value.contains("\"1\":");
        let is_plain = !common.iter().chain(frames.iter().flat_map(|(_, own)| own)).any(is_doubtful);
        let Some(flat) = flatten(&document.root()) else {
            prop_assert!(!is_plain, "{}", record);
            return Ok(());
        };
        let flat = Document::parse(&flat).map_err(|error| TestCaseError::fail(format!("{error:?} in {flat}")))?;
        if is_plain {
            let tools = flat.root().get("task").and_then(|task| task.get("tools")).unwrap();
            let pages: Vec<u64> = tools.elements().filter_map(|tool| tool.get("page")?.as_u64()).collect();
            prop_assert_eq!(pages, frames.iter().map(|(page, _)| u64::from(*page)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_writer_that_writes_something_else_does_no_harm(text in ".{0,20}") {
        let document = Document::parse(r#"[{"objectId":"a","page":0,"point":[0,0]},{"objectId":"a","page":3,"point":[3,3]}]"#).unwrap();
        let plan = FullList::plan(document.root(), Kind::Tools, Some(9)).unwrap();
        let mut entries = 0;
        let _ = plan.for_each(&|out, _| out.extend_from_slice(text.as_bytes()), &mut |_| -> Result<(), ()> {
            entries += 1;
            Ok(())
        });
        prop_assert_eq!(entries, plan.count());
    }
}
