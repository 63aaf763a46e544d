//! Town houses: a wall with windows, a door or a shop, and a roof.

use crate::demo::canvas::{Canvas, Paint};
use crate::demo::colour::Colour;
use crate::demo::geometry::{Ring, rectangle, rounded};
use crate::demo::random::Random;

/// What a house looks like. Lengths in pixels.
#[derive(Debug, Clone, Copy)]
pub struct House {
    /// Left edge of the wall.
    pub x: f64,
    /// Row of the ground.
    pub base: f64,
    /// Width of the wall.
    pub width: f64,
    /// Height of the wall, without the roof.
    pub height: f64,
    /// Colour of the wall.
    pub wall: Colour,
    /// Shape of the roof.
    pub roof: Roof,
    /// Whether the ground floor is a shop.
    pub shop: bool,
    /// Share of windows with a light on, 0 to 1.
    pub lit: f64,
}

/// Shape of a roof.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Roof {
    /// A low parapet.
    Flat,
    /// A triangle that the wall reaches up into.
    Gable,
    /// A steep slope with dormers.
    Mansard,
}

/// The wall of a house without its openings.
#[derive(Debug)]
pub struct Facade {
    /// Outline of the wall.
    pub wall: Ring,
    /// Windows and doors.
    pub openings: Vec<Ring>,
}

const FLOOR: f64 = 58.0;
const GROUND_FLOOR: f64 = 66.0;

/// Draws a house and returns its facade.
pub fn draw(canvas: &mut Canvas, house: House, random: &mut Random) -> Facade {
    let House { x, base, width, height, wall, .. } = house;
    let top = base - height;
    roof(canvas, house, random);
    let mut outline = rectangle(x, top, width, height);
    if house.roof == Roof::Gable {
        outline.push([x + width / 2.0, top - width * 0.36]);
    }
    canvas.shape(outline.clone(), wall);
    canvas.shape(rectangle(x + width - 7.0, top, 7.0, height), wall.darker(0.12));
    canvas.shape(rectangle(x, base - 12.0, width, 12.0), wall.darker(0.35));
    canvas.shape(rectangle(x, base - GROUND_FLOOR, width, 4.0), wall.lighter(0.45));
    if house.roof == Roof::Gable {
        let middle = x + width / 2.0;
        for (from, to) in [(x - 6.0, middle), (x + width + 6.0, middle)] {
            let peak = top - width * 0.36;
            let drop = 6.0 * 0.72;
            let eave = top + drop;
            canvas.shape(vec![[from, eave], [from, eave - 7.0], [to, peak - 7.0], [to, peak]], Colour::rgb(0x7a_3b_30));
        }
    } else {
        canvas.shape(rectangle(x - 3.0, top - 2.0, width + 6.0, 7.0), wall.lighter(0.5));
        canvas.shape(rectangle(x - 3.0, top + 5.0, width + 6.0, 2.0), wall.darker(0.25));
    }
    let mut openings = Vec::new();
    let columns = ((width - 12.0) / 40.0).floor().max(1.0);
    let pitch = width / columns;
    let floors = ((height - GROUND_FLOOR - 4.0) / FLOOR).floor().max(0.0);
    for floor in 0..floors as u32 {
        let sill = base - GROUND_FLOOR - f64::from(floor) * FLOOR - 12.0;
        for column in 0..columns as u32 {
            let centre = x + pitch * (f64::from(column) + 0.5);
            let on = random.between(0.0, 1.0) < house.lit;
            openings.push(window(canvas, centre, sill, wall, on, random));
        }
    }
    ground_floor(canvas, house, columns, pitch, random, &mut openings);
    Facade { wall: outline, openings }
}

