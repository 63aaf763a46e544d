//! Turned rectangles: the one of least area around points (a convex hull, and callipers that turn around it), and the one along a direction.

use super::{Extent, Shape, signed_area};
use crate::order::sorted_positions;
use crate::types::{Geometry, RotatedBox};

/// Four corners: x0, y0, x1, y1, ...
pub type Corners = [f64; 8];

/// Finds rectangles of least area; keeps its memory from one to the next.
#[derive(Clone, Debug, Default)]
pub struct LeastRectangle {
    path: Vec<f64>,
    points: Vec<[f64; 2]>,
    hull: Vec<[f64; 2]>,
}

impl LeastRectangle {
    /// The rectangle that stands for an object in formats of turned boxes. `shape` is the geometry's.
    ///
    /// A box is its own, a turned one too, from its own top-left corner on; cut off at the edge of the image it is turned as it was. Of every other shape it is the
    /// one of least area around its regions. Corners can be outside of the image, as those of a turned box at the edge must. All run clockwise on screen.
    pub fn of(&mut self, geometry: &Geometry, shape: &Shape) -> Option<Corners> {
        match geometry {
            Geometry::BoundingBox(_) => Some(shape.extent().ring()),
            Geometry::RotatedBox(turned) => {
                let drawn = upright_corners(turned)?;
                if shape.is_clipped() { turned_like(&drawn, shape.rings().next()?.0) } else { Some(drawn) }
            }
            _ => {
                let mut path = std::mem::take(&mut self.path);
                path.clear();
                shape.rings().filter(|(_, hole)| !hole).for_each(|(ring, _)| path.extend_from_slice(ring));
                let found = self.around(&path);
                self.path = path;
                found
            }
        }
    }

    /// The rectangle of least area around a path with usable coordinates, clockwise on screen from its top-left corner; `None` if the path encloses nothing. One
    /// of its sides lies along a side of the convex hull; of several rectangles of one area the first found counts. Takes time in proportion to n log n.
    pub fn around(&mut self, path: &[f64]) -> Option<Corners> {
        self.set_hull(path);
        let hull = &self.hull[..];
        if hull.len() < 3 {
            return None;
        }
        // The hull's points that are farthest along the side, away from it, and back; they only move forwards as the side does.
        let (mut ahead, mut across, mut behind) = (1, 1, 1);
        let mut least = (f64::INFINITY, [0.0; 8]);
        for side in 0..hull.len() {
            let (from, to) = (hull[side], hull[(side + 1) % hull.len()]);
            let length = (to[0] - from[0]).hypot(to[1] - from[1]);
            let along = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
            let away = [-along[1], along[0]];
            ahead = farthest(hull, ahead.max(side + 1), along);
            across = farthest(hull, across.max(ahead), away);
            behind = farthest(hull, behind.max(across), [-along[0], -along[1]]);
            let at = |place: usize, direction: [f64; 2]| dot(hull[place % hull.len()], direction);
            let (start, end) = (at(behind, along), at(ahead, along));
            let (near, far) = (dot(from, away), at(across, away));
            let area = (end - start) * (far - near);
            if area < least.0 {
                least = (area, corners(along, away, [start, end], [near, far]));
            }
        }
        (least.0.is_finite() && least.0 > 0.0).then(|| from_top_left(&least.1))
    }

    /// The convex hull, clockwise on screen and without points on its sides (Andrew's monotone chain).
    fn set_hull(&mut self, path: &[f64]) {
        let points = path.as_chunks::<2>().0;
        let order = sorted_positions(points.len(), &mut |a, b| {
            let ([ax, ay], [bx, by]) = (points[a as usize], points[b as usize]);
            ax < bx || (ax == bx && ay < by)
        });
        self.points.clear();
        self.points.extend(order.iter().map(|&at| points[at as usize]));
        self.hull.clear();
        for pass in 0..2 {
            let kept = self.hull.len();
            for at in 0..self.points.len() {
                let point = self.points[if pass == 0 { at } else { self.points.len() - 1 - at }];
                while let [.., a, b] = self.hull[kept..]
                    && (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) <= 0.0
                {
                    self.hull.pop();
                }
                self.hull.push(point);
            }
            // The last point of a pass begins the other one.
            self.hull.pop();
        }
    }
}

