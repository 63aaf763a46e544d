//! Offers the host memory that is not aligned to put an answer in. Must be refused.

use crate::Ended;
use crate::allocator::{Mischief, arm, touch_host};

pub(crate) fn run() -> Ended {
    arm(Mischief::Misaligned);
    touch_host();
    Ok(())
}
