//! Names of files: flat ones, and the parts of paths.

use crate::bytes::hash;

/// The longest flat name, in bytes: what file systems and the contract take, 255, with room for another suffix.
const MAX_NAME: usize = 240;
/// What stands for a `/`.
const JOINT: &str = "__";

/// A path as one name: `a/b/1.jpg` is `a__b__1.jpg`. Two different paths have different names: where a path could be mistaken for another one's
/// name, its underscores are written `%5F`. A name that would be too long is cut and ends with a hash of the path.
pub fn flat(path: &str) -> String {
    if !path.contains('/') && !is_ambiguous(path) {
        return path.to_owned();
    }
    let name = if is_ambiguous(path) { path.replace('%', "%25").replace('_', "%5F") } else { path.to_owned() }.replace('/', JOINT);
    if name.len() <= MAX_NAME {
        return name;
    }
    let suffix = suffix(&name).filter(|suffix| suffix.len() <= 16).map(|suffix| [".", suffix].concat()).unwrap_or_default();
    cut(&name, MAX_NAME, &format!("-{:016x}{suffix}", hash(path.as_bytes())))
}

/// The name if it has at most `max` bytes (at least 17), else what of it there is room for and a hash of the whole: for names that get an ending, so that a file
/// system still takes them.
pub fn within(name: &str, max: usize) -> String {
    if name.len() <= max { name.to_owned() } else { cut(name, max, &format!("-{:016x}", hash(name.as_bytes()))) }
}

/// What a name without suffix is called if lists of names, one a line, cannot hold it: their readers take away white space at the ends, and lines that begin with
/// `#`. `None` if they give it back as it is. XML can hold it as well.
pub fn listable(stem: &str) -> Option<String> {
    let is_break = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    if stem.trim().len() == stem.len() && !stem.starts_with('#') && !stem.chars().any(is_break) {
        return None;
    }
    let clean: String = stem.chars().map(|c| if c.is_whitespace() || c == '#' || is_break(c) { '_' } else { c }).collect();
    Some(format!("{clean}-{:08x}", hash(stem.as_bytes()) >> 32))
}

/// The beginning of a name, and a mark, together at most `max` bytes.
fn cut(name: &str, max: usize, mark: &str) -> String {
    let mut end = max.saturating_sub(mark.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    [&name[..end], mark].concat()
}

/// Whether joining the path's names would not tell where one ends, or whether it has what stands for an underscore.
fn is_ambiguous(path: &str) -> bool {
    let escapes = |name: &str| {
        let bytes = name.as_bytes();
        bytes.windows(3).any(|three| three.eq_ignore_ascii_case(b"%5f") || three == b"%25")
    };
    path.split('/').any(|name| name.contains(JOINT) || (path.contains('/') && (name.starts_with('_') || name.ends_with('_')))) || escapes(path)
}

/// The last name of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a path, without the last `/`; empty if it has none.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last suffix of a path's name, without its dot; `None` if the dot begins the name.
pub fn suffix(path: &str) -> Option<&str> {
    name(path).rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, suffix)| suffix)
}

/// The path without its last suffix.
pub fn stem(path: &str) -> &str {
    suffix(path).map_or(path, |suffix| &path[..path.len() - suffix.len() - 1])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn folders_are_joined_and_nothing_is_mistaken() {
        for (path, want) in [
            ("a.jpg", "a.jpg"),
            ("a_b.jpg", "a_b.jpg"),
            ("a/b_c/1.jpg", "a__b_c__1.jpg"),
            ("a__1.jpg", "a%5F%5F1.jpg"),
            ("a_/1.jpg", "a%5F__1.jpg"),
            ("a/_1.jpg", "a__%5F1.jpg"),
            ("50%25/1.jpg", "50%2525__1.jpg"),
        ] {
            assert_eq!(flat(path), want);
        }
        let long = ["x".repeat(200), "y".repeat(200)].join("/") + ".jpg";
        assert_eq!(flat(&long).len(), 240);
        assert!(flat(&long).ends_with(".jpg"));
        assert_ne!(flat(&long), flat(&long.replace("y.jpg", "z.jpg")));
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        assert_eq!(within("short", 17), "short");
        let long = "é".repeat(100);
        let cut = within(&long, 100);
        assert!(cut.len() <= 100 && cut.starts_with("éé"), "{cut}");
        assert_ne!(cut, within(&[&long, "x"].concat(), 100));
    }

    #[test]
    fn names_that_lists_would_change_are_known() {
        for name in [" a", "a\u{a0}", "#a", "a\u{2028}b"] {
            let listed = listable(name).unwrap();
            assert!(listable(&listed).is_none(), "{listed:?}");
        }
        assert_eq!((listable("a b#c"), listable("a/#b")), (None, None));
        assert_ne!(listable(" a"), listable("a "));
    }

    #[test]
    fn paths_have_folders_names_stems_and_suffixes() {
        assert_eq!(
            (folder("a/b/c.v2.png"), name("a/b/c.v2.png"), stem("a/b/c.v2.png"), suffix("a/b/c.v2.png")),
            ("a/b", "c.v2.png", "a/b/c.v2", Some("png"))
        );
        assert_eq!((folder("c"), stem(".hidden"), suffix(".hidden"), suffix("d.d/c")), ("", ".hidden", None, None));
    }

    proptest! {
        #[test]
        fn different_paths_have_different_names(paths in prop::collection::vec("[a_%]{1,2}(/[a_%5F]{1,3}){0,2}", 1..60)) {
            let mut known: HashMap<String, String> = HashMap::new();
            for path in paths {
                let name = flat(&path).to_lowercase();
                prop_assert!(!name.contains('/'));
                let other = known.entry(name).or_insert_with(|| path.to_lowercase());
                prop_assert_eq!(&*other, &path.to_lowercase());
            }
        }
    }
}