/// The place from which on the hull recedes again, counted on beyond its end.
fn farthest(hull: &[[f64; 2]], from: usize, direction: [f64; 2]) -> usize {
    let mut best = from;
    let mut reach = dot(hull[from % hull.len()], direction);
    for place in from + 1..from + hull.len() {
        let next = dot(hull[place % hull.len()], direction);
        if next < reach {
            break;
        }
        (best, reach) = (place, next);
    }
    best
}

fn dot(point: [f64; 2], direction: [f64; 2]) -> f64 {
    point[0] * direction[0] + point[1] * direction[1]
}

/// Corners from what they are along two directions that are square to each other.
fn corners(along: [f64; 2], away: [f64; 2], [start, end]: [f64; 2], [near, far]: [f64; 2]) -> Corners {
    let at = |a: f64, b: f64| [along[0] * a + away[0] * b, along[1] * a + away[1] * b];
    let [p, q, r, s] = [at(start, near), at(end, near), at(end, far), at(start, far)];
    [p[0], p[1], q[0], q[1], r[0], r[1], s[0], s[1]]
}

/// The same corners from the one that is nearest to the top-left, the least x + y; of two the upper one.
fn from_top_left(corners: &Corners) -> Corners {
    let rank = |at: usize| (corners[at * 2] + corners[at * 2 + 1], corners[at * 2 + 1]);
    let better = |a: (f64, f64), b: (f64, f64)| a.0 < b.0 - 1e-9 || (a.0 <= b.0 + 1e-9 && a.1 < b.1);
    let first = (1..4).fold(0, |best, at| if better(rank(at), rank(best)) { at } else { best });
    std::array::from_fn(|at| corners[(at + first * 2) % 8])
}

/// The corners of a rotated box, clockwise on screen from the one that was its top-left before it was turned: so they keep which way is up. `None` without four
/// corners.
fn upright_corners(turned: &RotatedBox) -> Option<Corners> {
    let [ax, ay, bx, by, cx, cy, dx, dy] = *<&Corners>::try_from(&turned.corners[..]).ok()?;
    let counter = signed_area(&turned.corners) < 0.0;
    Some(if counter { [ax, ay, dx, dy, cx, cy, bx, by] } else { [ax, ay, bx, by, cx, cy, dx, dy] })
}

