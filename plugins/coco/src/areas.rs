//! Detection and instances: a row for each object that covers an area.

use ango_plugin_sdk::coco::{Outlines, write_object_members};
use ango_plugin_sdk::geometry::{Extent, Shape};
use ango_plugin_sdk::images::{Areas, Brush, Image, Images};
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::tracks::Tracks;
use ango_plugin_sdk::{Failure, Geometry, Object, Run};

use crate::options::{BrushAs, Options, TaskKind};
use crate::{brush, rows};

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let outlines = options.outlines();
    // A box around all that a brush painted would be no detection.
    let with_brush = options.task == TaskKind::Instances && options.brush != BrushAs::Skip;
    let format = if with_brush { options.format_with_brush() } else { options.format() };
    let mut areas = Areas::new(run, format, &options.classes, options.outside, options.min_area)?;
    let mut parts = rows::open(run, options, &rows::categories(run, areas.classes()))?;
    let mut brush = with_brush.then(|| Brush::new(run, areas.classes()));
    let mut tracks = TaskTracks::default();
    let mut images = Images::new(run, format, options.images());
    while let Some(image) = images.next_image()? {
        let (Some(size), Some(file)) = (image.size, parts.of(image.task)) else { continue };
        let mut written = 0;
        for (position, object) in image.objects() {
            let Some(class) = areas.take(run, &image, object) else { continue };
            let shape = areas.shape();
            let outline = match options.task {
                TaskKind::Detection if outlines.is_nothing(run, image.task.index, object, shape) => continue,
                TaskKind::Detection => None,
                _ => match outlines.of(run, image.task.index, object, shape, size) {
                    None => continue,
                    outline => outline,
                },
            };
            let out = file.second.next_row();
            rows::annotation(out, image.annotation_id(position), &image);
            rows::category(out, class);
            out.push(b',');
            match &outline {
                Some(outline) => outlines.write(out, shape, outline),
                None => write_box(out, run, &image, object, shape, &outlines),
            }
            tracks.write(out, &image, position);
            if options.attributes {
                out.extend_from_slice(b",\"attributes\":{");
                write_object_members(out, object);
                out.push(b'}');
            }
            out.push(b'}');
            written += 1;
        }
        if let Some(brush) = brush.as_mut().filter(|_| image.task.annotations.brush.is_some()) {
            written += brush::write(run, options, &image, brush, &mut file.second);
        }
        if !image.is_left_out_empty(run, options.empty, written) {
            rows::image(file.first.next_row(), &image, options.attributes, &|_| true);
        }
    }
    parts.finish();
    Ok(())
}

/// The box around an object, and what that leaves out of it.
#[inline(never)]
fn write_box(out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, shape: &Shape, outlines: &Outlines) {
    let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
    match &object.geometry {
        Geometry::BoundingBox(_) => {}
        Geometry::RotatedBox(_) => lost("rotation-dropped", format_args!("rotated box is written as the upright box around it")),
        other => lost("shape-reduced-to-box", format_args!("{} is written as the box around it", other.kind())),
    }
    let bounds @ [_, _, width, height] = shape.bounding_box();
    out.extend_from_slice(b"\"bbox\":");
    outlines.write_numbers(out, &bounds);
    out.extend_from_slice(b",\"area\":");
    // Of a box that was drawn, the product of what was drawn.
    let area = if matches!(object.geometry, Geometry::BoundingBox(_)) { shape.area() } else { width * height };
    write_rounded(out, area, outlines.precision);
    out.extend_from_slice(b",\"iscrowd\":0,\"segmentation\":[");
    if outlines.boxes_as_polygons {
        outlines.write_numbers(out, &Extent::ring(&shape.extent()));
    }
    out.push(b']');
}

/// Numbers of tracks: what is the same thing on several frames of a video.
#[derive(Default)]
pub(crate) struct TaskTracks {
    task: Option<u64>,
    tracks: Tracks,
}

impl TaskTracks {
    /// Appends `,"track_id":...` to an object on a frame of a video: the id of the first annotation of the track.
    #[inline]
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, image: &Image<'_>, position: u64) {
        if image.is_frame {
            self.write_of_frame(out, image, position);
        }
    }

    #[inline(never)]
    fn write_of_frame(&mut self, out: &mut Vec<u8>, image: &Image<'_>, position: u64) {
        if self.task != Some(image.task.index) {
            self.task = Some(image.task.index);
            self.tracks.set(&image.task.annotations.objects);
        }
        out.extend_from_slice(b",\"track_id\":");
        write_u64(out, image.annotation_id(self.tracks.first(position)));
    }
}
