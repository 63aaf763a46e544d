//! The form, against the contract's own text and against bytes that are wrong.

use crate::{Malformed, Reader, Unpack, write};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Records, variants and enums of the interface `types`, each with its fields or cases in order, from the WIT file.
fn declared() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("../../0.1/converter.wit");
    let types = text.split("interface types {").nth(1).unwrap_or_default().split("\ninterface ").next().unwrap_or_default();
    let code: String = types.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let mut found = BTreeMap::new();
    for kind in ["record ", "variant ", "enum "] {
        for item in code.split(kind).skip(1) {
            let Some((name, rest)) = item.split_once('{') else { continue };
            let body = rest.split('}').next().unwrap_or_default();
            // Commas inside of brackets separate nothing.
            let mut depth = 0;
            let parts = body.split(|c: char| {
                depth += i32::from(matches!(c, '<' | '(')) - i32::from(matches!(c, '>' | ')'));
                c == ',' && depth == 0
            });
            let names = parts.map(|part| part.split([':', '(']).next().unwrap_or_default().trim().to_owned());
            found.insert(name.trim().to_owned(), names.filter(|name| !name.is_empty()).collect());
        }
    }
    found
}

/// The same from the macro, in the WIT's way of writing names.
fn implemented() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("contract.rs");
    let body = text.split("$records! {").nth(1).unwrap_or_default().split("\n    };").next().unwrap_or_default();
    let kebab = |name: &str| {
        let mut kebab = String::new();
        for c in name.trim().chars() {
            if c.is_ascii_uppercase() && !kebab.is_empty() {
                kebab.push('-');
            }
            kebab.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
        }
        kebab
    };
    let items = body.replace("$variants! {", "");
    let mut found = BTreeMap::new();
    for item in items.split('}') {
        let Some((name, fields)) = item.split_once('{') else { continue };
        let fields: Vec<&str> = fields.split(',').map(str::trim).collect();
        let field = |(position, field): (usize, &&str)| {
            // A case says its number, which must be its position.
            let name = match field.split_once(' ') {
                Some((number, name)) => {
                    assert_eq!(number.parse(), Ok(position), "{name}");
                    name.trim_end_matches("(_)")
                }
                None => field,
            };
            kebab(name)
        };
        found.insert(kebab(name), fields.iter().enumerate().map(field).collect());
    }
    found
}

#[test]
fn the_order_of_fields_and_cases_is_the_contracts() {
    let (mut declared, implemented) = (declared(), implemented());
    // The project crosses typed.
    assert!(declared.remove("project").is_some() && declared.remove("class").is_some());
    assert!(declared.len() >= 20 && declared["task"].len() == 12, "{declared:#?}");
    assert_eq!(implemented, declared);
}

fn read<T: Unpack>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut reader = Reader::new(bytes);
    let value = T::unpack(&mut reader)?;
    if reader.left() == 0 { Ok(value) } else { Err(Malformed) }
}

proptest! {
    #[test]
    fn what_was_written_is_read(texts in prop::collection::vec(prop::option::of("\\PC{0,12}"), 0..6), numbers in prop::collection::vec(any::<f64>(), 0..9)) {
        let mut out = Vec::new();
        write::list(&mut out, &texts, |out, item| write::option(out, item.as_deref(), write::text));
        prop_assert_eq!(read::<Vec<Option<String>>>(&out), Ok(texts.clone()));
        for end in 0..out.len() {
            prop_assert_eq!(read::<Vec<Option<String>>>(&out[..end]), Err(Malformed));
        }
        out.clear();
        write::numbers(&mut out, &numbers);
        let bits = |numbers: Vec<f64>| numbers.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        prop_assert_eq!(read::<Vec<f64>>(&out).map(bits), Ok(bits(numbers)));
    }

    #[test]
    fn wrong_bytes_are_an_error_and_no_flood_of_memory(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read::<Vec<Vec<f64>>>(&bytes);
        let _ = read::<Vec<Option<String>>>(&bytes);
        let longest = [&[0xff; 4], bytes.as_slice()].concat();
        prop_assert_eq!(read::<Vec<f64>>(&longest), Err(Malformed));
        prop_assert_eq!(read::<Vec<u64>>(&longest), Err(Malformed));
        prop_assert_eq!(read::<String>(&longest), Err(Malformed));
    }
}

#[test]
fn text_is_utf_8_and_a_flag_is_0_or_1() {
    assert_eq!(read::<String>(b"\x02\0\0\0\xc3\xa9"), Ok("\u{e9}".to_owned()));
    assert_eq!(read::<String>(b"\x02\0\0\0\xc3\x28"), Err(Malformed));
    assert_eq!(read::<String>(b"\x09\x00\x00\x0012345678\x80"), Err(Malformed));
    assert_eq!(read::<bool>(b"\x02"), Err(Malformed));
    assert_eq!(read::<Option<u8>>(b"\x01\x07"), Ok(Some(7)));
}
