//! Brush masks as Label Studio packs them (`@thi.ng/rle-pack`): a stream of bits about the four bytes of every pixel, row by row.
//!
//! First 32 bits say how many words there are, 5 how long a word is, and four times 4 how many bits the length of a run has in each of four sizes, all but the
//! first less one. Then come the runs: one bit that says that the words are the same, two for the size, the length less one, and the word.

use ango_plugin_sdk::number::write_u64;

/// Bits of the lengths of runs.
const SIZES: [u32; 4] = [3, 4, 8, 16];
/// Bits of a word.
const WORD: u32 = 8;
/// Words of a pixel: red, green, blue and alpha.
const CHANNELS: u64 = 4;

/// How many words a mask of an image of this size has; `None` if they are more than the packing can count.
pub(crate) fn words(width: u32, height: u32) -> Option<u32> {
    u32::try_from(u64::from(width) * u64::from(height) * CHANNELS).ok()
}

/// Appends the mask of runs of pixels (row, first column, the column after the last; from top to bottom, from left to right) as a JSON list of bytes. `None`
/// if there are more words than it can count.
pub(crate) fn write(out: &mut Vec<u8>, runs: impl Iterator<Item = (u32, u32, u32)>, width: u32, height: u32) -> Option<()> {
    let words = words(width, height)?;
    let mut bits = Bits { out, pending: 0, count: 0, any: false };
    bits.put(words, 32);
    bits.put(WORD - 1, 5);
    SIZES.iter().for_each(|size| bits.put(size - 1, 4));
    let mut at = 0;
    for (y, x0, x1) in runs {
        let row = u64::from(y) * u64::from(width);
        let (start, end) = ((row + u64::from(x0)) * CHANNELS, (row + u64::from(x1)) * CHANNELS);
        bits.run(start.saturating_sub(at), 0);
        bits.run(end - start, 0xff);
        at = end;
    }
    bits.run(u64::from(words).saturating_sub(at), 0);
    bits.finish();
    Some(())
}

/// Bits, the highest of a byte first, as numbers between commas.
struct Bits<'a> {
    out: &'a mut Vec<u8>,
    /// Bits that do not make a byte yet, in the lowest places.
    pending: u64,
    count: u32,
    any: bool,
}

impl Bits<'_> {
    /// Appends the lowest `count` bits (at most 32) of a number.
    fn put(&mut self, number: u32, count: u32) {
        self.pending = (self.pending << count) | u64::from(number);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.byte((self.pending >> self.count) as u8);
        }
        self.pending &= (1 << self.count) - 1;
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(if std::mem::replace(&mut self.any, true) { b',' } else { b'[' });
        write_u64(self.out, byte.into());
    }

    /// Appends a run of the same word, in several if it is too long for one.
    fn run(&mut self, mut length: u64, word: u32) {
        while length > 0 {
            let size = (0..3).find(|&size| length <= 1 << SIZES[size]).unwrap_or(3);
            let part = length.min(1 << SIZES[size]);
            self.put(1, 1);
            self.put(size as u32, 2);
            self.put((part - 1) as u32, SIZES[size]);
            self.put(word, WORD);
            length -= part;
        }
    }

    fn finish(mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
        self.out.push(b']');
    }
}
