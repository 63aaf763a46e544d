//! Which paths are portable: the archive's rule, and the way to make a portable path from a free text.

use unicode_normalization::UnicodeNormalization;

/// The longest path and the longest name in it, in bytes (contract, `archive`).
const MAX_PATH: usize = 1024;
const MAX_NAME: usize = 255;

/// What a long name is cut to, in bytes: a suffix still fits in where it is taken.
const MAX_STEM: usize = 180;
/// The longest path that is made here, in bytes.
const MAX_MADE: usize = 600;
/// The longest extension that a name keeps when it is cut, in bytes.
const MAX_EXTENSION: usize = 16;

/// Names that Windows reserves, with any extension.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// What is wrong with a path, if anything.
pub(crate) fn fault(path: &str) -> Option<String> {
    if path.len() > MAX_PATH {
        return Some(format!("is {} bytes long, {MAX_PATH} are allowed", path.len()));
    }
    path.split('/').find_map(name_fault)
}

/// The form in which two paths are the same file on some system.
pub(crate) fn same_file_key(path: &str) -> String {
    // Upper case first: some letters are one only there (ß and SS, final and other sigma).
    path.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("has an empty name in it".to_owned());
    }
    if name == "." || name == ".." {
        return Some(format!("has `{name}` in it"));
    }
    if name.len() > MAX_NAME {
        return Some(format!("has a name of {} bytes in it, {MAX_NAME} are allowed", name.len()));
    }
    if let Some(bad) = name.chars().find(|&c| is_forbidden(c)) {
        return Some(format!("has the character {bad:?} in it"));
    }
    if name.ends_with(['.', ' ']) {
        return Some(format!("has the name `{name}` in it, which ends with a dot or a space"));
    }
    is_reserved(name).then(|| format!("has the name `{name}` in it, which Windows reserves"))
}

/// Whether Windows or a shell would stumble over the character, or it would show a name as something else.
fn is_forbidden(c: char) -> bool {
    c.is_control() || is_deceptive(c) || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*')
}

/// Marks that turn the writing direction, and line breaks that are not control characters.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    RESERVED.contains(&stem.as_str()) || numbered.is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(|c| "123456789¹²³".contains(c)))
}

/// A portable relative path made from a free text; empty when nothing is left.
pub(crate) fn sanitise(text: &str) -> String {
    let mut names: Vec<String> = text.split(['/', '\\']).filter(|name| !matches!(*name, "" | "." | "..")).map(sanitise_name).collect();
    // Of a very long path the end tells most.
    let mut length = 0;
    let kept = names.iter().rev().take_while(|name| {
        length += name.len() + 1;
        length <= MAX_MADE
    });
    let count = kept.count();
    names.split_off(names.len() - count).join("/")
}

fn sanitise_name(name: &str) -> String {
    let mut clean: String = name.chars().map(|c| if is_forbidden(c) { '_' } else { c }).collect();
    let kept = clean.trim_end_matches(['.', ' ']).len();
    if kept < clean.len() {
        clean.truncate(kept);
        clean.push('_');
    }
    // What is left of a long name may be nothing, or reserved.
    let mut short = shorten(clean);
    if short.is_empty() || is_reserved(&short) {
        short.insert(0, '_');
    }
    short
}

/// Cuts a name in front of its extension.
fn shorten(name: String) -> String {
    if name.len() <= MAX_STEM {
        return name;
    }
    let (stem, extension) = split_extension(&name);
    let extension = if extension.len() <= MAX_EXTENSION { extension } else { "" };
    let room = (MAX_STEM - extension.len()).min(stem.len());
    let cut = (0..=room).rev().find(|&at| stem.is_char_boundary(at)).unwrap_or(0);
    format!("{}{extension}", stem[..cut].trim_end_matches(['.', ' ']))
}

/// A path without the last suffix of its name, and that suffix with its dot. `.nii.gz` is one suffix.
pub(crate) fn split_extension(path: &str) -> (&str, &str) {
    let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
    let last_dot = |end: usize| path[name_at..end].rfind('.').filter(|dot| *dot > 0).map(|dot| name_at + dot);
    let Some(dot) = last_dot(path.len()) else { return (path, "") };
    let inner = last_dot(dot).filter(|inner| path[*inner..].eq_ignore_ascii_case(".nii.gz"));
    path.split_at(inner.unwrap_or(dot))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn paths_that_some_system_refuses_have_a_fault() {
        for path in [
            "",
            "/a",
            "a//b",
            "../a",
            "a/./b",
            "a\\b",
            "c:x",
            "a\0b",
            "aux.txt",
            "COM1",
            "lpt¹.x",
            "a. ",
            "a.",
            "x?.txt",
            "a\u{202e}gpj.exe",
            "a\u{2028}b",
        ] {
            assert!(fault(path).is_some(), "{path:?}");
        }
        assert!(fault(&"x".repeat(256)).is_some());
        assert!(fault(&"xx/".repeat(400)).is_some());
        for path in ["a", "a/b.txt", "ü/é.jpg", ".hidden", "auxiliary.txt", "com0", "com10"] {
            assert_eq!(fault(path), None, "{path:?}");
        }
    }

    #[test]
    fn sanitised_text_is_a_portable_path() {
        let long = format!("{}.jpg", "é".repeat(400));
        assert_eq!(sanitise("/./.."), "");
        for text in ["/a/../b.jpg", "C:\\x.jpg", "nul", "a. /b..", "x\n?.png", "a//b/./c.jpg", &long, &"long name/".repeat(200), "a\u{202e}gpj.exe"] {
            let path = sanitise(text);
            assert_eq!(fault(&path), None, "{text:?} became {path:?}");
        }
        assert_eq!(sanitise("../a/b.v2.jpg"), "a/b.v2.jpg");
        assert!(sanitise(&long).ends_with(".jpg"));
    }

    #[test]
    fn only_the_last_suffix_is_an_extension() {
        assert_eq!(split_extension("a.b/img.v2.png"), ("a.b/img.v2", ".png"));
        assert_eq!(split_extension("a.b/.hidden"), ("a.b/.hidden", ""));
        assert_eq!(split_extension("a.b/c.v2.Nii.GZ"), ("a.b/c.v2", ".Nii.GZ"));
        assert_eq!(split_extension(".nii.gz"), (".nii", ".gz"));
    }
}
