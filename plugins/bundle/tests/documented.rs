//! `docs/converters.md` says of every converter and every option what they say of themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/converters.md");

/// The part of the page under a heading, up to the next one.
fn section(heading: &str) -> &'static str {
    let start = PAGE.find(&format!("\n## {heading}")).unwrap_or_else(|| panic!("docs/converters.md has no section '## {heading}'"));
    let rest = &PAGE[start + 1..];
    &rest[..rest[1..].find("\n## ").map_or(rest.len(), |end| end + 1)]
}

#[test]
fn every_converter_and_every_option_is_on_the_page() {
    let shared = section("Options that all of them share");
    for bundled in ango_plugin_bundle::all() {
        let (name, own) = (bundled.name, section(&format!("`{}`", bundled.name)));
        let schema: Value = serde_json::from_str(&(bundled.describe)().options_schema).unwrap();
        for (option, property) in schema["properties"].as_object().unwrap() {
            let row = format!("| `{option}` |");
            if let Some(found) = own.lines().find(|line| line.starts_with(&row)) {
                let description = property["description"].as_str().unwrap().replace('|', "/");
                assert!(found.contains(&description), "{name}: docs/converters.md says something else of `{option}` than its schema: {description}");
            } else {
                let is_shared = own.contains(&format!("`{option}`")) && (shared.contains(&row) || PAGE.contains(&format!("`{option}`")));
                assert!(is_shared, "{name}: docs/converters.md does not know option `{option}`");
            }
        }
    }
}

#[test]
fn no_converter_and_no_option_is_on_the_page_that_is_not_there() {
    for heading in PAGE.lines().filter_map(|line| line.strip_prefix("## `")) {
        let name = heading.split('`').next().unwrap();
        let bundled = ango_plugin_bundle::find(name).unwrap_or_else(|| panic!("docs/converters.md describes `{name}`, which is not bundled"));
        let schema: Value = serde_json::from_str(&(bundled.describe)().options_schema).unwrap();
        for option in section(&format!("`{name}`")).lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()) {
            assert!(schema["properties"].get(option).is_some(), "{name}: docs/converters.md describes option `{option}`, which it does not have");
        }
    }
}
