//! The archive of the original export: one payload, as the first and only entry, because old clients read nothing else.

use super::Original;
use crate::bucket::Upload;
use crate::error::StorageError;
use crate::zip::deflate::{END, join_crc};
use crate::zip::{Piece, Whole, ZipWriter};
use ango_model::time::Timestamp;
use std::io;

/// Compressed bytes up to which the payload waits, so that its sizes can stand in its header, where the simplest of readers look for them.
const WAITING: usize = 4 << 20;

/// Writes the original export.
#[derive(Debug)]
pub(super) struct OriginalWriter {
    archive: ZipWriter<Upload>,
    original: Original,
    /// The start of the payload, until it is too long to wait.
    waiting: Option<Piece>,
}

impl OriginalWriter {
    pub(super) fn new(upload: Upload, original: &Original, exported_at: Option<Timestamp>) -> Self {
        let opening = Piece::stored(original.format.opening());
        Self { archive: ZipWriter::new(upload, exported_at), original: original.clone(), waiting: Some(opening) }
    }

    /// Appends the records of the next chunk.
    pub(super) fn add(&mut self, pieces: &[Piece]) -> Result<(), StorageError> {
        let added = pieces.iter().try_for_each(|piece| self.piece(piece));
        added.map_err(|error| self.failure(&error))
    }

    fn piece(&mut self, piece: &Piece) -> io::Result<()> {
        let Some(waiting) = &mut self.waiting else { return self.archive.piece(piece) };
        waiting.data.extend_from_slice(&piece.data);
        waiting.crc = join_crc(waiting.crc, piece.crc, piece.length);
        waiting.length += piece.length;
        if waiting.data.len() > WAITING
            && let Some(waiting) = self.waiting.take()
        {
            self.archive.start(&self.original.entry)?;
            self.archive.piece(&waiting)?;
        }
        Ok(())
    }

    fn failure(&mut self, error: &io::Error) -> StorageError {
        let failure = self.archive.sink_mut().take_failure();
        failure.unwrap_or_else(|| StorageError { storage: "the original export".into(), problem: error.to_string() })
    }

    fn end(&mut self) -> io::Result<()> {
        self.piece(&Piece::stored(self.original.format.closing()))?;
        match self.waiting.take() {
            None => self.archive.end(),
            Some(mut waiting) => {
                waiting.data.extend_from_slice(&END);
                let whole = Whole { data: &waiting.data, deflated: true, crc: waiting.crc, length: waiting.length };
                self.archive.whole(&self.original.entry, &whole)
            }
        }
    }

    /// Writes the end of the archive. The upload is left to complete.
    pub(super) fn finish(mut self) -> Result<Upload, StorageError> {
        if let Err(error) = self.end() {
            return Err(self.failure(&error));
        }
        self.archive.finish().map_err(|error| StorageError { storage: "the original export".into(), problem: error.to_string() })
    }
}
