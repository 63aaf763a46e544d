//! Never ends. Must run out of fuel, and until then be possible to cancel.

use crate::Ended;
use std::hint::black_box;

pub(crate) fn run() -> Ended {
    let mut turns = 0u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}
