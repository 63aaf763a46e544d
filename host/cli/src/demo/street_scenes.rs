//! The scenes that are seen from across the street, each as a table of what stands where.

use super::canvas::Paint;
use super::colour::Colour;
use super::draw::car::{self, Body};
use super::draw::house::{self, House, Roof};
use super::draw::person::{self, Posture};
use super::draw::street::{self, FAR_KERB, FAR_LANE, HOUSES, Mood, NEAR_KERB, NEAR_LANE};
use super::draw::{tree, weather};
use super::geometry::{Placement, rectangle};
use super::ontology::{CAR, FACADE, LAMP, LANE, RING, ROAD, SIGN, TREE, YES, ZEBRA};
use super::record::{Geometry, hundredth};
use super::scene::{Coat, Link, Scene};

/// What stands in a street. Positions are pixels.
#[derive(Debug, Clone, Copy)]
pub struct Street {
    /// Time of day and weather.
    pub sky: Sky,
    /// Middle of the side street.
    pub side: f64,
    /// Middle of the zebra crossing.
    pub zebra: Option<f64>,
    /// Cars of the far lane, which drive to the left.
    pub far: &'static [Car],
    /// Cars of the near lane, which drive to the right.
    pub near: &'static [Car],
    /// People on the far pavement, the crossing and the near pavement.
    pub people: &'static [Walker],
    /// Trees on the far pavement, by position and height.
    pub trees: &'static [(f64, f64)],
    /// Lamps on the far pavement.
    pub lamps: &'static [f64],
    /// No-entry signs on the near pavement.
    pub round_signs: &'static [f64],
    /// Parking signs on the near pavement.
    pub parking_signs: &'static [f64],
    /// Puddles: middle, row, half width.
    pub puddles: &'static [(f64, f64, f64)],
    /// How many houses have their facade annotated.
    pub facades: usize,
    /// Whether anything is annotated at all.
    pub annotated: bool,
}

/// Time of day and weather.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sky {
    /// Clear, around noon.
    Noon,
    /// Clear, at sunset.
    Dusk,
    /// Clear, at night.
    Night,
    /// Rain by day.
    Rain,
    /// Fog by day.
    Fog,
}

/// A car in a lane.
#[derive(Debug, Clone, Copy)]
pub struct Car {
    /// Middle of the car.
    pub x: f64,
    /// Shape.
    pub body: Body,
    /// Paint.
    pub coat: Coat,
    /// What hides it, by the ontology's options.
    pub occluded: &'static [&'static str],
}

/// A person in the street.
#[derive(Debug, Clone, Copy)]
pub struct Walker {
    /// Where the feet are.
    pub x: f64,
    /// Row of the feet; who stands lower is nearer and larger.
    pub y: f64,
    /// How the person stands.
    pub posture: Posture,
    /// Whether the person looks left.
    pub left: bool,
}

impl Posture {
    fn option(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Walking => "walking",
            Self::Waving => "waving",
        }
    }
}

impl Sky {
    fn mood(self) -> Mood {
        let orb = |x: f64, y: f64, code: u32| Some(([x, y], Colour::rgb(code)));
        let (zenith, horizon, light, orb) = match self {
            Self::Noon => (0x6f_b4_ea, 0xdd_ef_fa, 0xff_ff_ff, orb(770.0, 74.0, 0xff_f3_c9)),
            Self::Dusk => (0x4a_4c_8c, 0xf7_b2_86, 0xff_dc_c4, orb(250.0, 190.0, 0xff_d9_95)),
            Self::Night => (0x0b_12_2b, 0x2c_3d_6b, 0x67_74_ae, orb(180.0, 70.0, 0xee_f0_e2)),
            Self::Rain => (0x75_84_94, 0xb9_c5_ce, 0xc6_cf_d9, None),
            Self::Fog => (0xb7_c4_ce, 0xe4_e8_ea, 0xee_f0_f2, None),
        };
        Mood {
            zenith: Colour::rgb(zenith),
            horizon: Colour::rgb(horizon),
            light: Colour::rgb(light),
            orb,
            clouds: self == Self::Noon || self == Self::Dusk,
        }
    }

    fn dark(self) -> bool {
        matches!(self, Self::Night | Self::Dusk)
    }
}

/// Draws the street and annotates what it draws, from back to front.
pub fn build(scene: &mut Scene, plan: &Street) {
    backdrop(scene, plan);
    ground(scene, plan);
    traffic(scene, plan);
    foreground(scene, plan);
    if plan.sky == Sky::Rain {
        weather::rain(&mut scene.canvas, &mut scene.random);
    }
    if !plan.annotated {
        scene.marks.clear();
        scene.links.clear();
    }
}

