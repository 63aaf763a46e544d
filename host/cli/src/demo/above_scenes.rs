//! The scenes that are seen from above: turned boxes, rings and stripes at odd angles.

use super::colour::Colour;
use super::draw::{above, person, tree, vehicle};
use super::geometry::{Placement, Point, capsule, clipped, rectangle, rounded, sin_cos};
use super::ontology::{LANE, RING, ROAD, TREE, ZEBRA};
use super::scene::{BLUE, Coat, GREEN, GREY, RED, Scene, WHITE, YELLOW};

const COATS: [Coat; 6] = [RED, BLUE, WHITE, GREY, YELLOW, GREEN];
const ROOFS: [u32; 4] = [0xb5_5a_42, 0x8d_6e_5c, 0x6a_75_86, 0xa8_80_52];

fn car(scene: &mut Scene, centre: Point, degrees: f64, coat: Coat) {
    vehicle::draw(&mut scene.canvas, centre, degrees, coat.colour());
    scene.vehicle(centre, (vehicle::LENGTH, vehicle::WIDTH), degrees, coat);
}

/// Annotates a straight road up to the edge of the picture, where an annotator would stop.
fn carriageway(scene: &mut Scene, outline: &[Point]) {
    let visible = clipped(outline, scene.canvas.width() as f64, scene.canvas.height() as f64);
    if !visible.is_empty() {
        scene.polygon(ROAD, &visible);
    }
}

fn trees(scene: &mut Scene, places: &[(f64, f64, f64)]) {
    for &(x, y, radius) in places {
        let tones = [0x4a_87_46, 0x5b_96_42, 0x3d_7a_52];
        let colour = Colour::rgb(scene.random.pick(&tones, 0x4a_87_46));
        let ring = tree::draw_above(&mut scene.canvas, [x, y], radius, colour, &mut scene.random);
        scene.polygon(TREE, &ring);
    }
}

fn roofs(scene: &mut Scene, places: &[(f64, f64, f64, f64, f64)]) {
    for &(x, y, width, depth, degrees) in places {
        let colour = Colour::rgb(scene.random.pick(&ROOFS, ROOFS[0]));
        above::roof(&mut scene.canvas, Placement::at(x, y).turned(degrees), width, depth, colour);
    }
}

fn people(scene: &mut Scene, places: &[(f64, f64, f64)]) {
    for &(x, y, degrees) in places {
        let look = scene.look();
        let bounds = person::draw_above(&mut scene.canvas, Placement::at(x, y).turned(degrees).scaled(1.15), look);
        scene.person(bounds, "walking");
    }
}

