//! Says that the export cannot be converted.

use crate::Ended;
use crate::bindings::Failure;

pub(crate) fn run() -> Ended {
    Err(Failure::Input("an evil export".into()))
}
