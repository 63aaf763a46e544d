//! Asks for a tebibyte of random numbers. Must be refused before anything is made.

use crate::Ended;
use crate::behave;
use crate::bindings::random::wasi::random::random;

pub(crate) fn run() -> Ended {
    random::get_random_bytes(1 << 40);
    behave::read_all();
    Ok(())
}