/// A roundabout with four arms; one car leaves through the right edge.
pub fn roundabout(scene: &mut Scene) {
    above::grass(&mut scene.canvas, &mut scene.random);
    let centre = [480.0, 300.0];
    let arms: Vec<Placement> = [8.0, 98.0, 188.0, 278.0].map(|turn| Placement::at(centre[0], centre[1]).turned(turn)).into();
    for arm in &arms {
        above::pavement(&mut scene.canvas, *arm, 120.0, 640.0, 104.0);
    }
    let around = |radius: f64| super::geometry::circle(centre[0], centre[1], radius);
    scene.canvas.shape(around(206.0), above::STONE);
    scene.canvas.shape(around(191.0), above::STONE.lighter(0.5));
    for (arm, to) in arms.iter().zip([520.0, 310.0, 520.0, 310.0]) {
        let outline = above::road(&mut scene.canvas, *arm, 170.0, to + 120.0, 104.0);
        carriageway(scene, &outline);
        let stripes = above::zebra(&mut scene.canvas, *arm, 226.0, 104.0);
        scene.parts(ZEBRA, &stripes);
        let lines = above::dashes(&mut scene.canvas, *arm, 262.0, to);
        scene.lines(LANE, &lines);
    }
    let (outer, inner) = above::ring_road(&mut scene.canvas, centre, 188.0, 84.0);
    scene.region(RING, &outer, &[inner]);
    roofs(
        scene,
        &[(126.0, 82.0, 150.0, 92.0, 8.0), (818.0, 92.0, 170.0, 96.0, 8.0), (150.0, 520.0, 160.0, 90.0, 8.0), (838.0, 536.0, 130.0, 84.0, 8.0)],
    );
    trees(
        scene,
        &[
            (480.0, 296.0, 42.0),
            (272.0, 62.0, 34.0),
            (676.0, 70.0, 30.0),
            (300.0, 540.0, 32.0),
            (694.0, 520.0, 36.0),
            (36.0, 180.0, 30.0),
            (925.0, 200.0, 32.0),
            (30.0, 430.0, 27.0),
        ],
    );
    for (angle, coat) in [(40.0, RED), (128.0, WHITE), (232.0, BLUE), (318.0, YELLOW)] {
        let (sine, cosine) = sin_cos(angle);
        // Right-hand traffic circulates anticlockwise on screen.
        car(scene, [centre[0] + 136.0 * cosine, centre[1] + 136.0 * sine], angle - 90.0, coat);
    }
    for (arm, along, across, turn, coat) in
        [(0, 330.0, 26.0, 8.0, GREY), (0, 470.0, 26.0, 8.0, GREEN), (2, 340.0, 26.0, 188.0, RED), (1, 268.0, -26.0, 278.0, BLUE)]
    {
        car(scene, arms[arm].place([along, across]), turn, coat);
    }
    people(scene, &[(250.0, 252.0, 98.0), (714.0, 338.0, 98.0), (524.0, 78.0, 8.0)]);
}

/// Two roads that cross at an angle, with turning cars.
pub fn crossroads(scene: &mut Scene) {
    above::grass(&mut scene.canvas, &mut scene.random);
    let middle = Placement::at(470.0, 305.0);
    let (along, across) = (middle.turned(-11.0), middle.turned(71.0));
    let width = 128.0;
    for placement in [along, across] {
        above::pavement(&mut scene.canvas, placement, -640.0, 640.0, width);
    }
    for placement in [along, across] {
        let outline = above::road(&mut scene.canvas, placement, -640.0, 640.0, width);
        carriageway(scene, &outline);
    }
    for (placement, turn) in [(along, 0.0), (across, 0.0), (along, 180.0), (across, 180.0)] {
        let mirror: f64 = if turn > 90.0 { -1.0 } else { 1.0 };
        let stripes = above::zebra(&mut scene.canvas, placement, 122.0 * mirror, width);
        scene.parts(ZEBRA, &stripes);
        let (from, to) = if mirror > 0.0 { (170.0, 520.0) } else { (-520.0, -166.0) };
        let lines = above::dashes(&mut scene.canvas, placement, from, to);
        let visible: Vec<_> =
            lines.into_iter().filter(|line| line.iter().all(|&[x, y]| (0.0..960.0).contains(&x) && (0.0..600.0).contains(&y))).collect();
        scene.lines(LANE, &visible);
    }
    roofs(
        scene,
        &[
            (150.0, 120.0, 210.0, 110.0, -11.0),
            (790.0, 76.0, 190.0, 96.0, -11.0),
            (140.0, 510.0, 180.0, 110.0, -11.0),
            (800.0, 470.0, 200.0, 116.0, -11.0),
        ],
    );
    trees(
        scene,
        &[
            (300.0, 70.0, 32.0),
            (305.0, 150.0, 26.0),
            (655.0, 58.0, 30.0),
            (322.0, 520.0, 34.0),
            (650.0, 545.0, 30.0),
            (905.0, 360.0, 28.0),
            (40.0, 240.0, 26.0),
            (660.0, 392.0, 24.0),
        ],
    );
    for (x, y, turn, coat) in
        [(-250.0, 30.0, 0.0, BLUE), (-340.0, 32.0, 0.0, WHITE), (300.0, -30.0, 180.0, RED), (-8.0, -18.0, 212.0, YELLOW), (455.0, -30.0, 180.0, GREY)]
    {
        car(scene, along.place([x, y]), turn - 11.0, coat);
    }
    for (x, y, turn, coat) in [(210.0, 30.0, 180.0, GREEN), (-222.0, -32.0, 0.0, GREY), (34.0, 38.0, 140.0, RED)] {
        let turn: f64 = turn + 71.0;
        car(scene, across.place([x, y]), if turn > 180.0 { turn - 360.0 } else { turn }, coat);
    }
    people(scene, &[(588.0, 250.0, 79.0), (596.0, 312.0, 79.0), (446.0, 178.0, -11.0), (352.0, 350.0, 79.0)]);
}

