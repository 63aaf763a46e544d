//! Decoding.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::sum::Sum;
use crate::unreadable::Unreadable;

/// Where decoded bytes are until they are overwritten: twice the distance that a stream may look back, a power of two.
const RING: usize = 64 << 10;

/// Takes a piece of what is decoded.
type Take<'a> = dyn FnMut(&[u8]) -> Result<(), Unreadable> + 'a;

fn damaged() -> Unreadable {
    Unreadable::new("has damaged compressed data")
}

/// Decodes the deflate stream that bytes begin with, and says how long it is.
pub(crate) fn inflate(bytes: &[u8], take: &mut Take<'_>) -> Result<usize, Unreadable> {
    let mut state = Box::<DecompressorOxide>::default();
    let mut ring = vec![0; RING];
    let (mut read, mut at) = (0, 0);
    loop {
        let (status, used, made) = decompress(&mut state, &bytes[read..], &mut ring, at, 0);
        read += used;
        take(&ring[at..at + made])?;
        at = (at + made) % RING;
        match status {
            TINFLStatus::Done => return Ok(read),
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => return Err(Unreadable::too_short()),
            _ => return Err(damaged()),
        }
    }
}

/// Decodes all members, as zlib does, and says whether everything was one member with nothing behind it.
pub(crate) fn members(bytes: &[u8], take: &mut Take<'_>) -> Result<bool, Unreadable> {
    let (mut rest, mut count) = (bytes, 0);
    // What else is behind a member is ignored, as by zlib.
    while count == 0 || rest.starts_with(&[0x1f, 0x8b]) {
        let (mut sum, mut length) = (Sum::default(), 0u32);
        let stream = header(rest)?;
        let used = inflate(stream, &mut |piece| {
            sum.add(piece);
            length = length.wrapping_add(piece.len() as u32);
            take(piece)
        })?;
        let Some(([a, b, c, d, e, f, g, h], behind)) = stream[used..].split_first_chunk() else { return Err(Unreadable::too_short()) };
        if u32::from_le_bytes([*a, *b, *c, *d]) != sum.value() || u32::from_le_bytes([*e, *f, *g, *h]) != length {
            return Err(damaged());
        }
        rest = behind;
        count += 1;
    }
    Ok(count == 1 && rest.is_empty())
}

/// What is behind the header of a member.
fn header(member: &[u8]) -> Result<&[u8], Unreadable> {
    const SUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let Some(([0x1f, 0x8b, 8, flags, ..], mut rest)) = member.split_first_chunk::<10>() else { return Err(damaged()) };
    let skip = |rest: &mut &[u8], count: usize| rest.split_off(..count).map(|_| ()).ok_or_else(Unreadable::too_short);
    if flags & EXTRA != 0 {
        let &[low, high, ..] = rest else { return Err(Unreadable::too_short()) };
        skip(&mut rest, 2 + usize::from(u16::from_le_bytes([low, high])))?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0).ok_or_else(Unreadable::too_short)?;
            skip(&mut rest, end + 1)?;
        }
    }
    if flags & SUM != 0 {
        skip(&mut rest, 2)?;
    }
    Ok(rest)
}

/// The deflate stream of a member, and the sum of what it holds.
pub(crate) fn stream_of(member: &[u8]) -> Option<(&[u8], u32)> {
    let (stream, [sum @ .., _, _, _, _]) = header(member).ok()?.split_last_chunk::<8>()?;
    Some((stream, u32::from_le_bytes(*sum)))
}
