//! `layout = tfod`: a row for each box, `filename,width,height,class,xmin,ymin,xmax,ymax`.
//!
//! The columns of TensorFlow's object detection tutorials, which many tools read and write since. Coordinates are pixels from 0, not whole ones; a file without
//! boxes has no row.

use ango_plugin_sdk::images::{Areas, Choice, Format, ImageList, Images};
use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::{Failure, Geometry, Run};

use crate::options::Options;
use crate::record;
use crate::sheet::{Sheet, Style};

const FORMAT: Format = Format::new("TFOD CSV");
const COLUMNS: &str = "filename,width,height,class,xmin,ymin,xmax,ymax";

/// Writes `labels.csv`, or one file for each part of the data set (`train.csv`, ...).
pub(crate) fn convert(options: Options, run: &Run) -> Result<(), Failure> {
    let style = Style::new(&options);
    let split = Split::new(&options.split)?;
    let mut sheets: Vec<(Part, Sheet)> = split
        .parts()
        .map(|part| (part, Sheet::new(run, if split.is_split() { part.name() } else { "labels" }, &record::list(COLUMNS), &style)))
        .collect();
    let mut areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
    let choice = Choice { on_missing_size: Some(options.on_missing_size), names: options.names, frames: options.frames, stage: options.stage };
    let mut list = ImageList::new(run, options.images_csv);
    let mut images = Images::new(run, FORMAT, choice);
    while let Some(image) = images.next_image()? {
        let part = split.part(image.task);
        let Some((_, sheet)) = sheets.iter_mut().find(|(of, _)| *of == part) else { continue };
        let mut count = 0;
        for (_, object) in image.objects() {
            let Some(class) = areas.take(run, &image, object) else { continue };
            count += 1;
            let lost = |code, detail| run.lost(image.task.index, Some(&object.object_id), code, detail);
            match &object.geometry {
                Geometry::BoundingBox(_) => {}
                Geometry::RotatedBox(_) => lost("rotation-dropped", "rotated box is written as the upright box around it"),
                _ => lost("shape-reduced-to-box", "shape is written as the box around it"),
            }
            let (width, height) = image.size.unwrap_or_default();
            sheet.text(image.name);
            sheet.count(width.into());
            sheet.count(height.into());
            sheet.text(areas.classes().name(class));
            let extent = areas.shape().extent();
            [extent.x0, extent.y0, extent.x1, extent.y1].into_iter().for_each(|edge| sheet.coordinate(edge));
            sheet.end(run, image.task.index, Some(&object.object_id));
        }
        list.add(image.name, &image);
        if count == 0 {
            run.lost(image.task.index, None, "image-empty", format_args!("image {:?} has no boxes, and a table of boxes no row for it", image.name));
        }
    }
    list.finish();
    sheets.into_iter().for_each(|(_, sheet)| sheet.finish());
    Ok(())
}
