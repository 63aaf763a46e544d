//! Asks for memory and never gives any back. Must be denied at the limit; the guest then dies of it.

use crate::Ended;
use std::hint::black_box;

pub(crate) fn run() -> Ended {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(black_box(vec![1; 1 << 20]));
    }
}
