//! Areas as valid polygons, by the rules that readers of geometries share (OGC Simple Features): a ring does not cross or touch itself, a hole is inside its outer ring,
//! and the polygons of one object do not overlap.
//!
//! What people draw is mostly valid and stays as it is. What is not covers the same area afterwards, with other rings.

mod arrange;
mod chains;
mod grid;
mod meets;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use super::Shape;
use arrange::{Polygon, Role, polygons};
use chains::Chains;
use grid::{Edge, Place, direction, is_inside};
use meets::{Sweep, meet_within};

/// More decimals, and differences of coordinates far out would not be exact.
const MAX_DECIMALS: u8 = 6;
/// The farthest place on the grid, in steps.
const MAX_PLACE: f64 = super::MAX_COORDINATE * 1e6;
/// With more parts or holes, whether one is in another is not looked for.
const MAX_RINGS: usize = 1000;

/// How an area became valid polygons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It was valid.
    Valid,
    /// It was not, and has got other rings with the same area.
    Repaired,
    /// It is not, and stays as it is: nobody wants it repaired, or that would take too long.
    Invalid,
    /// It would take too long to find out, so it stays as it is.
    Unknown,
    /// Nothing with an area is left after rounding.
    Empty,
}

/// An area as valid polygons with rounded coordinates. Made once and [`set`](Self::set) for every object.
#[derive(Clone, Debug, Default)]
pub struct ValidArea {
    /// Steps of the grid in a pixel.
    scale: f64,
    places: Vec<Place>,
    /// Where rings end in `places`, and what they are.
    rings: Vec<(usize, Role)>,
    edges: Vec<Edge>,
    chains: Chains,
    sweep: Sweep,
    dropped: usize,
}

impl ValidArea {
    /// An empty area.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the area of a shape, with coordinates rounded to so many decimals (at most 6). With `repair` it is made valid if it is not.
    pub fn set(&mut self, shape: &Shape, decimals: u8, repair: bool) -> Validity {
        self.scale = 10f64.powi(decimals.min(MAX_DECIMALS).into());
        self.places.clear();
        self.rings.clear();
        self.dropped = 0;
        for (zone, (region, holes)) in (0..).zip(shape.zones()) {
            if self.add(region, Role { zone, hole: false }) {
                holes.for_each(|hole| _ = self.add(hole, Role { zone, hole: true }));
            }
        }
        if self.rings.is_empty() {
            return Validity::Empty;
        }
        self.edges.clear();
        let mut start = 0;
        for (number, &(end, _)) in (0..).zip(&self.rings) {
            let ring = &self.places[start..end];
            let last = ring.last().into_iter();
            self.edges.extend(last.chain(ring).zip(ring).map(|(&from, &to)| Edge { from, to, ring: number }));
            start = end;
        }
        let edges = &self.edges;
        let is_conflict = |a: usize, b: usize| are_in_conflict(&edges[a], &edges[b], a, b);
        let valid = match self.chains.are_apart(edges, &is_conflict) {
            Some(valid) => valid,
            None => {
                let mut valid = true;
                let finished = self.sweep.pairs(edges, &mut |a, b| {
                    valid = !is_conflict(a, b);
                    valid
                });
                if !finished {
                    return Validity::Unknown;
                }
                valid
            }
        };
        if self.rings.len() > MAX_RINGS {
            return Validity::Unknown;
        }
        if valid && (self.rings.len() == 1 || self.are_rings_in_place()) {
            self.orient();
            return Validity::Valid;
        }
        if !repair {
            return Validity::Invalid;
        }
        let roles: Vec<Role> = self.rings.iter().map(|(_, role)| *role).collect();
        match polygons(&self.edges, &roles, &mut self.sweep) {
            None => Validity::Invalid,
            Some(polygons) if polygons.is_empty() => Validity::Empty,
            Some(polygons) => {
                self.take(polygons);
                Validity::Repaired
            }
        }
    }

