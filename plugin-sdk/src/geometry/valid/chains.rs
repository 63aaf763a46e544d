//! Whether edges meet, found quickly for what people draw: few chains of edges that go on to one side.
//!
//! Edges of a chain do not meet each other, and two chains are walked along together, so that an edge is only compared with those above and below it.

use super::grid::{Edge, Place};

/// Pairs of chains per edge after which it is left to another way.
const PAIRS: usize = 8;

/// Edges that all go on to one side or straight up or down, and the rectangle around them.
#[derive(Clone, Copy, Debug)]
struct Chain {
    start: usize,
    end: usize,
    leftwards: bool,
    low: Place,
    high: Place,
}

impl Chain {
    /// The position of an edge in the list of edges, counted from the left.
    #[inline]
    fn at(&self, place: usize) -> usize {
        if self.leftwards { self.end - 1 - place } else { self.start + place }
    }

    fn count(&self) -> usize {
        self.end - self.start
    }

    fn include(&mut self, place: Place) {
        for ((low, high), place) in self.low.iter_mut().zip(&mut self.high).zip(place) {
            (*low, *high) = ((*low).min(place), (*high).max(place));
        }
    }
}

/// Finds chains; keeps its memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Chains(Vec<Chain>);

impl Chains {
    /// Whether no two edges meet as they should not, which `is_conflict` says of two edges whose rectangles meet; `None` if there are too many chains to say. Edges of
    /// a ring are side by side in the list.
    pub(super) fn are_apart(&mut self, edges: &[Edge], is_conflict: &dyn Fn(usize, usize) -> bool) -> Option<bool> {
        self.find(edges);
        let chains = &self.0;
        if chains.len() * chains.len() / 2 > PAIRS * edges.len() + 100 {
            return None;
        }
        for (at, one) in chains.iter().enumerate() {
            for other in &chains[..at] {
                let do_overlap = |axis: usize| one.low[axis] <= other.high[axis] && other.low[axis] <= one.high[axis];
                if do_overlap(1) && do_overlap(0) && do_meet(edges, one, other, is_conflict) {
                    return Some(false);
                }
            }
        }
        Some(true)
    }

    fn find(&mut self, edges: &[Edge]) {
        self.0.clear();
        let mut last: Option<&Edge> = None;
        for (at, edge) in edges.iter().enumerate() {
            let step = [edge.to[0] - edge.from[0], edge.to[1] - edge.from[1]];
            if let (Some(last), Some(chain)) = (last, self.0.last_mut())
                && last.ring == edge.ring
                && (step[0] == 0 || (step[0] < 0) == chain.leftwards)
                // Straight down after straight up would be over the same places.
                && (step[0] != 0 || last.from[0] != last.to[0] || (last.to[1] > last.from[1]) == (step[1] > 0))
            {
                chain.end += 1;
                chain.include(edge.to);
            } else {
                let mut chain = Chain { start: at, end: at + 1, leftwards: step[0] < 0, low: edge.from, high: edge.from };
                chain.include(edge.to);
                self.0.push(chain);
            }
            last = Some(edge);
        }
    }
}

/// Walks along two chains from left to right.
fn do_meet(edges: &[Edge], one: &Chain, other: &Chain, is_conflict: &dyn Fn(usize, usize) -> bool) -> bool {
    let do_conflict = |a_at: usize, b_at: usize| {
        let ((a_low, a_high), (b_low, b_high)) = (edges[a_at].range(1), edges[b_at].range(1));
        a_low <= b_high && b_low <= a_high && is_conflict(a_at, b_at)
    };
    let (mut a, mut b) = (0, 0);
    while a < one.count() && b < other.count() {
        let (a_at, b_at) = (one.at(a), other.at(b));
        let ((a_left, a_right), (b_left, b_right)) = (edges[a_at].range(0), edges[b_at].range(0));
        if a_right < b_right {
            if b_left <= a_right && do_conflict(a_at, b_at) {
                return true;
            }
            a += 1;
        } else if b_right < a_right {
            if a_left <= b_right && do_conflict(a_at, b_at) {
                return true;
            }
            b += 1;
        } else {
            // Where both end, everything that begins there can meet, straight edges included.
            let last = |chain: &Chain, from: usize| {
                (from..chain.count()).take_while(|&place| edges[chain.at(place)].range(0).0 <= a_right).last().unwrap_or(from)
            };
            let (a_last, b_last) = (last(one, a), last(other, b));
            if (a..=a_last).any(|a| (b..=b_last).any(|b| do_conflict(one.at(a), other.at(b)))) {
                return true;
            }
            let next = |chain: &Chain, last: usize| if edges[chain.at(last)].range(0).1 > a_right { last } else { last + 1 };
            (a, b) = (next(one, a_last), next(other, b_last));
        }
    }
    false
}
