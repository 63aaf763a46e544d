//! Records that are dealt with together, so that what they become fits into memory.
//!
//! A chunk is bounded, but what its records become is not: a video record holds key frames, and a plugin gets all frames. So a chunk is dealt with in portions, each
//! of which is a shard. Nearly every chunk is one portion. Where one ends depends on the records alone.

use ango_model::json::{Document, Value};
use ango_model::v3::Asset;
use ango_model::video::{FullList, Kind, TooManyFrames, Video};
use std::ops::Range;

/// Bytes of text that the records of a portion become, as far as they can be foreseen and one record does not become more.
const PORTION_BYTES: u64 = 16 << 20;

/// Bytes of text that one task may become. A geometry of megabytes on a video of weeks is a few bytes of `frameTotal`, and would fill any disk.
const TASK_BYTES: u64 = 1 << 40;

/// A record that the filters let through.
#[derive(Debug)]
pub(super) struct Selected<'a> {
    /// Its place in the chunk.
    pub(super) range: Range<usize>,
    pub(super) document: Document<'a>,
    /// What is computed for it, when it is annotated on a video.
    pub(super) frames: Option<AllFrames>,
}

/// What becomes of a record of key frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct AllFrames {
    pub(super) video: Video,
    /// Objects of the task, with those of all computed frames.
    pub(super) objects: u64,
    /// Bytes of text, about.
    bytes: u64,
}

/// Why the frames of a record are not computed.
#[derive(Debug)]
pub(super) enum Refused {
    /// There are too many in this list.
    List(&'static str, TooManyFrames),
    /// They would become so many bytes.
    Bytes(u64),
}

impl AllFrames {
    /// Looks at a record, of which the stages that the task has left may not be exported.
    pub(super) fn of(record: &Value<'_, '_>, video: Video, history: bool) -> Result<Self, Refused> {
        let mut this = Self { video, objects: 0, bytes: record.raw().len() as u64 };
        if let Some(task) = record.get("task") {
            this.objects = this.list(&task, "tools", Kind::Tools)?;
            this.list(&task, "classifications", Kind::Classifications)?;
            if let Some(history) = task.get("stageHistory").filter(|_| history) {
                for visit in history.elements() {
                    this.list(&visit, "tools", Kind::Tools)?;
                    this.list(&visit, "classifications", Kind::Classifications)?;
                }
            }
        }
        if this.bytes > TASK_BYTES { Err(Refused::Bytes(this.bytes)) } else { Ok(this) }
    }

    /// Adds what one list becomes, and says how many entries there will be.
    fn list(&mut self, holder: &Value<'_, '_>, key: &'static str, kind: Kind) -> Result<u64, Refused> {
        let Some(list) = holder.get(key) else { return Ok(0) };
        let computed = FullList::plan(list, kind, self.video.frame_total).map_err(|error| Refused::List(key, error))?.computed();
        let stored = list.elements().filter(|entry| !entry.is_null()).count() as u64;
        let each = (list.raw().len() as u64).checked_div(stored).unwrap_or(0);
        self.bytes = self.bytes.saturating_add(computed.saturating_mul(each));
        Ok(stored + computed)
    }
}

impl Selected<'_> {
    /// The video, when frames are computed.
    pub(super) fn video(&self) -> Option<Video> {
        self.frames.map(|frames| frames.video)
    }

    fn bytes(&self) -> u64 {
        self.frames.map_or(self.range.len() as u64, |frames| frames.bytes)
    }

    /// Objects that are exported.
    pub(super) fn objects(&self, asset: &Asset<'_>) -> u64 {
        self.frames.map_or(asset.task.annotations.objects.len() as u64, |frames| frames.objects)
    }
}

/// The portions of a chunk, as ranges of its records. There is always one.
pub(super) fn portions(records: &[Selected<'_>]) -> Vec<Range<usize>> {
    let mut portions = Vec::new();
    let (mut start, mut bytes) = (0, 0u64);
    for (index, record) in records.iter().enumerate() {
        let more = record.bytes();
        if index > start && bytes.saturating_add(more) > PORTION_BYTES.max(records_bytes(records)) {
            portions.push(start..index);
            (start, bytes) = (index, 0);
        }
        bytes = bytes.saturating_add(more);
    }
    portions.push(start..records.len());
    portions
}

/// Bytes of the records as they are.
fn records_bytes(records: &[Selected<'_>]) -> u64 {
    records.first().zip(records.last()).map_or(0, |(first, last)| (last.range.end - first.range.start) as u64)
}
