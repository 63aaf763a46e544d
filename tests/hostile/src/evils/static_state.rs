//! Keeps a counter and asks for random numbers. Writes both to `state-<shard>.txt`, which must say the same in every shard and every run.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::{archive, source};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

static COUNTER: AtomicU64 = AtomicU64::new(0);

pub(crate) fn run() -> Ended {
    let counter = COUNTER.fetch_add(1, Ordering::Relaxed);
    let random = RandomState::new().hash_one(0u8);
    archive::add(&format!("state-{}.txt", source::shard()), format!("counter {counter} random {random}\n").as_bytes());
    behave::read_all();
    Ok(())
}
