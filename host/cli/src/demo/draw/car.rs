//! Cars seen from the side.

use super::sprite::Sprite;
use crate::demo::canvas::Canvas;
use crate::demo::colour::Colour;
use crate::demo::geometry::{Bounds, Pen, Placement, Ring, circle, ellipse, rectangle, rounded};

/// The shape of a car.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Body {
    /// Three boxes: bonnet, cabin, boot.
    Sedan,
    /// Two boxes: bonnet and cabin.
    Hatch,
    /// One tall box.
    Van,
}

const GLASS: Colour = Colour::rgb(0x2c_3a_4b);
const SHEEN: Colour = Colour::rgb(0xbf_d9_ea);
const TYRE: Colour = Colour::rgb(0x22_24_2b);
const RIM: Colour = Colour::rgb(0xc9_ce_d6);

/// Draws a car that faces right, its origin on the ground between the wheels; about 152 by 57 pixels unscaled. The box leaves out the shadow.
pub fn draw(canvas: &mut Canvas, placement: Placement, body: Body, colour: Colour, lights: bool) -> Bounds {
    let mut car = Sprite::new(canvas, placement);
    car.detail(ellipse(0.0, -1.0, 84.0, 6.0), Colour::rgb(0).faded(0.22));
    let (outline, windows, rear) = shell(body);
    car.part(outline, colour);
    car.detail(skirt(), colour.darker(0.28));
    car.detail(rectangle(-68.0, -30.5, 134.0, 1.6), colour.lighter(0.35).faded(0.8));
    for window in windows {
        car.detail(window, GLASS);
    }
    for streak in sheen(body) {
        car.detail(streak, SHEEN.faded(0.35));
    }
    let seam = colour.darker(0.35);
    for x in [-2.6, if body == Body::Van { 30.0 } else { 34.0 }] {
        car.detail(rectangle(x, -36.0, 1.2, 23.0), seam);
    }
    car.detail(rounded(-14.0, -28.0, 8.0, 2.2, 1.1), seam);
    car.detail(rounded(-73.0, -14.5, 6.0, 4.0, 2.0), colour.darker(0.5));
    car.detail(rounded(66.0, -15.0, 9.0, 4.5, 2.0), colour.darker(0.5));
    car.detail(ellipse(70.0, -25.0, 5.0, 3.4), Colour::rgb(0xff_f3_c4));
    car.detail(rounded(-75.0, rear, 4.5, 7.5, 1.5), Colour::rgb(0xd4_2a_3a));
    for x in [-44.0, 46.0] {
        car.detail(circle(x, -13.5, 16.2), colour.darker(0.72));
        car.part(circle(x, -13.0, 13.0), TYRE);
        car.detail(circle(x, -13.0, 7.8), RIM);
        car.detail(circle(x, -13.0, 5.6), RIM.darker(0.35));
        car.detail(circle(x, -13.0, 2.2), RIM);
    }
    if lights {
        car.lit(ellipse(70.0, -25.0, 5.5, 3.8), Colour::rgb(0xff_f0_b0));
        car.lit(vec![[72.0, -25.0], [170.0, -2.0], [108.0, -1.0]], Colour::rgb(0xff_ee_aa).faded(0.20));
        car.lit(rounded(-75.0, rear, 4.5, 7.5, 1.5), Colour::rgb(0xff_3b_4a));
    }
    car.bounds()
}

/// Outline of the body, its windows, and the height of the rear light.
fn shell(body: Body) -> (Ring, Vec<Ring>, f64) {
    let lower = |pen: Pen, rear: f64| {
        pen.curve([77.0, -28.0], [77.0, -19.0])
            .line(77.0, -13.0)
            .curve([76.0, -8.5], [71.0, -8.5])
            .line(-70.0, -8.5)
            .curve([-76.0, -8.5], [-76.0, -14.0])
            .line(-76.0, rear)
            .close()
    };
    match body {
        Body::Sedan => {
            let pen = Pen::start(-76.0, -26.0)
                .curve([-76.0, -35.0], [-67.0, -36.0])
                .line(-50.0, -38.0)
                .curve([-34.0, -57.0], [-16.0, -57.0])
                .line(12.0, -57.0)
                .curve([24.0, -56.0], [42.0, -38.0])
                .curve([64.0, -36.0], [72.0, -31.0]);
            let rear = vec![[-43.0, -38.5], [-27.0, -52.0], [-5.0, -52.5], [-5.0, -38.5]];
            let front = vec![[0.0, -38.5], [0.0, -52.5], [13.0, -52.0], [33.0, -38.5]];
            (lower(pen, -26.0), vec![rear, front], -33.0)
        }
        Body::Hatch => {
            let pen = Pen::start(-76.0, -28.0)
                .curve([-76.0, -42.0], [-64.0, -52.0])
                .curve([-56.0, -59.0], [-40.0, -59.0])
                .line(8.0, -59.0)
                .curve([22.0, -58.0], [40.0, -39.0])
                .curve([64.0, -36.0], [72.0, -31.0]);
            let rear = vec![[-65.0, -39.5], [-55.0, -52.5], [-5.0, -54.0], [-5.0, -39.5]];
            let front = vec![[0.0, -39.5], [0.0, -54.0], [9.0, -53.5], [31.0, -39.5]];
            (lower(pen, -28.0), vec![rear, front], -37.0)
        }
        Body::Van => {
            let pen = Pen::start(-76.0, -60.0)
                .curve([-76.0, -76.0], [-62.0, -76.0])
                .line(24.0, -76.0)
                .curve([38.0, -75.0], [48.0, -60.0])
                .line(58.0, -42.0)
                .curve([70.0, -38.0], [74.0, -31.0]);
            let cab = vec![[14.0, -44.0], [14.0, -68.0], [28.0, -67.0], [47.0, -44.0]];
            let side = rounded(-60.0, -67.0, 66.0, 22.0, 3.0);
            (lower(pen, -60.0), vec![side, cab], -44.0)
        }
    }
}

fn skirt() -> Ring {
    Pen::start(-76.0, -18.0)
        .line(77.0, -18.0)
        .line(77.0, -13.0)
        .curve([76.0, -8.5], [71.0, -8.5])
        .line(-70.0, -8.5)
        .curve([-76.0, -8.5], [-76.0, -14.0])
        .close()
}

fn sheen(body: Body) -> Vec<Ring> {
    let (top, low) = match body {
        Body::Sedan => (-52.0, -39.0),
        Body::Hatch => (-53.0, -40.0),
        Body::Van => (-66.0, -45.5),
    };
    vec![vec![[-16.0, top], [-9.0, top], [-18.0, low], [-25.0, low]], vec![[-24.0, top], [-21.0, top], [-30.0, low], [-33.0, low]]]
}
