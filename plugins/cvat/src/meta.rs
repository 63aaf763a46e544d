//! The head of a file, which declares labels and their attributes: importers drop what is not declared.

use ango_plugin_sdk::labels::{Attribute, Label, Labels};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::text::xml::{write_attribute, write_text};
use ango_plugin_sdk::{Project, time};

/// What the end of a file is.
pub(crate) const TAIL: &[u8] = b"</annotations>\n";

/// A video as the head of its file says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Video<'a> {
    pub(crate) name: &'a str,
    pub(crate) frames: Option<u64>,
    pub(crate) size: (u32, u32),
}

/// Everything up to the first image or track.
pub(crate) fn write_head(out: &mut Vec<u8>, project: &Project, labels: &Labels, video: Option<Video<'_>>) {
    // Without its encoding, which is UTF-8 then as well: a reader that decodes the file first (labelformat 0.1) refuses one that says it.
    out.extend_from_slice(b"<?xml version=\"1.0\"?>\n<annotations>\n<version>1.1</version>\n<meta>\n<task>\n<name>");
    write_text(out, video.map_or(&project.name, |video| video.name));
    out.extend_from_slice(b"</name>\n");
    if let Some(frames) = video.and_then(|video| video.frames) {
        element(out, b"size", frames);
    }
    out.extend_from_slice(if video.is_some() { b"<mode>interpolation</mode>\n" } else { b"<mode>annotation</mode>\n" });
    out.extend_from_slice(b"<overlap>0</overlap>\n<start_frame>0</start_frame>\n");
    if let Some(frames) = video.and_then(|video| video.frames) {
        element(out, b"stop_frame", frames.saturating_sub(1));
    }
    out.extend_from_slice(b"<labels>\n");
    for label in labels.list() {
        write_label(out, label, video.is_some());
    }
    out.extend_from_slice(b"</labels>\n");
    if let Some(Video { name, size: (width, height), .. }) = video {
        out.extend_from_slice(b"<original_size>\n");
        element(out, b"width", width.into());
        element(out, b"height", height.into());
        out.extend_from_slice(b"</original_size>\n<source>");
        write_text(out, name);
        out.extend_from_slice(b"</source>\n");
    }
    out.extend_from_slice(b"</task>\n");
    if let Some(exported_at) = project.exported_at {
        out.extend_from_slice(b"<dumped>");
        out.extend_from_slice(time::format_iso(exported_at).as_bytes());
        out.extend_from_slice(b"</dumped>\n");
    }
    out.extend_from_slice(b"</meta>\n");
}

fn element(out: &mut Vec<u8>, tag: &[u8], number: u64) {
    out.push(b'<');
    out.extend_from_slice(tag);
    out.push(b'>');
    write_u64(out, number);
    out.extend_from_slice(b"</");
    out.extend_from_slice(tag);
    out.extend_from_slice(b">\n");
}

fn write_label(out: &mut Vec<u8>, label: &Label, mutable: bool) {
    out.extend_from_slice(b"<label><name>");
    write_text(out, &label.name);
    out.extend_from_slice(b"</name>");
    if let Some(color) = &label.color {
        out.extend_from_slice(b"<color>");
        write_text(out, color);
        out.extend_from_slice(b"</color>");
    }
    // A class is drawn with one tool, but what is written of it can be a box, a polygon or a mask.
    out.extend_from_slice(if label.is_class { b"<type>any</type>" } else { b"<type>tag</type>" });
    out.extend_from_slice(b"<attributes>");
    for attribute in &label.attributes {
        write_declared(out, attribute, mutable);
    }
    out.extend_from_slice(b"</attributes></label>\n");
}

fn write_declared(out: &mut Vec<u8>, attribute: &Attribute, mutable: bool) {
    // CVAT has one value for an attribute: where several can be chosen it is a text. Values are lines.
    let is_listed = !attribute.options.is_empty() && !attribute.options.iter().any(|option| option.contains(['\n', '\r']));
    let (input, default): (&[u8], &[u8]) = match attribute.kind.as_str() {
        "radio" if is_listed => (b"radio", b""),
        "single-dropdown" if is_listed => (b"select", b""),
        "boolean" => (b"checkbox", b"false"),
        _ => (b"text", b""),
    };
    out.extend_from_slice(b"\n<attribute><name>");
    write_text(out, &attribute.name);
    out.extend_from_slice(if mutable { b"</name><mutable>True</mutable><input_type>" } else { b"</name><mutable>False</mutable><input_type>" });
    out.extend_from_slice(input);
    out.extend_from_slice(b"</input_type><default_value>");
    out.extend_from_slice(default);
    out.extend_from_slice(b"</default_value><values>");
    if matches!(input, b"radio" | b"select") {
        for (at, option) in attribute.options.iter().enumerate() {
            if at > 0 {
                out.push(b'\n');
            }
            write_text(out, option);
        }
    }
    out.extend_from_slice(b"</values></attribute>");
}

/// The names of labels as values of attributes.
pub(crate) fn escaped_names(labels: &Labels) -> Vec<Vec<u8>> {
    let escaped = |label: &Label| {
        let mut out = Vec::new();
        write_attribute(&mut out, &label.name);
        out
    };
    labels.list().iter().map(escaped).collect()
}
