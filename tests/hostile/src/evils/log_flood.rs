//! Logs forever.

use crate::Ended;
use crate::bindings::ango::converter::diagnostics::{self, Level};

pub(crate) fn run() -> Ended {
    loop {
        diagnostics::log(Level::Info, "evil");
    }
}
