//! Objects of an image painted over each other, for masks that say which object a pixel is of.

use super::Image;
use crate::geometry::{Bounds, Shape};
use crate::png::MaskPng;
use crate::raster::{Labels, Rasterizer, Run};
use crate::types::Object;

/// The most pixels of an image that is painted, on a side and together.
const MAX_SIDE: u32 = 1 << 17;
const MAX_PIXELS: u64 = 1 << 28;

/// Paints objects, later ones over earlier ones. Made once and [`start`](Self::start)ed for every image.
#[derive(Clone, Debug, Default)]
pub struct Canvas {
    shape: Shape,
    rasterizer: Rasterizer,
    labels: Labels,
    visible: Vec<bool>,
}

impl Canvas {
    /// Starts an image.
    ///
    /// # Errors
    ///
    /// When it is larger than memory is meant for; to be reported as `mask-too-large`.
    pub fn start(&mut self, image: &Image<'_>) -> Result<(), String> {
        let (width, height) = image.size.unwrap_or_default();
        if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(format!("{width} x {height} pixels are more than {MAX_SIDE} on a side or {MAX_PIXELS} together"));
        }
        self.rasterizer.resize(width, height);
        self.labels.reset(width, height);
        self.visible.clear();
        Ok(())
    }

    /// Paints an object with a label, which is not 0, and says how many pixels it has in the image.
    pub fn paint(&mut self, object: &Object, label: u32) -> u64 {
        if self.shape.set(&object.geometry, None, Bounds::Keep).is_err() {
            return 0;
        }
        let labels = &mut self.labels;
        self.rasterizer.zones(self.shape.zones(), |y, x0, x1| labels.paint(y, x0, x1, label))
    }

    /// Paints a border, this many pixels wide, on the outline of the object painted last.
    pub fn paint_border(&mut self, thickness: u32, label: u32) {
        let labels = &mut self.labels;
        for (ring, _) in self.shape.rings() {
            self.rasterizer.line(ring, true, thickness.into(), |y, x0, x1| labels.paint(y, x0, x1, label));
        }
    }

    /// Whether everything that was painted is there: to be asked before [`rows`](Self::rows).
    ///
    /// # Errors
    ///
    /// When outlines crossed more rows than memory is meant for; to be reported as `mask-too-large`.
    pub fn check(&self) -> Result<(), String> {
        self.labels.check().map_err(|error| error.to_string())
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.labels.size()
    }

    /// Goes through the rows from top to bottom, and remembers which of the labels from 1 to `labels` there are.
    pub fn rows(&mut self, labels: usize, mut row: impl FnMut(&[Run])) {
        self.visible.resize(labels, false);
        for y in 0..self.labels.size().1 {
            let runs = self.labels.row(y);
            for run in runs {
                if let Some(visible) = self.visible.get_mut(run.label.wrapping_sub(1) as usize) {
                    *visible = true;
                }
            }
            row(runs);
        }
    }

    /// The labels from 1 that no row had, when all have been gone through: their objects are covered by others, or hide between the centres of pixels.
    pub fn hidden(&self) -> impl Iterator<Item = u32> {
        (1..).zip(&self.visible).filter(|(_, visible)| !**visible).map(|(label, _)| label)
    }
}

/// Adds a row to a PNG whose pixels are what `value` says of labels.
#[inline]
pub fn write_row(png: &mut MaskPng, runs: &[Run], value: impl Fn(u32) -> u32) {
    png.row(runs.iter().map(|run| Run { label: value(run.label), ..*run }));
}