/// A car park with slanted bays.
pub fn car_park(scene: &mut Scene) {
    above::grass(&mut scene.canvas, &mut scene.random);
    let lot = rounded(28.0, 24.0, 904.0, 552.0, 22.0);
    scene.canvas.shape(rounded(20.0, 16.0, 920.0, 568.0, 28.0), above::STONE);
    scene.canvas.shape(lot.clone(), above::ASPHALT);
    scene.polygon(ROAD, &lot);
    let bay = 58.0;
    let slant: f64 = 62.0;
    for (row, (base, flip)) in [(100.0, 1.0), (300.0, -1.0), (500.0, 1.0)].into_iter().enumerate() {
        let turn = slant * flip;
        let count = 13;
        for slot in 0..=count {
            let x = 96.0 + f64::from(slot) * bay;
            let place = Placement::at(x, base).turned(turn);
            let line = [place.place([-48.0, -26.0]), place.place([48.0, -26.0])];
            scene.canvas.shape(capsule(line[0], line[1], 1.4, 1.4), above::MARK);
            if row == 1 && slot % 2 == 0 {
                scene.lines(LANE, &[line.to_vec()]);
            }
        }
        for slot in 0..count {
            if scene.random.below(100) < 30 {
                continue;
            }
            let x = 96.0 + bay / 2.0 + f64::from(slot) * bay - 5.0 * flip;
            let coat = scene.random.pick(&COATS, GREY);
            let wobble = (scene.random.between(-3.0, 3.0) * 10.0).round() / 10.0;
            let back = if scene.random.below(3) == 0 { -180.0 } else { 0.0 };
            let angle = turn + wobble + back;
            let angle = if angle < -180.0 { angle + 360.0 } else { angle };
            let y = base + scene.random.between(-3.0, 3.0).round();
            car(scene, [x, y], angle, coat);
        }
    }
    for y in [196.0, 404.0] {
        let arrow = |x: f64, way: f64| {
            vec![
                [x, y - 3.0],
                [x + 40.0 * way, y - 3.0],
                [x + 40.0 * way, y - 9.0],
                [x + 58.0 * way, y],
                [x + 40.0 * way, y + 9.0],
                [x + 40.0 * way, y + 3.0],
                [x, y + 3.0],
            ]
        };
        let way = if y < 300.0 { -1.0 } else { 1.0 };
        for x in [260.0, 700.0] {
            scene.canvas.shape(arrow(x, way), above::MARK);
        }
    }
    for x in [52.0, 908.0] {
        scene.canvas.shape(rounded(x - 16.0, 268.0, 32.0, 64.0, 14.0), above::STONE.lighter(0.3));
        scene.canvas.shape(rectangle(x - 10.0, 276.0, 20.0, 48.0), Colour::rgb(0x8f_b5_6c));
    }
    trees(scene, &[(52.0, 300.0, 27.0), (908.0, 300.0, 28.0), (24.0, 24.0, 30.0), (938.0, 580.0, 34.0), (930.0, 30.0, 24.0)]);
    car(scene, [486.0, 404.0], 0.0, BLUE);
    car(scene, [936.0, 196.0], 172.0, RED);
    people(scene, &[(380.0, 186.0, 20.0), (408.0, 192.0, 20.0), (624.0, 414.0, 90.0)]);
}
