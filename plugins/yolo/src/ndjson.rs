//! The data set as one file of records, which Ultralytics turns into a folder by itself, images and all.
//!
//! The first line is about the whole, every other one about an image. Of the labels only the first key counts, so there is one. Every record says its part.

use ango_plugin_sdk::images::{Image, ImageList};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::{File, Level, Run};

use crate::options::{Options, TaskKind};
use crate::output::{Content, Header};

const PATH: &str = "dataset.ndjson";

/// The records of one shard.
pub(crate) struct Ndjson {
    task: TaskKind,
    records: File,
    /// Where images lie in a folder and not behind links.
    images: Option<ImageList>,
    path: String,
}

impl Ndjson {
    pub(crate) fn new(run: &Run, options: &Options, split: &Split, header: &Header<'_>) -> Self {
        if run.is_first_shard() {
            let mut first = run.section(PATH, 0, "");
            write_header(first.buffer(), run, &options.path, header);
            first.finish();
            if !split.has(Part::Val) && header.task != TaskKind::Classify {
                run.log(
                    Level::Warning,
                    "nothing is for validation: Ultralytics will take a tenth of the images for it, unless option `split` says which",
                );
            }
            if run.project().task_count.is_some_and(|count| split.may_leave_empty(count)) {
                run.log(Level::Warning, "few tasks: a part of the split may be empty, which Ultralytics refuses; check it, and try another `seed`");
            }
        }
        let in_folder = !options.path.is_empty();
        Self {
            task: header.task,
            records: run.section(PATH, 1, ""),
            images: in_folder.then(|| ImageList::new(run, options.images_csv)),
            path: options.path.trim_end_matches('/').to_owned(),
        }
    }

    /// Ultralytics fetches each image by its link, and refuses the whole data set when one cannot be had. A frame, and a page inside a file, have none.
    pub(crate) fn takes(&self, run: &Run, image: &Image<'_>) -> bool {
        if self.images.is_some() {
            return true;
        }
        let is_inside = image.page.is_some_and(|page| image.task.asset.pages.get(page as usize).is_none());
        let (code, what) = match image.url {
            _ if image.is_frame => ("video-unsupported", "a frame of a video has no link of its own"),
            _ if is_inside => ("multi-page-unsupported", "a page inside a file has no link of its own"),
            url if url.starts_with("https://") || url.starts_with("http://") => return true,
            _ => ("link-unsupported", "the link is none that Ultralytics can fetch"),
        };
        let detail = format_args!("{:?}: {what}; give option `path` to keep images in a folder", image.name);
        for (_, object) in image.objects() {
            run.lost(image.task.index, Some(&object.object_id), code, detail);
        }
        if image.object_count() == 0 {
            run.lost(image.task.index, None, if image.page.is_some() { "page-left-out" } else { code }, detail);
        }
        false
    }

    pub(crate) fn add(&mut self, part: Part, image: &Image<'_>, name: &str, content: Content<'_>) {
        let out = self.records.buffer();
        out.extend_from_slice(b"{\"type\":\"image\",\"file\":");
        write_string(out, name);
        out.extend_from_slice(b",\"url\":");
        write_string(out, image.url);
        if let Some((width, height)) = image.size {
            out.extend_from_slice(b",\"width\":");
            write_u64(out, width.into());
            out.extend_from_slice(b",\"height\":");
            write_u64(out, height.into());
        }
        out.extend_from_slice(b",\"split\":\"");
        out.extend_from_slice(part.name().as_bytes());
        out.extend_from_slice(b"\",\"annotations\":{\"");
        out.extend_from_slice(match self.task {
            TaskKind::Detect => b"boxes",
            TaskKind::Segment => b"segments",
            TaskKind::Obb => b"obb",
            TaskKind::Pose => b"pose",
            TaskKind::Classify => b"classification",
        });
        out.extend_from_slice(b"\":[");
        match content {
            Content::Rows(rows) => write_rows(out, rows),
            Content::Class(class, _) => write_u64(out, class.into()),
        }
        out.extend_from_slice(b"]}}\n");
        if let Some(images) = &mut self.images {
            images.add(&[&self.path, "/images/", part.name(), "/", name].concat(), image);
        }
    }

    pub(crate) fn finish(self) {
        self.records.finish();
        if let Some(images) = self.images {
            images.finish();
        }
    }
}

/// Label rows as lists of numbers, which they are but for what is between them.
fn write_rows(out: &mut Vec<u8>, rows: &[u8]) {
    out.reserve(rows.len() + 2);
    let Some((_, rows)) = rows.split_last() else { return };
    out.push(b'[');
    for &byte in rows {
        match byte {
            b' ' => out.push(b','),
            b'\n' => out.extend_from_slice(b"],["),
            _ => out.push(byte),
        }
    }
    out.push(b']');
}

fn write_header(out: &mut Vec<u8>, run: &Run, path: &str, header: &Header<'_>) {
    out.extend_from_slice(b"{\"type\":\"dataset\",\"task\":\"");
    out.extend_from_slice(header.task.name().as_bytes());
    out.extend_from_slice(b"\",\"name\":");
    write_string(out, &run.project().name);
    if !path.is_empty() {
        out.extend_from_slice(b",\"path\":");
        write_string(out, path);
    }
    out.extend_from_slice(b",\"class_names\":{");
    for (at, name) in header.classes.iter().enumerate() {
        write_key(out, at);
        write_string(out, name);
    }
    out.push(b'}');
    if let Some(keypoints) = header.keypoints {
        out.extend_from_slice(b",\"kpt_shape\":[");
        write_u64(out, keypoints.count() as u64);
        out.extend_from_slice(b",3]");
        if let Some(flip) = keypoints.flip() {
            out.extend_from_slice(b",\"flip_idx\":[");
            for (at, &other) in flip.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_u64(out, other as u64);
            }
            out.push(b']');
        }
    }
    out.extend_from_slice(b"}\n");
}

/// `"0":`, after a comma unless it is the first.
fn write_key(out: &mut Vec<u8>, at: usize) {
    out.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
    write_u64(out, at as u64);
    out.extend_from_slice(b"\":");
}
