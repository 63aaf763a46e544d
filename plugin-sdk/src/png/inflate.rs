//! Taking deflate apart (RFC 1951, in the wrapping of RFC 1950): small, and row by row.

/// How far back a copy may reach.
const WINDOW: usize = 1 << 15;
/// Codes of up to this many bits are found in one step.
const FAST_BITS: u32 = 9;
const MAX_BITS: usize = 15;

/// The shortest lengths and distances of their symbols, and how many bits follow them (RFC 1951, 3.2.5).
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
/// The order in which the lengths of the code of code lengths come.
const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// What is wrong with the data.
type Fault = &'static str;

const ENDS_EARLY: Fault = "the compressed pixels end early";

/// A prefix code.
struct Code {
    /// By the next bits: symbol and length; of longer codes length 0.
    fast: Vec<(u16, u8)>,
    /// How many codes each length has, and the symbols in the order of their codes.
    counts: [u16; MAX_BITS + 1],
    symbols: Vec<u16>,
}

impl Code {
    fn new() -> Self {
        Self { fast: Vec::new(), counts: [0; MAX_BITS + 1], symbols: Vec::new() }
    }

    /// Takes the code that has these lengths, 0 for symbols without a code.
    fn set(&mut self, lengths: &[u8]) -> Result<(), Fault> {
        self.counts = [0; MAX_BITS + 1];
        for &length in lengths {
            self.counts[usize::from(length) & 15] += 1;
        }
        self.counts[0] = 0;
        let mut left = 1_i32;
        let mut places = [0_u16; MAX_BITS + 2];
        let mut codes = [0_u16; MAX_BITS + 2];
        for length in 1..=MAX_BITS {
            left = left * 2 - i32::from(self.counts[length]);
            if left < 0 {
                return Err("the compressed pixels have a code with too many symbols");
            }
            places[length + 1] = places[length] + self.counts[length];
            codes[length + 1] = (codes[length] + self.counts[length]) << 1;
        }
        self.symbols.clear();
        self.symbols.resize(lengths.len(), 0);
        self.fast.clear();
        self.fast.resize(1 << FAST_BITS, (0, 0));
        for (symbol, &length) in (0_u16..).zip(lengths).filter(|(_, length)| **length > 0) {
            let at = usize::from(length) & 15;
            self.symbols[usize::from(places[at])] = symbol;
            places[at] += 1;
            let code = u32::from(codes[at]);
            codes[at] += 1;
            let bits = u32::from(length);
            if bits <= FAST_BITS {
                // Bits come from the lowest on, those of codes from the highest.
                let mut place = (code.reverse_bits() >> (32 - bits)) as usize;
                while place < self.fast.len() {
                    self.fast[place] = (symbol, length);
                    place += 1 << bits;
                }
            }
        }
        Ok(())
    }
}

/// Where the data is at.
enum State {
    /// Before a block.
    Between,
    /// In a block without compression, of which so many bytes are left.
    Stored(usize),
    /// In a block of codes.
    Coded,
    /// Behind the last block.
    Done,
}

/// Compressed data, and what has come out of it so far.
pub(super) struct Inflate<'a> {
    data: &'a [u8],
    /// The bits that come next, from the lowest on, and how many there are.
    bits: u64,
    count: u32,
    state: State,
    is_last: bool,
    literals: Code,
    distances: Code,
    out: Vec<u8>,
    /// How much of `out` has been given away.
    taken: usize,
}

impl<'a> Inflate<'a> {
    /// Reads the header.
    pub(super) fn new(data: &'a [u8]) -> Result<Self, Fault> {
        let [method, flags, data @ ..] = data else { return Err(ENDS_EARLY) };
        let header = u16::from_be_bytes([*method, *flags]);
        if method & 15 != 8 || !header.is_multiple_of(31) || flags & 0x20 != 0 {
            return Err("the pixels are not compressed as PNG has them");
        }
        Ok(Self {
            data,
            bits: 0,
            count: 0,
            state: State::Between,
            is_last: false,
            literals: Code::new(),
            distances: Code::new(),
            out: Vec::new(),
            taken: 0,
        })
    }