fn window(canvas: &mut Canvas, centre: f64, sill: f64, wall: Colour, on: bool, random: &mut Random) -> Ring {
    let (width, height) = (23.0, 36.0);
    let (x, y) = (centre - width / 2.0, sill - height);
    canvas.shape(rectangle(x - 3.0, y - 4.0, width + 6.0, height + 6.0), wall.lighter(0.55));
    let opening = rectangle(x, y, width, height);
    glass(canvas, &opening, y, height, on);
    let curtain = Colour::rgb(0xf2_ee_e6).faded(if on { 0.25 } else { 0.55 });
    match random.below(4) {
        0 => canvas.shape(rectangle(x, y, width, height * 0.35), curtain),
        1 => {
            canvas.shape(vec![[x, y], [x + 7.0, y], [x + 3.0, y + height], [x, y + height]], curtain);
            let right = x + width;
            canvas.shape(vec![[right, y], [right - 7.0, y], [right - 3.0, y + height], [right, y + height]], curtain);
        }
        _ => {}
    }
    let frame = Colour::rgb(0xf7_f5_f0);
    canvas.shape(rectangle(centre - 0.9, y, 1.8, height), frame);
    canvas.shape(rectangle(x, y + height * 0.36, width, 1.8), frame);
    canvas.shape(rectangle(x - 4.0, sill, width + 8.0, 4.0), wall.lighter(0.7));
    canvas.shape(rectangle(x - 3.0, sill + 4.0, width + 6.0, 2.0), wall.darker(0.22));
    if random.below(5) == 0 {
        for step in 0..6 {
            let tone = random.pick(&[0xd9_4f_5c, 0xf0_a8_3c, 0x5f_a8_55], 0x5f_a8_55);
            let petal = rounded(x - 2.0 + f64::from(step) * 4.4, sill - 5.0, 5.0, 6.0, 2.5);
            canvas.shape(petal, Colour::rgb(tone));
        }
    }
    opening
}

fn glass(canvas: &mut Canvas, opening: &Ring, y: f64, height: f64, on: bool) {
    if on {
        canvas.fill(std::slice::from_ref(opening), Paint::Lit(Colour::rgb(0xff_d4_7e)));
        return;
    }
    let (from, to) = (Colour::rgb(0x5f_86_a3), Colour::rgb(0xa9_cb_de));
    canvas.fill(std::slice::from_ref(opening), Paint::Gradient { top: y, from, bottom: y + height, to });
}

fn ground_floor(canvas: &mut Canvas, house: House, columns: f64, pitch: f64, random: &mut Random, openings: &mut Vec<Ring>) {
    let House { x, base, width, wall, .. } = house;
    let on = house.lit > 0.0;
    let door_column = random.below(columns as usize);
    let door_x = x + pitch * (door_column as f64 + 0.5) - 12.0;
    if house.shop {
        let left = door_column as f64 * 2.0 >= columns;
        let (from, to) = if left { (x + 9.0, door_x - 8.0) } else { (door_x + 32.0, x + width - 10.0) };
        if to - from > 20.0 {
            canvas.shape(rectangle(from - 3.0, base - 49.0, to - from + 6.0, 38.0), Colour::rgb(0x3b_3f_4a));
            let pane = rectangle(from, base - 46.0, to - from, 33.0);
            glass(canvas, &pane, base - 46.0, 33.0, on);
            for step in 0..((to - from) / 15.0) as u32 {
                let tone = random.pick(&[0xd9_6b_52, 0x52_8f_d9, 0xe3_b6_4a, 0x6f_a8_6b], 0x52_8f_d9);
                let goods = random.between(9.0, 18.0);
                let at = from + 4.0 + f64::from(step) * 15.0;
                canvas.shape(rounded(at, base - 13.0 - goods, 9.0, goods, 3.0), Colour::rgb(tone).faded(0.8));
            }
            openings.push(pane);
            awning(canvas, from - 6.0, to + 6.0, base - 54.0, random);
        }
    } else {
        for column in (0..columns as usize).filter(|column| *column != door_column) {
            let centre = x + pitch * (column as f64 + 0.5);
            let bright = random.between(0.0, 1.0) < house.lit;
            openings.push(window(canvas, centre, base - 19.0, wall, bright, random));
        }
    }
    let door = rectangle(door_x, base - 50.0, 24.0, 50.0);
    let tone = Colour::rgb(random.pick(&[0x2f_5d_50, 0x7c_2d_2d, 0x2c_4a_7c, 0x5a_43_2e], 0x5a_43_2e));
    canvas.shape(rectangle(door_x - 4.0, base - 55.0, 32.0, 55.0), wall.lighter(0.6));
    canvas.shape(door.clone(), tone);
    canvas.shape(rectangle(door_x + 4.0, base - 46.0, 16.0, 14.0), Colour::rgb(0xa9_cb_de));
    canvas.shape(rectangle(door_x + 4.0, base - 27.0, 16.0, 21.0), tone.darker(0.25));
    canvas.shape(rounded(door_x + 19.0, base - 29.0, 3.0, 3.0, 1.5), Colour::rgb(0xe8_c8_6a));
    canvas.shape(rectangle(door_x - 4.0, base - 3.0, 32.0, 3.0), Colour::rgb(0x9a_96_90));
    openings.push(door);
}

