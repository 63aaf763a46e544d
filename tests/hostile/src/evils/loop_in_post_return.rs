//! Returns, and never ends freeing what it returned. Fuel must count that too.

use crate::Ended;
use crate::allocator::{Mischief, arm};
use crate::bindings::Failure;

pub(crate) fn run() -> Ended {
    let message = "the end comes after the end".to_owned();
    arm(Mischief::LoopInFree);
    Err(Failure::Failed(message))
}
