//! Vehicles seen from above, at any angle.

use super::sprite::Sprite;
use crate::demo::canvas::Canvas;
use crate::demo::colour::Colour;
use crate::demo::geometry::{Placement, Point, rounded};

/// Length of a car in pixels.
pub const LENGTH: f64 = 76.0;
/// Width of a car in pixels.
pub const WIDTH: f64 = 36.0;

/// Draws a car of [`LENGTH`] by [`WIDTH`] around `centre`, which looks right at 0 degrees and turns clockwise on screen.
pub fn draw(canvas: &mut Canvas, centre: Point, degrees: f64, colour: Colour) {
    let shadow = Placement::at(centre[0] + 4.0, centre[1] + 5.0).turned(degrees);
    canvas.shape(shadow.ring(&rounded(-38.0, -18.0, 76.0, 36.0, 10.0)), Colour::rgb(0).faded(0.25));
    let glass = Colour::rgb(0x2c_3a_4b);
    let mut car = Sprite::new(canvas, Placement::at(centre[0], centre[1]).turned(degrees));
    car.part(rounded(-38.0, -18.0, LENGTH, WIDTH, 10.0), colour);
    car.detail(rounded(-35.0, -15.0, 70.0, 30.0, 8.0), colour.lighter(0.10));
    // Bonnet lines, windscreens, side windows, roof.
    car.detail(vec![[16.0, -12.0], [34.0, -9.5], [34.0, -8.5], [16.0, -11.0]], colour.darker(0.25));
    car.detail(vec![[16.0, 12.0], [34.0, 9.5], [34.0, 8.5], [16.0, 11.0]], colour.darker(0.25));
    car.detail(vec![[5.0, -11.5], [16.0, -14.0], [18.5, 0.0], [16.0, 14.0], [5.0, 11.5]], glass);
    car.detail(vec![[-22.0, -11.0], [-29.0, -13.0], [-30.0, 0.0], [-29.0, 13.0], [-22.0, 11.0]], glass);
    car.detail(vec![[-20.0, -13.0], [3.0, -13.0], [10.0, -15.8], [-24.0, -15.8]], glass);
    car.detail(vec![[-20.0, 13.0], [3.0, 13.0], [10.0, 15.8], [-24.0, 15.8]], glass);
    car.detail(rounded(-22.0, -11.5, 27.0, 23.0, 5.0), colour.lighter(0.22));
    car.detail(rounded(-20.0, -9.5, 20.0, 5.0, 2.5), colour.lighter(0.45));
    for y in [-14.0, 8.0] {
        car.detail(rounded(33.5, y, 4.0, 6.0, 2.0), Colour::rgb(0xff_f3_c4));
        car.detail(rounded(-37.8, y, 3.0, 6.0, 1.5), Colour::rgb(0xd4_2a_3a));
    }
}
