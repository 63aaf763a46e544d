//! Annotations of the VGG Image Annotator 2: regions of each image, as JSON or as CSV.
//!
//! VIA identifies an image by its name and the size of its file. That size is in no export, so it is -1, which VIA itself writes for images behind links.

mod attributes;
mod options;
mod output;
mod regions;

use ango_plugin_sdk::images::{Choice, Format, ImageList, Images};
use ango_plugin_sdk::options::{Part, Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// What the format has a place for: answers are attributes of regions and of files.
const FORMAT: Format = Format::new("VIA").with_answers();

/// The converter.
pub struct Via;

ango_plugin_sdk::export!(Via);

impl Converter for Via {
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
        Info::new("via", env!("CARGO_PKG_VERSION"), "Regions for the VGG Image Annotator, as JSON or CSV", "VIA 2")
            .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let split = Split::new(&options.split)?;
        let mut regions = regions::Regions::new(run, &options)?;
        let mut outputs =
            [Part::Train, Part::Val, Part::Test].map(|part| split.has(part).then(|| output::Output::new(run, options.format, &split, part)));
        let mut list = ImageList::new(run, options.images_csv);
        let choice = Choice { on_missing_size: None, names: options.names, frames: options.frames, stage: options.stage.clone() };
        let mut images = Images::new(run, FORMAT, choice);
        while let Some(image) = images.next_image()? {
            regions.convert(run, &image);
            if image.is_left_out_empty(run, options.empty, regions.all().count() as u64) {
                continue;
            }
            let part = split.part(image.task);
            if let Some(output) = &mut outputs[part as usize] {
                output.add(image.name, regions.file_attributes(), &regions);
            }
            list.add(&[output::folder(&split, part), image.name].concat(), &image);
        }
        outputs.into_iter().flatten().for_each(output::Output::finish);
        list.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
