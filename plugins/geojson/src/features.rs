//! The features of an image.

use ango_plugin_sdk::geometry::{Bounds, Line, ValidArea, Validity, check_point};
use ango_plugin_sdk::images::{Areas, Image};
use ango_plugin_sdk::number::write_rounded;
use ango_plugin_sdk::text::write_uuid;
use ango_plugin_sdk::{Failure, Geometry, Object, Run};

use crate::FORMAT;
use crate::options::{Invalid, Layout, ObjectType, Options};
use crate::properties::{self, Classes};

/// Writes features; keeps its memory from image to image.
pub(crate) struct Features {
    areas: Areas,
    classes: Classes,
    line: Line,
    valid: ValidArea,
    bounds: Bounds,
    precision: u8,
    invalid: Invalid,
    object_type: &'static str,
    names_images: bool,
    /// The number of a page as text, for ids.
    page: String,
}

impl Features {
    pub(crate) fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        Ok(Self {
            classes: Classes::new(areas.classes()),
            areas,
            line: Line::new(),
            valid: ValidArea::new(),
            bounds: options.outside,
            precision: options.precision,
            invalid: options.invalid,
            object_type: match options.object_type {
                ObjectType::Annotation => "annotation",
                ObjectType::Detection => "detection",
            },
            names_images: options.layout == Layout::Single,
            page: String::new(),
        })
    }

    /// Appends the features of an image, between commas, and says how many.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>) -> u64 {
        self.page = image.page.map(|page| page.to_string()).unwrap_or_default();
        let mut written = 0;
        for (_, object) in image.objects() {
            let start = out.len();
            if written > 0 {
                out.extend_from_slice(b",\n");
            }
            // The same object is on many frames of a video, and each of them has features of its own.
            out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":\"");
            write_uuid(out, &[&image.task.task_id, &object.object_id, &self.page]);
            out.extend_from_slice(b"\",\"geometry\":{\"type\":\"");
            let class = match &object.geometry {
                Geometry::Polyline(path) | Geometry::Spline(path) => self.line(out, run, image, object, path),
                Geometry::Point(point) => self.point(out, run, image, object, [point.x, point.y]),
                _ => self.area(out, run, image, object),
            };
            let Some(class) = class else {
                out.truncate(start);
                continue;
            };
            if let Some(name) = self.classes.changed(class) {
                let detail = format_args!("object is there; its class {:?} is called {name:?}, as QuPath wants it", self.areas.classes().name(class));
                run.lost(image.task.index, Some(&object.object_id), "name-changed", detail);
            }
            out.extend_from_slice(b"},\"properties\":");
            properties::write(out, self.object_type, object, &self.classes, class, self.names_images.then_some(image.name));
            out.push(b'}');
            written += 1;
        }
        written
    }

    /// Appends the kind and the coordinates of an area, and gives its class; `None` if it is left out.
    #[inline(never)]
    fn area(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object) -> Option<u32> {
        let class = self.areas.take(run, image, object)?;
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        match (self.valid.set(self.areas.shape(), self.precision, self.invalid == Invalid::Repair), self.invalid) {
            (Validity::Valid, _) => {}
            (Validity::Repaired, _) => lost(
                "self-intersection-repaired",
                "object is there with the same area; its outlines cross or touch, and are put together in another way",
            ),
            (Validity::Empty, _) => {
                lost("zero-area", "object has no area left when its coordinates are rounded to `precision`");
                return None;
            }
            (Validity::Invalid | Validity::Unknown, Invalid::Drop) => {
                lost("self-intersection-dropped", "outlines of the object cross or touch, and option `invalid` is `drop`");
                return None;
            }
            (Validity::Invalid, _) => {
                lost("self-intersection-kept", "object is there as it is drawn: its outlines cross or touch, which some readers refuse")
            }
            (Validity::Unknown, _) => {
                lost("self-intersection-kept", "object is there as it is drawn: it has too many outlines to find out whether they cross")
            }
        }
        if self.valid.dropped_rings() > 0 {
            lost("part-dropped", "object has a region or a hole that is nothing when its coordinates are rounded to `precision`");
        }
        let is_multi = self.valid.polygons() > 1;
        out.extend_from_slice(if is_multi { b"MultiPolygon\",\"coordinates\":[[" } else { b"Polygon\",\"coordinates\":[" });
        for (number, (mut ring, is_hole)) in self.valid.rings().enumerate() {
            if number > 0 {
                out.extend_from_slice(if is_hole || !is_multi { b"," } else { b"],[" });
            }
            let Some(first) = ring.next() else { continue };
            out.push(b'[');
            self.position(out, first);
            for place in ring {
                out.push(b',');
                self.position(out, place);
            }
            out.push(b',');
            self.position(out, first);
            out.push(b']');
        }
        out.extend_from_slice(if is_multi { b"]]" } else { b"]" });
        Some(class)
    }

    #[inline(never)]
    fn line(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, path: &[f64]) -> Option<u32> {
        let class = self.areas.classes().class_of(run, image.task.index, object)?;
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        if let Err(fault) = self.line.set(path, float_size(image), self.bounds) {
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
        out.extend_from_slice(b"LineString\",\"coordinates\":[");
        for (number, point) in self.line.points().as_chunks::<2>().0.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            self.position(out, *point);
        }
        out.push(b']');
        Some(class)
    }

    #[inline(never)]
    fn point(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, object: &Object, point: [f64; 2]) -> Option<u32> {
        let class = self.areas.classes().class_of(run, image.task.index, object)?;
        if let Err(fault) = check_point(point[0], point[1], float_size(image), self.bounds) {
            run.lost(image.task.index, Some(&object.object_id), fault.code(), format_args!("point {}", fault.reason()));
            return None;
        }
        out.extend_from_slice(b"Point\",\"coordinates\":");
        self.position(out, point);
        Some(class)
    }

    #[inline]
    fn position(&self, out: &mut Vec<u8>, [x, y]: [f64; 2]) {
        out.push(b'[');
        write_rounded(out, x, self.precision);
        out.push(b',');
        write_rounded(out, y, self.precision);
        out.push(b']');
    }
}

fn float_size(image: &Image<'_>) -> Option<(f64, f64)> {
    image.size.map(|(width, height)| (width.into(), height.into()))
}
