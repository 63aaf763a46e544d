//! Counts more losses than a number can hold. The number stays at its largest.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics;

pub(crate) fn run() -> Ended {
    diagnostics::lost_more("flood", u64::MAX);
    diagnostics::lost_more("flood", u64::MAX);
    diagnostics::lost_more("other", 0);
    behave::convert(64)
}
