//! Panics with 10 MB of message. Only the end of it may be kept.

use crate::Ended;

#[allow(clippy::panic, reason = "the evil")]
pub(crate) fn run() -> Ended {
    panic!("{}", "x".repeat(10_000_000))
}
