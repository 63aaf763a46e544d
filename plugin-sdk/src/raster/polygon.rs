//! Filling zones, row by row.

use super::{first_at, join};
use crate::order;

/// An edge of a ring, from the first row whose centre it passes.
#[derive(Clone, Copy, Debug)]
struct Edge {
    first: u32,
    /// The row after the last one.
    end: u32,
    ring: u32,
    /// Where it passes the centre of its first row.
    x: f64,
    /// How far it goes to the right from row to row.
    slope: f64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Ring {
    zone: u32,
    hole: bool,
    inside: bool,
}

/// In how many of its own rings a position lies.
#[derive(Clone, Copy, Debug, Default)]
struct Zone {
    region: bool,
    holes: u32,
}

impl Zone {
    fn covers(self) -> bool {
        self.region && self.holes == 0
    }
}

/// The fill of one object, and memory for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Fill {
    width: u32,
    height: u32,
    edges: Vec<Edge>,
    /// First row and position of each edge, in the order of rows.
    order: Vec<(u64, u32)>,
    rings: Vec<Ring>,
    zones: Vec<Zone>,
    next_edge: usize,
    active: Vec<Edge>,
    /// Where edges pass the row: the first column to the right of each, and its ring.
    crossings: Vec<(u64, u32)>,
    row: u32,
    /// The first row in which an active edge has ended.
    next_end: u32,
    /// The first row in which an edge begins that is not active yet.
    next_start: u32,
    /// Whether the spans of the last row are those of the next, as long as no edge begins or ends: all active edges are vertical.
    is_steady: bool,
    spans: Vec<(u32, u32)>,
}

impl Fill {
    pub(super) fn start(&mut self, width: u32, height: u32) {
        (self.width, self.height, self.row, self.next_edge, self.next_end) = (width, height, 0, 0, u32::MAX);
        self.is_steady = false;
        self.edges.clear();
        self.rings.clear();
        self.zones.clear();
        self.active.clear();
    }

    pub(super) fn add_zone(&mut self, region: &[f64]) {
        self.zones.push(Zone::default());
        self.add_ring(region, false);
    }

    /// Adds a hole of the last zone.
    pub(super) fn add_hole(&mut self, hole: &[f64]) {
        self.add_ring(hole, true);
    }

    fn add_ring(&mut self, ring: &[f64], hole: bool) {
        let number = self.rings.len() as u32;
        self.rings.push(Ring { zone: self.zones.len() as u32 - 1, hole, inside: false });
        let Some(last) = ring.chunks_exact(2).last() else { return };
        let (mut from_x, mut from_y) = (last[0], last[1]);
        for point in ring.chunks_exact(2) {
            let (x, y) = (point[0], point[1]);
            // Downwards, whichever way it was drawn, so that two shapes see their common edge at the same place.
            if from_y < y {
                self.add_edge(number, (from_x, from_y), (x, y));
            } else {
                self.add_edge(number, (x, y), (from_x, from_y));
            }
            (from_x, from_y) = (x, y);
        }
    }

    #[inline]
    fn add_edge(&mut self, ring: u32, top: (f64, f64), bottom: (f64, f64)) {
        let (first, end) = (first_at(top.1, self.height), first_at(bottom.1, self.height));
        if first < end {
            let slope = (bottom.0 - top.0) / (bottom.1 - top.1);
            let x = top.0 + (f64::from(first) + 0.5 - top.1) * slope;
            self.edges.push(Edge { first, end, ring, x, slope });
        }
    }

    /// To be called after the last ring.
    pub(super) fn sort(&mut self) {
        self.order.clear();
        self.order.extend(self.edges.iter().zip(0..).map(|(edge, at)| (edge.first.into(), at)));
        order::sort(&mut self.order);
    }

    /// The next row that edges pass, with its spans; there may be none in it.
    #[inline(never)]
    pub(super) fn next_row(&mut self) -> Option<(u32, &[(u32, u32)])> {
        if self.is_steady && self.row < self.next_end.min(self.next_start) {
            self.row += 1;
            return Some((self.row - 1, &self.spans));
        }
        if self.row >= self.next_end {
            let row = self.row;
            self.active.retain(|edge| edge.end > row);
            self.next_end = self.active.iter().map(|edge| edge.end).min().unwrap_or(u32::MAX);
        }
        if self.active.is_empty() {
            self.row = self.next()?.first;
        }
        while let Some(edge) = self.next().filter(|edge| edge.first <= self.row) {
            self.active.push(edge);
            self.next_end = self.next_end.min(edge.end);
            self.next_edge += 1;
        }
        self.next_start = self.next().map_or(u32::MAX, |edge| edge.first);
        self.is_steady = self.active.iter().all(|edge| edge.slope == 0.0);
        let (row, width) = (self.row, self.width);
        self.crossings.clear();
        self.crossings.extend(self.active.iter().map(|edge| {
            // From the first row instead of adding up, which would add up errors too.
            let column = first_at(edge.x + f64::from(row - edge.first) * edge.slope, width);
            (column.into(), edge.ring)
        }));
        sort(&mut self.crossings);
        self.spans.clear();
        if let [_] = self.rings[..] {
            for pair in self.crossings.chunks_exact(2) {
                join(&mut self.spans, pair[0].0 as u32, pair[1].0 as u32);
            }
        } else {
            self.walk();
        }
        self.row += 1;
        Some((self.row - 1, &self.spans))
    }

    /// The edge that begins next.
    fn next(&self) -> Option<Edge> {
        let (_, at) = self.order.get(self.next_edge)?;
        self.edges.get(*at as usize).copied()
    }

    /// Spans of a row in which several rings say what is inside. Every ring is crossed an even number of times, so that it is left at the end of the row.
    fn walk(&mut self) {
        let (mut covering, mut start) = (0_u32, 0);
        for &(column, ring) in &self.crossings {
            let (column, ring) = (column as u32, &mut self.rings[ring as usize]);
            ring.inside = !ring.inside;
            let zone = &mut self.zones[ring.zone as usize];
            let before = zone.covers();
            match (ring.hole, ring.inside) {
                (false, inside) => zone.region = inside,
                (true, true) => zone.holes += 1,
                (true, false) => zone.holes -= 1,
            }
            match (before, zone.covers()) {
                (false, true) => {
                    if covering == 0 {
                        start = column;
                    }
                    covering += 1;
                }
                (true, false) => {
                    covering -= 1;
                    if covering == 0 {
                        join(&mut self.spans, start, column);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Most rows have two or four crossings, in the order of the row above: no more than a look at each.
#[inline]
fn sort(crossings: &mut [(u64, u32)]) {
    const FEW: usize = 16;
    if crossings.len() > FEW {
        return order::sort(crossings);
    }
    for at in 1..crossings.len() {
        let mut place = at;
        while place > 0 && crossings[place - 1].0 > crossings[place].0 {
            crossings.swap(place - 1, place);
            place -= 1;
        }
    }
}
