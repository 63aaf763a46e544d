//! Inputs and results of the SDK's helpers, written to `vectors/*.json`: what SDKs in other languages are compared with, bit for bit.
//!
//! `BLESS=1 cargo test --test vectors` writes them after a change that is meant. Numbers are the 16 hexadecimal digits of their bits.
//! Only `names.json` is not written here: file names are the host's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

mod geometry;
mod names;
mod number;
mod random;
mod rle;
mod text;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A number as its bits.
fn bits(number: f64) -> Value {
    json!(format!("{:016x}", number.to_bits()))
}

/// Numbers as their bits, one after the other.
fn all_bits(numbers: &[f64]) -> Value {
    json!(numbers.iter().map(|number| format!("{:016x}", number.to_bits())).collect::<String>())
}

/// Compares with the file, or writes it.
fn check(name: &str, sections: &[(&str, Vec<Value>)]) {
    let mut text = String::from("{\n");
    for (at, (section, cases)) in sections.iter().enumerate() {
        assert!(!cases.is_empty(), "{section}");
        let lines: Vec<String> = cases.iter().map(|case| format!("  {case}")).collect();
        let comma = if at + 1 < sections.len() { "," } else { "" };
        text.push_str(&format!(" \"{section}\": [\n{}\n ]{comma}\n", lines.join(",\n")));
    }
    text.push_str("}\n");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let difference = text.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(text == written, "{} is not current (BLESS=1 writes it): {difference:?}", file.display());
}
