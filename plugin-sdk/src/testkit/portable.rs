//! Which paths are portable: the archive's rule, and the way to make a portable path from a free text.

use unicode_normalization::UnicodeNormalization;

/// The longest path and the longest name in it, in bytes (contract, `archive`).
const MAX_PATH: usize = 1024;
const MAX_NAME: usize = 255;

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
    path.nfc().collect::<String>().to_lowercase().nfc().collect()
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

fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*' | '/')
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    RESERVED.contains(&stem.as_str())
        || numbered.is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c)))
}

/// A portable relative path made from a free text, possibly empty. Leaves room for a suffix of 100 bytes in each name.
pub(crate) fn sanitise(text: &str) -> String {
    let names: Vec<String> = text.split('/').filter(|name| !name.is_empty() && *name != ".").map(sanitise_name).collect();
    let path = names.join("/");
    if path.len() > MAX_PATH - 2 * MAX_NAME { names.last().cloned().unwrap_or_default() } else { path }
}

fn sanitise_name(name: &str) -> String {
    let mut clean: String = name.nfc().map(|c| if is_forbidden(c) { '_' } else { c }).collect();
    let kept = clean.trim_end_matches(['.', ' ']).len();
    let tail = clean.len() - kept;
    clean.replace_range(kept.., &"_".repeat(tail));
    if is_reserved(&clean) {
        clean.insert(0, '_');
    }
    let (stem, extension) = split_extension(&clean);
    let room = (MAX_NAME - 100).saturating_sub(extension.len().min(20));
    if stem.len() <= room {
        return clean;
    }
    let cut = (0..=room).rev().find(|&at| stem.is_char_boundary(at)).unwrap_or(0);
    let extension = if extension.len() <= 20 { extension } else { "" };
    format!("{}{extension}", stem[..cut].trim_end_matches(['.', ' ']))
}

/// A path without the last suffix of its name, and that suffix with its dot.
pub(crate) fn split_extension(path: &str) -> (&str, &str) {
    let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name_at..].rfind('.') {
        Some(dot) if dot > 0 => path.split_at(name_at + dot),
        _ => (path, ""),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn paths_that_some_system_refuses_have_a_fault() {
        for path in ["", "/a", "a//b", "../a", "a/./b", "a\\b", "c:x", "a\0b", "aux.txt", "COM1", "lpt¹.x", "a. ", "a.", "x?.txt"] {
            assert!(fault(path).is_some(), "{path:?}");
        }
        assert!(fault(&"x".repeat(256)).is_some());
        assert!(fault(&"xx/".repeat(400)).is_some());
        for path in ["a", "a/b.txt", "ü/é.jpg", ".hidden", "auxiliary.txt", "com10"] {
            assert_eq!(fault(path), None, "{path:?}");
        }
    }

    #[test]
    fn sanitised_text_is_a_portable_path() {
        let long = format!("{}.jpg", "é".repeat(400));
        for text in ["/a/../b.jpg", "C:\\x.jpg", "nul", "a. /b..", "x\n?.png", "a//b/./c.jpg", &long, &"long name/".repeat(200)] {
            let path = sanitise(text);
            assert_eq!(fault(&path), None, "{text:?} became {path:?}");
        }
        assert_eq!(sanitise("../a/b.v2.jpg"), "__/a/b.v2.jpg");
        assert!(sanitise(&long).ends_with(".jpg"));
    }

    #[test]
    fn only_the_last_suffix_is_an_extension() {
        assert_eq!(split_extension("a.b/img.v2.png"), ("a.b/img.v2", ".png"));
        assert_eq!(split_extension("a.b/.hidden"), ("a.b/.hidden", ""));
    }
}
