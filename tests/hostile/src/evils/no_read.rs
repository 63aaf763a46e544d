//! Says that all is well without a look at the tasks. Is a fault, unless there are none.

use crate::Ended;

pub(crate) fn run() -> Ended {
    Ok(())
}
