//! Finding the last block of a deflate stream.
//!
//! libdeflate compresses faster and better than what can flush a stream, but always ends one: its last block is marked final. To put streams one after the other,
//! that mark has to go, and nobody but a decoder knows where it is. This walks over the symbols without decoding them: it needs their lengths only, and
//! takes several literals at a step.

/// Bits looked up at once.
const TABLE_BITS: u32 = 11;
const TABLE: usize = 1 << TABLE_BITS;
/// Longest code of the format.
const MAX_CODE: usize = 15;
/// The symbol that ends a block.
const END_OF_BLOCK: usize = 256;
/// Order in which the lengths of the code length code are sent (RFC 1951, 3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Where the last block stands, in bits from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastBlock {
    /// The block's first bit, which says that it is final.
    pub(super) header: usize,
    /// The bit after its last.
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// One or more literals, or a distance.
    Literals,
    /// A match length: a distance follows.
    Length,
    End,
    /// A code longer than the table, or none at all.
    Long,
}

/// What a table knows about the next bits: what they are, and how many of them are used, extra bits included.
#[derive(Debug, Clone, Copy)]
struct Entry {
    step: Step,
    bits: u8,
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next bits, at least 57 of them; zeros past the end.
    #[inline]
    fn peek(&self) -> u64 {
        let byte = self.at >> 3;
        let word = match self.data.get(byte..byte + 8) {
            Some(bytes) => u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]),
            None => self.data.get(byte..).unwrap_or_default().iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte)),
        };
        word >> (self.at & 7)
    }

    fn take(&mut self, count: usize) -> usize {
        let bits = (self.peek() & ((1 << count) - 1)) as usize;
        self.at += count;
        bits
    }

    fn is_past_end(&self) -> bool {
        self.at > self.data.len() * 8
    }
}

/// A Huffman code: a table for its short codes, counts for the rest.
struct Code {
    table: Box<[Entry; TABLE]>,
    counts: [u16; MAX_CODE + 1],
    symbols: Vec<u16>,
}

/// Kind and number of extra bits of a literal/length symbol.
fn length_symbol(symbol: usize) -> (Step, u8) {
    match symbol {
        0..=255 => (Step::Literals, 0),
        END_OF_BLOCK => (Step::End, 0),
        257..=264 | 285 => (Step::Length, 0),
        265..=284 => (Step::Length, ((symbol - 261) / 4) as u8),
        _ => (Step::Long, 0),
    }
}

/// The same of a distance symbol.
fn distance_symbol(symbol: usize) -> (Step, u8) {
    (Step::Literals, if symbol < 4 { 0 } else { ((symbol - 2) / 2) as u8 })
}

impl Code {
    fn new(lengths: &[u8], kind: impl Fn(usize) -> (Step, u8)) -> Self {
        let mut counts = [0u16; MAX_CODE + 1];
        lengths.iter().for_each(|length| counts[usize::from(*length)] += 1);
        counts[0] = 0;
        let mut next = [0u32; MAX_CODE + 2];
        for length in 1..=MAX_CODE {
            next[length + 1] = (next[length] + u32::from(counts[length])) << 1;
        }
        let mut symbols: Vec<u16> = (0..lengths.len() as u16).filter(|symbol| lengths[usize::from(*symbol)] > 0).collect();
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        let mut table = Box::new([Entry { step: Step::Long, bits: 0 }; TABLE]);
        // Length of the code alone, to know where the next one begins.
        let mut code_bits = [0u8; TABLE];
        for (symbol, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let code = next[usize::from(length)];
            next[usize::from(length)] += 1;
            if u32::from(length) > TABLE_BITS {
                continue;
            }
            let (step, extra) = kind(symbol);
            let reversed = (code.reverse_bits() >> (32 - u32::from(length))) as usize;
            for index in (reversed..TABLE).step_by(1 << length) {
                table[index] = Entry { step, bits: length + extra };
                code_bits[index] = if step == Step::Literals && extra == 0 { length } else { 0 };
            }
        }
        Self { table: Self::several(table, &code_bits), counts, symbols }
    }

    /// Lets an entry cover all literals whose codes the looked-up bits hold wholly. Not for distances, which come one at a time; their entries are rebuilt by the caller.
    fn several(mut table: Box<[Entry; TABLE]>, code_bits: &[u8; TABLE]) -> Box<[Entry; TABLE]> {
        for index in 0..TABLE {
            let mut used = u32::from(code_bits[index]);
            if used == 0 {
                continue;
            }
            loop {
                let more = u32::from(code_bits[index >> used]);
                if more == 0 || used + more > TABLE_BITS {
                    break;
                }
                used += more;
            }
            table[index].bits = used as u8;
        }
        table
    }

