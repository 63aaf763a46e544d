#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Areas before and after, and a slow check of what is valid.

use proptest::prelude::*;

use super::grid::{side, twice_area};
use super::*;
use crate::geometry::Bounds;
use crate::types::{Geometry, Zone};

fn shape(zones: &[Vec<Vec<f64>>]) -> Shape {
    let zones = zones.iter().map(|rings| Zone { region: rings[0].clone(), holes: rings[1..].to_vec() }).collect();
    let mut shape = Shape::new();
    shape.set(&Geometry::Segmentation(zones), None, Bounds::Keep).unwrap();
    shape
}

/// Rings, each with whether it is a hole.
type Rings = Vec<(Vec<[f64; 2]>, bool)>;

fn rings(area: &ValidArea) -> Rings {
    area.rings().map(|(ring, hole)| (ring.collect(), hole)).collect()
}

fn set(zones: &[Vec<Vec<f64>>]) -> (Validity, Rings) {
    let mut area = ValidArea::new();
    let validity = area.set(&shape(zones), 6, true);
    check(&area);
    (validity, rings(&area))
}

fn square(x: f64, y: f64, side: f64) -> Vec<f64> {
    vec![x, y, x + side, y, x + side, y + side, x, y + side]
}

/// Whether rings meet in single places at most, none passes a place twice, holes are in their outer rings, and turns are as promised.
fn check(area: &ValidArea) {
    let all: Vec<(&[Place], Role)> = area.all().collect();
    let edges: Vec<Edge> = (0..)
        .zip(&all)
        .flat_map(|(number, (ring, _))| (0..ring.len()).map(move |at| Edge { from: ring[at], to: ring[(at + 1) % ring.len()], ring: number }))
        .collect();
    for (at, a) in edges.iter().enumerate() {
        for b in &edges[..at] {
            assert!(
                !meet_within(a, b)
                    || a.has_end(b.from) && b.has_end(a.to) && a.ring != b.ring && side(a.from, a.to, b.to) != std::cmp::Ordering::Equal,
                "{a:?} {b:?}"
            );
        }
    }
    for (at, (ring, role)) in all.iter().enumerate() {
        assert!(ring.len() > 2);
        assert_eq!(twice_area(ring) < 0, role.hole, "{ring:?}");
        for (place, other) in ring.iter().enumerate() {
            assert!(!ring[..place].contains(other), "{ring:?}");
        }
        if role.hole {
            let outer = all.iter().find(|(_, other)| !other.hole && other.zone == role.zone).unwrap().0;
            assert!(ring.iter().all(|place| is_inside(outer, *place) != Some(false)), "{ring:?} {outer:?}");
        }
        // No part in another one, unless it is in a hole of that.
        for (other, other_role) in all[..at].iter().filter(|(_, other)| !other.hole && !role.hole && other.zone != role.zone) {
            let in_hole =
                |place: Place| all.iter().any(|(hole, role)| role.hole && role.zone == other_role.zone && is_inside(hole, place) != Some(false));
            assert!(ring.iter().all(|place| is_inside(other, *place) != Some(true) || in_hole(*place)), "{ring:?} {other:?}");
        }
    }
}

/// Whether a position is in an area: of some zone in the region and in no hole, by the even-odd rule.
fn covers(zones: &[Vec<Vec<f64>>], [x, y]: [f64; 2]) -> bool {
    let is_in = |ring: &Vec<f64>| {
        let points = ring.as_chunks::<2>().0;
        let mut inside = false;
        for (at, [x1, y1]) in points.iter().enumerate() {
            let [x0, y0] = points[(at + points.len() - 1) % points.len()];
            if (y0 > y) != (*y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0) {
                inside = !inside;
            }
        }
        inside
    };
    zones.iter().any(|rings| is_in(&rings[0]) && !rings[1..].iter().any(is_in))
}

/// What is valid as zones again.
fn zones(rings: &[(Vec<[f64; 2]>, bool)]) -> Vec<Vec<Vec<f64>>> {
    let mut zones: Vec<Vec<Vec<f64>>> = Vec::new();
    for (ring, hole) in rings {
        let flat = ring.iter().flatten().copied().collect();
        if *hole { zones.last_mut().unwrap().push(flat) } else { zones.push(vec![flat]) }
    }
    zones
}

