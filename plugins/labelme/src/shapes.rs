//! The shapes of an image.

use ango_plugin_sdk::geometry::{Bounds, Line, Shape, check_point};
use ango_plugin_sdk::images::{Areas, Image};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{write_f64, write_u64};
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster::{Labels, Rasterizer, Run as Pixels, TooComplex};
use ango_plugin_sdk::text::write_base64;
use ango_plugin_sdk::{ClassTable, Failure, Geometry, Object, Run};

use crate::FORMAT;
use crate::answers;
use crate::options::{Holes, Options};

/// Writes shapes; keeps its memory from image to image.
pub(crate) struct Shapes {
    areas: Areas,
    line: Line,
    bounds: Bounds,
    holes: Holes,
    raster: Rasterizer,
    labels: Labels,
    png: MaskPng,
}

/// Left, top, right and bottom pixel of a mask, and its PNG.
type Mask<'a> = ([f64; 4], &'a [u8]);

/// What a shape is drawn as.
#[derive(Clone, Copy)]
enum Kind {
    Polygon,
    Rectangle,
    LineStrip,
    Point,
    Mask,
}

impl Kind {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Polygon => b"polygon",
            Self::Rectangle => b"rectangle",
            Self::LineStrip => b"linestrip",
            Self::Point => b"point",
            Self::Mask => b"mask",
        }
    }
}

impl Shapes {
    pub(crate) fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        Ok(Self {
            areas: Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?,
            line: Line::new(),
            bounds: options.outside,
            holes: options.holes,
            raster: Rasterizer::new(0, 0),
            labels: Labels::new(),
            png: MaskPng::new(),
        })
    }

    pub(crate) fn classes(&self) -> &ClassTable {
        self.areas.classes()
    }

    /// Appends the shapes of an image, between commas, and says of how many objects.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>) -> u64 {
        let mut written = 0;
        for (position, object) in image.objects() {
            let start = out.len();
            if written > 0 {
                out.push(b',');
            }
            let done = match &object.geometry {
                Geometry::Polyline(path) | Geometry::Spline(path) => self.line(out, run, image, object, path),
                Geometry::Point(point) => self.point(out, run, image, object, [point.x, point.y]),
                _ => self.area(out, run, image, object, position),
            };
            if done {
                written += 1;
            } else {
                out.truncate(start);
            }
        }
        written
    }

    fn area(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, position: u64) -> bool {
        let Some(class) = self.areas.take(run, image, object) else { return false };
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let shape = self.areas.shape();
        let name = self.areas.classes().name(class);
        if matches!(object.geometry, Geometry::BoundingBox(_)) {
            let extent = shape.extent();
            begin(out, object, name, None, Kind::Rectangle, &[extent.x0, extent.y0, extent.x1, extent.y1]);
            end(out);
            return true;
        }
        if shape.has_holes() {
            match self.holes {
                Holes::Drop => {
                    lost("hole-unsupported", "object has holes and option `holes` is `drop`");
                    return false;
                }
                Holes::Fill => lost("hole-filled", "object has holes and option `holes` is `fill`"),
                Holes::Mask => {
                    let Some(size) = image.size else {
                        lost("size-missing", "a mask needs the size of the image");
                        return false;
                    };
                    return match paint(size, &mut self.raster, &mut self.labels, &mut self.png, shape) {
                        Ok(Some((corners, png))) => {
                            if self.bounds == Bounds::Keep && !shape.extent().is_inside(size.0.into(), size.1.into()) {
                                lost("clipped", "object leaves the image; a mask, which holes need, ends at its edges");
                            }
                            begin(out, object, name, None, Kind::Mask, &corners);
                            out.extend_from_slice(b",\"mask\":\"");
                            write_base64(out, png);
                            out.push(b'"');
                            end(out);
                            true
                        }
                        Ok(None) => {
                            lost("zero-area", "object covers no pixel's centre, so its mask is empty");
                            false
                        }
                        Err(error) => {
                            lost("mask-too-large", &error.to_string());
                            false
                        }
                    };
                }
            }
        }
        // Parts of one object belong to one group; groups need a number that nothing else in the file has.
        let group = (shape.parts() > 1).then_some(position + 1);
        for (at, (region, _)) in shape.zones().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            begin(out, object, name, group, Kind::Polygon, region);
            end(out);
        }
        true
    }

    fn line(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, path: &[f64]) -> bool {
        let Some(class) = self.areas.classes().class_of(run, image.task.index, object) else { return false };
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        if let Err(fault) = self.line.set(path, float_size(image), self.bounds) {
            lost(fault.code(), fault.reason());
            return false;
        }
        if self.line.is_clipped() {
            lost("clipped", "line leaves the image and is cut at its edges");
        }
        if self.line.dropped_parts() > 0 {
            lost("part-dropped", "line comes back into the image: its longest piece stays");
        }
        if matches!(object.geometry, Geometry::Spline(_)) {
            lost("spline-straightened", "spline is there as the line through its points");
        }
        begin(out, object, self.areas.classes().name(class), None, Kind::LineStrip, self.line.points());
        end(out);
        true
    }

    fn point(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, point: [f64; 2]) -> bool {
        let Some(class) = self.areas.classes().class_of(run, image.task.index, object) else { return false };
        if let Err(fault) = check_point(point[0], point[1], float_size(image), self.bounds) {
            run.lost(image.task.index, Some(&object.object_id), fault.code(), format_args!("point {}", fault.reason()));
            return false;
        }
        begin(out, object, self.areas.classes().name(class), None, Kind::Point, &point);
        end(out);
        true
    }
}

