//! The objects of an image as layers of spans.

use std::ops::Range;

use ango_plugin_sdk::geometry::{Bounds, Extent, Unusable, usable};
use ango_plugin_sdk::images::{Areas, BrushRun, Format, Image};
use ango_plugin_sdk::raster::{Labels, Rasterizer};
use ango_plugin_sdk::{Failure, Geometry, Object, Run, order};

use crate::options::{Options, Overlap};

/// The most spans in one image, as many as [`Labels`] takes.
const MAX_SPANS: usize = 1 << 23;

/// What of an image lies in one layer: an object, or a class of the brush mask.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) class: u32,
    /// The object by its position in the task; `None` for what a brush painted.
    pub(crate) object: Option<u64>,
    /// How many pixels it has, whatever lies over it.
    pub(crate) pixels: u64,
    area: f64,
    /// Its own spans, and those of its outline.
    fill: Range<usize>,
    outline: Range<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    y: u32,
    x0: u32,
    x1: u32,
}

/// How objects are drawn, and the layers of the image at hand.
pub(crate) struct Layers {
    areas: Areas,
    raster: Rasterizer,
    format: Format,
    bounds: Bounds,
    outlines: f64,
    line_width: f64,
    point_size: f64,
    overlap: Overlap,
    /// By class: 0, or how much further up than others it lies.
    ranks: Vec<usize>,
    spans: Vec<Span>,
    list: Vec<Layer>,
    /// Positions in the list, from the lowest layer to the topmost.
    order: Vec<u32>,
}

impl Layers {
    pub(crate) fn new(options: &Options, run: &Run, format: Format) -> Result<Self, Failure> {
        let areas = Areas::new(run, format, &options.classes, options.outside, options.min_area)?;
        let classes = areas.classes().classes();
        let mut ranks = vec![0; classes.len()];
        for (at, name) in options.priority.iter().enumerate() {
            let mut found = false;
            for (rank, _) in ranks.iter_mut().zip(classes).filter(|(_, class)| class.name == *name) {
                *rank = options.priority.len() - at;
                found = true;
            }
            if !found {
                return Err(Failure::option(format!("/priority/{at}"), format!("there is no class `{name}`")));
            }
        }
        Ok(Self {
            areas,
            raster: Rasterizer::default(),
            format,
            bounds: options.outside,
            outlines: options.outlines,
            line_width: options.line_width,
            point_size: options.point_size,
            overlap: options.overlap,
            ranks,
            spans: Vec::new(),
            list: Vec::new(),
            order: Vec::new(),
        })
    }

    pub(crate) fn areas(&self) -> &Areas {
        &self.areas
    }

    /// The layers, in the order in which they were added.
    pub(crate) fn list(&self) -> &[Layer] {
        &self.list
    }

    /// Whether there are more spans than memory is meant for; some are missing then.
    pub(crate) fn is_too_complex(&self) -> bool {
        self.spans.len() >= MAX_SPANS
    }

    /// Starts an image of this size.
    pub(crate) fn start(&mut self, (width, height): (u32, u32)) {
        self.raster.resize(width, height);
        self.spans.clear();
        self.list.clear();
        self.order.clear();
    }

    /// Draws an object, or reports why it has no pixels.
    pub(crate) fn add(&mut self, run: &Run, image: &Image<'_>, position: u64, object: &Object) {
        let start = self.spans.len();
        let Some((class, area, pixels)) = self.fill(run, image, object) else { return };
        let filled = self.spans.len();
        if self.outlines > 0.0 {
            self.outline(&object.geometry);
        }
        self.list.push(Layer { class, object: Some(position), pixels, area, fill: start..filled, outline: filled..self.spans.len() });
    }

