//! Geometry that converters share. A path or ring is flat (x0, y0, x1, y1, ...), in pixels, with y downwards; rings are open.
//!
//! The functions are safe against whatever a path holds, but what they compute from coordinates that are not finite or astronomically large
//! means nothing: ask [`usable`] first, and report the object as lost if the answer is no.

mod bridge;
mod clip;
mod line;
mod rectangle;
mod shape;
mod simplify;
mod turned;
mod valid;

pub use bridge::{Bridged, bridge};
pub use clip::{Clip, Clipper};
pub use line::{Line, check_point};
pub use rectangle::{Corners, LeastRectangle};
pub use shape::{Bounds, Shape, Unusable};
pub use simplify::simplify;
pub use turned::Turned;
pub use valid::{ValidArea, Validity};

/// Coordinates beyond this many pixels from the origin are no annotation. The bound keeps every product of two differences exact enough.
pub const MAX_COORDINATE: f64 = 1e9;

/// How far outside an image, in pixels, a coordinate still counts as inside: the rounding of the arithmetic that made it.
pub const TOLERANCE: f64 = 1e-9;

/// Whether every number is finite and of a size that can be a pixel coordinate.
#[inline]
pub fn usable(numbers: &[f64]) -> bool {
    // Not-a-number compares as false.
    numbers.iter().all(|number| number.abs() <= MAX_COORDINATE)
}

/// The ring without a repeated closing point, which some tools add.
#[inline]
pub fn open_ring(mut ring: &[f64]) -> &[f64] {
    ring = &ring[..ring.len() & !1];
    while ring.len() > 2 && ring[..2] == ring[ring.len() - 2..] {
        ring = &ring[..ring.len() - 2];
    }
    ring
}

/// An axis-aligned rectangle by its left, top, right and bottom edge, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Left edge.
    pub x0: f64,
    /// Top edge.
    pub y0: f64,
    /// Right edge.
    pub x1: f64,
    /// Bottom edge.
    pub y1: f64,
}

impl Extent {
    /// The smallest rectangle around a path; `None` for an empty one.
    #[inline]
    pub fn of(path: &[f64]) -> Option<Self> {
        let [x, y, rest @ ..] = path else { return None };
        let mut extent = Self { x0: *x, y0: *y, x1: *x, y1: *y };
        for point in rest.chunks_exact(2) {
            extent.include(point[0], point[1]);
        }
        Some(extent)
    }

    /// The smallest rectangle around both.
    #[inline]
    pub fn union(self, other: Self) -> Self {
        let mut extent = self;
        extent.include(other.x0, other.y0);
        extent.include(other.x1, other.y1);
        extent
    }

