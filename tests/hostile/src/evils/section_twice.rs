//! Starts the same section of a file twice in one shard.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    for _ in 0..2 {
        archive::section("joined.txt", 7, b"").finish();
    }
    behave::read_all();
    Ok(())
}
