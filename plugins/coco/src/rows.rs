//! What the files of all tasks have in common: where they are, their head, and the rows of images.

use ango_plugin_sdk::coco::{Parts, write_category, write_image_members, write_info};
use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::Split;
use ango_plugin_sdk::{Class, ClassTable, Classification, Failure, Run, TableClass};

use crate::options::{Layout, Options, TaskKind};

/// The path of the file of a part (`train`, `val`, `test`, or `default` when the data set is not split).
fn path(options: &Options, part: &str) -> String {
    if options.layout == Layout::Roboflow {
        // One file in the folder of its images; validation has another name there.
        let folder = match part {
            "default" => "train",
            "val" => "valid",
            other => other,
        };
        return format!("{folder}/_annotations.coco.json");
    }
    // The names of the original data set, by which importers tell the tasks apart.
    let kind = match options.task {
        TaskKind::Detection | TaskKind::Instances => "instances",
        TaskKind::Keypoints => "person_keypoints",
        TaskKind::Captions => "captions",
        TaskKind::Panoptic => "panoptic",
    };
    format!("annotations/{kind}_{part}.json")
}

/// Starts the files. `categories` is the text of the list, or nothing where there are none.
pub(crate) fn open(run: &Run, options: &Options, categories: &[u8]) -> Result<Parts, Failure> {
    let mut head = Vec::new();
    write_info(&mut head, run);
    head.extend_from_slice(b",\n\"licenses\":[]");
    if !categories.is_empty() {
        head.extend_from_slice(b",\n\"categories\":");
        head.extend_from_slice(categories);
    }
    Ok(Parts::open(run, Split::new(&options.split)?, |part| path(options, part), &head, ["images", "annotations"]))
}

/// `categories` of the classes of a table; ids are positions from 1.
pub(crate) fn categories(run: &Run, classes: &ClassTable) -> Vec<u8> {
    let mut out = vec![b'['];
    for (id, class) in (1..).zip(classes.classes()) {
        out.extend_from_slice(if id == 1 { b"\n" } else { b",\n" });
        write_category(&mut out, id, &class.name, supercategory(run, class));
        out.push(b'}');
    }
    out.push(b']');
    out
}

/// The class that a class is nested in.
pub(crate) fn supercategory<'a>(run: &'a Run, class: &TableClass) -> &'a str {
    title_of_parent(run, class.sources.first().and_then(|&at| run.project().tools.get(at as usize)))
}

/// The title of the class that a class of the ontology is nested in.
pub(crate) fn title_of_parent<'a>(run: &'a Run, class: Option<&Class>) -> &'a str {
    let parent = class.and_then(|class| class.parent.as_ref());
    let found = parent.and_then(|parent| run.project().tools.iter().find(|other| other.schema_id == *parent));
    found.map_or("", |parent| &parent.title)
}

/// Appends the row of an image, with the answers about it that `keep` says.
#[inline(never)]
pub(crate) fn image(out: &mut Vec<u8>, image: &Image<'_>, attributes: bool, keep: &dyn Fn(&Classification) -> bool) {
    out.extend_from_slice(b"{\"id\":");
    write_u64(out, image.id());
    if let Some((width, height)) = image.size {
        out.extend_from_slice(b",\"width\":");
        write_u64(out, width.into());
        out.extend_from_slice(b",\"height\":");
        write_u64(out, height.into());
    }
    out.extend_from_slice(b",\"file_name\":");
    write_string(out, image.name);
    out.extend_from_slice(b",\"coco_url\":");
    write_string(out, image.url);
    if attributes {
        out.extend_from_slice(b",\"attributes\":{");
        write_image_members(out, image, keep);
        out.push(b'}');
    }
    out.push(b'}');
}

/// Appends the first members of an annotation: `{"id":...,"image_id":...`.
#[inline]
pub(crate) fn annotation(out: &mut Vec<u8>, id: u64, image: &Image<'_>) {
    out.extend_from_slice(b"{\"id\":");
    write_u64(out, id);
    out.extend_from_slice(b",\"image_id\":");
    write_u64(out, image.id());
}

/// Appends the category of an annotation, by its position from 0.
#[inline]
pub(crate) fn category(out: &mut Vec<u8>, place: u32) {
    out.extend_from_slice(b",\"category_id\":");
    write_u64(out, u64::from(place) + 1);
}
