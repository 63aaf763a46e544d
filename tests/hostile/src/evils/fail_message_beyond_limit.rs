//! Fails with 96 MiB of message, more than a call may carry: the host must not even copy it.

use crate::Ended;
use crate::bindings::Failure;

pub(crate) fn run() -> Ended {
    Err(Failure::Failed("\u{1b}[2J\n".repeat((96 << 20) / 5)))
}
