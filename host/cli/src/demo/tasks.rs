//! The twelve tasks: which scene, which name, how far it came through the workflow.

use super::above_scenes::{car_park, crossroads, roundabout};
use super::draw::car::Body;
use super::draw::person::Posture::{Standing, Walking, Waving};
use super::ontology::{BATCHES, NOTE, TAGS, WEATHER};
use super::scene::{BLUE, GREEN, GREY, RED, Scene, WHITE, YELLOW};
use super::street_scenes::{self, Car, Sky, Street, Walker};
use serde_json::json;

/// One task of the project.
#[derive(Debug)]
pub struct Plan {
    /// File name below `images/`.
    pub file: &'static str,
    /// The name that a user gave; neither unique nor a safe path, on purpose.
    pub external_id: &'static str,
    /// Whether the task is in stage Complete; the others wait in Review.
    pub complete: bool,
    /// Batch name.
    pub batch: &'static str,
    /// Weather, tags and a note; a scene without annotations has no answers either.
    pub about: Option<(&'static str, &'static [&'static str], &'static str)>,
    /// What is in the picture.
    pub view: View,
}

/// What is in a picture.
#[derive(Debug)]
pub enum View {
    /// A street seen from across it.
    Street(Street),
    /// A scene seen from above.
    Above(fn(&mut Scene)),
}

impl Plan {
    /// Draws and annotates the scene.
    pub fn build(&self) -> Scene {
        let mut scene = Scene::named(self.file);
        match &self.view {
            View::Street(street) => street_scenes::build(&mut scene, street),
            View::Above(draw) => draw(&mut scene),
        }
        if let Some((weather, tags, note)) = self.about {
            scene.answer(WEATHER, json!(weather));
            scene.answer(TAGS, json!(tags));
            scene.answer(NOTE, json!(note));
        }
        scene
    }
}

const EMPTY: Street = Street {
    sky: Sky::Noon,
    side: 560.0,
    zebra: None,
    far: &[],
    near: &[],
    people: &[],
    trees: &[],
    lamps: &[],
    round_signs: &[],
    parking_signs: &[],
    puddles: &[],
    facades: 0,
    annotated: true,
};

const fn car(x: f64, body: Body, coat: super::scene::Coat) -> Car {
    Car { x, body, coat, occluded: &[] }
}

const fn walker(x: f64, y: f64, posture: super::draw::person::Posture, left: bool) -> Walker {
    Walker { x, y, posture, left }
}

/// The tasks in the order of the records.
pub const PLANS: &[Plan] = &[
    Plan {
        file: "north-crossing.png",
        external_id: "north/crossing.png",
        complete: true,
        batch: BATCHES[0],
        about: Some(("clear", &["day", "crossing"], "Kerb < 1 m high & \"dry\"; façade repainted")),
        view: View::Street(Street {
            zebra: Some(330.0),
            side: 640.0,
            far: &[car(560.0, Body::Hatch, RED)],
            near: &[car(116.0, Body::Sedan, BLUE), car(800.0, Body::Van, WHITE)],
            people: &[
                walker(316.0, 438.0, Walking, false),
                walker(352.0, 496.0, Walking, true),
                walker(470.0, 398.0, Waving, false),
                walker(880.0, 396.0, Standing, true),
                walker(560.0, 590.0, Walking, false),
            ],
            trees: &[(250.0, 178.0), (770.0, 160.0)],
            lamps: &[430.0, 900.0],
            round_signs: &[620.0],
            facades: 2,
            ..EMPTY
        }),
    },
    Plan {
        file: "south-crossing.png",
        external_id: "south/crossing.png",
        complete: true,
        batch: BATCHES[0],
        about: Some(("clear", &["day", "from above", "crossing"], "")),
        view: View::Above(crossroads),
    },
    Plan {
        file: "harbour-dusk.png",
        external_id: "harbour-dusk.png",
        complete: true,
        batch: BATCHES[0],
        about: Some(("clear", &["dusk"], "Sun in the lens")),
        view: View::Street(Street {
            sky: Sky::Dusk,
            side: 300.0,
            far: &[car(470.0, Body::Sedan, GREEN), car(760.0, Body::Van, GREY)],
            near: &[Car { x: 26.0, body: Body::Sedan, coat: YELLOW, occluded: &["cut by the image edge"] }, car(600.0, Body::Hatch, WHITE)],
            people: &[walker(392.0, 397.0, Walking, true), walker(424.0, 398.0, Walking, true), walker(846.0, 592.0, Standing, true)],
            trees: &[(150.0, 170.0), (580.0, 190.0)],
            lamps: &[220.0, 700.0],
            parking_signs: &[300.0],
            facades: 2,
            ..EMPTY
        }),
    },
    Plan {
        file: "square-roundabout.png",
        external_id: "square.png",
        complete: true,
        batch: BATCHES[0],
        about: Some(("clear", &["day", "from above"], "Roundabout, island planted")),
        view: View::Above(roundabout),
    },
    Plan {
        file: "square-market.png",
        external_id: "square.png",
        complete: true,
        batch: BATCHES[1],
        about: Some(("clear", &["day"], "Same name as the task before, on purpose")),
        view: View::Street(Street {
            side: 180.0,
            far: &[car(420.0, Body::Van, YELLOW)],
            near: &[car(330.0, Body::Hatch, GREEN)],
            people: &[
                walker(560.0, 396.0, Walking, false),
                walker(596.0, 398.0, Walking, false),
                walker(690.0, 397.0, Standing, true),
                walker(830.0, 398.0, Walking, true),
                walker(640.0, 590.0, Waving, true),
                walker(704.0, 592.0, Walking, true),
                walker(90.0, 588.0, Standing, false),
            ],
            trees: &[(320.0, 150.0), (480.0, 186.0), (930.0, 168.0)],
            lamps: &[90.0, 760.0],
            facades: 3,
            ..EMPTY
        }),
    },
    Plan {
        file: "parking-lot.v2.png",
        external_id: "parking/level-1/lot.v2.png",
        complete: true,
        batch: BATCHES[1],
        about: Some(("clear", &["day", "from above", "parking"], "")),
        view: View::Above(car_park),
    },
    Plan {
        file: "rain.png",
        external_id: "rain.png",
        complete: true,
        batch: BATCHES[1],
        about: Some(("rain", &["day"], "Puddles with dry islands")),
        view: View::Street(Street {
            sky: Sky::Rain,
            side: 720.0,
            far: &[car(250.0, Body::Hatch, BLUE)],
            near: &[car(640.0, Body::Sedan, RED)],
            people: &[walker(480.0, 397.0, Walking, true), walker(250.0, 592.0, Walking, false)],
            trees: &[(120.0, 176.0), (560.0, 164.0)],
            lamps: &[380.0, 860.0],
            puddles: &[(330.0, 520.0, 150.0), (840.0, 444.0, 92.0)],
            facades: 1,
            ..EMPTY
        }),
    },
    Plan {
        file: "night-2140.png",
        external_id: "night 21:40.png",
        complete: true,
        batch: BATCHES[1],
        about: Some(("clear", &["night"], "Lamps on; windows are lit")),
        view: View::Street(Street {
            sky: Sky::Night,
            side: 420.0,
            far: &[car(690.0, Body::Sedan, WHITE)],
            near: &[car(220.0, Body::Hatch, RED)],
            people: &[walker(560.0, 398.0, Standing, true), walker(840.0, 592.0, Walking, true)],
            trees: &[(290.0, 168.0)],
            lamps: &[120.0, 600.0, 880.0],
            parking_signs: &[470.0],
            facades: 2,
            ..EMPTY
        }),
    },
    Plan {
        file: "empty-fog.png",
        external_id: "empty fog.png",
        complete: true,
        batch: BATCHES[1],
        about: None,
        view: View::Street(Street { sky: Sky::Fog, side: 480.0, lamps: &[260.0, 700.0], annotated: false, ..EMPTY }),
    },
    Plan {
        file: "old-town.png",
        external_id: "old-town.png",
        complete: true,
        batch: BATCHES[1],
        about: Some(("clear", &["day", "crossing"], "Facades with many windows")),
        view: View::Street(Street {
            zebra: Some(690.0),
            side: 860.0,
            far: &[Car { x: 330.0, body: Body::Sedan, coat: GREY, occluded: &["by a vehicle"] }],
            near: &[car(420.0, Body::Van, BLUE), car(930.0, Body::Hatch, YELLOW)],
            people: &[walker(670.0, 432.0, Walking, false), walker(706.0, 476.0, Walking, false), walker(160.0, 397.0, Standing, false)],
            trees: &[(70.0, 170.0)],
            lamps: &[540.0],
            round_signs: &[150.0, 560.0],
            parking_signs: &[240.0],
            facades: 5,
            ..EMPTY
        }),
    },
    Plan {
        file: "school.png",
        external_id: "school.png",
        complete: false,
        batch: BATCHES[0],
        about: Some(("clear", &["day", "crossing"], "Waits for review")),
        view: View::Street(Street {
            zebra: Some(500.0),
            side: 240.0,
            far: &[car(760.0, Body::Hatch, WHITE)],
            near: &[car(190.0, Body::Van, YELLOW)],
            people: &[walker(490.0, 440.0, Walking, true), walker(520.0, 470.0, Walking, true), walker(640.0, 396.0, Standing, false)],
            trees: &[(380.0, 170.0), (860.0, 182.0)],
            lamps: &[620.0],
            facades: 1,
            ..EMPTY
        }),
    },
    Plan {
        file: "bus-stop.png",
        external_id: "bus-stop.png",
        complete: false,
        batch: BATCHES[1],
        about: Some(("rain", &["day"], "Waits for review")),
        view: View::Street(Street {
            sky: Sky::Rain,
            side: 560.0,
            far: &[car(300.0, Body::Sedan, GREY)],
            near: &[car(720.0, Body::Van, RED)],
            people: &[walker(430.0, 397.0, Standing, false), walker(460.0, 398.0, Standing, true)],
            trees: &[(180.0, 172.0)],
            lamps: &[80.0, 660.0],
            puddles: &[(420.0, 512.0, 110.0)],
            facades: 1,
            ..EMPTY
        }),
    },
];
