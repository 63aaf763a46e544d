//! What is not understood, kept.

use crate::json::Member;

/// Keys that this version does not type, as raw JSON in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extra<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Extra<'a> {
    pub(super) fn push(&mut self, member: &Member<'a, '_>) {
        self.0.push((member.key, member.value.literal()));
    }

    /// Takes out the first value that satisfies `wanted`.
    pub(super) fn take(&mut self, wanted: impl Fn(&str) -> bool) -> Option<(&'a str, &'a str)> {
        let position = self.0.iter().position(|(_, value)| wanted(value))?;
        Some(self.0.remove(position))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys (as in the text, escapes and all) and values (JSON), in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.0.iter().copied()
    }

    /// All of them as one JSON object; `None` when there are none.
    pub fn to_json(&self) -> Option<String> {
        self.to_json_of(|_| true)
    }

    /// Those that are `wanted` as one JSON object; `None` when there are none.
    pub fn to_json_of(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut json = String::new();
        for (key, value) in self.iter().filter(|(key, _)| wanted(key)) {
            json.push_str(if json.is_empty() { "{\"" } else { ",\"" });
            json.push_str(key);
            json.push_str("\":");
            json.push_str(value);
        }
        if json.is_empty() {
            return None;
        }
        json.push('}');
        Some(json)
    }
}
