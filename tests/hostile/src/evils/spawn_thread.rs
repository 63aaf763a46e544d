//! Starts a thread. There are none: fails with the words of the standard library, and with `a thread ran` if one did.

use crate::Ended;
use crate::bindings::Failure;

pub(crate) fn run() -> Ended {
    match std::thread::Builder::new().spawn(|| 1) {
        Ok(_) => Err(Failure::Failed("a thread ran".into())),
        Err(error) => Err(Failure::Failed(format!("no thread: {error}"))),
    }
}
