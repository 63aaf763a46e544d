//! New converter projects.
//!
//! A project is a converter that works, with options, a golden test and a page that says how to go on, and the SDK as source beside it. Whoever starts one changes what is there
//! instead of finding out what is missing.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Stands for the plugin's name in the files of a template.
const NAME: &str = "{{name}}";

/// Stands for the name as an identifier.
const IDENTIFIER: &str = "{{identifier}}";

/// Ends the names of files that would mean something where the templates lie: a `Cargo.toml` of a package that is none yet.
const TEMPLATE: &str = ".template";

/// Where the SDK lies in projects. It is copied as it is.
const SDK: [&str; 2] = ["sdk/", "ango_plugin/"];

/// The languages that there are templates for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rust, compiled for `wasm32-wasip2`.
    Rust,
    /// Python, made into a component by componentize-py.
    Python,
    /// JavaScript, made into a component by componentize-js.
    Javascript,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::Javascript];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Javascript => "javascript",
        }
    }

    fn files(self) -> &'static [(&'static str, &'static [u8])] {
        match self {
            Self::Rust => RUST,
            Self::Python => PYTHON,
            Self::Javascript => JAVASCRIPT,
        }
    }
}

/// What is wrong with a plugin's name; `None` when it is one: lower-case letters and digits in words with hyphens between, a letter first, 64 characters at most.
pub fn check_name(name: &str) -> Option<&'static str> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if name.len() > 64 {
        return Some("is longer than 64 characters");
    }
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.split('-').all(is_word) {
        return Some("is no name for a plugin: lower-case letters and digits, with single hyphens between words, and a letter first");
    }
    None
}

/// The files of a new project: their paths, with `/` between folders, and what they hold.
pub fn project(language: Language, name: &str) -> Vec<(String, Vec<u8>)> {
    let identifier = name.replace('-', "_");
    let fill = |(path, bytes): &(&str, &[u8])| {
        let path = path.strip_suffix(TEMPLATE).unwrap_or(path);
        let bytes = match std::str::from_utf8(bytes) {
            Ok(text) if !SDK.iter().any(|sdk| path.starts_with(sdk)) => text.replace(NAME, name).replace(IDENTIFIER, &identifier).into_bytes(),
            _ => bytes.to_vec(),
        };
        (path.to_owned(), bytes)
    };
    language.files().iter().map(fill).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case() {
        for good in ["a", "boxes-csv", "a1-2b"] {
            assert_eq!(check_name(good), None, "{good}");
        }
        for bad in ["", "A", "a_b", "-a", "a-", "a--b", "1a", "ä", "a b", "a/b", "..", &"a".repeat(65)] {
            assert!(check_name(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn projects_are_whole_and_carry_their_name() {
        for language in Language::ALL {
            let files = project(language, "my-format");
            let text =
                |path: &str| files.iter().find(|file| file.0 == path).map(|file| String::from_utf8_lossy(&file.1).into_owned()).unwrap_or_default();
            assert!(text("README.md").contains("my-format"), "{}", language.name());
            assert!(files.iter().any(|file| file.0.starts_with("tests/simple/expected/")));
            assert!(files.iter().any(|file| file.0.ends_with("/wit/0.1/converter.wit")));
            for (path, bytes) in &files {
                assert!(SDK.iter().any(|sdk| path.starts_with(sdk)) || !String::from_utf8_lossy(bytes).contains("{{"), "{path}");
                assert!(!path.ends_with(TEMPLATE) && !path.contains('\\') && !path.contains(".."), "{path}");
            }
        }
    }

    /// The SDK in a project takes its dependencies from the project, which must ask for the versions that the SDK is tested with.
    #[test]
    fn the_rust_template_asks_for_the_versions_of_the_workspace() {
        let dependencies = |text: &str| -> Vec<String> {
            let section = text.split("[workspace.dependencies]\n").nth(1).unwrap_or_default();
            section.split("\n[").next().unwrap_or_default().lines().map(str::to_owned).collect()
        };
        let ours = dependencies(include_str!("../../../Cargo.toml"));
        let files = project(Language::Rust, "x");
        let manifest = files.iter().find(|file| file.0 == "Cargo.toml").map(|file| String::from_utf8_lossy(&file.1).into_owned()).unwrap_or_default();
        let theirs = dependencies(&manifest);
        assert!(theirs.len() > 5);
        for line in theirs.iter().filter(|line| !line.is_empty() && !line.contains("path =")) {
            assert!(ours.contains(line), "{line}");
        }
    }
}
