//! Filling zones, row by row.

use super::{first_at, join};

/// An edge of a ring, from the first row whose centre it passes.
#[derive(Clone, Copy, Debug)]
struct Edge {
    first: u32,
    /// The row after the last one.
    end: u32,
    ring: u32,
    /// The first column to the right of the edge in the current row.
    column: u32,
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
    rings: Vec<Ring>,
    zones: Vec<Zone>,
    next_edge: usize,
    active: Vec<Edge>,
    row: u32,
    /// The first row in which an active edge has ended.
    next_end: u32,
    spans: Vec<(u32, u32)>,
}

impl Fill {
    pub(super) fn start(&mut self, width: u32, height: u32) {
        (self.width, self.height, self.row, self.next_edge, self.next_end) = (width, height, 0, 0, u32::MAX);
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
            self.edges.push(Edge { first, end, ring, column: 0, x, slope });
        }
    }

    /// To be called after the last ring.
    pub(super) fn sort(&mut self) {
        self.edges.sort_unstable_by_key(|edge| edge.first);
    }

    /// The next row that edges pass, with its spans; there may be none in it.
    #[inline(never)]
    pub(super) fn next_row(&mut self) -> Option<(u32, &[(u32, u32)])> {
        if self.row >= self.next_end {
            let row = self.row;
            self.active.retain(|edge| edge.end > row);
            self.next_end = self.active.iter().map(|edge| edge.end).min().unwrap_or(u32::MAX);
        }
        if self.active.is_empty() {
            self.row = self.edges.get(self.next_edge)?.first;
        }
        while let Some(edge) = self.edges.get(self.next_edge).filter(|edge| edge.first <= self.row) {
            self.active.push(*edge);
            self.next_end = self.next_end.min(edge.end);
            self.next_edge += 1;
        }
        for edge in &mut self.active {
            // From the first row instead of adding up, which would add up errors too.
            edge.column = first_at(edge.x + f64::from(self.row - edge.first) * edge.slope, self.width);
        }
        if !self.active.is_sorted_by_key(|edge| edge.column) {
            self.active.sort_unstable_by_key(|edge| edge.column);
        }
        self.spans.clear();
        if let [_] = self.rings[..] {
            for pair in self.active.chunks_exact(2) {
                join(&mut self.spans, pair[0].column, pair[1].column);
            }
        } else {
            self.walk();
        }
        self.row += 1;
        Some((self.row - 1, &self.spans))
    }

    /// Spans of a row in which several rings say what is inside. Every ring is crossed an even number of times, so that it is left at the end of the row.
    fn walk(&mut self) {
        let (mut covering, mut start) = (0_u32, 0);
        for edge in &self.active {
            let ring = &mut self.rings[edge.ring as usize];
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
                        start = edge.column;
                    }
                    covering += 1;
                }
                (true, false) => {
                    covering -= 1;
                    if covering == 0 {
                        join(&mut self.spans, start, edge.column);
                    }
                }
                _ => {}
            }
        }
    }
}
