//! Pascal VOC data sets: an XML file for each image, lists of images, and masks on request.
//!
//! What the loaders do decides the details. Images are called `STEM.jpg` and lie in one folder, because torchvision, Detectron2 and MMDetection look for nothing
//! else (options `image_suffix` and `names` keep suffixes and folders, which torchvision reads too). Boxes are whole numbers, because many readers fail on others,
//! and count pixels from 1 as the original data set does. Images without objects have an XML file as well, because the lists name them. Masks are indexes into
//! the original palette; the objects of `SegmentationObject` are numbered as in the XML file, from 1.
//!
//! Images are not copied: `images.csv` says what to fetch, and where to put it.

mod annotations;
mod class_lists;
mod lists;
mod masks;
mod names;
mod options;
mod palette;

use ango_plugin_sdk::images::{Choice, ImageList, Images};
use ango_plugin_sdk::options::{Shared, Split, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The converter.
pub struct Voc;

ango_plugin_sdk::export!(Voc);

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

impl Converter for Voc {
    type Options = Options;

    fn describe() -> Info {
        Info::new("voc", env!("CARGO_PKG_VERSION"), "Boxes as XML files, and masks as palette images", "Pascal VOC")
            .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let root = options.layout.root();
        let split = Split::new(&options.split)?;
        let mut annotations = annotations::Annotations::new(&options, run)?;
        let mut masks = masks::Masks::new(&options, run, annotations.classes().classes().len())?;
        let mut class_lists = match options.class_lists {
            true => Some(class_lists::ClassLists::new(annotations.classes())?),
            false => None,
        };
        if run.is_first_shard() {
            let label_map = lists::label_map(run, annotations.classes());
            run.add(&[root, "labelmap.txt"].concat(), label_map.as_bytes());
        }
        let mut lists = lists::Lists::new(run, root, &split, masks.is_some());
        let mut list = ImageList::new(run, options.images_csv);
        let choice = Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage };
        let mut images = Images::new(run, annotations::FORMAT, choice);
        while let Some(image) = images.next_image()? {
            annotations.take(&image);
            if image.is_left_out_empty(run, options.empty, annotations.written().len() as u64) {
                continue;
            }
            let name = names::Name::of(&image, options.image_suffix);
            if let Some(reason) = name.changed {
                run.lost(image.task.index, None, "file-name-changed", format_args!("image {:?} is called {:?}: {reason}", image.name, name.image));
            }
            let masks = masks.as_mut().and_then(|masks| masks.paint(&image, annotations.written()).then_some(masks));
            let segmented = masks.is_some();
            if let Some(masks) = masks {
                masks.write(&image, annotations.written(), root, &name.stem);
            }
            let part = split.part(image.task);
            lists.add(part, &name.stem, segmented);
            if let Some(class_lists) = &mut class_lists {
                class_lists.add(part, &name.stem, annotations.written());
            }
            list.add(&[root, "JPEGImages/", &name.image].concat(), &image);
            run.add(&[root, "Annotations/", &name.stem, ".xml"].concat(), annotations.file(&image, &name, segmented));
        }
        lists.finish();
        list.finish();
        if let Some(class_lists) = class_lists {
            class_lists.finish(run, root, &split);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