fn backdrop(scene: &mut Scene, plan: &Street) {
    street::sky(&mut scene.canvas, plan.sky.mood(), &mut scene.random);
    let lit = match plan.sky {
        Sky::Night => 0.45,
        Sky::Dusk => 0.3,
        _ => 0.0,
    };
    let walls = [0xe7_c9_a0, 0xd9_8f_6b, 0xc9_d2_c0, 0xd8_b4_a8, 0xb8_c4_d4, 0xe9_dc_b8, 0xb9_78_62];
    let mut x = -30.0;
    let (mut last, mut annotated) = (walls.len(), 0);
    while x < 960.0 {
        let mut width = scene.random.between(118.0, 176.0);
        if x < plan.side + 34.0 && x + width > plan.side - 34.0 {
            if plan.side - 34.0 - x > 80.0 {
                width = plan.side - 34.0 - x;
            } else {
                x = plan.side + 34.0;
                continue;
            }
        }
        let mut tone = scene.random.below(walls.len());
        if tone == last {
            tone = (tone + 3) % walls.len();
        }
        last = tone;
        let floors = scene.random.below(3) as f64 + 1.0;
        let house = House {
            x,
            base: HOUSES,
            width,
            height: 74.0 + floors * 58.0,
            wall: Colour::rgb(walls[tone]),
            roof: scene.random.pick(&[Roof::Flat, Roof::Gable, Roof::Mansard], Roof::Flat),
            shop: scene.random.below(2) == 0,
            lit,
        };
        let facade = house::draw(&mut scene.canvas, house, &mut scene.random);
        if annotated < plan.facades && x > 0.0 && x + width < 960.0 {
            scene.region(FACADE, &facade.wall, &facade.openings);
            annotated += 1;
        }
        x += width;
    }
    if plan.sky == Sky::Fog {
        weather::fog(&mut scene.canvas, HOUSES);
    }
}

fn ground(scene: &mut Scene, plan: &Street) {
    let wet = plan.sky == Sky::Rain;
    let road = street::road(&mut scene.canvas, plan.side, wet, &mut scene.random);
    scene.polygon(ROAD, &road);
    let mut gaps = Vec::new();
    if let Some(x) = plan.zebra {
        let stripes = street::zebra(&mut scene.canvas, x);
        scene.parts(ZEBRA, &stripes);
        gaps.push((x - 84.0, x + 84.0));
    }
    let lines = street::lane_marks(&mut scene.canvas, &gaps);
    scene.lines(LANE, &lines);
    for &(x, y, across) in plan.puddles {
        let (shore, island) = weather::puddle(&mut scene.canvas, [x, y], across, &mut scene.random);
        scene.region(RING, &shore, &[island]);
    }
    for &(x, height) in plan.trees {
        let tones = [0x4e_8f_4a, 0x5f_9c_45, 0x3f_7f_55, 0xb8_8a_3a];
        let colour = Colour::rgb(scene.random.pick(&tones, 0x4e_8f_4a));
        let ring = tree::draw(&mut scene.canvas, [x, HOUSES + 20.0], height, colour, &mut scene.random);
        scene.polygon(TREE, &ring);
    }
    for (index, &x) in plan.lamps.iter().enumerate() {
        let base = [x, FAR_KERB - 9.0];
        let head = street::lamp(&mut scene.canvas, base, 188.0, index % 2 == 1, plan.sky.dark());
        scene.point(LAMP, head);
        if plan.sky == Sky::Night {
            let pool = [rectangle(0.0, FAR_KERB, 960.0, NEAR_KERB - FAR_KERB)];
            scene.canvas.fill(&pool, Paint::Lit(Colour::rgb(0xff_cf_7a).faded(0.02)));
        }
    }
}

fn traffic(scene: &mut Scene, plan: &Street) {
    let mut walkers = plan.people.to_vec();
    walkers.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut waiting = walkers.into_iter().peekable();
    let mut lanes = [(FAR_LANE, plan.far, true, 0.98), (NEAR_LANE, plan.near, false, 1.2)].into_iter();
    loop {
        let lane = lanes.next();
        let row = lane.map_or(f64::INFINITY, |(row, ..)| row);
        while let Some(walker) = waiting.next_if(|walker| walker.y <= row) {
            walk(scene, walker);
        }
        let Some((row, cars, left, scale)) = lane else {
            break;
        };
        for car in cars {
            let place = Placement::at(car.x, row).scaled(scale).mirrored(left);
            let bounds = car::draw(&mut scene.canvas, place, car.body, car.coat.colour(), plan.sky.dark());
            scene.car(bounds, car.coat, car.occluded);
        }
    }
}

fn walk(scene: &mut Scene, walker: Walker) {
    let look = scene.look();
    // The far pavement is about sixty pixels of person away, the near one about a hundred.
    let scale = 0.60 + (walker.y - HOUSES) / (600.0 - HOUSES) * 0.52;
    let place = Placement::at(walker.x, walker.y).scaled(scale).mirrored(walker.left);
    let bounds = person::draw(&mut scene.canvas, place, walker.posture, look);
    let index = scene.person(bounds, walker.posture.option());
    let car = scene.marks.iter().position(|mark| mark.class == CAR);
    if let (Posture::Waving, Some(car)) = (walker.posture, car) {
        scene.links.push(Link::Drives(index, car));
    }
}

fn foreground(scene: &mut Scene, plan: &Street) {
    for &x in plan.round_signs {
        let ([x, y], radius) = street::round_sign(&mut scene.canvas, [x, 588.0]);
        let center = [hundredth(x), hundredth(y)];
        scene.mark(SIGN, Geometry::Circle { center, radius });
    }
    for &x in plan.parking_signs {
        let bounds = street::parking_sign(&mut scene.canvas, [x, 588.0]);
        scene.mark(YES, Geometry::upright(bounds));
    }
    let people: Vec<usize> = (0..scene.marks.len()).filter(|&index| scene.marks[index].class == super::ontology::PERSON).collect();
    if let [first, second, ..] = people[..] {
        scene.links.push(Link::Together(vec![first, second]));
    }
}
