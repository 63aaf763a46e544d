//! Streets seen from above: ground, carriageways, marks and roofs.

use crate::demo::canvas::Canvas;
use crate::demo::colour::Colour;
use crate::demo::geometry::{Placement, Point, Ring, capsule, circle, rectangle, sin_cos};
use crate::demo::random::Random;

/// Colour of asphalt from above.
pub const ASPHALT: Colour = Colour::rgb(0x5d_63_6c);
/// Colour of painted marks.
pub const MARK: Colour = Colour::rgb(0xf1_f2_ee);
/// Colour of kerbs and pavements.
pub const STONE: Colour = Colour::rgb(0xc9_c4_ba);
const GRASS: Colour = Colour::rgb(0x8f_b5_6c);

/// Covers the picture with grass.
pub fn grass(canvas: &mut Canvas, random: &mut Random) {
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    canvas.shape(rectangle(0.0, 0.0, width, height), GRASS);
    for _ in 0..150 {
        let tone = if random.below(2) == 0 { GRASS.lighter(0.12) } else { GRASS.darker(0.08) };
        let (x, y) = (random.between(0.0, width), random.between(0.0, height));
        canvas.shape(circle(x, y, random.between(2.0, 9.0)), tone.faded(0.6));
    }
}

/// Draws a straight road from the shape's origin along x, `width` wide, with pavements; returns its outline.
pub fn road(canvas: &mut Canvas, placement: Placement, from: f64, to: f64, width: f64) -> Ring {
    let outline = placement.ring(&rectangle(from, -width / 2.0, to - from, width));
    canvas.shape(outline.clone(), ASPHALT);
    outline
}

/// Draws the pavement that a road of `width` will lie on.
pub fn pavement(canvas: &mut Canvas, placement: Placement, from: f64, to: f64, width: f64) {
    let half = width / 2.0;
    canvas.shape(placement.ring(&rectangle(from, -half - 17.0, to - from, width + 34.0)), STONE);
    canvas.shape(placement.ring(&rectangle(from, -half - 3.0, to - from, width + 6.0)), STONE.lighter(0.5));
}

/// Draws a dashed line along x from `from` to `to`; returns one line per dash.
pub fn dashes(canvas: &mut Canvas, placement: Placement, from: f64, to: f64) -> Vec<Vec<Point>> {
    let mut lines = Vec::new();
    let mut x = from;
    while x + 30.0 <= to {
        canvas.shape(placement.ring(&rectangle(x, -1.7, 30.0, 3.4)), MARK);
        lines.push(vec![placement.place([x, 0.0]), placement.place([x + 30.0, 0.0])]);
        x += 54.0;
    }
    lines
}

/// Draws a zebra crossing over a road of `width` at `x`; returns its stripes.
pub fn zebra(canvas: &mut Canvas, placement: Placement, x: f64, width: f64) -> Vec<Ring> {
    let mut stripes = Vec::new();
    let mut y = -width / 2.0 + 6.0;
    while y + 9.0 <= width / 2.0 - 3.0 {
        let stripe = placement.ring(&rectangle(x - 19.0, y, 38.0, 9.0));
        canvas.shape(stripe.clone(), MARK);
        stripes.push(stripe);
        y += 17.0;
    }
    stripes
}

/// Draws a ring road around `centre`; returns its outer and inner edge.
pub fn ring_road(canvas: &mut Canvas, [x, y]: Point, outer: f64, inner: f64) -> (Ring, Ring) {
    canvas.shape(circle(x, y, outer), ASPHALT);
    for step in 0..30 {
        let (sine, cosine) = sin_cos(f64::from(step) * 12.0);
        let (ahead_sine, ahead_cosine) = sin_cos(f64::from(step) * 12.0 + 5.0);
        let middle = outer - 7.0;
        let from = [x + middle * cosine, y + middle * sine];
        let to = [x + middle * ahead_cosine, y + middle * ahead_sine];
        canvas.shape(capsule(from, to, 1.3, 1.3), MARK.faded(0.75));
    }
    canvas.shape(circle(x, y, inner), STONE.lighter(0.4));
    canvas.shape(circle(x, y, inner - 6.0), GRASS);
    canvas.shape(circle(x, y, inner - 16.0), GRASS.lighter(0.12));
    (circle(x, y, outer), circle(x, y, inner))
}

/// Draws a hipped roof of `width` by `depth` around the shape's origin, with a shadow.
pub fn roof(canvas: &mut Canvas, placement: Placement, width: f64, depth: f64, colour: Colour) {
    let (w, d) = (width / 2.0, depth / 2.0);
    let ridge = (w - d).max(0.0);
    canvas.shape(placement.ring(&rectangle(-w + 9.0, -d + 11.0, width, depth)), Colour::rgb(0).faded(0.25));
    let slopes: [(Ring, Colour); 4] = [
        (vec![[-w, -d], [w, -d], [ridge, 0.0], [-ridge, 0.0]], colour.lighter(0.22)),
        (vec![[-w, d], [w, d], [ridge, 0.0], [-ridge, 0.0]], colour.darker(0.18)),
        (vec![[-w, -d], [-w, d], [-ridge, 0.0]], colour.lighter(0.08)),
        (vec![[w, -d], [w, d], [ridge, 0.0]], colour.darker(0.08)),
    ];
    canvas.shape(placement.ring(&rectangle(-w, -d, width, depth)), colour);
    for (slope, tone) in slopes {
        canvas.shape(placement.ring(&slope), tone);
    }
    for row in 1..5 {
        let share = f64::from(row) / 5.0;
        let (x, y) = (ridge + (w - ridge) * share, d * share);
        for side in [-y, y] {
            canvas.shape(placement.ring(&rectangle(-x, side - 0.5, 2.0 * x, 1.0)), colour.darker(0.3).faded(0.5));
        }
    }
    canvas.shape(placement.ring(&capsule([-ridge, 0.0], [ridge, 0.0], 1.6, 1.6)), colour.lighter(0.35));
    canvas.shape(placement.ring(&rectangle(w * 0.3, -d * 0.55, 13.0, 11.0)), Colour::rgb(0x6f_43_3a));
    canvas.shape(placement.ring(&rectangle(w * 0.3 + 3.0, -d * 0.55 + 3.0, 7.0, 5.0)), Colour::rgb(0x2d_22_22));
}
