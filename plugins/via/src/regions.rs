//! Regions of an image: shapes with their attributes, both as JSON.

use std::fmt::Arguments;

use ango_plugin_sdk::geometry::{Bounds, Line, Shape, Unusable, bridge, check_point};
use ango_plugin_sdk::images::{Areas, Image};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{rounded, write_rounded};
use ango_plugin_sdk::{Failure, Geometry, Object, Run};

use crate::FORMAT;
use crate::attributes::write_answers;
use crate::options::Options;

/// Decimals of a pixel.
const DECIMALS: u8 = 6;
/// The most points of a ring with bridges, which take time to find.
const MAX_BRIDGED_POINTS: usize = 100_000;
/// The attribute that says which regions are of one object.
const OBJECT: &str = "objectId";

/// Makes regions; keeps its memory from image to image.
pub(crate) struct Regions {
    areas: Areas,
    line: Line,
    bounds: Bounds,
    attribute: String,
    /// All of an image, one after the other.
    text: Vec<u8>,
    regions: Vec<Region>,
    file_attributes: Vec<u8>,
}

/// A region by its places in the text. The attributes of an object are there once, for all its regions.
#[derive(Clone, Copy)]
struct Region {
    shape: [usize; 2],
    attributes: [usize; 2],
}

impl Regions {
    pub(crate) fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        Ok(Self {
            areas: Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?,
            line: Line::new(),
            bounds: options.outside,
            attribute: options.attribute.clone(),
            text: Vec::new(),
            regions: Vec::new(),
            file_attributes: Vec::new(),
        })
    }

    /// The shape and the attributes of each region, as JSON objects.
    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = (&[u8], &[u8])> {
        let text = |[start, end]: [usize; 2]| &self.text[start..end];
        self.regions.iter().map(move |region| (text(region.shape), text(region.attributes)))
    }

    /// The answers about the image, as a JSON object.
    pub(crate) fn file_attributes(&self) -> &[u8] {
        &self.file_attributes
    }

    /// Makes the regions of an image.
    pub(crate) fn convert(&mut self, run: &Run, image: &Image<'_>) {
        self.text.clear();
        self.regions.clear();
        for (_, object) in image.objects() {
            self.object(run, image, object);
        }
        self.file_attributes.clear();
        self.file_attributes.push(b'{');
        write_answers(&mut self.file_attributes, image.classifications().map(|(_, answer)| answer), &[]);
        // The first of the commas that stand in front.
        if self.file_attributes.len() > 1 {
            self.file_attributes.remove(1);
        }
        self.file_attributes.push(b'}');
    }

    #[inline(never)]
    fn object(&mut self, run: &Run, image: &Image<'_>, object: &Object) {
        let (first, start) = (self.regions.len(), self.text.len());
        let lost = |code: &str, detail: Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let unusable = |fault: Unusable| lost(fault.code(), format_args!("{} {}", object.geometry.kind(), fault.reason()));
        let size = image.size.map(|(width, height)| (width.into(), height.into()));
        let class = match &object.geometry {
            Geometry::Point(point) => {
                let Some(class) = self.areas.classes().class_of(run, image.task.index, object) else { return };
                if let Err(fault) = check_point(point.x, point.y, size, self.bounds) {
                    return unusable(fault);
                }
                self.shape("point", &[("cx", point.x), ("cy", point.y)]);
                class
            }
            Geometry::Polyline(path) => {
                let Some(class) = self.areas.classes().class_of(run, image.task.index, object) else { return };
                if let Err(fault) = self.line.set(path, size, self.bounds) {
                    return unusable(fault);
                }
                if self.line.is_clipped() {
                    lost("clipped", format_args!("line leaves the image and is cut at its edges"));
                }
                if self.line.dropped_parts() > 0 {
                    lost("part-dropped", format_args!("line leaves the image and comes back: the longest piece is kept"));
                }
                let start = self.text.len();
                write_path(&mut self.text, "polyline", self.line.points());
                self.close_shape(start);
                class
            }
            _ => {
                let Some(class) = self.areas.take(run, image, object) else { return };
                if !self.area(lost, object) {
                    self.regions.truncate(first);
                    self.text.truncate(start);
                    return lost("zero-area", format_args!("object has no width or no height with six decimals"));
                }
                class
            }
        };
        self.attributes(first, object, class);
    }

    /// The regions of an area; false if nothing is left of it with so many decimals.
    fn area(&mut self, lost: impl Fn(&str, Arguments<'_>), object: &Object) -> bool {
        let shape = self.areas.shape();
        let extent = shape.extent();
        let is_flat = |low: f64, high: f64| rounded(high - low, DECIMALS) <= 0.0;
        if is_flat(extent.x0, extent.x1) || is_flat(extent.y0, extent.y1) {
            return false;
        }
        if matches!(object.geometry, Geometry::BoundingBox(_)) {
            let [x, y, width, height] = shape.bounding_box();
            self.shape("rect", &[("x", x), ("y", y), ("width", width), ("height", height)]);
            return true;
        }
        let (has_holes, parts) = (shape.has_holes(), shape.parts());
        if has_holes {
            lost("hole-bridged", format_args!("ring and hole are one ring, joined by a bridge without width"));
        }
        if parts > 1 {
            lost("parts-split", format_args!("{parts} parts are regions of their own, with the same {OBJECT}"));
        }
        let mut dropped = 0;
        for rings in zones(shape) {
            let start = self.text.len();
            match &rings[..] {
                [(only, _)] => write_path(&mut self.text, "polygon", only),
                rings => {
                    let bridged = bridge(rings, MAX_BRIDGED_POINTS);
                    dropped += bridged.dropped;
                    write_path(&mut self.text, "polygon", &bridged.ring);
                }
            }
            let end = self.text.len();
            self.regions.push(Region { shape: [start, end], attributes: [0, 0] });
        }
        if dropped > 0 {
            lost("part-dropped", format_args!("{dropped} smallest holes are left out"));
        }
        true
    }

    /// `{"name":"rect","x":1,...}`.
    fn shape(&mut self, name: &str, fields: &[(&str, f64)]) {
        let start = self.text.len();
        self.text.extend_from_slice(b"{\"name\":");
        write_string(&mut self.text, name);
        for (key, number) in fields {
            self.text.push(b',');
            write_string(&mut self.text, key);
            self.text.push(b':');
            write_rounded(&mut self.text, *number, DECIMALS);
        }
        self.text.push(b'}');
        self.close_shape(start);
    }

    fn close_shape(&mut self, start: usize) {
        self.regions.push(Region { shape: [start, self.text.len()], attributes: [0, 0] });
    }

    /// The attributes of the object's regions, which begin with `first`.
    fn attributes(&mut self, first: usize, object: &Object, class: u32) {
        let start = self.text.len();
        self.text.push(b'{');
        write_string(&mut self.text, &self.attribute);
        self.text.push(b':');
        write_string(&mut self.text, self.areas.classes().name(class));
        self.text.extend_from_slice(b",\"objectId\":");
        write_string(&mut self.text, &object.object_id);
        if !object.classifications.is_empty() {
            write_answers(&mut self.text, &object.classifications, &[&self.attribute, OBJECT]);
        }
        self.text.push(b'}');
        let end = self.text.len();
        for region in &mut self.regions[first..] {
            region.attributes = [start, end];
        }
    }
}

/// The rings of each zone: a region, and its holes.
fn zones(shape: &Shape) -> Vec<Vec<(&[f64], bool)>> {
    let mut zones: Vec<Vec<(&[f64], bool)>> = Vec::new();
    for (ring, hole) in shape.rings() {
        match zones.last_mut().filter(|_| hole) {
            Some(zone) => zone.push((ring, hole)),
            None => zones.push(vec![(ring, hole)]),
        }
    }
    zones
}

/// `{"name":"polygon","all_points_x":[...],"all_points_y":[...]}`.
fn write_path(out: &mut Vec<u8>, name: &str, path: &[f64]) {
    out.extend_from_slice(b"{\"name\":");
    write_string(out, name);
    for (axis, key) in [&b",\"all_points_x\":["[..], b",\"all_points_y\":["].into_iter().enumerate() {
        out.extend_from_slice(key);
        for (at, number) in path.iter().skip(axis).step_by(2).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_rounded(out, *number, DECIMALS);
        }
        out.push(b']');
    }
    out.push(b'}');
}
