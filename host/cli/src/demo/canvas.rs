//! A small rasteriser: anti-aliased polygons on an RGB picture, and the PNG that comes of it.
//!
//! Coverage is exact in x and sampled in y ([`ROWS_PER_PIXEL`] scan lines per pixel row), which is smooth enough for flat drawings and
//! needs nothing but additions and multiplications: the same picture on every platform.

use super::colour::Colour;
use super::error::DemoError;
use super::geometry::{Bounds, Point, Ring, circle};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Scan lines per pixel row; five levels of edge softness in y.
const ROWS_PER_PIXEL: u32 = 5;

/// What a shape is filled with.
#[derive(Debug, Clone, Copy)]
pub enum Paint {
    /// One colour, dimmed by the scene's light.
    Flat(Colour),
    /// One colour that shines by itself: lamps and lit windows keep it at night.
    Lit(Colour),
    /// A vertical gradient between two rows of the picture.
    Gradient {
        /// Row of the first colour, in pixels.
        top: f64,
        /// Colour at and above `top`.
        from: Colour,
        /// Row of the second colour, in pixels.
        bottom: f64,
        /// Colour at and below `bottom`.
        to: Colour,
    },
}

/// An RGB picture that is drawn on from back to front.
#[derive(Debug, Clone)]
pub struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    light: Colour,
}

impl Canvas {
    /// A white picture of `width` by `height` pixels in daylight.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![255; width * height * 3], light: Colour::WHITE }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Sets the light that multiplies every colour that does not shine by itself.
    pub fn set_light(&mut self, light: Colour) {
        self.light = light;
    }

    /// Fills `rings` by the even-odd rule, so that a ring inside another is a hole.
    pub fn fill(&mut self, rings: &[Ring], paint: Paint) {
        let Some(bounds) = Bounds::around(rings.iter().flatten()) else {
            return;
        };
        let first = bounds.top.floor().max(0.0) as usize;
        let last = (bounds.bottom.ceil().max(0.0) as usize).min(self.height);
        let mut coverage = vec![0.0_f64; self.width];
        let mut crossings = Vec::new();
        for row in first..last {
            coverage.fill(0.0);
            for sample in 0..ROWS_PER_PIXEL {
                let y = row as f64 + (f64::from(sample) + 0.5) / f64::from(ROWS_PER_PIXEL);
                find_crossings(rings, y, &mut crossings);
                for pair in crossings.chunks_exact(2) {
                    cover(&mut coverage, pair[0], pair[1]);
                }
            }
            let (colour, lit) = self.paint_of_row(paint, row);
            let colour = if lit { colour } else { colour.under(self.light) };
            let scale = colour.opacity() / f64::from(ROWS_PER_PIXEL);
            for (x, covered) in coverage.iter().enumerate() {
                if *covered > 0.0 {
                    self.blend(x, row, colour, covered * scale);
                }
            }
        }
    }

    /// Fills one ring with one colour; the common case.
    pub fn shape(&mut self, ring: Ring, colour: Colour) {
        self.fill(&[ring], Paint::Flat(colour));
    }

    /// A soft round shine that fades out towards `radius` pixels.
    pub fn glow(&mut self, [x, y]: Point, radius: f64, colour: Colour) {
        let steps = 36;
        let soft = colour.faded(colour.opacity() / f64::from(steps));
        for step in 1..=steps {
            let share = f64::from(step) / f64::from(steps);
            self.fill(&[circle(x, y, radius * share * share)], Paint::Lit(soft));
        }
    }

    /// Writes the picture as an 8-bit RGB PNG file.
    pub fn save(&self, path: &Path) -> Result<(), DemoError> {
        let file = File::create(path).map_err(DemoError::io(path))?;
        self.encode(BufWriter::new(file)).map_err(|source| DemoError::Png { path: path.to_path_buf(), source })
    }

    fn encode(&self, writer: impl std::io::Write) -> Result<(), png::EncodingError> {
        let mut encoder = png::Encoder::new(writer, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()
    }

    fn paint_of_row(&self, paint: Paint, row: usize) -> (Colour, bool) {
        match paint {
            Paint::Flat(colour) => (colour, false),
            Paint::Lit(colour) => (colour, true),
            Paint::Gradient { top, from, bottom, to } => {
                let share = (row as f64 + 0.5 - top) / (bottom - top);
                (from.mixed(to, share), false)
            }
        }
    }

    fn blend(&mut self, x: usize, y: usize, colour: Colour, share: f64) {
        let at = (y * self.width + x) * 3;
        if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
            for (old, new) in pixel.iter_mut().zip(colour.channels()) {
                let mixed = f64::from(*old) + (f64::from(new) - f64::from(*old)) * share.min(1.0);
                *old = mixed.round() as u8;
            }
        }
    }
}

