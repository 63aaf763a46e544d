//! The properties of a feature, by QuPath's reader (`qupath.lib.io.QuPathTypeAdapters`).

use ango_plugin_sdk::json::{write_answer, write_string};
use ango_plugin_sdk::number::write_f64;
use ango_plugin_sdk::{Answer, ClassTable, Object, answers, color};

/// What the reader of classes makes of a name.
struct Name {
    /// `"name":...,"color":[...]`; empty when there is no name, and so no class.
    written: Vec<u8>,
    /// The name when it had to be changed.
    changed: Option<String>,
}

/// The classifications of classes, written once.
pub(crate) struct Classes(Vec<Name>);

impl Classes {
    pub(crate) fn new(classes: &ClassTable) -> Self {
        let colors = color::of_classes(classes);
        Self(classes.classes().iter().zip(colors).map(|(class, color)| Name::new(&class.name, color)).collect())
    }

    /// The name of a class when it had to be changed.
    pub(crate) fn changed(&self, class: u32) -> Option<&str> {
        self.0.get(class as usize)?.changed.as_deref()
    }
}

impl Name {
    fn new(name: &str, [red, green, blue]: [u8; 3]) -> Self {
        // QuPath refuses line breaks in names of classes, trims them, and has no class without a name.
        let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let clean = clean.trim();
        let mut written = Vec::new();
        if !clean.is_empty() {
            written.extend_from_slice(b"\"name\":");
            write_string(&mut written, clean);
            written.extend_from_slice(format!(",\"color\":[{red},{green},{blue}]").as_bytes());
        }
        Self { written, changed: (clean != name || clean.is_empty()).then(|| clean.to_owned()) }
    }
}

/// Appends the properties of an object. `image` is the image that it is on, where the file does not say that.
pub(crate) fn write(out: &mut Vec<u8>, object_type: &str, object: &Object, classes: &Classes, class: u32, image: Option<&str>) {
    out.extend_from_slice(b"{\"objectType\":\"");
    out.extend_from_slice(object_type.as_bytes());
    out.push(b'"');
    if let Some(text) = &object.ocr {
        out.extend_from_slice(b",\"name\":");
        write_string(out, text);
    }
    if let Some(name) = classes.0.get(class as usize).filter(|name| !name.written.is_empty()) {
        out.extend_from_slice(b",\"classification\":{");
        out.extend_from_slice(&name.written);
        out.push(b'}');
    }
    if !object.classifications.is_empty() {
        measurements(out, object);
    }
    out.extend_from_slice(b",\"metadata\":{\"object_id\":");
    write_string(out, &object.object_id);
    if let Some(image) = image {
        out.extend_from_slice(b",\"image\":");
        write_string(out, image);
    }
    if let Some(extra) = &object.extra {
        out.extend_from_slice(b",\"extra\":");
        write_string(out, extra);
    }
    if !object.classifications.is_empty() {
        metadata(out, object);
    }
    out.extend_from_slice(b"}}");
}

/// Answers that are one number.
#[inline(never)]
fn measurements(out: &mut Vec<u8>, object: &Object) {
    let mut is_first = true;
    for (title, group) in answers::by_title(&object.classifications) {
        if let [Answer::Number(number)] = *group {
            out.extend_from_slice(if is_first { b",\"measurements\":{" } else { b"," });
            is_first = false;
            write_string(out, title);
            out.push(b':');
            write_f64(out, *number);
        }
    }
    if !is_first {
        out.push(b'}');
    }
}

/// All other answers, as texts: a text as it is, everything else as JSON.
#[inline(never)]
fn metadata(out: &mut Vec<u8>, object: &Object) {
    let mut text = Vec::new();
    for (title, group) in answers::by_title(&object.classifications) {
        if let [Answer::Number(_)] = *group {
            continue;
        }
        out.push(b',');
        if ["object_id", "image", "extra"].contains(&title) {
            write_string(out, &format!("classification:{title}"));
        } else {
            write_string(out, title);
        }
        out.push(b':');
        if let [Answer::Text(only)] = *group {
            write_string(out, only);
            continue;
        }
        text.clear();
        match *group {
            [only] => write_answer(&mut text, only),
            _ => {
                for (at, answer) in group.into_iter().enumerate() {
                    text.push(if at == 0 { b'[' } else { b',' });
                    write_answer(&mut text, answer);
                }
                text.push(b']');
            }
        }
        write_string(out, std::str::from_utf8(&text).unwrap_or_default());
    }
}
