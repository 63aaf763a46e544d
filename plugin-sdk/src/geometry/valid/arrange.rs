//! Makes an area of rings that cross and touch each other into polygons that do not.
//!
//! All edges are cut wherever they meet, until they meet in ends alone. Then each piece either has the area on one side and not on the other, and is part of a border, or
//! it is left out. What is left is put together to rings.

use std::cmp::Ordering::{Equal, Greater, Less};

use super::grid::{Edge, Place, direction, is_inside, side, turn, twice_area};
use super::meets::{Sweep, crossing};
use crate::order::sorted_positions;

/// More pieces than this take too long: the work grows with their square.
const MAX_PIECES: usize = 3000;
/// Rounding a crossing to the grid bends edges, which can make them cross others; it takes two or three rounds to settle.
const MAX_ROUNDS: usize = 12;

/// A ring of the input, as the area is defined: what is in the region of a zone and in none of its holes, of any zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    pub(super) zone: u32,
    pub(super) hole: bool,
}

/// A polygon: the outer ring, clockwise on screen, and the holes in it, against the clock.
pub(super) type Polygon = (Vec<Place>, Vec<Vec<Place>>);

/// The polygons of the area; `None` if it takes too long.
pub(super) fn polygons(edges: &[Edge], roles: &[Role], sweep: &mut Sweep) -> Option<Vec<Polygon>> {
    let pieces = cut(edges.to_vec(), sweep)?;
    let borders = borders(&pieces, roles);
    Some(assemble(rings(&borders)))
}

/// Cuts edges wherever they meet.
fn cut(mut edges: Vec<Edge>, sweep: &mut Sweep) -> Option<Vec<Edge>> {
    for _ in 0..MAX_ROUNDS {
        let mut cuts: Vec<(u32, Place)> = Vec::new();
        let done = sweep.pairs(&edges, &mut |a_at, b_at| {
            let (a, b) = (&edges[a_at], &edges[b_at]);
            let mut add = |at: usize, edge: &Edge, place: Place| {
                if !edge.has_end(place) {
                    cuts.push((at as u32, place));
                }
            };
            if let Some(place) = crossing(a, b) {
                add(a_at, a, place);
                add(b_at, b, place);
            } else {
                [b.from, b.to].into_iter().filter(|place| a.contains(*place)).for_each(|place| add(a_at, a, place));
                [a.from, a.to].into_iter().filter(|place| b.contains(*place)).for_each(|place| add(b_at, b, place));
            }
            cuts.len() <= 4 * MAX_PIECES
        });
        if !done || edges.len() + cuts.len() > MAX_PIECES {
            return None;
        }
        if cuts.is_empty() {
            return Some(edges);
        }
        // The places on each edge in the order in which it passes them.
        let far = |cut: &(u32, Place)| {
            let from = edges[cut.0 as usize].from;
            (cut.1[0] - from[0]).unsigned_abs() + (cut.1[1] - from[1]).unsigned_abs()
        };
        let order = sorted_positions(cuts.len(), &mut |a, b| {
            let (a, b) = (&cuts[a as usize], &cuts[b as usize]);
            (a.0, far(a)) < (b.0, far(b))
        });
        let mut pieces = Vec::with_capacity(edges.len() + cuts.len());
        let mut next = order.into_iter().map(|at| cuts[at as usize]).peekable();
        for (at, edge) in (0..).zip(&edges) {
            let mut from = edge.from;
            while let Some((_, place)) = next.next_if(|cut| cut.0 == at) {
                if place != from {
                    pieces.push(Edge { from, to: place, ring: edge.ring });
                    from = place;
                }
            }
            if from != edge.to {
                pieces.push(Edge { from, to: edge.to, ring: edge.ring });
            }
        }
        edges = pieces;
    }
    None
}

