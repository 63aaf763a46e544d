//! Points on a grid, and exact answers about them: whether coordinates are rounded before or after a question must not matter, so they are rounded first.

use std::cmp::Ordering;

/// A position in steps of the grid.
pub(super) type Place = [i64; 2];

/// A straight piece of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: Place,
    pub(super) to: Place,
    pub(super) ring: u32,
}

impl Edge {
    /// The smaller and the larger coordinate.
    #[inline]
    pub(super) fn range(&self, axis: usize) -> (i64, i64) {
        let (a, b) = (self.from[axis], self.to[axis]);
        if a < b { (a, b) } else { (b, a) }
    }

    pub(super) fn has_end(&self, place: Place) -> bool {
        self.from == place || self.to == place
    }

    /// Whether a place is on the edge, ends included.
    pub(super) fn contains(&self, place: Place) -> bool {
        let is_between = |axis: usize| {
            let (low, high) = self.range(axis);
            (low..=high).contains(&place[axis])
        };
        is_between(0) && is_between(1) && side(self.from, self.to, place) == Ordering::Equal
    }
}

/// On which side of the line from `a` to `b` a place is: `Greater` when the three turn as x turns to y, which on screen is to the right.
#[inline]
pub(super) fn side(a: Place, b: Place, place: Place) -> Ordering {
    turn([b[0] - a[0], b[1] - a[1]], [place[0] - a[0], place[1] - a[1]])
}

/// In which direction one turns from the first to the second.
#[inline(never)]
pub(super) fn turn(u: Place, v: Place) -> Ordering {
    // Differences of places are exact as doubles; their products are off by half a unit in the last place each.
    let (left, right) = (u[0] as f64 * v[1] as f64, u[1] as f64 * v[0] as f64);
    let difference = left - right;
    if difference.abs() > (left.abs() + right.abs()) * 4e-16 { difference.total_cmp(&0.0) } else { exact_turn(u, v) }
}

#[cold]
fn exact_turn(u: Place, v: Place) -> Ordering {
    (i128::from(u[0]) * i128::from(v[1])).cmp(&(i128::from(u[1]) * i128::from(v[0])))
}

/// Where a place is in relation to a ring, by the even-odd rule; `None` on the ring itself.
pub(super) fn is_inside(ring: &[Place], place: Place) -> Option<bool> {
    let mut inside = false;
    for (at, &to) in ring.iter().enumerate() {
        let from = ring[if at == 0 { ring.len() - 1 } else { at - 1 }];
        if (from[1] > place[1]) != (to[1] > place[1]) {
            let is_right = side(from, to, place);
            if is_right == Ordering::Equal {
                return None;
            }
            inside ^= (is_right == Ordering::Greater) == (to[1] > from[1]);
        } else if (Edge { from, to, ring: 0 }).contains(place) {
            return None;
        }
    }
    Some(inside)
}

/// Twice the area of a ring by the shoelace formula, positive when it runs clockwise on screen.
pub(super) fn twice_area(ring: &[Place]) -> i128 {
    let mut sum = 0;
    for (at, to) in ring.iter().enumerate() {
        let from = ring[if at == 0 { ring.len() - 1 } else { at - 1 }];
        sum += i128::from(from[0]) * i128::from(to[1]) - i128::from(to[0]) * i128::from(from[1]);
    }
    sum
}

/// Whether a ring runs clockwise on screen (`Greater`) or against the clock.
pub(super) fn direction(ring: &[Place]) -> Ordering {
    let [first, rest @ ..] = ring else { return Ordering::Equal };
    let (mut last, mut sum, mut size) = ([0.0; 2], 0.0, 0.0);
    for place in rest {
        let next = [(place[0] - first[0]) as f64, (place[1] - first[1]) as f64];
        let (left, right): (f64, f64) = (last[0] * next[1], next[0] * last[1]);
        sum += left - right;
        size += left.abs() + right.abs();
        last = next;
    }
    // Every term is off by some units in its last place, and so is every step of the sum.
    if f64::abs(sum) > size * 1e-16 * (rest.len() as f64 + 4.0) { sum.total_cmp(&0.0) } else { twice_area(ring).cmp(&0) }
}
