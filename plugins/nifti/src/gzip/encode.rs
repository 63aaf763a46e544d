//! A deflate stream (RFC 1951) of a label volume.
//!
//! A voxel is mostly the one before it, or else the one above it, so that matches at these two distances are the only ones that are looked for. The code is always the
//! same, made for such volumes: most of a volume is matches of the greatest length, one bit each, and most of the rest are low labels. So nothing has to be gathered
//! and counted before it is written, and one block does for everything.

use crate::runs::common_prefix;

/// How far back a match may reach.
const WINDOW: usize = 1 << 15;
/// Bytes that are gathered before they are encoded.
const PIECE: usize = 64 << 10;
/// Literals, the end of the block, and lengths.
const SYMBOLS: usize = 286;
const END: usize = 256;
/// The shortest and the longest match.
const SHORTEST: usize = 3;
const LONGEST: usize = 258;

/// How many bits the code of a symbol has. Together they are a complete code.
const fn length(symbol: usize) -> u32 {
    match symbol {
        285 => 1,
        0..=15 | 257..=284 => 7,
        16..=94 => 10,
        _ => 11,
    }
}

/// The code of each symbol, its first bit lowest.
static CODES: [u32; SYMBOLS] = {
    let mut codes = [0; SYMBOLS];
    let (mut code, mut bits) = (0, 1);
    while bits <= 11 {
        let mut symbol = 0;
        while symbol < SYMBOLS {
            if length(symbol) == bits {
                codes[symbol] = reversed(code, bits);
                code += 1;
            }
            symbol += 1;
        }
        code <<= 1;
        bits += 1;
    }
    codes
};

const fn reversed(code: u32, bits: u32) -> u32 {
    code.reverse_bits() >> (32 - bits)
}

/// A distance: its symbol, and its extra bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Distance {
    bytes: usize,
    symbol: u32,
    extra: u32,
    extra_bits: u32,
}

impl Distance {
    /// A distance from 1 to [`WINDOW`].
    fn new(bytes: usize) -> Self {
        let before = (bytes.clamp(1, WINDOW) - 1) as u32;
        if before < 4 {
            return Self { bytes, symbol: before, extra: 0, extra_bits: 0 };
        }
        // Two symbols for each doubling.
        let extra_bits = before.ilog2() - 1;
        Self { bytes, symbol: 2 * (extra_bits + 1) + (before >> extra_bits & 1), extra: before & ((1 << extra_bits) - 1), extra_bits }
    }
}

/// A stream being encoded.
pub(super) struct Encoder {
    near: Distance,
    /// The other distance, if there is one.
    far: Option<Distance>,
    /// What matches may reach back to, and from `start` on what is not encoded yet.
    window: Vec<u8>,
    start: usize,
    bits: u64,
    count: u32,
}

impl Encoder {
    /// Begins a stream in which bytes are mostly those `near` bytes before, or those `far` bytes before.
    pub(super) fn new(out: &mut Vec<u8>, near: usize, far: usize) -> Self {
        let near = Distance::new(near);
        let far = Some(far).filter(|far| (1..=WINDOW).contains(far)).map(Distance::new).filter(|far| far.symbol != near.symbol);
        let mut encoder = Self { near, far, window: Vec::with_capacity(WINDOW + 2 * PIECE), start: 0, bits: 0, count: 0 };
        encoder.header(out);
        encoder
    }

