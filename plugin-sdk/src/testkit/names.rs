//! File names derived from what assets were called at import.

use std::collections::HashSet;

use super::portable;

/// Gives out [`file_name`](crate::Asset::file_name)s as the host does: portable, and unique also without extension and ignoring case.
///
/// The rule is written here a second time, because the kit has nothing of the host; `vectors/names.json` holds the two together.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The file name of the next asset: what its external id suggests; failing that, its link, and at last its task id. The first asset of a name keeps it; a later one gets
    /// its task id appended to the stem.
    pub(crate) fn name(&mut self, external_id: &str, url: &str, task_id: &str) -> String {
        let mut clean = portable::sanitise(external_id);
        if clean.is_empty() {
            let path = url.split(['?', '#']).next().unwrap_or("");
            clean = portable::sanitise(path.rsplit('/').next().unwrap_or(""));
        }
        if clean.is_empty() {
            clean = portable::sanitise(&format!("task-{task_id}"));
        }
        let (stem, extension) = portable::split_extension(&clean);
        if self.take(stem) {
            return clean;
        }
        let id: String = task_id.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        let mut tries = 1_u64;
        loop {
            let unique = if tries == 1 { format!("{stem}-{id}") } else { format!("{stem}-{id}-{tries}") };
            if self.take(&unique) {
                return format!("{unique}{extension}");
            }
            tries += 1;
        }
    }

    fn take(&mut self, stem: &str) -> bool {
        self.taken.insert(portable::same_file_key(stem))
    }
}
