//! What a child asks, and what it is answered.

use super::ended::limit_exceeded;
use crate::host::assets::{AssetError, MAX_REASON};
use crate::host::feed::Next;
use crate::limits::LimitExceeded;
use crate::stderr::cut;
use ango_packed::write::{option, u64};
use ango_packed::{Malformed, Reader, Unpack};

/// What comes next.
pub(in crate::isolate) fn next(next: Next) -> Vec<u8> {
    let (kind, count, bytes) = match next {
        Next::Block(count, bytes) => (0, count, bytes),
        Next::End => (1, 0, 0),
        Next::Late => (2, 0, 0),
    };
    let mut out = vec![kind];
    u64(&mut out, count as u64);
    u64(&mut out, bytes);
    out
}

impl Unpack for Next {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (kind, count, bytes) = (u8::unpack(from)?, u64::unpack(from)?, u64::unpack(from)?);
        Ok(match kind {
            0 => Self::Block(usize::try_from(count).map_err(|_| Malformed)?, bytes),
            1 => Self::End,
            _ => Self::Late,
        })
    }
}

/// A file that the child starts, or a section of a joined file.
pub(in crate::isolate) struct Start {
    pub(in crate::isolate) file: u32,
    pub(in crate::isolate) path: String,
}

impl Unpack for Start {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { file: Unpack::unpack(from)?, path: Unpack::unpack(from)? })
    }
}

/// A section by its file's path and its position.
pub(in crate::isolate) struct Section {
    pub(in crate::isolate) path: String,
    pub(in crate::isolate) position: u32,
}

impl Unpack for Section {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { path: Unpack::unpack(from)?, position: Unpack::unpack(from)? })
    }
}

/// Whether something may be done.
pub(in crate::isolate) fn answer(allowed: Result<(), LimitExceeded>) -> Vec<u8> {
    let mut out = Vec::new();
    option(&mut out, allowed.err(), |out, limit| limit_exceeded(out, &limit));
    out
}

/// What came of a question about an asset: one byte that says it, and the asset's size or bytes.
pub(in crate::isolate) fn asset(result: Result<Vec<u8>, AssetError>) -> Vec<u8> {
    match result {
        Ok(mut value) => {
            value.insert(0, 0);
            value
        }
        Err(AssetError::Denied) => vec![1],
        Err(AssetError::NotFound) => vec![2],
        Err(AssetError::TooLarge) => vec![3],
        Err(AssetError::Unsupported) => vec![4],
        Err(AssetError::Failed(reason)) => [&[5], cut(&reason, 4 * MAX_REASON).as_bytes()].concat(),
    }
}

/// The same, read.
pub(in crate::isolate) fn read_asset(answer: &[u8]) -> Result<&[u8], AssetError> {
    match answer {
        [0, value @ ..] => Ok(value),
        [1] => Err(AssetError::Denied),
        [2] => Err(AssetError::NotFound),
        [3] => Err(AssetError::TooLarge),
        [4] => Err(AssetError::Unsupported),
        [_, reason @ ..] => Err(AssetError::Failed(String::from_utf8_lossy(reason).into_owned())),
        [] => Err(AssetError::Failed(Malformed.to_string())),
    }
}

/// Width and height.
pub(in crate::isolate) fn size((width, height): (u32, u32)) -> Vec<u8> {
    [width.to_le_bytes(), height.to_le_bytes()].concat()
}

/// The same, read.
pub(in crate::isolate) fn read_size(bytes: &[u8]) -> Result<(u32, u32), Malformed> {
    let mut reader = Reader::new(bytes);
    Ok((Unpack::unpack(&mut reader)?, Unpack::unpack(&mut reader)?))
}
