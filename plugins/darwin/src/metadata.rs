//! `.v7/metadata.json`: the classes and their properties, from which an import creates what V7 does not have yet.

use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::{Class, ClassTable, Project, color};

/// The file.
pub(crate) fn json(project: &Project, classes: &ClassTable) -> Vec<u8> {
    let mut out = b"{\"version\":\"1.0\",\"classes\":[".to_vec();
    let colors = color::of_classes(classes);
    let mut is_first = true;
    for (class, color) in classes.classes().iter().zip(colors) {
        let sources: Vec<&Class> = class.sources.iter().filter_map(|&at| project.tools.get(at as usize)).collect();
        // One name with boxes and polygons is two classes in V7.
        let mut kinds: Vec<&str> = Vec::new();
        for kind in sources.iter().filter_map(|class| kind(&class.kind)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        for kind in kinds {
            out.extend_from_slice(if is_first { b"\n{\"name\":" } else { b",\n{\"name\":" });
            is_first = false;
            write_string(&mut out, &class.name);
            put(&mut out, &[",\"type\":\"", kind, "\",\"description\":null,\"color\":\"rgba("]);
            for part in color {
                write_u64(&mut out, part.into());
                out.push(b',');
            }
            put(&mut out, &["1.0)\",\"sub_types\":[],\"properties\":"]);
            let is_of = |question: &&Class| outermost(project, question).is_some_and(|parent| sources.iter().any(|class| class.schema_id == parent));
            properties(&mut out, &mut project.classifications.iter().filter(is_of), "annotation");
            out.push(b'}');
        }
    }
    out.extend_from_slice(b"\n],\"properties\":");
    let is_of_item = |question: &&Class| {
        let top = outermost(project, question);
        top.is_none_or(|top| !project.tools.iter().any(|class| class.schema_id == top))
    };
    properties(&mut out, &mut project.classifications.iter().filter(is_of_item), "item");
    out.extend_from_slice(b"}\n");
    out
}

/// What V7 calls a tool.
fn kind(tool: &str) -> Option<&'static str> {
    Some(match tool {
        "bounding-box" => "bounding_box",
        "rotated-bounding-box" | "polygon" | "segmentation" => "polygon",
        "polyline" | "spline" => "line",
        "point" => "keypoint",
        _ => return None,
    })
}

/// The schema id of what a question is nested in at last; `None` for a question about the asset.
fn outermost<'a>(project: &'a Project, question: &'a Class) -> Option<&'a str> {
    let mut parent = question.parent.as_deref()?;
    // As many steps as there are questions: a circle has no outermost one.
    for _ in &project.classifications {
        match project.classifications.iter().find(|other| other.schema_id == parent).and_then(|other| other.parent.as_deref()) {
            Some(outer) => parent = outer,
            None => break,
        }
    }
    Some(parent)
}

fn properties(out: &mut Vec<u8>, questions: &mut dyn Iterator<Item = &Class>, granularity: &str) {
    out.push(b'[');
    let mut names: Vec<&str> = Vec::new();
    for question in questions {
        if names.contains(&question.title.as_str()) {
            continue;
        }
        if !names.is_empty() {
            out.push(b',');
        }
        names.push(&question.title);
        let kind = match question.kind.as_str() {
            "radio" | "single-dropdown" => "single_select",
            "checkbox" | "multi-dropdown" | "tree-dropdown" | "rank" => "multi_select",
            _ => "text",
        };
        out.extend_from_slice(b"{\"name\":");
        write_string(out, &question.title);
        put(out, &[",\"type\":\"", kind, "\",\"description\":null,\"required\":false,\"granularity\":\"", granularity, "\""]);
        if kind != "text" {
            out.extend_from_slice(b",\"property_values\":[");
            for (at, option) in question.options.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b",{\"type\":\"string\",\"value\":" } else { b"{\"type\":\"string\",\"value\":" });
                write_string(out, option);
                out.extend_from_slice(b",\"color\":\"auto\"}");
            }
            out.push(b']');
        }
        out.push(b'}');
    }
    out.push(b']');
}

fn put(out: &mut Vec<u8>, texts: &[&str]) {
    texts.iter().for_each(|text| out.extend_from_slice(text.as_bytes()));
}
