//! The size of an image, out of as few of its bytes as possible.
//!
//! Most formats say it in their first bytes, but not all: a TIFF may have its directory at its end, and a photograph may carry a large profile before. So a reader says
//! which bytes it misses, those are fetched, and it begins again.

use super::places::Piece;
use imagesize::{ImageError, ImageType};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Bytes that are fetched first: the longest block of metadata that a JPEG has (64 KiB), and what is around it.
pub(super) const FIRST: u64 = 80 << 10;
/// Pieces that are fetched of one image, each twice as long as the one before: 5 MiB together.
pub(super) const MAX_PIECES: usize = 6;

/// What the bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Width and height, as displayed.
    Size(u32, u32),
    /// The bytes from here on are needed.
    Missing(u64),
    /// Not an image that is known here.
    Unsupported,
}

/// Reads the size of an image that lies in pieces; the first one begins at 0.
pub(super) fn measure(pieces: &[Piece], total: Option<u64>) -> Answer {
    let mut reader = Pieces { pieces, total, at: 0, missing: None };
    match imagesize::reader_size(&mut reader) {
        Ok(size) => {
            let first = pieces.first().map_or(&[][..], |piece| &piece.bytes);
            let (width, height) = if lies_on_its_side(first) { (size.height, size.width) } else { (size.width, size.height) };
            match (u32::try_from(width), u32::try_from(height)) {
                // A bitmap whose rows go from the top has a negative height, which comes as a large one.
                (Ok(width @ 1..), Ok(height @ 0x8000_0000..)) if is(first, ImageType::Bmp) => Answer::Size(width, height.wrapping_neg()),
                (Ok(width @ 1..), Ok(height @ 1..)) => Answer::Size(width, height),
                _ => Answer::Unsupported,
            }
        }
        Err(ImageError::NotSupported | ImageError::CorruptedImage) if reader.missing.is_none() => Answer::Unsupported,
        Err(_) => reader.missing.map_or(Answer::Unsupported, Answer::Missing),
    }
}

/// Whether an image that begins like this is of a format.
fn is(start: &[u8], format: ImageType) -> bool {
    imagesize::image_type(start).is_ok_and(|found| found == format)
}

/// Whether a photograph is displayed with its sides exchanged. Only JPEG: what other formats say of it is not heeded by browsers.
fn lies_on_its_side(start: &[u8]) -> bool {
    if !is(start, ImageType::Jpeg) {
        return false;
    }
    let exif = exif::Reader::new().read_from_container(&mut io::Cursor::new(start)).ok();
    let orientation = exif.and_then(|exif| exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0));
    matches!(orientation, Some(5..=8))
}

/// Pieces as one file. A byte that is in none ends the reading, and is remembered.
#[derive(Debug)]
struct Pieces<'a> {
    pieces: &'a [Piece],
    total: Option<u64>,
    at: u64,
    missing: Option<u64>,
}

impl BufRead for Pieces<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.total.is_some_and(|total| self.at >= total) {
            return Ok(&[]);
        }
        let found = self.pieces.iter().find_map(|piece| {
            let offset = usize::try_from(self.at.checked_sub(piece.start)?).ok()?;
            piece.bytes.get(offset..).filter(|rest| !rest.is_empty())
        });
        if found.is_none() {
            self.missing.get_or_insert(self.at);
        }
        found.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "not fetched yet"))
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount as u64);
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.total.and_then(|total| total.checked_add_signed(by)),
        };
        self.at = at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the beginning"))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;
