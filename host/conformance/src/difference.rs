//! What differs between two conversions, in words.

use crate::Files;

/// The first difference, in words.
pub fn difference(expected: &Files, found: &Files) -> Option<String> {
    for (path, wanted) in expected {
        let Some(bytes) = found.get(path) else { return Some(format!("{path} does not come out")) };
        if bytes != wanted {
            return Some(format!("{path}: {}", line_difference(&String::from_utf8_lossy(wanted), &String::from_utf8_lossy(bytes))));
        }
    }
    found.keys().find(|path| !expected.contains_key(*path)).map(|path| format!("{path} comes out and is not expected"))
}

fn line_difference(expected: &str, found: &str) -> String {
    let (mut expected, mut found) = (expected.lines(), found.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (expected.next(), found.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) => return "line ends or bytes that are no text differ".to_owned(),
            (a, b) => {
                let shown = |line: Option<&str>| {
                    line.map_or_else(|| "the end".to_owned(), |line| format!("'{}'", line.chars().take(120).collect::<String>()))
                };
                return format!("line {number}: expected {}, found {}", shown(a), shown(b));
            }
        }
    }
}
