//! Going over the records of a source one by one, for what looks at them or copies them and converts nothing.

use super::{Part, Source};
use crate::error::JobError;
use crate::job::progress::Progress;
use ango_model::Place;
use ango_model::stream::Chunk;
use ango_runtime::Cancel;
use std::ops::Range;
use std::str::Utf8Error;

/// A record, not parsed yet.
#[derive(Debug)]
pub(super) struct Record<'a> {
    part: &'a Part,
    chunk: &'a Chunk,
    range: Range<usize>,
}

impl Record<'_> {
    pub(super) fn text(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(&self.chunk.text()[self.range.clone()])
    }

    /// The place in the source of an offset in the record. Finding out the line costs a look at the chunk.
    pub(super) fn place(&self, offset: usize) -> Place {
        self.chunk.place(self.part.name(), self.range.start + offset)
    }
}

/// Hands every record to `act`, in order, and says how many there were.
///
/// # Errors
/// When the source cannot be read any further, somebody cancels, or `act` fails.
pub(super) fn each_record(
    source: &Source,
    max_record: usize,
    progress: &Progress,
    cancel: &Cancel,
    mut act: impl FnMut(&Record<'_>) -> Result<(), JobError>,
) -> Result<u64, JobError> {
    let mut count = 0;
    for part in source.parts() {
        let mut reader = part.open(progress.bytes(), max_record)?;
        while let Some(chunk) = reader.next_chunk()? {
            if cancel.is_cancelled() {
                return Err(JobError::Cancelled);
            }
            let before = count;
            for range in chunk.records() {
                count += 1;
                act(&Record { part, chunk: &chunk, range })?;
            }
            progress.add_tasks(count - before);
        }
    }
    Ok(count)
}
