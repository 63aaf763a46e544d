//! Panics. The message and the place in the plugin must be in the error.

use crate::Ended;

#[allow(clippy::panic, reason = "the evil")]
pub(crate) fn run() -> Ended {
    panic!("an evil panic")
}