    /// The next `wanted` bytes.
    pub(super) fn take(&mut self, wanted: usize) -> Result<&[u8], Fault> {
        if self.taken > 2 * WINDOW + wanted {
            self.out.drain(..self.taken - WINDOW);
            self.taken = WINDOW;
        }
        while self.out.len() < self.taken + wanted {
            match self.state {
                State::Between => self.begin()?,
                State::Stored(left) => self.stored(left, wanted)?,
                State::Coded => self.coded(self.taken + wanted)?,
                State::Done => return Err("there are less pixels than the image has"),
            }
        }
        let start = self.taken;
        self.taken += wanted;
        Ok(&self.out[start..self.taken])
    }

    /// At least 48 bits, or all that are left.
    #[inline]
    fn refill(&mut self) {
        if self.count >= 48 {
            return;
        }
        if let Some((word, _)) = self.data.split_first_chunk::<8>() {
            self.bits |= u64::from_le_bytes(*word) << self.count;
            let bytes = (63 - self.count) / 8;
            self.data = &self.data[bytes as usize..];
            self.count += 8 * bytes;
        } else {
            while self.count < 56
                && let [byte, rest @ ..] = self.data
            {
                self.bits |= u64::from(*byte) << self.count;
                self.data = rest;
                self.count += 8;
            }
        }
    }

    /// The next bits as a number, at most 16 of them.
    #[inline(never)]
    fn read(&mut self, bits: u8) -> Result<usize, Fault> {
        self.refill();
        let bits = u32::from(bits);
        self.count = self.count.checked_sub(bits).ok_or(ENDS_EARLY)?;
        let number = self.bits & ((1 << bits) - 1);
        self.bits >>= bits;
        Ok(number as usize)
    }

    fn begin(&mut self) -> Result<(), Fault> {
        if self.is_last {
            self.state = State::Done;
            return Ok(());
        }
        self.is_last = self.read(1)? == 1;
        self.state = State::Coded;
        match self.read(2)? {
            0 => {
                // It begins at a whole byte.
                self.read((self.count % 8) as u8)?;
                let (length, check) = (self.read(16)?, self.read(16)?);
                if length ^ check != 0xffff {
                    return Err("the compressed pixels have a block of another length than it says");
                }
                self.state = State::Stored(length);
            }
            1 => {
                let mut lengths = [8; 288];
                lengths[144..256].fill(9);
                lengths[256..280].fill(7);
                self.literals.set(&lengths)?;
                self.distances.set(&[5; 30])?;
            }
            2 => self.read_codes()?,
            _ => return Err("the compressed pixels have a block of an unknown kind"),
        }
        Ok(())
    }

    /// Reads the codes of a block.
    fn read_codes(&mut self) -> Result<(), Fault> {
        let (literals, distances, count) = (self.read(5)? + 257, self.read(5)? + 1, self.read(4)? + 4);
        let mut lengths = [0_u8; 320];
        for &place in &ORDER[..count.min(ORDER.len())] {
            lengths[usize::from(place)] = self.read(3)? as u8;
        }
        let mut code = Code::new();
        code.set(&lengths[..19])?;
        lengths = [0; 320];
        let mut at = 0;
        while at < literals + distances {
            let (length, times) = match self.symbol(&code)? {
                16 if at == 0 => return Err("the compressed pixels have a code that begins with a repetition"),
                16 => (lengths[at - 1], self.read(2)? + 3),
                17 => (0, self.read(3)? + 3),
                18 => (0, self.read(7)? + 11),
                length => (length as u8, 1),
            };
            let end = at + times;
            if end > literals + distances {
                return Err("the compressed pixels have a code of more symbols than it says");
            }
            lengths[at..end].fill(length);
            at = end;
        }
        self.literals.set(&lengths[..literals])?;
        self.distances.set(&lengths[literals..at])
    }