    /// A symbol by its code, bit by bit.
    fn slow(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let (mut code, mut first, mut index) = (0usize, 0usize, 0usize);
        for length in 1..=MAX_CODE {
            code |= bits.take(1);
            let count = usize::from(self.counts[length]);
            if code < first + count {
                return self.symbols.get(index + code - first).map(|symbol| usize::from(*symbol));
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// Code lengths of the block types with Huffman codes.
fn fixed_lengths() -> ([u8; 288], [u8; 30]) {
    let mut lengths = [8; 288];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    (lengths, [5; 30])
}

fn dynamic_lengths(bits: &mut Bits<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let (literals, distances, sent) = (bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4);
    let mut code_lengths = [0; 19];
    for &symbol in &ORDER[..sent] {
        code_lengths[symbol] = bits.take(3) as u8;
    }
    // Every symbol is looked up by itself: kinds that never join.
    let code = Code::new(&code_lengths, |_| (Step::Length, 0));
    let mut lengths = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (value, repeat) = match code.slow(bits)? {
            symbol @ 0..=15 => (symbol as u8, 1),
            16 => (*lengths.last()?, bits.take(2) + 3),
            17 => (0, bits.take(3) + 3),
            _ => (0, bits.take(7) + 11),
        };
        lengths.resize(lengths.len() + repeat, value);
    }
    let distances = lengths.split_off(literals);
    Some((lengths, distances))
}

/// Walks over the symbols of a block with Huffman codes.
fn walk_symbols(bits: &mut Bits<'_>, literals: &Code, distances: &Code) -> Option<()> {
    let look = |code: &Code, word: u64| code.table[(word as usize) & (TABLE - 1)];
    while !bits.is_past_end() {
        // At least 57 bits are there. Two steps of literals (22 bits), a length (16) and the look at a distance (11) need no others.
        let word = bits.peek();
        let mut used = 0;
        let mut entry = look(literals, word);
        for _ in 0..2 {
            if entry.step != Step::Literals {
                break;
            }
            used += u32::from(entry.bits);
            entry = look(literals, word >> used);
        }
        match entry.step {
            Step::Literals => bits.at += (used + u32::from(entry.bits)) as usize,
            Step::End => {
                bits.at += (used + u32::from(entry.bits)) as usize;
                return Some(());
            }
            Step::Length => {
                used += u32::from(entry.bits);
                let distance = look(distances, word >> used);
                bits.at += used as usize;
                if distance.step == Step::Long { walk_distance(bits, distances)? } else { bits.at += usize::from(distance.bits) }
            }
            Step::Long => {
                bits.at += used as usize;
                let (step, extra) = length_symbol(literals.slow(bits)?);
                bits.at += usize::from(extra);
                match step {
                    Step::Literals => {}
                    Step::Length => walk_distance(bits, distances)?,
                    Step::End => return Some(()),
                    Step::Long => return None,
                }
            }
        }
    }
    None
}

/// A distance by its code, bit by bit.
#[cold]
fn walk_distance(bits: &mut Bits<'_>, distances: &Code) -> Option<()> {
    let (_, extra) = distance_symbol(distances.slow(bits)?);
    bits.at += usize::from(extra);
    Some(())
}

/// Distances come one at a time, so their table joins nothing: their kind is one that [`Code::several`] leaves alone.
fn distance_code(lengths: &[u8]) -> Code {
    Code::new(lengths, |symbol| (Step::Length, distance_symbol(symbol).1))
}

/// Finds the last block; `None` when the data is not a whole deflate stream.
pub(super) fn last_block(data: &[u8]) -> Option<LastBlock> {
    let mut bits = Bits { data, at: 0 };
    loop {
        let header = bits.at;
        let is_last = bits.take(1) == 1;
        match bits.take(2) {
            0 => {
                bits.at = (bits.at + 7) & !7;
                let length = bits.take(16);
                bits.at += 16 + length * 8;
            }
            1 => {
                let (literals, distances) = fixed_lengths();
                walk_symbols(&mut bits, &Code::new(&literals, length_symbol), &distance_code(&distances))?;
            }
            2 => {
                let (literals, distances) = dynamic_lengths(&mut bits)?;
                walk_symbols(&mut bits, &Code::new(&literals, length_symbol), &distance_code(&distances))?;
            }
            _ => return None,
        }
        if bits.is_past_end() {
            return None;
        }
        if is_last {
            return Some(LastBlock { header, end: bits.at });
        }
    }
}
