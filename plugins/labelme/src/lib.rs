//! LabelMe (wkentaro): one JSON file beside each image.
//!
//! Every kind of drawing has a kind of shape: boxes are rectangles, polygons and the parts of a segmentation polygons (the parts of one object
//! share a `group_id`), lines line strips, points points. A polygon cannot have a hole, but a mask can: shapes with holes are masks, as LabelMe's
//! own AI tools make them. Answers with options are flags; others are in the description. LabelMe keeps keys that it does not know, so the id of
//! an object is with its shape.

mod answers;
mod options;
mod shapes;

use ango_plugin_sdk::images::{Choice, Format, Image, ImageList, Images};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::{Shared, schema};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

const FORMAT: Format = Format::new("LabelMe").with_answers();

/// The version that files say they are of: the one whose reader was read (`labelme/_label_file.py`).
const VERSION: &str = "5.5.0";

/// The converter.
pub struct LabelMe;

ango_plugin_sdk::export!(LabelMe);

impl Converter for LabelMe {
    type Options = Options;

    fn describe() -> Info {
        let shared = [
            Shared::Classes,
            Shared::OnMissingSize,
            Shared::Outside,
            Shared::MinArea,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::ImagesCsv,
        ];
        Info::new("labelme", env!("CARGO_PKG_VERSION"), "One LabelMe JSON file for each image", "LabelMe")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let choice =
            Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage.clone() };
        let (empty, mut list) = (options.empty, ImageList::new(run, options.images_csv));
        let mut shapes = shapes::Shapes::new(run, &options)?;
        let mut images = Images::new(run, FORMAT, choice);
        let mut out = Vec::new();
        if run.is_first_shard() && options.labels_txt {
            run.add("labels.txt", &labels(shapes.classes()));
        }
        while let Some(image) = images.next_image()? {
            out.clear();
            open(&mut out, &image);
            let written = shapes.write(&mut out, run, &image);
            if image.is_left_out_empty(run, empty, written) {
                continue;
            }
            close(&mut out, &image);
            run.add(&[names::stem(image.name), ".json"].concat(), &out);
            list.add(image.name, &image);
        }
        list.finish();
        Ok(())
    }
}

/// Everything up to the first shape.
fn open(out: &mut Vec<u8>, image: &Image<'_>) {
    out.extend_from_slice(b"{\"version\":\"");
    out.extend_from_slice(VERSION.as_bytes());
    out.extend_from_slice(b"\",\"flags\":");
    let answers = image.classifications().map(|(_, answer)| answer);
    answers::write_flags(out, answers.clone());
    out.extend_from_slice(b",\"description\":");
    answers::write_description(out, answers, None);
    out.extend_from_slice(b",\"shapes\":[");
}

/// Everything after the last shape. The path of the image is relative to the file, which lies beside it.
fn close(out: &mut Vec<u8>, image: &Image<'_>) {
    out.extend_from_slice(b"],\"imagePath\":");
    write_string(out, names::name(image.name));
    out.extend_from_slice(b",\"imageData\":null");
    if let Some((width, height)) = image.size {
        out.extend_from_slice(b",\"imageHeight\":");
        write_u64(out, height.into());
        out.extend_from_slice(b",\"imageWidth\":");
        write_u64(out, width.into());
    }
    out.extend_from_slice(b",\"taskId\":");
    write_string(out, &image.task.task_id);
    out.extend_from_slice(b"}\n");
}

/// `labels.txt` for `labelme --labels`: a name in each line. The first two are those that LabelMe's own scripts expect there.
fn labels(classes: &ango_plugin_sdk::ClassTable) -> Vec<u8> {
    let mut out = b"__ignore__\n_background_\n".to_vec();
    for class in classes.classes() {
        out.extend_from_slice(shapes::one_line(&class.name).as_bytes());
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests;