    #[inline]
    fn symbol(&mut self, code: &Code) -> Result<u16, Fault> {
        self.refill();
        let (symbol, length) = code.fast.get((self.bits & ((1 << FAST_BITS) - 1)) as usize).copied().unwrap_or_default();
        if length == 0 {
            return self.long_symbol(code);
        }
        self.count = self.count.checked_sub(u32::from(length)).ok_or(ENDS_EARLY)?;
        self.bits >>= length;
        Ok(symbol)
    }

    /// A symbol with a long code: bit by bit, as each length has a range of codes that follows that of the one before.
    #[cold]
    fn long_symbol(&mut self, code: &Code) -> Result<u16, Fault> {
        let (mut value, mut first, mut place) = (0_usize, 0_usize, 0_usize);
        for length in 1..=MAX_BITS {
            value |= self.read(1)?;
            let count = usize::from(code.counts[length]);
            if value < first + count {
                return code.symbols.get(place + value - first).copied().ok_or("the compressed pixels have an unknown code");
            }
            place += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        Err("the compressed pixels have an unknown code")
    }

    fn stored(&mut self, left: usize, wanted: usize) -> Result<(), Fault> {
        let mut left = left;
        // Whole bytes that are among the bits already.
        while left > 0 && self.count >= 8 {
            let byte = self.read_byte();
            self.out.push(byte);
            left -= 1;
        }
        if left > 0 {
            self.bits = 0;
            let some = left.min(wanted.max(WINDOW));
            let (stored, rest) = self.data.split_at_checked(some).ok_or(ENDS_EARLY)?;
            self.out.extend_from_slice(stored);
            self.data = rest;
            left -= some;
        }
        self.state = if left > 0 { State::Stored(left) } else { State::Between };
        Ok(())
    }

    fn read_byte(&mut self) -> u8 {
        let byte = self.bits as u8;
        self.bits >>= 8;
        self.count -= 8;
        byte
    }

    /// Goes on until there are `end` bytes, or the block is over.
    fn coded(&mut self, end: usize) -> Result<(), Fault> {
        let (literals, distances) = (std::mem::replace(&mut self.literals, Code::new()), std::mem::replace(&mut self.distances, Code::new()));
        let done = self.decode(&literals, &distances, end);
        (self.literals, self.distances) = (literals, distances);
        if done? {
            self.state = State::Between;
        }
        Ok(())
    }

    /// Whether the block is over.
    fn decode(&mut self, literals: &Code, distances: &Code, end: usize) -> Result<bool, Fault> {
        while self.out.len() < end {
            match self.symbol(literals)? {
                literal @ 0..=255 => self.out.push(literal as u8),
                256 => return Ok(true),
                symbol => {
                    let &(length, more) = LENGTHS.get(usize::from(symbol) - 257).ok_or("the compressed pixels have an unknown length")?;
                    let length = usize::from(length) + self.read(more)?;
                    let symbol = self.symbol(distances)?;
                    let &(distance, more) = DISTANCES.get(usize::from(symbol)).ok_or("the compressed pixels have an unknown distance")?;
                    let distance = usize::from(distance) + self.read(more)?;
                    self.copy(distance, length)?;
                }
            }
        }
        Ok(false)
    }

    /// Repeats what came `distance` bytes ago. It may overlap what it makes: then it is doubled until there is enough.
    #[inline]
    fn copy(&mut self, distance: usize, length: usize) -> Result<(), Fault> {
        let start = self.out.len().checked_sub(distance).ok_or("the compressed pixels repeat what is not there")?;
        let mut left = length;
        while left > 0 {
            let some = left.min(self.out.len() - start);
            self.out.extend_from_within(start..start + some);
            left -= some;
        }
        Ok(())
    }
}
