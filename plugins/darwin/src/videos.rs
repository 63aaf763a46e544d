//! The annotations of a video: one for each track.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::Names;
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::tracks::{Entry, Tracks};
use ango_plugin_sdk::{Classification, Object, Run};

use crate::annotations::{end, sub_types};
use crate::options::Options;
use crate::properties;
use crate::shapes::Shapes;

/// Writes videos; keeps its memory from one to the next.
pub(crate) struct Videos {
    names: Names,
    instance_ids: bool,
    tracks: Tracks,
}

impl Videos {
    pub(crate) fn new(options: &Options) -> Self {
        Self { names: options.names, instance_ids: options.instance_ids, tracks: Tracks::default() }
    }

    /// The name of the video that a frame is of.
    pub(crate) fn name(&self, image: &Image<'_>) -> String {
        match self.names {
            Names::Path => image.task.asset.file_name.clone(),
            Names::Flat => names::flat(&image.task.asset.file_name),
        }
    }

    /// Appends the annotations of a video, between commas, and says how many.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, run: &Run, image: &Image<'_>, shapes: &mut Shapes) -> u64 {
        let task = image.task;
        self.tracks.set(&task.annotations.objects);
        let mut written = 0;
        for track in self.tracks.iter() {
            let start = out.len();
            out.extend_from_slice(if written > 0 { b",\n{" } else { b"\n{" });
            if one(out, run, image, shapes, track, self.instance_ids.then_some(written + 1)) {
                written += 1;
            } else {
                out.truncate(start);
            }
        }
        for object in self.tracks.repeated().iter().filter_map(|&at| task.annotations.objects.get(at as usize)) {
            run.lost(task.index, Some(&object.object_id), "duplicate", "another object of the frame has the same id and class, which is the track");
        }
        written
    }
}

/// Appends a track but for its opening bracket; false if none of its frames is written.
fn one(out: &mut Vec<u8>, run: &Run, image: &Image<'_>, shapes: &mut Shapes, track: &[Entry], instance_id: Option<u64>) -> bool {
    let task = image.task;
    let object = |entry: &Entry| task.annotations.objects.get(entry.position as usize);
    let mut class = None;
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    let mut has_gaps = false;
    out.extend_from_slice(b"\"frames\":{");
    for (at, entry) in track.iter().enumerate().filter(|(_, entry)| !entry.stops) {
        let Some(object) = object(entry) else { continue };
        let start = out.len();
        out.extend_from_slice(if class.is_some() { b",\n\"" } else { b"\n\"" });
        write_u64(out, entry.frame.into());
        out.extend_from_slice(b"\":{");
        let Some(found) = shapes.write(out, run, image, object) else {
            out.truncate(start);
            continue;
        };
        class = Some(found);
        sub_types(out, object, instance_id);
        out.extend_from_slice(b",\"keyframe\":true}");
        // Up to the next entry, or to where the track is interrupted.
        let next = track.get(at + 1);
        let is_gap = next.is_some_and(|next| entry.is_before_gap(next));
        has_gaps |= is_gap;
        let first = u64::from(entry.frame);
        let last = next.map_or(first + 1, |next| next.frame.into());
        match ranges.last_mut() {
            Some(range) if range.1 == first => range.1 = last,
            _ => ranges.push((first, last)),
        }
    }
    let Some(class) = class else { return false };
    // An export of key frames only: V7 fills in the frames between them, as Hub does.
    out.extend_from_slice(if has_gaps {
        b"},\"interpolated\":true,\"interpolate_algorithm\":\"linear-1.1\",\"ranges\":["
    } else {
        b"},\"interpolated\":false,\"ranges\":["
    });
    for (number, (first, last)) in ranges.into_iter().enumerate() {
        out.extend_from_slice(if number > 0 { b",[" } else { b"[" });
        write_u64(out, first);
        out.push(b',');
        write_u64(out, last);
        out.push(b']');
    }
    out.extend_from_slice(b"],\"properties\":");
    properties::write(out, &mut changes(track, &task.annotations.objects).into_iter());
    let first = track.first().and_then(object);
    end(
        out,
        &[&task.task_id, first.map_or("", |object| &object.object_id), first.map_or("", |object| &object.schema_id)],
        shapes.classes().name(class),
    );
    if has_gaps && let Some(object) = first {
        let detail = "track is there; on frames between those of the export, which seems to be of key frames only, it is where V7 interpolates it";
        run.lost(task.index, Some(&object.object_id), "track-gap", detail);
    }
    true
}

/// The answers of a track where they are given first, or differ from those before.
fn changes<'a>(track: &[Entry], objects: &'a [Object]) -> Vec<(Option<u32>, &'a Classification)> {
    let mut changes = Vec::new();
    let mut before: &[Classification] = &[];
    for entry in track.iter().filter(|entry| !entry.stops) {
        let Some(object) = objects.get(entry.position as usize) else { continue };
        let is_same = |answer: &&Classification| before.iter().any(|old| old.title == answer.title && old.answer == answer.answer);
        changes.extend(object.classifications.iter().filter(|answer| !is_same(answer)).map(|answer| (Some(entry.frame), answer)));
        before = &object.classifications;
    }
    changes
}
