//! FUNSD: a JSON file for each page, next to its image.
//!
//! `{"form":[{"id":0,"text":"Date:","box":[left,top,right,bottom],"linking":[[0,1]],"label":"question","words":[{"text":"Date:","box":[...]}]}]}`: whole pixels,
//! ids from 0 on each page, and a link is told by both its ends.

use ango_plugin_sdk::geometry::{Extent, Shape};
use ango_plugin_sdk::images::{Areas, Format, ImageList, Images};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::Split;
use ango_plugin_sdk::text::names::stem;
use ango_plugin_sdk::{Failure, Geometry, Object, Run, Task};

use crate::links::Links;
use crate::options::Options;
use crate::place::{Size, place, size};
use crate::text::{Split as Found, text, words};

const FORMAT: Format = Format::new("FUNSD").with_object_answers().with_relations();

/// An object on the page at hand: what is said of it, before and after its links.
struct Entity {
    before: (usize, usize),
    after: (usize, usize),
}

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let split = Split::new(&options.split)?;
    let mut areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
    let mut list = ImageList::new(run, options.images_csv);
    let mut links = Links::default();
    let mut page = Page::default();
    // Pages need no size, unless they are scaled to another one.
    let choice = options.pages(options.target().map(|_| options.on_missing_size));
    let mut images = Images::new(run, FORMAT, choice);
    while let Some(mut image) = images.next_image()? {
        links.open(run, image.task);
        page.text.clear();
        page.entities.clear();
        for (position, object) in image.objects() {
            let target = options.target();
            let Some(geometry) = place(&object.geometry, image.size, target) else {
                run.lost(image.task.index, Some(&object.object_id), "size-missing", "nobody knows how large its page is");
                continue;
            };
            let size = size(image.size, target);
            let Some(class) = areas.take_as(run, &image, object, &geometry, size) else { continue };
            report_shape(run, image.task, object);
            links.number(position, page.entities.len() as u32);
            page.add(run, image.task, object, areas.shape(), areas.classes().name(class), size, options);
        }
        let pairs = links.of_page(run, image.task, image.page.unwrap_or(0));
        if image.is_left_out_empty(run, options.empty, page.entities.len() as u64) {
            continue;
        }
        let folder = if split.is_split() { folder(split.part(image.task).name()) } else { "" };
        run.add(&[folder, "annotations/", stem(image.name), ".json"].concat(), page.form(&pairs));
        image.size = size(image.size, options.target());
        list.add(&[folder, "images/", image.name].concat(), &image);
    }
    list.finish();
    Ok(())
}

/// The folders of the original data set; it has none for validation.
fn folder(part: &str) -> &'static str {
    match part {
        "val" => "validation_data/",
        "test" => "testing_data/",
        _ => "training_data/",
    }
}

fn report_shape(run: &Run, task: &Task, object: &Object) {
    let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(task.index, Some(&object.object_id), code, detail);
    match &object.geometry {
        Geometry::BoundingBox(_) | Geometry::Pdf(_) => {}
        Geometry::RotatedBox(_) => lost("rotation-dropped", format_args!("rotated box is written as the upright box around it")),
        other => lost("shape-reduced-to-box", format_args!("{} is written as the box around it", other.kind())),
    }
}

/// The page at hand; keeps its memory for the next.
#[derive(Default)]
struct Page {
    text: Vec<u8>,
    entities: Vec<Entity>,
    form: Vec<u8>,
}

impl Page {
    /// Adds an object.
    #[allow(clippy::too_many_arguments)]
    fn add(&mut self, run: &Run, task: &Task, object: &Object, shape: &Shape, label: &str, size: Option<Size>, options: &Options) {
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(task.index, Some(&object.object_id), code, detail);
        let (text, answer) = text(object, &options.text);
        let (words, found) = words(text, shape.extent(), object, size);
        if found == Found::Estimated {
            lost(
                "words-estimated",
                format_args!("area has other parts than its {} words; they are where their share of the letters is", words.len()),
            );
        }
        if object.classifications.len() > usize::from(answer.is_some()) {
            lost("classification-unsupported", format_args!("object is there, but FUNSD has no place for answers about it"));
        }
        let out = &mut self.text;
        let start = out.len();
        out.extend_from_slice(b",\"text\":");
        write_string(out, text);
        out.extend_from_slice(b",\"box\":");
        write_box(out, shape.extent(), size);
        let middle = out.len();
        out.extend_from_slice(b",\"label\":");
        write_string(out, label);
        out.extend_from_slice(b",\"words\":[");
        for (at, word) in words.iter().enumerate() {
            out.extend_from_slice(if at == 0 { b"{\"text\":" } else { b",{\"text\":" });
            write_string(out, word.text);
            out.extend_from_slice(b",\"box\":");
            write_box(out, word.extent, size);
            out.push(b'}');
        }
        out.extend_from_slice(b"]}");
        self.entities.push(Entity { before: (start, middle), after: (middle, out.len()) });
    }

    /// The file, with these links.
    fn form(&mut self, pairs: &[(u32, u32)]) -> &[u8] {
        let mut linking: Vec<Vec<(u32, u32)>> = vec![Vec::new(); if pairs.is_empty() { 0 } else { self.entities.len() }];
        for &pair in pairs {
            for end in [pair.0, pair.1] {
                if let Some(links) = linking.get_mut(end as usize) {
                    links.push(pair);
                }
            }
        }
        let out = &mut self.form;
        out.clear();
        out.extend_from_slice(b"{\"form\":[");
        for (id, entity) in self.entities.iter().enumerate() {
            out.extend_from_slice(if id == 0 { b"\n{\"id\":" } else { b",\n{\"id\":" });
            write_u64(out, id as u64);
            out.extend_from_slice(self.text.get(entity.before.0..entity.before.1).unwrap_or_default());
            out.extend_from_slice(b",\"linking\":[");
            for (at, (from, to)) in linking.get(id).into_iter().flatten().enumerate() {
                out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
                write_u64(out, (*from).into());
                out.push(b',');
                write_u64(out, (*to).into());
                out.push(b']');
            }
            out.push(b']');
            out.extend_from_slice(self.text.get(entity.after.0..entity.after.1).unwrap_or_default());
        }
        out.extend_from_slice(b"\n]}\n");
        out
    }
}

/// Appends left, top, right and bottom in whole pixels, at least one wide and high, and within the page where its size is known.
fn write_box(out: &mut Vec<u8>, extent: Extent, size: Option<Size>) {
    let (width, height) = size.unwrap_or((u32::MAX, u32::MAX));
    let (left, right) = side(extent.x0, extent.x1, width);
    let (top, bottom) = side(extent.y0, extent.y1, height);
    for (at, number) in [left, top, right, bottom].into_iter().enumerate() {
        out.push(if at == 0 { b'[' } else { b',' });
        if number < 0 {
            out.push(b'-');
        }
        write_u64(out, number.unsigned_abs());
    }
    out.push(b']');
}

/// Both ends of a side, rounded. What is outside on purpose stays there.
fn side(from: f64, to: f64, size: u32) -> (i64, i64) {
    let (from, to) = (from.round() as i64, to.round() as i64);
    if to > from {
        (from, to)
    } else if from >= i64::from(size) {
        (from - 1, from)
    } else {
        (from, from + 1)
    }
}
