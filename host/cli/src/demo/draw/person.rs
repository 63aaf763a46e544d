//! People as simple figures.

use super::sprite::Sprite;
use crate::demo::canvas::Canvas;
use crate::demo::colour::Colour;
use crate::demo::geometry::{Bounds, Pen, Placement, capsule, circle, ellipse, rounded};

/// How a person stands; the names are those of the ontology's options.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Posture {
    /// Feet together.
    Standing,
    /// In mid-step.
    Walking,
    /// One arm up.
    Waving,
}

/// What a person wears.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Jacket.
    pub jacket: Colour,
    /// Trousers.
    pub trousers: Colour,
    /// Skin.
    pub skin: Colour,
    /// Hair.
    pub hair: Colour,
    /// Whether a rucksack is worn.
    pub rucksack: bool,
}

/// Draws a person 100 pixels tall (before scaling) who looks right, the origin between the feet. The box leaves out the shadow.
pub fn draw(canvas: &mut Canvas, placement: Placement, posture: Posture, look: Look) -> Bounds {
    let mut person = Sprite::new(canvas, placement);
    person.detail(ellipse(0.0, 0.0, 20.0, 4.0), Colour::rgb(0).faded(0.22));
    let (back_foot, front_foot) = match posture {
        Posture::Walking => ([-13.0, -4.0], [13.0, -3.5]),
        Posture::Standing | Posture::Waving => ([-5.0, -3.5], [5.5, -3.5]),
    };
    let (back_hand, front_hand) = match posture {
        Posture::Walking => ([-16.0, -53.0], [15.0, -54.0]),
        Posture::Standing => ([-13.0, -49.0], [13.0, -49.0]),
        Posture::Waving => ([-13.0, -49.0], [20.0, -98.0]),
    };
    let shoe = Colour::rgb(0x2b_2a_33);
    let sleeve = look.jacket.darker(0.22);
    person.part(capsule([-9.0, -77.0], back_hand, 4.6, 3.4), sleeve);
    person.part(circle(back_hand[0], back_hand[1], 3.2), look.skin);
    for (hip, foot, shade) in [(-3.5, back_foot, 0.25), (3.5, front_foot, 0.0)] {
        person.part(capsule([hip, -46.0], foot, 6.6, 4.2), look.trousers.darker(shade));
        person.part(capsule([foot[0] - 1.0, -3.0], [foot[0] + 6.0, -2.6], 3.2, 2.6), shoe);
    }
    if look.rucksack {
        person.part(rounded(-20.0, -80.0, 13.0, 27.0, 5.0), Colour::rgb(0x3d_4f_66));
        person.detail(rounded(-19.0, -66.0, 8.0, 10.0, 3.0), Colour::rgb(0x50_66_82));
    }
    person.part(rounded(-12.0, -84.0, 24.0, 42.0, 8.5), look.jacket);
    person.detail(rounded(-12.0, -48.0, 24.0, 6.0, 3.0), look.jacket.darker(0.2));
    person.detail(rounded(-3.4, -89.0, 7.0, 8.0, 3.0), look.skin.darker(0.12));
    person.part(circle(0.0, -92.0, 8.6), look.skin);
    person.part(
        Pen::start(-8.9, -90.0)
            .curve([-10.0, -103.0], [1.0, -102.0])
            .curve([9.0, -101.5], [8.6, -94.0])
            .curve([3.0, -93.0], [-1.0, -96.5])
            .curve([-4.0, -93.0], [-4.6, -87.5])
            .curve([-8.0, -86.0], [-8.9, -90.0])
            .close(),
        look.hair,
    );
    person.part(capsule([8.5, -77.0], front_hand, 4.6, 3.4), sleeve.lighter(0.12));
    person.part(circle(front_hand[0], front_hand[1], 3.2), look.skin);
    person.bounds()
}

/// Draws a person from above: shoulders and head, about 26 by 14 pixels.
pub fn draw_above(canvas: &mut Canvas, placement: Placement, look: Look) -> Bounds {
    let mut person = Sprite::new(canvas, placement);
    person.detail(ellipse(3.0, 4.0, 13.0, 8.0), Colour::rgb(0).faded(0.22));
    person.part(ellipse(0.0, 0.0, 12.0, 6.5), look.jacket);
    person.part(circle(-10.5, 3.5, 3.0), look.skin);
    person.part(circle(10.5, 3.5, 3.0), look.skin);
    person.part(circle(0.0, 0.0, 5.6), look.hair);
    person.bounds()
}
