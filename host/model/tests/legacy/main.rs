//! The legacy export, from outside: what a record looks like in it, and what it says is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod left_out;
mod records;
mod rules;
mod sample;

use ango_model::json::{Document, Value};
use ango_model::legacy::{LeftOut, Parts, write_asset};
use ango_model::sink::Sink;

/// Annotations and links as the record has them, links with a mark that they were asked for.
struct AsTheyAre;

impl<S: Sink> Parts<S> for AsTheyAre {
    fn tools(&self, sink: &mut S, list: &Value<'_, '_>) {
        list.write(sink.buffer());
    }

    fn classifications(&self, sink: &mut S, list: &Value<'_, '_>) {
        list.write(sink.buffer());
    }

    fn link(&self, sink: &mut S, url: &Value<'_, '_>) {
        let literal = url.literal();
        sink.buffer().extend_from_slice(&literal.as_bytes()[..literal.len() - 1]);
        sink.buffer().extend_from_slice(b"#signed\"");
    }
}

/// The record in the legacy format, and what that leaves out.
fn converted(record: &str) -> (String, LeftOut) {
    let document = Document::parse(record).unwrap_or_else(|error| panic!("{error:?} in {record}"));
    converted_value(&document.root())
}

fn converted_value(record: &Value<'_, '_>) -> (String, LeftOut) {
    let (mut out, mut left_out) = (Vec::new(), LeftOut::default());
    write_asset(&mut out, record, &AsTheyAre, &mut left_out);
    (String::from_utf8(out).unwrap(), left_out)
}

/// The same as a value of another JSON library.
fn legacy(record: &str) -> serde_json::Value {
    let (text, _) = converted(record);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// An asset object whose task has these members.
fn with_task(members: &str) -> String {
    format!(r#"{{"asset":"u","task":{{{members}}}}}"#)
}

/// The counts by name.
fn counts(left_out: &LeftOut) -> Vec<(&'static str, u64)> {
    left_out.iter().map(|(code, count)| (code.name(), count)).collect()
}
