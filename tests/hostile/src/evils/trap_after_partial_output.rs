//! Writes one whole file and half of another, then panics. Nothing of either may be published.

use crate::Ended;
use crate::bindings::ango::converter::archive;

#[allow(clippy::panic, reason = "the evil")]
pub(crate) fn run() -> Ended {
    archive::add("whole.txt", b"whole");
    let file = archive::create("half.txt");
    file.write(b"half");
    panic!("in the middle of half.txt")
}
