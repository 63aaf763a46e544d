//! Sleeps for an hour. The clock of the host goes on, and so must the limit.

use crate::Ended;
use crate::behave;
use std::time::Duration;

pub(crate) fn run() -> Ended {
    std::thread::sleep(Duration::from_secs(3600));
    behave::convert(64)
}