#[test]
fn what_is_valid_stays_and_is_directed() {
    let counter = vec![0.0, 0.0, 0.0, 9.0, 9.0, 9.0, 9.0, 0.0];
    let (validity, rings) = set(&[vec![counter, square(2.0, 2.0, 3.0)], vec![square(20.0, 0.0, 1.0000004)]]);
    assert_eq!(validity, Validity::Valid);
    assert_eq!(rings[0], (vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]], false));
    assert_eq!(rings[1], (vec![[2.0, 2.0], [2.0, 5.0], [5.0, 5.0], [5.0, 2.0]], true));
    assert_eq!(rings[2].0[2], [21.0, 1.0]);
    // A part in the hole of another one.
    assert_eq!(set(&[vec![square(0.0, 0.0, 9.0), square(2.0, 2.0, 5.0)], vec![square(3.0, 3.0, 1.0)]]).0, Validity::Valid);
    // Parts and holes that touch in a place are found, and stay what they are.
    let (validity, rings) = set(&[vec![square(0.0, 0.0, 2.0)], vec![square(2.0, 2.0, 2.0)]]);
    assert_eq!((validity, rings.len()), (Validity::Repaired, 2));
}

#[test]
fn what_is_not_valid_becomes_so() {
    let bow = vec![0.0, 0.0, 4.0, 4.0, 4.0, 1.0, 0.0, 4.0];
    let (validity, rings) = set(&[vec![bow]]);
    assert_eq!(validity, Validity::Repaired);
    assert_eq!(rings.iter().map(|(ring, _)| ring.len()).collect::<Vec<_>>(), [3, 3]);
    for (drawn, outer, holes) in [
        // A spike, and a ring that passes an edge twice.
        (vec![vec![vec![0.0, 0.0, 4.0, 0.0, 9.0, 0.0, 4.0, 0.0, 4.0, 4.0, 0.0, 4.0]]], 1, 0),
        // A ring that touches itself: in two parts, or around a hole.
        (vec![vec![vec![0.0, 0.0, 4.0, 0.0, 2.0, 2.0, 4.0, 4.0, 0.0, 4.0, 2.0, 2.0]]], 2, 0),
        (vec![vec![vec![0.0, 0.0, 9.0, 0.0, 9.0, 9.0, 0.0, 9.0, 0.0, 0.0, 3.0, 5.0, 5.0, 5.0, 5.0, 3.0]]], 1, 1),
        // A bridge to a hole.
        (vec![vec![vec![0.0, 0.0, 9.0, 0.0, 9.0, 9.0, 0.0, 9.0, 0.0, 0.0, 3.0, 3.0, 3.0, 6.0, 6.0, 6.0, 6.0, 3.0, 3.0, 3.0]]], 1, 1),
        // A hole that leaves its region, one outside, one around everything, and two that overlap.
        (vec![vec![square(0.0, 0.0, 6.0), square(4.0, 2.0, 5.0)]], 1, 0),
        (vec![vec![square(0.0, 0.0, 6.0), square(20.0, 2.0, 5.0)]], 1, 0),
        (vec![vec![square(0.0, 0.0, 9.0), square(2.0, 2.0, 3.0), square(4.0, 4.0, 3.0)]], 1, 1),
        // Parts that overlap, that share a border, and one in the other.
        (vec![vec![square(0.0, 0.0, 6.0)], vec![square(4.0, 4.0, 6.0)]], 1, 0),
        (vec![vec![square(0.0, 0.0, 6.0)], vec![square(6.0, 0.0, 6.0)]], 1, 0),
        (vec![vec![square(0.0, 0.0, 6.0)], vec![square(2.0, 2.0, 2.0)]], 1, 0),
        // Four parts around a place that is in none.
        (
            vec![
                vec![vec![0.0, 0.0, 9.0, 0.0, 9.0, 3.0, 0.0, 3.0]],
                vec![vec![0.0, 6.0, 9.0, 6.0, 9.0, 9.0, 0.0, 9.0]],
                vec![vec![0.0, 0.0, 3.0, 0.0, 3.0, 9.0, 0.0, 9.0]],
                vec![vec![6.0, 0.0, 9.0, 0.0, 9.0, 9.0, 6.0, 9.0]],
            ],
            1,
            1,
        ),
    ] {
        let (validity, rings) = set(&drawn);
        assert_eq!(validity, Validity::Repaired, "{drawn:?}");
        let count = |wanted: bool| rings.iter().filter(|(_, hole)| *hole == wanted).count();
        assert_eq!((count(false), count(true)), (outer, holes), "{drawn:?} {rings:?}");
    }
}

