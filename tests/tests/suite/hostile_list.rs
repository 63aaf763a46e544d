//! The list of everything that a plugin may try (`tests/hostile/README.md`): what it names exists, and it misses nothing.

use ango_tests::archive::list;
use std::collections::BTreeSet;
use std::path::Path;

const LIST: &str = include_str!("../../hostile/README.md");
const TABLE: &str = include_str!("../../hostile/src/lib.rs");
const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn evils() -> BTreeSet<&'static str> {
    TABLE.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next()).collect()
}

fn fixtures() -> BTreeSet<String> {
    list(&Path::new(TESTS).join("fixtures/bad-plugins")).into_iter().filter(|name| name != "README.md").collect()
}

/// Whether a file of this suite has a test of this name.
fn is_test(file: &str, name: &str) -> bool {
    let text = std::fs::read_to_string(Path::new(TESTS).join("tests/suite").join(file)).unwrap_or_default();
    let is_its_mark = |line: Option<&&str>| line.is_some_and(|line| line.starts_with("#["));
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .enumerate()
        .any(|(index, line)| *line == format!("fn {name}() {{") && is_its_mark(index.checked_sub(1).and_then(|above| lines.get(above))))
}

#[test]
fn everything_that_is_named_exists() {
    let (evils, fixtures) = (evils(), fixtures());
    let rows: Vec<&str> = LIST.lines().filter(|line| line.starts_with("| ") && line.chars().nth(2).is_some_and(|c| c.is_ascii_digit())).collect();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<&str> = row.split(" | ").collect();
        assert_eq!((cells.len(), cells[0]), (3, format!("| {}", index + 1).as_str()), "{row}");
        assert!(quoted(cells[2]).count() > 0, "nothing covers {row}");
        for name in quoted(cells[2]) {
            let exists = match name.split_once("::") {
                Some((file, test)) => is_test(file, test),
                None => evils.contains(name) || fixtures.contains(name),
            };
            assert!(exists, "{name} does not exist: {row}");
        }
    }
    assert_eq!(rows.len(), 58);
}

#[test]
fn no_evil_and_no_fixture_is_missing() {
    let named: BTreeSet<&str> = quoted(LIST).collect();
    let missing: Vec<&str> = evils().into_iter().filter(|evil| !named.contains(evil)).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let missing: Vec<String> = fixtures().into_iter().filter(|fixture| !named.contains(fixture.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new());
}
