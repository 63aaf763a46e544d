//! Ultralytics YOLO data sets: boxes, outlines, turned boxes, poses, or a class for each image; as a folder, or as one file of records.
//!
//! What the loader does with a data set decides the details, because it is silent about most of what it does not like: one bad row discards
//! the whole image, so nothing is ever outside of what it accepts and one data set holds one kind of row; `data.yaml` has no `path`, so that its own
//! folder is used; it always has `train` and `val`, which are both required; classes are numbered in project order, with names quoted.
//! Images are not copied: `images.csv` says what to fetch, and where to put it, and records have links.

mod classify;
mod folder;
mod labels;
mod names;
mod ndjson;
mod options;
mod output;
mod paths;
mod rows;

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::images::{Choice, Images};
use ango_plugin_sdk::options::{Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;
use options::{Layout, TaskKind};
use output::{Content, Header, Output};

/// The converter.
pub struct Yolo;

ango_plugin_sdk::export!(Yolo);

impl Converter for Yolo {
    type Options = Options;

    fn describe() -> Info {
        const SHARED: [Shared; 11] = [
            Shared::Classes,
            Shared::Keypoints,
            Shared::Split,
            Shared::OutsideClipOrDrop,
            Shared::MinArea,
            Shared::OnMissingSize,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::ImagesCsv,
        ];
        Info::new(
            "yolo",
            env!("CARGO_PKG_VERSION"),
            "YOLO data set for detection, segmentation, turned boxes, poses or classification",
            "Ultralytics YOLO",
        )
        .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
        .with_assets()
        .with_history()
    }

    fn convert(mut options: Options, run: &Run) -> Result<(), Failure> {
        if options.outside == Bounds::Keep {
            return Err(Failure::option("/outside", "must be `clip` or `drop`: Ultralytics passes over images with labels outside"));
        }
        if options.layout == Layout::Ndjson && !options.path.is_empty() {
            // Ultralytics looks for such images by their last names.
            options.names = ango_plugin_sdk::options::Names::Flat;
        }
        let split = Split::new(&options.split)?;
        match options.task {
            TaskKind::Classify => classify::convert(&options, run, &split),
            _ => convert_objects(&options, run, &split),
        }
    }
}

fn convert_objects(options: &Options, run: &Run, split: &Split) -> Result<(), Failure> {
    let mut labels = labels::Labels::new(run, options)?;
    let header = Header { task: options.task, classes: labels.names().all(), keypoints: labels.keypoints().map(|keypoints| keypoints.names()) };
    let mut output = Output::new(run, options, split, &header);
    let choice =
        Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage.clone() };
    let format = if labels.keypoints().is_some() { labels::FORMAT.with_relations() } else { labels::FORMAT };
    let mut images = Images::new(run, format, choice);
    while let Some(image) = images.next_image()? {
        if !output.takes(run, &image) {
            continue;
        }
        labels.convert(run, &image);
        if !image.is_left_out_empty(run, options.empty, labels.text().len() as u64) {
            output.add(run, split.part(image.task), &image, Content::Rows(labels.text()));
        }
    }
    output.finish();
    Ok(())
}

#[cfg(test)]
mod tests;
