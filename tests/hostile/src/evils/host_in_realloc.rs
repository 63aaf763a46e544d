//! Calls the host while the host hands something over. No call may begin inside of another.

use crate::Ended;
use crate::allocator::{Mischief, arm, touch_host};

pub(crate) fn run() -> Ended {
    arm(Mischief::HostInAlloc);
    touch_host();
    Ok(())
}
