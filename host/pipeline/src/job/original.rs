//! The archive of the original export: one payload, as the first and only entry, because old clients read nothing else; or a payload that is split into parts.

use super::text::Stretches;
use super::{Original, Split};
use crate::bucket::Upload;
use crate::error::StorageError;
use crate::zip::deflate::{END, join_crc};
use crate::zip::{Piece, Whole, ZipWriter};
use ango_model::time::Timestamp;
use std::io;

/// Compressed bytes up to which a payload waits, so that its sizes can stand in its header, where the simplest of readers look for them.
const WAITING: usize = 4 << 20;

/// Writes the original export.
#[derive(Debug)]
pub(super) struct OriginalWriter {
    archive: ZipWriter<Upload>,
    original: Original,
    /// The start of the payload, until it is too long to wait.
    waiting: Option<Piece>,
    /// Number of the part, from 1.
    part: u64,
    /// Bytes of text in it.
    bytes: u64,
}

impl OriginalWriter {
    pub(super) fn new(upload: Upload, original: &Original, exported_at: Option<Timestamp>) -> Self {
        let opening = Piece::stored(original.format.opening());
        Self { archive: ZipWriter::new(upload, exported_at), original: original.clone(), waiting: Some(opening), part: 1, bytes: 0 }
    }

    /// Appends the records of the next chunk.
    pub(super) fn add(&mut self, mut stretches: Stretches) -> Result<(), StorageError> {
        let added = (0..stretches.all.len()).try_for_each(|stretch| self.stretch(&mut stretches, stretch));
        added.map_err(|error| self.failure(&error))
    }

    fn stretch(&mut self, stretches: &mut Stretches, index: usize) -> io::Result<()> {
        let stretch = &stretches.all[index];
        if self.bytes > 0 {
            let ends = match self.original.split {
                None => false,
                Some(Split::Tasks(tasks)) => stretch.first.is_multiple_of(tasks.max(1)),
                Some(Split::Bytes(bytes)) => self.bytes + stretch.bytes > bytes,
            };
            if ends {
                self.end_part()?;
                self.part += 1;
                self.bytes = 0;
                self.waiting = Some(Piece::stored(self.original.format.opening()));
            } else {
                self.piece(&Piece::stored(self.original.format.separator()))?;
            }
        }
        self.bytes += stretch.bytes;
        stretches.pieces(index, |piece| self.piece(piece))
    }

    fn piece(&mut self, piece: &Piece) -> io::Result<()> {
        let Some(waiting) = &mut self.waiting else { return self.archive.piece(piece) };
        waiting.data.extend_from_slice(&piece.data);
        waiting.crc = join_crc(waiting.crc, piece.crc, piece.length);
        waiting.length += piece.length;
        if waiting.data.len() > WAITING
            && let Some(waiting) = self.waiting.take()
        {
            self.archive.start(&self.original.entry(self.part))?;
            self.archive.piece(&waiting)?;
        }
        Ok(())
    }

    fn failure(&mut self, error: &io::Error) -> StorageError {
        let failure = self.archive.sink_mut().take_failure();
        failure.unwrap_or_else(|| StorageError { storage: "the original export".into(), problem: error.to_string() })
    }

    fn end_part(&mut self) -> io::Result<()> {
        self.piece(&Piece::stored(self.original.format.closing()))?;
        match self.waiting.take() {
            None => self.archive.end(),
            Some(mut waiting) => {
                waiting.data.extend_from_slice(&END);
                let whole = Whole { data: &waiting.data, deflated: true, crc: waiting.crc, length: waiting.length };
                self.archive.whole(&self.original.entry(self.part), &whole)
            }
        }
    }

    /// Writes the end of the archive, and says how many parts it has. The upload is left to complete.
    pub(super) fn finish(mut self) -> Result<(Upload, u64), StorageError> {
        if let Err(error) = self.end_part() {
            return Err(self.failure(&error));
        }
        let parts = self.part;
        self.archive
            .finish()
            .map(|upload| (upload, parts))
            .map_err(|error| StorageError { storage: "the original export".into(), problem: error.to_string() })
    }
}
