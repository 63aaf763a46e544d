//! Does no evil: shows that the run after a bad one is unharmed.

use crate::Ended;
use crate::behave;

pub(crate) fn run() -> Ended {
    behave::convert(64)
}
