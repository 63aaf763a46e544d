//! The voxels, as runs of equal ones.
//!
//! A label volume is mostly background and solid regions, so that runs are long. Everything that is done with voxels, counting, finding their class, writing them
//! again, is done once for a run.

use super::decimal;
use super::header::Encoding;
use super::sample::{Sample, whole};
use super::{Header, Nrrd};
use crate::gzip;
use crate::runs::common_prefix;
use crate::unreadable::Unreadable;

/// No number takes more letters.
const MAX_NUMBER: usize = 400;

/// Takes the values of a voxel, one for each layer, and the number of voxels in a row that have them.
pub(crate) type TakeRun<'a> = dyn FnMut(&[i64], u64) + 'a;

impl Nrrd<'_> {
    /// Calls `take` until all voxels have been seen, and says whether their data are one gzip member. A value that is no whole number comes as
    /// [`NO_LABEL`](super::NO_LABEL).
    ///
    /// # Errors
    ///
    /// When the data are damaged, or there are fewer or more than the header says. What was given to `take` before means nothing then.
    pub(crate) fn runs(&self, take: &mut TakeRun<'_>) -> Result<bool, Unreadable> {
        if self.header.encoding == Encoding::Text {
            return text(&self.header, self.data, take).map(|()| false);
        }
        let mut elements = Elements::new(&self.header, take);
        let is_member = match self.header.encoding {
            Encoding::Gzip => gzip::members(self.data, &mut |piece| elements.push(piece))?,
            _ => elements.push(self.data).map(|()| false)?,
        };
        elements.end().map(|()| is_member)
    }
}

/// Makes runs of pieces of binary data. An element is the values of a voxel.
struct Elements<'a> {
    sample: Sample,
    big_endian: bool,
    width: usize,
    /// Bytes that are still to come.
    left: u64,
    /// The part of an element that the last piece ended with.
    part: Vec<u8>,
    values: Vec<i64>,
    take: &'a mut TakeRun<'a>,
}

impl<'a> Elements<'a> {
    fn new(header: &Header, take: &'a mut TakeRun<'_>) -> Self {
        Self {
            sample: header.sample,
            big_endian: header.big_endian,
            width: header.sample.width() * header.layers,
            left: header.bytes(),
            part: Vec::new(),
            values: vec![0; header.layers],
            take,
        }
    }

    fn push(&mut self, piece: &[u8]) -> Result<(), Unreadable> {
        self.left = self.left.checked_sub(piece.len() as u64).ok_or_else(Unreadable::too_long)?;
        let mut rest = piece;
        if !self.part.is_empty() {
            let (begin, behind) = rest.split_at(rest.len().min(self.width - self.part.len()));
            self.part.extend_from_slice(begin);
            rest = behind;
            if self.part.len() < self.width {
                return Ok(());
            }
            let element = std::mem::take(&mut self.part);
            self.run(&element, 1);
        }
        while rest.len() >= self.width {
            let count = run_length(rest, self.width);
            self.run(rest, count);
            rest = &rest[count * self.width..];
        }
        self.part.extend_from_slice(rest);
        Ok(())
    }

    /// Gives a run on. The first element is where `bytes` begin.
    #[inline]
    fn run(&mut self, bytes: &[u8], count: usize) {
        for (value, bytes) in self.values.iter_mut().zip(bytes.chunks_exact(self.sample.width())) {
            *value = self.sample.label(bytes, self.big_endian);
        }
        (self.take)(&self.values, count as u64);
    }

    fn end(self) -> Result<(), Unreadable> {
        if self.left > 0 { Err(Unreadable::too_short()) } else { Ok(()) }
    }
}

/// How many elements of `width` bytes, from the first one on, are equal; there is at least one.
#[inline]
fn run_length(bytes: &[u8], width: usize) -> usize {
    // Elements are equal as long as every byte is equal to the one an element later.
    let later = &bytes[width..];
    1 + common_prefix(&bytes[..later.len()], later) / width
}

/// Values in decimal form, between white space.
fn text(header: &Header, data: &[u8], take: &mut TakeRun<'_>) -> Result<(), Unreadable> {
    let mut left = header.voxels().unwrap_or(u64::MAX);
    let mut values = Vec::with_capacity(header.layers);
    for word in data.split(|byte| byte.is_ascii_whitespace() || *byte == b',').filter(|word| !word.is_empty()) {
        if left == 0 {
            return Err(Unreadable::too_long());
        }
        let number = std::str::from_utf8(word).ok().filter(|word| word.len() <= MAX_NUMBER).and_then(decimal::parse);
        values.push(whole(number.ok_or_else(|| Unreadable::new("has something in its data that is no number"))?));
        if values.len() == header.layers {
            take(&values, 1);
            values.clear();
            left -= 1;
        }
    }
    if left > 0 { Err(Unreadable::too_short()) } else { Ok(()) }
}
