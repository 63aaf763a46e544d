//! Never comes back when the host, in the middle of a call, asks for memory to put an answer in.

use crate::Ended;
use crate::allocator::{Mischief, arm, touch_host};

pub(crate) fn run() -> Ended {
    arm(Mischief::LoopInAlloc);
    touch_host();
    Ok(())
}
