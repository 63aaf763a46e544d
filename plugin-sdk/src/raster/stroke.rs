//! Thick lines: the union of the segments of a path, each with a half disc at both ends.

use super::{first_at, join};
use crate::order;

/// A segment with its round ends. It is convex, so that a row has one stretch of it.
#[derive(Clone, Copy, Debug)]
struct Capsule {
    first: u32,
    /// The row after the last one.
    end: u32,
    from: (f64, f64),
    to: (f64, f64),
}

/// A line being drawn, and memory for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Stroke {
    width: u32,
    radius: f64,
    capsules: Vec<Capsule>,
    /// First row and position of each, in the order of rows.
    order: Vec<(u64, u32)>,
    next_capsule: usize,
    active: Vec<Capsule>,
    row: u32,
    /// First column and the one after the last, of each capsule in the row.
    stretches: Vec<(u64, u32)>,
    spans: Vec<(u32, u32)>,
}

impl Stroke {
    pub(super) fn start(&mut self, width: u32, height: u32, path: &[f64], closed: bool, thickness: f64) {
        (self.width, self.row, self.next_capsule) = (width, 0, 0);
        // `max` answers 1 for not-a-number, too.
        self.radius = thickness.max(1.0) / 2.0;
        self.capsules.clear();
        self.order.clear();
        self.active.clear();
        let [x, y, ..] = path else { return };
        let mut from = (*x, *y);
        for point in path.chunks_exact(2).skip(usize::from(path.len() >= 4)) {
            self.add(height, from, (point[0], point[1]));
            from = (point[0], point[1]);
        }
        if closed {
            self.add(height, from, (*x, *y));
        }
        self.order.extend(self.capsules.iter().zip(0..).map(|(capsule, at)| (capsule.first.into(), at)));
        order::sort(&mut self.order);
    }

    fn add(&mut self, height: u32, from: (f64, f64), to: (f64, f64)) {
        let first = first_at(from.1.min(to.1) - self.radius, height);
        let end = first_at(from.1.max(to.1) + self.radius, height);
        if first < end {
            self.capsules.push(Capsule { first, end, from, to });
        }
    }

    /// The next row with something of the line, with its spans; there may be none in it.
    #[inline(never)]
    pub(super) fn next_row(&mut self) -> Option<(u32, &[(u32, u32)])> {
        let row = self.row;
        self.active.retain(|capsule| capsule.end > row);
        if self.active.is_empty() {
            self.row = self.next()?.first;
        }
        while let Some(capsule) = self.next().filter(|capsule| capsule.first <= self.row) {
            self.active.push(capsule);
            self.next_capsule += 1;
        }
        let (width, radius, centre) = (self.width, self.radius, f64::from(self.row) + 0.5);
        self.stretches.clear();
        self.stretches.extend(self.active.iter().filter_map(|capsule| {
            let (left, right) = capsule.at(centre, radius)?;
            Some((first_at(left, width).into(), first_at(right, width)))
        }));
        order::sort(&mut self.stretches);
        self.spans.clear();
        for &(x0, x1) in &self.stretches {
            join(&mut self.spans, x0 as u32, x1);
        }
        self.row += 1;
        Some((self.row - 1, &self.spans))
    }

    /// The segment that begins next.
    fn next(&self) -> Option<Capsule> {
        let (_, at) = self.order.get(self.next_capsule)?;
        self.capsules.get(*at as usize).copied()
    }
}

impl Capsule {
    /// Where the horizontal line at `y` enters and leaves it.
    fn at(&self, y: f64, radius: f64) -> Option<(f64, f64)> {
        let disc = |(x, centre): (f64, f64)| {
            let half = (radius * radius - (y - centre) * (y - centre)).sqrt();
            (x - half, x + half)
        };
        // Not-a-number, where a disc or the straight part is not met, loses every comparison.
        let parts = [disc(self.from), disc(self.to), self.straight(y, radius)];
        let met = parts.into_iter().filter(|(left, right)| left <= right);
        met.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// The same for the part between the two ends, a turned rectangle: where a point projects onto the segment, and is not further from it than the radius.
    fn straight(&self, y: f64, radius: f64) -> (f64, f64) {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = dx.hypot(dy);
        if length == 0.0 {
            return (f64::NAN, f64::NAN);
        }
        let (along_x, along_y, below) = (dx / length, dy / length, y - self.from.1);
        let along = between(along_x, along_y * below, 0.0, length);
        let across = between(-along_y, along_x * below, -radius, radius);
        (self.from.0 + along.0.max(across.0), self.from.0 + along.1.min(across.1))
    }
}

/// For which x `factor * x + offset` is between `low` and `high`.
fn between(factor: f64, offset: f64, low: f64, high: f64) -> (f64, f64) {
    if factor == 0.0 {
        return if low <= offset && offset <= high { (f64::NEG_INFINITY, f64::INFINITY) } else { (f64::INFINITY, f64::NEG_INFINITY) };
    }
    let (a, b) = ((low - offset) / factor, (high - offset) / factor);
    (a.min(b), a.max(b))
}
