#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::options::{ClassOptions, SplitOptions};

#[derive(Deserialize, Default, Debug, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct Options {
    precision: u8,
    share: f64,
    maybe: Option<i32>,
    flag: bool,
    listed: Vec<Named>,
    shape: Shape,
    classes: ClassOptions,
    split: SplitOptions,
}

#[derive(Deserialize, Default, Debug, PartialEq)]
struct Named {
    name: String,
}

#[derive(Deserialize, Default, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Shape {
    #[default]
    Dot,
    Disc(f64),
    Box {
        width: u32,
    },
    Pair(u8, u8),
}

fn fault(text: &str) -> (String, String) {
    match read::<Options>(text) {
        Err(Failure::Options(error)) => (error.pointer, error.reason),
        other => panic!("expected an option error, got {other:?}"),
    }
}

#[test]
fn empty_options_are_the_defaults() {
    for text in ["{}", "", " { } ", "\n"] {
        assert_eq!(read::<Options>(text).unwrap(), Options::default());
    }
}

#[test]
fn options_of_every_kind_are_read() {
    let text = r#" {"precision" : 7, "share":-2.5e-1, "maybe":null, "flag":true, "listed":[{"name":"a\"\\\/\n\u00e9\ud83d\ude00", "more":[{}, [1,"]"]]}],
        "shape":{"box":{"width":3}}, "classes":{"rename":{"a":"b"},"include":[]},"split":{"by":"batch","val":["x"]}}"#;
    let options: Options = read(text).unwrap();
    assert_eq!((options.precision, options.share, options.maybe, options.flag), (7, -0.25, None, true));
    assert_eq!((options.listed[0].name.as_str(), options.shape), ("a\"\\/\né😀", Shape::Box { width: 3 }));
    assert_eq!((options.classes.rename.0.len(), options.classes.include), (1, Some(vec![])));
    assert_eq!(
        read::<Options>(r#"{"shape":{"disc":2}, "maybe":-7}"#).unwrap(),
        Options { shape: Shape::Disc(2.0), maybe: Some(-7), ..Options::default() }
    );
    assert_eq!(read::<Options>(r#"{"shape":{"pair":[1,2]}}"#).unwrap().shape, Shape::Pair(1, 2));
}

#[test]
fn a_wrong_option_is_named_by_a_json_pointer() {
    for (text, pointer, reason) in [
        (r#"{"precision":"x"}"#, "/precision", "expected u8"),
        (r#"{"precision":300}"#, "/precision", "expected u8"),
        (r#"{ "precision" : 3, "listed":[{"name":"a,\"]"}, {"name":1}]}"#, "/listed/1/name", "expected a string"),
        (r#"{"listed":[{}]}"#, "/listed/0", "missing field `name`"),
        (r#"{"classes":{"include":["a","b",7]},"precision":1}"#, "/classes/include/2", "expected a string"),
        (r#"{"classes":{"rename":{"a/~\"b":{"c":1}}}}"#, "/classes/rename/a~1~0\"b", "expected a string"),
        (r#"{"classes":{"includes":[]}}"#, "/classes", "unknown field `includes`, expected one of `include`, `exclude`, `rename`, `merge`, `order`"),
        (r#"{"shape":"square"}"#, "/shape", "unknown variant `square`, expected one of `dot`, `disc`, `box`, `pair`"),
        (r#"{"shape":"disc"}"#, "/shape", "expected an object with one member"),
        (r#"{"shape":3}"#, "/shape", "expected a text"),
        ("{not json", "", "not JSON: expected a text at byte 1"),
        (r#"{"precision":1} trailing"#, "", "not JSON: expected nothing more at byte 16"),
        (r#"{"precision":01}"#, "/precision", "not JSON: expected a value at byte 15"),
        (r#"{"flag":tru}"#, "/flag", "not JSON: expected a value at byte 8"),
        (r#"{"listed":[{"name":"a"#, "/listed/0/name", "not JSON: expected the end of a text at byte 22"),
        ("7", "", "expected struct Options"),
    ] {
        assert_eq!(fault(text), (pointer.to_owned(), reason.to_owned()), "{text}");
    }
    assert_eq!(
        fault(&format!(r#"{{"other":{}"#, "[".repeat(100_000))).1,
        "unknown field `other`, expected one of `precision`, `share`, `maybe`, `flag`, `listed`, `shape`, `classes`, `split`"
    );
    let deep = format!(r#"{{"listed":[{{"more":{}"#, "[".repeat(100_000));
    assert!(fault(&deep).1.contains("nested too deeply"));
}

proptest! {
    #[test]
    fn it_reads_what_a_library_writes(numbers in any::<Vec<i64>>(), texts in prop::collection::btree_map(any::<String>(), any::<String>(), 0..5)) {
        let value = (numbers, texts);
        let text = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(read::<(Vec<i64>, BTreeMap<String, String>)>(&text).unwrap(), value);
    }

    #[test]
    fn numbers_that_people_write_are_exact(digits in 0_u64..1_000_000_000_000_000, decimals in 0_usize..16) {
        let text = format!("{digits:016}");
        let text = format!("{}.{}0", text[..16 - decimals].trim_start_matches('0'), &text[16 - decimals..]);
        let text = if text.starts_with('.') { format!("0{text}") } else { text };
        prop_assert_eq!(read::<f64>(&text).unwrap(), text.parse::<f64>().unwrap());
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>(), json in "[\\[\\]{}:,\"\\\\u0-9a-f.e+ tn-]{0,40}") {
        let _ = read::<Options>(&text);
        let _ = read::<serde::de::IgnoredAny>(&json);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_err() || read::<Ignored>(&json).is_ok());
    }
}

#[derive(Default, Deserialize)]
struct Ignored(#[allow(dead_code)] serde::de::IgnoredAny);
