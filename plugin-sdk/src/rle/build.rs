//! Run lengths from runs of set pixels.

use super::{Rle, RleError, raster};

/// Puts run lengths together from runs that come in order: down the columns, one column after the other. Runs that touch become one.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    counts: Vec<u32>,
    /// The pixel after the last one that is set.
    end: u32,
}

impl Builder {
    /// Sets the pixels from `start` up to but not including `end`, counted down the columns (`x * height + y`). A run before the last one is ignored.
    #[inline]
    pub fn set(&mut self, start: u32, end: u32) {
        if start < self.end || end <= start {
            return;
        }
        match self.counts.last_mut() {
            Some(last) if start == self.end => *last += end - start,
            _ => self.counts.extend_from_slice(&[start - self.end, end - start]),
        }
        self.end = end;
    }

    /// How many pixels are set.
    pub fn area(&self) -> u64 {
        self.counts.iter().skip(1).step_by(2).map(|&run| u64::from(run)).sum()
    }

    /// The mask, which belongs to an image of this size. The builder is empty then.
    ///
    /// # Errors
    ///
    /// When the image has no pixels, too many, or fewer than are set.
    pub fn finish(&mut self, width: u32, height: u32) -> Result<Rle, RleError> {
        let (mut counts, end) = (std::mem::take(&mut self.counts), std::mem::take(&mut self.end));
        let rest = raster::pixels(width, height)?.checked_sub(end).ok_or(RleError::Malformed)?;
        if rest > 0 || counts.is_empty() {
            counts.push(rest);
        }
        Ok(Rle { width, height, counts })
    }
}
