//! A zlib stream of literals and runs.
//!
//! The only matches are repetitions of the bytes just before: of one byte, of two or of three. That is what is left of a mask after each row is compared with the
//! one above, and finding it takes no search. Codes are made for each block from what it holds.

use super::huffman::{SYMBOLS, codes, lengths};

/// Tokens of a block: enough that its header does not matter, and a small buffer.
const BLOCK: usize = 1 << 15;
/// The longest match.
const LONGEST: u32 = 258;
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
    bits: u64,
    bit_count: u32,
    /// Zeros that have not become tokens yet.
    zeros: u64,
    sum: Adler,
}

impl Deflate {
    /// Starts a stream; what is left of an earlier one is forgotten.
    pub(super) fn start(&mut self, out: &mut Vec<u8>, distance: usize) {
        (self.distance, self.bits, self.bit_count, self.zeros, self.sum) = (distance, 0, 0, 0, Adler::default());
        self.tokens.clear();
        // A window of 32 KiB, the fastest level: nobody has to know that the window is three bytes.
        out.extend_from_slice(&[0x78, 0x01]);
    }

    /// Appends a byte.
    #[inline]
    pub(super) fn byte(&mut self, out: &mut Vec<u8>, byte: u8) {
        if byte == 0 {
            self.zeros += 1;
        } else {
            self.end_zeros(out);
            self.sum.run(&[byte], 1);
            self.token(out, u16::from(byte));
        }
    }

    /// Appends `pattern`, whose length is the distance, `times` times.
    pub(super) fn run(&mut self, out: &mut Vec<u8>, pattern: &[u8], times: u32) {
        let bytes = u64::from(times) * pattern.len() as u64;
        if pattern.iter().all(|&byte| byte == 0) {
            self.zeros += bytes;
        } else if bytes > 0 {
            self.end_zeros(out);
            self.sum.run(pattern, times.into());
            self.repeat(out, pattern, bytes);
        }
    }

    /// Appends zeros.
    pub(super) fn zeros(&mut self, count: u64) {
        self.zeros += count;
    }

    /// Zeros go on from row to row, so that empty rows are one run.
    fn end_zeros(&mut self, out: &mut Vec<u8>) {
        if self.zeros > 0 {
            let zeros = std::mem::take(&mut self.zeros);
            self.sum.run(&[0], zeros);
            self.repeat(out, &[0; 3][..self.distance.min(zeros as usize)], zeros);
        }
    }

    /// Appends `pattern` again and again, `bytes` in all.
    fn repeat(&mut self, out: &mut Vec<u8>, pattern: &[u8], bytes: u64) {
        pattern.iter().for_each(|&byte| self.token(out, u16::from(byte)));
        let rest = bytes - pattern.len() as u64;
        let mut longest = rest / u64::from(LONGEST);
        while longest > 0 {
            let times = longest.min(u64::from(REPEATED - 1));
            self.token(out, REPEATED | times as u16);
            longest -= times;
        }
        let rest = rest % u64::from(LONGEST);
        // 258 is a multiple of every distance, so that the pattern begins anew.
        if rest >= 3 {
            self.token(out, 256 + rest as u16);
        } else {
            pattern.iter().cycle().take(rest as usize).for_each(|&byte| self.token(out, u16::from(byte)));
        }
    }

    #[inline]
    fn token(&mut self, out: &mut Vec<u8>, token: u16) {
        self.tokens.push(token);
        if self.tokens.len() >= BLOCK {
            self.block(out, false);
        }
    }

    /// Ends the stream.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_zeros(out);
        self.block(out, true);
        out.extend_from_slice(&self.bits.to_le_bytes()[..self.bit_count.div_ceil(8) as usize]);
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
        self.put(out, u64::from(last) | 2 << 1, 3);
        self.header(out, &lengths);
        // The bits of every token that occurs, and how many they are.
        let mut bits = [(0_u32, 0_u32); TOKENS];
        for (token, _) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
            let (symbol, extra, extra_bits) = symbol(token);
            let length = u32::from(lengths[symbol]);
            // Two codes of one bit each for distances: the first is that of 1, the second that of 2 or 3.
            let distance = u32::from(self.distance > 1) << (length + extra_bits);
            bits[usize::from(token)] = if token < 256 {
                (codes[symbol].into(), length)
            } else {
                (u32::from(codes[symbol]) | u32::from(extra) << length | distance, length + extra_bits + 1)
            };
        }
        let (longest, longest_bits) = bits[TOKENS - 1];
        // As many of the longest matches as are put at once.
        let at_once = 32 / longest_bits.max(1);
        let many = (0..at_once).fold(0, |many, at| many | u64::from(longest) << (at * longest_bits));
        for &token in &tokens {
            if token < REPEATED {
                let (bits, count) = bits[usize::from(token).min(TOKENS - 1)];
                self.put(out, bits.into(), count);
                continue;
            }
            let mut times = u32::from(token - REPEATED);
            while times > 0 {
                let now = times.min(at_once);
                self.put(out, many & ((1 << (now * longest_bits)) - 1), now * longest_bits);
                times -= now;
            }
        }
        self.put(out, codes[END_OF_BLOCK].into(), u32::from(lengths[END_OF_BLOCK]));
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
        self.put(out, (SYMBOLS as u64 - 257) | (distances.len() as u64 - 1) << 5 | (19 - 4) << 10, 14);
        for symbol in ORDER {
            self.put(out, code_lengths[usize::from(symbol)].into(), 3);
        }
        let all: Vec<u8> = lengths.iter().chain(distances).copied().collect();
        for same in all.chunk_by(|a, b| *a == 0 && *b == 0).flat_map(|same| same.chunks(138)) {
            let (symbol, extra, extra_bits) = match same.len() as u64 {
                zeros @ 11.. => (18, zeros - 11, 7),
                zeros @ 3.. => (17, zeros - 3, 3),
                _ => {
                    for &length in same {
                        self.put(out, code[usize::from(length)].into(), code_lengths[usize::from(length)].into());
                    }
                    continue;
                }
            };
            let length = u32::from(code_lengths[symbol]);
            self.put(out, u64::from(code[symbol]) | extra << length, length + extra_bits);
        }
    }

    /// Appends at most 32 bits.
    #[inline]
    fn put(&mut self, out: &mut Vec<u8>, bits: u64, count: u32) {
        self.bits |= bits << self.bit_count;
        self.bit_count += count;
        if self.bit_count >= 32 {
            out.extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.bit_count -= 32;
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
    /// Adds `pattern`, `times` times. With n patterns of k bytes, `a` grows by n sums of the pattern's bytes, and `b` by kn times the old `a`, by what a pattern
    /// alone adds to it n times, and by k sums for each of the n (n - 1) / 2 patterns that come before another one.
    fn run(&mut self, pattern: &[u8], times: u64) {
        let k = pattern.len() as u64;
        let (mut sum, mut weighted) = (0, 0);
        for &byte in pattern {
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
