//! Finds edges that meet where they should not.

use std::cmp::Ordering::Equal;

use super::grid::{Edge, Place, side};
use crate::order::sort_positions;

/// Steps per edge after which the search is given up: rings that people draw take less than ten, and only edges that all lie side by side take more than this.
const STEPS: usize = 400;

/// Searches by going over all edges along one axis; keeps its memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Sweep {
    order: Vec<u32>,
    active: Vec<u32>,
}

impl Sweep {
    /// Gives each pair of edges whose rectangles meet, until `take` returns false. False when the search was given up.
    pub(super) fn pairs(&mut self, edges: &[Edge], take: &mut dyn FnMut(usize, usize) -> bool) -> bool {
        let count = u32::try_from(edges.len()).unwrap_or(u32::MAX);
        self.order.clear();
        self.order.extend(0..count);
        self.active.clear();
        // Along the longer side fewer edges are side by side.
        let axis = usize::from(length(edges, 1) > length(edges, 0));
        sort_positions(&mut self.order, &mut |a, b| edges[a as usize].range(axis).0 < edges[b as usize].range(axis).0);
        let mut left = STEPS.saturating_mul(edges.len() + 25);
        for &at in &self.order {
            let edge = &edges[at as usize];
            let (start, (low, high)) = (edge.range(axis).0, edge.range(1 - axis));
            left = match left.checked_sub(self.active.len()) {
                Some(left) => left,
                None => return false,
            };
            let mut place = 0;
            while let Some(&other_at) = self.active.get(place) {
                let other = &edges[other_at as usize];
                if other.range(axis).1 < start {
                    self.active.swap_remove(place);
                    continue;
                }
                let (other_low, other_high) = other.range(1 - axis);
                if other_low <= high && low <= other_high && !take(at as usize, other_at as usize) {
                    return true;
                }
                place += 1;
            }
            self.active.push(at);
        }
        true
    }
}

fn length(edges: &[Edge], axis: usize) -> i64 {
    let low = edges.iter().map(|edge| edge.from[axis]).min().unwrap_or(0);
    let high = edges.iter().map(|edge| edge.from[axis]).max().unwrap_or(0);
    high - low
}

/// Whether two edges meet in another place than one that both end in.
pub(super) fn meet_within(a: &Edge, b: &Edge) -> bool {
    let (from, to) = (side(b.from, b.to, a.from), side(b.from, b.to, a.to));
    if from == to && from != Equal {
        return false;
    }
    let (other_from, other_to) = (side(a.from, a.to, b.from), side(a.from, a.to, b.to));
    if other_from == other_to && other_from != Equal {
        return false;
    }
    if [from, to, other_from, other_to].contains(&Equal) {
        let is_within = |edge: &Edge, place: Place| !edge.has_end(place) && edge.contains(place);
        return is_within(b, a.from) || is_within(b, a.to) || is_within(a, b.from) || is_within(a, b.to) || are_equal(a, b);
    }
    true
}

/// Whether two edges have the same ends.
fn are_equal(a: &Edge, b: &Edge) -> bool {
    a.has_end(b.from) && a.has_end(b.to)
}

/// Where two edges meet within, rounded to the grid. For edges on one line the ends of each within the other are asked for elsewhere.
pub(super) fn crossing(a: &Edge, b: &Edge) -> Option<Place> {
    let signs = [side(b.from, b.to, a.from), side(b.from, b.to, a.to), side(a.from, a.to, b.from), side(a.from, a.to, b.to)];
    if signs.contains(&Equal) || signs[0] == signs[1] || signs[2] == signs[3] {
        return None;
    }
    let difference = |from: Place, to: Place| [(to[0] - from[0]) as f64, (to[1] - from[1]) as f64];
    let (along, other, between) = (difference(a.from, a.to), difference(b.from, b.to), difference(a.from, b.from));
    let part = (between[0] * other[1] - between[1] * other[0]) / (along[0] * other[1] - along[1] * other[0]);
    // Within the rectangles of both, so that rounding does not lead out of them.
    let at = |axis: usize| {
        let ((low, high), (other_low, other_high)) = (a.range(axis), b.range(axis));
        (a.from[axis] + (along[axis] * part).round() as i64).clamp(low.max(other_low), high.min(other_high))
    };
    Some([at(0), at(1)])
}
