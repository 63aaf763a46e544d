//! Which track each object of a video is of.

use ango_plugin_sdk::coco::write_object_members;
use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::tracks::Tracks;
use ango_plugin_sdk::{Object, Run};

/// A track: one object id of one class, as an annotation has but one.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    /// Its number in the export.
    pub(crate) id: u64,
    /// The class, once it was seen.
    pub(crate) class: u32,
    /// What `attributes` holds of the object that was seen first.
    pub(crate) members: Vec<u8>,
    /// The object that was seen first, by its position in the task.
    first: Option<u64>,
    /// Whether it was said that its answers change, or need not be.
    told: bool,
}

/// The tracks of a task.
#[derive(Debug, Default)]
pub(crate) struct TaskTracks {
    pub(crate) list: Vec<Track>,
    /// By position of an object: its track; none for objects that are on their frame already.
    of: Vec<Option<u32>>,
}

impl TaskTracks {
    /// Takes the objects of a task. Whether their answers change matters to those who write them.
    pub(crate) fn new(image: &Image<'_>, with_answers: bool) -> Self {
        let objects = &image.task.annotations.objects;
        let mut tracks = Tracks::default();
        tracks.set(objects);
        let mut of = vec![None; objects.len()];
        let mut list = Vec::new();
        for (number, entries) in (0..).zip(tracks.iter()) {
            for entry in entries {
                if let Some(of) = of.get_mut(entry.position as usize) {
                    *of = Some(number);
                }
            }
            let id = image.annotation_id(entries.first().map_or(0, |entry| tracks.first(entry.position.into())));
            list.push(Track { id, class: 0, members: Vec::new(), first: None, told: !with_answers });
        }
        Self { list, of }
    }

    /// The track of an object; `None` if it is there twice on a frame, which is reported.
    pub(crate) fn of(&self, run: &Run, image: &Image<'_>, position: u64, object: &Object) -> Option<u32> {
        let track = self.of.get(position as usize).copied().flatten();
        if track.is_none() {
            run.lost(image.task.index, Some(&object.object_id), "duplicate", "another object on the frame has the same id and class");
        }
        track
    }

    /// Notes that a track is to be seen on a frame. Of its answers those of the first such frame stay; that others differ is reported once.
    pub(crate) fn see(&mut self, run: &Run, image: &Image<'_>, number: u32, class: u32, (position, object): (u64, &Object)) {
        let Some(track) = self.list.get_mut(number as usize) else { return };
        let Some(first) = track.first else {
            (track.first, track.class) = (Some(position), class);
            write_object_members(&mut track.members, object);
            return;
        };
        if track.told {
            return;
        }
        let first = image.task.annotations.objects.get(first as usize);
        if first.is_some_and(|first| !is_answered_alike(first, object)) {
            track.told = true;
            let detail = "answers about the track change from frame to frame; those of its first one are there";
            run.lost(image.task.index, Some(&object.object_id), "classification-unsupported", detail);
        }
    }
}

fn is_answered_alike(a: &Object, b: &Object) -> bool {
    let (a, b) = (&a.classifications, &b.classifications);
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.schema_id == b.schema_id && a.answer == b.answer)
}