/// The rectangle around a path that is turned like `model`, from the same corner on; `None` if the model has no direction.
fn turned_like(model: &Corners, path: &[f64]) -> Option<Corners> {
    let (x, y) = (model[2] - model[0], model[3] - model[1]);
    let length = x.hypot(y);
    let along = [x / length, y / length];
    if length <= 0.0 || !length.is_finite() {
        return None;
    }
    let away = [-along[1], along[0]];
    // Seen along the two directions it is an upright rectangle. Relative to a corner, so that a small one far from the origin keeps its digits.
    let seen = path.chunks_exact(2).map(|point| [point[0] - model[0], point[1] - model[1]]);
    let seen: Vec<f64> = seen.flat_map(|point| [dot(point, along), dot(point, away)]).collect();
    let extent = Extent::of(&seen)?;
    let found = corners(along, away, [extent.x0, extent.x1], [extent.y0, extent.y1]);
    Some(std::array::from_fn(|at| found[at] + model[at % 2]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::geometry::{area, rotated_corners};
    use proptest::prelude::*;

    fn near(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
    }

    fn around(path: &[f64]) -> Option<Corners> {
        LeastRectangle::default().around(path)
    }

    #[test]
    fn rectangles_are_their_own() {
        let upright = [10.0, 20.0, 40.0, 20.0, 40.0, 30.0, 10.0, 30.0];
        assert!(near(&around(&upright).unwrap(), &upright));
        for rotation in [-170.0, -40.97, 0.001, 30.0, 45.0, 89.0] {
            let drawn = rotated_corners(50.0, 60.0, 30.0, 12.0, rotation);
            let found = around(&drawn).unwrap();
            assert!((area(&found) - 360.0).abs() < 1e-9);
            assert!(signed_area(&found) > 0.0);
            // The same four points, whichever is first.
            for corner in found.chunks_exact(2) {
                assert!(drawn.chunks_exact(2).any(|own| near(own, corner)), "{rotation}: {corner:?}");
            }
        }
    }

    #[test]
    fn the_first_corner_is_the_top_left() {
        let diamond = [10.0, 0.0, 20.0, 10.0, 10.0, 20.0, 0.0, 10.0];
        assert!(near(&around(&diamond).unwrap(), &diamond));
        let found = around(&[5.0, 0.0, 9.0, 1.0, 8.0, 5.0, 4.0, 4.0]).unwrap();
        assert!(near(&found[..2], &[5.0, 0.0]), "{found:?}");
    }

    #[test]
    fn what_encloses_nothing_has_none() {
        for path in [&[][..], &[1.0, 2.0], &[1.0, 2.0, 3.0, 4.0], &[0.0, 0.0, 1.0, 1.0, 2.0, 2.0], &[3.0; 12]] {
            assert_eq!(around(path), None, "{path:?}");
        }
        assert_eq!(around(&[f64::NAN; 8]), None);
    }

    #[test]
    fn many_points_take_no_longer_than_sorting_them() {
        let circle: Vec<f64> =
            (0..200_000).map(|at| f64::from(at) / 200_000.0 * std::f64::consts::TAU).flat_map(|turn| [9.0 * turn.cos(), 9.0 * turn.sin()]).collect();
        assert!((area(&around(&circle).unwrap()) - 324.0).abs() < 1e-3);
    }

    #[test]
    fn rotated_boxes_keep_their_own_top_left_and_run_clockwise() {
        let corners = rotated_corners(50.0, 60.0, 30.0, 12.0, 120.0).to_vec();
        let turned = RotatedBox { corners, width: 30.0, height: 12.0, rotation: 120.0 };
        let upright = upright_corners(&turned).unwrap();
        assert!(near(&upright[..2], &[50.0, 60.0]));
        assert!((signed_area(&upright) - 360.0).abs() < 1e-9);
        // Drawn backwards the corners run the other way round already.
        let corners = rotated_corners(50.0, 60.0, -30.0, 12.0, 120.0).to_vec();
        assert!(signed_area(&upright_corners(&RotatedBox { corners, ..turned }).unwrap()) > 0.0);
        assert_eq!(upright_corners(&RotatedBox { corners: vec![1.0; 6], width: 1.0, height: 1.0, rotation: 0.0 }), None);
    }

    #[test]
    fn what_is_cut_off_keeps_its_direction() {
        let drawn = [10.0, 0.0, 20.0, 10.0, 10.0, 20.0, 0.0, 10.0];
        assert!(near(&turned_like(&drawn, &drawn).unwrap(), &drawn));
        let lower = turned_like(&drawn, &[20.0, 10.0, 10.0, 20.0, 0.0, 10.0]).unwrap();
        assert!(near(&lower, &drawn));
        let part = turned_like(&drawn, &[15.0, 5.0, 20.0, 10.0, 10.0, 20.0, 5.0, 15.0]).unwrap();
        assert!(near(&part, &[15.0, 5.0, 20.0, 10.0, 10.0, 20.0, 5.0, 15.0]), "{part:?}");
        assert_eq!(turned_like(&[1.0; 8], &drawn), None);
    }

    proptest! {
        #[test]
        fn nothing_is_outside_and_no_direction_is_better(points in prop::collection::vec((-1e3..1e3, -1e3..1e3), 3..40), turn in 0.0..90.0_f64) {
            let path: Vec<f64> = points.into_iter().flat_map(|(x, y)| [x, y]).collect();
            prop_assume!(around(&path).is_some());
            let found = around(&path).unwrap();
            let size = area(&found);
            // Each point is left of no side.
            for side in 0..4 {
                let (x0, y0, x1, y1) = (found[side * 2], found[side * 2 + 1], found[(side * 2 + 2) % 8], found[(side * 2 + 3) % 8]);
                let length = (x1 - x0).hypot(y1 - y0);
                for point in path.chunks_exact(2) {
                    let depth = ((x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0)) / length;
                    prop_assert!(depth > -1e-6, "{depth}");
                }
            }
            let (sin, cos) = turn.to_radians().sin_cos();
            let other = turned_like(&[0.0, 0.0, cos, sin, 0.0, 0.0, 0.0, 0.0], &path).unwrap();
            prop_assert!(size <= area(&other) * (1.0 + 1e-9));
        }
    }
}