#[test]
fn nothing_is_left_of_what_rounding_makes_flat_and_too_much_stays() {
    let mut area = ValidArea::new();
    assert_eq!(area.set(&shape(&[vec![square(0.1, 0.1, 0.2)]]), 0, true), Validity::Empty);
    let flat = vec![0.0, 0.0, 9.0, 0.3, 20.0, 0.0, 9.0, -0.3];
    assert_eq!(area.set(&shape(&[vec![flat]]), 0, true), Validity::Empty);
    let half = [vec![square(0.0, 0.0, 5.0), square(1.0, 1.0, 0.2)], vec![square(9.0, 9.0, 0.3)]];
    assert_eq!((area.set(&shape(&half), 0, true), area.polygons(), area.dropped_rings()), (Validity::Valid, 1, 2));
    // A star whose every edge crosses most of the others.
    let star: Vec<f64> =
        (0..3001).flat_map(|at| [f64::from(at).mul_add(2.0943, 0.0).cos() * 1000.0, f64::from(at).mul_add(2.0943, 0.0).sin() * 1000.0]).collect();
    assert_eq!(area.set(&shape(&[vec![star.clone()]]), 6, true), Validity::Invalid);
    assert_eq!(area.rings().next().unwrap().0.len(), 3001);
    assert_eq!(area.set(&shape(&[vec![vec![0.0, 0.0, 4.0, 4.0, 4.0, 1.0, 0.0, 4.1]]]), 6, false), Validity::Invalid);
    // Edges that are all side by side.
    let comb: Vec<f64> = (0..40_000)
        .flat_map(|at| [f64::from(at % 2) * 1e6, f64::from(at / 2) + 0.1 * f64::from(at % 2)])
        .chain([-5.0, 20_000.0, -5.0, 0.0])
        .collect();
    assert_ne!(area.set(&shape(&[vec![comb]]), 6, true), Validity::Repaired);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn the_same_area_is_covered_afterwards(
        drawn in prop::collection::vec(prop::collection::vec(prop::collection::vec((0..9i32, 0..9i32), 3..9), 1..4), 1..4), scale in prop::sample::select(vec![1.0, 0.37, 1234.567])
    ) {
        // Whole numbers are full of edges that lie on each other, and others are not.
        let drawn: Vec<Vec<Vec<f64>>> = drawn.iter().map(|rings| {
            rings.iter().map(|ring| ring.iter().flat_map(|(x, y)| [f64::from(*x) * scale, f64::from(*y) * scale]).collect()).collect()
        }).collect();
        let mut shape = Shape::new();
        let geometry = Geometry::Segmentation(drawn.iter().map(|rings| Zone { region: rings[0].clone(), holes: rings[1..].to_vec() }).collect());
        prop_assume!(shape.set(&geometry, None, Bounds::Keep).is_ok());
        let kept: Vec<Vec<Vec<f64>>> = shape.zones().map(|(region, holes)| std::iter::once(region).chain(holes).map(<[f64]>::to_vec).collect()).collect();
        let mut area = ValidArea::new();
        let validity = area.set(&shape, 6, true);
        check(&area);
        prop_assert!(validity != Validity::Invalid && validity != Validity::Unknown);
        let after = if validity == Validity::Empty { Vec::new() } else { zones(&rings(&area)) };
        for at in 0..400 {
            let place = [(f64::from(at % 20) * 0.45 + 0.1234) * scale, (f64::from(at / 20) * 0.45 + 0.0567) * scale];
            prop_assert_eq!(covers(&kept, place), covers(&after, place), "{:?} {:?} {:?}", place, kept, after);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn both_ways_to_find_meetings_agree(rings in prop::collection::vec(prop::collection::vec((0..7i64, 0..7i64), 3..12), 1..3)) {
        let mut edges = Vec::new();
        for (number, ring) in (0..).zip(&rings) {
            let mut ring: Vec<Place> = ring.iter().map(|&(x, y)| [x, y]).collect();
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            prop_assume!(ring.len() > 2);
            edges.extend((0..ring.len()).map(|at| Edge { from: ring[at], to: ring[(at + 1) % ring.len()], ring: number }));
        }
        let is_conflict = |a: usize, b: usize| are_in_conflict(&edges[a], &edges[b], a, b);
        let slow = (0..edges.len()).all(|a| (0..a).all(|b| !is_conflict(a, b)));
        if let Some(fast) = Chains::default().are_apart(&edges, &is_conflict) {
            prop_assert_eq!(fast, slow, "{:?}", edges);
        }
        let mut sweep = true;
        Sweep::default().pairs(&edges, &mut |a, b| { sweep = !is_conflict(a, b); sweep });
        prop_assert_eq!(sweep, slow, "{:?}", edges);
    }
}
