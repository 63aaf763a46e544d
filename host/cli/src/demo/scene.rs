//! A picture together with what an annotator would say about it.

use super::canvas::Canvas;
use super::colour::Colour;
use super::draw::person::Look;
use super::geometry::{Bounds, Point, Ring};
use super::ontology::{CAR, COATING, COLOUR, OCCLUDED, PERSON, POSTURE, VEHICLE};
use super::random::Random;
use super::record::{Geometry, Zone, hundredth, tidy};
use serde_json::Value;

/// Width of every picture in pixels.
pub const WIDTH: usize = 960;
/// Height of every picture in pixels.
pub const HEIGHT: usize = 600;

/// A picture and its annotations.
#[derive(Debug)]
pub struct Scene {
    /// The picture.
    pub canvas: Canvas,
    /// Objects with a shape.
    pub marks: Vec<Mark>,
    /// Relations between marks.
    pub links: Vec<Link>,
    /// Answers about the whole picture.
    pub answers: Vec<Answer>,
    /// Chance, fixed by the picture's name.
    pub random: Random,
}

/// An object with a shape.
#[derive(Debug)]
pub struct Mark {
    /// Title of the class.
    pub class: &'static str,
    /// Shape in pixels.
    pub geometry: Geometry,
    /// Answers about the object.
    pub answers: Vec<Answer>,
}

/// An answer to one of the ontology's questions.
#[derive(Debug)]
pub struct Answer {
    /// Title of the question.
    pub question: &'static str,
    /// Text, or a list of texts for a checkbox.
    pub value: Value,
    /// Answers about the answer.
    pub nested: Vec<Answer>,
}

/// A relation between marks, by their indices.
#[derive(Debug)]
pub enum Link {
    /// A person and the car that the person drives.
    Drives(usize, usize),
    /// People who walk together.
    Together(Vec<usize>),
}

/// Paint of a car: the option of the ontology, the colour drawn, and the coating.
#[derive(Debug, Clone, Copy)]
pub struct Coat {
    name: &'static str,
    code: u32,
    coating: &'static str,
}

/// Red, metallic.
pub const RED: Coat = Coat { name: "red", code: 0xc8_32_3c, coating: "metallic" };
/// Blue, metallic.
pub const BLUE: Coat = Coat { name: "blue", code: 0x2e_66_c4, coating: "metallic" };
/// Yellow, matt.
pub const YELLOW: Coat = Coat { name: "yellow", code: 0xe6_b3_2e, coating: "matt" };
/// White, matt.
pub const WHITE: Coat = Coat { name: "white", code: 0xea_ed_f0, coating: "matt" };
/// Green, metallic.
pub const GREEN: Coat = Coat { name: "green", code: 0x3c_8a_5a, coating: "metallic" };
/// Grey, metallic.
pub const GREY: Coat = Coat { name: "grey", code: 0x8a_92_9c, coating: "metallic" };

impl Coat {
    /// The colour to draw.
    pub fn colour(self) -> Colour {
        Colour::rgb(self.code)
    }

    fn answer(self) -> Answer {
        let nested = Answer { question: COATING, value: self.coating.into(), nested: Vec::new() };
        Answer { question: COLOUR, value: self.name.into(), nested: vec![nested] }
    }
}

impl Scene {
    /// An empty picture whose chance depends on `name` alone.
    pub fn named(name: &str) -> Self {
        Self { canvas: Canvas::new(WIDTH, HEIGHT), marks: Vec::new(), links: Vec::new(), answers: Vec::new(), random: Random::named(name) }
    }

    /// Adds an object without answers; returns its index.
    pub fn mark(&mut self, class: &'static str, geometry: Geometry) -> usize {
        self.marks.push(Mark { class, geometry, answers: Vec::new() });
        self.marks.len() - 1
    }

    /// Adds an outline.
    pub fn polygon(&mut self, class: &'static str, ring: &[Point]) -> usize {
        self.mark(class, Geometry::Polygon(tidy(ring)))
    }

    /// Adds a region with holes.
    pub fn region(&mut self, class: &'static str, region: &[Point], holes: &[Ring]) -> usize {
        let zone = Zone { region: tidy(region), holes: holes.iter().map(|hole| tidy(hole)).collect() };
        self.mark(class, Geometry::Segmentation { zones: vec![zone] })
    }

    /// Adds one object that consists of several regions.
    pub fn parts(&mut self, class: &'static str, parts: &[Ring]) -> usize {
        let zones = parts.iter().map(|ring| Zone { region: tidy(ring), holes: Vec::new() }).collect();
        self.mark(class, Geometry::Segmentation { zones })
    }

    /// Adds open lines, one object each.
    pub fn lines(&mut self, class: &'static str, lines: &[Vec<Point>]) {
        for line in lines {
            self.mark(class, Geometry::Polyline(tidy(line)));
        }
    }

    /// Adds a position.
    pub fn point(&mut self, class: &'static str, [x, y]: Point) -> usize {
        self.mark(class, Geometry::Point([hundredth(x), hundredth(y)]))
    }

    /// Adds a car seen from the side, with its colour and what hides it.
    pub fn car(&mut self, bounds: Bounds, coat: Coat, occluded: &[&str]) -> usize {
        let index = self.mark(CAR, Geometry::upright(bounds));
        let mut answers = vec![coat.answer()];
        if !occluded.is_empty() {
            answers.push(Answer { question: OCCLUDED, value: occluded.into(), nested: Vec::new() });
        }
        self.marks[index].answers = answers;
        index
    }

    /// Adds a vehicle seen from above, turned by `degrees`.
    pub fn vehicle(&mut self, centre: Point, size: (f64, f64), degrees: f64, coat: Coat) -> usize {
        let index = self.mark(VEHICLE, Geometry::turned(centre, size.0, size.1, degrees));
        self.marks[index].answers = vec![coat.answer()];
        index
    }

    /// Adds a person with a posture.
    pub fn person(&mut self, bounds: Bounds, posture: &str) -> usize {
        let index = self.mark(PERSON, Geometry::upright(bounds));
        self.marks[index].answers = vec![Answer { question: POSTURE, value: posture.into(), nested: Vec::new() }];
        index
    }

    /// Adds an answer about the whole picture.
    pub fn answer(&mut self, question: &'static str, value: Value) {
        self.answers.push(Answer { question, value, nested: Vec::new() });
    }

    /// Somebody's clothes, by chance.
    pub fn look(&mut self) -> Look {
        let random = &mut self.random;
        let jackets = [0xd1_4d_41, 0x2f_7d_8c, 0xe0_a0_30, 0x6b_4f_a0, 0x3f_6f_b5, 0x4d_8f_5a, 0xe8_dc_c8];
        let trousers = [0x2c_3a_55, 0x4a_4a_52, 0x6b_5a_45, 0x22_2c_3c];
        Look {
            jacket: Colour::rgb(random.pick(&jackets, 0xd1_4d_41)),
            trousers: Colour::rgb(random.pick(&trousers, 0x2c_3a_55)),
            skin: Colour::rgb(random.pick(&[0xf2_c9_a8, 0xd9_a0_77, 0x8f_5f_42, 0xe8_b8_92], 0xf2_c9_a8)),
            hair: Colour::rgb(random.pick(&[0x2b_1f_1a, 0x6b_43_26, 0xc9_9a_4b, 0x77_74_72], 0x2b_1f_1a)),
            rucksack: random.below(3) == 0,
        }
    }
}
