//! Offers the host memory beyond the end of memory to put an answer in. Must not be written to.

use crate::Ended;
use crate::allocator::{Mischief, arm, touch_host};

pub(crate) fn run() -> Ended {
    arm(Mischief::OutOfBounds);
    touch_host();
    Ok(())
}
