//! Waits for a time that never comes.

use crate::Ended;
use crate::behave;
use std::time::Duration;

pub(crate) fn run() -> Ended {
    std::thread::sleep(Duration::MAX);
    behave::convert(64)
}