/// The pieces that have the area on one side alone, directed so that it is on the right on screen.
fn borders(pieces: &[Edge], roles: &[Role]) -> Vec<(Place, Place)> {
    // Pieces of one ring that lie on each other twice cancel out, as they do by the even-odd rule.
    let ends = |at: u32| sorted_ends(&pieces[at as usize]);
    let ring = |at: u32| pieces[at as usize].ring;
    let order = sorted_positions(pieces.len(), &mut |a, b| (ends(a), ring(a), a) < (ends(b), ring(b), b));
    let alone = order.chunk_by(|&a, &b| ends(a) == ends(b) && ring(a) == ring(b)).filter(|alike| alike.len() % 2 == 1);
    let single: Vec<u32> = alone.filter_map(|alike| alike.first().copied()).collect();
    // By piece, the other rings' pieces that lie on it; nothing for those that are left out, and for all but one of those on each other.
    let mut groups: Vec<&[u32]> = vec![&[]; pieces.len()];
    for alike in single.chunk_by(|&a, &b| ends(a) == ends(b)) {
        if let Some(&first) = alike.first() {
            groups[first as usize] = alike;
        }
    }
    let junctions = junctions(pieces);
    let (mut borders, mut inside) = (Vec::new(), vec![false; roles.len()]);
    // Whether the area is on the right and on the left of a piece. From piece to piece of a ring that does not change but where others meet them.
    let mut sides: Option<(bool, bool)> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let goes_on = at > 0 && pieces[at - 1].ring == piece.ring && pieces[at - 1].to == piece.from && junctions.binary_search(&piece.from).is_err();
        if groups[at].is_empty() {
            sides = None;
            continue;
        }
        let (right, left) = match sides.filter(|_| goes_on) {
            Some(sides) => sides,
            None => sides_of(piece, groups[at], &single, pieces, roles, &mut inside),
        };
        sides = Some((right, left));
        if right != left {
            borders.push(if right { (piece.from, piece.to) } else { (piece.to, piece.from) });
        }
    }
    borders
}

fn sorted_ends(piece: &Edge) -> (Place, Place) {
    if piece.from < piece.to { (piece.from, piece.to) } else { (piece.to, piece.from) }
}

/// The places where other than two pieces end, in order.
fn junctions(pieces: &[Edge]) -> Vec<Place> {
    let end = |at: u32| if at.is_multiple_of(2) { pieces[at as usize / 2].from } else { pieces[at as usize / 2].to };
    let order = sorted_positions(2 * pieces.len(), &mut |a, b| end(a) < end(b));
    order.chunk_by(|&a, &b| end(a) == end(b)).filter(|alike| alike.len() != 2).filter_map(|alike| alike.first().map(|&at| end(at))).collect()
}

/// Whether the area is on the right and on the left of a piece, on screen, found by a ray from its middle across all others. `alike` are the pieces that lie on it.
fn sides_of(piece: &Edge, alike: &[u32], single: &[u32], pieces: &[Edge], roles: &[Role], inside: &mut [bool]) -> (bool, bool) {
    let (from, to) = sorted_ends(piece);
    // Up from a piece that is not upright, else to the left; everything doubled, so that the middle is on the grid.
    let axis = usize::from(from[0] != to[0]);
    let middle = [from[0] + to[0], from[1] + to[1]];
    let across = middle[1 - axis];
    inside.fill(false);
    for &at in single {
        let other = &pieces[at as usize];
        let (low, high) = other.range(1 - axis);
        if 2 * low > across || across >= 2 * high || sorted_ends(other) == (from, to) {
            continue;
        }
        let (start, end) = if other.from[1 - axis] == low { (other.from, other.to) } else { (other.to, other.from) };
        let doubled = |place: Place| [2 * place[0], 2 * place[1]];
        // From left to right, what is below is where x turns to y; from the top downwards, what is to the right is where y turns to x.
        let is_passed = if axis == 1 { Greater } else { Less };
        if side(doubled(start), doubled(end), middle) == is_passed {
            inside[other.ring as usize] ^= true;
        }
    }
    let before = covers(inside, roles);
    for &at in alike {
        inside[pieces[at as usize].ring as usize] ^= true;
    }
    let after = covers(inside, roles);
    // Above a piece to the right is its left side, and to the left of a piece downwards its right side; of a piece in the other direction it is the other way round.
    if (axis == 1) == (piece.from == from) { (after, before) } else { (before, after) }
}