fn float_size(image: &Image<'_>) -> Option<(f64, f64)> {
    image.size.map(|(width, height)| (width.into(), height.into()))
}

/// Appends a shape but for its end.
fn begin(out: &mut Vec<u8>, object: &Object, name: &str, group: Option<u64>, kind: Kind, points: &[f64]) {
    out.extend_from_slice(b"\n{\"label\":");
    write_string(out, name);
    out.extend_from_slice(b",\"points\":[");
    for (at, point) in points.chunks_exact(2).enumerate() {
        out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
        write_f64(out, point[0]);
        out.push(b',');
        write_f64(out, point[1]);
        out.push(b']');
    }
    out.extend_from_slice(b"],\"group_id\":");
    match group {
        Some(group) => write_u64(out, group),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"description\":");
    answers::write_description(out, object.classifications.iter(), object.ocr.as_deref());
    out.extend_from_slice(b",\"shape_type\":\"");
    out.extend_from_slice(kind.name());
    out.extend_from_slice(b"\",\"flags\":");
    answers::write_flags(out, object.classifications.iter());
    out.extend_from_slice(b",\"objectId\":");
    write_string(out, &object.object_id);
}

fn end(out: &mut Vec<u8>) {
    out.push(b'}');
}

/// A mask: the corners of its pixels' box, of which LabelMe counts the last row and column in, and a PNG of the box. `None` if it has no pixels.
fn paint<'a>(
    (image_width, image_height): (u32, u32),
    raster: &mut Rasterizer,
    labels: &mut Labels,
    png: &'a mut MaskPng,
    shape: &Shape,
) -> Result<Option<Mask<'a>>, TooComplex> {
    raster.resize(image_width, image_height);
    // Only the part of the image that the shape is in is held.
    let extent = shape.extent().clipped(image_width.into(), image_height.into());
    let (x0, y0) = (extent.x0 as u32, extent.y0 as u32);
    labels.reset(extent.x1.ceil() as u32 - x0, extent.y1.ceil() as u32 - y0);
    let (mut low, mut high) = ([u32::MAX; 2], [0; 2]);
    raster.zones(shape.zones(), |y, from, to| {
        (low[0], high[0]) = (low[0].min(from), high[0].max(to));
        (low[1], high[1]) = (low[1].min(y), high[1].max(y + 1));
        labels.paint(y - y0, from - x0, to - x0, 1);
    });
    labels.check()?;
    if high[0] <= low[0] {
        return Ok(None);
    }
    let (width, height) = (high[0] - low[0], high[1] - low[1]);
    png.start(width, height, Pixel::Bit);
    for y in low[1]..high[1] {
        let left = low[0] - x0;
        png.row(labels.row(y - y0).iter().map(|run| Pixels { x0: run.x0 - left, x1: run.x1 - left, label: 1 }));
    }
    let corners = [low[0], low[1], high[0] - 1, high[1] - 1].map(f64::from);
    Ok(Some((corners, png.finish())))
}

/// A name in one line.
pub(crate) fn one_line(name: &str) -> String {
    name.replace(['\n', '\r'], " ")
}
