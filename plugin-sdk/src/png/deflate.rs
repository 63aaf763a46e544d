//! A zlib stream of literals and runs.
//!
//! The only matches are repetitions of the bytes just before: of one byte, of two or of three. That is what is left of a mask after each row is compared with the
//! one above, and finding it takes no search. Codes are made for each block from what it holds.

use super::bits::Bits;
use super::huffman::{SYMBOLS, codes, lengths};

/// Tokens of a block, and some more: enough that its header does not matter, and a small buffer.
const BLOCK: usize = 1 << 15;
/// The longest match.
const LONGEST: u64 = 258;
/// Marks a token that stands for many: most of a mask is zeros.
const REPEATED: u16 = 1 << 15;
/// Ends a block.
const END_OF_BLOCK: usize = 256;
/// Kinds of tokens, the longest match last.
const TOKENS: usize = 256 + LONGEST as usize + 1;

/// A zlib stream being written, and memory for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Deflate {
    /// How many bytes back runs repeat: 1, 2 or 3.
    distance: usize,
    /// Literals from 0 to 255, match lengths from 256 + 3 to 256 + 258, and [`REPEATED`] with how many matches of the longest kind there are.
    tokens: Vec<u16>,
    bits: Bits,
    /// Zeros that have not become tokens yet.
    zeros: u64,
    sum: Adler,
}

impl Deflate {
    /// Starts a stream; what is left of an earlier one is forgotten.
    pub(super) fn start(&mut self, out: &mut Vec<u8>, distance: usize) {
        (self.distance, self.bits, self.zeros, self.sum) = (distance, Bits::default(), 0, Adler::default());
        self.tokens.clear();
        // A window of 32 KiB, the fastest level: nobody has to know that the window is three bytes.
        out.extend_from_slice(&[0x78, 0x01]);
    }

    /// Appends a byte that is not 0.
    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.end_zeros();
        self.sum.run([byte], 1);
        self.tokens.push(byte.into());
    }

    /// Appends `pattern`, whose length is the distance, `times` times.
    #[inline]
    pub(super) fn run<const N: usize>(&mut self, pattern: [u8; N], times: u32) {
        let bytes = u64::from(times) * N as u64;
        if pattern == [0; N] {
            self.zeros += bytes;
        } else if bytes > 0 {
            self.end_zeros();
            self.sum.run(pattern, times.into());
            self.repeat(&pattern, bytes);
        }
    }

    /// Appends zeros.
    #[inline]
    pub(super) fn zeros(&mut self, count: u64) {
        self.zeros += count;
    }

    /// Zeros go on from row to row, so that empty rows are one run.
    #[inline]
    fn end_zeros(&mut self) {
        if self.zeros > 0 {
            let zeros = std::mem::take(&mut self.zeros);
            self.sum.run([0], zeros);
            self.repeat(&[0; 3][..zeros.min(self.distance as u64) as usize], zeros);
        }
    }

    /// Appends `pattern` again and again, `bytes` in all.
    #[inline]
    fn repeat(&mut self, pattern: &[u8], bytes: u64) {
        for &byte in pattern {
            self.tokens.push(byte.into());
        }
        let mut rest = bytes - pattern.len() as u64;
        while rest >= LONGEST {
            let times = (rest / LONGEST).min(u64::from(REPEATED - 1));
            self.tokens.push(REPEATED | times as u16);
            rest -= times * LONGEST;
        }
        // 258 is a multiple of every distance, so that the pattern begins anew.
        if rest >= 3 {
            self.tokens.push(256 + rest as u16);
        } else {
            (0..rest as usize).for_each(|at| self.tokens.push(pattern[at % pattern.len()].into()));
        }
    }

    /// To be called now and then: what has come together is compressed when it is enough.
    #[inline]
    pub(super) fn relieve(&mut self, out: &mut Vec<u8>) {
        if self.tokens.len() >= BLOCK {
            self.block(out, false);
        }
    }

    /// Ends the stream.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_zeros();
        self.block(out, true);
        self.bits.finish(out);
        out.extend_from_slice(&self.sum.value().to_be_bytes());
    }

    #[inline(never)]
    fn block(&mut self, out: &mut Vec<u8>, last: bool) {
        let mut tokens = std::mem::take(&mut self.tokens);
        let mut counts = [0_u32; TOKENS];
        for &token in &tokens {
            if token >= REPEATED {
                counts[TOKENS - 1] += u32::from(token - REPEATED);
            } else {
                counts[usize::from(token).min(TOKENS - 1)] += 1;
            }
        }
        let mut symbol_counts = [0; SYMBOLS];
        for (token, count) in (0..).zip(counts) {
            symbol_counts[symbol(token).0] += count;
        }
        symbol_counts[END_OF_BLOCK] = 1;
        // A code needs two symbols.
        symbol_counts[0] += 1;
        let lengths = lengths(&symbol_counts);
        let codes = codes(&lengths);
        self.bits.put(out, u64::from(last) | 2 << 1, 3);
        self.header(out, &lengths);
        // The bits of every token that occurs, and how many they are.
        let mut table = [(0_u32, 0_u32); TOKENS];
        for (token, _) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
            let (symbol, extra, extra_bits) = symbol(token);
            let length = u32::from(lengths[symbol]);
            // Two codes of one bit each for distances: the first is that of 1, the second that of 2 or 3.
            let distance = u32::from(self.distance > 1) << (length + extra_bits);
            table[usize::from(token)] = if token < 256 {
                (codes[symbol].into(), length)
            } else {
                (u32::from(codes[symbol]) | u32::from(extra) << length | distance, length + extra_bits + 1)
            };
        }
        let mut bits = self.bits;
        for &token in &tokens {
            let (code, count) = table[usize::from(token).min(TOKENS - 1)];
            if token < REPEATED {
                bits.put(out, code.into(), count);
            } else {
                bits.repeat(out, code.into(), count, u32::from(token - REPEATED));
            }
        }
        bits.put(out, codes[END_OF_BLOCK].into(), u32::from(lengths[END_OF_BLOCK]));
        self.bits = bits;
        tokens.clear();
        self.tokens = tokens;
    }

    /// The lengths of the codes, themselves in a code that is always the same: 4 bits for lengths up to 13, 5 bits for 14, 15 and stretches of zeros.
    fn header(&mut self, out: &mut Vec<u8>, lengths: &[u8; SYMBOLS]) {
        const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        let mut code_lengths = [4; 19];
        code_lengths[14..].copy_from_slice(&[5, 5, 0, 5, 5]);
        let code = codes(&code_lengths);
        let distances: &[u8] = if self.distance == 3 { &[1, 0, 1] } else { &[1, 1] };
        self.bits.put(out, (SYMBOLS as u64 - 257) | (distances.len() as u64 - 1) << 5 | (19 - 4) << 10, 14);
        for symbol in ORDER {
            self.bits.put(out, code_lengths[usize::from(symbol)].into(), 3);
        }
        let all: Vec<u8> = lengths.iter().chain(distances).copied().collect();
        for same in all.chunk_by(|a, b| *a == 0 && *b == 0).flat_map(|same| same.chunks(138)) {
            let (symbol, extra, extra_bits) = match same.len() as u64 {
                zeros @ 11.. => (18, zeros - 11, 7),
                zeros @ 3.. => (17, zeros - 3, 3),
                _ => {
                    for &length in same {
                        self.bits.put(out, code[usize::from(length)].into(), code_lengths[usize::from(length)].into());
                    }
                    continue;
                }
            };
            let length = u32::from(code_lengths[symbol]);
            self.bits.put(out, u64::from(code[symbol]) | extra << length, length + extra_bits);
        }
    }
}

