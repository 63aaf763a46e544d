//! Numbers as text.

use crate::random::Random;
use crate::{bits, check};
use ango_plugin_sdk::number::{millionths, rounded, write_f64, write_rounded, write_unit};
use serde_json::{Value, json};

/// How many random cases a digest stands for.
const CASES: u64 = 200_000;

/// Numbers at which something changes.
const EDGES: [f64; 40] = [
    0.0,
    -0.0,
    0.1,
    -0.5,
    0.499_999_999_999_999_94,
    1.0,
    1.005,
    1.25,
    -1.256,
    2.5,
    3.5,
    0.999_999_5,
    0.999_999_499_999_999_9,
    9.999_999_5,
    9_999.999_999_5,
    9_999.999_999_6,
    10_000.0,
    9_999_999.999_999_9,
    1e7,
    123_456.789,
    2_147.483_647_5,
    2_147.483_648_5,
    1e-4,
    9.999_999_999e-5,
    1e-5,
    9.9e-6,
    1.5e-7,
    5e-7,
    4.999_999_999_999_999e-7,
    1e8,
    1e9 - 0.5,
    1e14 + 0.5,
    999_999_999_999_999.9,
    1e15,
    1_234_567_890_123_456.0,
    1e16,
    1.234_5e17,
    1e300,
    5e-324,
    f64::MAX,
];

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// CRC-32 as in zlib, so that other languages have it at hand.
fn crc32(crc: u32, bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!crc, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())))
}

/// The checksum of what a function writes for random numbers, each on a line of its own.
fn digest(name: &str, seed: u64, write: impl Fn(&mut Vec<u8>, f64, u8)) -> Value {
    let mut random = Random(seed);
    let crc = (0..CASES).fold(0, |crc, _| {
        let (number, decimals) = (random.number(), random.below(17) as u8);
        let mut line = Vec::new();
        write(&mut line, number, decimals);
        line.push(b'\n');
        crc32(crc, &line)
    });
    json!([name, seed, CASES, crc])
}

#[test]
fn numbers() {
    let mut random = Random(1);
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let numbers: Vec<f64> = EDGES.into_iter().chain(special).chain((0..400).map(|_| random.number())).collect();
    let shortest = numbers.iter().map(|&number| json!([bits(number), text(|out| write_f64(out, number))])).collect();
    let with_decimals: Vec<(f64, u8)> = EDGES
        .into_iter()
        .flat_map(|number| [0, 2, 6, 15, 20].map(|decimals| (number, decimals)))
        .chain(special.map(|number| (number, 6)))
        .chain(numbers.iter().map(|&number| (number, random.below(17) as u8)))
        .collect();
    let written = with_decimals.iter().map(|&(number, decimals)| json!([bits(number), decimals, text(|out| write_rounded(out, number, decimals))]));
    // What is not a number stays one; which of its bits are set is the machine's business.
    let finite = with_decimals.iter().filter(|case| !case.0.is_nan());
    let values = finite.map(|&(number, decimals)| json!([bits(number), decimals, bits(rounded(number, decimals))]));
    let units = numbers
        .iter()
        .chain(&[0.25, 0.012_345, 0.999_999_9, 7.0])
        .map(|&number| json!([bits(number), text(|out| write_unit(out, number)), millionths(number)]));
    let digests = vec![
        digest("f64", 2, |out, number, _| write_f64(out, number)),
        digest("rounded", 3, write_rounded),
        digest("six-decimals", 4, |out, number, _| write_rounded(out, number, 6)),
        digest("unit", 5, |out, number, _| write_unit(out, number)),
        digest("shortest-of-rounded", 6, |out, number, decimals| write_f64(out, rounded(number, decimals))),
    ];
    check(
        "number.json",
        &[("f64", shortest), ("rounded", written.collect()), ("value", values.collect()), ("unit", units.collect()), ("digest", digests)],
    );
}
