//! Each toggle drops its parts and nothing else.

use super::{all_toggles, written};
use ango_model::options::ExportOptions;

/// A record with every kind of part, and unknown keys and misleading names at every level. `<M ... M>` is there with Annotation Metadata only, `<H ... H>`
/// with Stage History, `<D ... D>` with idle and blur durations, `<S ... S>` when keys of the store are kept.
const RECORD: &str = concat!(
    r#"{"type":"asset","asset":"a","createdAt":1,"metadata":{"width":1.50,"metadata":-0,"idleDuration":1e3},"idleDuration":1,"stageHistory":[7],"#,
    r#""batches":["b",null],"tools":[{"metadata":1}],"new":{"task":{"type":1},"metadata":1},"#,
    r#""task":{<S"type":"default",S>"taskId":"t","stage":"Complete"<S,"createdAt":1693573369271S>,"updatedAt":1693573369271,"#,
    r#""totalDuration":50,"duration":10<D,"blurDuration":1,"idleDuration":2D>,"metadata":{"kept":1}<D,"totalBlurDuration":3,"totalIdleDuration":4.0D>,"#,
    r#""tools":[{"point":[1,2.0],"objectId":"o"<M,"metadata":{"createdAt":1,"createdBy":"x@y"}M>,"title":"}],{","classifications":["#,
    r#"{"answer":["A"],"type":"c","classifications":[{<M"metadata":{},M>"answer":null,"classifications":[{<M"metadata":nullM>}]}]<M,"metadata":{}M>}],"#,
    r#""new":{"metadata":1},"idleDuration":5,"stageHistory":0},null,{<M"metadata":{"a":[{"metadata":1}]}M>},{"segmentation":{"zones":[],"metadata":1}}],"#,
    r#""classifications":[{"answer":"\"metadata\"","new":[{"metadata":2}]<M,"metadata":{}M>}],"#,
    r#""relations":[{"from":"o","to":"o","metadata":{"createdBy":"x@y"}}],"brushDataUrl":"","new":{"blurDuration":1,"tools":[{"metadata":1}]}"#,
    r#"<H,"stageHistory":[{"stage":"Start","type":"t","createdAt":0,"duration":7<D,"idleDuration":1,"blurDuration":2D>,"totalIdleDuration":9,"#,
    r#""tools":[{"objectId":"x"<M,"metadata":{}M>}],"classifications":[{<M"metadata":{},M>"answer":1E+2}],"new":{"idleDuration":1,"metadata":1}},"#,
    r#"{<D"blurDuration":0D>},null,{"stage":"Label","stageHistory":[{"idleDuration":1}],"relations":[{"metadata":1}]}]H>"#,
    r#"<D,"idleDuration":nullD>,"z":null}}"#
);

/// The record with the marked parts that belong to options that are on.
fn expected(options: &ExportOptions) -> String {
    let mut text = RECORD.to_owned();
    let parts = [('H', options.stage_history), ('M', options.annotation_metadata), ('D', options.idle_blur_durations), ('S', options.store_keys)];
    for (mark, on) in parts {
        while let Some(start) = text.find(&format!("<{mark}")) {
            let end = text.find(&format!("{mark}>")).unwrap();
            let part = if on { text[start + 2..end].to_owned() } else { String::new() };
            text.replace_range(start..end + 2, &part);
        }
    }
    text
}

/// The same record with whitespace between its tokens. No string of the record holds the characters that are replaced.
fn spaced(record: &str) -> String {
    record.replace("\":", "\" : ").replace(",\"", " ,\n\t\"").replace("[{\"", "[ {\"")
}

#[test]
fn each_toggle_drops_exactly_its_parts_alone_and_with_others() {
    let record = expected(&ExportOptions::everything());
    for options in all_toggles() {
        assert_eq!(written(&record, &options), expected(&options), "{options:?}");
        assert_eq!(written(&spaced(&record), &options), expected(&options), "{options:?}");
    }
}

#[test]
fn what_is_dropped_is_what_is_marked() {
    let all = ExportOptions::everything();
    for (options, gone, stays) in [
        (ExportOptions { annotation_metadata: false, ..all.clone() }, r#""createdBy":"x@y"},"title""#, r#""metadata":{"width":1.50"#),
        (ExportOptions { stage_history: false, ..all.clone() }, r#""stage":"Start""#, r#""stageHistory":[7]"#),
        (ExportOptions { idle_blur_durations: false, ..all.clone() }, "totalBlurDuration", r#""totalDuration":50,"duration":10"#),
        (ExportOptions { store_keys: false, ..all.clone() }, r#""type":"default""#, r#""updatedAt":1693573369271"#),
    ] {
        let (full, less) = (expected(&all), expected(&options));
        assert!(full.contains(gone) && !less.contains(gone), "{gone}");
        assert!(less.contains(stays), "{stays}");
    }
}

#[test]
fn a_record_without_keys_of_the_store_does_not_depend_on_their_option() {
    for options in all_toggles() {
        let bare = expected(&ExportOptions { store_keys: false, ..ExportOptions::everything() });
        assert_eq!(written(&bare, &options), written(&bare, &ExportOptions { store_keys: !options.store_keys, ..options }));
    }
}

#[test]
fn the_default_is_a_bare_export() {
    let bare = ExportOptions {
        annotation_metadata: false,
        stage_history: false,
        idle_blur_durations: false,
        store_keys: false,
        ..ExportOptions::everything()
    };
    let record = expected(&ExportOptions::everything());
    assert_eq!(written(&record, &ExportOptions::default()), expected(&bare));
}