/// Collects, in ascending order, where the horizontal line at `y` crosses the rings.
fn find_crossings(rings: &[Ring], y: f64, crossings: &mut Vec<f64>) {
    crossings.clear();
    for ring in rings {
        let Some(&last) = ring.last() else { continue };
        let mut from = last;
        for &to in ring {
            // Half open in y, so that a vertex on the line counts once.
            if (from[1] <= y) != (to[1] <= y) {
                crossings.push(from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0]));
            }
            from = to;
        }
    }
    crossings.sort_by(f64::total_cmp);
}

/// Adds the span from `start` to `end` to a row, with partial weight on the pixels at its ends.
fn cover(coverage: &mut [f64], start: f64, end: f64) {
    let (start, end) = (start.max(0.0), end.min(coverage.len() as f64));
    if end <= start {
        return;
    }
    let (first, last) = (start.floor() as usize, end.floor() as usize);
    if first == last {
        coverage[first] += end - start;
        return;
    }
    coverage[first] += first as f64 + 1.0 - start;
    for pixel in &mut coverage[first + 1..last] {
        *pixel += 1.0;
    }
    if let Some(pixel) = coverage.get_mut(last) {
        *pixel += end - last as f64;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::demo::geometry::rectangle;

    fn pixel(canvas: &Canvas, x: usize, y: usize) -> [u8; 3] {
        let at = (y * canvas.width + x) * 3;
        [canvas.pixels[at], canvas.pixels[at + 1], canvas.pixels[at + 2]]
    }

    #[test]
    fn edges_are_weighted_by_the_covered_part() {
        let mut canvas = Canvas::new(4, 2);
        canvas.shape(rectangle(0.5, 0.0, 2.0, 2.0), Colour::rgb(0));
        assert_eq!(pixel(&canvas, 0, 0), [128; 3]);
        assert_eq!(pixel(&canvas, 1, 1), [0; 3]);
        assert_eq!(pixel(&canvas, 2, 0), [128; 3]);
        assert_eq!(pixel(&canvas, 3, 0), [255; 3]);
    }

    #[test]
    fn a_ring_inside_a_ring_is_a_hole() {
        let mut canvas = Canvas::new(6, 6);
        let rings = [rectangle(0.0, 0.0, 6.0, 6.0), rectangle(2.0, 2.0, 2.0, 2.0)];
        canvas.fill(&rings, Paint::Flat(Colour::rgb(0)));
        assert_eq!(pixel(&canvas, 1, 1), [0; 3]);
        assert_eq!(pixel(&canvas, 2, 2), [255; 3]);
    }

    #[test]
    fn shapes_outside_of_the_picture_leave_it_alone() {
        let mut canvas = Canvas::new(3, 3);
        canvas.shape(rectangle(-9.0, -9.0, 5.0, 5.0), Colour::rgb(0));
        canvas.shape(rectangle(9.0, 9.0, 5.0, 5.0), Colour::rgb(0));
        assert!(canvas.pixels.iter().all(|channel| *channel == 255));
    }

    #[test]
    fn night_dims_paint_but_not_lamps() {
        let mut canvas = Canvas::new(2, 1);
        canvas.set_light(Colour::rgb(0x80_80_80));
        canvas.shape(rectangle(0.0, 0.0, 1.0, 1.0), Colour::WHITE);
        canvas.fill(&[rectangle(1.0, 0.0, 1.0, 1.0)], Paint::Lit(Colour::WHITE));
        assert_eq!(pixel(&canvas, 0, 0), [128; 3]);
        assert_eq!(pixel(&canvas, 1, 0), [255; 3]);
    }

    #[test]
    fn the_file_is_a_png_and_the_same_each_time() {
        let draw = || {
            let mut canvas = Canvas::new(64, 48);
            canvas.shape(circle(31.3, 22.7, 17.1), Colour::rgb(0x33_66_99));
            let mut bytes = Vec::new();
            canvas.encode(&mut bytes).unwrap();
            bytes
        };
        let bytes = draw();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(bytes, draw());
    }
}