    #[inline]
    fn include(&mut self, x: f64, y: f64) {
        // Comparisons instead of `f64::min`, whose care for not-a-number costs several instructions in a sandbox.
        if x < self.x0 {
            self.x0 = x;
        }
        if x > self.x1 {
            self.x1 = x;
        }
        if y < self.y0 {
            self.y0 = y;
        }
        if y > self.y1 {
            self.y1 = y;
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    /// Height in pixels.
    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    /// Area in square pixels.
    pub fn area(&self) -> f64 {
        self.width() * self.height()
    }

    /// Whether it lies in an image of this size, to within [`TOLERANCE`].
    #[inline]
    pub fn is_inside(&self, width: f64, height: f64) -> bool {
        self.x0 >= -TOLERANCE && self.y0 >= -TOLERANCE && self.x1 <= width + TOLERANCE && self.y1 <= height + TOLERANCE
    }

    /// The part of it in an image of this size. Outside the image it has no width or no height.
    #[inline]
    pub fn clipped(&self, width: f64, height: f64) -> Self {
        Self { x0: within(self.x0, width), y0: within(self.y0, height), x1: within(self.x1, width), y1: within(self.y1, height) }
    }

    /// The four corners as a ring: top-left, top-right, bottom-right, bottom-left.
    pub fn ring(&self) -> [f64; 8] {
        [self.x0, self.y0, self.x1, self.y0, self.x1, self.y1, self.x0, self.y1]
    }
}

impl From<&crate::types::BoundingBox> for Extent {
    fn from(bounds: &crate::types::BoundingBox) -> Self {
        Self { x0: bounds.x, y0: bounds.y, x1: bounds.x + bounds.width, y1: bounds.y + bounds.height }
    }
}

/// The nearest number from 0 to `end`. Like `clamp`, which would bring the standard library's way to show floats into every component, for its
/// panic.
#[inline]
pub fn within(number: f64, end: f64) -> f64 {
    if number < 0.0 {
        0.0
    } else if number > end {
        end
    } else {
        number
    }
}

/// The area of a ring by the shoelace formula, in square pixels: positive when it runs clockwise on screen.
#[inline]
pub fn signed_area(ring: &[f64]) -> f64 {
    let [x0, y0, rest @ ..] = ring else { return 0.0 };
    // Relative to the first point, so that a small ring far from the origin keeps its digits.
    let (mut x, mut y, mut twice) = (0.0, 0.0, 0.0);
    for point in rest.chunks_exact(2) {
        let (next_x, next_y) = (point[0] - x0, point[1] - y0);
        twice += x * next_y - next_x * y;
        (x, y) = (next_x, next_y);
    }
    twice / 2.0
}

/// The area that a ring encloses, in square pixels.
#[inline]
pub fn area(ring: &[f64]) -> f64 {
    signed_area(ring).abs()
}

/// The area of a region without its holes, never negative.
pub fn area_with_holes<'a>(region: &[f64], holes: impl IntoIterator<Item = &'a [f64]>) -> f64 {
    let cut: f64 = holes.into_iter().map(area).sum();
    (area(region) - cut).max(0.0)
}

/// The corners of a rotated box as V3 exports give them: `x`, `y` is the top-left corner after rotation, `rotation` is in degrees, clockwise on
/// screen, and the corners run top-left, bottom-left, bottom-right, top-right.
pub fn rotated_corners(x: f64, y: f64, width: f64, height: f64, rotation: f64) -> [f64; 8] {
    let (sin, cos) = rotation.to_radians().sin_cos();
    let (across_x, across_y) = (width * cos, width * sin);
    let (down_x, down_y) = (-height * sin, height * cos);
    [x, y, x + down_x, y + down_y, x + down_x + across_x, y + down_y + across_y, x + across_x, y + across_y]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_that_are_no_coordinates_are_not_usable() {
        assert!(usable(&[0.0, -5.5, 1e9]));
        for bad in [f64::NAN, f64::INFINITY, -1e300] {
            assert!(!usable(&[0.0, bad]));
        }
    }

    #[test]
    fn the_published_rotated_box_has_the_published_corners() {
        let corners = rotated_corners(172.9809523809524, 101.7904761904762, 6.095238095238096, 92.03002172095357, -40.97173633351486);
        for (got, want) in corners.iter().zip([172.98, 101.79, 233.32, 171.28, 237.93, 167.28, 177.58, 97.79]) {
            assert!((got - want).abs() < 0.01, "{corners:?}");
        }
    }

    #[test]
    fn closing_points_are_not_part_of_a_ring() {
        assert_eq!(open_ring(&[1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 1.0, 2.0]), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(open_ring(&[1.0, 2.0, 1.0, 2.0]), [1.0, 2.0]);
        assert_eq!(open_ring(&[1.0]), [] as [f64; 0]);
    }

    #[test]
    fn areas_are_known() {
        let square = [10.0, 10.0, 20.0, 10.0, 20.0, 20.0, 10.0, 20.0];
        assert_eq!(signed_area(&square), 100.0);
        assert_eq!(area_with_holes(&square, [&[12.0, 12.0, 14.0, 12.0, 14.0, 14.0, 12.0, 14.0][..]]), 96.0);
        assert_eq!(area_with_holes(&square[..4], [&square[..]]), 0.0);
        assert_eq!(area(&[]), 0.0);
    }

    proptest! {
        #[test]
        fn a_ring_is_never_larger_than_the_rectangle_around_it(points in prop::collection::vec((-1e3..1e3, -1e3..1e3), 3..4)) {
            let ring: Vec<f64> = points.into_iter().flat_map(|(x, y)| [x, y]).collect();
            prop_assert!(area(&ring) <= Extent::of(&ring).unwrap().area() * (1.0 + 1e-12));
        }
    }
}
