//! Ultralytics YOLO data sets, for detection or for segmentation.
//!
//! What the loader does with a data set decides the details, because it is silent about most of what it does not like: one bad row discards
//! the whole image, so nothing is ever outside the image and one data set holds one kind of row; `data.yaml` has no `path`, so that its own
//! folder is used; it always has `train` and `val`, which are both required; classes are numbered in project order, with names quoted.
//! Images are not copied: `images.csv` says what to fetch, and where to put it.

mod labels;
mod options;
mod paths;
mod split;
mod tables;

use ango_plugin_sdk::{Converter, Failure, Info, Level, Run};

pub use options::Options;

/// The converter.
pub struct Yolo;

ango_plugin_sdk::export!(Yolo);

impl Converter for Yolo {
    type Options = Options;

    fn describe() -> Info {
        Info::new("yolo", env!("CARGO_PKG_VERSION"), "YOLO data set for detection or segmentation", "Ultralytics YOLO")
            .with_options_schema(include_str!("options.schema.json"))
            .with_assets()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        if !(0.0..=0.9).contains(&options.val_ratio) {
            return Err(Failure::option("/val_ratio", "must be from 0 to 0.9"));
        }
        let split = split::Split::new(options.val_ratio, options.seed);
        if run.is_first_shard() {
            run.add("data.yaml", &tables::data_yaml(run.project(), split.has_val()));
            if let Some(warning) = split.warning(run.project().task_count) {
                run.log(Level::Warning, &warning);
            }
        }
        let mut tables = tables::Tables::new(run, split.has_val(), options.images_csv);
        let mut labels = labels::Labels::new(options, run);
        for task in run.tasks() {
            let Some((width, height)) = labels.convert(&task) else { continue };
            let val = split.is_val(&task.task_id);
            let image = paths::image(val, &task.asset.file_name);
            run.add(&paths::label(&image), labels.text());
            tables.add(val, &image, &task.asset.url, width, height);
        }
        tables.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
