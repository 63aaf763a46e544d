//! A safe and unique file name for every asset.
//!
//! `externalId` is free text: it holds slashes and colons, is not unique, and converters that cut it at a dot overwrite one asset's labels with another's.
//! So the host gives each asset a name once, and every converter uses it. The text part of it is a pure function, done in parallel; only the look whether a name is
//! taken happens in export order.
//!
//! The test kits of the SDKs have this rule once more, each in its language, so that a plugin's tests see the names that its users get.

use crate::path::{MAX_NAME, PathSet, identity, is_forbidden, is_reserved};

/// Room for the suffix of a name that is taken.
const MAX_STEM: usize = 180;

/// A name that would do if nobody else has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameCandidate {
    name: String,
    /// Identity of the name without its extension.
    stem: u64,
}

impl NameCandidate {
    /// The name that an asset's external id suggests; failing that, its link, and at last its task id.
    pub fn new(external_id: &str, url: &str, task_id: &str) -> Self {
        let mut name = sanitise(external_id);
        if name.is_empty() {
            let path = url.split(['?', '#']).next().unwrap_or("");
            name = sanitise(path.rsplit('/').next().unwrap_or(""));
        }
        if name.is_empty() {
            name = sanitise(&format!("task-{task_id}"));
        }
        let stem = identity(split(&name).0);
        Self { name, stem }
    }
}

/// The names given so far.
#[derive(Debug, Default)]
pub struct FileNames {
    taken: PathSet,
}

impl FileNames {
    /// Gives the candidate's name, or one with the task id added when it is taken. Two names that differ by case or by extension alone count as one.
    pub fn assign(&mut self, candidate: NameCandidate, task_id: &str) -> String {
        if self.taken.insert_identity(candidate.stem) {
            return candidate.name;
        }
        let (stem, extension) = split(&candidate.name);
        let id: String = task_id.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        let mut attempt = 1u64;
        loop {
            let suffix = if attempt == 1 { format!("-{id}") } else { format!("-{id}-{attempt}") };
            let unique = format!("{stem}{suffix}");
            if self.taken.insert_identity(identity(&unique)) {
                return format!("{unique}{extension}");
            }
            attempt += 1;
        }
    }
}

/// The name without its last extension, and the extension with its dot. `.nii.gz` is one extension: what is made from `scan.nii.gz` is called `scan`, and must not meet what is
/// made from `scan.nrrd`.
fn split(name: &str) -> (&str, &str) {
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    let last_dot = |end: usize| name[start..end].rfind('.').filter(|dot| *dot > 0).map(|dot| start + dot);
    let Some(dot) = last_dot(name.len()) else { return (name, "") };
    let inner = last_dot(dot).filter(|inner| name[*inner..].eq_ignore_ascii_case(".nii.gz"));
    name.split_at(inner.unwrap_or(dot))
}

/// A relative path that is safe on every system; empty when nothing is left.
fn sanitise(text: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    for part in text.split(['/', '\\']) {
        let mut name: String = part.chars().map(|c| if is_forbidden(c) { '_' } else { c }).collect();
        if name.is_empty() || name == "." || name == ".." {
            continue;
        }
        let kept = name.trim_end_matches(['.', ' ']).len();
        if kept < name.len() {
            name.truncate(kept);
            name.push('_');
        }
        // What is left of a long name may be nothing, or reserved.
        let mut name = shorten(name);
        if name.is_empty() || is_reserved(&name) {
            name.insert(0, '_');
        }
        names.push(name);
    }
    // Of a very long path the end tells most.
    let mut length = 0;
    let kept = names.iter().rev().take_while(|name| {
        length += name.len() + 1;
        length <= 600
    });
    let count = kept.count();
    names.split_off(names.len() - count).join("/")
}

/// Cuts a name in front of its extension.
fn shorten(name: String) -> String {
    if name.len() <= MAX_STEM {
        return name;
    }
    let (stem, extension) = split(&name);
    let extension = if extension.len() <= 16 { extension } else { "" };
    let mut end = (MAX_STEM - extension.len()).min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    debug_assert!(end + extension.len() <= MAX_NAME);
    let stem = stem[..end].trim_end_matches(['.', ' ']);
    format!("{stem}{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::check;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn name(external_id: &str) -> String {
        NameCandidate::new(external_id, "https://x.example/a/b.jpg?sig=1", "t1").name
    }

    #[test]
    fn names_keep_what_is_safe() {
        assert_eq!(name("batch_1/000006.jpg"), "batch_1/000006.jpg");
        assert_eq!(name("/abs/../img.v2.png"), "abs/img.v2.png");
        assert_eq!(name("C:\\scans\\con.jpg"), "C_/scans/_con.jpg");
        assert_eq!(name("a:b?.jpg"), "a_b_.jpg");
        assert_eq!(name("dir./x "), "dir_/x_");
        assert_eq!(name(""), "b.jpg");
        assert_eq!(NameCandidate::new("..", "", "65b7").name, "task-65b7");
    }

    #[test]
    fn a_taken_name_gets_the_task_id() {
        let mut names = FileNames::default();
        let mut give = |external_id: &str, task: &str| names.assign(NameCandidate::new(external_id, "", task), task);
        assert_eq!(give("a.jpg", "t1"), "a.jpg");
        assert_eq!(give("A.png", "t2"), "A-t2.png");
        assert_eq!(give("a.jpg", "t3"), "a-t3.jpg");
        assert_eq!(give("a.jpg", "t3"), "a-t3-2.jpg");
        assert_eq!(give("b/a.jpg", "t4"), "b/a.jpg");
        assert_eq!(give("scan.nii.gz", "t5"), "scan.nii.gz");
        assert_eq!(give("scan.nrrd", "t6"), "scan-t6.nrrd");
        assert_eq!(give("SCAN.NII.GZ", "t7"), "SCAN-t7.NII.GZ");
        assert_eq!(give("scan.nii", "t8"), "scan-t8.nii");
        assert_eq!(give(".nii.gz", "t9"), ".nii.gz");
    }

    /// Assets in the order of an export: of each its external id, its link and its task id, and the name that it gets.
    #[derive(serde::Deserialize)]
    struct Case {
        about: String,
        assets: Vec<[String; 4]>,
    }

    /// The test kits of the SDKs give the same names: their tests read this file as well.
    #[test]
    fn names_are_those_that_test_kits_give() -> serde_json::Result<()> {
        let vectors: HashMap<String, Vec<Case>> = serde_json::from_str(include_str!("../../../plugin-sdk/vectors/names.json"))?;
        for Case { about, assets } in &vectors["name"] {
            let mut names = FileNames::default();
            for [external_id, url, task_id, wanted] in assets {
                let given = names.assign(NameCandidate::new(external_id, url, task_id), task_id);
                assert_eq!((&given, check(&given)), (wanted, Ok(())), "{about}: {external_id:?}");
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_name_is_safe_and_unique(ids in prop::collection::vec(".{0,8}|[aA./:]{0,5}|(x{90}/){9}y{300}\\.jpg", 1..40)) {
            let mut names = FileNames::default();
            let mut stems = std::collections::HashSet::new();
            for (index, id) in ids.iter().enumerate() {
                let task = format!("t{index}");
                let given = names.assign(NameCandidate::new(id, "", &task), &task);
                prop_assert_eq!(check(&given), Ok(()));
                prop_assert!(stems.insert(identity(split(&given).0)), "{} twice", given);
            }
        }
    }
}
