//! A street seen from across it: sky, skyline, road, crossing, lamps and signs. The picture is 960 by 600 pixels.

use crate::demo::canvas::{Canvas, Paint};
use crate::demo::colour::Colour;
use crate::demo::geometry::{Bounds, Point, Ring, capsule, circle, ellipse, rectangle, rounded};
use crate::demo::random::Random;

/// Row on which the houses stand.
pub const HOUSES: f64 = 372.0;
/// Row where the far pavement ends and the road begins.
pub const FAR_KERB: f64 = 406.0;
/// Row where the road ends.
pub const NEAR_KERB: f64 = 554.0;
/// Row of the wheels in the far lane.
pub const FAR_LANE: f64 = 456.0;
/// Row of the wheels in the near lane.
pub const NEAR_LANE: f64 = 537.0;

const MARK: Colour = Colour::rgb(0xf1_f2_ee);
const STONE: Colour = Colour::rgb(0xc3_be_b4);
const ASPHALT: Colour = Colour::rgb(0x5a_60_69);

/// Colours of the sky and the light that falls on everything.
#[derive(Debug, Clone, Copy)]
pub struct Mood {
    /// Top of the sky.
    pub zenith: Colour,
    /// Sky behind the houses.
    pub horizon: Colour,
    /// What everything but lamps is multiplied with.
    pub light: Colour,
    /// Sun or moon, where and which colour.
    pub orb: Option<(Point, Colour)>,
    /// Whether there are clouds.
    pub clouds: bool,
}

/// Draws the sky with sun or moon, clouds and a far skyline.
pub fn sky(canvas: &mut Canvas, mood: Mood, random: &mut Random) {
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    canvas.set_light(Colour::WHITE);
    canvas.fill(&[rectangle(0.0, 0.0, width, height)], Paint::Gradient { top: 0.0, from: mood.zenith, bottom: HOUSES, to: mood.horizon });
    if let Some((at, colour)) = mood.orb {
        canvas.glow(at, 150.0, colour.faded(0.55));
        canvas.fill(&[circle(at[0], at[1], 25.0)], Paint::Lit(colour));
    }
    if mood.clouds {
        for _ in 0..5 {
            let (x, y) = (random.between(0.0, width), random.between(30.0, 130.0));
            let size = random.between(0.6, 1.3);
            let colour = mood.horizon.lighter(0.65).faded(0.75);
            canvas.shape(rounded(x - 60.0 * size, y, 120.0 * size, 20.0 * size, 10.0 * size), colour);
            canvas.shape(rounded(x - 34.0 * size, y - 16.0 * size, 62.0 * size, 34.0 * size, 16.0 * size), colour);
        }
    }
    let mut x = -10.0;
    while x < width {
        let (wide, tall) = (random.between(34.0, 80.0), random.between(60.0, 190.0));
        let tone = mood.horizon.darker(random.between(0.13, 0.2));
        canvas.shape(rectangle(x, HOUSES - tall, wide, tall), tone);
        if random.below(3) == 0 {
            canvas.shape(vec![[x, HOUSES - tall], [x + wide / 2.0, HOUSES - tall - 26.0], [x + wide, HOUSES - tall]], tone);
        }
        x += wide - 4.0;
    }
    canvas.set_light(mood.light);
}

/// Draws both pavements and the road with a side street that opens at `side`; returns the outline of the road.
pub fn road(canvas: &mut Canvas, side: f64, wet: bool, random: &mut Random) -> Ring {
    let width = canvas.width() as f64;
    canvas.shape(rectangle(0.0, HOUSES, width, FAR_KERB - HOUSES), STONE);
    for step in 0..60 {
        let x = f64::from(step) * 18.0 - 40.0;
        canvas.shape(vec![[x, HOUSES], [x + 1.0, HOUSES], [x - 5.0, FAR_KERB], [x - 6.5, FAR_KERB]], STONE.darker(0.13));
    }
    canvas.shape(rectangle(0.0, HOUSES + 14.0, width, 1.0), STONE.darker(0.13));
    canvas.shape(rectangle(0.0, FAR_KERB - 6.0, width, 6.0), STONE.lighter(0.3));
    canvas.shape(rectangle(0.0, NEAR_KERB, width, 600.0 - NEAR_KERB), STONE.lighter(0.1));
    for step in 0..40 {
        let x = f64::from(step) * 30.0 - 60.0;
        canvas.shape(vec![[x, NEAR_KERB], [x + 1.6, NEAR_KERB], [x - 10.0, 600.0], [x - 12.0, 600.0]], STONE.darker(0.1));
    }
    let outline = vec![
        [0.0, FAR_KERB],
        [0.0, NEAR_KERB],
        [width, NEAR_KERB],
        [width, FAR_KERB],
        [side + 74.0, FAR_KERB],
        [side + 34.0, HOUSES],
        [side - 34.0, HOUSES],
        [side - 74.0, FAR_KERB],
    ];
    let asphalt = if wet { ASPHALT.darker(0.25) } else { ASPHALT };
    let (from, to) = (asphalt.lighter(if wet { 0.16 } else { 0.06 }), asphalt);
    canvas.fill(std::slice::from_ref(&outline), Paint::Gradient { top: HOUSES, from, bottom: NEAR_KERB, to });
    for _ in 0..90 {
        let (x, y) = (random.between(0.0, width), random.between(FAR_KERB + 4.0, NEAR_KERB - 4.0));
        let tone = if random.below(2) == 0 { asphalt.lighter(0.16) } else { asphalt.darker(0.2) };
        canvas.shape(ellipse(x, y, random.between(1.0, 3.4), 0.9), tone.faded(0.5));
    }
    canvas.shape(rectangle(0.0, NEAR_KERB, width, 6.0), STONE.lighter(0.45));
    canvas.shape(rectangle(0.0, NEAR_KERB + 6.0, width, 2.0), STONE.darker(0.3));
    canvas.shape(rectangle(0.0, FAR_KERB, width, 3.0), asphalt.darker(0.3));
    outline
}

