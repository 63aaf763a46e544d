//! Writing a value without some of its members.
//!
//! A compact value is written as the text between the cuts: one copy for each stretch that stays, however many members, objects and lists it spans.
//! A value with whitespace between its tokens is written member by member instead, so that the whitespace goes.

use super::value::{Kind, Member, Value};

/// What becomes of a member of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<S> {
    /// Written as it is, without a look into it.
    Keep,
    /// Left out.
    Drop,
    /// Written, and its members are asked about in this scope; of a list, the members of its elements.
    Enter(S),
}

impl Value<'_, '_> {
    /// Appends the value as compact JSON without the members that `rule` drops. The rule is given the scope of the object and the key as it stands in the
    /// text; this value is in `scope`. What is not a container comes out as it is.
    pub fn write_pruned<S: Copy>(&self, out: &mut Vec<u8>, scope: S, rule: &impl Fn(S, &str) -> Part<S>) {
        let node = self.node();
        match node.kind {
            Kind::Array if node.loose => {
                out.push(b'[');
                for (position, element) in self.elements().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    element.write_pruned(out, scope, rule);
                }
                out.push(b']');
            }
            Kind::Object if node.loose => write_members(self, out, scope, rule),
            Kind::Array | Kind::Object => {
                let mut cuts = Cuts { text: self.document.text.as_bytes(), out, copied: node.start as usize };
                cuts.walk(self, scope, rule);
                cuts.copy_up_to(node.end as usize);
            }
            _ => self.write(out),
        }
    }
}

fn write_members<S: Copy>(object: &Value<'_, '_>, out: &mut Vec<u8>, scope: S, rule: &impl Fn(S, &str) -> Part<S>) {
    out.push(b'{');
    let first = out.len();
    for member in object.members() {
        let part = rule(scope, member.key);
        if matches!(part, Part::Drop) {
            continue;
        }
        if out.len() > first {
            out.push(b',');
        }
        member.write_key(out);
        match part {
            Part::Enter(inner) => member.value.write_pruned(out, inner, rule),
            _ => member.value.write(out),
        }
    }
    out.push(b'}');
}

/// Copies a compact text in stretches.
struct Cuts<'t, 'o> {
    text: &'t [u8],
    out: &'o mut Vec<u8>,
    /// Everything before this byte of the text is written or cut.
    copied: usize,
}

impl Cuts<'_, '_> {
    fn copy_up_to(&mut self, end: usize) {
        self.out.extend_from_slice(&self.text[self.copied..end]);
        self.copied = end;
    }

    fn walk<S: Copy>(&mut self, value: &Value<'_, '_>, scope: S, rule: &impl Fn(S, &str) -> Part<S>) {
        for element in value.elements() {
            self.walk(&element, scope, rule);
        }
        let mut kept = false;
        for member in value.members() {
            match rule(scope, member.key) {
                Part::Keep => kept = true,
                Part::Enter(inner) => {
                    kept = true;
                    self.walk(&member.value, inner, rule);
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

/// The bytes of a member of a compact object, from the quote before its key to the end of its value.
fn range(member: &Member<'_, '_>) -> (usize, usize) {
    let key = &member.value.document.nodes[member.value.index as usize - 1];
    let value = member.value.node();
    (key.start as usize - 1, value.end as usize + usize::from(value.kind == Kind::String))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    /// Drops the key `x` at the top and below `in`.
    fn pruned(text: &str) -> String {
        let document = Document::parse(text).unwrap_or_else(|error| unreachable!("{error:?} in {text}"));
        let mut out = Vec::new();
        document.root().write_pruned(&mut out, (), &|(), key| match key {
            "x" => Part::Drop,
            "in" => Part::Enter(()),
            _ => Part::Keep,
        });
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
            ("\"x\"", "\"x\""),
        ] {
            assert_eq!(pruned(text), expected, "{text}");
            // The same with whitespace, which takes the other way through the writer.
            let spaced = text.replace(':', " :\n").replace("[{", "[ {");
            assert_eq!(pruned(&spaced), expected, "{spaced}");
        }
    }
}
