//! Takes all memory there is, hears no, gives it back and goes on. Must succeed: a denial alone ends nothing.

use crate::Ended;
use crate::behave;
use std::hint::black_box;

pub(crate) fn run() -> Ended {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        let mut piece: Vec<u8> = Vec::new();
        if piece.try_reserve_exact(1 << 20).is_err() {
            break;
        }
        kept.push(black_box(piece));
    }
    drop(black_box(kept));
    behave::convert(64)
}
