//! Reports a million losses of one code, of tasks that do not exist, with long details. Every one is counted, few are kept.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics;

pub(crate) fn run() -> Ended {
    let detail = "d".repeat(2_000);
    for number in 0..1_000_000 {
        diagnostics::lost(u64::MAX - number, Some(&detail), "flood", &detail);
    }
    behave::convert(64)
}
