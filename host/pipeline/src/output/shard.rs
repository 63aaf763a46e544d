//! The files of one instance, compressed as they come.
//!
//! Compressing here, on the worker's thread, is what spreads the most expensive step over all cores. A file is cut into pieces by its own length, so that
//! its bytes do not depend on how the guest cut its writes.

use super::spool::{Extent, Spool};
use crate::zip::deflate::{PIECE_BYTES, join_crc};
use crate::zip::{Compressor, Whole};
use ango_runtime::{Output, OutputError, Target};
use std::time::{Duration, Instant};

/// Compressed bytes of one shard that are kept in memory. A shard of ordinary size stays far below.
const MEMORY: usize = 16 << 20;

/// Text that waits to fill pieces, over all open files. A guest with many files open cannot make it more.
const PENDING: usize = 32 << 20;

/// Where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    File { path: String },
    Section { path: String, position: u32, separator: Vec<u8> },
}

/// A finished file.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) place: Place,
    pub(super) content: Content,
}

/// A file's data in the spool.
#[derive(Debug)]
pub(super) enum Content {
    /// A small file, complete.
    Whole { extent: Extent, deflated: bool, crc: u32, length: u64 },
    /// Joined pieces.
    Pieces { extents: Vec<Extent>, crc: u32, length: u64 },
}

#[derive(Debug)]
struct Writing {
    place: Place,
    text: Vec<u8>,
    extents: Vec<Extent>,
    crc: u32,
    length: u64,
}

/// What one instance wrote.
#[derive(Debug)]
pub(crate) struct ShardFiles {
    pub(super) spool: Spool,
    pub(super) finished: Vec<Finished>,
    /// Time spent compressing.
    pub(crate) deflating: Duration,
}

impl Default for ShardFiles {
    fn default() -> Self {
        Self { spool: Spool::new(MEMORY), finished: Vec::new(), deflating: Duration::ZERO }
    }
}

/// Takes what instances write, one after the other.
#[derive(Debug, Default)]
pub(crate) struct ShardWriter {
    compressor: Compressor,
    files: ShardFiles,
    writing: Vec<Option<Writing>>,
    pending: usize,
    /// Buffers of finished files, for the next ones.
    spare: Vec<Vec<u8>>,
}

/// Buffers that are kept: as many as ordinary plugins have files open.
const SPARE: usize = 4;

fn unknown_file() -> OutputError {
    OutputError::Io(std::io::Error::other("a file that is not open"))
}

impl ShardWriter {
    /// What the instance wrote; the next one starts with nothing.
    pub(crate) fn take(&mut self) -> ShardFiles {
        self.writing.clear();
        self.pending = 0;
        std::mem::take(&mut self.files)
    }

    /// Compresses the whole pieces of a file's pending text; with `all`, the rest too.
    fn compress(compressor: &mut Compressor, spool: &mut Spool, file: &mut Writing, all: bool) -> std::io::Result<()> {
        let mut used = 0;
        while file.text.len() - used >= PIECE_BYTES || (all && used < file.text.len()) {
            let end = file.text.len().min(used + PIECE_BYTES);
            let text = &file.text[used..end];
            file.extents.push(spool.append(compressor.piece_data(text))?);
            let length = text.len() as u64;
            file.crc = join_crc(file.crc, crc32fast::hash(text), length);
            file.length += length;
            used = end;
        }
        file.text.drain(..used);
        Ok(())
    }

    fn keep(&mut self, mut buffer: Vec<u8>) {
        if self.spare.len() < SPARE && buffer.capacity() <= 2 * PIECE_BYTES {
            buffer.clear();
            self.spare.push(buffer);
        }
    }
}

impl Output for ShardWriter {
    fn create(&mut self, target: Target<'_>) -> Result<u32, OutputError> {
        let place = match target {
            Target::File { path } => Place::File { path: path.to_owned() },
            Target::Section { path, position, separator } => Place::Section { path: path.to_owned(), position, separator: separator.to_owned() },
        };
        let text = self.spare.pop().unwrap_or_default();
        let file = Writing { place, text, extents: Vec::new(), crc: 0, length: 0 };
        // Numbers of finished files are given again: a shard of many small files needs few.
        let free = self.writing.iter().position(Option::is_none);
        let number = free.unwrap_or(self.writing.len());
        if free.is_none() {
            self.writing.push(None);
        }
        self.writing[number] = Some(file);
        u32::try_from(number).map_err(|_| unknown_file())
    }

    fn write(&mut self, file: u32, data: &[u8]) -> Result<(), OutputError> {
        let file = self.writing.get_mut(file as usize).and_then(Option::as_mut).ok_or_else(unknown_file)?;
        file.text.extend_from_slice(data);
        self.pending += data.len();
        if file.text.len() >= PIECE_BYTES || self.pending > PENDING {
            let start = Instant::now();
            let before = file.text.len();
            Self::compress(&mut self.compressor, &mut self.files.spool, file, self.pending > PENDING)?;
            self.pending -= before - file.text.len();
            self.files.deflating += start.elapsed();
        }
        Ok(())
    }

    fn finish(&mut self, file: u32) -> Result<(), OutputError> {
        let mut file = self.writing.get_mut(file as usize).and_then(Option::take).ok_or_else(unknown_file)?;
        let start = Instant::now();
        self.pending -= file.text.len();
        let files = &mut self.files;
        let content = if matches!(file.place, Place::File { .. }) && file.extents.is_empty() {
            let Whole { data, deflated, crc, length } = self.compressor.whole(&file.text);
            Content::Whole { extent: files.spool.append(data)?, deflated, crc, length }
        } else {
            Self::compress(&mut self.compressor, &mut files.spool, &mut file, true)?;
            Content::Pieces { extents: file.extents, crc: file.crc, length: file.length }
        };
        files.finished.push(Finished { place: file.place, content });
        files.deflating += start.elapsed();
        self.keep(file.text);
        Ok(())
    }
}
