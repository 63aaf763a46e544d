//! Create ML object detection: one JSON array of images and their boxes.
//!
//! Coordinates are those of a box's **centre**, in pixels. The file lies in the folder of the images, which name it from there; of a split, each part has a folder.

mod options;

use ango_plugin_sdk::images::{Areas, Choice, Format, Image, ImageList, Images};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{rounded, write_rounded};
use ango_plugin_sdk::options::{Part, Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, File, Geometry, Info, Object, Run};

pub use options::Options;

const FORMAT: Format = Format::new("Create ML");
/// The file of a part, in its folder.
const NAME: &str = "annotations.json";
/// Decimals of a pixel.
const DECIMALS: u8 = 6;

/// The converter.
pub struct CreateMl;

ango_plugin_sdk::export!(CreateMl);

impl Converter for CreateMl {
    type Options = Options;

    fn describe() -> Info {
        const SHARED: [Shared; 9] = [
            Shared::Classes,
            Shared::Split,
            Shared::Outside,
            Shared::MinArea,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::ImagesCsv,
        ];
        Info::new("createml", env!("CARGO_PKG_VERSION"), "Boxes for object detection with Create ML", "Create ML")
            .with_options_schema(&schema("{}", &SHARED))
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let split = Split::new(&options.split)?;
        let mut areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let mut parts = [Part::Train, Part::Val, Part::Test].map(|part| split.has(part).then(|| Array::new(run, &split, part)));
        let mut list = ImageList::new(run, options.images_csv);
        let choice = Choice { on_missing_size: None, names: options.names, frames: options.frames, stage: options.stage.clone() };
        let mut images = Images::new(run, FORMAT, choice);
        let mut boxes = Vec::new();
        while let Some(image) = images.next_image()? {
            boxes.clear();
            for (_, object) in image.objects() {
                write_box(&mut boxes, run, &mut areas, &image, object);
            }
            if image.is_left_out_empty(run, options.empty, boxes.len() as u64) {
                continue;
            }
            let part = split.part(image.task);
            if let Some(array) = &mut parts[part as usize] {
                array.add(image.name, &boxes);
            }
            list.add(&[folder(&split, part), image.name].concat(), &image);
        }
        parts.into_iter().flatten().for_each(|array| array.rows.finish());
        list.finish();
        Ok(())
    }
}

/// The folder of a part, with a `/`; empty if there is one part.
fn folder(split: &Split, part: Part) -> &'static str {
    match part {
        _ if !split.is_split() => "",
        Part::Train => "train/",
        Part::Val => "val/",
        Part::Test => "test/",
    }
}

/// The array of a part: this shard's rows of it.
struct Array {
    rows: File,
    is_first: bool,
}

impl Array {
    fn new(run: &Run, split: &Split, part: Part) -> Self {
        let path = [folder(split, part), NAME].concat();
        if run.is_first_shard() {
            for (position, bracket) in [(0, b"[\n"), (2, b"\n]")] {
                let mut file = run.section(&path, position, "");
                file.put(bracket);
                file.finish();
            }
        }
        Self { rows: run.section(&path, 1, ",\n"), is_first: true }
    }

    fn add(&mut self, name: &str, boxes: &[u8]) {
        let out = self.rows.buffer();
        if !std::mem::take(&mut self.is_first) {
            out.extend_from_slice(b",\n");
        }
        out.extend_from_slice(b"{\"image\":");
        write_string(out, name);
        out.extend_from_slice(b",\"annotations\":[");
        out.extend_from_slice(boxes);
        out.extend_from_slice(b"]}");
    }
}

/// Appends an object's box, or reports why there is none.
#[inline(never)]
fn write_box(out: &mut Vec<u8>, run: &Run, areas: &mut Areas, image: &Image<'_>, object: &Object) {
    let Some(class) = areas.take(run, image, object) else { return };
    let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
    let [x, y, width, height] = areas.shape().bounding_box();
    if rounded(width, DECIMALS) <= 0.0 || rounded(height, DECIMALS) <= 0.0 {
        return lost("zero-area", format_args!("object has no width or no height with six decimals"));
    }
    match &object.geometry {
        Geometry::BoundingBox(_) => {}
        Geometry::RotatedBox(_) => lost("rotation-dropped", format_args!("rotated box is written as the upright box around it")),
        other => lost("shape-reduced-to-box", format_args!("{} is written as the box around it", other.kind())),
    }
    if !out.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(b"{\"label\":");
    write_string(out, areas.classes().name(class));
    out.extend_from_slice(b",\"coordinates\":{\"x\":");
    write_rounded(out, x + width / 2.0, DECIMALS);
    out.extend_from_slice(b",\"y\":");
    write_rounded(out, y + height / 2.0, DECIMALS);
    out.extend_from_slice(b",\"width\":");
    write_rounded(out, width, DECIMALS);
    out.extend_from_slice(b",\"height\":");
    write_rounded(out, height, DECIMALS);
    out.extend_from_slice(b"}}");
}

#[cfg(test)]
mod tests;
