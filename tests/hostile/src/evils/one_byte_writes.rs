//! Writes a file byte by byte, ten million times. Legal and slow: ends well or by fuel, and never harms the host.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    behave::read_all();
    let file = archive::create("bytes.bin");
    for _ in 0..10_000_000 {
        file.write(b"x");
    }
    file.finish();
    Ok(())
}
