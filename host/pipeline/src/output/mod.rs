//! What plugins write, on its way into an archive.

mod merge;
mod shard;
mod spool;

pub(crate) use merge::{MergeError, Merger};
pub(crate) use shard::{ShardFiles, ShardWriter};
pub(crate) use spool::{Extent, Spool};
