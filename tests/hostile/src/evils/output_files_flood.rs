//! Adds empty files forever.

use crate::Ended;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let mut number = 0u64;
    loop {
        archive::add(&format!("{number}.txt"), b"");
        number += 1;
    }
}
