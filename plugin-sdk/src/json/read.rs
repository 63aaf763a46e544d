//! Taking apart the JSON that the contract hands over as text (`context-data`, `extra`, untyped geometries and answers): one level at a time, without building
//! anything.

use std::borrow::Cow;

/// The members of a JSON object in their order: the key, decoded, and the value as it stands in the text. Nothing when the text is no object; what follows a
/// mistake in the text is left out.
pub fn members(json: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut scan = Scan::new(json, b'{');
    std::iter::from_fn(move || {
        let key = decode(scan.value()?)?;
        scan.skip(b':')?;
        Some((key, scan.value()?))
    })
}

/// The value of the first member with this key, as it stands in the text.
pub fn member<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    members(json).find(|(name, _)| name == key).map(|(_, value)| value)
}

/// The elements of a JSON array, as they stand in the text; as [`members`] otherwise.
pub fn elements(json: &str) -> impl Iterator<Item = &str> {
    let mut scan = Scan::new(json, b'[');
    std::iter::from_fn(move || scan.value())
}

/// The text that a JSON string stands for; `None` when it is no string.
pub fn decode(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.as_bytes().contains(&b'\\') {
        return Some(Cow::Borrowed(inner));
    }
    crate::options::read_string(json).map(Cow::Owned)
}

/// A place in an object or an array.
struct Scan<'a> {
    text: &'a str,
    /// `None` behind the end.
    at: Option<usize>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, open: u8) -> Self {
        let mut scan = Self { text, at: Some(0) };
        if scan.skip(open).is_none() {
            scan.at = None;
        }
        scan
    }

    /// Goes over white space and commas, and says what comes.
    fn next_byte(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        let mut at = self.at?;
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r' | b',')) {
            at += 1;
        }
        self.at = Some(at);
        bytes.get(at).copied()
    }

    /// Goes over one byte, which must be there.
    fn skip(&mut self, wanted: u8) -> Option<()> {
        (self.next_byte()? == wanted).then(|| self.at = self.at.map(|at| at + 1))
    }

    /// The next value; `None` at the end.
    fn value(&mut self) -> Option<&'a str> {
        let first = self.next_byte()?;
        let start = self.at.take()?;
        let bytes = self.text.as_bytes();
        let end = match first {
            b'"' => string_end(bytes, start)?,
            b'{' | b'[' => nested_end(bytes, start)?,
            _ => start + bytes[start..].iter().position(|byte| matches!(byte, b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r'))?,
        };
        self.at = (end > start).then_some(end);
        self.at.and_then(|end| self.text.get(start..end))
    }
}

/// Where the string that begins at `start` ends.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Where the object or array that begins at `start` ends.
fn nested_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => (at, depth) = (at + 1, depth + 1),
            b'}' | b']' => {
                (at, depth) = (at + 1, depth - 1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    #[test]
    fn one_level_is_taken_apart() {
        let json = r#" { "a\"}" : [1, {"b":"]"}] , "c":null,"d": "x\u00e9", "e":-1.5e3 } "#;
        let found: Vec<_> = members(json).collect();
        assert_eq!(found, [("a\"}".into(), r#"[1, {"b":"]"}]"#), ("c".into(), "null"), ("d".into(), r#""x\u00e9""#), ("e".into(), "-1.5e3")]);
        assert_eq!(elements(found[0].1).collect::<Vec<_>>(), ["1", r#"{"b":"]"}"#]);
        assert_eq!(member(json, "d").and_then(decode).as_deref(), Some("xé"));
        assert_eq!((members("{}").count(), elements("[ ]").count(), member(json, "z")), (0, 0, None));
    }

    #[test]
    fn what_is_no_json_ends_early() {
        for text in ["", "[", "{\"a\"", "{\"a\":", "{\"a\":\"b", "{\"a\":[", "{a:1}", "{\"a\\", "7", "}", "{]", "{:}", "é"] {
            assert_eq!(members(text).count(), 0, "{text}");
        }
        assert_eq!(elements("[1,]").collect::<Vec<_>>(), ["1"]);
        assert_eq!(decode("\"\\x\""), None);
        assert_eq!(decode("\""), None);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_comes_back(value in value()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
                match &value {
                    Value::Object(map) => {
                        let found: Map<String, Value> = members(&text).map(|(key, value)| (key.into_owned(), parse(value))).collect();
                        prop_assert_eq!(&found, map);
                    }
                    Value::Array(list) => prop_assert_eq!(&elements(&text).map(parse).collect::<Vec<_>>(), list),
                    Value::String(string) => prop_assert_eq!(decode(&text).unwrap(), string.as_str()),
                    _ => prop_assert_eq!(members(&text).count() + elements(&text).count(), 0),
                }
            }
        }

        #[test]
        fn any_text_ends(text in any::<String>()) {
            let _ = (members(&text).count(), elements(&text).count(), decode(&text));
        }
    }
}
