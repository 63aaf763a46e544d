//! Reports a loss under a code that is none.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics;

pub(crate) fn run() -> Ended {
    diagnostics::lost(0, None, "Not A Code\u{1b}[2J", "");
    behave::read_all();
    Ok(())
}