fn awning(canvas: &mut Canvas, from: f64, to: f64, y: f64, random: &mut Random) {
    let tone = Colour::rgb(random.pick(&[0xc9_3b_3b, 0x2e_7d_5b, 0x2f_63_b8, 0xd2_8a_2d], 0xc9_3b_3b));
    let stripes = ((to - from) / 9.0).round().max(1.0);
    let step = (to - from) / stripes;
    for stripe in 0..stripes as u32 {
        let x = from + f64::from(stripe) * step;
        let colour = if stripe % 2 == 0 { tone } else { Colour::rgb(0xf8_f4_ec) };
        canvas.shape(rectangle(x, y, step, 13.0), colour);
        canvas.shape(rounded(x, y + 8.0, step, 9.0, 4.0), colour.darker(0.08));
    }
}

fn roof(canvas: &mut Canvas, house: House, random: &mut Random) {
    let House { x, width, .. } = house;
    let top = house.base - house.height;
    let brick = Colour::rgb(0x8a_4f_42);
    let chimney = x + width * random.between(0.15, 0.75);
    let rise = match house.roof {
        Roof::Flat => 14.0,
        Roof::Gable => width * 0.34,
        Roof::Mansard => 62.0,
    };
    canvas.shape(rectangle(chimney, top - rise - 8.0, 16.0, rise + 8.0), brick);
    canvas.shape(rectangle(chimney - 2.0, top - rise - 11.0, 20.0, 5.0), brick.darker(0.3));
    match house.roof {
        Roof::Flat => canvas.shape(rectangle(x - 1.0, top - 9.0, width + 2.0, 9.0), house.wall.darker(0.3)),
        Roof::Gable => {}
        Roof::Mansard => {
            let slate = Colour::rgb(0x4d_57_68);
            canvas.shape(vec![[x - 3.0, top], [x + 14.0, top - 46.0], [x + width - 14.0, top - 46.0], [x + width + 3.0, top]], slate);
            canvas.shape(rectangle(x + 12.0, top - 49.0, width - 24.0, 4.0), slate.darker(0.3));
            let dormers = ((width - 30.0) / 44.0).floor().max(1.0);
            for dormer in 0..dormers as u32 {
                let centre = x + width * (f64::from(dormer) + 0.5) / dormers;
                let frame = Colour::rgb(0xee_ea_e2);
                canvas.shape(vec![[centre - 13.0, top - 26.0], [centre, top - 38.0], [centre + 13.0, top - 26.0]], slate.darker(0.25));
                canvas.shape(rectangle(centre - 10.0, top - 27.0, 20.0, 25.0), frame);
                let on = random.between(0.0, 1.0) < house.lit;
                glass(canvas, &rectangle(centre - 7.0, top - 24.0, 14.0, 21.0), top - 24.0, 21.0, on);
                canvas.shape(rectangle(centre - 0.7, top - 24.0, 1.4, 21.0), frame);
            }
        }
    }
}
