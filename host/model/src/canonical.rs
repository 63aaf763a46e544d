//! The canonical writer: a record with the export's options applied, and the frame of the file around the records.
//!
//! Keys keep their order, numbers their text; unknown keys stay. Dropping a part means not copying it, so an export with less in it is never slower.

use crate::json::{Member, Value};
use crate::options::ExportOptions;

/// The format of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON array.
    #[default]
    Json,
    /// One asset object per line, without a newline at the end: old clients count newlines to know the number of tasks.
    Ndjson,
}

impl Format {
    /// File name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// What comes before the first record.
    pub fn opening(self) -> &'static [u8] {
        match self {
            Self::Json => b"[",
            Self::Ndjson => b"",
        }
    }

    /// What comes between two records.
    pub fn separator(self) -> &'static [u8] {
        match self {
            Self::Json => b",\n",
            Self::Ndjson => b"\n",
        }
    }

    /// What comes after the last record.
    pub fn closing(self) -> &'static [u8] {
        match self {
            Self::Json => b"]",
            Self::Ndjson => b"",
        }
    }
}

/// Appends one asset object as compact JSON with the options applied.
pub fn write_asset(out: &mut Vec<u8>, record: &Value<'_, '_>, options: &ExportOptions) {
    if options.annotation_metadata && options.stage_history {
        record.write(out);
        return;
    }
    write_object(out, record, |out, member| match member.key {
        "task" => write_task(out, &member.value, options),
        _ => member.value.write(out),
    });
}

/// Writes an object's members, each value by `write`.
fn write_object(out: &mut Vec<u8>, object: &Value<'_, '_>, write: impl FnMut(&mut Vec<u8>, &Member<'_, '_>)) {
    write_filtered(out, object, |_| true, write);
}

fn write_filtered(out: &mut Vec<u8>, object: &Value<'_, '_>, keep: impl Fn(&str) -> bool, mut write: impl FnMut(&mut Vec<u8>, &Member<'_, '_>)) {
    let start = out.len();
    out.push(b'{');
    for member in object.members().filter(|member| keep(member.key)) {
        if out.len() > start + 1 {
            out.push(b',');
        }
        member.write_key(out);
        write(out, &member);
    }
    out.push(b'}');
}

fn write_list(out: &mut Vec<u8>, list: &Value<'_, '_>, mut write: impl FnMut(&mut Vec<u8>, &Value<'_, '_>)) {
    if list.is_null() {
        out.extend_from_slice(b"null");
        return;
    }
    out.push(b'[');
    for (position, element) in list.elements().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(out, &element);
    }
    out.push(b']');
}

fn write_task(out: &mut Vec<u8>, task: &Value<'_, '_>, options: &ExportOptions) {
    write_filtered(
        out,
        task,
        |key| options.stage_history || key != "stageHistory",
        |out, member| match member.key {
            "stageHistory" => write_list(out, &member.value, |out, visit| {
                write_object(out, visit, |out, member| write_annotations(out, member, options));
            }),
            _ => write_annotations(out, member, options),
        },
    );
}

/// A member of a task or of a stage visit.
fn write_annotations(out: &mut Vec<u8>, member: &Member<'_, '_>, options: &ExportOptions) {
    match member.key {
        "tools" | "classifications" if !options.annotation_metadata => write_list(out, &member.value, write_without_metadata),
        _ => member.value.write(out),
    }
}

/// A tool or a classification without `metadata`, and so are the classifications nested in it.
fn write_without_metadata(out: &mut Vec<u8>, annotation: &Value<'_, '_>) {
    if annotation.is_null() {
        out.extend_from_slice(b"null");
        return;
    }
    write_filtered(
        out,
        annotation,
        |key| key != "metadata",
        |out, member| match member.key {
            "classifications" => write_list(out, &member.value, write_without_metadata),
            _ => member.value.write(out),
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    fn written(text: &str, options: &ExportOptions) -> String {
        let document = Document::parse(text).unwrap_or_else(|error| unreachable!("{error:?}"));
        let mut out = Vec::new();
        write_asset(&mut out, &document.root(), options);
        String::from_utf8(out).unwrap_or_default()
    }

    const RECORD: &str = r#"{"asset":"a","metadata":{"width":1.50},"task":{"taskId":"t","tools":[{"point":[1,2.0],"metadata":{"createdAt":1},
        "classifications":[{"schemaId":"c","metadata":{}}],"new":{"metadata":1}}],"classifications":[],"stageHistory":[{"stage":"Start","tools":[{"metadata":{}, "objectId":"x"}]}], "z":null}}"#;

    #[test]
    fn toggles_drop_exactly_their_part() {
        let all = ExportOptions::everything();
        assert_eq!(
            written(RECORD, &all),
            RECORD.replace(",\n        ", ",").replace("{}, \"objectId\"", "{},\"objectId\"").replace(", \"z\"", ",\"z\"")
        );
        let history = ExportOptions { annotation_metadata: false, ..all.clone() };
        assert_eq!(
            written(RECORD, &history),
            r#"{"asset":"a","metadata":{"width":1.50},"task":{"taskId":"t","tools":[{"point":[1,2.0],"classifications":[{"schemaId":"c"}],"new":{"metadata":1}}],"classifications":[],"stageHistory":[{"stage":"Start","tools":[{"objectId":"x"}]}],"z":null}}"#
        );
        let metadata = ExportOptions { stage_history: false, ..all };
        assert!(!written(RECORD, &metadata).contains("stageHistory"));
        assert!(written(RECORD, &metadata).contains("createdAt"));
    }
}
