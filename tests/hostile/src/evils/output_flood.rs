//! Writes zeros forever: a few kilobytes of archive, any number of bytes on the disk of who unpacks it.

use crate::Ended;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let zeros = vec![0u8; 1 << 20];
    let file = archive::create("zeros.bin");
    loop {
        file.write(&zeros);
    }
}
