//! `_gtFine_polygons.json`: the objects of an image, in the order in which they are drawn over each other.

use ango_plugin_sdk::geometry::{Extent, bridge};
use ango_plugin_sdk::images::{Areas, Format, Image};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{rounded, write_rounded, write_u64};
use ango_plugin_sdk::{ClassTable, Failure, Object, Run};

use crate::options::{Options, Parts};

/// What the format has a place for.
pub(crate) const FORMAT: Format = Format::new("Cityscapes");

/// The most points of a polygon that is joined of several rings: joining compares them all with each other.
const MAX_BRIDGED_POINTS: usize = 8_000;

/// An object of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// Its position among the objects of the task.
    pub(crate) position: u32,
    pub(crate) class: u32,
}

/// Writes files of polygons; keeps its memory from image to image.
pub(crate) struct Polygons<'a> {
    run: &'a Run,
    areas: Areas,
    parts: Parts,
    precision: u8,
    objects: Vec<u8>,
    text: Vec<u8>,
    drawn: Vec<Drawn>,
}

impl<'a> Polygons<'a> {
    pub(crate) fn new(options: &Options, run: &'a Run) -> Result<Self, Failure> {
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        Ok(Self { run, areas, parts: options.parts, precision: options.precision, objects: Vec::new(), text: Vec::new(), drawn: Vec::new() })
    }

    pub(crate) fn classes(&self) -> &ClassTable {
        self.areas.classes()
    }

    /// The objects that the last image's file has, in order; one of several parts is there once.
    pub(crate) fn drawn(&self) -> &[Drawn] {
        &self.drawn
    }

    /// Takes the objects of an image. [`file`](Self::file) is the image's file then.
    pub(crate) fn take(&mut self, image: &Image<'_>) {
        self.objects.clear();
        self.drawn.clear();
        for (position, object) in image.objects() {
            if let Some(class) = self.areas.take(self.run, image, object) {
                self.object(image, position, object, class);
            }
        }
    }

    /// The text of the file.
    pub(crate) fn file(&mut self, image: &Image<'_>) -> &[u8] {
        let (width, height) = image.size.unwrap_or_default();
        let text = &mut self.text;
        text.clear();
        text.extend_from_slice(b"{\"imgHeight\":");
        write_u64(text, height.into());
        text.extend_from_slice(b",\"imgWidth\":");
        write_u64(text, width.into());
        text.extend_from_slice(b",\"objects\":[");
        text.extend_from_slice(&self.objects);
        text.extend_from_slice(b"]}\n");
        text
    }

    #[inline(never)]
    fn object(&mut self, image: &Image<'_>, position: u64, object: &Object, class: u32) {
        let run = self.run;
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let extent = self.areas.shape().extent();
        if !has_size(&extent, self.precision) {
            return lost("zero-area", format_args!("object has no width or no height with {} decimals", self.precision));
        }
        let shape = self.areas.shape();
        let (parts, holes) = (shape.parts(), shape.has_holes());
        if parts == 1 && !holes {
            for (ring, _) in shape.rings() {
                write_object(&mut self.objects, self.areas.classes().name(class), ring, self.precision);
            }
        } else {
            let rings: Vec<(&[f64], bool)> = shape.rings().collect();
            let mut dropped = 0;
            // One polygon of all rings, or one of each region and its holes.
            for zone in rings.chunk_by(|_, (_, next_is_hole)| self.parts == Parts::Bridge || *next_is_hole) {
                let bridged = bridge(zone, MAX_BRIDGED_POINTS);
                write_object(&mut self.objects, self.areas.classes().name(class), &bridged.ring, self.precision);
                dropped += bridged.dropped;
            }
            if dropped > 0 {
                lost("part-dropped", format_args!("the {dropped} smallest of {} rings are left out", rings.len()));
            }
            if holes {
                lost("hole-bridged", format_args!("ring and hole are one polygon, joined by a bridge without width"));
            }
            if parts > 1 && self.parts == Parts::Split {
                lost("parts-split", format_args!("{parts} parts are objects of their own"));
            } else if parts > 1 {
                lost("parts-bridged", format_args!("{parts} parts are one polygon, joined by bridges without width"));
            }
        }
        // An image has fewer objects than 2^32 (`Images` takes no more).
        self.drawn.push(Drawn { position: position as u32, class });
    }
}

/// Whether something of it is left when its edges are rounded.
fn has_size(extent: &Extent, precision: u8) -> bool {
    let [x0, y0, x1, y1] = [extent.x0, extent.y0, extent.x1, extent.y1].map(|edge| rounded(edge, precision));
    x0 < x1 && y0 < y1
}

fn write_object(out: &mut Vec<u8>, label: &str, ring: &[f64], precision: u8) {
    out.extend_from_slice(if out.is_empty() { b"\n{\"label\":" } else { b",\n{\"label\":" });
    write_string(out, label);
    out.extend_from_slice(b",\"polygon\":[");
    for (at, point) in ring.chunks_exact(2).enumerate() {
        out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
        write_rounded(out, point[0], precision);
        out.push(b',');
        write_rounded(out, point[1], precision);
        out.push(b']');
    }
    out.extend_from_slice(b"]}");
}
