//! Open Images tables: boxes, labels of images, masks on request.
//!
//! Coordinates are shares of the width and height of the image, in the order XMin, **XMax**, YMin, YMax. An image is known by its name without suffix, which no
//! two have. Labels are identifiers made from their names, and class descriptions say which is which, as in the original data set: `class-descriptions-boxable.csv`
//! without a header, `oidv6-class-descriptions.csv` with one. `image_ids_and_rotation.csv` lists every image, also those without annotations, and says where each
//! comes from. What nobody said of an object is -1. Cells are what they say: nothing is put in front of what a spreadsheet would take for a formula, as the tables
//! are for programs.

mod labels;
mod options;
mod rows;
mod tables;

use ango_plugin_sdk::images::{Choice, ImageList, Images};
use ango_plugin_sdk::options::{Shared, Split, schema};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The converter.
pub struct OpenImages;

ango_plugin_sdk::export!(OpenImages);

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

impl Converter for OpenImages {
    type Options = Options;

    fn describe() -> Info {
        Info::new("openimages", env!("CARGO_PKG_VERSION"), "Boxes, masks and labels of images as Open Images tables", "Open Images")
            .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let split = Split::new(&options.split)?;
        let mut rows = rows::Rows::new(&options, run)?;
        if run.is_first_shard() {
            rows.labels().describe(run);
        }
        let mut tables = tables::Tables::new(run, &split, options.masks);
        let mut list = ImageList::new(run, options.images_csv);
        let choice = Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage };
        let mut images = Images::new(run, rows::FORMAT, choice);
        let mut id = Vec::new();
        while let Some(image) = images.next_image()? {
            id.clear();
            labels::write_cell(&mut id, names::stem(image.name));
            let written = rows.take(&image, &id);
            if image.is_left_out_empty(run, options.empty, written) {
                continue;
            }
            let part = split.part(image.task);
            if let Some(tables) = tables.of(part) {
                rows.write(tables, tables::name(part));
            }
            let row = tables.images.buffer();
            row.extend_from_slice(&id);
            row.push(b',');
            row.extend_from_slice(tables::name(part).as_bytes());
            row.push(b',');
            labels::write_cell(row, image.url);
            row.extend_from_slice(b",,,,,");
            labels::write_cell(row, &image.task.asset.external_id);
            row.extend_from_slice(b",,,,\r\n");
            list.add(&["images/", tables::name(part), "/", image.name].concat(), &image);
        }
        tables.finish();
        list.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