/// The symbol of a token, its extra bits and how many they are.
#[inline]
fn symbol(token: u16) -> (usize, u16, u32) {
    if token < 256 {
        return (usize::from(token), 0, 0);
    }
    // There are no lengths below 3.
    let length = (token - 256).max(3) - 3;
    if length == 255 {
        return (285, 0, 0);
    }
    if length < 8 {
        return (257 + usize::from(length), 0, 0);
    }
    // Four symbols for each doubling of the length.
    let extra_bits = u32::from(length).ilog2() - 2;
    let symbol = 257 + 4 * extra_bits as usize + usize::from(length >> extra_bits);
    (symbol, length & ((1 << extra_bits) - 1), extra_bits)
}

/// The checksum of zlib.
#[derive(Clone, Copy, Debug)]
struct Adler {
    a: u64,
    b: u64,
}

const ADLER: u64 = 65521;

impl Default for Adler {
    fn default() -> Self {
        Self { a: 1, b: 0 }
    }
}

impl Adler {
    /// Adds a pattern `times` times. With n patterns of k bytes, `a` grows by n sums of the pattern's bytes, and `b` by kn times the old `a`, by what a pattern
    /// alone adds to it n times, and by k sums for each of the n (n - 1) / 2 patterns that come before another one.
    #[inline]
    fn run<const N: usize>(&mut self, pattern: [u8; N], times: u64) {
        let k = N as u64;
        let (mut sum, mut weighted) = (0, 0);
        for byte in pattern {
            sum += u64::from(byte);
            weighted += sum;
        }
        let (n, pairs) = if times < 1 << 20 {
            // Small enough for every product below.
            (times, times * times.saturating_sub(1) / 2)
        } else {
            // One of the two factors is even.
            let pairs = if times.is_multiple_of(2) { times / 2 % ADLER * ((times - 1) % ADLER) } else { (times - 1) / 2 % ADLER * (times % ADLER) };
            (times % ADLER, pairs % ADLER)
        };
        self.b = (self.b + k * n * self.a + n * weighted + pairs * (k * sum)) % ADLER;
        self.a = (self.a + n * sum) % ADLER;
    }

    fn value(self) -> u32 {
        (self.b << 16 | self.a) as u32
    }
}
