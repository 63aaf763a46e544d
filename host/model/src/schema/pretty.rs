//! JSON values to be written, indented and in a fixed order.

use crate::json::write_string;

/// A value.
pub(super) enum Json {
    Bool(bool),
    Number(i128),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// An object of these members.
pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

impl Json {
    /// Appends a member to an object; anything else stays as it is.
    pub(super) fn with(mut self, key: &str, value: Json) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((key.to_owned(), value));
        }
        self
    }

    /// The text, two spaces per level, with a newline at the end.
    pub(super) fn pretty(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out, 0);
        out.push(b'\n');
        // Only whole strings were written.
        String::from_utf8_lossy(&out).into_owned()
    }

    fn write(&self, out: &mut Vec<u8>, level: usize) {
        match self {
            Self::Bool(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Self::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Text(text) => write_string(out, text),
            Self::List(items) if items.iter().all(|item| !matches!(item, Self::Object(_))) => {
                out.push(b'[');
                for (position, item) in items.iter().enumerate() {
                    out.extend_from_slice(if position > 0 { b", " } else { b"" });
                    item.write(out, level);
                }
                out.push(b']');
            }
            Self::List(items) => block(out, level, b"[]", items, |out, item| item.write(out, level + 1)),
            Self::Object(members) if members.is_empty() => out.extend_from_slice(b"{}"),
            Self::Object(members) => block(out, level, b"{}", members, |out, (key, value)| {
                write_string(out, key);
                out.extend_from_slice(b": ");
                value.write(out, level + 1);
            }),
        }
    }
}

/// Items one per line between two brackets.
fn block<T>(out: &mut Vec<u8>, level: usize, brackets: &[u8; 2], items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(brackets[0]);
    for (position, item) in items.iter().enumerate() {
        out.extend_from_slice(if position > 0 { b",\n" } else { b"\n" });
        out.extend(std::iter::repeat_n(b' ', 2 * (level + 1)));
        write(out, item);
    }
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', 2 * level));
    out.push(brackets[1]);
}
