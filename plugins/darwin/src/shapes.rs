//! The geometry of annotations.

use ango_plugin_sdk::geometry::{Bounds, Line, ValidArea, Validity, check_point};
use ango_plugin_sdk::images::{Areas, Image};
use ango_plugin_sdk::number::write_rounded;
use ango_plugin_sdk::{ClassTable, Failure, Geometry, Object, Run};

use crate::FORMAT;
use crate::options::Options;

/// Writes geometries; keeps its memory from one to the next.
pub(crate) struct Shapes {
    areas: Areas,
    line: Line,
    valid: ValidArea,
    bounds: Bounds,
    precision: u8,
}

impl Shapes {
    pub(crate) fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        Ok(Self {
            areas: Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?,
            line: Line::new(),
            valid: ValidArea::new(),
            bounds: options.outside,
            precision: options.precision,
        })
    }

    pub(crate) fn classes(&self) -> &ClassTable {
        self.areas.classes()
    }

    /// Appends the keys of an object's geometry, without a comma before or after, and gives its class; `None` if it is left out, which is reported.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object) -> Option<u32> {
        match &object.geometry {
            Geometry::Polyline(path) | Geometry::Spline(path) => self.line(out, run, image, object, path),
            Geometry::Point(point) => self.point(out, run, image, object, [point.x, point.y]),
            _ => self.area(out, run, image, object),
        }
    }

    #[inline(never)]
    fn area(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object) -> Option<u32> {
        let class = self.areas.take(run, image, object)?;
        let shape = self.areas.shape();
        let [x, y, width, height] = shape.bounding_box();
        let precision = self.precision;
        for (key, number) in [(&b"\"bounding_box\":{\"h\":"[..], height), (b",\"w\":", width), (b",\"x\":", x), (b",\"y\":", y)] {
            out.extend_from_slice(key);
            write_rounded(out, number, precision);
        }
        out.push(b'}');
        if matches!(object.geometry, Geometry::BoundingBox(_)) {
            return Some(class);
        }
        out.extend_from_slice(b",\"polygon\":{\"paths\":[");
        if shape.parts() == 1 && !shape.has_holes() {
            // One ring is what it is, whether it crosses itself or not.
            for (ring, _) in shape.rings() {
                path(out, ring.as_chunks::<2>().0.iter().copied(), precision);
            }
            out.extend_from_slice(b"]}");
            return Some(class);
        }
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        match self.valid.set(shape, precision, true) {
            Validity::Valid => {}
            Validity::Repaired => lost(
                "self-intersection-repaired",
                "object is there with the same area; its outlines overlap or touch, and are put together in another way",
            ),
            Validity::Invalid | Validity::Unknown => {
                lost("self-intersection-kept", "object is there as it is drawn; where its outlines overlap, readers see a hole")
            }
            Validity::Empty => {
                lost("zero-area", "object has no area left when its coordinates are rounded to `precision`");
                return None;
            }
        }
        if self.valid.dropped_rings() > 0 {
            lost("part-dropped", "object has a region or a hole that is nothing when its coordinates are rounded to `precision`");
        }
        for (number, (ring, _)) in self.valid.rings().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            path(out, ring, precision);
        }
        out.extend_from_slice(b"]}");
        Some(class)
    }

    #[inline(never)]
    fn line(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, points: &[f64]) -> Option<u32> {
        let class = self.areas.classes().class_of(run, image.task.index, object)?;
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        if let Err(fault) = self.line.set(points, float_size(image), self.bounds) {
            lost(fault.code(), fault.reason());
            return None;
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
        out.extend_from_slice(b"\"line\":{\"path\":");
        path(out, self.line.points().as_chunks::<2>().0.iter().copied(), self.precision);
        out.push(b'}');
        Some(class)
    }

    #[inline(never)]
    fn point(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, point: [f64; 2]) -> Option<u32> {
        let class = self.areas.classes().class_of(run, image.task.index, object)?;
        if let Err(fault) = check_point(point[0], point[1], float_size(image), self.bounds) {
            run.lost(image.task.index, Some(&object.object_id), fault.code(), format_args!("point {}", fault.reason()));
            return None;
        }
        out.extend_from_slice(b"\"keypoint\":");
        position(out, point, self.precision);
        Some(class)
    }
}

/// Appends a list of positions.
#[inline]
fn path(out: &mut Vec<u8>, points: impl Iterator<Item = [f64; 2]>, precision: u8) {
    out.push(b'[');
    for (number, point) in points.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        position(out, point, precision);
    }
    out.push(b']');
}

#[inline]
fn position(out: &mut Vec<u8>, [x, y]: [f64; 2], precision: u8) {
    out.extend_from_slice(b"{\"x\":");
    write_rounded(out, x, precision);
    out.extend_from_slice(b",\"y\":");
    write_rounded(out, y, precision);
    out.push(b'}');
}

fn float_size(image: &Image<'_>) -> Option<(f64, f64)> {
    image.size.map(|(width, height)| (width.into(), height.into()))
}
