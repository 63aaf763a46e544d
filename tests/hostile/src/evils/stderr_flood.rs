//! Writes 100 MB to stderr. The last of it is kept, and nothing waits for room.

use crate::Ended;
use crate::behave;
use crate::bindings::Failure;
use std::io::Write;

pub(crate) fn run() -> Ended {
    let text = vec![b'e'; 1 << 20];
    for _ in 0..100 {
        // A full stderr would be an error here, and the run's: it says so itself.
        std::io::stderr().write_all(&text).map_err(|error| Failure::Failed(format!("stderr: {error}")))?;
    }
    behave::convert(64)
}
