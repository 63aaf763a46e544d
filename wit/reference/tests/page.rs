//! The page, against the WIT file that it is made from.

#![allow(clippy::unwrap_used, clippy::panic)]

use ango_contract_reference::{ReferenceError, reference};
use std::collections::BTreeSet;

const PATH: &str = "wit/0.1/converter.wit";
const WIT: &str = include_str!("../../0.1/converter.wit");
const PAGE: &str = include_str!("../../../docs/contract.md");

#[test]
fn the_page_that_is_checked_in_follows_from_the_file() {
    let made = reference(PATH, WIT).unwrap();
    let different = made.lines().zip(PAGE.lines()).find(|(made, here)| made != here);
    assert!(made == PAGE, "docs/contract.md is not current, `cargo xtask docs` writes it anew: {different:?}");
}

/// What the page says, without its links and its tags.
fn words(page: &str) -> String {
    let link = regex::Regex::new(r"\[([^\]]*)\]\([^)]*\)").unwrap();
    let tag = regex::Regex::new(r"</?(code|a)[^>]*>").unwrap();
    let text = tag.replace_all(page, "");
    link.replace_all(&text, "$1").replace("&lt;", "<").replace("&gt;", ">").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_word_of_the_file_is_on_the_page() {
    let words = words(PAGE);
    let comments: Vec<&str> = WIT.lines().filter_map(|line| line.trim().strip_prefix("///")).map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(comments.len() > 100);
    for comment in comments {
        let comment = comment.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&comment), "{comment}");
    }
    // Names of fields, parameters and functions with their types.
    let declared = regex::Regex::new(r"([a-z][a-z0-9-]*): ([a-z][a-z0-9_<>, -]*?)(?:,\s|,$|;| \}|\))").unwrap();
    let code: Vec<&str> = WIT.lines().filter(|line| !line.trim().starts_with("///")).collect();
    let mut count = 0;
    for found in code.iter().flat_map(|line| declared.captures_iter(line)) {
        let (name, ty) = (&found[1], &found[2]);
        let shown = [format!("| `{name}` | {ty} |"), format!("{name}: {ty}")];
        assert!(shown.iter().any(|shown| words.contains(shown)), "{name}: {ty}");
        count += 1;
    }
    assert!(count > 100, "{count}");
}

#[test]
fn every_link_leads_to_one_place() {
    let slug = |heading: &str| -> String {
        heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    let headings: Vec<String> = PAGE.lines().filter(|line| line.starts_with('#')).map(|line| slug(line.trim_start_matches('#').trim())).collect();
    let places: BTreeSet<&String> = headings.iter().collect();
    assert_eq!(places.len(), headings.len(), "two headings have one anchor: {headings:#?}");
    let link = regex::Regex::new(r##"(?:\]\(|href=")#([^)"]*)[)"]"##).unwrap();
    let mut linked = BTreeSet::new();
    for found in link.captures_iter(PAGE) {
        assert!(places.contains(&found[1].to_owned()), "#{} leads nowhere", &found[1]);
        linked.insert(found[1].to_owned());
    }
    // Types, functions and interfaces: everything but the page's title and its two sections about itself.
    assert_eq!(linked.len(), places.len() - 3, "{:?}", places.iter().filter(|place| !linked.contains(**place)).collect::<Vec<_>>());
}

#[test]
fn a_reader_meets_the_whole_before_its_parts() {
    let place = |heading: &str| PAGE.find(&format!("\n### {heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    for (whole, part) in [
        ("`convert`", "variant `failure`"),
        ("record `info`", "enum `grant`"),
        ("record `task`", "record `asset`"),
        ("record `object`", "variant `geometry`"),
        ("variant `geometry`", "type `path`"),
        ("record `project`", "record `class`"),
    ] {
        assert!(place(whole) < place(part), "{whole} before {part}");
    }
}

#[test]
fn names_lead_to_what_they_mean_where_they_stand() {
    let wit = "/// About `source` and `go`.\npackage a:b@1.0.0;\n/// Of `source`.\ninterface source {\n  /// A `field`, a `source`.\n  record thing { source: u8, field: list<u16> }\n  /// See `thing.field`, `other` and `next`.\n  next: func(other: thing) -> option<tuple<u8, bool>>;\n  /// `next` and ` a lone one.\n  other: func();\n}\nworld w {\n  import source;\n  /// `source.next`\n  export go: func();\n}\n";
    let page = reference("a.wit", wit).unwrap();
    for line in [
        "About [`source`](#the-interface-source) and [`go`](#go).",
        "Of `source`.",
        "A `field`, a `source`.",
        "See [`thing.field`](#record-thing), `other` and `next`.",
        "[`next`](#sourcenext) and ` a lone one.",
        "[`source.next`](#sourcenext)",
        "<code>next: func(other: <a href=\"#record-thing\">thing</a>) -&gt; option&lt;tuple&lt;u8, bool&gt;&gt;</code>",
        "| `field` | <code>list&lt;u16&gt;</code> |",
    ] {
        assert!(page.lines().any(|here| here == line), "{line}\n{page}");
    }
}

#[test]
fn what_is_no_contract_is_an_error_with_its_place() {
    let error = reference("a.wit", "package a:b;\ninterface x { f: func(a: nothing); }\n").unwrap_err().to_string();
    assert!(error.contains("nothing") && error.contains("a.wit:2:"), "{error}");
    let error = reference("a.wit", "package a:b;\ninterface x { f: func(); }\n").unwrap_err();
    assert!(matches!(error, ReferenceError::Worlds(0)), "{error}");
    let error = reference("a.wit", "package a:b;\ninterface x { flags many { a, b } }\nworld w { import x; }\n").unwrap_err();
    assert_eq!(error.to_string(), "flags many: the reference does not know how to show it");
}
