//! `tasks.json`: a list of tasks, each with its data and one annotation or prediction.

use ango_plugin_sdk::coco::write_task_members;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::{File, Run, Task};

use crate::options::{Options, Results, Tasks};

const PATH: &str = "tasks.json";
const SEPARATOR: &str = ",\n";

/// The tasks of this shard.
pub(crate) struct List {
    file: File,
    any: bool,
}

/// A task as Label Studio sees it.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) id: u64,
    pub(crate) task: &'a Task,
    /// What the data is called.
    pub(crate) name: &'a str,
    pub(crate) url: &'a str,
    /// In pixels; not of a text.
    pub(crate) size: Option<(u32, u32)>,
    /// From 0, of an asset with several.
    pub(crate) page: Option<u32>,
}

impl List {
    pub(crate) fn new(run: &Run) -> Self {
        if run.is_first_shard() {
            for (position, text) in [(0, &b"[\n"[..]), (2, b"\n]\n")] {
                let mut file = run.section(PATH, position, "");
                file.put(text);
                file.finish();
            }
        }
        Self { file: run.section(PATH, 1, SEPARATOR), any: false }
    }

    /// Adds a task with its results.
    pub(crate) fn add(&mut self, options: &Options, entry: Entry<'_>, results: &[u8]) {
        let separate = std::mem::replace(&mut self.any, true);
        let out = self.file.buffer();
        if separate {
            out.extend_from_slice(SEPARATOR.as_bytes());
        }
        out.extend_from_slice(b"{\"id\":");
        write_u64(out, entry.id);
        out.extend_from_slice(b",\"data\":{\"");
        out.extend_from_slice(options.tasks.name().as_bytes());
        out.extend_from_slice(b"\":");
        write_string(out, entry.url);
        // Not for Label Studio itself, but for readers that want it of tasks without regions (panlabel).
        if let Some((width, height)) = entry.size {
            out.extend_from_slice(b",\"width\":");
            write_u64(out, width.into());
            out.extend_from_slice(b",\"height\":");
            write_u64(out, height.into());
        }
        if options.tasks == Tasks::Videos {
            out.extend_from_slice(b",\"framerate\":");
            write_rounded(out, frame_rate(entry.task), 6);
        }
        out.extend_from_slice(b"},\"meta\":{\"file_name\":");
        write_string(out, entry.name);
        if let Some(page) = entry.page {
            out.extend_from_slice(b",\"page\":");
            write_u64(out, page.into());
        }
        out.push(b',');
        write_task_members(out, entry.task, &entry.task.asset.file_name);
        out.extend_from_slice(match options.results {
            Results::Annotations => b"},\"annotations\":[{\"result\":[",
            Results::Predictions => b"},\"predictions\":[{\"model_version\":\"ango\",\"result\":[",
        });
        out.extend_from_slice(results);
        out.extend_from_slice(b"]}]}");
    }

    pub(crate) fn finish(self) {
        self.file.finish();
    }
}

/// Frames a second; 24 where the export does not say it, which is what Label Studio assumes.
pub(crate) fn frame_rate(task: &Task) -> f64 {
    task.asset.frame_rate.filter(|rate| (1e-3..1e6).contains(rate)).unwrap_or(24.0)
}