/// Draws the dashed mark between the lanes; returns one line per dash, left to right.
pub fn lane_marks(canvas: &mut Canvas, gaps: &[(f64, f64)]) -> Vec<Vec<Point>> {
    let y = 479.0;
    (0..9)
        .map(|step| 22.0 + f64::from(step) * 110.0)
        .filter(|x| !gaps.iter().any(|(from, to)| x + 62.0 > *from && x < to))
        .map(|x| {
            canvas.shape(vec![[x, y - 2.6], [x + 60.0, y - 2.6], [x + 62.0, y + 2.6], [x - 2.0, y + 2.6]], MARK);
            vec![[x, y], [x + 60.0, y]]
        })
        .collect()
}

/// Draws a zebra crossing whose middle line meets the road's middle at `x`; returns its stripes, far to near.
pub fn zebra(canvas: &mut Canvas, x: f64) -> Vec<Ring> {
    let mut stripes = Vec::new();
    let mut top = FAR_KERB + 7.0;
    let mut thickness = 8.0;
    while top + thickness < NEAR_KERB - 2.0 {
        let edge = |y: f64| {
            let near = (y - FAR_KERB) / (NEAR_KERB - FAR_KERB);
            (x - 48.0 - 24.0 * near, x + 48.0 + 24.0 * near)
        };
        let (upper, lower) = (edge(top), edge(top + thickness));
        let stripe = vec![[upper.0, top], [lower.0, top + thickness], [lower.1, top + thickness], [upper.1, top]];
        canvas.shape(stripe.clone(), MARK);
        stripes.push(stripe);
        top += thickness * 1.85;
        thickness *= 1.13;
    }
    stripes
}

/// Draws a street lamp that stands at `(x, base)`; returns the middle of its head.
pub fn lamp(canvas: &mut Canvas, [x, base]: Point, height: f64, leftwards: bool, shining: bool) -> Point {
    let iron = Colour::rgb(0x34_3b_46);
    let reach = if leftwards { -1.0 } else { 1.0 } * height * 0.17;
    let top = base - height;
    canvas.shape(ellipse(x, base, 9.0, 3.0), Colour::rgb(0).faded(0.25));
    canvas.shape(capsule([x, base - 2.0], [x, base - height * 0.12], 4.6, 4.0), iron);
    canvas.shape(capsule([x, base - 4.0], [x, top + 12.0], 2.6, 2.0), iron);
    canvas.shape(capsule([x, top + 12.0], [x + reach * 0.4, top], 2.0, 1.8), iron);
    canvas.shape(capsule([x + reach * 0.4, top], [x + reach, top - 1.0], 1.8, 1.6), iron);
    let head = [x + reach, top + 2.0];
    canvas.shape(rounded(head[0] - 13.0, head[1] - 5.0, 26.0, 8.0, 4.0), iron);
    let bulb = rounded(head[0] - 10.0, head[1] + 1.5, 20.0, 4.0, 2.0);
    if shining {
        canvas.glow(head, 95.0, Colour::rgb(0xff_da_8c).faded(0.55));
        canvas.fill(&[bulb], Paint::Lit(Colour::rgb(0xff_f2_cc)));
    } else {
        canvas.shape(bulb, Colour::rgb(0xf4_f0_dc));
    }
    head
}

/// Draws a round no-entry sign on a pole; returns its centre and radius.
pub fn round_sign(canvas: &mut Canvas, [x, base]: Point) -> (Point, f64) {
    pole(canvas, [x, base], 96.0);
    let (centre, radius) = ([x, base - 96.0], 15.0);
    canvas.shape(circle(x, centre[1], radius), Colour::rgb(0xf8_f8_f5));
    canvas.shape(circle(x, centre[1], radius - 1.6), Colour::rgb(0xcf_20_2f));
    canvas.shape(rounded(x - 9.5, centre[1] - 3.0, 19.0, 6.0, 1.5), Colour::rgb(0xf8_f8_f5));
    (centre, radius)
}

/// Draws a square parking sign on a pole; returns the box of the plate.
pub fn parking_sign(canvas: &mut Canvas, [x, base]: Point) -> Bounds {
    pole(canvas, [x, base], 94.0);
    let (left, top) = (x - 14.0, base - 108.0);
    canvas.shape(rounded(left, top, 28.0, 28.0, 4.0), Colour::rgb(0xf8_f8_f5));
    canvas.shape(rounded(left + 1.6, top + 1.6, 24.8, 24.8, 3.0), Colour::rgb(0x1d_5f_c4));
    let letter = [rounded(x - 6.0, top + 5.0, 13.0, 11.5, 5.5), rounded(x - 2.0, top + 8.4, 5.4, 4.8, 2.4)];
    canvas.fill(&letter, Paint::Flat(Colour::rgb(0xf8_f8_f5)));
    canvas.shape(rectangle(x - 6.0, top + 5.0, 4.0, 18.0), Colour::rgb(0xf8_f8_f5));
    Bounds { left, top, right: left + 28.0, bottom: top + 28.0 }
}

fn pole(canvas: &mut Canvas, [x, base]: Point, height: f64) {
    canvas.shape(ellipse(x, base, 6.0, 2.0), Colour::rgb(0).faded(0.25));
    canvas.shape(rectangle(x - 1.8, base - height, 3.6, height), Colour::rgb(0x8d_95_a1));
    canvas.shape(rectangle(x + 0.4, base - height, 1.4, height), Colour::rgb(0x6d_75_81));
}
