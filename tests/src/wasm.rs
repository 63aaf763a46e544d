//! Components for tests.

/// A converter of boxes to CSV: the project of `plugin new boxes-csv --lang rust`, built against contract 0.1 when that was new. It must load for ever.
const BOXES: &[u8] = include_bytes!("../fixtures/contracts/0.1/boxes-csv.wasm");
/// A component that describes itself and does nothing else.
const GOOD: &str = include_str!("../fixtures/bad-plugins/good.wat");

/// A converter that works; its name is `boxes-csv`.
pub fn boxes() -> Vec<u8> {
    BOXES.to_vec()
}

/// The same with a mark in it: another component that does the same.
pub fn marked(mark: &str) -> Vec<u8> {
    [BOXES, &custom_section("mark", mark.as_bytes())].concat()
}

/// A custom section: name and content must be shorter than 128 bytes together.
pub fn custom_section(name: &str, content: &[u8]) -> Vec<u8> {
    let size = 1 + name.len() + content.len();
    assert!(size < 128, "a length of one byte");
    [&[0, size as u8, name.len() as u8], name.as_bytes(), content].concat()
}

/// A component that describes itself so, and traps when it is to convert.
pub fn describing(name: &str, version: &str, schema: &str, wants_assets: bool) -> Vec<u8> {
    let texts = [name, version, "Title", "Format", schema];
    let mut record = Vec::new();
    let mut at = 1024u32;
    for text in texts {
        record.extend(at.to_le_bytes());
        record.extend((text.len() as u32).to_le_bytes());
        at += text.len() as u32;
    }
    // The grants lie behind the texts: one byte, the number of the enum's case.
    record.extend(at.to_le_bytes());
    record.extend(u32::from(wants_assets).to_le_bytes());
    // Independent tasks, no history.
    record.extend([1, 0]);
    let escaped = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\{byte:02x}")).collect::<String>();
    let start = GOOD.find("    (data (i32.const 64)").expect("the fixture has its data at 64");
    let end = GOOD.find("  (core instance $main").expect("the fixture instantiates its module");
    let texts: Vec<u8> = texts.concat().into_bytes().into_iter().chain([0]).collect();
    let data = format!("    (data (i32.const 64) \"{}\")\n    (data (i32.const 1024) \"{}\"))\n", escaped(&record), escaped(&texts));
    let text = format!("{}{data}{}", &GOOD[..start], &GOOD[end..]);
    wat::parse_str(text).expect("the fixture is a component")
}
