//! Paths of a plugin's files: what is accepted stays inside a folder, on every system, and is accepted once.

#![no_main]

use ango_runtime::{PathSet, check_path};
use libfuzzer_sys::fuzz_target;
use std::path::{Component, Path};

fuzz_target!(|paths: Vec<String>| {
    let mut taken = PathSet::default();
    for path in &paths {
        if check_path(path).is_err() {
            continue;
        }
        assert!(path.len() <= 1024 && !path.contains(['\\', ':', '\0']) && !path.chars().any(char::is_control), "{path:?}");
        assert!(Path::new(path).components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
        assert!(path.split('/').all(|name| !name.is_empty() && !name.ends_with(['.', ' ']) && name != ".."), "{path:?}");
        taken.insert(path);
        assert!(!taken.insert(path), "{path:?} twice");
        assert!(!taken.insert(&path.to_uppercase()) || path.to_uppercase().to_lowercase() != path.to_lowercase(), "{path:?} in capitals");
    }
});
