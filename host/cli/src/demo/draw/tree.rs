//! Trees, from the side and from above.

use crate::demo::canvas::Canvas;
use crate::demo::colour::Colour;
use crate::demo::geometry::{Point, Ring, capsule, circle, ellipse, sin_cos};
use crate::demo::random::Random;

/// A lobed crown around `(x, y)`; starts at the bottom and runs clockwise on screen.
fn crown(x: f64, y: f64, radius: f64, phases: [f64; 3]) -> Ring {
    (0..48)
        .map(|step| {
            let angle = 90.0 + f64::from(step) * 7.5;
            let (sine, cosine) = sin_cos(angle);
            let lobes = [(4.0, 0.055), (7.0, 0.045), (11.0, 0.025)];
            let wave: f64 = lobes.iter().zip(phases).map(|((waves, height), phase)| sin_cos(waves * angle + phase).0 * height).sum();
            let r = radius * (1.0 + wave);
            [x + r * cosine, y + r * 1.08 * sine]
        })
        .collect()
}

fn leaves(canvas: &mut Canvas, [x, y]: Point, radius: f64, colour: Colour, random: &mut Random) {
    for _ in 0..26 {
        let (sine, cosine) = sin_cos(random.between(0.0, 360.0));
        let away = radius * 0.78 * random.between(0.1, 1.0);
        let size = radius * random.between(0.05, 0.12);
        // Light falls from the upper left.
        let sunny = cosine + sine < 0.0;
        let tone = if sunny { colour.lighter(0.28) } else { colour.darker(0.22) };
        canvas.shape(circle(x + away * cosine, y + away * sine, size), tone.faded(0.55));
    }
}

/// Draws a tree whose trunk stands at `(x, base)`; returns its outline, trunk included, as one ring.
pub fn draw(canvas: &mut Canvas, [x, base]: Point, height: f64, colour: Colour, random: &mut Random) -> Ring {
    let radius = height * 0.34;
    let middle = base - height + radius * 1.12;
    let (low, high) = (height * 0.055, height * 0.035);
    let phases = [0.0; 3].map(|_: f64| random.between(0.0, 360.0));
    let bark = Colour::rgb(0x6b_4a_34);
    canvas.shape(ellipse(x, base, height * 0.17, height * 0.025), Colour::rgb(0).faded(0.2));
    let trunk = vec![[x - low, base], [x + low, base], [x + high, middle], [x - high, middle]];
    canvas.shape(trunk, bark);
    canvas.shape(vec![[x, base], [x + low, base], [x + high, middle], [x, middle]], bark.darker(0.25));
    canvas.shape(capsule([x, middle + radius * 1.3], [x + radius * 0.5, middle + radius * 0.4], high * 0.6, high * 0.4), bark);
    let outline = crown(x, middle, radius, phases);
    canvas.shape(outline.clone(), colour);
    canvas.shape(crown(x - radius * 0.07, middle - radius * 0.08, radius * 0.84, phases), colour.lighter(0.10));
    canvas.shape(crown(x - radius * 0.17, middle - radius * 0.19, radius * 0.58, phases), colour.lighter(0.20));
    leaves(canvas, [x, middle], radius, colour, random);
    // The crown's lowest point is replaced by the trunk: one ring, no holes, as a polygon tool draws it.
    let bottom = middle + radius;
    let mut ring: Ring = vec![[x + low, base], [x - low, base], [x - high, bottom - 2.0]];
    ring.extend(outline.into_iter().filter(|&[px, py]| py < bottom - 4.0 || (px - x).abs() > high + 2.0));
    ring.push([x + high, bottom - 2.0]);
    ring
}

/// Draws a tree from above with its shadow; returns the outline of the crown.
pub fn draw_above(canvas: &mut Canvas, [x, y]: Point, radius: f64, colour: Colour, random: &mut Random) -> Ring {
    let phases = [0.0; 3].map(|_: f64| random.between(0.0, 360.0));
    canvas.shape(crown(x + radius * 0.22, y + radius * 0.26, radius, phases), Colour::rgb(0).faded(0.22));
    let outline = crown(x, y, radius, phases);
    canvas.shape(outline.clone(), colour);
    canvas.shape(crown(x - radius * 0.06, y - radius * 0.07, radius * 0.82, phases), colour.lighter(0.10));
    canvas.shape(crown(x - radius * 0.14, y - radius * 0.16, radius * 0.52, phases), colour.lighter(0.22));
    leaves(canvas, [x, y], radius, colour, random);
    outline
}