    /// Draws the inside, and gives the class, the area and the number of pixels.
    fn fill(&mut self, run: &Run, image: &Image<'_>, object: &Object) -> Option<(u32, f64, u64)> {
        let size = image.size?;
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let (path, thickness): (&[f64], f64) = match &object.geometry {
            Geometry::Polyline(path) | Geometry::Spline(path) => (path, self.line_width),
            Geometry::Point(point) => (&[point.x, point.y], self.point_size),
            _ => {
                let class = self.areas.take(run, image, object)?;
                let spans = &mut self.spans;
                let pixels = self.raster.zones(self.areas.shape().zones(), |y, x0, x1| put(spans, y, x0, x1));
                if pixels == 0 {
                    lost("zero-area", format_args!("object lies between the centres of pixels"));
                    return None;
                }
                return Some((class, self.areas.shape().area(), pixels));
            }
        };
        let class = self.areas.classes().class_of(run, image.task.index, object)?;
        let is_point = matches!(object.geometry, Geometry::Point(_));
        if let Err(fault) = check_path(path, is_point, size, self.bounds) {
            lost(fault.code(), format_args!("{} {}", object.geometry.kind(), fault.reason()));
            return None;
        }
        let spans = &mut self.spans;
        let pixels = self.raster.line(path, false, thickness, |y, x0, x1| put(spans, y, x0, x1));
        if pixels == 0 {
            lost("out-of-bounds", format_args!("{} is outside the image", object.geometry.kind()));
            return None;
        }
        if !is_inside(path, size) {
            lost("clipped", format_args!("object leaves the image and is cut at its edges"));
        }
        if matches!(object.geometry, Geometry::Spline(_)) {
            lost("spline-straightened", format_args!("object is there, with straight lines between its points"));
        }
        self.format.report_object(run, image.task, object);
        Some((class, pixels as f64, pixels))
    }

    /// Draws the borders of an area. Lines and points have none.
    fn outline(&mut self, geometry: &Geometry) {
        let spans = &mut self.spans;
        let mut ring = |ring: &[f64]| self.raster.line(ring, true, self.outlines, |y, x0, x1| put(spans, y, x0, x1));
        match geometry {
            Geometry::BoundingBox(bounds) => {
                ring(&Extent::from(bounds).ring());
            }
            Geometry::RotatedBox(turned) => {
                ring(&turned.corners);
            }
            Geometry::Polygon(path) => {
                ring(path);
            }
            Geometry::Segmentation(zones) => {
                for path in zones.iter().flat_map(|zone| std::iter::once(&zone.region).chain(&zone.holes)) {
                    ring(path);
                }
            }
            _ => {}
        }
    }

    /// Adds what a brush painted of a class.
    pub(crate) fn add_brush(&mut self, class: u32, runs: &[BrushRun]) {
        let start = self.spans.len();
        let mut pixels = 0;
        for run in runs {
            pixels += u64::from(run.x1 - run.x0);
            put(&mut self.spans, run.y, run.x0, run.x1);
        }
        let end = self.spans.len();
        self.list.push(Layer { class, object: None, pixels, area: pixels as f64, fill: start..end, outline: end..end });
    }

    /// Decides what lies on what; to be called after the last layer. Layers of a brush are on one side of all objects, whatever their area.
    pub(crate) fn arrange(&mut self, brush_above: bool) {
        let (list, ranks, by_area) = (&self.list, &self.ranks, self.overlap == Overlap::Area);
        let rank = |layer: &Layer| (ranks.get(layer.class as usize).copied().unwrap_or(0), layer.object.is_none() == brush_above);
        self.order = order::sorted_positions(list.len(), &mut |a, b| {
            let (a, b) = (&list[a as usize], &list[b as usize]);
            rank(a) < rank(b) || (rank(a) == rank(b) && by_area && a.area > b.area)
        });
    }

    /// Paints layers, from the lowest to the topmost: a layer has its position in the list + 2 as its label, outlines have [`OUTLINE`].
    pub(crate) fn paint(&self, labels: &mut Labels, size: (u32, u32), is_wanted: impl Fn(usize, &Layer) -> bool) {
        labels.reset(size.0, size.1);
        for &at in &self.order {
            let layer = &self.list[at as usize];
            if !is_wanted(at as usize, layer) {
                continue;
            }
            for (range, label) in [(&layer.fill, at + 2), (&layer.outline, OUTLINE)] {
                self.spans[range.clone()].iter().for_each(|span| labels.paint(span.y, span.x0, span.x1, label));
            }
        }
    }
}

/// The label of outlines.
pub(crate) const OUTLINE: u32 = 1;

fn put(spans: &mut Vec<Span>, y: u32, x0: u32, x1: u32) {
    if spans.len() < MAX_SPANS {
        spans.push(Span { y, x0, x1 });
    }
}

fn is_inside(path: &[f64], (width, height): (u32, u32)) -> bool {
    Extent::of(path).is_some_and(|extent| extent.is_inside(width.into(), height.into()))
}

fn check_path(path: &[f64], is_point: bool, size: (u32, u32), bounds: Bounds) -> Result<(), Unusable> {
    if !usable(path) {
        return Err(Unusable::Coordinates);
    }
    if path.len() < 4 && !is_point {
        return Err(Unusable::TooFewPoints);
    }
    // A disc around a point outside would be a piece of nothing.
    if (is_point || bounds == Bounds::Drop) && !is_inside(path, size) {
        return Err(Unusable::OutOfBounds);
    }
    Ok(())
}
