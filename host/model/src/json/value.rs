//! Looking at a tape.

use super::parse::{Document, Node};
use super::{parse_f64, parse_u64, unescape};
use std::borrow::Cow;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// A key of an object; never seen from outside.
    #[doc(hidden)]
    Key,
}

impl Kind {
    /// The kind with its article, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Key => "a key",
        }
    }
}

/// A value of a [`Document`]. `'a` is the text's lifetime, `'d` the tape's.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a, 'd> {
    pub(super) document: &'d Document<'a>,
    pub(super) index: u32,
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a, 'd> {
    /// The key as it stands in the text, escapes and all. Keys of the format hold none.
    pub key: &'a str,
    /// Its value.
    pub value: Value<'a, 'd>,
}

impl<'a, 'd> Value<'a, 'd> {
    #[inline]
    pub(super) fn node(&self) -> &'d Node {
        &self.document.nodes[self.index as usize]
    }

    #[inline]
    fn slice(&self, node: &Node) -> &'a str {
        &self.document.text[node.start as usize..node.end as usize]
    }

    /// What the value is.
    #[inline]
    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value's text as it stands in the input; of strings without the quotes.
    pub fn raw(&self) -> &'a str {
        self.slice(self.node())
    }

    /// The text of a string with its quotes; of anything else, the same as [`Value::raw`].
    pub fn literal(&self) -> &'a str {
        let node = self.node();
        match node.kind {
            Kind::String | Kind::Key => &self.document.text[node.start as usize - 1..node.end as usize + 1],
            _ => self.slice(node),
        }
    }

    /// Whether there is whitespace between the tokens of this array or object.
    pub fn has_spaces(&self) -> bool {
        let node = self.node();
        node.loose && matches!(node.kind, Kind::Array | Kind::Object)
    }

    /// Byte offset of the value in the document's text.
    pub fn offset(&self) -> usize {
        self.node().start as usize
    }

    /// The string, when it is one.
    pub fn as_str(&self) -> Option<Cow<'a, str>> {
        let node = self.node();
        (node.kind == Kind::String).then(|| if node.loose { unescape(self.slice(node)) } else { Cow::Borrowed(self.slice(node)) })
    }

    /// The number, when it is one that a finite `f64` can hold.
    #[inline]
    pub fn as_f64(&self) -> Option<f64> {
        let node = self.node();
        if node.kind == Kind::Number { parse_f64(self.slice(node)) } else { None }
    }

    /// The whole number from 0 up, when it is one.
    pub fn as_u64(&self) -> Option<u64> {
        let node = self.node();
        if node.kind == Kind::Number { parse_u64(self.slice(node)) } else { None }
    }

    /// The boolean, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        let node = self.node();
        (node.kind == Kind::Bool).then(|| node.end - node.start == 4)
    }

    /// The elements of an array; nothing for anything else.
    #[inline]
    pub fn elements(&self) -> impl Iterator<Item = Value<'a, 'd>> + use<'a, 'd> {
        let node = self.node();
        let document = self.document;
        let end = if node.kind == Kind::Array { node.next } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            (index < end).then(|| {
                let value = Value { document, index };
                index = document.nodes[index as usize].next;
                value
            })
        })
    }

    /// The members of an object in their order; nothing for anything else.
    #[inline]
    pub fn members(&self) -> impl Iterator<Item = Member<'a, 'd>> + use<'a, 'd> {
        let node = self.node();
        let document = self.document;
        let end = if node.kind == Kind::Object { node.next } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            (index < end).then(|| {
                let key = &document.nodes[index as usize];
                let value = Value { document, index: index + 1 };
                index = document.nodes[index as usize + 1].next;
                Member { key: &document.text[key.start as usize..key.end as usize], value }
            })
        })
    }

    /// The member `key`; of several, the first.
    pub fn get(&self, key: &str) -> Option<Value<'a, 'd>> {
        self.members().find(|member| member.key == key).map(|member| member.value)
    }

    /// Upper bound of how many elements or members there are, for reserving memory.
    pub fn size_hint(&self) -> usize {
        (self.node().next.saturating_sub(self.index + 1)) as usize
    }

    /// Appends the value as compact JSON: untouched parts byte for byte, without whitespace between tokens.
    pub fn write(&self, out: &mut Vec<u8>) {
        let node = self.node();
        match node.kind {
            Kind::String | Kind::Key => out.extend_from_slice(self.literal().as_bytes()),
            Kind::Array if node.loose => {
                out.push(b'[');
                for (position, element) in self.elements().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    element.write(out);
                }
                out.push(b']');
            }
            Kind::Object if node.loose => {
                out.push(b'{');
                for (position, member) in self.members().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    member.write(out);
                }
                out.push(b'}');
            }
            _ => out.extend_from_slice(self.slice(node).as_bytes()),
        }
    }
}

