//! Takes the NRRD file out of a zip archive, which older voxel brushes are stored as.
//!
//! Format: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>. Archives beyond 4 GiB (zip64) and encrypted ones are not read.

use std::borrow::Cow;

use crate::gzip::inflate;
use crate::unreadable::Unreadable;

/// The longest file that is taken out. It is compressed itself in all that is known of such archives.
const MAX_FILE: usize = 256 << 20;

/// Signatures of an entry, of its row in the directory, and of the end of the directory.
const ENTRY: &[u8] = b"PK\x03\x04";
const ROW: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

/// The first file in the archive whose name ends with `.nrrd`; bytes that are no archive, as they are.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Unreadable> {
    if !bytes.starts_with(ENTRY) {
        return Ok(Cow::Borrowed(bytes));
    }
    match find(bytes).ok_or_else(|| Unreadable::new("is a damaged zip archive"))?? {
        (data, None) => Ok(Cow::Borrowed(data)),
        (data, Some(size)) => {
            let mut file = Vec::with_capacity(size);
            inflate(data, &mut |piece| {
                if file.len() + piece.len() > size {
                    return Err(Unreadable::new("is a zip archive with a file that is longer than it says"));
                }
                file.extend_from_slice(piece);
                Ok(())
            })?;
            Ok(Cow::Owned(file))
        }
    }
}

/// The stored bytes of a file, and how many they become if they are compressed.
type Entry<'a> = Result<(&'a [u8], Option<usize>), Unreadable>;

/// `None` when the archive is damaged.
fn find(bytes: &[u8]) -> Option<Entry<'_>> {
    // The end of the directory is the last thing in the file but for a comment of at most 64 KiB.
    let from = bytes.len().saturating_sub((64 << 10) + 22);
    let end = from + bytes.get(from..)?.windows(4).rposition(|window| window == END)?;
    let rows = number(bytes, end + 10, 2)?;
    let mut at = number(bytes, end + 16, 4)?;
    for _ in 0..rows {
        if piece(bytes, at, 4)? != ROW {
            return None;
        }
        let length = |offset| number(bytes, at + offset, 2);
        let name = piece(bytes, at + 46, length(28)?)?;
        // Folders and doubles of files that macOS adds (`__MACOSX/._x.nrrd`) are none.
        if name.to_ascii_lowercase().ends_with(b".nrrd") && !name.starts_with(b"__MACOSX/") {
            return entry(bytes, at);
        }
        at += 46 + length(28)? + length(30)? + length(32)?;
    }
    Some(Err(Unreadable::new("is a zip archive without an .nrrd file")))
}

/// What the entry of a row in the directory holds.
fn entry(bytes: &[u8], row: usize) -> Option<Entry<'_>> {
    let (flags, method) = (number(bytes, row + 8, 2)?, number(bytes, row + 10, 2)?);
    let (size, unpacked, at) = (number(bytes, row + 20, 4)?, number(bytes, row + 24, 4)?, number(bytes, row + 42, 4)?);
    if piece(bytes, at, 4)? != ENTRY {
        return None;
    }
    let data = piece(bytes, at + 30 + number(bytes, at + 26, 2)? + number(bytes, at + 28, 2)?, size)?;
    Some(match (flags & 1, method) {
        (0, 0) => Ok((data, None)),
        // No stream holds more than 1032 times its length.
        (0, 8) if unpacked <= MAX_FILE && unpacked / 1032 <= size => Ok((data, Some(unpacked))),
        (0, 8) => Err(Unreadable::new(format!("is a zip archive with a file of {unpacked} bytes"))),
        (0, _) => Err(Unreadable::new(format!("is a zip archive with compression {method}: deflate can be read"))),
        _ => Err(Unreadable::new("is an encrypted zip archive")),
    })
}

fn piece(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// A little-endian number of some bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    Some(piece(bytes, at, length)?.iter().rev().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
}
