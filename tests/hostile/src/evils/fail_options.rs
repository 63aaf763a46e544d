//! Refuses its options.

use crate::Ended;
use crate::bindings::{Failure, OptionError};

pub(crate) fn run() -> Ended {
    Err(Failure::Options(OptionError { pointer: "/evil".into(), reason: "an evil option".into() }))
}
