//! Says that it failed. Its words must be in the error.

use crate::Ended;
use crate::bindings::Failure;

pub(crate) fn run() -> Ended {
    Err(Failure::Failed("an evil failure".into()))
}
