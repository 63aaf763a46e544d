//! A JSON file with two lists, written by many shards; and one such file for each part of a split.

use crate::file::File;
use crate::json::write_string;
use crate::number::write_u64;
use crate::options::{Part, Split};
use crate::run::Run;
use crate::time;
use crate::types::Task;

/// What stands between two rows.
const SEPARATOR: &str = ",\n";

/// `"info":{...}`: the project's name, and when the export was taken.
pub fn write_info(out: &mut Vec<u8>, run: &Run) {
    let project = run.project();
    out.extend_from_slice(b"\"info\":{\"description\":");
    write_string(out, &project.name);
    if let Some(at) = project.exported_at {
        out.extend_from_slice(b",\"year\":");
        out.extend_from_slice(time::year(at).to_string().as_bytes());
        out.extend_from_slice(b",\"date_created\":");
        write_string(out, &time::format_iso(at));
    }
    out.push(b'}');
}

/// `{"id":...,"name":...,"supercategory":...`, without the closing bracket.
pub fn write_category(out: &mut Vec<u8>, id: u64, name: &str, supercategory: &str) {
    out.extend_from_slice(b"{\"id\":");
    write_u64(out, id);
    out.extend_from_slice(b",\"name\":");
    write_string(out, name);
    out.extend_from_slice(b",\"supercategory\":");
    write_string(out, supercategory);
}

/// Rows of one list.
pub struct Rows {
    file: File,
    any: bool,
}

impl Rows {
    /// The buffer that the next row is to be appended to. Call it once for each row.
    #[inline]
    pub fn next_row(&mut self) -> &mut Vec<u8> {
        let separate = std::mem::replace(&mut self.any, true);
        let out = self.file.buffer();
        if separate {
            out.extend_from_slice(SEPARATOR.as_bytes());
        }
        out
    }

    /// The buffer again, in the middle of a long row: so that it need not hold all of it.
    #[inline]
    pub fn same_row(&mut self) -> &mut Vec<u8> {
        self.file.buffer()
    }
}

/// A JSON object with two lists at its end, as `images` and `annotations`. What comes before them is written once.
pub struct Lists {
    /// Rows of the first list.
    pub first: Rows,
    /// Rows of the second list.
    pub second: Rows,
}

impl Lists {
    /// Starts the file. `head` is the text of its first members, `names` are those of the lists.
    pub fn open(run: &Run, path: &str, head: &[u8], names: [&str; 2]) -> Self {
        if run.is_first_shard() {
            let [first, second] = names;
            // The file is its sections in this order; rows are written by every shard, the others once.
            let once = |position: u32, parts: &[&[u8]]| {
                let mut file = run.section(path, position, "");
                parts.iter().for_each(|part| file.put(part));
                file.finish();
            };
            once(0, &[b"{", head, b",\n\"", first.as_bytes(), b"\":[\n"]);
            once(2, &[b"\n],\n\"", second.as_bytes(), b"\":[\n"]);
            once(4, &[b"\n]}\n"]);
        }
        let rows = |position: u32| Rows { file: run.section(path, position, SEPARATOR), any: false };
        Self { first: rows(1), second: rows(3) }
    }

    /// Closes this shard's part of the file.
    pub fn finish(self) {
        self.first.file.finish();
        self.second.file.finish();
    }
}

/// One file for each part of a split, or a single one.
pub struct Parts {
    split: Split,
    files: Vec<(Part, Lists)>,
}

impl Parts {
    /// Starts the files. `path` is that of a part by its name (`train`, `val`, `test`), and of the single file of a data set that is not split by the name
    /// `default`; the rest as in [`Lists::open`].
    pub fn open(run: &Run, split: Split, path: impl Fn(&str) -> String, head: &[u8], names: [&str; 2]) -> Self {
        let name = |part: Part| if split.is_split() { part.name() } else { "default" };
        let files = split.parts().map(|part| (part, Lists::open(run, &path(name(part)), head, names))).collect();
        Self { split, files }
    }

    /// The file of a task's part; its rows come in the order of tasks.
    #[inline]
    pub fn of(&mut self, task: &Task) -> Option<&mut Lists> {
        if self.files.len() < 2 {
            return self.files.first_mut().map(|(_, file)| file);
        }
        let wanted = self.split.part(task);
        self.files.iter_mut().find(|(part, _)| *part == wanted).map(|(_, file)| file)
    }

    /// The name of a task's part, as given to `path` of [`open`](Self::open).
    pub fn name(&self, task: &Task) -> &'static str {
        if self.split.is_split() { self.split.part(task).name() } else { "default" }
    }

    /// The file of the part with this name, as [`name`](Self::name) gives it.
    pub fn named(&mut self, name: &str) -> Option<&mut Lists> {
        let is_split = self.split.is_split();
        self.files.iter_mut().find(|(part, _)| !is_split || part.name() == name).map(|(_, file)| file)
    }

    /// Closes this shard's part of the files.
    pub fn finish(self) {
        self.files.into_iter().for_each(|(_, file)| file.finish());
    }
}
