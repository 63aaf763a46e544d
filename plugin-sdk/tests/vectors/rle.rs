//! Masks as run lengths.

use crate::random::Random;
use crate::{all_bits, check};
use ango_plugin_sdk::rle::{Rle, RleError};
use serde_json::{Value, json};

fn error(fault: RleError) -> Value {
    json!(match fault {
        RleError::ImageSize => "image-size",
        RleError::Coordinate => "coordinate",
        RleError::TooComplex => "too-complex",
        RleError::Malformed => "malformed",
    })
}

fn mask(mask: Result<Rle, RleError>) -> Value {
    mask.map_or_else(error, |mask| json!([mask.to_compressed(), mask.area()]))
}

#[test]
fn masks() {
    let mut random = Random(1);
    let mut zones = Vec::new();
    let mut plain: Vec<(Rle, u32, u32)> = Vec::new();
    for at in 0..80 {
        let (width, height) = (1 + random.below(90) as u32, 1 + random.below(70) as u32);
        let count = 1 + at % 3;
        let drawn: Vec<(Vec<f64>, Vec<Vec<f64>>)> = (0..count)
            .map(|_| {
                let points = random.below(8);
                let region = random.ring(points, width.into(), height.into());
                let holes = (0..random.below(3)).map(|_| random.ring(4, width.into(), height.into())).collect();
                (region, holes)
            })
            .collect();
        let borrowed = drawn.iter().map(|(region, holes)| (&region[..], holes.iter().map(|hole| &hole[..])));
        let united = Rle::from_zones(borrowed, width, height);
        if let Ok(mask) = &united {
            plain.push((mask.clone(), width, height));
        }
        let given: Vec<Value> =
            drawn.iter().map(|(region, holes)| json!([all_bits(region), holes.iter().map(|hole| all_bits(hole)).collect::<Vec<_>>()])).collect();
        zones.push(json!([given, width, height, mask(united)]));
    }
    let zigzag: Vec<f64> = (0..140).flat_map(|at| [if at % 2 == 0 { -1e7 } else { 1e7 }, f64::from(at)]).collect();
    let mut hostile = vec![json!([[], 4, 5, mask(Rle::from_zones(std::iter::empty::<(&[f64], Vec<&[f64]>)>(), 4, 5))])];
    for (ring, width, height) in [
        (vec![1.0, 1.0, 5.0, 1.0, 5.0, 5.0], 100_000, 100_000),
        (vec![1.0, 1.0, 5.0, 1.0, 5.0, 5.0], 0, 10),
        (vec![1e300, 1.0, 5.0, 1.0, 5.0, 5.0], 10, 10),
        (vec![f64::INFINITY, 1.0, 5.0, 1.0, 5.0, 5.0], 10, 10),
        (vec![-1.1e7, 1.0, 5.0, 1.0, 5.0, 5.0], 10, 10),
        (vec![-1e7, -1e7, 1e7, -1e7, 1e7, 1e7, -1e7, 1e7], 65_000, 65_000),
        (vec![1.0], 10, 10),
        (zigzag, 65_000, 65_000),
    ] {
        hostile.push(json!([[[all_bits(&ring), []]], width, height, mask(Rle::from_ring(&ring, width, height))]));
    }
    let pairs = plain
        .iter()
        .map(|(one, width, height)| {
            let ring = random.ring(4, (*width).into(), (*height).into());
            let other = Rle::from_ring(&ring, *width, *height).unwrap();
            json!([
                one.to_compressed(),
                other.to_compressed(),
                width,
                height,
                one.union(&other).to_compressed(),
                one.subtract(&other).to_compressed()
            ])
        })
        .collect();
    let read = ["", "~", "0", "P", "oooooooooooooooo", "\u{7f}", "1", "é", "PPPP", "T3", "\\2", "0T3", "01M"]
        .map(|text| json!([text, 10, 10, Rle::from_compressed(text, 10, 10).map_or_else(error, |mask| json!(mask.counts()))]));
    check("rle.json", &[("zones", zones), ("hostile", hostile), ("pair", pairs), ("read", read.to_vec())]);
}
