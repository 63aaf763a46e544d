//! Cutting rings at the edges of the image: Sutherland and Hodgman, one edge after the other.

use super::{Extent, open_ring};

/// What is left of a ring in the image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip<'a> {
    /// All of it, unchanged.
    Inside,
    /// Part of it. A ring that left the image and came back stays one ring, joined along the edge by stretches without area.
    Cut(&'a [f64]),
    /// Nothing, or nothing with an area.
    Outside,
}

/// Clips rings; keeps its memory from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Clipper {
    from: Vec<f64>,
    to: Vec<f64>,
}

impl Clipper {
    /// Clips a ring with usable coordinates to an image of this size. What leaves the image by no more than [`TOLERANCE`](super::TOLERANCE) counts as inside.
    pub fn ring(&mut self, ring: &[f64], width: f64, height: f64) -> Clip<'_> {
        let Some(extent) = Extent::of(ring) else { return Clip::Outside };
        if extent.is_inside(width, height) {
            return Clip::Inside;
        }
        if extent.x0 >= width || extent.y0 >= height || extent.x1 <= 0.0 || extent.y1 <= 0.0 {
            return Clip::Outside;
        }
        self.to.clear();
        self.to.extend_from_slice(ring);
        if extent.x0 < 0.0 {
            self.cut::<0>(0.0, 1.0);
        }
        if extent.x1 > width {
            self.cut::<0>(width, -1.0);
        }
        if extent.y0 < 0.0 {
            self.cut::<1>(0.0, 1.0);
        }
        if extent.y1 > height {
            self.cut::<1>(height, -1.0);
        }
        match open_ring(&self.to) {
            left if left.len() >= 6 => Clip::Cut(left),
            _ => Clip::Outside,
        }
    }

    /// Keeps the side of an edge on which `(coordinate - edge) * side` is not negative. `AXIS` is 0 for x and 1 for y.
    fn cut<const AXIS: usize>(&mut self, edge: f64, side: f64) {
        std::mem::swap(&mut self.from, &mut self.to);
        self.to.clear();
        let Some(last) = self.from.last_chunk::<2>() else { return };
        let mut before = *last;
        let mut depth_before = (before[AXIS] - edge) * side;
        for point in self.from.chunks_exact(2) {
            let point = [point[0], point[1]];
            let depth = (point[AXIS] - edge) * side;
            if (depth < 0.0) != (depth_before < 0.0) {
                let part = depth_before / (depth_before - depth);
                let across = before[1 - AXIS] + (point[1 - AXIS] - before[1 - AXIS]) * part;
                let mut crossing = [edge; 2];
                crossing[1 - AXIS] = across;
                push(&mut self.to, crossing);
            }
            if depth >= 0.0 {
                push(&mut self.to, point);
            }
            (before, depth_before) = (point, depth);
        }
    }
}

/// Appends a point unless it repeats the last one, as a crossing at a corner would.
fn push(ring: &mut Vec<f64>, point: [f64; 2]) {
    if ring.last_chunk() != Some(&point) {
        ring.extend_from_slice(&point);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::geometry::area;
    use proptest::prelude::*;

    fn clipped(ring: &[f64], width: f64, height: f64) -> Option<Vec<f64>> {
        match Clipper::default().ring(ring, width, height) {
            Clip::Inside => Some(ring.to_vec()),
            Clip::Cut(ring) => Some(ring.to_vec()),
            Clip::Outside => None,
        }
    }

    #[test]
    fn what_sticks_out_is_cut() {
        let ring = clipped(&[-10.0, -10.0, 5.0, -10.0, 5.0, 5.0, -10.0, 5.0], 100.0, 100.0).unwrap();
        assert_eq!(area(&ring), 25.0);
        assert_eq!(Extent::of(&ring), Some(Extent { x0: 0.0, y0: 0.0, x1: 5.0, y1: 5.0 }));
    }

    #[test]
    fn a_ring_inside_to_within_rounding_is_unchanged() {
        let ring = [-5e-10, 0.0, 100.0 + 5e-10, 0.0, 50.0, 100.0];
        assert_eq!(Clipper::default().ring(&ring, 100.0, 100.0), Clip::Inside);
        assert!(matches!(Clipper::default().ring(&[-1e-6, 0.0, 100.0, 0.0, 50.0, 100.0], 100.0, 100.0), Clip::Cut(_)));
    }

    #[test]
    fn rings_beside_the_image_vanish() {
        assert_eq!(clipped(&[-5.0, 0.0, -1.0, 0.0, -1.0, 9.0], 10.0, 10.0), None);
        assert_eq!(clipped(&[10.0, 0.0, 15.0, 0.0, 15.0, 9.0], 10.0, 10.0), None);
        // Around the corner: every edge alone would keep something.
        assert_eq!(clipped(&[8.0, -9.0, 19.0, -9.0, 19.0, 3.0], 10.0, 10.0).map(|ring| area(&ring)).unwrap_or(0.0), 0.0);
        assert_eq!(clipped(&[], 10.0, 10.0), None);
    }

    #[test]
    fn an_image_within_the_ring_is_the_result() {
        let ring = clipped(&[-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9], 10.0, 20.0).unwrap();
        assert!((area(&ring) - 200.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn nothing_is_outside_and_no_area_is_made(points in prop::collection::vec((-50.0..150.0, -50.0..150.0), 3..4)) {
            let ring: Vec<f64> = points.into_iter().flat_map(|(x, y)| [x, y]).collect();
            if let Some(left) = clipped(&ring, 100.0, 80.0) {
                prop_assert!(Extent::of(&left).unwrap().is_inside(100.0, 80.0));
                prop_assert!(area(&left) <= area(&ring) + 1e-9);
                // Clipping what is already clipped changes nothing.
                prop_assert_eq!(clipped(&left, 100.0, 80.0), Some(left));
            }
        }

        #[test]
        fn the_parts_of_a_split_ring_add_up(points in prop::collection::vec((0.0..100.0, 0.0..100.0), 3..4)) {
            let ring: Vec<f64> = points.into_iter().flat_map(|(x, y)| [x, y]).collect();
            let left = clipped(&ring, 50.0, 100.0).map_or(0.0, |part| area(&part));
            let mirrored: Vec<f64> = ring.chunks_exact(2).flat_map(|point| [100.0 - point[0], point[1]]).collect();
            let right = clipped(&mirrored, 50.0, 100.0).map_or(0.0, |part| area(&part));
            prop_assert!((left + right - area(&ring)).abs() < 1e-6);
        }
    }
}
