//! COCO instances: `annotations/instances_default.json`.
//!
//! What the format's readers need, and where they fail, decides the details: ids start at 1 and `iscrowd` is always 0, because evaluation
//! silently goes wrong otherwise; `area` and `bbox` are those of the drawn outline, as in the original data set, not of its pixels; a shape with
//! holes is run lengths, because a list of polygons cannot have any. What COCO has no place for but readers tolerate is in `attributes`.
//! Provenance (who drew what and when) is not written.

mod attributes;
mod options;
mod rows;

use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The path of the only file.
const PATH: &str = "annotations/instances_default.json";

/// The converter.
pub struct Coco;

ango_plugin_sdk::export!(Coco);

impl Converter for Coco {
    type Options = Options;

    fn describe() -> Info {
        Info::new("coco", env!("CARGO_PKG_VERSION"), "Object detection and instance segmentation as one COCO JSON file", "COCO")
            .with_options_schema(include_str!("options.schema.json"))
            .with_assets()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        // The file is its sections in this order; brackets and the header are written once, rows by every shard.
        if run.is_first_shard() {
            for (position, write) in [(0, rows::header as fn(&mut Vec<u8>, &Run)), (2, rows::between), (4, rows::footer)] {
                let mut file = run.section(PATH, position, "");
                write(file.buffer(), run);
                file.finish();
            }
        }
        let mut rows = rows::Rows::new(options, run, run.section(PATH, 1, ",\n"), run.section(PATH, 3, ",\n"));
        for task in run.tasks() {
            rows.task(&task);
        }
        rows.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
