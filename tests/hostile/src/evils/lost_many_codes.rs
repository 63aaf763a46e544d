//! Reports losses under ten thousand codes. Every one is counted; what the host keeps of them is bounded.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics;

pub(crate) fn run() -> Ended {
    for number in 0..10_000 {
        diagnostics::lost(number, None, &format!("code-{number}"), "evil");
    }
    behave::convert(64)
}
