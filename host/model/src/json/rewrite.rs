//! Writing a value with some of its members left out or written in another way.
//!
//! A compact value is written as the text between the cuts: one copy for each stretch that stays, however many members, objects and lists it spans.
//! A value with whitespace between its tokens is written member by member instead, so that the whitespace goes.

use super::value::{Kind, Member, Value};
use crate::sink::Sink;

/// What becomes of a member of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<S> {
    /// Written as it is, without a look into it.
    Keep,
    /// Left out.
    Drop,
    /// Written, and its members are asked about in this scope; of a list, the members of its elements.
    Enter(S),
    /// The key is written as it is, and its value by the rule.
    Write,
}

/// Says what becomes of members.
pub trait Rule {
    /// What kind of object a member is in.
    type Scope: Copy;

    /// What becomes of a member of an object in this scope. The key is as it stands in the text.
    fn part(&self, scope: Self::Scope, key: &str, value: &Value<'_, '_>) -> Part<Self::Scope>;

    /// Appends another value than the member's own, for which the part is [`Part::Write`].
    fn write<S: Sink>(&self, scope: Self::Scope, key: &str, value: &Value<'_, '_>, sink: &mut S);
}

impl Value<'_, '_> {
    /// Appends the value as compact JSON, as `rule` has it. This value is in `scope`. What is not a container comes out as it is.
    pub fn write_by<S: Sink, R: Rule>(&self, sink: &mut S, scope: R::Scope, rule: &R) {
        let node = self.node();
        match node.kind {
            Kind::Array if node.loose => {
                sink.buffer().push(b'[');
                for (position, element) in self.elements().enumerate() {
                    if position > 0 {
                        sink.buffer().push(b',');
                    }
                    element.write_by(sink, scope, rule);
                }
                sink.buffer().push(b']');
            }
            Kind::Object if node.loose => write_members(self, sink, scope, rule),
            Kind::Array | Kind::Object => {
                let mut cuts = Cuts { text: self.document.text.as_bytes(), sink, copied: node.start as usize };
                cuts.walk(self, scope, rule);
                cuts.copy_up_to(node.end as usize);
            }
            _ => self.write(sink.buffer()),
        }
    }
}

fn write_members<S: Sink, R: Rule>(object: &Value<'_, '_>, sink: &mut S, scope: R::Scope, rule: &R) {
    sink.buffer().push(b'{');
    let mut first = true;
    for member in object.members() {
        let part = rule.part(scope, member.key, &member.value);
        if matches!(part, Part::Drop) {
            continue;
        }
        if !std::mem::take(&mut first) {
            sink.buffer().push(b',');
        }
        member.write_key(sink.buffer());
        match part {
            Part::Enter(inner) => member.value.write_by(sink, inner, rule),
            Part::Write => rule.write(scope, member.key, &member.value, sink),
            _ => member.value.write(sink.buffer()),
        }
    }
    sink.buffer().push(b'}');
}

/// Copies a compact text in stretches.
struct Cuts<'t, 's, S> {
    text: &'t [u8],
    sink: &'s mut S,
    /// Everything before this byte of the text is written or cut.
    copied: usize,
}

impl<S: Sink> Cuts<'_, '_, S> {
    fn copy_up_to(&mut self, end: usize) {
        self.sink.buffer().extend_from_slice(&self.text[self.copied..end]);
        self.copied = end;
    }

    fn walk<R: Rule>(&mut self, value: &Value<'_, '_>, scope: R::Scope, rule: &R) {
        for element in value.elements() {
            self.walk(&element, scope, rule);
        }
        let mut kept = false;
        for member in value.members() {
            match rule.part(scope, member.key, &member.value) {
                Part::Keep => kept = true,
                Part::Enter(inner) => {
                    kept = true;
                    self.walk(&member.value, inner, rule);
                }
                Part::Write => {
                    kept = true;
                    let (start, end) = member.value.range();
                    self.copy_up_to(start);
                    rule.write(scope, member.key, &member.value, self.sink);
                    self.copied = end;
                }
                Part::Drop => {
                    let (start, end) = range(&member);
                    // One comma goes with a member: the one before it, or the one after it as long as nothing has been kept.
                    if kept {
                        self.copy_up_to(start - 1);
                        self.copied = end;
                    } else {
                        self.copy_up_to(start);
                        self.copied = end + usize::from(self.text.get(end) == Some(&b','));
                    }
                }
            }
        }
    }
}

impl Value<'_, '_> {
    /// The bytes of the value in the text, quotes included.
    fn range(&self) -> (usize, usize) {
        let node = self.node();
        let quote = usize::from(node.kind == Kind::String);
        (node.start as usize - quote, node.end as usize + quote)
    }
}

/// The bytes of a member of a compact object, from the quote before its key to the end of its value.
fn range(member: &Member<'_, '_>) -> (usize, usize) {
    let key = &member.value.document.nodes[member.value.index as usize - 1];
    (key.start as usize - 1, member.value.range().1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    /// Drops the key `x` and writes `w` as its kind, at the top and below `in`.
    struct Rules;

    impl Rule for Rules {
        type Scope = ();

        fn part(&self, (): (), key: &str, _: &Value<'_, '_>) -> Part<()> {
            match key {
                "x" => Part::Drop,
                "in" => Part::Enter(()),
                "w" => Part::Write,
                _ => Part::Keep,
            }
        }

        fn write<S: Sink>(&self, (): (), key: &str, value: &Value<'_, '_>, sink: &mut S) {
            sink.buffer().extend_from_slice(format!("\"{key} {}\"", value.kind().name()).as_bytes());
        }
    }

    fn rewritten(text: &str) -> String {
        let document = Document::parse(text).unwrap_or_else(|error| unreachable!("{error:?} in {text}"));
        let mut out = Vec::new();
        document.root().write_by(&mut out, (), &Rules);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn one_comma_goes_with_each_member() {
        for (text, expected) in [
            (r#"{"x":1}"#, r#"{}"#),
            (r#"{"x":1,"x":"2","x":[3]}"#, r#"{}"#),
            (r#"{"x":1,"a":"x"}"#, r#"{"a":"x"}"#),
            (r#"{"a":"x","x":"1"}"#, r#"{"a":"x"}"#),
            (r#"{"x":0,"a":1,"x":2,"x":3,"b":4,"x":5}"#, r#"{"a":1,"b":4}"#),
            (r#"{"a":{"x":1},"in":{"x":1}}"#, r#"{"a":{"x":1},"in":{}}"#),
            (r#"{"in":[{"x":1},null,7,{"b":1.50,"x":"]}"},{"x":1,"in":[{"x":{}}]}],"x":1}"#, r#"{"in":[{},null,7,{"b":1.50},{"in":[{}]}]}"#),
            (r#"{"in":1,"a":[]}"#, r#"{"in":1,"a":[]}"#),
            (r#"{"x":1,"w":"1","a":2,"w":[{"x":1}],"x":3}"#, r#"{"w":"w a string","a":2,"w":"w an array"}"#),
            (r#"{"in":[{"w":null},{"x":1,"w":{}}],"w":-1.5}"#, r#"{"in":[{"w":"w null"},{"w":"w an object"}],"w":"w a number"}"#),
            ("\"x\"", "\"x\""),
        ] {
            assert_eq!(rewritten(text), expected, "{text}");
            // The same with whitespace, which takes the other way through the writer.
            let spaced = text.replace(':', " :\n").replace("[{", "[ {");
            assert_eq!(rewritten(&spaced), expected, "{spaced}");
        }
    }
}
