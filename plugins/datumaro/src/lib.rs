//! Datumaro JSON: one file of annotations for each part of the data set.
//!
//! Its reader finds labels by position and refuses two of one name, so classes of one title are one label. Parts of an object share a group; shapes with holes
//! and what a brush painted are masks. What was chosen of an image is a label of the image (`Weather: rain`), a text about it a caption. Attributes hold whatever
//! else there is, so that nothing has to be left out.

mod categories;
mod items;
mod options;

use ango_plugin_sdk::images::{Choice, Drawings, Format, ImageList, Images};
use ango_plugin_sdk::labels::Labels;
use ango_plugin_sdk::options::{Part, Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, File, Info, Run};

pub use options::Options;

/// The converter.
pub struct Datumaro;

ango_plugin_sdk::export!(Datumaro);

const FORMAT: Format = Format::new("Datumaro").with_answers().with_brush();

/// What stands between two items.
const SEPARATOR: &str = ",\n";

impl Converter for Datumaro {
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
        Info::new("datumaro", env!("CARGO_PKG_VERSION"), "Datumaro JSON", "Datumaro")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let split = Split::new(&options.split)?;
        let drawings = Drawings::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let categories = categories::Categories::new(run.project(), Labels::new(run.project(), drawings.classes(), false));
        let mut parts = Parts::open(run, &split, &categories);
        let mut list = ImageList::new(run, options.images_csv);
        let choice =
            Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage.clone() };
        let mut images = Images::new(run, FORMAT, choice);
        let mut writer = items::Writer::new(run, &options, FORMAT, drawings, categories);
        while let Some(image) = images.next_image()? {
            let (item, written) = writer.write(&image);
            if image.is_left_out_empty(run, options.empty, written) {
                continue;
            }
            let part = split.part(image.task);
            parts.add(part, item);
            list.add(&["images/", name(&split, part), "/", image.name].concat(), &image);
        }
        parts.finish();
        list.finish();
        Ok(())
    }
}

/// What a part is called, which is also the name of its subset for Datumaro.
fn name(split: &Split, part: Part) -> &'static str {
    if split.is_split() { part.name() } else { "default" }
}

/// The files, one for each part.
struct Parts(Vec<(Part, File, bool)>);

impl Parts {
    fn open(run: &Run, split: &Split, categories: &categories::Categories) -> Self {
        let open = |part: Part| {
            let path = ["annotations/", name(split, part), ".json"].concat();
            if run.is_first_shard() {
                let mut head = run.section(&path, 0, "");
                categories.write_head(head.buffer(), run.project());
                head.finish();
                let mut tail = run.section(&path, 2, "");
                tail.put(b"\n]}\n");
                tail.finish();
            }
            (part, run.section(&path, 1, SEPARATOR), false)
        };
        Self(split.parts().map(open).collect())
    }

    fn add(&mut self, part: Part, item: &[u8]) {
        if let Some((_, file, any)) = self.0.iter_mut().find(|(known, _, _)| *known == part) {
            if std::mem::replace(any, true) {
                file.put(SEPARATOR.as_bytes());
            }
            file.put(item);
        }
    }

    fn finish(self) {
        self.0.into_iter().for_each(|(_, file, _)| file.finish());
    }
}

#[cfg(test)]
mod tests;
