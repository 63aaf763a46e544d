//! Deflate streams and gzip members (RFC 1951 and 1952) of long runs, decoded and encoded without copying what they hold.
//!
//! In the sandbox every instruction counts, also those that copy bytes. A label volume is runs of equal bytes, for which decoding them, summing them up and looking at
//! them cost about one instruction for each byte.

mod encode;
mod read;
mod sum;
mod write;

pub(crate) use read::{inflate, members, stream_of};
pub(crate) use sum::combined;
pub(crate) use write::{Gzip, copy};
