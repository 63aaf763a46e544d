//! Paths inside an archive: which are allowed, and which are the same.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use unicode_normalization::UnicodeNormalization;

/// Longest path, in bytes.
pub(crate) const MAX_PATH: usize = 1024;
/// Longest name between two slashes, in bytes.
pub(crate) const MAX_NAME: usize = 255;

/// Names that Windows keeps for devices, with whatever extension.
const RESERVED: [&str; 30] = [
    "conin$", "conout$", "com¹", "com²", "com³", "lpt¹", "lpt²", "lpt³", "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6",
    "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Bytes of the longest of them.
const MAX_RESERVED: usize = 7;

/// Whether Windows or a shell would stumble over the character, or it would show a name as something else.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control() || is_deceptive(c) || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\')
}

/// Marks that turn the writing direction, and line breaks that are not control characters.
pub(crate) fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    // Most names are longer than all of them.
    stem.len() <= MAX_RESERVED && RESERVED.iter().any(|reserved| stem.eq_ignore_ascii_case(reserved))
}

/// Checks that a path can be unpacked on every system and stays below the folder it is unpacked into.
///
/// # Errors
/// Which rule it breaks.
pub fn check(path: &str) -> Result<(), String> {
    let shown = || {
        if path.len() > 100 { format!("{}...", path.chars().take(60).collect::<String>().escape_debug()) } else { path.escape_debug().to_string() }
    };
    if path.is_empty() {
        return Err("the path is empty".into());
    }
    if path.len() > MAX_PATH {
        return Err(format!("'{}' is longer than {MAX_PATH} bytes", shown()));
    }
    if path.starts_with('/') {
        return Err(format!("'{}' is absolute", shown()));
    }
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b' '));
    if let Some(c) = if is_plain { None } else { path.chars().find(|c| is_forbidden(*c)) } {
        return Err(format!("'{}' holds the character '{}'", shown(), c.escape_debug()));
    }
    for name in path.split('/') {
        match name {
            "" => return Err(format!("'{}' holds an empty name", shown())),
            "." | ".." => return Err(format!("'{}' holds '{name}'", shown())),
            _ if name.len() > MAX_NAME => return Err(format!("'{}' holds a name of more than {MAX_NAME} bytes", shown())),
            _ if name.ends_with('.') || name.ends_with(' ') => return Err(format!("'{}' holds a name that ends with a dot or a space", shown())),
            _ if is_reserved(name) => return Err(format!("'{}' holds a name that Windows reserves", shown())),
            _ => {}
        }
    }
    Ok(())
}

/// A number that is the same for paths that some system takes for one: case and Unicode normalisation do not count.
pub(crate) fn identity(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    if path.is_ascii() {
        let mut lower = [0; 64];
        for part in path.as_bytes().chunks(lower.len()) {
            let lower = &mut lower[..part.len()];
            lower.copy_from_slice(part);
            lower.make_ascii_lowercase();
            hasher.write(lower);
        }
    } else {
        // Upper case first: some letters are one only there (ß and SS, final and other sigma).
        for c in path.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc() {
            let mut buffer = [0; 4];
            hasher.write(c.encode_utf8(&mut buffer).as_bytes());
        }
    }
    0xffu8.hash(&mut hasher);
    hasher.finish()
}

/// A set of paths by their identity, as they can lie in one folder: a path is not there twice, and what is a file for one is not a folder for
/// another.
#[derive(Debug, Default)]
pub struct PathSet {
    files: Identities,
    folders: HashSet<u64>,
}

/// Identities: a handful in every shard, or many millions.
///
/// While they are few they are in a hash table. Later they lie in many short sorted lists, because a hash table of a million entries doubles at once and wastes half of it: so
/// one takes six bytes, and what its list has in reserve.
#[derive(Debug, Default)]
struct Identities {
    few: HashSet<u64>,
    /// By the first two bytes, which are not kept in the list again.
    lists: Vec<Vec<[u8; KEPT]>>,
}

/// Bytes of an identity that are kept.
const KEPT: usize = 6;
/// What counts as few.
const FEW: usize = 20_000;

/// The list that an identity belongs to, and what is kept of it there.
fn place(identity: u64) -> (usize, [u8; KEPT]) {
    let [first, second, kept @ ..] = identity.to_be_bytes();
    (usize::from(u16::from_be_bytes([first, second])), kept)
}

impl Identities {
    fn contains(&self, identity: u64) -> bool {
        if self.lists.is_empty() {
            return self.few.contains(&identity);
        }
        let (list, kept) = place(identity);
        self.lists[list].binary_search(&kept).is_ok()
    }

