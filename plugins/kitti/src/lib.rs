//! KITTI labels of objects and of tracks.
//!
//! Rows have 15 columns, those of sequences two more in front, and columns are words between spaces: a class name with a space in it would move all others, so
//! such names change, and that is reported. Boxes are pixels from 0 with two decimals. What lies in space is not known of annotations in an image; columns for it
//! say so. `truncated` is the share of an object that was cut off at the edges of the image, in labels of tracks a level from 0 to 2, as each development kit has
//! it. Sequences have numbers for names, which the development kit reads as such: the positions of tasks in the export.
//!
//! Images are not copied: `images.csv` says what to fetch, and where to put it.

mod labels;
mod options;
mod rows;

use ango_plugin_sdk::images::{Choice, Images};
use ango_plugin_sdk::options::{Shared, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The converter.
pub struct Kitti;

ango_plugin_sdk::export!(Kitti);

const SHARED: [Shared; 9] = [
    Shared::Classes,
    Shared::Split,
    Shared::OutsideClipOrDrop,
    Shared::MinArea,
    Shared::OnMissingSize,
    Shared::Empty,
    Shared::Frames,
    Shared::Stage,
    Shared::ImagesCsv,
];

impl Converter for Kitti {
    type Options = Options;

    fn describe() -> Info {
        Info::new("kitti", env!("CARGO_PKG_VERSION"), "Boxes as KITTI labels of images or of tracks", "KITTI")
            .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let mut labels = labels::Labels::new(&options, run)?;
        let choice = Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage };
        let mut images = Images::new(run, rows::FORMAT, choice);
        while let Some(image) = images.next_image()? {
            labels.add(&image);
        }
        labels.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