impl Member<'_, '_> {
    /// Appends the key and a colon.
    pub fn write_key(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        out.extend_from_slice(self.key.as_bytes());
        out.extend_from_slice(b"\":");
    }

    /// Appends the member as compact JSON.
    pub fn write(&self, out: &mut Vec<u8>) {
        self.write_key(out);
        self.value.write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Reference;

    fn rewritten(text: &str) -> String {
        let document = Document::parse(text).unwrap_or_else(|error| unreachable!("{error:?} in {text}"));
        let mut out = Vec::new();
        document.root().write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn order_numbers_and_escapes_survive_and_whitespace_goes() {
        let text = "\n{ \"b\" : [ 1.50 , -0, 1E+2 ],\t\"a\":{\"\\u0041\":\"x\\/\\n\"} , \"e\":[ ],\"f\":{ } }\n";
        assert_eq!(rewritten(text), r#"{"b":[1.50,-0,1E+2],"a":{"\u0041":"x\/\n"},"e":[],"f":{}}"#);
    }

    #[test]
    fn an_error_names_the_field() {
        for (text, field, problem) in [
            (r#"{"task":{"tools":[{"polygon":[[1,2],[3,NaN]]}]}}"#, "task.tools[0].polygon[1][1]", "not finite"),
            (r#"{"task":{"a":1,"b":tru}}"#, "task.b", "'tru'"),
            (r#"{"a":[1,2"#, "a[2]", "truncated"),
            (r#"{"a":"x"#, "a", "not closed"),
            (r#"{"a":1} x"#, "", "after the end"),
            (r#"{"a":01}"#, "a", "start with 0"),
            ("{\"a\":\"\u{1}\"}", "a", "U+0001"),
            (r#"{"a":1,}"#, "a", "key in quotes"),
            ("", "", "truncated"),
        ] {
            let error = Document::parse(text).err().unwrap_or_else(|| unreachable!("{text}"));
            assert_eq!(error.field, field, "{text}");
            assert!(error.problem.contains(problem), "{text}: {}", error.problem);
        }
        let deep = "[".repeat(100_000);
        assert!(Document::parse(&deep).is_err_and(|error| error.problem.contains("nested deeper")));
    }

    fn json() -> impl Strategy<Value = Reference> {
        let leaf = prop_oneof![
            Just(Reference::Null),
            any::<bool>().prop_map(Reference::from),
            any::<i64>().prop_map(Reference::from),
            (-1e6f64..1e6).prop_map(Reference::from),
            ".*".prop_map(Reference::from),
        ];
        leaf.prop_recursive(6, 80, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Reference::from),
                prop::collection::vec((".*", inner), 0..8).prop_map(|members| Reference::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_was_read(value in json()) {
            let pretty = serde_json::to_string_pretty(&value).map_err(|_| TestCaseError::fail("serde"))?;
            let compact = serde_json::to_string(&value).map_err(|_| TestCaseError::fail("serde"))?;
            prop_assert_eq!(rewritten(&pretty), compact.clone());
            prop_assert_eq!(rewritten(&compact), compact);
        }

        #[test]
        fn accepts_what_the_reference_accepts(text in "[\\[\\]{}:,\" 0-9a-fnrtlsue.\\\\+-]{0,24}") {
            prop_assert_eq!(Document::parse(&text).is_ok(), serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
        }
    }
}
