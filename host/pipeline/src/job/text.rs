//! A chunk's canonical text: compressed for the original export as it is written, and kept for plugins where there are any.
//!
//! A chunk of records may become a text far larger than itself, for a video record holds key frames and its export all frames. So nothing here grows with the text: what is
//! compressed is forgotten, and compressed pieces go to disk when they are many. Only plugins need the whole text, and they need it in memory; beyond a limit they
//! cannot have it.

use super::{Original, Split};
use crate::output::{Extent, Spool};
use crate::zip::deflate::PIECE_BYTES;
use crate::zip::{Compressor, Piece};
use ango_model::sink::Sink;
use ango_runtime::Records;
use std::io;
use std::ops::Range;

/// Bytes of compressed pieces of a chunk that are kept in memory. An ordinary chunk has less than a quarter of it.
const PIECES_IN_MEMORY: usize = 4 << 20;

/// Consecutive records, compressed, that stay together: a chunk, or what of it belongs to one part.
#[derive(Debug)]
pub(super) struct Stretch {
    /// Index of the first record in the export.
    pub(super) first: u64,
    /// Bytes of text.
    pub(super) bytes: u64,
    pieces: Vec<Compressed>,
}

/// A piece, or where it is.
#[derive(Debug)]
struct Compressed {
    extent: Extent,
    crc: u32,
    length: u64,
}

/// The stretches of a chunk.
#[derive(Debug)]
pub(super) struct Stretches {
    pub(super) all: Vec<Stretch>,
    spool: Spool,
}

impl Default for Stretches {
    fn default() -> Self {
        Self { all: Vec::new(), spool: Spool::new(PIECES_IN_MEMORY) }
    }
}

impl Stretches {
    /// Hands the pieces of a stretch to `take`, in order.
    pub(super) fn pieces(&mut self, stretch: usize, mut take: impl FnMut(&Piece) -> io::Result<()>) -> io::Result<()> {
        let Some(stretch) = self.all.get(stretch) else { return Ok(()) };
        let mut piece = Piece::default();
        for compressed in &stretch.pieces {
            piece.data.clear();
            self.spool.read(compressed.extent, |bytes| {
                piece.data.extend_from_slice(bytes);
                Ok(())
            })?;
            (piece.crc, piece.length) = (compressed.crc, compressed.length);
            take(&piece)?;
        }
        Ok(())
    }
}

/// How the original is cut into stretches.
#[derive(Debug, Clone, Copy)]
struct Cuts {
    separator: &'static [u8],
    /// Records in a part.
    per_part: u64,
}

/// Takes the text of a chunk's records, one after the other.
#[derive(Debug)]
pub(super) struct ChunkText<'w> {
    compressor: &'w mut Compressor,
    /// `None` when no original is asked for, or this is not its text.
    cuts: Option<Cuts>,
    stretches: Stretches,
    /// Bytes of text up to which it is kept for plugins.
    keep: usize,
    /// Index of the next record in the export.
    next: u64,
    text: Vec<u8>,
    /// Where the text begins that is not compressed yet.
    compressed: usize,
    /// The records in `text`, as long as it is kept.
    ranges: Vec<Range<usize>>,
    /// The first record whose text was too long to be kept.
    too_long: Option<usize>,
    failure: Option<io::Error>,
}

impl<'w> ChunkText<'w> {
    /// For records from the index `first` on. `original` is the export that this is the text of; for plugins up to `keep` bytes are kept. `buffer` is memory to use; what is in
    /// it is lost.
    pub(super) fn new(original: Option<&Original>, keep: usize, first: u64, compressor: &'w mut Compressor, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        let cuts = original.map(|original| Cuts {
            separator: original.format.separator(),
            // Parts by number of tasks may end anywhere in a chunk; parts by size end where a chunk does.
            per_part: match original.split {
                Some(Split::Tasks(tasks)) => tasks.max(1),
                _ => u64::MAX,
            },
        });
        Self {
            compressor,
            cuts,
            stretches: Stretches::default(),
            keep,
            next: first,
            text: buffer,
            compressed: 0,
            ranges: Vec::new(),
            too_long: None,
            failure: None,
        }
    }

    /// Appends a record, which `write` writes.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut Self)) {
        if let Some(cuts) = self.cuts {
            let begins = self.stretches.all.is_empty() || self.next.is_multiple_of(cuts.per_part);
            if begins {
                self.compress(true);
                self.stretches.all.push(Stretch { first: self.next, bytes: 0, pieces: Vec::new() });
            } else {
                self.text.extend_from_slice(cuts.separator);
            }
        }
        let start = self.text.len();
        write(self);
        self.checkpoint();
        if self.too_long.is_none() {
            self.ranges.push(start..self.text.len());
        }
        self.next += 1;
    }

    /// Compresses what has come in; all of it, or as many whole pieces as there are.
    fn compress(&mut self, all: bool) {
        if let (Some(_), Some(stretch)) = (self.cuts, self.stretches.all.last_mut()) {
            while self.failure.is_none() {
                let left = self.text.len() - self.compressed;
                if left == 0 || (left < PIECE_BYTES && !all) {
                    break;
                }
                let text = &self.text[self.compressed..][..left.min(PIECE_BYTES)];
                let piece = self.compressor.piece_data(text);
                match self.stretches.spool.append(piece) {
                    Ok(extent) => stretch.pieces.push(Compressed { extent, crc: crc32fast::hash(text), length: text.len() as u64 }),
                    Err(error) => self.failure = Some(error),
                }
                stretch.bytes += text.len() as u64;
                self.compressed += text.len();
            }
        }
        if self.cuts.is_none() || self.failure.is_some() {
            self.compressed = self.text.len();
        }
    }

    /// The stretches of the original, and the records for plugins: the memory alone, and the first record that was too long, when they cannot be kept.
    ///
    /// # Errors
    /// When the disk is full.
    pub(super) fn finish(mut self) -> io::Result<(Stretches, Result<Records, TooLong>)> {
        self.compress(true);
        if let Some(error) = self.failure {
            return Err(error);
        }
        let records = match self.too_long {
            Some(record) => Err(TooLong { record, buffer: self.text }),
            None => Ok(Records::from_parts(self.text, self.ranges)),
        };
        Ok((self.stretches, records))
    }
}

/// The text of a chunk is too long for plugins.
#[derive(Debug)]
pub(super) struct TooLong {
    /// The record, by its position in the chunk, with which it became too long.
    pub(super) record: usize,
    /// Memory.
    pub(super) buffer: Vec<u8>,
}

impl Sink for ChunkText<'_> {
    fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    fn checkpoint(&mut self) {
        if self.text.len() - self.compressed < PIECE_BYTES {
            return;
        }
        self.compress(false);
        if self.too_long.is_none() && self.text.len() > self.keep {
            self.too_long = Some(self.ranges.len());
        }
        if self.too_long.is_some() {
            self.text.drain(..self.compressed);
            self.compressed = 0;
        }
    }
}
