//! Recurses without end. Must crash alone, by its own stack, and leave the host's whole.

use crate::Ended;
use std::hint::black_box;

fn dive(depth: u64) -> u64 {
    if black_box(depth) == 0 { 0 } else { dive(depth + 1).wrapping_add(black_box(1)) }
}

pub(crate) fn run() -> Ended {
    black_box(dive(1));
    Ok(())
}
