//! CVAT XML 1.1: for images, or for video with tracks.
//!
//! What CVAT's importer does decides the details: labels and attributes that are not declared are dropped, so all of the ontology is declared; it finds labels by
//! name, so classes of one name are one label; a polygon has no holes, so shapes with holes are masks, whose run lengths go row by row in their own box; boxes are
//! turned about their centre; of a track it reads the key frames, and interpolates.

mod answers;
mod images;
mod keys;
mod mask;
mod meta;
mod options;
mod shapes;
mod video;

use ango_plugin_sdk::images::{Choice, Drawings, Format, ImageList, Images};
use ango_plugin_sdk::labels::Labels;
use ango_plugin_sdk::options::{Frames, Names, Shared, schema};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;
use options::Pages;

/// Where the images lie beside `annotations.xml`, in an archive that CVAT takes with its images.
const FOLDER: &str = "images/";

/// The converter.
pub struct Cvat;

ango_plugin_sdk::export!(Cvat);

impl Converter for Cvat {
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
            Shared::ImagesCsv,
        ];
        Info::new("cvat", env!("CARGO_PKG_VERSION"), "CVAT XML 1.1 for images, or for video with tracks", "CVAT")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        match options.format {
            options::Format::Images => convert_images(&options, run),
            options::Format::Video => convert_videos(&options, run),
        }
    }
}

fn convert_images(options: &Options, run: &Run) -> Result<(), Failure> {
    const PATH: &str = "annotations.xml";
    let format = Format::new("CVAT").with_answers().with_brush();
    let drawings = Drawings::new(run, format, &options.classes, options.outside, options.min_area)?;
    let labels = Labels::of_xml(run.project(), drawings.classes(), true);
    if run.is_first_shard() {
        let mut head = run.section(PATH, 0, "");
        meta::write_head(head.buffer(), run.project(), &labels, None);
        head.finish();
        let mut tail = run.section(PATH, 2, "");
        tail.put(meta::TAIL);
        tail.finish();
    }
    let mut file = run.section(PATH, 1, "");
    let mut list = ImageList::new(run, options.images_csv);
    let mut images = Images::new(run, format, choice(options, options.frames));
    let mut writer = images::Writer::new(run, options, format, drawings, labels);
    while let Some(image) = images.next_image()? {
        let (xml, written) = writer.write(&image);
        if image.is_left_out_empty(run, options.empty, written) {
            continue;
        }
        file.put(xml);
        list.add(&[FOLDER, image.name].concat(), &image);
    }
    file.finish();
    list.finish();
    Ok(())
}

fn convert_videos(options: &Options, run: &Run) -> Result<(), Failure> {
    // CVAT for video has no tags.
    let format = Format::new("CVAT for video").with_object_answers();
    let drawings = Drawings::new(run, format, &options.classes, options.outside, options.min_area)?;
    let labels = Labels::of_xml(run.project(), drawings.classes(), false);
    let mut list = ImageList::new(run, options.images_csv);
    let mut images = Images::new(run, format, choice(options, Frames::Each));
    let mut writer = video::Writer::new(run, options, drawings, labels);
    while let Some(image) = images.next_image()? {
        if !image.is_first() {
            continue;
        }
        let Some(_) = image.page else {
            run.lost(image.task.index, None, "not-a-video", "asset is one image, which has no tracks");
            continue;
        };
        if !image.is_frame && options.pages == Pages::Skip {
            run.lost(image.task.index, None, "multi-page-unsupported", "asset has several pages and option `pages` is `skip`");
            continue;
        }
        if image.is_left_out_empty(run, options.empty, image.task.annotations.objects.len() as u64) {
            continue;
        }
        let name = match options.names {
            Names::Path => image.task.asset.file_name.clone(),
            Names::Flat => names::flat(&image.task.asset.file_name),
        };
        let mut file = run.create(&[names::stem(&name), ".xml"].concat());
        writer.write(&mut file, &image, &name);
        file.finish();
        list.add(&name, &image);
    }
    list.finish();
    Ok(())
}

fn choice(options: &Options, frames: Frames) -> Choice {
    Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames, stage: options.stage.clone() }
}

#[cfg(test)]
mod tests;
