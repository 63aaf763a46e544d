//! Bits on their way to bytes, the lowest first.

/// Up to 31 bits that are no whole word yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bits {
    bits: u64,
    count: u32,
}

impl Bits {
    /// Appends at most 32 bits; those above `count` are 0.
    #[inline]
    pub(super) fn put(&mut self, out: &mut Vec<u8>, bits: u64, count: u32) {
        self.bits |= bits << self.count;
        self.count += count;
        if self.count >= 32 {
            out.extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }

    /// Appends `bits`, at most 16 of them, `times` times.
    #[inline]
    pub(super) fn repeat(&mut self, out: &mut Vec<u8>, bits: u64, count: u32, times: u32) {
        if bits > 0 {
            return (0..times).for_each(|_| self.put(out, bits, count));
        }
        // The code of what is there most is all zeros.
        let mut zeros = u64::from(count) * u64::from(times);
        let first = zeros.min(32);
        self.put(out, 0, first as u32);
        zeros -= first;
        let bytes = zeros / 32 * 4;
        if bytes > 0 {
            // What is left in front of the next word comes first.
            self.put(out, 0, 32);
            out.resize(out.len() + (bytes - 4) as usize, 0);
        }
        self.put(out, 0, (zeros % 32) as u32);
    }

    /// Appends what is left, filled up to whole bytes.
    pub(super) fn finish(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bits.to_le_bytes()[..self.count.div_ceil(8) as usize]);
    }
}
