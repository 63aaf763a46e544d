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

/// A custom section of any length. The name must be shorter than 128 bytes.
pub fn large_section(name: &str, content: &[u8]) -> Vec<u8> {
    let size = 1 + name.len() + content.len();
    // A length may be written with more digits than it needs.
    let digits = [size as u8 | 128, (size >> 7) as u8 | 128, (size >> 14) as u8 | 128, (size >> 21) as u8 & 127];
    assert!(size < 1 << 28 && name.len() < 128, "four digits, and one");
    [&[0], &digits[..], &[name.len() as u8], name.as_bytes(), content].concat()
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

/// A plugin that is `sequential`, reads all tasks as lines, and writes nothing: it waits inside of `next-json` while there is none.
pub fn sequential() -> Vec<u8> {
    let text = GOOD
        // In the description, independent tasks become a sequence.
        .replacen("\\00\\00\\01\\00\")", "\\00\\00\\00\\00\")", 1)
        .replacen(
            "  (core module $main\n    (memory (export \"memory\") 1)\n    (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)",
            r#"  (import "ango:converter/source@0.1.0" (instance $source (export "next-json" (func (param "max-bytes" u32) (result (list u8))))))
  (core module $memory
    (memory (export "memory") 64)
    ;; What came before is read, so everything may lie at the same place.
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $memory))
  (alias core export $memory "cabi_realloc" (core func $realloc))
  (core func $next (canon lower (func $source "next-json") (memory $memory) (realloc $realloc)))
  (core instance $host (export "next" (func $next)))
  (core module $main
    (import "memory" "memory" (memory 1))
    (import "host" "next" (func $next (param i32 i32)))"#,
            1,
        )
        .replacen(
            "(func (export \"convert\") (param i32 i32) (result i32) unreachable)",
            r#"(func (export "convert") (param i32 i32) (result i32)
      (loop $again
        (call $next (i32.const 65536) (i32.const 2048))
        (br_if $again (i32.load offset=4 (i32.const 2048))))
      ;; Neither a failure nor a payload.
      (i64.store (i32.const 2048) (i64.const 0))
      (i32.const 2048))"#,
            1,
        )
        .replacen("(core instance $main (instantiate $main))", r#"(core instance $main (instantiate $main (with "memory" (instance $memory)) (with "host" (instance $host))))"#, 1)
        .replacen("  (alias core export $main \"memory\" (core memory $memory))\n  (alias core export $main \"cabi_realloc\" (core func $realloc))\n", "", 1);
    wat::parse_str(text).expect("the fixture is a component")
}
