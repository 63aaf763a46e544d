//! CRC-32, the check sum of gzip.
//!
//! The sum is linear: what a block adds does not depend on what was before, and what was before changes by a block's length alone. So a block of 64 equal bytes takes
//! five look-ups, where it would take 64.

/// The polynomial, lowest power in the highest bit.
const POLYNOMIAL: u32 = 0xedb8_8320;
/// Bytes of a block.
const BLOCK: usize = 64;

/// What a byte does to a sum.
static BYTE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = after(byte as u32, 1);
        byte += 1;
    }
    table
};

/// What a block of zeros makes of a sum, by each byte of that.
static ZEROS: [[u32; 256]; 4] = {
    let mut tables = [[0; 256]; 4];
    let mut at = 0;
    while at < 4 * 256 {
        tables[at / 256][at % 256] = after((at as u32 % 256) << (8 * (at / 256)), BLOCK as u32);
        at += 1;
    }
    tables
};

/// What a block of the same byte adds.
static EQUAL: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut sum, mut count) = (0, 0);
        while count < BLOCK {
            sum = after(sum ^ byte as u32, 1);
            count += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};

/// A sum after that many zero bytes.
const fn after(mut sum: u32, bytes: u32) -> u32 {
    let mut bits = 8 * bytes;
    while bits > 0 {
        sum = (sum >> 1) ^ (POLYNOMIAL & (sum & 1).wrapping_neg());
        bits -= 1;
    }
    sum
}

/// A sum being made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum(u32);

impl Default for Sum {
    fn default() -> Self {
        Self(!0)
    }
}

impl Sum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let mut sum = self.0;
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for block in blocks {
            let first = block[0];
            let all_first = u64::from_ne_bytes([first; 8]);
            let differing = block.as_chunks::<8>().0.iter().fold(0, |differing, word| differing | (u64::from_ne_bytes(*word) ^ all_first));
            if differing == 0 {
                let [a, b, c, d] = sum.to_le_bytes().map(usize::from);
                sum = ZEROS[0][a] ^ ZEROS[1][b] ^ ZEROS[2][c] ^ ZEROS[3][d] ^ EQUAL[usize::from(first)];
            } else {
                sum = add_bytes(sum, block);
            }
        }
        self.0 = add_bytes(sum, rest);
    }

    pub(super) fn value(self) -> u32 {
        !self.0
    }
}

#[inline]
fn add_bytes(sum: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(sum, |sum, byte| (sum >> 8) ^ BYTE[((sum ^ u32::from(*byte)) & 0xff) as usize])
}

/// The sum of two texts, one after the other, by the sum of each and the length of the second in bytes.
pub(crate) fn combined(first: u32, second: u32, length: u64) -> u32 {
    // The first is shifted by the length of the second: multiplied with x to the power of its bits.
    let (mut power, mut square, mut bytes) = (1 << 31, after(1 << 31, 1), length);
    while bytes > 0 {
        if bytes & 1 == 1 {
            power = product(power, square);
        }
        square = product(square, square);
        bytes >>= 1;
    }
    product(first, power) ^ second
}

/// The product of two polynomials, of which only the remainder counts.
fn product(a: u32, b: u32) -> u32 {
    let (mut sum, mut shifted) = (0, b);
    for bit in (0..32).rev() {
        sum ^= shifted & (a >> bit & 1).wrapping_neg();
        shifted = (shifted >> 1) ^ (POLYNOMIAL & (shifted & 1).wrapping_neg());
    }
    sum
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn sum(bytes: &[u8]) -> u32 {
        let mut sum = Sum::default();
        sum.add(bytes);
        sum.value()
    }

    /// The same by its definition.
    fn plain(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |sum, byte| after(sum ^ u32::from(*byte), 1))
    }

    #[test]
    fn the_published_sum_is_the_published_one() {
        assert_eq!((sum(b"123456789"), sum(b""), combined(sum(b"1234"), sum(b"56789"), 5)), (0xcbf4_3926, 0, 0xcbf4_3926));
    }

    proptest! {
        #[test]
        fn runs_and_parts_have_the_sum_of_the_whole(runs in prop::collection::vec((any::<u8>(), 1..300usize), 0..12), cut in 0.0..1.0f64) {
            let bytes: Vec<u8> = runs.iter().flat_map(|&(byte, count)| std::iter::repeat_n(byte, count)).collect();
            let (first, second) = bytes.split_at((bytes.len() as f64 * cut) as usize);
            let mut in_parts = Sum::default();
            in_parts.add(first);
            in_parts.add(second);
            let want = plain(&bytes);
            prop_assert_eq!((sum(&bytes), in_parts.value(), combined(sum(first), sum(second), second.len() as u64)), (want, want, want));
        }
    }
}
