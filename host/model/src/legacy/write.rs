//! Writing objects and lists member by member into a sink that may be emptied in between.

use crate::json::Value;
use crate::sink::Sink;

/// An object that is being written.
pub(super) struct ObjectWriter<'s, S> {
    sink: &'s mut S,
    /// Whether a member has been written. The buffer cannot tell: a checkpoint may have emptied it.
    any: bool,
}

impl<'s, S: Sink> ObjectWriter<'s, S> {
    pub(super) fn open(sink: &'s mut S) -> Self {
        sink.buffer().push(b'{');
        Self { sink, any: false }
    }

    /// Writes a key, given as it stands between its quotes, and hands out the sink for exactly one value.
    pub(super) fn key(&mut self, key: &str) -> &mut S {
        let buffer = self.sink.buffer();
        buffer.extend_from_slice(if self.any { b",\"" } else { b"\"" });
        buffer.extend_from_slice(key.as_bytes());
        buffer.extend_from_slice(b"\":");
        self.any = true;
        self.sink
    }

    /// A member that is JSON text already.
    pub(super) fn json(&mut self, key: &str, json: &str) {
        self.key(key).buffer().extend_from_slice(json.as_bytes());
    }

    /// The value, or this JSON text where there is none.
    pub(super) fn value_or(&mut self, key: &str, value: Option<Value<'_, '_>>, otherwise: &str) {
        match value {
            Some(value) => value.write(self.key(key).buffer()),
            None => self.json(key, otherwise),
        }
    }

    /// The value, or no member where there is none.
    pub(super) fn value_if_any(&mut self, key: &str, value: Option<Value<'_, '_>>) {
        if let Some(value) = value {
            value.write(self.key(key).buffer());
        }
    }

    /// A list that `write` writes as a whole; an absent one is empty.
    pub(super) fn list(&mut self, key: &str, list: Option<Value<'_, '_>>, write: impl FnOnce(&mut S, &Value<'_, '_>)) {
        let sink = self.key(key);
        match list {
            Some(list) => write(sink, &list),
            None => sink.buffer().extend_from_slice(b"[]"),
        }
        sink.checkpoint();
    }

    pub(super) fn close(self) {
        self.sink.buffer().push(b'}');
    }
}

/// Writes a list element by element; an absent one is empty.
pub(super) fn write_list<S: Sink>(sink: &mut S, list: Option<Value<'_, '_>>, write: impl Fn(&mut S, &Value<'_, '_>)) {
    sink.buffer().push(b'[');
    for (position, element) in list.iter().flat_map(Value::elements).enumerate() {
        if position > 0 {
            sink.buffer().push(b',');
        }
        write(sink, &element);
        sink.checkpoint();
    }
    sink.buffer().push(b']');
    sink.checkpoint();
}
