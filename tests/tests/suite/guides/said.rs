//! What guides say in words: limits with their defaults, errors, links.

use super::{sources, text};
use ango_tests::cli::Cli;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The rows of the table under a heading: their cells, without the heads of the columns.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let section = page.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("there is no section {heading}"));
    let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows: Vec<Vec<String>> = lines.skip(2).map(cells).collect();
    assert!(rows.len() > 2, "{heading}: {rows:?}");
    rows
}

/// `512 MiB` and `1,800 s` as numbers.
fn number(text: &str) -> f64 {
    let (digits, unit) = text.split_once(' ').unwrap_or((text, ""));
    let scale = match unit {
        "" | "s" => 1.0,
        "KiB" => 1024.0,
        "MiB" => 1024.0 * 1024.0,
        "GiB" => 1024.0 * 1024.0 * 1024.0,
        other => panic!("{other}"),
    };
    digits.replace(',', "").parse::<f64>().unwrap() * scale
}

#[test]
fn limits_have_the_names_and_defaults_that_the_admin_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("none.toml");
    std::fs::write(&config, "").unwrap();
    let settings = Cli::new(["config", "check", "--json", "--config"]).arg(&config).expect(0).events();
    let limit = |setting: &serde_json::Value| {
        let name = setting["name"].as_str().unwrap().strip_prefix("limits.")?.to_owned();
        Some((name, setting["value"].as_str().unwrap().parse::<f64>().unwrap()))
    };
    let real: BTreeMap<String, f64> = settings.iter().filter_map(limit).collect();
    let rows = table(&text("docs/admin.md"), "### Limits");
    let told: BTreeMap<String, f64> = rows.iter().map(|row| (row[0].trim_matches('`').to_owned(), number(&row[1]))).collect();
    assert_eq!(told, real);
}

/// Everything that the program and the SDKs may say.
fn everything_said() -> String {
    let mut said = String::new();
    let mut folders = vec![sources().join("host"), sources().join("plugin-sdk"), sources().join("tests/tests/suite/snapshots")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| ["rs", "snap", "py", "js", "ts", "mjs"].iter().any(|known| extension == *known)) {
                said += &std::fs::read_to_string(&path).unwrap_or_default();
            }
        }
    }
    said
}

#[test]
fn errors_in_guides_are_those_that_there_are() {
    let said = everything_said();
    for guide in ["write-a-plugin-rust.md", "write-a-plugin-python.md", "write-a-plugin-javascript.md"] {
        for row in table(&text(&format!("docs/{guide}")), "## Errors") {
            let messages: Vec<&str> = row[0].split('`').skip(1).step_by(2).collect();
            assert!(!messages.is_empty(), "{guide}: {row:?} has no message");
            for part in messages.iter().flat_map(|message| message.split("...")).map(str::trim).filter(|part| part.len() > 3) {
                assert!(said.contains(part), "{guide}: nobody says '{part}'");
            }
        }
    }
}

/// GitHub's anchors of a page's headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut inside = false;
    let headings = page.lines().filter(|line| {
        inside ^= line.trim_start().starts_with("```");
        !inside && line.starts_with('#')
    });
    let slug = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    headings.map(slug).collect()
}

#[test]
fn links_between_pages_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut pages = vec!["README.md".to_owned()];
    let docs = std::fs::read_dir(sources().join("docs")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    pages.extend(docs.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")));
    assert!(pages.len() > 3, "{pages:?}");
    for page in pages {
        let here = text(&page);
        for found in link.captures_iter(&here).map(|found| found[1].to_owned()).filter(|link| !link.contains("://")) {
            let (path, anchor) = found.split_once('#').unwrap_or((&found, ""));
            let target = if path.is_empty() { Path::new(&page).to_owned() } else { Path::new(&page).parent().unwrap().join(path) };
            assert!(sources().join(&target).exists(), "{page}: {found} leads nowhere");
            assert!(anchor.is_empty() || anchors(&text(target.to_str().unwrap())).contains(anchor), "{page}: {found}: there is no such section");
        }
    }
}
