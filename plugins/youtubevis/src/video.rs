//! One video: its frames as they come, and its rows when it is over.

use ango_plugin_sdk::coco::{Parts, write_answers, write_task_members};
use ango_plugin_sdk::images::{Areas, Image, frame_name};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{write_f64, write_u64};
use ango_plugin_sdk::options::{Empty, Names};
use ango_plugin_sdk::text::names::flat;
use ango_plugin_sdk::{Classification, Run};

use crate::options::{Length, Options};
use crate::tracks::{TaskTracks, Track};

/// The most entries of all lists of a video together. Longer ones are mostly `null`, and have the frames with annotations alone.
const MAX_ENTRIES: u64 = 1 << 24;

/// A video, of which the frames so far are known.
pub(crate) struct Video {
    /// The index of its task.
    pub(crate) task: u64,
    part: &'static str,
    size: (u32, u32),
    /// What frames are named after; empty of a single image.
    file_name: String,
    /// How many frames it is said to have.
    frame_count: u32,
    /// What follows the names of frames in its row.
    rest: Vec<u8>,
    tracks: TaskTracks,
    /// Numbers of the frames with annotations, in order, and how they are called.
    frames: Vec<(u32, String)>,
    entries: Vec<Entry>,
    /// Outlines, boxes and areas of the entries, one after the other.
    text: Vec<u8>,
    told_size: bool,
}

/// A track on a frame.
#[derive(Clone, Copy)]
struct Entry {
    track: u32,
    /// Position in `frames`.
    frame: u32,
    /// Where its outline, its box and its area begin in the text, and where that ends.
    bounds: [usize; 4],
}

impl Video {
    /// Starts with the first image of a task.
    pub(crate) fn start(run: &Run, options: &Options, image: &Image<'_>, size: (u32, u32), part: &'static str) -> Self {
        let task = image.task;
        let mut rest = Vec::new();
        rest.extend_from_slice(b",\"coco_url\":");
        write_string(&mut rest, &task.asset.url);
        if options.attributes {
            rest.extend_from_slice(b",\"attributes\":{");
            write_members(&mut rest, run, image);
            rest.push(b'}');
        }
        let file_name = if image.page.is_some() { task.asset.file_name.clone() } else { String::new() };
        Self {
            task: task.index,
            part,
            size,
            file_name,
            frame_count: task.asset.frame_count.unwrap_or(0),
            rest,
            tracks: TaskTracks::new(image, options.attributes),
            frames: Vec::new(),
            entries: Vec::new(),
            text: Vec::new(),
            told_size: false,
        }
    }

    /// Takes a frame with the objects on it.
    #[inline(never)]
    pub(crate) fn frame(&mut self, run: &Run, options: &Options, image: &Image<'_>, size: (u32, u32), areas: &mut Areas) {
        if size != self.size && !std::mem::replace(&mut self.told_size, true) {
            let ((width, height), (other_width, other_height)) = (self.size, size);
            let detail = format_args!("page is {other_width} x {other_height}, and the first one, whose size all frames have, {width} x {height}");
            run.lost(self.task, None, "size-differs", detail);
        }
        let outlines = options.outlines();
        let frame = self.frames.len() as u32;
        self.frames.push((image.page.unwrap_or(0), image.name.to_owned()));
        for (position, object) in image.objects() {
            let Some(class) = areas.take(run, image, object) else { continue };
            let Some(track) = self.tracks.of(run, image, position, object) else { continue };
            let shape = areas.shape();
            let Some(outline) = outlines.of(run, self.task, object, shape, self.size) else { continue };
            self.tracks.see(run, image, track, class, (position, object));
            let text = &mut self.text;
            let mut bounds = [text.len(); 4];
            outlines.write_segmentation(text, shape, &outline);
            bounds[1] = text.len();
            outlines.write_numbers(text, &shape.bounding_box());
            bounds[2] = text.len();
            outlines.write_area(text, shape, &outline);
            bounds[3] = text.len();
            self.entries.push(Entry { track, frame, bounds });
        }
    }

