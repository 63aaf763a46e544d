//! Logs one line of 64 MiB.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics::{self, Level};

pub(crate) fn run() -> Ended {
    diagnostics::log(Level::Error, &"x".repeat(64 << 20));
    behave::read_all();
    Ok(())
}
