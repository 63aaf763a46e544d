//! Rain, fog and puddles.

use crate::demo::canvas::{Canvas, Paint};
use crate::demo::colour::Colour;
use crate::demo::geometry::{Point, Ring, ellipse, rectangle, sin_cos};
use crate::demo::random::Random;

/// Draws slanted rain over the whole picture.
pub fn rain(canvas: &mut Canvas, random: &mut Random) {
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    for _ in 0..420 {
        let (x, y) = (random.between(-20.0, width + 20.0), random.between(-20.0, height));
        let length = random.between(9.0, 24.0);
        let drop = vec![[x, y], [x + 1.1, y], [x - length * 0.22 + 1.1, y + length], [x - length * 0.22, y + length]];
        canvas.shape(drop, Colour::WHITE.faded(random.between(0.12, 0.34)));
    }
}

/// Draws fog that is thickest at row `thickest`.
pub fn fog(canvas: &mut Canvas, thickest: f64) {
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    let mist = Colour::rgb(0xe6_ea_ed);
    let bands = [(0.0, thickest, 0.25, 0.80), (thickest, height, 0.80, 0.15)];
    for (top, bottom, from, to) in bands {
        canvas.fill(&[rectangle(0.0, top, width, bottom - top)], Paint::Gradient { top, from: mist.faded(from), bottom, to: mist.faded(to) });
    }
}

/// Draws a puddle around a dry island; returns its shore and the island's.
pub fn puddle(canvas: &mut Canvas, [x, y]: Point, across: f64, random: &mut Random) -> (Ring, Ring) {
    let phase = random.between(0.0, 360.0);
    let blob = |across: f64, down: f64, dx: f64| -> Ring {
        (0..64)
            .map(|step| {
                let angle = f64::from(step) * 5.625;
                let (sine, cosine) = sin_cos(angle);
                let wave = 1.0 + 0.09 * sin_cos(3.0 * angle + phase).0 + 0.06 * sin_cos(5.0 * angle - phase).0;
                [x + dx + across * wave * cosine, y + down * wave * sine]
            })
            .collect()
    };
    let down = across * 0.22;
    let (shore, island) = (blob(across, down, 0.0), blob(across * 0.34, down * 0.36, across * 0.12));
    let rings = [shore.clone(), island.clone()];
    let (from, to) = (Colour::rgb(0x8f_a8_bb), Colour::rgb(0xc4_d4_df));
    canvas.fill(&rings, Paint::Gradient { top: y - down, from, bottom: y + down, to });
    for (dx, dy, reach) in [(-0.62, -0.25, 0.16), (0.66, 0.20, 0.12), (-0.30, 0.62, 0.14)] {
        canvas.shape(ellipse(x + dx * across, y + dy * down, reach * across, 1.3), Colour::WHITE.faded(0.55));
    }
    (shore, island)
}
