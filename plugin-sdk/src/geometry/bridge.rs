//! Several rings as one, for formats that know only one: rings are joined by bridges without width, walked once in each direction, so that
//! they add nothing to the area under any fill rule.

use super::{signed_area, simplify};
use crate::order::sorted_positions;

/// Rings joined into one.
#[derive(Clone, Debug, PartialEq)]
pub struct Bridged {
    /// The ring.
    pub ring: Vec<f64>,
    /// How many rings were left out because `max_points` has no room for them; the smallest ones.
    pub dropped: usize,
}

/// Joins rings (each with at least three points; the flag says whether it is a hole) into one with at most `max_points` points. Outer rings
/// are made to run clockwise on screen and holes the other way round; rings are simplified as far as the room asks for.
pub fn bridge(rings: &[(&[f64], bool)], max_points: usize) -> Bridged {
    let room = max_points.max(3);
    // Three points, and two more for the bridge to every ring but the first.
    let most = (room + 2) / 5;
    let mut kept: Vec<usize> = (0..rings.len()).collect();
    if kept.len() > most.max(1) {
        let sizes: Vec<f64> = rings.iter().map(|(ring, _)| signed_area(ring).abs()).collect();
        let order = sorted_positions(rings.len(), &mut |a, b| sizes[a as usize] > sizes[b as usize]);
        let mut is_kept = vec![false; rings.len()];
        order.iter().take(most.max(1)).for_each(|&at| is_kept[at as usize] = true);
        kept.retain(|&at| is_kept[at]);
    }
    let dropped = rings.len() - kept.len();
    let points: usize = kept.iter().map(|&at| rings[at].0.len() / 2).sum();
    let bridges = 2 * kept.len().saturating_sub(1);
    let share = |length: usize| {
        if points + bridges <= room {
            return length;
        }
        let (spare, wanted) = (room.saturating_sub(bridges + 3 * kept.len()), points - 3 * kept.len());
        3 + (length - 3) * spare / wanted.max(1)
    };
    let mut joined: Vec<f64> = Vec::new();
    for &at in &kept {
        let (ring, hole) = rings[at];
        let mut ring = simplify(ring, share((ring.len() / 2).max(3)));
        if (signed_area(&ring) < 0.0) != hole {
            reverse(&mut ring);
        }
        joined = if joined.is_empty() { ring } else { splice(&joined, &ring) };
    }
    Bridged { ring: joined, dropped }
}

fn reverse(ring: &mut [f64]) {
    ring.reverse();
    for point in ring.chunks_exact_mut(2) {
        point.swap(0, 1);
    }
}

/// Walks `ring` to the point nearest to `other`, over to `other`, once around it, and back.
fn splice(ring: &[f64], other: &[f64]) -> Vec<f64> {
    let mut nearest = (f64::INFINITY, 0, 0);
    for (at, point) in ring.chunks_exact(2).enumerate() {
        for (other_at, other_point) in other.chunks_exact(2).enumerate() {
            let (dx, dy) = (point[0] - other_point[0], point[1] - other_point[1]);
            let distance = dx * dx + dy * dy;
            if distance < nearest.0 {
                nearest = (distance, at * 2, other_at * 2);
            }
        }
    }
    let (_, at, other_at) = nearest;
    let mut joined = Vec::with_capacity(ring.len() + other.len() + 4);
    joined.extend_from_slice(&ring[..at + 2]);
    joined.extend_from_slice(&other[other_at..]);
    joined.extend_from_slice(&other[..other_at + 2]);
    joined.extend_from_slice(&ring[at..]);
    joined
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::geometry::{Extent, area};

    fn square(x: f64, y: f64, side: f64) -> [f64; 8] {
        Extent { x0: x, y0: y, x1: x + side, y1: y + side }.ring()
    }

    #[test]
    fn a_hole_is_cut_out_and_a_part_is_added() {
        let (outer, hole, part) = (square(0.0, 0.0, 10.0), square(4.0, 4.0, 2.0), square(20.0, 0.0, 5.0));
        for backwards in [false, true] {
            let mut outer = outer;
            if backwards {
                reverse(&mut outer);
            }
            let bridged = bridge(&[(&outer, false), (&hole, true), (&part, false)], 100);
            assert_eq!(area(&bridged.ring), 100.0 - 4.0 + 25.0);
            assert_eq!(bridged.ring.len() / 2, 4 + 4 + 4 + 2 * 2);
            assert_eq!(bridged.dropped, 0);
        }
    }

    #[test]
    fn the_most_points_are_kept_to() {
        let circle = |points: usize, size: f64| -> Vec<f64> {
            (0..points).map(|at| at as f64 / points as f64 * std::f64::consts::TAU).flat_map(|turn| [size * turn.cos(), size * turn.sin()]).collect()
        };
        let (outer, hole) = (circle(6000, 100.0), circle(3000, 50.0));
        let bridged = bridge(&[(&outer, false), (&hole, true)], 900);
        assert!(bridged.ring.len() / 2 <= 900 && bridged.ring.len() / 2 > 890);
        assert!((area(&bridged.ring) / (area(&outer) - area(&hole)) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn more_rings_than_points_leave_the_smallest_out() {
        let rings: Vec<[f64; 8]> = (0..1000).map(|at| square(f64::from(at) * 20.0, 0.0, f64::from(at % 17 + 1))).collect();
        let rings: Vec<(&[f64], bool)> = rings.iter().map(|ring| (&ring[..], false)).collect();
        let bridged = bridge(&rings, 900);
        assert!(bridged.ring.len() / 2 <= 900);
        assert_eq!(bridged.dropped, 1000 - 180);
        assert_eq!(bridge(&[], 900), Bridged { ring: Vec::new(), dropped: 0 });
    }

    #[test]
    fn one_ring_is_only_made_short_enough() {
        let ring = square(0.0, 0.0, 3.0);
        assert_eq!(bridge(&[(&ring, false)], 900).ring, ring);
        assert_eq!(bridge(&[(&ring, false)], 3).ring.len(), 6);
    }
}
