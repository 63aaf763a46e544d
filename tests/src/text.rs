//! Making what a program says the same on every machine and in every run.

use std::path::Path;

/// Replaces a test's own folder, and 16 hexadecimal digits (ids of exports), in a text.
pub fn stable(text: &str, folder: &Path) -> String {
    let text = text.replace(&folder.display().to_string(), "DIR");
    let mut stable = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let run = &rest[start..];
        let length = run.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(run.len());
        stable.push_str(&rest[..start]);
        stable.push_str(if length == 16 { "ID" } else { &run[..length] });
        rest = &run[length..];
    }
    stable + rest
}
