//! The data set as a folder: `data.yaml`, a label file for each image, and lists of images. Images are not copied: `images.csv` says what to fetch, and where to put it.

use ango_plugin_sdk::images::{Image, ImageList};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::text::yaml::write_quoted;
use ango_plugin_sdk::{File, Level, Run};

use crate::options::{Options, TaskKind};
use crate::output::{Content, Header};
use crate::paths::label;

/// The files of one shard.
pub(crate) struct Folder {
    /// By part.
    lists: [Option<File>; 3],
    images: ImageList,
    path: String,
}

impl Folder {
    pub(crate) fn new(run: &Run, options: &Options, split: &Split, header: &Header<'_>) -> Self {
        if run.is_first_shard() {
            if header.task != TaskKind::Classify {
                run.add("data.yaml", &data_yaml(split, header));
            }
            warn(run, split, header);
        }
        // Every shard opens every list, so that each exists also when it is empty.
        let list = |part: Part| split.has(part).then(|| run.section(&[part.name(), ".txt"].concat(), 0, ""));
        Self { lists: [list(Part::Train), list(Part::Val), list(Part::Test)], images: ImageList::new(run, options.images_csv), path: String::new() }
    }

    pub(crate) fn add(&mut self, run: &Run, part: Part, image: &Image<'_>, name: &str, content: Content<'_>) {
        self.path.clear();
        let folders: [&str; 4] = match content {
            Content::Rows(_) => ["images/", part.name(), "", "/"],
            Content::Class(_, folder) => [part.name(), "/", folder, "/"],
        };
        folders.iter().for_each(|folder| self.path.push_str(folder));
        self.path.push_str(name);
        if let Content::Rows(rows) = content {
            run.add(&label(&self.path), rows);
        }
        if let Some(list) = &mut self.lists[part as usize] {
            let row = list.buffer();
            // The loader takes `./` for the folder of the list.
            row.extend_from_slice(b"./");
            row.extend_from_slice(self.path.as_bytes());
            row.push(b'\n');
        }
        self.images.add(&self.path, image);
    }

    pub(crate) fn finish(self) {
        self.lists.into_iter().flatten().for_each(File::finish);
        self.images.finish();
    }
}

/// What people should know before they train.
fn warn(run: &Run, split: &Split, header: &Header<'_>) {
    let warn = |message: &str| run.log(Level::Warning, message);
    if !split.has(Part::Val) {
        warn(match header.task {
            TaskKind::Classify => "nothing is for validation, which Ultralytics needs a folder `val` for: give option `split`",
            _ => "`val` in data.yaml is the training list: give option `split` to keep images for validation",
        });
    }
    if run.project().task_count.is_some_and(|count| split.may_leave_empty(count)) {
        warn("few tasks: a part of the split may be empty, which Ultralytics refuses; check the lists, and try another `seed`");
    }
    if header.classes.is_empty() && header.task != TaskKind::Classify {
        warn("no classes are left, which Ultralytics refuses");
    }
}

/// `data.yaml`. Without `path`, which would be looked up in the wrong folder; `train` and `val` are both required.
fn data_yaml(split: &Split, header: &Header<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(b"train: train.txt\nval: ");
    out.extend_from_slice(if split.has(Part::Val) { b"val.txt\n" } else { b"train.txt\n" });
    if split.has(Part::Test) {
        out.extend_from_slice(b"test: test.txt\n");
    }
    if let Some(keypoints) = header.keypoints {
        out.extend_from_slice(b"kpt_shape: [");
        write_u64(&mut out, keypoints.count() as u64);
        out.extend_from_slice(b", 3]\n");
        for (at, &other) in keypoints.flip().unwrap_or_default().iter().enumerate() {
            out.extend_from_slice(if at == 0 { b"flip_idx: [" } else { b", " });
            write_u64(&mut out, other as u64);
        }
        if keypoints.flip().is_some() {
            out.extend_from_slice(b"]\n");
        }
    }
    out.extend_from_slice(b"nc: ");
    write_u64(&mut out, header.classes.len() as u64);
    out.extend_from_slice(if header.classes.is_empty() { b"\nnames: {}\n" } else { b"\nnames:\n" });
    for (at, name) in header.classes.iter().enumerate() {
        write_entry(&mut out, at, name);
    }
    if let Some(keypoints) = header.keypoints {
        out.extend_from_slice(b"kpt_names:\n");
        for class in 0..header.classes.len() {
            out.extend_from_slice(b"  ");
            write_u64(&mut out, class as u64);
            out.extend_from_slice(b":\n");
            for name in keypoints.all() {
                out.extend_from_slice(b"    - ");
                write_quoted(&mut out, name);
                out.push(b'\n');
            }
        }
    }
    out
}

fn write_entry(out: &mut Vec<u8>, key: usize, value: &str) {
    out.extend_from_slice(b"  ");
    write_u64(out, key as u64);
    out.extend_from_slice(b": ");
    write_quoted(out, value);
    out.push(b'\n');
}
