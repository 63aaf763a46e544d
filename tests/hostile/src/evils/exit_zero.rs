//! Ends its process, as if all were well. Is no success: `convert` did not return.

use crate::Ended;

pub(crate) fn run() -> Ended {
    std::process::exit(0)
}
