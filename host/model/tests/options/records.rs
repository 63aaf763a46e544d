//! Properties of the writer over generated records: known and unknown keys at every level, in every order, with numbers and strings in odd forms.

use super::{all_toggles, written};
use ango_model::options::ExportOptions;
use proptest::prelude::*;
use proptest::sample::select;

/// JSON that keeps its text.
#[derive(Debug, Clone)]
enum Json {
    Scalar(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The text with `space` wherever whitespace may be.
    fn text(&self, space: &str) -> String {
        let join = |parts: Vec<String>| parts.join(&format!("{space},{space}"));
        match self {
            Self::Scalar(text) => text.clone(),
            Self::List(elements) => format!("[{space}{}{space}]", join(elements.iter().map(|element| element.text(space)).collect())),
            Self::Object(members) => {
                let members = members.iter().map(|(key, value)| format!("\"{key}\"{space}:{space}{}", value.text(space)));
                format!("{{{space}{}{space}}}", join(members.collect()))
            }
        }
    }
}

fn scalar() -> impl Strategy<Value = Json> {
    let odd = ["1.50", "1e3", "-0", "0.10E-7", "12345678901234567890.000", "-0.0e+0", "null", "true", r#""\u0041\/""#, r#""],\"metadata\":{""#];
    prop_oneof![select(odd.to_vec()).prop_map(String::from), ".{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap())].prop_map(Json::Scalar)
}

fn key() -> impl Strategy<Value = String> {
    let known = [
        "tools",
        "classifications",
        "stageHistory",
        "metadata",
        "type",
        "createdAt",
        "idleDuration",
        "blurDuration",
        "totalIdleDuration",
        "totalBlurDuration",
        "duration",
        "totalDuration",
        "relations",
        "task",
        r"\u0074ype",
        "",
    ];
    prop_oneof![4 => select(known.to_vec()).prop_map(String::from), 1 => "[a-zä.]{1,6}"]
}

fn members(value: impl Strategy<Value = Json>, most: usize) -> impl Strategy<Value = Vec<(String, Json)>> {
    prop::collection::vec((key(), value), 0..most)
}

fn json() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(
        5,
        60,
        5,
        |inner| prop_oneof![1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Json::List), 2 => members(inner, 6).prop_map(Json::Object)],
    )
}

fn record() -> impl Strategy<Value = Json> {
    (members(json(), 3), members(json(), 9), members(json(), 3)).prop_map(|(mut record, task, after)| {
        record.push(("task".into(), Json::Object(task)));
        record.extend(after);
        Json::Object(record)
    })
}

proptest! {
    #[test]
    fn everything_gives_the_record_back_byte_for_byte(record in record()) {
        let compact = record.text("");
        let all = ExportOptions::everything();
        prop_assert_eq!(&written(&compact, &all), &compact);
        prop_assert_eq!(&written(&record.text(" \r\n\t"), &all), &compact);
    }

    #[test]
    fn whitespace_of_the_input_does_not_matter(record in record()) {
        for options in all_toggles() {
            prop_assert_eq!(written(&record.text(""), &options), written(&record.text("\n "), &options), "{:?}", options);
        }
    }

    /// Together with the table of parts, this is all there is to say: what one export drops, a second one cannot bring back or drop again.
    #[test]
    fn two_exports_after_each_other_are_one_with_what_both_keep(record in record()) {
        for first in all_toggles() {
            let once = written(&record.text(""), &first);
            prop_assert!(once.len() <= record.text("").len());
            for second in all_toggles() {
                let both = ExportOptions {
                    annotation_metadata: first.annotation_metadata && second.annotation_metadata,
                    stage_history: first.stage_history && second.stage_history,
                    idle_blur_durations: first.idle_blur_durations && second.idle_blur_durations,
                    store_keys: first.store_keys && second.store_keys,
                    ..ExportOptions::everything()
                };
                prop_assert_eq!(written(&once, &second), written(&record.text(""), &both));
            }
        }
    }
}
