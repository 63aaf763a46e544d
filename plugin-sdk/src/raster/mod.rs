//! Shapes as pixels: filled zones with holes, thick lines and discs, delivered as spans.
//!
//! # The rule
//!
//! A pixel belongs to a shape when its **centre** does: pixel (x, y) stands for the point (x + 0.5, y + 0.5). Left and top borders belong to a shape, right and
//! bottom borders do not, so that shapes that share a border share no pixel and leave none out. A ring is filled by the **even-odd** rule, also where it crosses
//! itself. A zone is its region without the union of its holes; an object is the union of its zones. Holes are cut within their own zone and never out of what
//! was painted before. No outline is drawn, so that the number of pixels is true to the area; a shape that hides between pixel centres has no pixels, which is
//! for the caller to report.
//!
//! This is not the rule of the COCO tools, whose fill moves by up to half a pixel and depends on the direction of the walk; run lengths for COCO are made by
//! [`rle`](crate::rle), bit for bit as those tools make them. The two rules differ in a fringe of single pixels, on purpose.
//!
//! # Spans
//!
//! Nothing here has a bitmap. What was drawn is told as spans: row `y`, columns from `x0` up to but not including `x1`, from top to bottom, in a row from left to
//! right and never touching each other. A caller counts them, paints a canvas of its own, or collects them in [`Labels`], which knows what is on top. The time
//! taken depends on the rows of the image that edges pass, however far away they begin.

mod labels;
mod polygon;
mod stroke;

pub use labels::{Labels, Run, TooComplex};

use crate::geometry::Shape;
use crate::rle::RleError;

/// The most runs of pixels in one mask; real ones have some thousands.
const MOST_RUNS: usize = 1 << 21;

/// Draws shapes into an image of a given size. Made once and used for many, so that nothing is allocated for the next shape.
#[derive(Clone, Debug, Default)]
pub struct Rasterizer {
    width: u32,
    height: u32,
    fill: polygon::Fill,
    stroke: stroke::Stroke,
}

impl Rasterizer {
    /// Draws into an image of this size, in pixels.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, ..Self::default() }
    }

    /// Draws into an image of another size from now on.
    pub fn resize(&mut self, width: u32, height: u32) {
        (self.width, self.height) = (width, height);
    }

    /// Fills one ring and says how many pixels it has.
    pub fn ring(&mut self, ring: &[f64], span: impl FnMut(u32, u32, u32)) -> u64 {
        self.zones([(ring, std::iter::empty())], span)
    }

    /// Fills zones, each a region and its holes (as [`Shape::zones`](crate::geometry::Shape::zones) gives them), and says how many pixels they have together.
    pub fn zones<'a, H>(&mut self, zones: impl IntoIterator<Item = (&'a [f64], H)>, mut span: impl FnMut(u32, u32, u32)) -> u64
    where
        H: IntoIterator<Item = &'a [f64]>,
    {
        self.fill.start(self.width, self.height);
        for (region, holes) in zones {
            self.fill.add_zone(region);
            holes.into_iter().for_each(|hole| self.fill.add_hole(hole));
        }
        self.fill.sort();
        let mut pixels = 0;
        while let Some((y, spans)) = self.fill.next_row() {
            pixels += tell(y, spans, &mut span);
        }
        pixels
    }

    /// Collects the pixels of a shape as [`Rle::from_rows`](crate::rle::Rle::from_rows) takes them: rows, first columns, and the columns after the last. What `runs` held
    /// is gone.
    ///
    /// # Errors
    ///
    /// [`RleError::TooComplex`] for more than two million runs.
    pub fn runs(&mut self, shape: &Shape, runs: &mut Vec<(u32, u32, u32)>) -> Result<(), RleError> {
        runs.clear();
        self.zones(shape.zones(), |y, x0, x1| {
            if runs.len() <= MOST_RUNS {
                runs.push((y, x0, x1));
            }
        });
        if runs.len() > MOST_RUNS { Err(RleError::TooComplex) } else { Ok(()) }
    }

    /// Draws a line through the points of a path, `thickness` pixels wide (at least 1) with round ends and corners, and says how many pixels it has. With
    /// `closed` it goes back to the first point. A path of one point is a disc.
    ///
    /// If it passes between the centres of all pixels, it has the one pixel in which it begins, so that nothing in the image is too small to be seen.
    pub fn line(&mut self, path: &[f64], closed: bool, thickness: f64, mut span: impl FnMut(u32, u32, u32)) -> u64 {
        self.stroke.start(self.width, self.height, path, closed, thickness);
        let mut pixels = 0;
        while let Some((y, spans)) = self.stroke.next_row() {
            pixels += tell(y, spans, &mut span);
        }
        if let ([x, y, ..], 0) = (path, pixels)
            && let (Some(x), Some(y)) = (pixel_at(*x, self.width), pixel_at(*y, self.height))
        {
            pixels = tell(y, &[(x, x + 1)], &mut span);
        }
        pixels
    }

    /// Draws a disc of this diameter (at least 1 pixel) around a point, and says how many pixels it has.
    pub fn disc(&mut self, x: f64, y: f64, diameter: f64, span: impl FnMut(u32, u32, u32)) -> u64 {
        self.line(&[x, y], false, diameter, span)
    }
}

#[inline]
fn tell(y: u32, spans: &[(u32, u32)], span: &mut impl FnMut(u32, u32, u32)) -> u64 {
    let mut pixels = 0;
    for &(x0, x1) in spans {
        pixels += u64::from(x1 - x0);
        span(y, x0, x1);
    }
    pixels
}

/// The first of `limit` rows or columns whose centre is not before `position`; `limit` if there is none.
#[inline]
fn first_at(position: f64, limit: u32) -> u32 {
    let first = (position - 0.5).ceil();
    // Not-a-number is before everything.
    if first > 0.0 { if first < f64::from(limit) { first as u32 } else { limit } } else { 0 }
}

/// The row or column that a position is in; the right and the bottom edge of the image belong to its last pixels.
fn pixel_at(position: f64, limit: u32) -> Option<u32> {
    (limit > 0 && position >= 0.0 && position <= f64::from(limit)).then(|| (position as u32).min(limit - 1))
}

/// Adds a span to those of a row, which come in ascending order of `x0` and may overlap.
#[inline]
fn join(spans: &mut Vec<(u32, u32)>, x0: u32, x1: u32) {
    if x0 >= x1 {
        return;
    }
    match spans.last_mut() {
        Some(last) if x0 <= last.1 => last.1 = last.1.max(x1),
        _ => spans.push((x0, x1)),
    }
}

#[cfg(test)]
mod tests;