    fn insert(&mut self, identity: u64) -> bool {
        if self.lists.is_empty() {
            if self.few.len() < FEW {
                return self.few.insert(identity);
            }
            self.lists = vec![Vec::new(); 1 << 16];
            for known in std::mem::take(&mut self.few) {
                self.insert_into_list(known);
            }
        }
        self.insert_into_list(identity)
    }

    fn insert_into_list(&mut self, identity: u64) -> bool {
        let (list, kept) = place(identity);
        let list = &mut self.lists[list];
        let Err(position) = list.binary_search(&kept) else { return false };
        if list.len() == list.capacity() {
            // A little more instead of twice as much.
            list.reserve_exact(list.len() / 16 + 2);
        }
        list.insert(position, kept);
        true
    }
}

impl PathSet {
    /// Adds a path; `false` when it, or one that counts as the same, is there already, as a file or as a folder.
    pub fn insert(&mut self, path: &str) -> bool {
        let own = identity(path);
        if self.folders.contains(&own) {
            return false;
        }
        // The folders around a known folder are known.
        let new = || path.match_indices('/').rev().map(|(slash, _)| identity(&path[..slash])).take_while(|folder| !self.folders.contains(folder));
        // First whether all can be: of a path that is refused nothing may be remembered, or it would be taken the second time.
        if new().any(|folder| self.files.contains(folder)) {
            return false;
        }
        let new: Vec<u64> = new().collect();
        self.folders.extend(new);
        self.insert_identity(own)
    }

    pub(crate) fn insert_identity(&mut self, identity: u64) -> bool {
        self.files.insert(identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_that_escape_or_do_not_unpack_are_refused() {
        for wrong in [
            "",
            "/abs",
            "../x",
            "a/../b",
            "a/..",
            "./a",
            "a//b",
            "a/",
            "C:\\x",
            "c:x",
            "a\\b",
            "a\0b",
            "a\nb",
            "CON",
            "aux.txt",
            "a/Nul.tar.gz",
            "a.",
            "a ",
            "a /b",
            "what?",
            "a*b",
            "<x>",
            "a|b",
            "a\u{202e}gpj.exe",
            "com\u{b9}.txt",
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
        assert!(check(&"x".repeat(256)).is_err());
        assert!(check(&"x/".repeat(600)).is_err());
        for right in ["a", "labels/train/img.v2.txt", "Straße/ünï 1.json", ".hidden", "con1", "console.txt", "a..b"] {
            assert_eq!(check(right), Ok(()), "{right:?}");
        }
    }

    #[test]
    fn case_and_normalisation_make_no_difference() {
        let mut set = PathSet::default();
        assert!(set.insert("A/é.txt"));
        assert!(!set.insert("a/É.TXT"));
        assert!(!set.insert("a/e\u{301}.txt"));
        assert!(set.insert("a/e.txt"));
        assert!(!set.insert("A/E.txt"));
        assert!(set.insert("Straße") && !set.insert("STRASSE"));
    }

    #[test]
    fn a_file_is_not_a_folder() {
        let mut set = PathSet::default();
        assert!(set.insert("a/b/c"));
        assert!(!set.insert("A") && !set.insert("a/B"));
        assert!(set.insert("a/b/d") && set.insert("x"));
        assert!(!set.insert("x/y") && !set.insert("a/b/d/e"));
        // Nor is it one when somebody tries again, and nothing of what was refused stays.
        assert!(!set.insert("x/y/z") && !set.insert("x/y/z"));
        assert!(set.insert("q/r") && !set.insert("q/r/s/t") && set.insert("q/s"));
    }

    proptest! {
        /// Against the rule itself: no path is another one, nor a folder of another one.
        #[test]
        fn what_is_taken_can_lie_in_one_folder(paths in prop::collection::vec("[ab](/[ab]){0,3}", 0..40)) {
            let mut set = PathSet::default();
            let mut taken: Vec<String> = Vec::new();
            for path in paths {
                let clashes = taken.iter().any(|other| *other == path || other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/")));
                prop_assert_eq!(set.insert(&path), !clashes, "{} among {:?}", path, taken);
                if !clashes {
                    taken.push(path);
                }
            }
        }

        #[test]
        fn a_set_remembers(paths in prop::collection::vec("[ab/]{1,6}", 0..60)) {
            let mut set = PathSet::default();
            let mut reference = std::collections::HashSet::new();
            for path in paths {
                prop_assert_eq!(set.insert_identity(identity(&path)), reference.insert(path));
            }
        }
    }

    #[test]
    fn many_are_remembered_as_well_as_few() {
        let mut set = Identities::default();
        let number = |index: u64| identity(&index.to_string());
        for index in 0..3 * FEW as u64 {
            assert!(!set.contains(number(index)) && set.insert(number(index)) && !set.insert(number(index)), "{index}");
        }
        assert!((0..3 * FEW as u64).all(|index| set.contains(number(index)) && !set.insert(number(index))));
    }
}
