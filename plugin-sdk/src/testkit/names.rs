//! File names derived from what assets were called at import.

use std::collections::HashSet;

use super::portable;

/// Gives out [`file_name`](crate::Asset::file_name)s: portable, and unique also without extension and ignoring case.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The file name of the next asset. The first asset of a name keeps it; a later one gets its task id appended to the stem.
    pub(crate) fn name(&mut self, external_id: &str, task_id: &str) -> String {
        let mut clean = portable::sanitise(external_id);
        if clean.is_empty() {
            clean = portable::sanitise(&task_id.replace('/', "_"));
        }
        if clean.is_empty() {
            clean.push('_');
        }
        if self.take(&clean) {
            return clean;
        }
        let (stem, extension) = portable::split_extension(&clean);
        let suffix: String = portable::sanitise(&task_id.replace('/', "_")).chars().take(40).collect();
        let mut tries = 1_u64;
        loop {
            let name = if tries == 1 { format!("{stem}-{suffix}{extension}") } else { format!("{stem}-{suffix}-{tries}{extension}") };
            if self.take(&name) {
                return name;
            }
            tries += 1;
        }
    }

    fn take(&mut self, name: &str) -> bool {
        self.taken.insert(portable::same_file_key(portable::split_extension(name).0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn colliding_names_get_the_task_id() {
        let mut names = Names::default();
        assert_eq!(names.name("a/x.jpg", "t1"), "a/x.jpg");
        assert_eq!(names.name("a/X.JPG", "t2"), "a/X-t2.JPG");
        assert_eq!(names.name("a/x.png", "t3"), "a/x-t3.png");
        assert_eq!(names.name("a/x.png", "t3"), "a/x-t3-2.png");
        assert_eq!(names.name("b/x.jpg", "t4"), "b/x.jpg");
        assert_eq!(names.name("", "t5"), "t5");
    }
}
