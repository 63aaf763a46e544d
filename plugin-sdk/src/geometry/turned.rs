//! Rotated boxes as an upright box and a turn, for formats that write them so.

use super::{rotated_corners, usable};

/// How far, in pixels, the corners of a rotated box may be from those of a rectangle: Hub writes them with two decimals in places.
const OFF: f64 = 0.02;

/// A rotated box as the upright box that it was before it was turned about its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turned {
    /// The centre, in pixels.
    pub x: f64,
    /// The centre, in pixels.
    pub y: f64,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    /// From 0 up to but not including 360, clockwise on screen.
    pub degrees: f64,
}

impl Turned {
    /// The turned box with these corners, which run top-left, bottom-left, bottom-right, top-right of the box before it was turned. `None` if they are
    /// unusable or those of no rectangle.
    pub fn of(corners: &[f64]) -> Option<Self> {
        let [x0, y0, x1, y1, x2, y2, x3, y3] = *corners else { return None };
        if !usable(corners) {
            return None;
        }
        let (width, height) = ((x3 - x0).hypot(y3 - y0), (x1 - x0).hypot(y1 - y0));
        // The longer side says the direction best.
        let degrees = if width >= height { (y3 - y0).atan2(x3 - x0) } else { (x0 - x1).atan2(y1 - y0) }.to_degrees();
        let back = rotated_corners(x0, y0, width, height, degrees);
        if corners.iter().zip(back).any(|(corner, back)| (corner - back).abs() > OFF) {
            return None;
        }
        let turn = degrees.rem_euclid(360.0);
        // A turn of next to nothing the other way is rounded to a whole one.
        let degrees = if turn < 360.0 { turn } else { 0.0 };
        Some(Self { x: (x0 + x2) / 2.0, y: (y0 + y2) / 2.0, width, height, degrees })
    }

    /// Left, top, right and bottom edge before it was turned.
    pub fn edges(&self) -> [f64; 4] {
        let (half_width, half_height) = (self.width / 2.0, self.height / 2.0);
        [self.x - half_width, self.y - half_height, self.x + half_width, self.y + half_height]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quarter_turn_keeps_the_centre() {
        let turned = Turned::of(&[200.0, 20.0, 180.0, 20.0, 180.0, 80.0, 200.0, 80.0]).unwrap();
        assert_eq!((turned.x, turned.y, turned.degrees), (190.0, 50.0, 90.0));
        assert_eq!(turned.edges(), [160.0, 40.0, 220.0, 60.0]);
        assert_eq!(Turned::of(&[0.0, 0.0, 0.0, 5.0, 9.0, 5.0, 9.0, 0.0]).map(|turned| turned.degrees), Some(0.0));
        assert_eq!(Turned::of(&[0.0, 0.0, 0.0, 5.0, 9.0, 6.0, 9.0, 0.0]), None);
        assert_eq!(Turned::of(&[0.0, 0.0, 0.0, 5.0, f64::NAN, 5.0, 9.0, 0.0]), None);
        assert_eq!(Turned::of(&[0.0, 0.0]), None);
    }

    proptest! {
        #[test]
        fn turned_back_it_has_its_corners(x in -500.0..500.0, y in -500.0..500.0, width in 0.1..900.0, height in 0.1..900.0, rotation in -720.0..720.0) {
            let corners = rotated_corners(x, y, width, height, rotation);
            let turned = Turned::of(&corners).unwrap();
            prop_assert!((0.0..360.0).contains(&turned.degrees));
            let (sin, cos) = turned.degrees.to_radians().sin_cos();
            let [left, top, _, _] = turned.edges();
            let (across, down) = (left - turned.x, top - turned.y);
            prop_assert!((turned.x + across * cos - down * sin - x).abs() < 1e-6);
            prop_assert!((turned.y + across * sin + down * cos - y).abs() < 1e-6);
        }
    }
}
