//! Hugging Face image folders: `metadata.jsonl` for each part, which `load_dataset("imagefolder", ...)` reads beside the images.
//!
//! A row is an image: its `file_name` relative to the file, and its objects as a record of lists, the form of the object detection guides of
//! `transformers`. Every row has every column, empty lists where there is nothing, because the reader takes the columns of the first rows for
//! those of all; answers are one JSON text for the same reason. `classes.json` has the names behind `categories`.
//!
//! `datasets` (5.2) refuses a data set in which all images of one part are without objects, as it cannot see what the empty lists would hold; no card helps.
//! With `empty=drop` there is no such part.

mod card;
mod options;
mod rows;

use std::collections::BTreeMap;

use ango_plugin_sdk::images::{Choice, Format, ImageList, Images};
use ango_plugin_sdk::options::{Part, Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, File, Info, Level, Run};

pub use options::Options;

const FORMAT: Format = Format::new("Hugging Face image folders").with_answers();

/// The converter.
pub struct HuggingFace;

ango_plugin_sdk::export!(HuggingFace);

impl Converter for HuggingFace {
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
            Shared::Split,
            Shared::ImagesCsv,
        ];
        Info::new("hf", env!("CARGO_PKG_VERSION"), "Image folder with metadata.jsonl for datasets.load_dataset", "Hugging Face imagefolder")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let choice =
            Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage.clone() };
        let split = Split::new(&options.split)?;
        let mut rows = rows::Rows::new(run, &options)?;
        if run.is_first_shard() {
            run.add("classes.json", &card::classes(rows.classes()));
            run.add("README.md", &card::readme(run.project(), rows.classes()));
            if run.project().task_count.is_some_and(|count| split.may_leave_empty(count)) {
                run.log(Level::Warning, "few tasks: a part of the split may be empty, and then has no file; try another seed");
            }
        }
        let mut list = ImageList::new(run, options.images_csv);
        let mut parts: BTreeMap<Part, File> = BTreeMap::new();
        let mut images = Images::new(run, FORMAT, choice);
        while let Some(image) = images.next_image()? {
            let (row, written) = rows.row(run, &image);
            if image.is_left_out_empty(run, options.empty, written) {
                continue;
            }
            let part = split.part(image.task);
            let folder = folder(part);
            // A part without rows has no file: the reader fails at an empty one.
            let file = parts.entry(part).or_insert_with(|| run.section(&format!("{folder}/metadata.jsonl"), 0, ""));
            file.put(row);
            list.add(&[folder, "/", image.name].concat(), &image);
        }
        list.finish();
        parts.into_values().for_each(File::finish);
        Ok(())
    }
}

/// The folder of a part, by the names that the reader knows.
fn folder(part: Part) -> &'static str {
    match part {
        Part::Train => "train",
        Part::Val => "validation",
        Part::Test => "test",
    }
}

#[cfg(test)]
mod tests;
