//! Fills 64 MiB again and again with single instructions. Fuel must count the bytes, not the instructions.

use crate::Ended;
use std::hint::black_box;

pub(crate) fn run() -> Ended {
    let mut memory = vec![0u8; 64 << 20];
    let mut value = 0u8;
    loop {
        value = value.wrapping_add(1);
        memory.fill(black_box(value));
        black_box(&memory);
    }
}
