//! The objects of a video as tracks: what formats of tracks begin with, instead of going frame by frame.

mod key_frames;

pub use key_frames::KeyFrames;

use crate::bytes::fingerprint;
use crate::order::sort;
use crate::types::Object;

/// The tracks of a task. Keeps its memory from task to task.
///
/// A track is what one object id of one class is on all frames. Tracks come in the order in which the task first names them, and entries in the order of
/// frames. An object without an id is a track of its own, and an object without a frame is on the first one.
#[derive(Clone, Debug, Default)]
pub struct Tracks {
    keys: Vec<(u64, u32)>,
    /// By position: the position of the first object of its track.
    firsts: Vec<u32>,
    entries: Vec<Entry>,
    /// Where each track begins in the entries, and where the last one ends.
    starts: Vec<usize>,
    repeated: Vec<u32>,
}

/// A track on one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From 0.
    pub frame: u32,
    /// The object's position in the task's list.
    pub position: u32,
    /// The object is gone from this frame on; its geometry is a repeat.
    pub stops: bool,
}

impl Entry {
    /// Whether frames are missing between this entry and the next one of its track: an export of key frames only does not say what is on them.
    pub fn is_before_gap(&self, next: &Self) -> bool {
        !self.stops && next.frame - self.frame > 1
    }
}

impl Tracks {
    /// Takes the objects of a task. Several entries of a track for one frame are one, and the others are [`repeated`](Self::repeated).
    pub fn set(&mut self, objects: &[Object]) {
        let object = |at: u32| &objects[at as usize];
        let frame = |at: u32| object(at).page.unwrap_or(0);
        let count = u32::try_from(objects.len()).unwrap_or(u32::MAX);
        self.keys.clear();
        self.keys.extend((0..count).map(|at| (key(object(at)), at)));
        sort(&mut self.keys);
        self.firsts.clear();
        self.firsts.extend(0..count);
        let is_same = |a: &Object, b: &Object| a.object_id == b.object_id && a.schema_id == b.schema_id;
        for alike in self.keys.chunk_by(|a, b| a.0 == b.0) {
            // All of them are one track, unless somebody looked for ids with the same fingerprint.
            let mut firsts: Vec<u32> = Vec::new();
            for &(_, at) in alike.iter().filter(|&&(_, at)| !object(at).object_id.is_empty()) {
                match firsts.iter().find(|&&first| is_same(object(first), object(at))) {
                    Some(&first) => self.firsts[at as usize] = first,
                    None => firsts.push(at),
                }
            }
        }
        for (key, at) in &mut self.keys {
            *key = (u64::from(self.firsts[*at as usize]) << 32) | u64::from(frame(*at));
        }
        sort(&mut self.keys);
        self.entries.clear();
        self.starts.clear();
        self.repeated.clear();
        let mut track = None;
        for entry in self.keys.chunk_by(|a, b| a.0 == b.0) {
            // Of an entry that ends the track and one that begins it again on the same frame, the latter says what is there.
            let positions = || entry.iter().map(|&(_, at)| at);
            let is_live = |at: &u32| !object(*at).interpolation_stopped;
            let Some(position) = positions().find(is_live).or_else(|| positions().next()) else { continue };
            self.repeated.extend(positions().filter(|at| is_live(at) && *at != position));
            let first = self.firsts[position as usize];
            if track != Some(first) {
                self.starts.push(self.entries.len());
                track = Some(first);
            }
            self.entries.push(Entry { frame: frame(position), position, stops: object(position).interpolation_stopped });
        }
        self.starts.push(self.entries.len());
    }

    /// The tracks, each with at least one entry.
    pub fn iter(&self) -> impl Iterator<Item = &[Entry]> {
        self.starts.windows(2).map(|ends| &self.entries[ends[0]..ends[1]])
    }

    /// The position of the first object of the track that the object at a position is of; that position itself beyond the last object.
    pub fn first(&self, position: u64) -> u64 {
        self.firsts.get(position as usize).map_or(position, |&first| first.into())
    }

    /// Positions of objects whose track is already there on their frame.
    pub fn repeated(&self) -> &[u32] {
        &self.repeated
    }

    /// Whether the export seems to be of key frames only: a track has a gap.
    pub fn have_gaps(&self) -> bool {
        self.iter().any(|track| track.windows(2).any(|pair| pair[0].is_before_gap(&pair[1])))
    }
}

fn key(object: &Object) -> u64 {
    fingerprint(object.object_id.as_bytes()) ^ fingerprint(object.schema_id.as_bytes()).rotate_left(1)
}

#[cfg(test)]
mod tests;
