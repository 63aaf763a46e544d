//! Encoding.

use ango_plugin_sdk::File;

use super::combined;
use super::encode::Encoder;
use super::sum::Sum;

/// A header that says nothing but deflate: no time, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A compressed file being written.
pub(crate) struct Gzip {
    file: File,
    encoder: Encoder,
    sum: Sum,
    length: u64,
}

impl Gzip {
    /// Starts a file of voxels of `width` bytes in rows of `row` bytes.
    pub(crate) fn new(mut file: File, width: usize, row: usize) -> Self {
        file.put(&HEADER);
        let encoder = Encoder::new(file.buffer(), width, row);
        Self { file, encoder, sum: Sum::default(), length: 0 }
    }

    /// Appends bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.sum.add(bytes);
        self.length += bytes.len() as u64;
        self.encoder.put(self.file.buffer(), bytes);
    }

    /// Writes what is left, and closes the file.
    pub(crate) fn finish(mut self) {
        self.encoder.finish(self.file.buffer());
        end(self.file, self.sum.value(), self.length);
    }
}

/// Writes a file of some bytes, and a deflate stream as it is behind them. A stream is a row of blocks, so that the bytes can stand before it in a block that is not
/// compressed. `sum` and `length` are those of what the stream holds.
pub(crate) fn copy(mut file: File, before: &[u8], stream: &[u8], sum: u32, length: u64) {
    let mut sum_before = Sum::default();
    sum_before.add(before);
    // Not the last block, stored; its length, and the complement of that.
    let size = before.len() as u16;
    file.put(&HEADER);
    file.put(&[0]);
    file.put(&size.to_le_bytes());
    file.put(&(!size).to_le_bytes());
    file.put(before);
    file.put(stream);
    end(file, combined(sum_before.value(), sum, length), before.len() as u64 + length);
}

fn end(mut file: File, sum: u32, length: u64) {
    file.put(&sum.to_le_bytes());
    // Of the length, the lowest 32 bits.
    file.put(&(length as u32).to_le_bytes());
    file.finish();
}
