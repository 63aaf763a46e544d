//! Cityscapes: polygons as JSON, one file for each image, and masks of ids on request.
//!
//! Files are called as the tools of the original data set take them apart: `gtFine/PART/CITY/CITY_SEQUENCE_FRAME_gtFine_polygons.json`, the image belonging at
//! `leftImg8bit/PART/CITY/CITY_SEQUENCE_FRAME_leftImg8bit.png` whatever kind it is, as all loaders look for that suffix and open any kind under it. SEQUENCE is the
//! name of the file, FRAME the page or frame from 0. Objects are drawn in the order of the file, later ones over earlier ones, as in Ango. A polygon has no holes
//! and no parts: rings are joined by bridges without width, and that is reported; masks are painted without bridges.
//!
//! Images are not copied: `images.csv` says what to fetch, and where to put it.

mod ids;
mod masks;
mod names;
mod options;
mod polygons;

use ango_plugin_sdk::images::{Choice, ImageList, Images};
use ango_plugin_sdk::options::{Names, Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

use options::MaskKind;
pub use options::Options;

/// The converter.
pub struct Cityscapes;

ango_plugin_sdk::export!(Cityscapes);

const SHARED: [Shared; 9] = [
    Shared::Classes,
    Shared::Split,
    Shared::Outside,
    Shared::MinArea,
    Shared::OnMissingSize,
    Shared::Empty,
    Shared::Frames,
    Shared::Stage,
    Shared::ImagesCsv,
];

impl Converter for Cityscapes {
    type Options = Options;

    fn describe() -> Info {
        Info::new("cityscapes", env!("CARGO_PKG_VERSION"), "Polygons as JSON files, and masks of label and instance ids", "Cityscapes")
            .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let split = Split::new(&options.split)?;
        let mut polygons = polygons::Polygons::new(&options, run)?;
        let mut masks = None;
        if options.masks != MaskKind::None {
            let classes = polygons.classes();
            let ids = ids::Ids::new(classes, options.label_ids)?;
            if run.is_first_shard() {
                run.add("labels.csv", &ids.table(classes));
            }
            masks = Some(masks::Masks::new(run, ids, options.masks == MaskKind::Train));
        }
        let names = names::Names::new(&options);
        let mut list = ImageList::new(run, options.images_csv);
        let choice = Choice { on_missing_size: Some(options.on_missing_size), names: Names::Path, frames: options.frames, stage: options.stage };
        let mut images = Images::new(run, polygons::FORMAT, choice);
        while let Some(image) = images.next_image()? {
            polygons.take(&image);
            if image.is_left_out_empty(run, options.empty, polygons.drawn().len() as u64) {
                continue;
            }
            let part = split.part(image.task).name();
            let name = names.of(&image);
            let path = |root: &str, ending: &str| [root, "/", part, "/", &name.city, "/", &name.base, ending].concat();
            list.add(&path("leftImg8bit", "_leftImg8bit.png"), &image);
            if let Some(masks) = &mut masks {
                masks.write(&image, polygons.drawn(), &path("gtFine", ""));
            }
            run.add(&path("gtFine", "_gtFine_polygons.json"), polygons.file(&image));
        }
        list.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