/// Whether a place that is inside of these rings is in the area.
fn covers(inside: &[bool], roles: &[Role]) -> bool {
    let zones = inside.iter().zip(roles);
    let is_cut = |zone: u32| zones.clone().any(|(inside, role)| *inside && role.hole && role.zone == zone);
    zones.clone().any(|(inside, role)| *inside && !role.hole && !is_cut(role.zone))
}

/// Puts borders together to rings that pass no place twice.
fn rings(borders: &[(Place, Place)]) -> Vec<Vec<Place>> {
    let order = sorted_positions(borders.len(), &mut |a, b| borders[a as usize].0 < borders[b as usize].0);
    let starts: Vec<Place> = order.iter().map(|&at| borders[at as usize].0).collect();
    let leaving = |place: Place| {
        let (low, high) = (starts.partition_point(|start| *start < place), starts.partition_point(|start| *start <= place));
        &order[low..high]
    };
    let mut used = vec![false; borders.len()];
    let mut rings = Vec::new();
    for &first in &order {
        let mut path: Vec<Place> = Vec::new();
        let mut at = first;
        while !std::mem::replace(&mut used[at as usize], true) {
            let (from, to) = borders[at as usize];
            // A place that the path has passed before closes a ring of its own.
            if let Some(start) = path.iter().position(|place| *place == from) {
                rings.push(path.split_off(start));
            }
            path.push(from);
            // Of several ways on, the one next to the area that is being walked along.
            let back = [from[0] - to[0], from[1] - to[1]];
            let mut next: Option<u32> = None;
            for &way in leaving(to).iter().filter(|way| !used[**way as usize]) {
                let ahead = |way: u32| {
                    let (from, to) = borders[way as usize];
                    [to[0] - from[0], to[1] - from[1]]
                };
                if next.is_none_or(|best| is_sooner(back, ahead(way), ahead(best))) {
                    next = Some(way);
                }
            }
            let Some(way) = next else { break };
            at = way;
        }
        if path.len() > 2 {
            rings.push(path);
        }
    }
    rings.retain(|ring| ring.len() > 2);
    rings
}

/// Whether `a` comes before `b` on the way round from `back`, against the clock on screen. None of them goes straight back, as no two pieces lie on each other.
fn is_sooner(back: Place, a: Place, b: Place) -> bool {
    // In which half turn each is; within one, the turn from one to the other tells.
    let half = |way: Place| match turn(back, way) {
        Less => 0,
        Equal => 1,
        Greater => 2,
    };
    match half(a).cmp(&half(b)) {
        Equal => turn(a, b) == Less,
        other => other == Less,
    }
}

/// Puts holes into the rings around them.
fn assemble(rings: Vec<Vec<Place>>) -> Vec<Polygon> {
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| direction(ring) == Greater);
    let mut polygons: Vec<Polygon> = outer.into_iter().map(|ring| (ring, Vec::new())).collect();
    for hole in holes {
        // Rings touch in single places at most, so the middle of an edge is on no other ring; on a grid of half the steps it can be asked for.
        let [a, b, ..] = *hole else { continue };
        let middle = [a[0] + b[0], a[1] + b[1]];
        let doubled = |ring: &[Place]| ring.iter().map(|place| [2 * place[0], 2 * place[1]]).collect::<Vec<_>>();
        let around = (polygons.iter_mut()).filter(|polygon| is_inside(&doubled(&polygon.0), middle) == Some(true));
        if let Some(polygon) = around.min_by_key(|polygon| twice_area(&polygon.0)) {
            polygon.1.push(hole);
        }
    }
    polygons
}
