//! The compressed text of run lengths: five bits to a character, the difference to the run before the previous one from the fourth run on.

use super::{Rle, RleError, raster};

impl Rle {
    /// Appends the compressed text. Its characters are ASCII from `0` to `o`, among them the backslash, which JSON escapes.
    pub fn write_compressed(&self, out: &mut Vec<u8>) {
        for (at, &count) in self.counts.iter().enumerate() {
            let before = if at > 2 { i64::from(self.counts[at - 2]) } else { 0 };
            let mut rest = i64::from(count) - before;
            loop {
                let bits = (rest & 0x1f) as u8;
                rest >>= 5;
                // The top bit of the last group is the sign.
                let done = rest == if bits & 0x10 != 0 { -1 } else { 0 };
                out.push(48 + bits + if done { 0 } else { 0x20 });
                if done {
                    break;
                }
            }
        }
    }

    /// The compressed text.
    pub fn to_compressed(&self) -> String {
        let mut out = Vec::new();
        self.write_compressed(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// Reads a compressed text.
    ///
    /// # Errors
    ///
    /// When the text does not add up to an image of this size.
    pub fn from_compressed(text: &str, width: u32, height: u32) -> Result<Self, RleError> {
        let mut counts: Vec<u32> = Vec::new();
        let (mut value, mut shift) = (0_i64, 0);
        for byte in text.bytes() {
            let group = byte.checked_sub(48).filter(|&group| group < 64 && shift < 40).ok_or(RleError::Malformed)?;
            value |= i64::from(group & 0x1f) << shift;
            shift += 5;
            if group & 0x20 != 0 {
                continue;
            }
            if group & 0x10 != 0 {
                value |= -1 << shift;
            }
            if counts.len() > 2 {
                value += i64::from(counts[counts.len() - 2]);
            }
            counts.push(u32::try_from(value).map_err(|_| RleError::Malformed)?);
            (value, shift) = (0, 0);
        }
        let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        if shift != 0 || total != u64::from(raster::pixels(width, height)?) {
            return Err(RleError::Malformed);
        }
        Ok(Self { width, height, counts })
    }
}