    /// Appends bytes.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            self.window.extend_from_slice(piece);
            if self.window.len() - self.start >= PIECE {
                self.encode(out);
            }
        }
    }

    /// Encodes what is left, and ends the stream.
    pub(super) fn finish(mut self, out: &mut Vec<u8>) {
        self.encode(out);
        self.symbol(out, END);
        out.extend_from_slice(&self.bits.to_le_bytes()[..self.count.div_ceil(8) as usize]);
    }

    /// The last block, and the lengths of its codes.
    fn header(&mut self, out: &mut Vec<u8>) {
        // Lengths are encoded too; of those that occur, each has this code, first bit lowest, and so many bits.
        let code = |length: u32| match length {
            0 => (0b00, 2),
            10 => (0b10, 2),
            11 => (0b01, 2),
            1 => (0b011, 3),
            _ => (0b111, 3),
        };
        const ORDER: [u32; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        // A code needs two symbols, also where one distance does.
        let other = self.far.map_or(self.near.symbol + 1, |far| far.symbol);
        let distances = self.near.symbol.max(other) + 1;
        self.bits(out, 1 | 2 << 1, 3);
        self.bits(out, (SYMBOLS - 257) as u32 | (distances - 1) << 5 | (19 - 4) << 10, 14);
        for symbol in ORDER {
            let occurs = matches!(symbol, 0 | 1 | 7 | 10 | 11);
            self.bits(out, if occurs { code(symbol).1 } else { 0 }, 3);
        }
        let of_distances = (0..distances).map(|symbol| u32::from(symbol == self.near.symbol || symbol == other));
        let lengths: Vec<u32> = (0..SYMBOLS).map(length).chain(of_distances).collect();
        for (bits, count) in lengths.into_iter().map(code) {
            self.bits(out, bits, count);
        }
    }

    fn encode(&mut self, out: &mut Vec<u8>) {
        let window = std::mem::take(&mut self.window);
        let mut at = self.start;
        while at < window.len() {
            let matching = |distance: Distance| match at.checked_sub(distance.bytes) {
                Some(before) => common_prefix(&window[at..], &window[before..before + window.len() - at]),
                None => 0,
            };
            let mut best = (matching(self.near), self.near);
            // A long match is as good as a longer one.
            if let Some(far) = self.far.filter(|_| best.0 < LONGEST) {
                let other = matching(far);
                if other > best.0 {
                    best = (other, far);
                }
            }
            let (mut left, distance) = best;
            if left < SHORTEST {
                self.symbol(out, window[at].into());
                at += 1;
                continue;
            }
            at += left;
            while left > 0 {
                // What is left after the longest must be long enough, too.
                let now = if left > LONGEST && left < LONGEST + SHORTEST { left - SHORTEST } else { left.min(LONGEST) };
                self.copy(out, now, distance);
                left -= now;
            }
        }
        self.window = window;
        let kept = self.window.len().min(WINDOW);
        self.window.drain(..self.window.len() - kept);
        self.start = kept;
    }

    /// A match of this length.
    fn copy(&mut self, out: &mut Vec<u8>, length: usize, distance: Distance) {
        let beyond = (length - SHORTEST) as u32;
        if length == LONGEST {
            self.symbol(out, 285);
        } else if beyond < 8 {
            self.symbol(out, 257 + beyond as usize);
        } else {
            // Four symbols for each doubling.
            let extra_bits = beyond.ilog2() - 2;
            self.symbol(out, 257 + (4 * extra_bits + (beyond >> extra_bits)) as usize);
            self.bits(out, beyond & ((1 << extra_bits) - 1), extra_bits);
        }
        // Of the two distances the one with the higher symbol has the code 1.
        let is_higher = match self.far {
            Some(far) if distance == self.near => self.near.symbol > far.symbol,
            Some(far) => far.symbol > self.near.symbol,
            None => false,
        };
        self.bits(out, u32::from(is_higher) | distance.extra << 1, 1 + distance.extra_bits);
    }

    #[inline]
    fn symbol(&mut self, out: &mut Vec<u8>, symbol: usize) {
        self.bits(out, CODES[symbol], length(symbol));
    }

    /// Appends at most 32 bits.
    #[inline]
    fn bits(&mut self, out: &mut Vec<u8>, bits: u32, count: u32) {
        self.bits |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            out.extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    /// The stream of some bytes, after checking that it holds them.
    fn encoded(bytes: &[u8], near: usize, far: usize, piece: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, near, far);
        bytes.chunks(piece).for_each(|piece| encoder.put(&mut out, piece));
        encoder.finish(&mut out);
        let (mut decoded, mut rest) = (Vec::new(), &out[..]);
        flate2::bufread::DeflateDecoder::new(&mut rest).read_to_end(&mut decoded).unwrap();
        assert!(decoded == bytes && rest.is_empty());
        out
    }

    #[test]
    fn codes_are_complete_and_runs_are_short() {
        assert_eq!((0..SYMBOLS).map(|symbol| 2048 >> length(symbol)).sum::<u32>(), 2048);
        assert!(encoded(&[0; 1_000_000], 1, 512, 1 << 20).len() < 1_200);
        let row: Vec<u8> = (0..512).map(|at| if (100..300).contains(&at) { 9 } else { 0 }).collect();
        assert!(encoded(&row.repeat(2000), 1, 512, 7000).len() < 5_000);
        let all: Vec<u8> = (0..=255).collect();
        encoded(&all, 1, 0, 100);
        encoded(&[], 4, 1 << 20, 1);
    }

    #[test]
    fn every_length_and_distance_has_its_code() {
        for length in 1..600 {
            for (near, far) in [(1, 5), (2, 3), (4, 4), (1, 1), (1, 2), (4, 700), (2, WINDOW), (1, WINDOW + 1)] {
                let mut bytes = vec![1, 2, 3, 4, 5];
                bytes.extend(vec![7; length]);
                bytes.extend([8, 8, 9]);
                let copy = bytes.clone();
                bytes.resize(far.min(WINDOW).max(bytes.len()), 6);
                bytes.extend(copy);
                encoded(&bytes, near, far, 1 << 20);
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_survive(runs in prop::collection::vec((0..20u8, 1..500usize), 1..60), near in prop::sample::select(vec![1usize, 2, 4]), far in 1..2000usize, piece in 1..5000usize) {
            let bytes: Vec<u8> = runs.iter().flat_map(|&(byte, count)| std::iter::repeat_n(byte, count)).collect();
            encoded(&bytes, near, far, piece);
        }

        #[test]
        fn noise_survives(bytes in prop::collection::vec(any::<u8>(), 0..3000), far in 1..300usize) {
            encoded(&bytes, 1, far, 1000);
        }
    }
}