    /// Adds a ring without places that repeat; one of less than three, or without area, is left out.
    fn add(&mut self, ring: &[f64], role: Role) -> bool {
        let (start, scale) = (self.places.len(), self.scale);
        // Halves away from zero, as numbers are written. The sandbox has no instruction for it.
        let round = |number: f64| (number * scale + 0.5f64.copysign(number)).clamp(-MAX_PLACE, MAX_PLACE) as i64;
        for point in ring.chunks_exact(2) {
            let place = [round(point[0]), round(point[1])];
            if self.places[start..].last() != Some(&place) {
                self.places.push(place);
            }
        }
        while self.places.len() - start > 1 && self.places[start..].first() == self.places.last() {
            self.places.pop();
        }
        if self.places.len() - start < 3 {
            self.places.truncate(start);
            self.dropped += 1;
            return false;
        }
        self.rings.push((self.places.len(), role));
        true
    }

    /// Whether each hole is in its region and in no other hole, and no region in another one; of rings that do not meet one place tells.
    fn are_rings_in_place(&self) -> bool {
        let rings: Vec<(&[Place], Role, [Place; 2])> = self.all().map(|(ring, role)| (ring, role, extent(ring))).collect();
        let is_in = |a: usize, b: usize| {
            let ([low, high], place) = (rings[b].2, rings[a].0[0]);
            (0..2).all(|axis| (low[axis]..=high[axis]).contains(&place[axis])) && is_inside(rings[b].0, place) == Some(true)
        };
        (0..rings.len()).all(|a| {
            let role = rings[a].1;
            (0..rings.len()).filter(|b| *b != a).all(|b| {
                let other = rings[b].1;
                match (role.hole, other.hole) {
                    (true, false) if role.zone == other.zone => is_in(a, b),
                    (true, true) if role.zone == other.zone => !is_in(a, b),
                    // A part may be in the hole of another one.
                    (false, false) => {
                        !is_in(a, b) || (0..rings.len()).any(|hole| rings[hole].1.hole && rings[hole].1.zone == other.zone && is_in(a, hole))
                    }
                    _ => true,
                }
            })
        })
    }

    /// Makes outer rings run clockwise on screen and holes against the clock, from their first place on.
    fn orient(&mut self) {
        let mut start = 0;
        for &(end, role) in &self.rings {
            let ring = &mut self.places[start..end];
            if (direction(ring) == Ordering::Less) != role.hole {
                ring[1..].reverse();
            }
            start = end;
        }
    }

    fn take(&mut self, polygons: Vec<Polygon>) {
        self.places.clear();
        self.rings.clear();
        for (zone, (outer, holes)) in (0..).zip(polygons) {
            for (hole, ring) in std::iter::once((false, outer)).chain(holes.into_iter().map(|ring| (true, ring))) {
                self.places.extend(ring);
                self.rings.push((self.places.len(), Role { zone, hole }));
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = (&[Place], Role)> {
        let mut start = 0;
        self.rings.iter().map(move |&(end, role)| {
            let ring = &self.places[start..end];
            start = end;
            (ring, role)
        })
    }

    /// Rings that were left out because rounding left them without area.
    pub fn dropped_rings(&self) -> usize {
        self.dropped
    }

    /// How many polygons there are.
    pub fn polygons(&self) -> usize {
        self.rings.iter().filter(|(_, role)| !role.hole).count()
    }

    /// The rings: each with whether it is a hole, and then of the last outer ring before it. Rings are open: outer ones run clockwise on screen, holes against the
    /// clock, which in the plane of numbers is the right-hand rule of GeoJSON.
    pub fn rings(&self) -> impl Iterator<Item = (impl ExactSizeIterator<Item = [f64; 2]>, bool)> {
        self.all().map(|(ring, role)| (ring.iter().map(|place| place.map(|number| number as f64 / self.scale)), role.hole))
    }
}

/// Whether two edges meet where valid rings do not: anywhere but in the place that neighbours share.
fn are_in_conflict(a: &Edge, b: &Edge, a_at: usize, b_at: usize) -> bool {
    // Edges of a ring are side by side in the list, and its last one is next to its first.
    let are_neighbours = a.ring == b.ring && (a_at.abs_diff(b_at) == 1 || (a.to == b.from && b_at < a_at) || (b.to == a.from && a_at < b_at));
    meet_within(a, b) || (!are_neighbours && (a.has_end(b.from) || a.has_end(b.to)))
}

fn extent(ring: &[Place]) -> [Place; 2] {
    ring.iter().fold([[i64::MAX; 2], [i64::MIN; 2]], |[low, high], place| {
        [[low[0].min(place[0]), low[1].min(place[1])], [high[0].max(place[0]), high[1].max(place[1])]]
    })
}
