//! Finishes its files but never lets go of them. What the host keeps for a handle must be bounded too.

use crate::Ended;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let mut number = 0u64;
    loop {
        let file = archive::create(&format!("{number}.txt"));
        file.finish();
        std::mem::forget(file);
        number += 1;
    }
}
