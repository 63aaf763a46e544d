//! Fewer points for a ring, by the method of Visvalingam and Whyatt: the point goes first whose triangle with its neighbours is smallest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The ring with at most `max_points` points (at least 3), unchanged if it has no more than that. Takes time in proportion to n log n.
pub fn simplify(ring: &[f64], max_points: usize) -> Vec<f64> {
    let points = ring.len() / 2;
    let max_points = max_points.max(3);
    if points <= max_points {
        return ring[..points * 2].to_vec();
    }
    let mut previous: Vec<usize> = (0..points).map(|at| (at + points - 1) % points).collect();
    let mut next: Vec<usize> = (0..points).map(|at| (at + 1) % points).collect();
    let mut gone = vec![false; points];
    // A change of a neighbour makes the entry of a point stale; its current weight says which entry counts.
    let mut weights: Vec<u64> = (0..points).map(|at| weight(ring, previous[at], at, next[at])).collect();
    let mut heap: BinaryHeap<_> = weights.iter().enumerate().map(|(at, &weight)| Reverse((weight, at))).collect();
    let mut left = points;
    while left > max_points {
        let Some(Reverse((popped, at))) = heap.pop() else { break };
        if gone[at] || weights[at] != popped {
            continue;
        }
        gone[at] = true;
        left -= 1;
        let (before, after) = (previous[at], next[at]);
        next[before] = after;
        previous[after] = before;
        for neighbour in [before, after] {
            weights[neighbour] = weight(ring, previous[neighbour], neighbour, next[neighbour]);
            heap.push(Reverse((weights[neighbour], neighbour)));
        }
    }
    (0..points).filter(|&at| !gone[at]).flat_map(|at| [ring[at * 2], ring[at * 2 + 1]]).collect()
}

/// Twice the area of the triangle, as bits: those of numbers that are not negative are in the order of the numbers.
fn weight(ring: &[f64], a: usize, b: usize, c: usize) -> u64 {
    let (ax, ay) = (ring[a * 2], ring[a * 2 + 1]);
    let cross = (ring[b * 2] - ax) * (ring[c * 2 + 1] - ay) - (ring[c * 2] - ax) * (ring[b * 2 + 1] - ay);
    cross.abs().to_bits()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::geometry::area;

    fn circle(points: usize) -> Vec<f64> {
        (0..points).map(|at| at as f64 / points as f64 * std::f64::consts::TAU).flat_map(|turn| [100.0 * turn.cos(), 100.0 * turn.sin()]).collect()
    }

    #[test]
    fn a_short_ring_is_unchanged() {
        let ring = circle(40);
        assert_eq!(simplify(&ring, 40), ring);
    }

    #[test]
    fn a_long_ring_keeps_its_shape() {
        let ring = circle(20_000);
        let fewer = simplify(&ring, 500);
        assert_eq!(fewer.len(), 1000);
        assert!((area(&fewer) / area(&ring) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn points_on_a_line_go_first() {
        let ring = [0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 2.0, 1.0, 2.0, 2.0, 0.0, 2.0];
        assert_eq!(simplify(&ring, 4), [0.0, 0.0, 2.0, 0.0, 2.0, 2.0, 0.0, 2.0]);
    }

    #[test]
    fn hostile_numbers_end_too() {
        assert_eq!(simplify(&[f64::NAN; 100], 5).len(), 10);
        assert_eq!(simplify(&[f64::MAX, f64::MIN, 0.0, 1.0, f64::INFINITY, 2.0, 5.0, 5.0], 0).len(), 6);
    }
}
