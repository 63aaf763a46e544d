//! Starts joined files forever, and does so in the last shard as in the first. They must count as files in every shard.

use crate::Ended;
use crate::bindings::ango::converter::{archive, source};

pub(crate) fn run() -> Ended {
    let mut number = 0u64;
    loop {
        archive::section(&format!("{}-{number}.txt", source::shard()), 0, b"").finish();
        number += 1;
    }
}
