//! V7 Darwin JSON 2.0: a file for each item.
//!
//! Boxes are `bounding_box`, areas `polygon` with one path for each ring (the outer ring first, then its holes; what is in an odd number of paths is inside), lines `line`
//! and points `keypoint`. The parts of an area do not overlap, because they would cancel out. A rotated box, which V7 has not, is the polygon of its corners. Ids are made
//! of those of task and object, so that who imports an export again finds the same annotations. Answers are properties, whose values are texts; a text that was read in a box
//! is its `text`. A video is one item with tracks: `frames` by number, from 0, and `ranges` whose end is not in them.

mod annotations;
mod item;
mod metadata;
mod options;
mod properties;
mod shapes;
mod videos;

use ango_plugin_sdk::images::{Choice, Format, ImageList, Images};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;
use options::Videos;

const FORMAT: Format = Format::new("Darwin JSON").with_answers();

/// The converter.
pub struct Darwin;

ango_plugin_sdk::export!(Darwin);

impl Converter for Darwin {
    type Options = Options;

    fn describe() -> Info {
        Info::new("darwin", env!("CARGO_PKG_VERSION"), "V7 Darwin JSON for images and videos", "Darwin JSON 2.0")
            .with_options_schema(&Options::schema())
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let choice =
            Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage.clone() };
        let mut list = ImageList::new(run, options.images_csv);
        let mut shapes = shapes::Shapes::new(run, &options)?;
        if run.is_first_shard() && options.metadata {
            run.add(".v7/metadata.json", &metadata::json(run.project(), shapes.classes()));
        }
        let mut videos = videos::Videos::new(&options);
        let mut images = Images::new(run, FORMAT, choice);
        let mut out = Vec::new();
        while let Some(image) = images.next_image()? {
            out.clear();
            let name = if image.is_frame && options.videos == Videos::Tracks {
                if !image.is_first() {
                    continue;
                }
                let name = videos.name(&image);
                item::open_video(&mut out, run, &image, &name);
                if videos.write(&mut out, run, &image, &mut shapes) == 0 && item::is_left_out(run, &image, options.empty) {
                    continue;
                }
                name
            } else {
                item::open_image(&mut out, run, &image);
                let written = annotations::write(&mut out, run, &image, &mut shapes, options.instance_ids);
                if image.is_left_out_empty(run, options.empty, written) {
                    continue;
                }
                image.name.to_owned()
            };
            out.extend_from_slice(b"\n]}\n");
            run.add(&[names::stem(&name), ".json"].concat(), &out);
            list.add(&name, &image);
        }
        list.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
