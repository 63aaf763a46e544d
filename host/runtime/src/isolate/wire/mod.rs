//! What parent and child say to each other, as bytes.
//!
//! A frame is its kind (one byte), its length (eight), and what is packed in it, in the form that tasks have as well ([`ango_packed`]). The child speaks; the parent answers where something is
//! asked, and nothing is under way then in the other direction. What the parent reads is checked and cleaned as it is unpacked: the child may be an enemy.

mod describe;
mod ended;
mod question;
mod set_up;

pub(crate) use describe::NotDescribed;
pub(super) use describe::{Described, described, not_described};
pub(super) use ended::{done, failed, longest_done};
pub(super) use question::{Section, Start, answer, asset, next, read_asset, read_size, size};
pub(super) use set_up::{Run, SetUp, run, set_up};

use crate::instance::MAX_WORDS;
use crate::stderr::{cut, printable, printable_line};
use ango_packed::{Malformed, Reader, Unpack};

/// Bytes before what is packed in a frame.
pub(super) const HEAD: usize = 9;
/// Bytes of a file in one frame.
pub(super) const PIECE: usize = 1 << 20;

/// The kinds of frames.
pub(super) mod kind {
    // From the parent: what to do.
    pub(crate) const DESCRIBE: u8 = 1;
    pub(crate) const SET_UP: u8 = 2;
    pub(crate) const RUN: u8 = 3;
    // From the child: what the plugin writes. Nobody answers.
    pub(crate) const CREATE: u8 = 10;
    pub(crate) const SECTION: u8 = 11;
    pub(crate) const WRITE: u8 = 12;
    pub(crate) const FINISH: u8 = 13;
    pub(crate) const ABANDON: u8 = 14;
    // From the child: questions.
    pub(crate) const NEXT: u8 = 20;
    pub(crate) const PACKED: u8 = 21;
    pub(crate) const RECORDS: u8 = 22;
    pub(crate) const MAY_START: u8 = 23;
    pub(crate) const SIZE: u8 = 24;
    pub(crate) const READ: u8 = 25;
    // From the child: how it ended.
    pub(crate) const DESCRIBED: u8 = 30;
    pub(crate) const NOT_DESCRIBED: u8 = 31;
    pub(crate) const DONE: u8 = 32;
    pub(crate) const FAILED: u8 = 33;
    // From the parent: answers.
    pub(crate) const ANSWER: u8 = 40;
}

/// The first bytes of a frame.
pub(super) fn head(kind: u8, length: usize) -> [u8; HEAD] {
    let mut head = [kind; HEAD];
    head[1..].copy_from_slice(&(length as u64).to_le_bytes());
    head
}

/// Kind and length of a frame.
pub(super) fn read_head(head: [u8; HEAD]) -> (u8, u64) {
    let [kind, length @ ..] = head;
    (kind, u64::from_le_bytes(length))
}

/// Reads what is in a frame, which must hold just that.
pub(super) fn unpack<T: Unpack>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut reader = Reader::new(bytes);
    let value = T::unpack(&mut reader)?;
    if reader.left() == 0 { Ok(value) } else { Err(Malformed) }
}

/// A list of at most so many elements. Room is made as they come: a length that is a lie reserves nothing.
fn several<T: Unpack>(from: &mut Reader<'_>, most: usize) -> Result<Vec<T>, Malformed> {
    let count = u32::unpack(from)? as usize;
    if count > most {
        return Err(Malformed);
    }
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(T::unpack(from)?);
    }
    Ok(list)
}

/// A text for people, cleaned once more. Cleaning makes at most three bytes of one, and what is clean stays as it is.
fn words(from: &mut Reader<'_>) -> Result<String, Malformed> {
    Ok(printable(cut(&String::unpack(from)?, 3 * MAX_WORDS)))
}

fn line(from: &mut Reader<'_>, longest: usize) -> Result<String, Malformed> {
    Ok(printable_line(&String::unpack(from)?, 3 * longest))
}