    /// Writes the rows of the video and its tracks.
    pub(crate) fn write(self, run: &Run, options: &Options, parts: &mut Parts) {
        if self.entries.is_empty() && options.empty == Empty::Drop {
            return run.lost(self.task, None, "image-empty", "video has no annotations and option `empty` is `drop`");
        }
        let Some(file) = parts.named(self.part) else { return };
        let length = self.length(run, options);
        self.write_video(file.first.next_row(), options, length);
        for (track, entries) in self.by_track() {
            let out = file.second.next_row();
            out.extend_from_slice(b"{\"id\":");
            write_u64(out, track.id);
            out.extend_from_slice(b",\"video_id\":");
            write_u64(out, self.task + 1);
            out.extend_from_slice(b",\"category_id\":");
            write_u64(out, u64::from(track.class) + 1);
            out.extend_from_slice(b",\"iscrowd\":0");
            self.write_size(out);
            for (list, name) in [&b",\"segmentations\":["[..], b",\"bboxes\":[", b",\"areas\":["].into_iter().enumerate() {
                file.second.same_row().extend_from_slice(name);
                let mut left = entries.iter().peekable();
                for position in 0..length.unwrap_or(self.frames.len() as u32) {
                    let out = file.second.same_row();
                    if position > 0 {
                        out.push(b',');
                    }
                    match left.next_if(|entry| self.position(entry, length) == position) {
                        Some(entry) => out.extend_from_slice(self.text.get(entry.bounds[list]..entry.bounds[list + 1]).unwrap_or_default()),
                        None => out.extend_from_slice(b"null"),
                    }
                }
                file.second.same_row().push(b']');
            }
            let out = file.second.same_row();
            if options.attributes {
                out.extend_from_slice(b",\"attributes\":{");
                out.extend_from_slice(&track.members);
                out.push(b'}');
            }
            out.push(b'}');
        }
    }

    /// How many frames there are when all are listed; `None` if those with annotations alone are.
    fn length(&self, run: &Run, options: &Options) -> Option<u32> {
        if self.file_name.is_empty() || options.length == Length::Annotated {
            return None;
        }
        let seen = self.frames.last().map_or(0, |(number, _)| number.saturating_add(1));
        if self.frame_count > 0 && seen > self.frame_count {
            let detail = format_args!("asset has {} frames and annotations on number {seen}; it is given as many", self.frame_count);
            run.lost(self.task, None, "frame-count-exceeded", detail);
        }
        let length = seen.max(self.frame_count);
        if u64::from(length) * (self.tracks.list.len() as u64 + 1) > MAX_ENTRIES {
            run.lost(self.task, None, "frames-left-out", "video is too long for lists of all its frames, and has those with annotations alone");
            return None;
        }
        Some(length)
    }

    /// Where an entry is in the lists.
    fn position(&self, entry: &Entry, length: Option<u32>) -> u32 {
        if length.is_some() { self.frames.get(entry.frame as usize).map_or(0, |&(number, _)| number) } else { entry.frame }
    }

    fn write_video(&self, out: &mut Vec<u8>, options: &Options, length: Option<u32>) {
        out.extend_from_slice(b"{\"id\":");
        write_u64(out, self.task + 1);
        self.write_size(out);
        out.extend_from_slice(b",\"length\":");
        write_u64(out, length.map_or(self.frames.len() as u64, u64::from));
        out.extend_from_slice(b",\"file_names\":[");
        let mut known = self.frames.iter().peekable();
        for position in 0..length.unwrap_or(self.frames.len() as u32) {
            if position > 0 {
                out.push(b',');
            }
            // A frame that nobody drew on is called like the others.
            match known.next_if(|(number, _)| length.is_none() || *number == position) {
                Some((_, name)) => write_string(out, name),
                None if options.names == Names::Flat => write_string(out, &flat(&frame_name(&self.file_name, position))),
                None => write_string(out, &frame_name(&self.file_name, position)),
            }
        }
        out.push(b']');
        out.extend_from_slice(&self.rest);
        out.push(b'}');
    }

    fn write_size(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"width\":");
        write_u64(out, self.size.0.into());
        out.extend_from_slice(b",\"height\":");
        write_u64(out, self.size.1.into());
    }

    /// The tracks that are to be seen, each with its entries in the order of frames.
    fn by_track(&self) -> Vec<(&Track, Vec<Entry>)> {
        let mut by_track: Vec<Vec<Entry>> = vec![Vec::new(); self.tracks.list.len()];
        for entry in &self.entries {
            if let Some(entries) = by_track.get_mut(entry.track as usize) {
                entries.push(*entry);
            }
        }
        self.tracks.list.iter().zip(by_track).filter(|(_, entries)| !entries.is_empty()).collect()
    }
}

/// Where the video comes from, and the answers about all of it; those about one frame have no place, which is reported.
fn write_members(out: &mut Vec<u8>, run: &Run, image: &Image<'_>) {
    let task = image.task;
    write_task_members(out, task, if image.page.is_some() { &task.asset.file_name } else { image.name });
    if let Some(rate) = task.asset.frame_rate {
        out.extend_from_slice(b",\"frameRate\":");
        write_f64(out, rate);
    }
    let is_whole = |answer: &&Classification| image.page.is_none() || answer.page.is_none();
    let answers = &task.annotations.classifications;
    write_answers(out, answers.iter().filter(is_whole), &["taskId", "externalId", "stage", "batches", "contextData", "frameRate"]);
    for answer in answers.iter().filter(|answer| !is_whole(answer) && !answer.interpolation_stopped) {
        let detail = "answer is about one frame, and the format has no place for it";
        run.lost(task.index, Some(&answer.object_id), "classification-unsupported", detail);
    }
}
