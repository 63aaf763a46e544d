//! Reports progress that no run can have. Must change nothing.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics;

pub(crate) fn run() -> Ended {
    for done in [u64::MAX, 0, 7, 3, u64::MAX] {
        diagnostics::progress(done);
    }
    behave::convert(64)
}
