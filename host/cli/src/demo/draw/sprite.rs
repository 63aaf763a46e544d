//! A thing made of several filled shapes, which remembers how far it reaches.

use crate::demo::canvas::{Canvas, Paint};
use crate::demo::colour::Colour;
use crate::demo::geometry::{Bounds, Placement, Ring};

/// A thing that is being drawn around its own origin.
pub struct Sprite<'a> {
    canvas: &'a mut Canvas,
    placement: Placement,
    bounds: Option<Bounds>,
}

impl<'a> Sprite<'a> {
    /// Starts a thing that `placement` carries into the picture.
    pub fn new(canvas: &'a mut Canvas, placement: Placement) -> Self {
        Self { canvas, placement, bounds: None }
    }

    /// Draws a shape that belongs to the thing's outline.
    pub fn part(&mut self, ring: Ring, colour: Colour) {
        let ring = self.placement.ring(&ring);
        let corners: Vec<_> = Bounds::around(&ring).into_iter().chain(self.bounds).flat_map(|b| [[b.left, b.top], [b.right, b.bottom]]).collect();
        self.bounds = Bounds::around(&corners);
        self.canvas.shape(ring, colour);
    }

    /// Draws a shape that does not count for the outline: something inside of it, or a shadow.
    pub fn detail(&mut self, ring: Ring, colour: Colour) {
        let ring = self.placement.ring(&ring);
        self.canvas.shape(ring, colour);
    }

    /// Draws a detail that shines by itself.
    pub fn lit(&mut self, ring: Ring, colour: Colour) {
        let ring = self.placement.ring(&ring);
        self.canvas.fill(&[ring], Paint::Lit(colour));
    }

    /// The box around all parts; an empty box when there are none.
    pub fn bounds(&self) -> Bounds {
        self.bounds.unwrap_or(Bounds { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 })
    }
}
